import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import { speakerOf, syncOf } from '../shared/testData';
import { SettingsTab } from './SettingsTab';
import { choicesAt, withYardstick } from './yardsticks';

const row = { source: 1, customer: 'wcqYrqfE', customer_name: 'Burlington Textiles Corp of America' };

function backend(more: { sync?: Parameters<typeof syncOf>[0]; answers?: Answers } = {}) {
  let sync = syncOf(more.sync);
  return testBackend({
    sync_get: () => sync,
    sync_save: (request) => {
      const given = Object.entries(request).filter(([key, value]) => key !== 'sync' && value !== null);
      sync = { ...sync, ...Object.fromEntries(given) };
      return sync;
    },
    // Only what the picker reads.
    subscription_list: () => ({ rows: [row], total: 1 }) as never,
    speaker_get: () => speakerOf(),
    speaker_pin: () => speakerOf(),
    ...more.answers,
  });
}

const draw = (server: ReturnType<typeof backend>) =>
  renderWith(<SettingsTab />, server, { path: '/sync/1/settings', route: '/sync/:id/settings' });
const sent = (server: ReturnType<typeof backend>, name: string) =>
  server.calls.filter((call) => call.name === name).map((call) => call.request);

describe('the settings of a sync', () => {
  it('offers no Accounts to be created where customers are added up on them', async () => {
    draw(backend({ sync: { pack: 'profitwell_account' } }));
    expect((await screen.findByTestId('settings-rolled-up')).textContent).toContain('No Account is created');
    expect(screen.queryByLabelText('The source may create records')).toBeNull();
  });

  it('saves what was changed and nothing else', async () => {
    const server = backend();
    draw(server);
    await userEvent.click(await screen.findByLabelText('Update existing records only'));
    expect(screen.getByTestId('settings-state').textContent).toBe('Not saved: 1 change');
    await userEvent.click(screen.getByTestId('settings-save'));
    await waitFor(() => expect(screen.getByTestId('settings-state').textContent).toContain('Saved.'));
    expect(sent(server, 'sync_save')).toEqual([
      { sync: 1, name: null, create_records: false, mask_emails: null, speaker: null },
    ]);
  });

  it('says when the name is taken, at the name', async () => {
    const answers: Answers = {
      sync_save: () => {
        throw errorOf('name_taken', 'Another sync has this name.');
      },
    };
    draw(backend({ answers }));
    await userEvent.type(await screen.findByTestId('settings-name'), ' 2');
    await userEvent.click(screen.getByTestId('settings-save'));
    expect(await screen.findByText('Another sync has this name.')).toBeTruthy();
  });

  it('never masks in production', async () => {
    draw(backend({ sync: { environment: 'production' } }));
    const mask: HTMLInputElement = await screen.findByTestId('settings-mask');
    expect([mask.checked, mask.disabled]).toEqual([false, true]);
  });

  it('tries a changed rule on a customer before it is saved, and pins only by the saved one', async () => {
    const server = backend();
    draw(server);
    await userEvent.click(await screen.findByTestId('speaker-customer'));
    await userEvent.click(await screen.findByRole('option', { name: row.customer_name }));
    const list = await screen.findByTestId('speaker-list');
    await userEvent.click(within(list).getByRole('button', { name: 'Let it speak: Growth' }));
    expect(sent(server, 'speaker_pin')).toEqual([{ sync: 1, customer: 'wcqYrqfE', subscription: 'sub_2' }]);

    await userEvent.click(screen.getByTestId('yardstick-0'));
    await userEvent.click(await screen.findByRole('option', { name: 'Highest monthly value' }));
    await waitFor(() =>
      expect(sent(server, 'speaker_get').at(-1)).toEqual({
        sync: 1,
        customer: 'wcqYrqfE',
        rule: ['highest_value', 'latest_start'],
      }),
    );
    expect(screen.queryByRole('button', { name: 'Let it speak: Growth' })).toBeNull();
  });
});

describe('a rule', () => {
  it('names no yardstick twice', () => {
    expect(withYardstick(['status', 'latest_start'], 0, 'latest_start')).toEqual(['latest_start']);
    expect(withYardstick(['status', 'latest_start'], 2, 'highest_value')).toEqual([
      'status',
      'latest_start',
      'highest_value',
    ]);
    expect(withYardstick(['status', 'latest_start'], 0, null)).toEqual([]);
    expect(choicesAt(['status'], 1).map((one) => one.value)).toEqual([
      'latest_start',
      'earliest_start',
      'highest_value',
    ]);
  });
});
