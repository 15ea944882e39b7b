import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type ImportActionView, type ImportRowView, type ImportView, useAction, useCommand } from '@/backend';
import { ErrorNotice, ExternalLink, formatCount, formatCountOf, SkeletonRows } from '@/components';
import css from './links.module.css';

/** Accounts of an import, and what a person may decide about them before it is run. */
export function ImportRows({ import_ }: { import_: ImportView }) {
  const [action, setAction] = useState<ImportActionView>(import_.blocked > 0 ? 'blocked' : 'create');
  const rows = useCommand(
    'import_rows',
    { import: import_.id, action, search: '', offset: 0, limit: 500 },
    { keepPrevious: true },
  );
  const decide = useAction('import_decide');
  return (
    <>
      <SegmentedControl
        size="xs"
        value={action}
        onChange={(value) => setAction(value as ImportActionView)}
        aria-label="Which Accounts"
        data={[
          { value: 'create', label: customersWords(import_) },
          {
            value: 'blocked',
            label: `${import_.status === null ? 'To be settled' : 'Blocked'} ${formatCount(import_.blocked)}`,
          },
          { value: 'skip', label: `Left out ${formatCount(import_.skip)}` },
        ]}
      />
      {rows.error || decide.error ? <ErrorNotice inline error={rows.error ?? decide.error} /> : null}
      {!rows.data ? (
        <SkeletonRows rows={4} columns="1fr 1fr 1fr" sentence="Reading the Accounts" />
      ) : rows.data.rows.length === 0 ? (
        <p className={css.quiet}>None.</p>
      ) : (
        <div className={css.scroll}>
          <table className={css.table} data-testid="import-rows">
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">{action === 'create' ? 'Customer' : 'Why'}</th>
                <th scope="col" aria-label="Decide" />
              </tr>
            </thead>
            <tbody>
              {rows.data.rows.map((row) => (
                <tr key={row.record}>
                  <td>{row.record_url ? <ExternalLink href={row.record_url}>{row.name}</ExternalLink> : row.name}</td>
                  <td>{action === 'create' ? customerWords(row) : row.reason}</td>
                  <td>
                    {row.can_decide ? (
                      <Button
                        size="compact-xs"
                        disabled={decide.isPending}
                        onClick={() =>
                          decide.mutate({ import: import_.id, record: row.record, create: row.action !== 'create' })
                        }
                      >
                        {row.action === 'create' ? 'Leave out' : 'Let it become a customer'}
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.data.total > rows.data.rows.length ? (
            <p className={css.quiet}>And {formatCountOf(rows.data.total - rows.data.rows.length, 'more', 'more')}.</p>
          ) : null}
        </div>
      )}
    </>
  );
}

/** What the Accounts of an import become: a wish before it is run, a figure once it has ended. */
export function customersWords(one: ImportView): string {
  if (one.status === null) {
    return `Would become customers ${formatCount(one.create)}`;
  }
  // Some of them may have been rejected, or were customers by then: those that became some are counted alone.
  const became = `Became customers ${formatCount(one.counts.created)}`;
  return one.counts.created === one.create ? became : `${became} of ${formatCount(one.create)}`;
}

/** What the customer is, or would be. */
export function customerWords(row: ImportRowView): string {
  if (row.problem) {
    return row.problem;
  }
  const known = [
    row.currency,
    row.address ?? 'no address',
    row.contacts.length > 0 ? row.contacts.join(', ') : 'no contact',
    ...row.notes,
  ].filter((part) => part !== null);
  const words = known.join(' · ');
  if (row.customer) {
    return row.outcome === 'already' ? `Was customer ${row.customer} by then` : `Customer ${row.customer} · ${words}`;
  }
  return words;
}
