import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useReportSave } from '@/backend';
import { CopyButton, ErrorNotice } from '@/components';
import css from './drawer.module.css';

/** Saves the report of a run as a file, and says where it is. */
export function SaveReport({ run }: { run: number }) {
  const save = useReportSave();
  return (
    <>
      <Menu position="top-end">
        <Menu.Target>
          <Button
            loading={save.isPending}
            leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}
            rightSection={<IconChevronDown size={12} stroke={2.2} aria-hidden />}
            data-testid="history-report"
          >
            Save report
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => save.mutate({ run, format: 'html' })}>As a page to read or print (HTML)</Menu.Item>
          <Menu.Item onClick={() => save.mutate({ run, format: 'csv' })}>As a table for a spreadsheet (CSV)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {save.error ? (
        <div className={css.wide}>
          <ErrorNotice inline error={save.error} />
        </div>
      ) : null}
      {save.data ? (
        <div className={css.wide} role="status" data-testid="history-saved">
          <span className={css.path} title={save.data.path}>
            Saved as {save.data.path}
          </span>
          <CopyButton compact text={save.data.path} label="Copy the path" />
        </div>
      ) : null}
    </>
  );
}
