import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { FieldsView, NeededField } from '@/backend';
import { renderWith, testBackend } from '@/testing';
import { syncOf } from '../shared/testData';
import { FieldsTab } from './FieldsTab';

const field = (name: string, state: NeededField['state']): NeededField => ({
  name,
  label: name.replaceAll('_', ' '),
  kind: 'Text(255)',
  description: `What ${name} is for`,
  external_id: false,
  state,
  problem: state === 'ready' ? null : 'It is missing.',
});

const fields = (state: NeededField['state']): FieldsView => ({
  sobject: 'Account',
  fields: [field('A__c', state), field('B__c', state)],
  ready: state === 'ready' ? 2 : 0,
  permission_set: 'Drawbridge',
  assigned: state === 'ready',
  read_at: '2026-11-21T09:28:00',
});

const at = { path: '/sync/1/fields', route: '/sync/:id/fields' };

describe('the fields', () => {
  it('creates what is missing, proves it, and leads on', async () => {
    let made = false;
    const server = testBackend({
      sync_get: () => syncOf(),
      fields_get: () => fields(made ? 'ready' : 'missing'),
      fields_deploy: () => {
        made = true;
        return {
          deploy_id: '0Af1',
          check_only: false,
          succeeded: true,
          created: 13,
          problems: [],
          fields: fields('ready'),
        };
      },
    });
    renderWith(<FieldsTab />, server, at);
    const button = await screen.findByTestId('fields-deploy');
    expect(button.textContent).toBe('Create 2 fields in Fernhill UAT (SANDBOX)');
    expect(screen.getByTestId('fields-proof').textContent).toContain('0 of 2');
    await userEvent.click(button);
    await waitFor(() =>
      expect(screen.getByTestId('fields-proof').textContent).toBe('read back at 09:28: 2 of 2 exist and can be edited'),
    );
    expect(screen.getByTestId('fields-result').textContent).toContain('0Af1');
    await userEvent.click(screen.getByTestId('fields-next'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/mapping');
  });

  it("checks without writing, and shows Salesforce's own words", async () => {
    const server = testBackend({
      sync_get: () => syncOf(),
      fields_get: () => fields('missing'),
      fields_validate: () => ({
        deploy_id: '0Af2',
        check_only: true,
        succeeded: false,
        created: 0,
        problems: [{ component: 'Account.A__c', problem: 'duplicate value found' }],
        fields: null,
      }),
    });
    renderWith(<FieldsTab />, server, at);
    await userEvent.click(await screen.findByTestId('fields-validate'));
    const result = await screen.findByTestId('fields-result');
    expect(result.textContent).toContain('Account.A__c: duplicate value found');
    expect(result.textContent).toContain('Nothing was written');
    expect(server.calls.some((call) => call.name === 'fields_deploy')).toBe(false);
  });
});
