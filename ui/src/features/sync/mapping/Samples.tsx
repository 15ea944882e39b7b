import { ActionIcon, TextInput } from '@mantine/core';
import { IconBan, IconChevronLeft, IconChevronRight, IconSearch } from '@tabler/icons-react';
import type { MappingTryView } from '@/backend';
import { Cell, ErrorNotice, formatCount, StatusWord } from '@/components';
import css from './editor.module.css';

/** Customers shown at once. */
const STEP = 5;

interface Props {
  view: MappingTryView | undefined;
  /** Whether what is shown belongs to an earlier text. */
  waiting: boolean;
  error: Error | null;
  retry: () => void;
  search: string;
  onSearch: (text: string) => void;
  offset: number;
  onOffset: (offset: number) => void;
}

/** What a rule gives for real customers, as they were last read. */
export function Samples({ view, waiting, error, retry, search, onSearch, offset, onOffset }: Props) {
  const last = view ? Math.min(offset + STEP, view.total) : 0;
  return (
    <section className={css.samples} aria-label="What it gives" aria-busy={waiting || undefined} data-testid="samples">
      <div className={css.sampleTools}>
        <TextInput
          size="xs"
          className={css.sampleSearch}
          aria-label="Customers to try it on"
          placeholder="Other customers"
          leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          spellCheck={false}
        />
        <span className={css.range}>
          {view && view.total > 0 ? `${offset + 1} to ${last} of ${formatCount(view.total)}` : ''}
        </span>
        <ActionIcon
          size={24}
          aria-label="Five customers before"
          disabled={offset === 0}
          onClick={() => onOffset(Math.max(0, offset - STEP))}
        >
          <IconChevronLeft size={14} stroke={1.9} />
        </ActionIcon>
        <ActionIcon
          size={24}
          aria-label="Next five customers"
          disabled={!view || last >= view.total}
          onClick={() => onOffset(offset + STEP)}
        >
          <IconChevronRight size={14} stroke={1.9} />
        </ActionIcon>
      </div>
      {error ? <ErrorNotice inline error={error} retry={retry} /> : null}
      {view && view.samples.length > 0 ? (
        <dl className={css.sampleList}>
          {view.samples.map((sample) => (
            <div key={sample.id} data-testid="sample">
              <dt title={sample.name}>{sample.name}</dt>
              <dd>
                {sample.value ? (
                  <Cell cell={sample.value} />
                ) : sample.blocked && view.problems.some(({ problem }) => problem.severity === 'stops') ? (
                  <span className={css.why}>no result</span>
                ) : sample.blocked ? (
                  <span className={css.why} title={sample.why_not ?? ''}>
                    <StatusWord tone="blocked" icon={IconBan}>
                      {sample.why_not}
                    </StatusWord>
                  </span>
                ) : (
                  <span className={css.why}>{sample.why_not}</span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className={css.quiet}>
          {!view
            ? 'Five customers stand here when something feeds the field.'
            : search.trim() !== ''
              ? 'No customer has these words.'
              : 'No customer was read yet. A preview reads them.'}
        </p>
      )}
    </section>
  );
}
