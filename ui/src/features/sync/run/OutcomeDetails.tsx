import { IconHandStop } from '@tabler/icons-react';
import type { OutcomeRowView, OutcomeView } from '@/backend';
import {
  cellText,
  Drawer,
  DrawerBody,
  DrawerFacts,
  DrawerFoot,
  DrawerSection,
  ExternalLink,
  formatCount,
  StatusWord,
} from '@/components';
import css from './outcomes.module.css';
import { type OnRetry, RetryButton } from './RetryButton';

interface Props {
  row: OutcomeRowView;
  /** Given where it can be tried again. */
  onRetry: OnRetry | null;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

/** Outcomes of records that hold what was sent; of the others only what was planned is known. */
const WROTE: ReadonlySet<OutcomeView> = new Set(['created', 'updated', 'deleted']);

/** One record of a run, whole: every field before and after, and what went wrong in full. */
export function OutcomeDetails({ row, onRetry, onStep, onClose }: Props) {
  const wrote = WROTE.has(row.outcome);
  const held = row.changes.filter((change) => change.held !== null).length;
  return (
    <Drawer
      title={row.name}
      under={
        <>
          <StatusWord status={row.outcome} />
          <span className="mono">{row.customer}</span>
          {row.record_url ? <ExternalLink href={row.record_url}>Open in Salesforce</ExternalLink> : null}
        </>
      }
      onStep={onStep}
      steps={['Record before', 'Record after']}
      onClose={onClose}
      testId="outcome-details"
    >
      <DrawerBody label={`What became of ${row.name}`}>
        {row.problem === null && row.twin === null ? null : (
          <DrawerSection title="Problem">
            <DrawerFacts
              facts={[
                ['What', row.problem],
                ['Code', row.code === null ? null : <span className="mono">{row.code}</span>],
                [
                  'Duplicate of',
                  row.twin?.record_url ? (
                    <ExternalLink href={row.twin.record_url}>{row.twin.record}</ExternalLink>
                  ) : (
                    (row.twin?.record ?? null)
                  ),
                ],
              ]}
            />
          </DrawerSection>
        )}
        <DrawerSection
          title={wrote ? 'Fields sent' : 'Fields of the plan'}
          note={
            wrote && held > 0
              ? `${formatCount(row.changes.length - held)}, and ${formatCount(held)} held back`
              : formatCount(row.changes.length)
          }
        >
          {row.changes.length === 0 ? (
            <p className={css.none}>No field was to change.</p>
          ) : (
            <table className={css.fields}>
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Before</th>
                  <th scope="col">{wrote ? 'Sent' : 'Planned'}</th>
                </tr>
              </thead>
              <tbody>
                {row.changes.map((change) => (
                  <tr key={change.label}>
                    <th scope="row">{change.label}</th>
                    <td data-blank={change.before.kind === 'blank' || undefined}>{cellText(change.before)}</td>
                    <td data-blank={change.after.kind === 'blank' || undefined}>
                      {change.held === null ? (
                        cellText(change.after)
                      ) : (
                        <span className={css.held}>
                          <span>
                            <IconHandStop size={14} stroke={1.9} aria-hidden />
                            Held: {cellText(change.after) || 'blank'}
                          </span>
                          <span>{change.held}.</span>
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </DrawerSection>
      </DrawerBody>
      {onRetry ? (
        <DrawerFoot>
          <RetryButton row={row} onRetry={onRetry} />
        </DrawerFoot>
      ) : null}
    </Drawer>
  );
}
