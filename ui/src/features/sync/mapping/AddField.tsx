import { Button, Modal, TextInput } from '@mantine/core';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { FieldChoiceView, SyncView } from '@/backend';
import { ErrorNotice, SkeletonRows, TypeBadge, useReturnFocus } from '@/components';
import { findFields } from './changes';
import css from './dialogs.module.css';

interface Props {
  sync: SyncView;
  fields: ReadonlyArray<FieldChoiceView> | undefined;
  reading: boolean;
  error: Error | null;
  /** Reads the fields from the org again. */
  onRead: () => void;
  /** Fields that have a rule. */
  used: ReadonlySet<string>;
  onPick: (field: FieldChoiceView) => void;
  onClose: () => void;
}

/** Chooses a field of the org for a new rule. */
export function AddField({ sync, fields, reading, error, onRead, used, onPick, onClose }: Props) {
  useReturnFocus();
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = findFields(fields ?? [], search);
  const current = Math.min(at, found.length - 1);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView?.({ block: 'nearest' });
  }, [current]);
  const pick = (field: FieldChoiceView | undefined) => {
    if (field && !used.has(field.name)) onPick(field);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, current + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, current - 1));
    else if (event.key === 'Enter') pick(found[current]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Add a field of ${sync.sobject}`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={css.body}>
        <TextInput
          data-autofocus
          role="combobox"
          aria-label={`Find a field of ${sync.sobject} by label, API name or type`}
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
          placeholder="Label, API name or type"
          leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          spellCheck={false}
          data-testid="field-search"
        />
        {error && !fields ? <ErrorNotice inline error={error} retry={onRead} /> : null}
        {!fields && !error ? (
          <SkeletonRows rows={6} rowHeight={48} columns="1fr 80px" sentence={`Reading the fields of ${sync.sobject}`} />
        ) : null}
        {fields && found.length > 0 ? (
          <div ref={list} id={`${id}-list`} className={css.list} role="listbox" aria-label="Fields" tabIndex={-1}>
            {found.map((field, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the search field takes the keys
              <div
                key={field.name}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === current}
                aria-disabled={used.has(field.name) || undefined}
                className={css.row}
                onMouseMove={() => index !== current && setAt(index)}
                onClick={() => pick(field)}
              >
                <span className={css.name}>{field.label}</span>
                <span className={css.marks}>
                  {used.has(field.name) ? 'has a rule' : field.required ? 'needed on new records' : ''}
                  <TypeBadge type={field.kind} />
                </span>
                <span className={css.api}>{field.name}</span>
              </div>
            ))}
          </div>
        ) : null}
        {fields && found.length === 0 ? (
          <p className={css.lead} role="status">
            No field of {sync.sobject} has these words.
          </p>
        ) : null}
        <div className={css.foot}>
          <p className={css.quiet}>
            Fields {sync.org_name} does not let you edit are not listed. Ask an admin for access to one that is missing.
          </p>
          <span className={css.grow} />
          <Button
            size="compact-sm"
            leftSection={<IconRefresh size={14} stroke={1.9} aria-hidden />}
            loading={reading}
            onClick={onRead}
          >
            Read again
          </Button>
        </div>
      </div>
    </Modal>
  );
}
