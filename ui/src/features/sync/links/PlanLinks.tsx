import { Button } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { PlanLinksView } from '@/backend';
import { formatCountOf } from '@/components';
import { linksWritten } from '../preview/writeWords';
import css from './links.module.css';

interface Props {
  links: PlanLinksView | undefined;
  /** Whether the plan takes a run back, and with it the links of that run. */
  undo: boolean;
}

/** What a run would do to the links, told as what is still to come: nothing has been written yet. */
export function linkOutlook(view: PlanLinksView, undo: boolean): string {
  if (view.problem !== null || view.to_link === 0) {
    return view.sentence;
  }
  const written = linksWritten(view);
  const would = undo
    ? `An undo would take back ${formatCountOf(written, 'link')} in Alguna.`
    : `A run would record ${formatCountOf(written, 'link')} in Alguna.`;
  const left = formatCountOf(view.conflicts, 'customer is', 'customers are');
  return view.conflicts === 0 ? would : `${would} ${left} left, because another Account is named there.`;
}

/** What a run would write back to the billing system; nothing where the sync does not write back. */
export function PlanLinks({ links, undo }: Props) {
  const [open, setOpen] = useState(false);
  if (!links?.on) {
    return null;
  }
  return (
    <>
      <div className={css.strip} role="status" data-testid="plan-links">
        <IconLink size={16} aria-hidden color={links.problem ? 'var(--db-blocked)' : undefined} />
        <span>
          <b>{linkOutlook(links, undo)}</b>{' '}
          {links.calls > 0 ? (
            <span className={css.quiet}>About {formatCountOf(links.calls, 'call')} to Alguna.</span>
          ) : null}
        </span>
        <span className={css.spacer} />
        {links.rows.length > 0 ? (
          <Button
            size="compact-sm"
            variant="quiet"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid="plan-links-show"
          >
            {open ? 'Hide them' : 'Show them'}
          </Button>
        ) : null}
      </div>
      {open ? (
        <div className={css.list}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">Customer</th>
                <th scope="col">Account</th>
                <th scope="col">In Alguna now</th>
              </tr>
            </thead>
            <tbody>
              {links.rows.map((row) => (
                <tr key={row.customer}>
                  <td>{row.name}</td>
                  <td>{row.record ?? 'the one the run creates'}</td>
                  <td>{row.other ? `${row.other}: another Account, which stays` : 'none'}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {links.to_link > links.rows.length ? (
            <p className={css.problem}>And {formatCountOf(links.to_link - links.rows.length, 'more')}.</p>
          ) : null}
        </div>
      ) : null}
    </>
  );
}
