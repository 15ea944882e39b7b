import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { classes, formatDate } from '@/components';
import css from './calendar.module.css';
import { isDay, monthOf, plusDays, plusMonths, today, weeksOf } from './days';

const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** A month to pick a day from. Arrow keys move by days and weeks, Page up and down by months. */
export function Calendar({ value, onPick }: { value: string; onPick: (day: string) => void }) {
  const now = today();
  const [at, setAt] = useState(isDay(value) ? value : now);
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  const month = monthOf(at);

  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${at}"]`)?.focus({ preventScroll: true });
  }, [at]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const next =
      step !== undefined
        ? plusDays(at, step)
        : event.key === 'PageUp'
          ? plusMonths(at, -1)
          : event.key === 'PageDown'
            ? plusMonths(at, 1)
            : null;
    if (next === null) return;
    event.preventDefault();
    moved.current = true;
    setAt(next);
  };
  const quick: [string, string][] = [
    ['Today', now],
    ['First of this month', `${now.slice(0, 7)}-01`],
    ['First of next month', `${plusMonths(`${now.slice(0, 7)}-01`, 1)}`],
  ];
  return (
    <div className={css.calendar}>
      <div className={css.head}>
        <ActionIcon aria-label="Month before" onClick={() => setAt(plusMonths(at, -1))}>
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <strong aria-live="polite">{formatDate(`${at.slice(0, 7)}-01`).replace(/^1 /, '')}</strong>
        <ActionIcon aria-label="Month after" onClick={() => setAt(plusMonths(at, 1))}>
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
      </div>
      <table ref={grid} className={css.grid} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {WEEKDAYS.map((day) => (
              <th key={day} scope="col">
                {day}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day}>
                  <button
                    type="button"
                    data-day={day}
                    data-autofocus={day === at || undefined}
                    aria-label={formatDate(day)}
                    aria-pressed={day === value}
                    tabIndex={day === at ? 0 : -1}
                    className={classes(
                      css.day,
                      day.slice(0, 7) !== at.slice(0, 7) && css.outside,
                      day === now && css.today,
                    )}
                    onClick={() => onPick(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className={css.quick}>
        {quick.map(([label, day]) => (
          <Button key={label} size="compact-sm" onClick={() => onPick(day)}>
            {label}
          </Button>
        ))}
      </div>
    </div>
  );
}
