import { Menu, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconSearch, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ConnectionView, EnvironmentView, SyncView } from '@/backend';
import { formatDate, Key, STATUS } from '@/components';
import { environmentWord } from '../sync/shared/words';
import { EVERYTHING, type Filter, narrows, PROBLEMS, STATUSES, switched } from './filter';
import css from './history.module.css';

interface Props {
  filter: Filter;
  syncs: ReadonlyArray<SyncView>;
  orgs: ReadonlyArray<ConnectionView>;
  onFilter: (filter: Filter) => void;
  /** Arrow down in the search box leads into the table. */
  onLeaveSearch: () => void;
}

const ENVIRONMENTS: ReadonlyArray<EnvironmentView> = ['sandbox', 'production'];

const writing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Search and filters; `/` leads to the search. */
export function Filters({ filter, syncs, orgs, onFilter, onLeaveSearch }: Props) {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !writing(event.target)) {
        event.preventDefault();
        search.current?.focus();
        search.current?.select();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const change = (part: Partial<Filter>) => onFilter({ ...filter, ...part });
  const sync = syncs.find((one) => one.id === filter.sync);
  const org = orgs.find((one) => one.id === filter.org);
  return (
    <search className={css.filters}>
      <TextInput
        ref={search}
        w={248}
        aria-label="Find runs by sync, org, user or a customer with a problem"
        placeholder="Sync, org, user or customer"
        leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
        rightSection={filter.search === '' ? <Key>/</Key> : null}
        value={filter.search}
        onChange={(event) => change({ search: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            onLeaveSearch();
          }
        }}
        data-testid="history-search"
      />
      {syncs.length > 1 || sync ? (
        <Chip label="Sync" chosen={sync ? [sync.name] : []} onClear={() => change({ sync: null })}>
          {syncs.map((one) => (
            <Menu.CheckboxItem
              key={one.id}
              checked={one.id === filter.sync}
              onChange={() => change({ sync: one.id === filter.sync ? null : one.id })}
            >
              {one.name}
            </Menu.CheckboxItem>
          ))}
        </Chip>
      ) : null}
      {orgs.length > 1 || org ? (
        <Chip label="Org" chosen={org ? [org.name] : []} onClear={() => change({ org: null })}>
          {orgs.map((one) => (
            <Menu.CheckboxItem
              key={one.id}
              checked={one.id === filter.org}
              onChange={() => change({ org: one.id === filter.org ? null : one.id })}
            >
              {one.name}
            </Menu.CheckboxItem>
          ))}
        </Chip>
      ) : null}
      <Chip
        label="Environment"
        chosen={filter.environment ? [environmentWord(filter.environment)] : []}
        onClear={() => change({ environment: null })}
      >
        {ENVIRONMENTS.map((one) => (
          <Menu.CheckboxItem
            key={one}
            checked={one === filter.environment}
            onChange={() => change({ environment: one === filter.environment ? null : one })}
          >
            {environmentWord(one)}
          </Menu.CheckboxItem>
        ))}
      </Chip>
      <Chip label="Status" chosen={filter.status.map((one) => STATUS[one].word)} onClear={() => change({ status: [] })}>
        {STATUSES.map((one) => (
          <Menu.CheckboxItem
            key={one}
            checked={filter.status.includes(one)}
            onChange={() => change({ status: switched(filter.status, one) })}
          >
            {STATUS[one].word}
          </Menu.CheckboxItem>
        ))}
      </Chip>
      <Chip
        label="Problems"
        chosen={filter.outcome.map((one) => STATUS[one].word)}
        onClear={() => change({ outcome: [] })}
      >
        {PROBLEMS.map((one) => (
          <Menu.CheckboxItem
            key={one}
            checked={filter.outcome.includes(one)}
            onChange={() => change({ outcome: switched(filter.outcome, one) })}
          >
            {STATUS[one].word}
          </Menu.CheckboxItem>
        ))}
      </Chip>
      <Days filter={filter} onFilter={onFilter} />
      <span className={css.spacer} />
      {narrows(filter) ? (
        <UnstyledButton className={css.clear} onClick={() => onFilter(EVERYTHING)} data-testid="history-clear">
          Clear
        </UnstyledButton>
      ) : null}
    </search>
  );
}

interface ChipProps {
  label: string;
  chosen: ReadonlyArray<string>;
  onClear: () => void;
  children: ReactNode;
}

/** A filter as a chip: grey is off; on, it names the values and offers to clear them. */
function Chip({ label, chosen, onClear, children }: ChipProps) {
  const on = chosen.length > 0;
  return (
    <span className={css.chip} data-on={on || undefined}>
      <Menu position="bottom-start" closeOnItemClick={false}>
        <Menu.Target>
          <UnstyledButton className={css.chipWord} data-testid={`history-${label.toLowerCase()}`}>
            {on ? `${label}: ${chosen.join(', ')}` : label}
            {on ? null : <IconChevronDown size={12} stroke={2.2} aria-hidden />}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
          {children}
        </Menu.Dropdown>
      </Menu>
      {on ? (
        <UnstyledButton className={css.chipClear} aria-label={`Clear ${label}`} onClick={onClear}>
          <IconX size={12} stroke={2.2} />
        </UnstyledButton>
      ) : null}
    </span>
  );
}

/** The days between which runs began. */
function Days({ filter, onFilter }: Pick<Props, 'filter' | 'onFilter'>) {
  const { from, until } = filter;
  const on = from !== '' || until !== '';
  const words = [from && `from ${formatDate(from)}`, until && `to ${formatDate(until)}`].filter(Boolean).join(' ');
  return (
    <span className={css.chip} data-on={on || undefined}>
      <Popover position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={css.chipWord} data-testid="history-days">
            {on ? `Began ${words}` : 'Began'}
            {on ? null : <IconChevronDown size={12} stroke={2.2} aria-hidden />}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label="Days on which runs began">
          <div className={css.days}>
            <TextInput
              type="date"
              label="From"
              value={from}
              max={until || undefined}
              onChange={(event) => onFilter({ ...filter, from: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              label="To"
              value={until}
              min={from || undefined}
              onChange={(event) => onFilter({ ...filter, until: event.currentTarget.value })}
            />
          </div>
        </Popover.Dropdown>
      </Popover>
      {on ? (
        <UnstyledButton
          className={css.chipClear}
          aria-label="Clear Began"
          onClick={() => onFilter({ ...filter, from: '', until: '' })}
        >
          <IconX size={12} stroke={2.2} />
        </UnstyledButton>
      ) : null}
    </span>
  );
}
