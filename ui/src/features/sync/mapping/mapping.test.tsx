import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { MappingSaveRequest, MappingView, RuleView } from '@/backend';
import { errorOf, renderWith, testBackend } from '@/testing';
import { money, syncOf, text } from '../shared/testData';
import { MappingTab } from './MappingTab';

const rule = (more: Partial<RuleView>): RuleView => ({
  source: 'customer.name',
  source_label: 'Customer name',
  explanation: 'The name as the source has it.',
  source_kind: 'Text',
  sample: text('Burlington'),
  field: 'Name',
  field_label: 'Account Name',
  field_kind: 'Text 255',
  external_id: false,
  has_length: true,
  write: 'if_empty',
  blank: 'leave',
  length: 'block',
  problem: null,
  ...more,
});

function view(version: number, sample: number): MappingView {
  return {
    version,
    sobject: 'Account',
    sample_customer: { id: `c${sample}`, name: `Customer ${sample}`, index: sample },
    sample_total: 3,
    rules: [
      rule({}),
      rule({
        source: 'subscription.value',
        source_label: 'Value per interval',
        source_kind: 'Decimal',
        sample: money('1450'),
        field: 'Value__c',
        field_label: 'Value',
        field_kind: 'Currency 8, 2',
        has_length: false,
        problem: 'The field holds at most 99,999,999.99.',
      }),
    ],
  };
}

function backend(save: (request: MappingSaveRequest) => MappingView) {
  return testBackend({
    sync_get: () => syncOf(),
    mapping_get: ({ sample }) => view(7, sample),
    mapping_save: save,
  });
}

const at = { path: '/sync/1/mapping', route: '/sync/:id/mapping' };

describe('the mapping', () => {
  it('saves what changed, on the version it was changed on', async () => {
    const server = backend(() => view(8, 0));
    renderWith(<MappingTab />, server, at);
    await userEvent.selectOptions(await screen.findByLabelText('When Account Name is written'), 'always');
    expect(screen.getByTestId('mapping-state').textContent).toBe('Version 7, not saved: 1 change');
    expect(screen.getByTestId('mapping-save').textContent).toBe('Save as version 8');
    await userEvent.click(screen.getByTestId('mapping-save'));
    await waitFor(() => expect(screen.queryByTestId('mapping-save')).toBeNull());
    expect(server.calls.find((call) => call.name === 'mapping_save')?.request).toEqual({
      sync: 1,
      based_on: 7,
      rules: [{ field: 'Name', write: 'always', blank: 'leave', length: 'block' }],
    });
  });

  it('keeps the changes when saving is refused, and says why', async () => {
    const server = backend(() => {
      throw errorOf('bad_request', 'Version 8 was saved meanwhile. Your changes were not saved.');
    });
    renderWith(<MappingTab />, server, at);
    await userEvent.selectOptions(await screen.findByLabelText('Value if the source is blank'), 'clear');
    await userEvent.click(screen.getByTestId('mapping-save'));
    expect(await screen.findByText(/Version 8 was saved meanwhile/)).toBeTruthy();
    expect(screen.getByTestId('mapping-state').textContent).toContain('1 change');
  });

  it('steps through customers, shows problems, and says where length does not apply', async () => {
    renderWith(
      <MappingTab />,
      backend(() => view(8, 0)),
      at,
    );
    expect((await screen.findByTestId('mapping-sample')).textContent).toBe('Customer 0');
    await userEvent.click(screen.getByRole('button', { name: 'Next customer' }));
    await waitFor(() => expect(screen.getByTestId('mapping-sample').textContent).toBe('Customer 1'));
    expect(screen.getByText('The field holds at most 99,999,999.99.')).toBeTruthy();
    expect(screen.getAllByText('does not apply')).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Problems 1' }));
    expect(screen.queryByText('Account Name')).toBeNull();
    expect(screen.getByText('1,450.00')).toBeTruthy();
  });
});
