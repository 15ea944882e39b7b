import { configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type {
  MappingSaveRequest,
  MappingTermsView,
  MappingTryRequest,
  MappingTryView,
  MappingView,
  RuleDraft,
  RuleView,
} from '@/backend';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import { money, planOf, syncOf, text } from '../shared/testData';
import { MappingTab } from './MappingTab';

// Finding by role looks at the whole page, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

const rule = (more: Partial<RuleView>): RuleView => ({
  source: 'customer.name',
  expression: false,
  source_label: 'Customer name',
  explanation: 'The name as the source has it.',
  source_kind: 'Text',
  sample: text('Burlington'),
  sample_problem: null,
  field: 'Name',
  field_label: 'Account Name',
  field_kind: 'Text 255',
  external_id: false,
  has_length: true,
  required: true,
  write: 'if_empty',
  blank: 'leave',
  length: 'block',
  problems: [],
  ...more,
});

const NAME: RuleDraft = { field: 'Name', source: 'customer.name', write: 'if_empty', blank: 'leave', length: 'block' };
const VALUE: RuleDraft = {
  field: 'Value__c',
  source: 'subscription.value',
  write: 'if_empty',
  blank: 'leave',
  length: 'block',
};

function view(version: number, sample: number): MappingView {
  return {
    version,
    sobject: 'Account',
    problems: [],
    sample_customer: { id: `c${sample}`, name: `Customer ${sample}`, index: sample },
    sample_total: 3,
    unreached: null,
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
        problems: [
          {
            severity: 'blocks',
            message: 'Value__c takes 8 digits before the point; larger amounts block.',
            next_step: 'Give the field more digits if amounts can be larger.',
          },
        ],
      }),
    ],
  };
}

const TERMS: MappingTermsView = {
  values: [
    { name: 'customer.name', label: 'Customer name', explanation: 'The name as the source has it.', kind: 'Text' },
  ],
  names: [{ name: 'customer.name', usage: 'customer.name', explanation: 'The customer’s name.' }],
  filters: [{ name: 'upper', usage: '| upper', explanation: 'In upper case.' }],
  tests: [],
};

/** Tries as the engine does: `nmae` is no name. */
function tried({ rule: one, offset }: MappingTryRequest): MappingTryView {
  const at = one.source.indexOf('nmae');
  return {
    problems:
      at < 0
        ? []
        : [
            {
              problem: {
                severity: 'stops',
                message: '“customer.nmae” is not a name this sync knows.',
                next_step: 'Did you mean customer.name?',
              },
              line: 1,
              column: 4,
            },
          ],
    samples: [0, 1].map((place) => ({
      id: `c${offset + place}`,
      name: `Customer ${offset + place}`,
      value: at < 0 ? text(`CUSTOMER ${offset + place}`) : null,
      why_not: at < 0 ? null : 'It cannot be computed.',
      blocked: at >= 0,
    })),
    total: 12,
    field_kind: 'Text 255',
  };
}

function backend(more: Answers = {}) {
  return testBackend({
    sync_get: () => syncOf(),
    mapping_get: ({ sample }) => view(7, sample),
    mapping_check: ({ sample }) => view(7, sample),
    mapping_save: () => view(8, 0),
    mapping_fields: () => [
      { name: 'Industry', label: 'Industry', kind: 'Picklist', custom: false, required: false },
      { name: 'Name', label: 'Account Name', kind: 'Text 255', custom: false, required: true },
    ],
    mapping_proposals: () => [],
    mapping_versions: () => [],
    mapping_terms: () => TERMS,
    mapping_try: tried,
    ...more,
  });
}

const at = { path: '/sync/1/mapping', route: '/sync/:id/mapping' };
const saved = (server: ReturnType<typeof backend>) =>
  server.calls.filter((call) => call.name === 'mapping_save').map((call) => call.request as MappingSaveRequest);

