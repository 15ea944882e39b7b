import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import css from './Drawer.module.css';

interface DrawerProps {
  title: string;
  /** What it is called where the title is not known yet. */
  label?: string;
  /** The line below the title. */
  under?: ReactNode;
  /** Goes to the row before or after in the table beside it; null where there is none. */
  onStep: ((by: 1 | -1) => void) | null;
  /** What those rows are called: before, after. */
  steps: [before: string, after: string];
  onClose: () => void;
  testId: string;
  children: ReactNode;
}

/** One row of a table, whole, beside the table. Escape closes it. */
export function Drawer({ title, label, under, onStep, steps, onClose, testId, children }: DrawerProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onClose();
  };
  return (
    <aside className={css.drawer} aria-label={label ?? title} data-testid={testId} onKeyDown={onKeyDown}>
      <div className={css.head}>
        <div className={css.title}>
          <h2 title={title}>{title}</h2>
          {onStep ? (
            <>
              <ActionIcon size={24} aria-label={steps[0]} onClick={() => onStep(-1)}>
                <IconChevronLeft size={16} />
              </ActionIcon>
              <ActionIcon size={24} aria-label={steps[1]} onClick={() => onStep(1)}>
                <IconChevronRight size={16} />
              </ActionIcon>
            </>
          ) : null}
          <ActionIcon size={24} aria-label="Close" onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </div>
        {under ? <div className={css.under}>{under}</div> : null}
      </div>
      {children}
    </aside>
  );
}

/** The part of a drawer that scrolls. */
export function DrawerBody({ label, ref, children }: { label: string; ref?: Ref<HTMLElement>; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll it
    <section ref={ref} className={css.body} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** What can be done with it, below what scrolls. */
export function DrawerFoot({ children }: { children: ReactNode }) {
  return <div className={css.foot}>{children}</div>;
}

interface SectionProps {
  title?: string;
  /** Beside the title, such as a count. */
  note?: ReactNode;
  testId?: string;
  children: ReactNode;
}

/** One part of what a drawer tells. */
export function DrawerSection({ title, note, testId, children }: SectionProps) {
  return (
    <div className={css.section} data-testid={testId}>
      {title ? (
        <h3>
          {title} {note === undefined ? null : <span>{note}</span>}
        </h3>
      ) : null}
      {children}
    </div>
  );
}

/** Names and values; those without a value are left out. */
export function DrawerFacts({ facts }: { facts: Array<[name: string, value: ReactNode]> }) {
  return (
    <dl className={css.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} value`}>{value}</dd>])}
    </dl>
  );
}
