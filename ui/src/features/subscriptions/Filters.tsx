import { Menu } from '@mantine/core';
import type { FacetsView, SourceAge } from '@/backend';
import { FilterBar, FilterChip, FilterSearch, FilterWord } from '@/components';
import { FacetChip } from './FacetChip';
import { EVERYTHING, type Filter, narrows, switched } from './filter';
import { statusWord } from './Status';

interface Props {
  filter: Filter;
  facets: FacetsView | undefined;
  sources: ReadonlyArray<SourceAge>;
  onFilter: (filter: Filter) => void;
  /** Arrow down in the search box leads into the table. */
  onLeaveSearch: () => void;
}

/** Search and filters. */
export function Filters({ filter, facets, sources, onFilter, onLeaveSearch }: Props) {
  const source = sources.find((one) => one.source === filter.source);
  const clear = () => onFilter({ ...EVERYTHING, sort: filter.sort, descending: filter.descending });
  return (
    <FilterBar onClear={narrows(filter) ? clear : null} clearId="subscriptions-clear">
      <FilterSearch
        width={272}
        label="Find subscriptions by customer, plan, email or ID"
        placeholder="Customer, plan, email or ID"
        value={filter.search}
        onChange={(search) => onFilter({ ...filter, search })}
        onLeave={onLeaveSearch}
        data-testid="subscriptions-search"
      />
      {sources.length > 1 ? (
        <FilterChip label="Source" on={source !== undefined} onClear={() => onFilter({ ...filter, source: null })}>
          <Menu position="bottom-start">
            <Menu.Target>
              <FilterWord on={source !== undefined} data-testid="filter-source">
                Source: {source ? source.name : sources.length === 2 ? 'both' : 'all'}
              </FilterWord>
            </Menu.Target>
            <Menu.Dropdown>
              {sources.map((one) => (
                <Menu.Item key={one.source} onClick={() => onFilter({ ...filter, source: one.source })}>
                  {one.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </FilterChip>
      ) : null}
      {(['status', 'plan', 'interval', 'currency'] as const).map((part) => (
        <FacetChip
          key={part}
          label={`${part.charAt(0).toUpperCase()}${part.slice(1)}`}
          facets={facets?.[part] ?? []}
          chosen={filter[part]}
          words={part === 'status' ? statusWord : undefined}
          onSwitch={(value) => onFilter({ ...filter, [part]: switched(filter[part], value) })}
          onClear={() => onFilter({ ...filter, [part]: [] })}
        />
      ))}
    </FilterBar>
  );
}
