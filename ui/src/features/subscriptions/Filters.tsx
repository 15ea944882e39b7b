import { Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { FacetsView, SourceAge } from '@/backend';
import { Key } from '@/components';
import { FilterChip } from './FilterChip';
import { EVERYTHING, type Filter, narrows, switched } from './filter';
import { statusWord } from './Status';
import css from './subscriptions.module.css';

interface Props {
  filter: Filter;
  facets: FacetsView | undefined;
  sources: ReadonlyArray<SourceAge>;
  onFilter: (filter: Filter) => void;
  /** Arrow down in the search box leads into the table. */
  onLeaveSearch: () => void;
}

const writing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Search and filters; `/` leads to the search. */
export function Filters({ filter, facets, sources, onFilter, onLeaveSearch }: Props) {
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
  const source = sources.find((one) => one.source === filter.source);
  return (
    <search className={css.filters}>
      <TextInput
        ref={search}
        w={272}
        aria-label="Find subscriptions by customer, plan, email or ID"
        placeholder="Customer, plan, email or ID"
        leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
        rightSection={<Key>/</Key>}
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && filter.search !== '') {
            event.preventDefault();
            onFilter({ ...filter, search: '' });
          } else if (event.key === 'ArrowDown') {
            event.preventDefault();
            onLeaveSearch();
          }
        }}
        data-testid="subscriptions-search"
      />
      {sources.length > 1 ? (
        <span className={css.chip} data-on={source !== undefined || undefined}>
          <Menu position="bottom-start">
            <Menu.Target>
              <UnstyledButton className={css.chipWord} data-testid="filter-source">
                Source: {source ? source.name : sources.length === 2 ? 'both' : 'all'}
                {source ? null : <IconChevronDown size={12} stroke={2.2} aria-hidden />}
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              {sources.map((one) => (
                <Menu.Item key={one.source} onClick={() => onFilter({ ...filter, source: one.source })}>
                  {one.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          {source ? (
            <UnstyledButton
              className={css.chipClear}
              aria-label="Clear Source"
              onClick={() => onFilter({ ...filter, source: null })}
            >
              <IconX size={12} stroke={2.2} />
            </UnstyledButton>
          ) : null}
        </span>
      ) : null}
      {(['status', 'interval', 'currency'] as const).map((part) => (
        <FilterChip
          key={part}
          label={`${part.charAt(0).toUpperCase()}${part.slice(1)}`}
          facets={facets?.[part] ?? []}
          chosen={filter[part]}
          words={part === 'status' ? statusWord : undefined}
          onSwitch={(value) => onFilter({ ...filter, [part]: switched(filter[part], value) })}
          onClear={() => onFilter({ ...filter, [part]: [] })}
        />
      ))}
      <span className={css.spacer} />
      {narrows(filter) ? (
        <UnstyledButton
          className={css.clear}
          onClick={() => onFilter({ ...EVERYTHING, sort: filter.sort, descending: filter.descending })}
          data-testid="subscriptions-clear"
        >
          Clear
        </UnstyledButton>
      ) : null}
    </search>
  );
}
