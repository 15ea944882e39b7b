import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconChevronDown, IconCloudOff, IconDatabase, IconRefresh } from '@tabler/icons-react';
import type { PlanReading, SyncView } from '@/backend';
import css from './preview.module.css';

interface Props {
  sync: SyncView;
  busy: boolean;
  onPreview: (reading: PlanReading) => void;
}

/** Another preview: of what changed since the last one, or of as much or as little as a person wants read. */
export function PreviewAgain({ sync, busy, onPreview }: Props) {
  return (
    <Button.Group>
      <Button
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={busy}
        onClick={() => onPreview('changes')}
        data-testid="preview-start"
      >
        Preview again
      </Button>
      <Menu position="bottom-end" withinPortal width={330} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon
            variant="default"
            className={css.more}
            disabled={busy}
            aria-label="How much to read"
            data-testid="preview-reading"
          >
            <IconChevronDown size={14} stroke={2.2} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => onPreview('changes')}
            className={css.choice}
          >
            Read what changed
            <small>What was saved on either side since the last reading</small>
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDatabase size={16} aria-hidden />}
            onClick={() => onPreview('full')}
            className={css.choice}
            data-testid="preview-full"
          >
            Read everything again
            <small>Also finds what is gone from {sync.source_name} or the org. Takes longer</small>
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCloudOff size={16} aria-hidden />}
            onClick={() => onPreview('offline')}
            className={css.choice}
            data-testid="preview-offline"
          >
            Read nothing
            <small>Offline: compares what was read before</small>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}
