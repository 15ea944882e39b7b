import { fireEvent, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { renderWith, testBackend } from '@/testing';
import { VirtualTable, type VirtualTableProps } from './VirtualTable';

interface Customer {
  name: string;
}

const columns = [
  { key: 'name', head: 'Customer', width: '1fr', render: (row: Customer) => row.name },
  { key: 'place', head: 'Place', width: '80px', align: 'end' as const, render: (_: Customer, index: number) => index },
];

function Table(props: Partial<VirtualTableProps<Customer>>) {
  const [selected, setSelected] = useState<number | null>(null);
  return (
    <VirtualTable<Customer>
      label="Customers"
      columns={columns}
      rowHeight={32}
      totalRows={100_000}
      getRow={(index) => ({ name: `Customer ${index}` })}
      selected={selected}
      onSelect={(index) => setSelected(index)}
      {...props}
    />
  );
}

const draw = (props: Partial<VirtualTableProps<Customer>> = {}) => renderWith(<Table {...props} />, testBackend({}));

describe('VirtualTable', () => {
  it('draws the rows on screen and says how many there are', () => {
    draw();
    const grid = screen.getByRole('grid', { name: 'Customers' });
    expect(grid.getAttribute('aria-rowcount')).toBe('100001');
    const rows = within(grid).getAllByRole('row');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.length).toBeLessThan(80);
    expect(screen.getByText('Customer 0')).toBeTruthy();
    expect(screen.queryByText('Customer 5000')).toBeNull();
  });

  it('asks for the pages of the rows on screen', () => {
    const onRange = vi.fn();
    draw({ onRange });
    expect(onRange).toHaveBeenCalled();
    const [first, last] = onRange.mock.lastCall ?? [];
    expect(first).toBe(0);
    expect(last).toBeGreaterThan(10);
  });

  it('shows bars for rows that are under way', () => {
    draw({ getRow: (index) => (index === 0 ? { name: 'Edge Communications' } : undefined) });
    const rows = screen.getAllByRole('row');
    expect(rows[1]?.getAttribute('aria-busy')).toBeNull();
    expect(rows[2]?.getAttribute('aria-busy')).toBe('true');
  });

  it('moves the current row with the arrow keys and opens it with Enter', () => {
    const onOpen = vi.fn();
    draw({ onOpen });
    const grid = screen.getByRole('grid');
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    const current = screen.getByRole('row', { selected: true });
    expect(within(current).getByText('Customer 1')).toBeTruthy();
    expect(grid.getAttribute('aria-activedescendant')).toBe(current.id);
    fireEvent.keyDown(grid, { key: 'Enter' });
    expect(onOpen).toHaveBeenCalledWith({ name: 'Customer 1' }, 1);
  });

  it('gives other keys to the screen, but not those of controls inside', () => {
    const onKey = vi.fn(() => true);
    draw({
      onKey,
      columns: [
        { key: 'name', head: 'Customer', width: '1fr', render: (row) => <button type="button">{row.name}</button> },
      ],
    });
    fireEvent.keyDown(screen.getByRole('grid'), { key: 'h' });
    expect(onKey).toHaveBeenCalledOnce();
    fireEvent.keyDown(screen.getByRole('button', { name: 'Customer 0' }), { key: 'h' });
    expect(onKey).toHaveBeenCalledOnce();
  });

  it('tells the cell that was clicked', () => {
    const onSelect = vi.fn();
    draw({ onSelect });
    fireEvent.click(within(screen.getAllByRole('row')[3] as HTMLElement).getByText('2'));
    expect(onSelect).toHaveBeenCalledWith(2, 'place');
  });
});
