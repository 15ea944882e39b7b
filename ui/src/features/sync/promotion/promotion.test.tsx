import { configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { PromotionLine, PromotionView } from '@/backend';
import { renderWith, testBackend } from '@/testing';
import { orgConnection, productionOrg, syncOf } from '../shared/testData';
import { otherOrgs, PromoteDialog, standing } from './PromoteDialog';

// What is drawn takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

const missing: PromotionLine = {
  field: 'Alguna_Tax_Rate__c',
  label: 'Alguna Tax Rate',
  state: 'to_do',
  blocking: true,
  checks: [{ ok: false, sentence: 'Alguna_Tax_Rate__c does not exist.', remedy: 'Drawbridge can create it.' }],
};
const ready: PromotionLine = {
  field: 'Name',
  label: 'Account Name',
  state: 'ok',
  blocking: false,
  checks: [{ ok: true, sentence: 'Name exists.', remedy: null }],
};
const hidden: PromotionLine = {
  ...missing,
  field: 'Website',
  label: 'Website',
  state: 'cannot',
  checks: [{ ok: false, sentence: 'Website cannot be seen.', remedy: 'An admin of the org: Give access.' }],
};

const view = (more: Partial<PromotionView> = {}): PromotionView => ({
  org_name: 'Fernhill',
  environment: 'production',
  mapping_version: 7,
  lines: [missing, ready],
  creatable: 1,
  blocking: 1,
  suggested_name: 'Alguna to Fernhill',
  existing: null,
  ...more,
});

const production = { ...productionOrg(), id: 3 };

describe('promotion', { timeout: 60_000 }, () => {
  it('offers the other orgs, production first', () => {
    const other = orgConnection({ id: 4, name: 'QA' });
    expect(otherOrgs([orgConnection(), other, production], syncOf()).map((one) => one.id)).toEqual([3, 4]);
  });

  it('says what stands in the way', () => {
    expect(standing(view())).toBe('1 field is missing; Drawbridge can create it.');
    expect(standing(view({ blocking: 3, creatable: 2 }))).toContain('1 field needs somebody');
    expect(standing(view({ blocking: 0, creatable: 0 }))).toBe('Nothing is in the way in Fernhill.');
  });

  it('creates the fields, makes the sync, and leads to its first preview', async () => {
    let created = false;
    const server = testBackend({
      connection_list: () => [orgConnection(), production],
      promotion_check: () =>
        created ? view({ lines: [{ ...missing, state: 'ok', checks: [] }], blocking: 0, creatable: 0 }) : view(),
      promotion_deploy: () => {
        created = true;
        return { deploy_id: '0Af1', check_only: false, succeeded: true, created: 13, problems: [], fields: null };
      },
      promotion_finish: () => syncOf({ id: 9, name: 'Alguna to Fernhill', org_name: 'Fernhill' }),
    });
    renderWith(<PromoteDialog sync={syncOf()} onClose={vi.fn()} />, server, { path: '/sync/1/mapping' });
    const create = await screen.findByTestId('promotion-deploy');
    expect(create.textContent).toBe('Create 1 field in Fernhill (PRODUCTION)');
    expect(screen.queryByTestId('promotion-finish')).toBeNull();
    await userEvent.click(create);
    const finish = await screen.findByTestId('promotion-finish');
    await waitFor(() => expect((finish as HTMLButtonElement).disabled).toBe(false));
    await userEvent.click(finish);
    expect(await screen.findByText(/first preview is next/)).toBeTruthy();
    expect(server.calls.find((call) => call.name === 'promotion_finish')?.request).toEqual({
      sync: 1,
      org: 3,
      name: 'Alguna to Fernhill',
    });
    await userEvent.click(screen.getByTestId('promoted-preview'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/9/preview');
  });

  it('makes no sync while somebody else has to act, and says who', async () => {
    const server = testBackend({
      connection_list: () => [orgConnection(), production],
      promotion_check: () => view({ lines: [hidden, ready], blocking: 1, creatable: 0 }),
    });
    renderWith(<PromoteDialog sync={syncOf()} onClose={vi.fn()} />, server);
    expect(await screen.findByText(/An admin of the org: Give access/)).toBeTruthy();
    expect((screen.getByTestId('promotion-finish') as HTMLButtonElement).disabled).toBe(true);
  });

  it('says how to go on when no other org is connected', async () => {
    renderWith(
      <PromoteDialog sync={syncOf()} onClose={vi.fn()} />,
      testBackend({ connection_list: () => [orgConnection()] }),
    );
    expect(await screen.findByText('No other org is connected')).toBeTruthy();
  });
});
