import { ActionIcon, Popover, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Calendar } from './Calendar';

interface Props {
  id?: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  description?: ReactNode;
  error?: ReactNode;
  required?: boolean;
}

/** A date typed plainly, or picked. */
export function DateField({ id, label, value, onChange, onBlur, description, error, required }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <TextInput
      id={id}
      label={label}
      withAsterisk={required}
      aria-required={required}
      placeholder="2026-01-31"
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      description={description}
      error={error}
      value={value}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.currentTarget.value)}
      onBlur={onBlur}
      rightSection={
        <Popover opened={open} onChange={setOpen} position="bottom-end" trapFocus returnFocus shadow="xl">
          <Popover.Target>
            <ActionIcon aria-label={`Pick ${label.toLowerCase()}`} onClick={() => setOpen(!open)}>
              <IconCalendar size={16} stroke={1.75} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label={label}>
            <Calendar
              value={value.trim().slice(0, 10)}
              onPick={(day) => {
                onChange(day);
                setOpen(false);
              }}
            />
          </Popover.Dropdown>
        </Popover>
      }
    />
  );
}
