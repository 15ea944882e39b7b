import { Button, Textarea, UnstyledButton } from '@mantine/core';
import { IconBan, IconCircleCheck, IconList } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { MappingTermsView, TryProblem } from '@/backend';
import { Key, MODIFIER, StatusWord } from '@/components';
import { insertTerm, placeIn } from './changes';
import css from './editor.module.css';
import { TermsList } from './TermsList';

interface Props {
  label: string;
  /** Type of the field, as the org has it. */
  takes: string | null;
  text: string;
  terms: MappingTermsView | undefined;
  problems: ReadonlyArray<TryProblem>;
  /** Whether the problems are those of this very text. */
  checked: boolean;
  onChange: (text: string) => void;
}

/** An expression while it is being written: its problems with their place, and what it may use. */
export function ExpressionEditor({ label, takes, text, terms, problems, checked, onChange }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [listed, setListed] = useState(false);
  const id = useId();
  const whole = useRef<HTMLDivElement>(null);
  // The list of terms and the problems make it grow.
  useEffect(() => {
    whole.current?.scrollIntoView?.({ block: 'nearest' });
  }, [listed, problems.length]);
  const goTo = (from: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(from, from);
  };
  return (
    <div ref={whole} className={css.expression}>
      <Textarea
        ref={area}
        aria-label={label}
        aria-describedby={`${id}-state`}
        aria-invalid={problems.length > 0 || undefined}
        classNames={{ input: css.code ?? '' }}
        rows={Math.min(12, Math.max(3, text.split('\n').length))}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === ' ' && event.ctrlKey) {
            event.preventDefault();
            setListed(true);
          }
        }}
        data-autofocus
        data-testid="expression"
      />
      <div
        id={`${id}-state`}
        className={css.state}
        role="status"
        data-testid="expression-state"
        data-checked={checked || undefined}
      >
        {text.trim() === '' ? (
          <span className={css.quiet}>
            Write text with names between {'{{ and }}'}, such as {'{{ customer.name }}'}.
          </span>
        ) : problems.length > 0 ? (
          <ul className={css.found} aria-label="Problems of the expression">
            {problems.map(({ problem, line, column }) => (
              <li key={`${line}-${column}-${problem.message}`}>
                <span className={css.wrong}>
                  <IconBan size={14} stroke={1.9} aria-hidden />
                  {line !== null && column !== null ? (
                    <>
                      <UnstyledButton className={css.place} onClick={() => goTo(placeIn(text, line, column))}>
                        Line {line}, character {column}
                      </UnstyledButton>
                      {': '}
                    </>
                  ) : null}
                  {problem.message}
                </span>{' '}
                {problem.next_step}
              </li>
            ))}
          </ul>
        ) : checked ? (
          <StatusWord tone="create" icon={IconCircleCheck}>
            {takes ? `Compiles; what it gives is read as ${takes}` : 'Compiles'}
          </StatusWord>
        ) : (
          <span className={css.quiet}>Checking</span>
        )}
        <span className={css.grow} />
        <Button
          size="compact-sm"
          leftSection={<IconList size={14} stroke={1.9} aria-hidden />}
          rightSection={
            <span aria-hidden>
              <Key>{MODIFIER === '⌘' ? '⌃ Space' : 'Ctrl Space'}</Key>
            </span>
          }
          aria-expanded={listed}
          aria-controls={`${id}-terms`}
          aria-keyshortcuts="Control+Space"
          onClick={() => setListed(!listed)}
          data-testid="expression-terms"
        >
          Names and filters
        </Button>
      </div>
      {listed && terms ? (
        <TermsList
          id={`${id}-terms`}
          terms={terms}
          onPick={(kind, usage) => {
            const at = area.current?.selectionStart ?? text.length;
            const put = insertTerm(text, at, kind, usage);
            onChange(put.text);
            // The text area takes its new text first.
            requestAnimationFrame(() => goTo(put.at));
          }}
          onClose={() => {
            setListed(false);
            area.current?.focus();
          }}
        />
      ) : null}
    </div>
  );
}
