import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { useAction } from '@/backend';
import { CopyButton, ErrorNotice } from '@/components';
import css from './charts.module.css';

type Saving = Pick<
  ReturnType<typeof useAction<'metrics_save' | 'breakdown_save'>>,
  'isPending' | 'error' | 'data' | 'reset'
>;

/** Saves the figures of a chart as a table. */
export function SaveCsv({ of, saving, onSave }: { of: string; saving: Saving; onSave: () => void }) {
  return (
    <Tooltip label="Save CSV">
      <ActionIcon aria-label={`Save ${of} as CSV`} size={24} loading={saving.isPending} onClick={onSave}>
        <IconDownload size={16} stroke={1.75} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** Where the table was saved, or why it was not. */
export function Saved({ saving, onRetry }: { saving: Saving; onRetry: () => void }) {
  if (saving.error) {
    return (
      <div className={css.saved}>
        <ErrorNotice inline error={saving.error} retry={onRetry} />
      </div>
    );
  }
  return saving.data ? (
    <div className={css.saved} role="status" data-testid="chart-saved">
      <span className="ellipsis" title={saving.data.path}>
        Saved as {saving.data.path}
      </span>
      <CopyButton text={saving.data.path} label="Copy the path" />
    </div>
  ) : null;
}
