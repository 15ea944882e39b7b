import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useAction } from '@/backend';
import { CopyButton, ErrorNotice } from '@/components';
import css from './operations.module.css';

/** Saves every row of a batch as a table, with its outcome and what stood there before, and says where it is. */
export function SaveTable({ batch }: { batch: number }) {
  const save = useAction('operation_report');
  return (
    <>
      <Button
        size="compact-sm"
        leftSection={<IconDownload size={12} stroke={2.2} aria-hidden />}
        disabled={save.isPending}
        onClick={() => save.mutate({ batch })}
        data-testid="batch-save"
      >
        {save.isPending ? 'Saving' : 'Save all rows as CSV'}
      </Button>
      {save.error ? (
        <div className={css.saved}>
          <ErrorNotice inline error={save.error} action={null} />
        </div>
      ) : null}
      {save.data ? (
        <div className={css.saved} role="status" data-testid="batch-saved">
          <span className="ellipsis" title={save.data.path}>
            Saved as {save.data.path}
          </span>
          <CopyButton text={save.data.path} label="Copy the path" />
        </div>
      ) : null}
    </>
  );
}
