import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconX } from '@tabler/icons-react';
import type { FacetView } from '@/backend';
import { formatCount } from '@/components';
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

/** A filter as a chip: grey is off; on, it names the values and offers to clear them. */
export function FilterChip({ label, facets, chosen, words = (value) => value, onSwitch, onClear }: Props) {
  const on = chosen.length > 0;
  return (
    <span className={css.chip} data-on={on || undefined}>
      <Menu alignItemsLabels="all" position="bottom-start">
        <Menu.Target>
          <UnstyledButton className={css.chipWord} data-testid={`filter-${label.toLowerCase()}`}>
            {on ? `${label}: ${chosen.map(words).join(', ')}` : label}
            {on ? null : <IconChevronDown size={12} stroke={2.2} aria-hidden />}
          </UnstyledButton>
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
      {on ? (
        <UnstyledButton className={css.chipClear} aria-label={`Clear ${label}`} onClick={onClear}>
          <IconX size={12} stroke={2.2} />
        </UnstyledButton>
      ) : null}
    </span>
  );
}