describe('the mapping', { timeout: 60_000 }, () => {
  it('saves every rule, on the version it was changed on', async () => {
    const server = backend();
    renderWith(<MappingTab />, server, at);
    await userEvent.selectOptions(await screen.findByLabelText('When Account Name is written'), 'always');
    expect(screen.getByTestId('mapping-state').textContent).toBe('Version 7, not saved: 1 change');
    expect(screen.getByTestId('mapping-save').textContent).toBe('Save as version 8');
    await userEvent.click(screen.getByTestId('mapping-save'));
    await waitFor(() => expect(screen.queryByTestId('mapping-save')).toBeNull());
    expect(saved(server)).toEqual([{ sync: 1, based_on: 7, rules: [{ ...NAME, write: 'always' }, VALUE] }]);
  });

  it('prints the name of a value as an expression takes it', async () => {
    renderWith(<MappingTab />, backend(), at);
    const rule = within(await screen.findByTestId('rule-Value__c'));
    expect(rule.getByText('pack.subscription.value')).toBeTruthy();
    expect(rule.queryByText('subscription.value')).toBeNull();
  });

  it('keeps the changes when saving is refused, and says why', async () => {
    const server = backend({
      mapping_save: () => {
        throw errorOf('bad_request', 'The mapping was not saved: no preview could be made of it.');
      },
    });
    renderWith(<MappingTab />, server, at);
    await userEvent.selectOptions(await screen.findByLabelText('Value if the source is blank'), 'clear');
    await userEvent.click(screen.getByTestId('mapping-save'));
    expect(await screen.findByText(/no preview could be made of it/)).toBeTruthy();
    expect(screen.getByTestId('mapping-state').textContent).toContain('1 change');
  });

  it('steps through customers, shows problems with their step, and says where length does not apply', async () => {
    renderWith(<MappingTab />, backend(), at);
    expect((await screen.findByTestId('mapping-sample')).textContent).toBe('Customer 0');
    await userEvent.click(screen.getByRole('button', { name: 'Next customer' }));
    await waitFor(() => expect(screen.getByTestId('mapping-sample').textContent).toBe('Customer 1'));
    expect(screen.getByText(/larger amounts block/)).toBeTruthy();
    expect(screen.getByText(/Give the field more digits/)).toBeTruthy();
    expect(screen.getAllByText('does not apply')).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Problems 1' }));
    expect(screen.queryByText('Account Name')).toBeNull();
    expect(screen.getByText('1,450.00')).toBeTruthy();
  });

  it('asks before another screen is opened over unsaved changes', async () => {
    const { router } = renderWith(<MappingTab />, backend(), at);
    await userEvent.selectOptions(await screen.findByLabelText('When Account Name is written'), 'always');
    void router.navigate('/sync/1/preview');
    expect(await screen.findByText('1 unsaved change to the mapping would be lost.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Stay here' }));
    expect(screen.getByTestId('mapping-state').textContent).toContain('1 change');
    void router.navigate('/sync/1/preview');
    await userEvent.click(await screen.findByTestId('leave-unsaved'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/preview');
  });

  it('keeps the keyboard beside what goes away', async () => {
    renderWith(<MappingTab />, backend(), at);
    await userEvent.click(await screen.findByRole('button', { name: 'Remove the rule for Value' }));
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /^Customer name/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('mapping-versions')));
    await userEvent.click(screen.getByTestId('mapping-more'));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Versions…' }));
    await screen.findByRole('dialog');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('mapping-more')));
  });

  it('says that a new version needs a new preview', async () => {
    const server = backend({
      mapping_get: () => view(8, 0),
      sync_get: () => syncOf({ mapping_version: 8, latest_plan: planOf({ mapping_version: 7 }) }),
    });
    renderWith(<MappingTab />, server, at);
    const note = await screen.findByTestId('mapping-outdated');
    expect(note.textContent).toContain('version 7');
    await userEvent.click(within(note).getByRole('button', { name: 'Go to Preview' }));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/preview');
  });

  it('offers what went wrong and another try when it cannot be read', async () => {
    let broken = true;
    const server = backend({
      mapping_get: () => {
        if (broken) throw errorOf('unreachable', 'Fernhill UAT does not answer.');
        return view(7, 0);
      },
    });
    renderWith(<MappingTab />, server, at);
    expect(await screen.findByText('Fernhill UAT does not answer.')).toBeTruthy();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Account Name')).toBeTruthy();
  });
});

