import { useDebouncedValue } from '@mantine/hooks';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import {
  type MatchCountsView,
  type MatchDecisionView,
  type MatchStateView,
  type MatchView,
  type SyncView,
  usePages,
} from '@/backend';
import { ErrorNotice, SkeletonRows, VirtualTable } from '@/components';
import preview from '../preview/preview.module.css';
import { columnsOf } from './columns';
import { acceptable, actOf, GROUPS, likeliest, makesRecords } from './decisions';
import { EmptyGroup } from './EmptyGroup';
import { MatchGroups } from './MatchGroups';
import { MatchPanel } from './MatchPanel';
import { MatchTools } from './MatchTools';
import css from './matching.module.css';
import { TakeOverAll } from './TakeOverAll';
import type { useDecideMatch } from './useDecideMatch';
import { PAGE, useNextUndecided } from './useNextUndecided';
import { GROUP_WORDS, told } from './words';

interface Props {
  sync: SyncView;
  counts: MatchCountsView;
  decide: ReturnType<typeof useDecideMatch>;
}

/** Pixels of a row, and of the head over them. */
const ROW = 44;
const HEAD = 32;

/** Keys pressed while writing are text. */
const writing = (target: EventTarget) => target instanceof Element && target.closest('input, textarea') !== null;

/** The customers of one group, and beside them the one that is looked at. */
export function Queue({ sync, counts, decide }: Props) {
  const [asks] = useSearchParams();
  const wanted = asks.get('customer');
  const [group, setGroup] = useState<MatchStateView>(
    () => GROUPS.find((one) => one === asks.get('group')) ?? 'proposed',
  );
  const [search, setSearch] = useState(wanted ?? '');
  const [settled] = useDebouncedValue(search.trim(), 150);
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(wanted !== null);
  // The customer another record is looked for, by id.
  const [choosing, setChoosing] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const screen = useRef<HTMLDivElement>(null);
  /** The customer whose picked record has no answer yet. */
  const underWay = useRef<string | null>(null);

  const asked = { sync: sync.id, state: group, search: settled };
  const pages = usePages('match_list', asked, { pageSize: PAGE });
  const next = useNextUndecided(asked, pages.totalRows);
  // While another group is read, the rows of the one before are still there: they are not shown as its own.
  const rowAt = (index: number) => {
    const row = pages.getRow(index);
    return row?.state === group ? row : undefined;
  };
  const row = rowAt(at);
  const shown = open && row !== undefined;
  const columns = useMemo(() => columnsOf(group, sync, shown), [group, sync, shown]);
  const list = () => screen.current?.querySelector<HTMLElement>('[role="grid"]');
  const toList = () => list()?.focus();
  const show = (index: number) => {
    setAt(index);
    setChoosing(null);
    setSaid('');
  };
  /** Shows a row that the list itself did not lead to: it is read, and scrolled to. */
  const reveal = (index: number) => {
    show(index);
    pages.onRange(index, index);
    const grid = list();
    if (grid) {
      const top = index * ROW;
      grid.scrollTop = Math.min(top, Math.max(grid.scrollTop, top + ROW + HEAD - grid.clientHeight));
    }
  };
  const narrow = (change: () => void) => {
    change();
    show(0);
    setOpen(false);
  };
  const send = (one: MatchView, decision: MatchDecisionView | null, picked = false) => {
    toList();
    if (!picked) {
      setChoosing(null);
    }
    underWay.current = picked ? one.customer : null;
    void decide.send(one, decision).then((saved) => {
      if (underWay.current === one.customer) {
        underWay.current = null;
      }
      setSaid(saved ? told(one, decision, sync.sobject) : '');
      // What was picked may be refused; then another is looked for. Meanwhile it may be somebody else's turn.
      if (saved && picked) {
        setChoosing((now) => (now === one.customer ? null : now));
      }
    });
  };
  const goOn = async () => {
    const index = await next(at).catch(() => undefined);
    if (index === undefined) {
      setSaid('The next one could not be read. Press N again.');
      return;
    }
    if (index === null) {
      setSaid(`Nobody else waits for a decision under “${GROUP_WORDS[group].word}”.`);
      return;
    }
    reveal(index);
    setOpen(true);
    toList();
  };
  const choose = (one: MatchView) => {
    setOpen(true);
    setChoosing(one.customer);
  };
  const close = () => {
    // Once a record is picked nothing is left to choose, though its answer is still to come.
    if (choosing === null || choosing === underWay.current) {
      setOpen(false);
    }
    setChoosing(null);
    toList();
  };
  const act = (key: string): boolean => {
    const wish = actOf(key);
    if (wish === 'next') {
      void goOn();
    } else if (wish === 'find') {
      screen.current?.querySelector<HTMLElement>('[data-testid="matching-search"]')?.focus();
    } else if (wish === 'close' && open) {
      close();
    } else if (row === undefined || wish === null) {
      return false;
    } else if (wish === 'accept' || typeof wish === 'object') {
      const proposal = wish === 'accept' ? likeliest(row) : row.proposals[wish.accept];
      if (!proposal || !acceptable(proposal)) {
        return false;
      }
      send(row, { kind: 'accept', record: proposal.record.id });
    } else if (wish === 'choose') {
      choose(row);
    } else if (wish === 'create' && makesRecords(sync)) {
      send(row, { kind: 'create_new' });
    } else if (wish === 'leave') {
      send(row, { kind: 'ignore' });
    } else if (wish === 'take_back' && row.decision !== null) {
      send(row, null);
    } else {
      return false;
    }
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const ours = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (ours && !(writing(event.target) && event.key !== 'Escape') && act(event.key)) {
      event.preventDefault();
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the list and the panel alike
    <div ref={screen} className={css.queue} onKeyDown={onKeyDown}>
      <MatchGroups
        sync={sync}
        counts={counts}
        group={group}
        onGroup={(one) =>
          narrow(() => {
            setGroup(one);
            decide.forget();
          })
        }
      />
      {group === 'proposed' ? <TakeOverAll sync={sync} onDone={setSaid} /> : null}
      {decide.error ? (
        <div className={preview.notice}>
          <ErrorNotice inline error={decide.error} />
        </div>
      ) : null}
      <div className={css.split} data-panel={shown || undefined}>
        <div className={preview.left}>
          <MatchTools
            search={search}
            onSearch={(text) => narrow(() => setSearch(text))}
            brief={shown}
            said={said}
            total={pages.totalRows}
          />
          {pages.error ? (
            <ErrorNotice error={pages.error} retry={pages.refetch} />
          ) : pages.isPending ? (
            <SkeletonRows
              rows={12}
              rowHeight={44}
              columns="220px 1fr 90px 1.3fr 170px"
              sentence="Reading the matches"
            />
          ) : pages.totalRows === 0 ? (
            <EmptyGroup group={group} search={settled} onAll={() => narrow(() => setSearch(''))} />
          ) : (
            <VirtualTable
              label={`${GROUP_WORDS[group].word}: customers of ${sync.source_name}`}
              columns={columns}
              rowHeight={ROW}
              headHeight={HEAD}
              totalRows={pages.totalRows}
              getRow={rowAt}
              onRange={pages.onRange}
              selected={at}
              onSelect={(index, column) => {
                show(index);
                // A click opens; the arrow keys only move.
                setOpen(open || column !== null);
              }}
              onOpen={() => setOpen(true)}
              resetKey={JSON.stringify(asked)}
            />
          )}
        </div>
        {open && row ? (
          <MatchPanel
            sync={sync}
            row={row}
            choosing={choosing === row.customer}
            onChoose={() => choose(row)}
            onDecide={(decision) => send(row, decision)}
            onPick={(record) => send(row, { kind: 'accept', record: record.id }, true)}
            onStep={(by) => reveal(Math.max(0, Math.min(pages.totalRows - 1, at + by)))}
            onClose={() => {
              setChoosing(null);
              setOpen(false);
              toList();
            }}
          />
        ) : null}
      </div>
    </div>
  );
}
