import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFilterOff, IconHandStop, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type OutcomeView, type ProblemView, type RunView, usePages } from '@/backend';
import {
  Card,
  classes,
  EmptyState,
  ErrorNotice,
  formatCount,
  formatCountOf,
  SkeletonRows,
  VirtualTable,
} from '@/components';
import chip from '../shared/chip.module.css';
import { OUTCOME_WORDS } from '../shared/words';
import { OutcomeDetails } from './OutcomeDetails';
import { columnsOf, OWN_CONTROLS, widthOf } from './outcomeColumns';
import css from './outcomes.module.css';
import { type OnRetry, retryable } from './RetryButton';

interface Props {
  run: RunView;
  /** Its problems, which have words for their codes. */
  problems: ReadonlyArray<ProblemView>;
  outcome: OutcomeView | null;
  /** Only records with a problem of this code. */
  code: string | null;
  /** Shows the records of every outcome and problem again. */
  onAll: () => void;
  onRetry: OnRetry;
}

/** What a code stands for: the title of its problem, and how many more of that code there are. */
function wordsOf(problems: ReadonlyArray<ProblemView>, outcome: OutcomeView, code: string): string {
  const [first, ...more] = problems.filter((one) => one.outcome === outcome && one.code === code);
  if (!first) return code;
  return more.length === 0 ? first.title : `${first.title}, and ${formatCount(more.length)} more`;
}

/** Height of a row, in pixels: two lines. */
const ROW = 44;

/** Height of the table: of its head, its rows and a bar to scroll sideways, up to nine rows. */
function heightOf(rows: number): number {
  return 32 + Math.min(rows, 9) * ROW + 12;
}

/** What became of each record. */
export function Outcomes({ run, problems, outcome, code, onAll, onRetry }: Props) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 150);
  const [selected, setSelected] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const [fieldsHeld, setFieldsHeld] = useState(false);
  const table = useRef<HTMLDivElement>(null);
  const filter = useMemo(
    () => ({
      run: run.id,
      outcome,
      search,
      ...(code === null ? {} : { code }),
      ...(fieldsHeld ? { fields_held: true } : {}),
    }),
    [run.id, outcome, code, search, fieldsHeld],
  );
  // Another list: the row that was looked at may be anywhere in it.
  const [listed, setListed] = useState(filter);
  if (listed !== filter) {
    setListed(filter);
    setSelected(null);
    setOpen(false);
  }
  const pages = usePages('run_outcomes', filter, { pageSize: 200 });
  const columns = columnsOf(run, outcome, onRetry);
  const shown = open && selected !== null ? pages.getRow(selected) : undefined;
  // The card may end below the edge of the window.
  const details = useRef<HTMLDivElement>(null);
  const visible = shown !== undefined;
  useEffect(() => {
    if (visible) details.current?.scrollIntoView({ block: 'nearest' });
  }, [visible]);
  const pick = (index: number) => {
    setSelected(index);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };
  return (
    <Card className={css.card} title="Records" meta={formatCount(pages.totalRows)} id="run-outcomes">
      <div className={css.tools}>
        <TextInput
          size="xs"
          w={220}
          aria-label="Find a record by name or ID"
          placeholder="Name or ID"
          leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {outcome ? (
          <button
            type="button"
            className={classes(chip.chip, css.chip)}
            data-on
            onClick={onAll}
            title={code ?? undefined}
          >
            <span>
              {OUTCOME_WORDS[outcome]}
              {code === null ? '' : `, ${wordsOf(problems, outcome, code)}`}
            </span>{' '}
            ×
          </button>
        ) : null}
        {run.fields_held > 0 ? (
          <button
            type="button"
            className={chip.chip}
            data-on={fieldsHeld || undefined}
            aria-pressed={fieldsHeld}
            onClick={() => setFieldsHeld(!fieldsHeld)}
            title="Records that were written except for fields that were held back"
            data-testid="outcomes-fields-held"
          >
            <IconHandStop size={14} stroke={1.9} aria-hidden />
            Fields held in {formatCountOf(run.fields_held, 'record')}
            {fieldsHeld ? ' ×' : ''}
          </button>
        ) : null}
        {outcome || fieldsHeld ? null : (
          <span className={css.hint}>
            Click a count above to see only those records, a record to see all its fields
          </span>
        )}
      </div>
      {pages.error ? (
        <ErrorNotice error={pages.error} retry={pages.refetch} />
      ) : pages.isPending ? (
        <SkeletonRows columns="1fr 112px 1fr 1fr" rowHeight={ROW} />
      ) : pages.totalRows === 0 ? (
        <EmptyState icon={IconFilterOff} title="No record matches">
          This run has no such record.{' '}
          {search === '' ? 'Take a filter away to see others.' : 'Look for another name or ID, or take a filter away.'}
        </EmptyState>
      ) : (
        <div ref={table} className={css.table} style={{ height: heightOf(pages.totalRows) }}>
          <VirtualTable
            label={`Records of run ${run.id}`}
            columns={columns}
            rowHeight={ROW}
            totalRows={pages.totalRows}
            getRow={pages.getRow}
            onRange={pages.onRange}
            selected={selected}
            onSelect={(index, column) =>
              column !== null && !OWN_CONTROLS.has(column) ? pick(index) : setSelected(index)
            }
            onOpen={(_row, index) => pick(index)}
            onKey={(event) => {
              if (event.key !== 'Escape' || !open) return undefined;
              setOpen(false);
              return true;
            }}
            minWidth={widthOf(columns)}
            resetKey={JSON.stringify(filter)}
          />
        </div>
      )}
      {shown && selected !== null ? (
        <div ref={details} className={css.details}>
          <OutcomeDetails
            row={shown}
            onRetry={shown.outcome === 'rejected' && retryable(run) ? onRetry : null}
            onStep={(by) => setSelected(Math.max(0, Math.min(pages.totalRows - 1, selected + by)))}
            onClose={close}
          />
        </div>
      ) : null}
    </Card>
  );
}
