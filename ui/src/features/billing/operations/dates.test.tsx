import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { renderWith, testBackend } from '@/testing';
import { DateField } from './DateField';
import { isDay, plusDays, plusMonths, weeksOf } from './days';

function Field() {
  const [value, setValue] = useState('2026-01-31');
  return <DateField label="Effective date" value={value} onChange={setValue} />;
}

describe('days', () => {
  it('knows which exist', () => {
    expect(isDay('2028-02-29')).toBe(true);
    expect(isDay('2026-02-29')).toBe(false);
    expect(isDay('2026-2-1')).toBe(false);
  });

  it('counts over months and years', () => {
    expect(plusDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(plusMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(plusMonths('2026-01-31', -2)).toBe('2025-11-30');
  });

  it('shows whole weeks from Monday on, with every day of the month', () => {
    for (let month = 1; month <= 12; month += 1) {
      const days = weeksOf({ year: 2026, month }).flat();
      expect(new Date(`${days[0]}T00:00:00Z`).getUTCDay()).toBe(1);
      const inside = days.filter((day) => Number(day.slice(5, 7)) === month);
      expect(inside.length).toBe(new Date(Date.UTC(2026, month, 0)).getUTCDate());
      expect(new Set(days).size).toBe(days.length);
    }
  });
});

describe('a date', () => {
  it('is typed, or picked by mouse', async () => {
    const user = userEvent.setup();
    renderWith(<Field />, testBackend({}));
    await user.click(screen.getByRole('button', { name: 'Pick effective date' }));
    await user.click(await screen.findByRole('button', { name: 'Month after' }));
    await user.click(screen.getByRole('button', { name: '3 Feb 2026' }));
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Effective date' }).value).toBe('2026-02-03');
  });

  it('is picked by keys', async () => {
    const user = userEvent.setup();
    renderWith(<Field />, testBackend({}));
    await user.click(screen.getByRole('button', { name: 'Pick effective date' }));
    const day = await screen.findByRole('button', { name: '31 Jan 2026' });
    day.focus();
    await user.keyboard('{ArrowRight}{ArrowDown}{Enter}');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Effective date' }).value).toBe('2026-02-08');
  });
});
