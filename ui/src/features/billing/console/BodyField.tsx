import { Button, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import css from './console.module.css';
import { formatJson, problemOf } from './json';

/** The body: JSON, checked while it is written. */
export function BodyField({ body, onChange }: { body: string; onChange: (body: string) => void }) {
  const problem = problemOf(body);
  return (
    <div className={css.bodyField}>
      <Textarea
        aria-label="Body"
        placeholder='{"name": "value"}'
        value={body}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          // A tab belongs to whoever moves through the form; an indent is two spaces, made by Format.
          if (event.key === 'f' && event.altKey && event.shiftKey) {
            event.preventDefault();
            onChange(formatJson(body));
          }
        }}
        error={problem !== null}
        rows={Math.min(12, Math.max(4, body.split('\n').length))}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        data-testid="console-body"
      />
      <div className={css.addRow}>
        <Button
          size="compact-sm"
          disabled={problem !== null || body.trim() === ''}
          onClick={() => onChange(formatJson(body))}
        >
          Format
        </Button>
        {problem ? (
          <span className={css.bad} role="status">
            <IconAlertTriangle size={14} stroke={1.9} aria-hidden />
            {problem}
          </span>
        ) : body.trim() === '' ? (
          <span className={css.hint}>No body is sent.</span>
        ) : (
          <span className={css.good}>
            <IconCircleCheck size={14} stroke={1.9} aria-hidden />
            Valid JSON
          </span>
        )}
      </div>
    </div>
  );
}
