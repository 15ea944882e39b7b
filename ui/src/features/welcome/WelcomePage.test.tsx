import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { errorOf, renderWith, testBackend } from '@/testing';
import { workspace } from '@/testing/examples';
import { WelcomePage } from './WelcomePage';

describe('the first start', () => {
  it('says that the demo leaves nothing behind and starts it', async () => {
    let ready: (value: typeof workspace) => void = () => {};
    const backend = testBackend({ demo_start: () => new Promise((resolve) => (ready = resolve)) });
    renderWith(<WelcomePage />, backend, { path: '/welcome' });
    expect(screen.getByText(/Nothing leaves the machine/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Start the demo workspace' }));
    expect(await screen.findByText(/Starting the simulated servers/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Starting' }).disabled).toBe(true);
    ready({ ...workspace, demo: true });
    await waitFor(() => expect(screen.getByTestId('elsewhere').textContent).toBe('/'));
    expect(backend.calls.filter((call) => call.name === 'demo_start')).toHaveLength(1);
  });

  it('says why the demo did not start, and starts again', async () => {
    let attempts = 0;
    const backend = testBackend({
      demo_start: () => {
        attempts += 1;
        if (attempts === 1)
          throw errorOf('port_in_use', 'The simulated servers could not start.', 'Close the other Drawbridge.');
        return workspace;
      },
    });
    renderWith(<WelcomePage />, backend, { path: '/welcome' });
    await userEvent.click(screen.getByRole('button', { name: 'Start the demo workspace' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Close the other Drawbridge.');
    await userEvent.click(screen.getByRole('button', { name: 'Start again' }));
    await waitFor(() => expect(screen.getByTestId('elsewhere').textContent).toBe('/'));
  });

  it('leads to connecting', async () => {
    renderWith(<WelcomePage />, testBackend({}), { path: '/welcome' });
    await userEvent.click(screen.getByRole('link', { name: 'Connect your own' }));
    expect(screen.getByTestId('elsewhere').textContent).toBe('/connections?connect');
  });
});
