import { IconAlertTriangle, IconEqual } from '@tabler/icons-react';
import type { RunView } from '@/backend';
import { Card, formatCount, formatCountOf, STATUS, StatusWord } from '@/components';
import { sumOfOutcomes, termsOf } from '../shared/words';
import { balanceOf } from './picture';
import css from './run.module.css';

/** Every record read has exactly one place. What does not add up is said, and never green. */
export function EquationCard({ run }: { run: RunView }) {
  const balance = balanceOf(run);
  const sum = sumOfOutcomes(run.counts) + run.still_to_write;
  const off = run.read - sum;
  return (
    <Card
      title={
        <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
          <IconEqual size={16} aria-hidden />
          Every record is accounted for
        </span>
      }
      data-testid="equation"
      data-balance={balance}
    >
      <div className={css.equation}>
        <div>
          <span />
          <span style={{ fontWeight: 520 }}>
            {run.undoes === null ? `Read from ${run.source_name}` : `Written by run ${run.undoes}`}
          </span>
          <span>{formatCount(run.read)}</span>
        </div>
        {termsOf(run.counts).map((outcome, place) => {
          const { icon: Icon, word } = STATUS[outcome];
          return (
            <div key={outcome}>
              <span className={css.operator}>{place === 0 ? '=' : '+'}</span>
              <span style={{ display: 'inline-flex', gap: 4, alignItems: 'center', fontWeight: 520 }}>
                <Icon size={14} stroke={1.9} />
                {word}
              </span>
              <span>{formatCount(run.counts[outcome])}</span>
            </div>
          );
        })}
        {run.still_to_write > 0 || run.status === 'running' ? (
          <div>
            <span className={css.operator}>+</span>
            <span className={css.quiet}>Still to write</span>
            <span>{formatCount(run.still_to_write)}</span>
          </div>
        ) : null}
        <div className={css.sum} data-testid="equation-sum">
          <span />
          {balance === 'right' ? (
            <StatusWord status="adds_up" />
          ) : balance === 'open' ? (
            <StatusWord status="skipped" icon={IconEqual}>
              {run.status === 'running' ? 'Not finished yet' : 'Not finished'}
            </StatusWord>
          ) : (
            <StatusWord tone="rejected" icon={IconAlertTriangle}>
              Does not add up
            </StatusWord>
          )}
          <span>{formatCount(sum)}</span>
        </div>
        {balance === 'wrong' ? (
          <p className={css.problemHint} role="alert">
            {off === 0
              ? 'Not every record of the plan has an outcome. '
              : off > 0
                ? `${formatCountOf(off, 'record has', 'records have')} no outcome. `
                : `${formatCountOf(-off, 'record is', 'records are')} counted more than once. `}
            Do not rely on this run: preview again to see what Salesforce holds now.
          </p>
        ) : null}
      </div>
    </Card>
  );
}
