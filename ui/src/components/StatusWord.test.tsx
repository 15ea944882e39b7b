import { IconFlask } from '@tabler/icons-react';
import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { StatusWord } from './StatusWord';
import { STATUS, type StatusKey } from './status';

describe('StatusWord', () => {
  it.each(Object.keys(STATUS) as StatusKey[])('%s has a word and an icon beside its colour', (status) => {
    const { container } = render(<StatusWord status={status} />);
    expect(screen.getByText(STATUS[status].word)).toBeTruthy();
    expect(container.querySelector('svg')).not.toBeNull();
    expect(container.querySelector('[data-tone]')?.getAttribute('data-tone')).toBe(STATUS[status].tone);
  });

  it('takes another word and keeps the tone', () => {
    render(<StatusWord status="drift">Tom Okafor, today 08:51</StatusWord>);
    expect(screen.queryByText('Changed in Salesforce')).toBeNull();
    expect(screen.getByText('Tom Okafor, today 08:51').getAttribute('data-tone')).toBe('held');
  });

  it('takes a tone and an icon of its own', () => {
    const { container } = render(
      <StatusWord tone="unknown" icon={IconFlask} variant="badge">
        Overdue
      </StatusWord>,
    );
    expect(screen.getByText('Overdue').getAttribute('data-tone')).toBe('unknown');
    expect(container.querySelector('.tabler-icon-flask')).not.toBeNull();
  });

  it('gives every outcome of the equation a word of its own', () => {
    const outcomes = ['created', 'updated', 'unchanged', 'skipped', 'blocked', 'rejected', 'held', 'unknown'] as const;
    expect(new Set(outcomes.map((outcome) => STATUS[outcome].word)).size).toBe(outcomes.length);
  });
});
