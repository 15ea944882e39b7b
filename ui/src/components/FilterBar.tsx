import { TextInput, UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import { IconChevronDown, IconSearch, IconX } from '@tabler/icons-react';
import { type ComponentPropsWithRef, type ReactNode, useEffect, useRef } from 'react';
import { classes } from './classes';
import css from './FilterBar.module.css';
import { Key } from './Key';

/** The strip above a table: search, filters, and at its end a way to clear them. */
export function FilterBar({
  children,
  onClear,
  clearId,
}: {
  children: ReactNode;
  onClear: (() => void) | null;
  clearId: string;
}) {
  return (
    <search className={css.bar}>
      {children}
      <span className={css.spacer} />
      {onClear ? (
        <UnstyledButton className={css.clear} onClick={onClear} data-testid={clearId}>
          Clear
        </UnstyledButton>
      ) : null}
    </search>
  );
}

const writing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

interface SearchProps {
  label: string;
  placeholder: string;
  width: number;
  value: string;
  onChange: (value: string) => void;
  /** Arrow down leads into the table. */
  onLeave: () => void;
  'data-testid': string;
}

/** A search field: `/` leads to it, Escape empties it, arrow down leaves it. */
export function FilterSearch({ label, placeholder, width, value, onChange, onLeave, ...rest }: SearchProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !writing(event.target)) {
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <TextInput
      ref={field}
      w={width}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
      rightSection={<Key>/</Key>}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') {
          event.preventDefault();
          onChange('');
        } else if (event.key === 'ArrowDown') {
          event.preventDefault();
          onLeave();
        }
      }}
      {...rest}
    />
  );
}

/** A filter as a chip: grey is off; on, it offers to clear it. Its word opens what `children` hold. */
export function FilterChip(props: { label: string; on: boolean; onClear: () => void; children: ReactNode }) {
  return (
    <span className={css.chip} data-on={props.on || undefined}>
      {props.children}
      {props.on ? (
        <UnstyledButton className={css.chipClear} aria-label={`Clear ${props.label}`} onClick={props.onClear}>
          <IconX size={12} stroke={2.2} />
        </UnstyledButton>
      ) : null}
    </span>
  );
}

/** The word of a chip, for the target of a menu or popover. */
export function FilterWord({
  on,
  children,
  className,
  ...button
}: { on: boolean } & UnstyledButtonProps & Omit<ComponentPropsWithRef<'button'>, keyof UnstyledButtonProps>) {
  return (
    // The target of a menu or popover brings a class of its own.
    <UnstyledButton className={classes(css.chipWord, className)} {...button}>
      {children}
      {on ? null : <IconChevronDown size={12} stroke={2.2} aria-hidden />}
    </UnstyledButton>
  );
}
