import { UnstyledButton } from '@mantine/core';
import { IconHandStop, IconMail, IconShieldCheck, IconUserEdit } from '@tabler/icons-react';
import type { PlanView, SyncView } from '@/backend';
import { formatCount, formatCountOf, StatusWord } from '@/components';
import { actionsOf } from '../shared/words';
import type { PlanFilter } from './filter';
import { heldCount } from './heldWords';
import css from './preview.module.css';

interface Props {
  sync: SyncView;
  plan: PlanView;
  filter: PlanFilter;
  onFilter: (filter: PlanFilter) => void;
}

/** The headline, and the counts that are the filter. */
export function GroupBar({ sync, plan, filter, onFilter }: Props) {
  const groups = actionsOf(plan.counts);
  return (
    <section className={css.top} aria-label="What a run would do">
      <div className={css.say}>
        {plan.status === 'used' ? (
          <h2 className={css.nothing}>A run was made of this preview.</h2>
        ) : (
          <h2 className={css.nothing}>
            <IconShieldCheck size={20} stroke={1.6} aria-hidden />
            Nothing has been written.
          </h2>
        )}
        <span className={css.quiet}>
          {plan.undoes === null
            ? `${formatCountOf(plan.read, 'customer was', 'customers were')} read from ${sync.source_name} and compared with ${formatCountOf(plan.records, sync.sobject, sync.sobject_plural)} in ${sync.org_name}.`
            : `${formatCountOf(plan.records, sync.sobject, sync.sobject_plural)} of ${sync.org_name} that run ${plan.undoes} wrote, read again.`}
        </span>
        <span className={css.spacer} />
        {plan.undoes === null && sync.mask_emails && sync.environment === 'sandbox' ? (
          <span className={css.meta}>
            <IconMail size={14} stroke={1.9} aria-hidden />
            Emails are written with .invalid so nobody gets mail.
          </span>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that filter, not a form */}
      <div className={css.groups} role="group" aria-label="Show">
        {groups.map((action) => (
          <UnstyledButton
            key={action}
            className={css.group}
            data-testid={`group-${action}`}
            aria-pressed={filter.action === action}
            onClick={() => onFilter({ ...filter, action: filter.action === action ? null : action })}
          >
            <StatusWord status={action} /> <span className={css.figure}>{formatCount(plan.counts[action])}</span>
          </UnstyledButton>
        ))}
        <span className={css.others}>
          <UnstyledButton
            className={css.group}
            data-small
            data-testid="group-drifted"
            aria-pressed={filter.drifted}
            onClick={() => onFilter({ ...filter, drifted: !filter.drifted })}
          >
            <IconUserEdit size={14} stroke={1.9} color="var(--db-held)" aria-hidden />
            <span style={{ color: 'var(--db-held)', fontWeight: 520 }}>Changed in Salesforce</span>
            <span className={css.figure}>{formatCount(plan.tally.drifted)}</span>
          </UnstyledButton>
          <UnstyledButton
            className={css.group}
            data-small
            data-testid="group-held"
            aria-pressed={filter.held}
            onClick={() => onFilter({ ...filter, held: !filter.held })}
          >
            <IconHandStop size={14} stroke={1.9} color="var(--db-held)" aria-hidden />
            <span style={{ color: 'var(--db-held)', fontWeight: 520 }}>Held</span>
            <span className={css.figure}>{heldCount(plan.tally)}</span>
          </UnstyledButton>
        </span>
      </div>
    </section>
  );
}
