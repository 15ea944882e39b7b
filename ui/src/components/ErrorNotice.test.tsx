import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { BackendError } from '@/backend';
import { errorOf, renderWith, testBackend } from '@/testing';
import { ErrorNotice } from './ErrorNotice';

const show = (error: unknown, props: Omit<Parameters<typeof ErrorNotice>[0], 'error'> = {}) =>
  renderWith(<ErrorNotice error={error} {...props} />, testBackend({}));

describe('ErrorNotice', () => {
  it('says what happened, what to do, and the code', () => {
    show(
      errorOf(
        'field_missing',
        'Salesforce cannot find the field Alguna Tax Rate. Nothing was written.',
        'Ask an admin.',
      ),
    );
    expect(screen.getByRole('alert').textContent).toContain('Nothing was written.');
    expect(screen.getByText('Ask an admin.')).toBeTruthy();
    expect(screen.getByText('field_missing')).toBeTruthy();
  });

  it('leads to Connections when a login is needed', async () => {
    show(errorOf('needs_sign_in', 'The login has ended.'), { retry: () => {} });
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Open Connections' }));
    expect(screen.getByTestId('elsewhere').textContent).toBe('/connections');
  });

  it('tries again where that can help', async () => {
    const retry = vi.fn();
    show(errorOf('unreachable', 'Alguna cannot be reached.'), { retry });
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it('has exactly one action, and the screen’s own comes first', () => {
    show(errorOf('needs_sign_in', 'The login has ended.'), {
      retry: () => {},
      action: { label: 'Preview again', onClick: () => {} },
    });
    expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['Preview again']);
  });

  it('has none when the screen says so', () => {
    show(errorOf('needs_sign_in', 'The key is not accepted.'), { action: null, inline: true });
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says when trying again makes sense', () => {
    show(new BackendError({ code: 'busy', message: 'Salesforce is busy.', hint: null, retry_after_seconds: 90 }));
    expect(screen.getByText('Trying again makes sense in 1 min 30 s.')).toBeTruthy();
  });

  it('shows what is not ours as an error of Drawbridge', () => {
    show(new TypeError('x is undefined'));
    expect(screen.getByText('Drawbridge met an error of its own: x is undefined')).toBeTruthy();
    expect(screen.getByText('internal')).toBeTruthy();
  });
});
