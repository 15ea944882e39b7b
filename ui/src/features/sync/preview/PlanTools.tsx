import { Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconSearch } from '@tabler/icons-react';
import type { PlanSort } from '@/backend';
import { formatCount, formatCountOf, Key } from '@/components';
import chip from '../shared/chip.module.css';
import { type PlacedColumn, type PlanFilter, SORT_WORDS } from './filter';
import css from './preview.module.css';

interface Props {
  columns: ReadonlyArray<PlacedColumn>;
  filter: PlanFilter;
  onFilter: (filter: PlanFilter) => void;
  sobject: string;
  first: number;
  last: number;
  total: number;
}

const SORTS: ReadonlyArray<PlanSort> = ['largest_change', 'name', 'customer'];

/** Search, field filter and sort over the preview's table. */
export function PlanTools({ columns, filter, onFilter, sobject, first, last, total }: Props) {
  const changing = columns.filter((column) => column.changes > 0);
  const chosen = filter.fields.length;
  const toggle = (field: string) =>
    onFilter({
      ...filter,
      fields: filter.fields.includes(field) ? filter.fields.filter((one) => one !== field) : [...filter.fields, field],
    });
  return (
    <div className={css.tool}>
      <TextInput
        size="xs"
        w={190}
        aria-label={`Find ${sobject} or source ID`}
        placeholder={`${sobject} or source ID`}
        leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.currentTarget.value })}
        data-testid="preview-search"
      />
      <Menu alignItemsLabels="all" position="bottom-start" withinPortal>
        <Menu.Target>
          <UnstyledButton className={chip.chip} data-on={chosen > 0 || undefined}>
            {chosen > 0 ? `Field: any of ${chosen}` : 'Field'}
            <IconChevronDown size={12} stroke={2.2} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Only records that change one of</Menu.Label>
          {changing.length === 0 ? <Menu.Label>No field changes</Menu.Label> : null}
          {changing.map((column) => (
            <Menu.CheckboxItem
              key={column.field}
              checked={filter.fields.includes(column.field)}
              rightSection={<span className={css.range}>{formatCount(column.changes)}</span>}
              onChange={() => toggle(column.field)}
            >
              {column.label}
            </Menu.CheckboxItem>
          ))}
          {chosen > 0 ? (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => onFilter({ ...filter, fields: [] })}>Any field</Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <UnstyledButton className={chip.chip}>
            Sort: {SORT_WORDS[filter.sort]}
            <IconChevronDown size={12} stroke={2.2} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {SORTS.map((sort) => (
            <Menu.Item key={sort} onClick={() => onFilter({ ...filter, sort })}>
              {SORT_WORDS[sort]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span className={css.spacer} />
      <span className={css.keys}>
        <Key>A</Key>approve
      </span>
      <span className={css.keys}>
        <Key>H</Key>hold
      </span>
      <span className={css.keys}>
        <Key>W</Key>why
      </span>
      <span className={css.rule} />
      {/* Said when a filter leaves other records, and not at every row that scrolls by. */}
      <span className={css.unseen} role="status">
        {formatCountOf(total, 'record')}
      </span>
      <span className={css.range} data-testid="preview-range" aria-hidden>
        {total === 0
          ? 'none'
          : `${formatCount(first + 1)}–${formatCount(Math.min(last + 1, total))} of ${formatCount(total)}`}
      </span>
    </div>
  );
}
