import { Button, Menu, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type ApiAnswerView, type Response, useConsoleSave, usePages } from '@/backend';
import {
  CopyButton,
  ErrorNotice,
  formatCountOf,
  formatSeconds,
  SkeletonRows,
  StatusWord,
  type TableColumn,
  VirtualTable,
} from '@/components';
import css from './console.module.css';
import { formatElapsed, formatSize, standingOf } from './words';

type View = 'table' | 'text' | 'headers';

/** An answer: what came of the call in words, then its rows, its text and its headers. */
export function Answer({ answer, command }: { answer: ApiAnswerView; command: string }) {
  const [view, setView] = useState<View>(answer.rows > 0 ? 'table' : 'text');
  const save = useConsoleSave();
  const standing = standingOf(answer.status, answer.status_text);
  const views = [
    ...(answer.rows > 0 ? [{ value: 'table', label: formatCountOf(answer.rows, 'row') }] : []),
    { value: 'text', label: answer.kind === 'json' ? 'JSON' : 'Text' },
    { value: 'headers', label: 'Headers' },
  ];
  return (
    <section className={css.answer} aria-label="Answer" data-testid="console-answer">
      <header className={css.answerHead}>
        <div className={css.outcome} role="status">
          <StatusWord tone={standing.tone} icon={standing.icon} variant="badge">
            {standing.word}
          </StatusWord>
          <span className={css.said}>{answer.sentence}</span>
          <span className={css.figures}>
            {formatElapsed(answer.elapsed_ms)} · {formatSize(answer.size)}
          </span>
        </div>
        {answer.note || answer.retry_after_seconds !== null ? (
          <p className={css.note}>
            {answer.retry_after_seconds === null
              ? null
              : `It asks to wait ${formatSeconds(answer.retry_after_seconds)} before the next call. `}
            {answer.note}
          </p>
        ) : null}
        <div className={css.tools}>
          <SegmentedControl
            aria-label="Show the answer as"
            data={views}
            value={view}
            onChange={(value) => setView(value as View)}
            data-testid="console-view"
          />
          <span className={css.grow} />
          <CopyButton compact={false} text={command} label="Copy as CLI command" />
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                loading={save.isPending}
                disabled={answer.kind === 'empty'}
                leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}
                rightSection={<IconChevronDown size={12} stroke={2.2} aria-hidden />}
                data-testid="console-save"
              >
                Save
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {answer.rows > 0 ? (
                <Menu.Item onClick={() => save.mutate({ call: answer.call, format: 'csv' })}>
                  {`${formatCountOf(answer.rows, 'row')} for a spreadsheet (CSV)`}
                </Menu.Item>
              ) : null}
              <Menu.Item onClick={() => save.mutate({ call: answer.call, format: 'whole' })}>
                {answer.kind === 'json' ? 'The whole answer as it came (JSON)' : 'The whole answer as it came'}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
        {save.error ? <ErrorNotice inline error={save.error} /> : null}
        {save.data ? (
          <div className={css.saved} role="status" data-testid="console-saved">
            <span className="ellipsis" title={save.data.path}>
              Saved as {save.data.path}
            </span>
            <CopyButton text={save.data.path} label="Copy the path" />
          </div>
        ) : null}
      </header>
      {view === 'table' ? (
        <Rows answer={answer} />
      ) : view === 'headers' ? (
        <Headers answer={answer} />
      ) : (
        <Text answer={answer} />
      )}
    </section>
  );
}

type Cells = Response<'console_rows'>['rows'][number];

const NUMBER = /^-?\d+(\.\d+)?$/;

/** A column as wide as what its first rows hold, within reason; numbers stand to the right. */
function columnOf(head: string, at: number, sample: Cells[]): TableColumn<Cells> {
  const texts = sample.map((cells) => cells[at] ?? '').filter((text) => text !== '');
  const longest = Math.max(head.length, ...texts.map((text) => text.length));
  const numbers = texts.length > 0 && texts.every((text) => NUMBER.test(text));
  return {
    key: `${at}`,
    head,
    width: `${Math.min(280, Math.max(72, Math.round(longest * 7.8) + 26))}px`,
    ...(numbers ? { align: 'end' as const } : {}),
    render: (cells) => (
      <span className={css.cell} data-number={numbers || undefined} title={cells[at]}>
        {cells[at]}
      </span>
    ),
  };
}

function Rows({ answer }: { answer: ApiAnswerView }) {
  const pages = usePages('console_rows', { call: answer.call }, { pageSize: 200 });
  const sample = pages.first?.rows;
  const columns = useMemo(
    () => answer.columns.map((head, at) => columnOf(head, at, sample ?? [])),
    [answer.columns, sample],
  );
  if (pages.error) return <ErrorNotice inline error={pages.error} retry={pages.refetch} />;
  if (!pages.first) return <SkeletonRows columns="1fr 1fr 1fr 1fr" sentence="Reading the rows" />;
  return (
    <VirtualTable
      label="Rows of the answer"
      columns={columns}
      rowHeight={32}
      totalRows={pages.totalRows}
      getRow={pages.getRow}
      onRange={pages.onRange}
      minWidth={columns.reduce((sum, column) => sum + Number.parseInt(column.width, 10), 0)}
      resetKey={`${answer.call}`}
    />
  );
}

function Text({ answer }: { answer: ApiAnswerView }) {
  if (answer.kind === 'empty') return <p className={css.nothing}>The answer holds nothing but its status.</p>;
  if (answer.kind === 'bytes') {
    return <p className={css.nothing}>The answer is no text. Save it to open it with the program it is made for.</p>;
  }
  return (
    <>
      {answer.text_cut ? (
        <p className={css.cut}>
          Only the beginning of {formatSize(answer.size)} is shown. Save the answer to have all of it.
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <section className={css.scroll} tabIndex={0} aria-label="Text of the answer" data-testid="console-text">
        <pre className={css.text}>{answer.text}</pre>
      </section>
    </>
  );
}

function Headers({ answer }: { answer: ApiAnswerView }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section className={css.scroll} tabIndex={0} aria-label="Headers of the answer">
      <dl className={css.headers}>
        {answer.headers.map((one) => (
          <div key={`${one.name}: ${one.value}`}>
            <dt>{one.name}</dt>
            <dd>{one.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
