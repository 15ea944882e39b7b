import { Menu } from '@mantine/core';
import type { FacetView } from '@/backend';
import { FilterChip, FilterWord, formatCount } from '@/components';
import css from './subscriptions.module.css';

interface Props {
  label: string;
  facets: ReadonlyArray<FacetView>;
  chosen: ReadonlyArray<string>;
  /** How a value reads; as it is when absent. */
  words?: (value: string) => string;
  onSwitch: (value: string) => void;
  onClear: () => void;
}

/** A filter by the values there are, each with its rows; on, it names the chosen ones. */
export function FacetChip({ label, facets, chosen, words = (value) => value, onSwitch, onClear }: Props) {
  const on = chosen.length > 0;
  return (
    <FilterChip label={label} on={on} onClear={onClear}>
      <Menu alignItemsLabels="all" position="bottom-start">
        <Menu.Target>
          <FilterWord on={on} data-testid={`filter-${label.toLowerCase()}`}>
            {on ? `${label}: ${chosen.map((value) => words(value) || 'none').join(', ')}` : label}
          </FilterWord>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
          {facets.length === 0 ? <Menu.Label>Nothing to choose from yet</Menu.Label> : null}
          {facets.map((facet) => (
            <Menu.CheckboxItem
              key={facet.value}
              checked={chosen.includes(facet.value)}
              rightSection={<span className={css.facetRows}>{formatCount(facet.rows)}</span>}
              onChange={() => onSwitch(facet.value)}
            >
              {words(facet.value) || 'none'}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
    </FilterChip>
  );
}
