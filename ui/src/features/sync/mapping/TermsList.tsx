import { TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { MappingTermsView, TermView } from '@/backend';
import { useFocus } from '@/components';
import css from './editor.module.css';

export type TermKind = 'name' | 'filter' | 'test';

interface Props {
  id: string;
  terms: MappingTermsView;
  onPick: (kind: TermKind, usage: string) => void;
  onClose: () => void;
}

/** Everything an expression may use, with what each is; a press puts it where the cursor stands. */
export function TermsList({ id, terms, onPick, onClose }: Props) {
  const [search, setSearch] = useState('');
  const field = useFocus<HTMLInputElement>();
  const words = search.trim().toLowerCase();
  const found = (list: ReadonlyArray<TermView>) =>
    list.filter((term) => `${term.name} ${term.usage} ${term.explanation}`.toLowerCase().includes(words));
  const groups: Array<{ kind: TermKind; title: string; list: Array<TermView> }> = [
    { kind: 'name' as const, title: 'Names', list: found(terms.names) },
    { kind: 'filter' as const, title: 'Filters', list: found(terms.filters) },
    { kind: 'test' as const, title: 'Tests', list: found(terms.tests) },
  ].filter((group) => group.list.length > 0);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from its field and its buttons
    <div
      id={id}
      className={css.terms}
      data-testid="terms"
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <TextInput
        ref={field}
        size="xs"
        aria-label="Find a name, filter or test"
        placeholder="Name, filter or test"
        leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        spellCheck={false}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll it */}
      <section className={css.termList} aria-label="What an expression may use" tabIndex={0}>
        {groups.map((group) => (
          <div key={group.kind}>
            <h4>{group.title}</h4>
            <ul>
              {group.list.map((term) => (
                <li key={term.name}>
                  <UnstyledButton className={css.term} onClick={() => onPick(group.kind, term.usage)}>
                    <code>{term.usage}</code>
                    <span>{term.explanation}</span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          </div>
        ))}
        {groups.length === 0 ? <p className={css.quiet}>Nothing has these words.</p> : null}
      </section>
    </div>
  );
}