describe('a mapping whose org cannot be asked', { timeout: 60_000 }, () => {
  const apart = (fields_at: string | null): MappingView => {
    const { problems: _, ...rest } = view(7, 0);
    const why = errorOf('unreachable', 'Fernhill UAT does not answer.').view;
    const rules = rest.rules.map((rule) => ({ ...rule, problems: [], ...(fields_at ? {} : { field_kind: null }) }));
    return { ...rest, rules, problems: [], unreached: { why, fields_at } };
  };

  it('shows the rules as they are stored, says so, and tries again', async () => {
    let broken = true;
    const server = backend({ mapping_get: () => (broken ? apart('2026-11-21T08:51:00Z') : view(7, 0)) });
    renderWith(<MappingTab />, server, at);
    const strip = await screen.findByTestId('mapping-unreached');
    expect(strip.textContent).toContain('Salesforce cannot be reached.');
    expect(strip.textContent).toContain('Fernhill UAT does not answer.');
    expect(strip.textContent).toContain('Nothing was checked.');
    expect(screen.getByText('Account Name')).toBeTruthy();
    // Nothing is claimed that was not looked at.
    expect(screen.queryByRole('button', { name: /^Problems/ })).toBeNull();
    expect(server.calls.some((call) => call.name === 'mapping_proposals')).toBe(false);
    broken = false;
    await userEvent.click(within(strip).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByTestId('mapping-unreached')).toBeNull());
    expect(screen.getByRole('button', { name: /^Problems/ })).toBeTruthy();
  });

  it('does not wait for an org that takes long', async () => {
    const waits = { ...apart(null), unreached: { why: null, fields_at: '2026-11-21T08:51:00Z' } };
    const server = backend({ mapping_get: ({ stored }) => (stored ? waits : new Promise<MappingView>(() => {})) });
    renderWith(<MappingTab />, server, at);
    const strip = await screen.findByTestId('mapping-unreached');
    expect(strip.textContent).toContain('Salesforce has not answered yet.');
    expect(screen.getByText('Account Name')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  it('has what needs the org off, with the reason, and lets a rule be looked at', async () => {
    const server = backend({ mapping_get: () => apart(null) });
    renderWith(<MappingTab />, server, at);
    const add = await screen.findByTestId('mapping-add');
    expect(add.getAttribute('aria-disabled')).toBe('true');
    await userEvent.click(add);
    expect(screen.queryByRole('dialog')).toBeNull();
    const write = screen.getByLabelText('When Account Name is written');
    expect(write).toHaveProperty('disabled', true);
    expect(write.getAttribute('title')).toContain('Salesforce could not be asked');
    // A type that was never read is not a field that is missing.
    expect(screen.queryByText('Missing')).toBeNull();
    await userEvent.click(screen.getByRole('button', { expanded: false, name: /Customer name/ }));
    expect(await screen.findByTestId('rule-editor')).toBeTruthy();
    expect(server.calls.some((call) => call.name === 'mapping_try')).toBe(false);
  });
});

describe('a new rule', { timeout: 60_000 }, () => {
  async function added() {
    const server = backend();
    renderWith(<MappingTab />, server, at);
    await userEvent.click(await screen.findByTestId('mapping-add'));
    const search = await screen.findByTestId('field-search');
    await userEvent.type(search, 'name');
    const used = await screen.findByRole('option', { name: /Account Name/ });
    expect(used.getAttribute('aria-disabled')).toBe('true');
    await userEvent.keyboard('{Enter}');
    expect(screen.getByTestId('field-search')).toBeTruthy();
    await userEvent.clear(search);
    await userEvent.type(search, 'indus{Enter}');
    const editor = await screen.findByTestId('rule-editor');
    return { server, editor };
  }

  it('is chosen from the fields of the org, and those in use are marked', async () => {
    const { editor } = await added();
    expect(screen.queryByTestId('field-search')).toBeNull();
    expect(screen.getByTestId('mapping-state').textContent).toContain('1 change');
    expect(within(editor).getByText(/Nothing feeds this field yet/)).toBeTruthy();
  });

  it('takes an expression, shows what it gives, and where it is wrong', async () => {
    const { server, editor } = await added();
    await userEvent.click(within(editor).getByTestId('rule-source'));
    await userEvent.click(await screen.findByRole('option', { name: /An expression/ }));
    const expression = await within(editor).findByTestId('expression');
    await userEvent.clear(expression);
    await userEvent.paste('{{ customer.nmae }}');
    expect(await within(editor).findByText(/is not a name this sync knows/)).toBeTruthy();
    expect(within(editor).getByText(/Did you mean customer.name/)).toBeTruthy();
    expect(within(editor).getByRole('button', { name: 'Line 1, character 4' })).toBeTruthy();
    await userEvent.clear(expression);
    await userEvent.paste('{{ customer.name }}');
    expect(await within(editor).findByText('CUSTOMER 1')).toBeTruthy();
    expect(within(editor).getByText(/read as Text 255/)).toBeTruthy();
    await userEvent.click(within(editor).getByTestId('expression-terms'));
    await userEvent.click(await within(editor).findByRole('button', { name: /upper In upper case/ }));
    await waitFor(() => expect((expression as HTMLTextAreaElement).value).toBe('{{ customer.name | upper }}'));
    await userEvent.click(within(editor).getByRole('button', { name: 'Next five customers' }));
    expect(await within(editor).findByText('CUSTOMER 5')).toBeTruthy();
    await userEvent.click(screen.getByTestId('mapping-save'));
    await waitFor(() => expect(saved(server)).toHaveLength(1));
    expect(saved(server)[0]?.rules.at(-1)).toEqual({
      field: 'Industry',
      source: '{{ customer.name | upper }}',
      write: 'always',
      blank: 'leave',
      length: 'block',
    });
  });

  it('is removed again without a trace', async () => {
    await added();
    await userEvent.click(screen.getByRole('button', { name: 'Remove the rule for Industry' }));
    expect(screen.getByTestId('mapping-state').textContent).toBe('Version 7');
  });
});

describe('proposals, versions and files', { timeout: 60_000 }, () => {
  const industry: RuleDraft = { ...NAME, field: 'Industry', write: 'always' };

  it('accepts all proposals into the unsaved mapping', async () => {
    const server = backend({
      mapping_proposals: ({ rules }) =>
        rules.some((one) => one.field === 'Industry')
          ? []
          : [
              {
                rule: industry,
                field_label: 'Industry',
                field_kind: 'Picklist',
                source_label: 'Customer name',
                because: 'The Alguna pack fills Industry from Customer name.',
              },
            ],
    });
    renderWith(<MappingTab />, server, at);
    await userEvent.click(await screen.findByTestId('mapping-proposals'));
    expect(await screen.findByText(/The Alguna pack fills Industry/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('proposals-all'));
    expect(screen.getByTestId('mapping-state').textContent).toContain('1 change');
    await waitFor(() => expect(screen.queryByTestId('mapping-proposals')).toBeNull());
  });

  it('takes an earlier version back as a new one', async () => {
    const server = backend({
      mapping_versions: () => [
        { version: 7, saved_at: '2026-11-21T09:00:00Z', rules: 2, differences: [] },
        { version: 6, saved_at: null, rules: 1, differences: [] },
      ],
      mapping_version: () => ({
        rules: [NAME],
        differences: [{ field: 'Value__c', kind: 'removed', sentences: ['Was filled from subscription.value.'] }],
        problems: [],
        usable: true,
      }),
    });
    renderWith(<MappingTab />, server, at);
    await userEvent.click(await screen.findByTestId('mapping-versions'));
    await userEvent.click(await screen.findByTestId('version-6'));
    expect(await screen.findByText('Was filled from subscription.value.')).toBeTruthy();
    await userEvent.click(screen.getByTestId('version-take-back'));
    await waitFor(() => expect(saved(server)).toEqual([{ sync: 1, based_on: 7, rules: [NAME] }]));
  });

  it('shows what a file would change, and does not save one that is wrong', async () => {
    const server = backend({
      mapping_read: ({ text: read }) =>
        read.includes('broken')
          ? {
              rules: [],
              differences: [],
              problems: [{ severity: 'stops', message: 'Line 2: This is not TOML.', next_step: 'Correct the line.' }],
              usable: false,
            }
          : {
              rules: [NAME],
              differences: [{ field: 'Value__c', kind: 'removed', sentences: ['Was filled from subscription.value.'] }],
              problems: [],
              usable: true,
            },
    });
    renderWith(<MappingTab />, server, at);
    await userEvent.click(await screen.findByTestId('mapping-more'));
    await userEvent.click(await screen.findByTestId('mapping-import'));
    const input = await screen.findByTestId('import-file');
    await userEvent.upload(input, new File(['broken'], 'broken.toml', { type: 'text/plain' }));
    expect(await screen.findByText(/Line 2: This is not TOML/)).toBeTruthy();
    expect((screen.getByTestId('import-save') as HTMLButtonElement).disabled).toBe(true);
    await userEvent.upload(input, new File(['version = 1'], 'good.toml', { type: 'text/plain' }));
    expect(await screen.findByText('Was filled from subscription.value.')).toBeTruthy();
    await userEvent.click(screen.getByTestId('import-save'));
    await waitFor(() => expect(saved(server)).toHaveLength(1));
  });
});
