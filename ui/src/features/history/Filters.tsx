import { Menu, Popover, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ConnectionView, EnvironmentView, SyncView } from '@/backend';
import { FilterBar, FilterChip, FilterSearch, FilterWord, formatDate, STATUS } from '@/components';
import { environmentWord } from '../sync/shared/words';
import { KIND, KINDS } from './entry';
import { EVERYTHING, type Filter, narrows, PROBLEMS, STATUSES, switched } from './filter';
import css from './history.module.css';

interface Props {
  filter: Filter;
  syncs: ReadonlyArray<SyncView>;
  orgs: ReadonlyArray<ConnectionView>;
  /** Connections of billing systems. */
  sources: ReadonlyArray<ConnectionView>;
  onFilter: (filter: Filter) => void;
  /** Arrow down in the search box leads into the table. */
  onLeaveSearch: () => void;
}

const ENVIRONMENTS: ReadonlyArray<EnvironmentView> = ['sandbox', 'production'];

/** Search and filters. */
export function Filters({ filter, syncs, orgs, sources, onFilter, onLeaveSearch }: Props) {
  const change = (part: Partial<Filter>) => onFilter({ ...filter, ...part });
  const sync = syncs.find((one) => one.id === filter.sync);
  const org = orgs.find((one) => one.id === filter.org);
  const source = sources.find((one) => one.id === filter.source);
  return (
    <FilterBar onClear={narrows(filter) ? () => onFilter(EVERYTHING) : null} clearId="history-clear">
      <FilterSearch
        width={248}
        label="Find entries by sync, org, user, customer, sentence or path"
        placeholder="Sync, org, user, customer or path"
        value={filter.search}
        onChange={(search) => change({ search })}
        onLeave={onLeaveSearch}
        data-testid="history-search"
      />
      <Chip label="Kind" chosen={filter.kinds.map((one) => KIND[one].many)} onClear={() => change({ kinds: [] })}>
        {KINDS.map((one) => (
          <Menu.CheckboxItem
            key={one}
            checked={filter.kinds.includes(one)}
            onChange={() => change({ kinds: switched(filter.kinds, one) })}
          >
            {KIND[one].many}
          </Menu.CheckboxItem>
        ))}
      </Chip>
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
      {sources.length > 1 || source ? (
        <Chip label="Billing" chosen={source ? [source.name] : []} onClear={() => change({ source: null })}>
          {sources.map((one) => (
            <Menu.CheckboxItem
              key={one.id}
              checked={one.id === filter.source}
              onChange={() => change({ source: one.id === filter.source ? null : one.id })}
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
    </FilterBar>
  );
}

interface ChipProps {
  label: string;
  chosen: ReadonlyArray<string>;
  onClear: () => void;
  children: ReactNode;
}

/** A filter by a choice; on, it names what is chosen. */
function Chip({ label, chosen, onClear, children }: ChipProps) {
  const on = chosen.length > 0;
  return (
    <FilterChip label={label} on={on} onClear={onClear}>
      <Menu position="bottom-start" closeOnItemClick={false}>
        <Menu.Target>
          <FilterWord on={on} data-testid={`history-${label.toLowerCase()}`}>
            {on ? `${label}: ${chosen.join(', ')}` : label}
          </FilterWord>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
          {children}
        </Menu.Dropdown>
      </Menu>
    </FilterChip>
  );
}

/** The days between which entries began. */
function Days({ filter, onFilter }: Pick<Props, 'filter' | 'onFilter'>) {
  const { from, until } = filter;
  const on = from !== '' || until !== '';
  const words = [from && `from ${formatDate(from)}`, until && `to ${formatDate(until)}`].filter(Boolean).join(' ');
  return (
    <FilterChip label="Began" on={on} onClear={() => onFilter({ ...filter, from: '', until: '' })}>
      <Popover position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <FilterWord on={on} data-testid="history-days">
            {on ? `Began ${words}` : 'Began'}
          </FilterWord>
        </Popover.Target>
        <Popover.Dropdown aria-label="Days on which entries began">
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
    </FilterChip>
  );
}
