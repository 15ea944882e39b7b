import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { errorOf, renderWith, testBackend } from '@/testing';
import { orgConnection, syncOf } from '../shared/testData';
import { NewSync } from './NewSync';

const source = orgConnection({
  id: 1,
  name: 'Alguna',
  provider: 'alguna',
  environment: null,
  org: null,
  customers: 2136,
});

describe('a new sync', () => {
  it('updates existing records unless told otherwise', async () => {
    const server = testBackend({
      connection_list: () => [source, orgConnection()],
      sync_create: () => syncOf({ id: 9 }),
    });
    renderWith(<NewSync />, server, { path: '/sync/new' });
    expect((await screen.findByTestId('sync-sentence')).textContent).toContain('none is created');
    await userEvent.click(screen.getByTestId('sync-create'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/9/fields');
    expect(server.calls.find((call) => call.name === 'sync_create')?.request).toEqual({
      name: 'Alguna to Fernhill UAT',
      source: 1,
      org: 2,
      create_records: false,
      record_links: false,
    });
  });

  it('asks where ProfitWell goes, and makes no Account of several customers', async () => {
    const profitwell = { ...source, id: 3, name: 'ProfitWell', provider: 'profitwell' as const };
    const server = testBackend({
      connection_list: () => [profitwell, orgConnection()],
      sync_create: () => syncOf({ id: 9 }),
    });
    renderWith(<NewSync />, server, { path: '/sync/new' });
    await userEvent.click(await screen.findByLabelText('The source may create records'));
    expect(screen.getByText(/Each customer fills the Contact/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('sync-onto-profitwell_account'));
    expect(screen.getByText(/added up on it. No Account is created/)).toBeTruthy();
    expect(screen.queryByLabelText('The source may create records')).toBeNull();
    expect(screen.getByTestId('sync-sentence').textContent).toContain('none is created');
    await userEvent.click(screen.getByTestId('sync-create'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/9/fields');
    expect(server.calls.find((call) => call.name === 'sync_create')?.request).toEqual({
      name: 'ProfitWell on Accounts to Fernhill UAT',
      source: 3,
      org: 2,
      pack: 'profitwell_account',
      create_records: false,
      record_links: false,
    });
  });

  it('says when the name is taken, at the name', async () => {
    const server = testBackend({
      connection_list: () => [source, orgConnection()],
      sync_create: () => {
        throw errorOf('name_taken', 'Another sync has this name.');
      },
    });
    renderWith(<NewSync />, server, { path: '/sync/new' });
    await userEvent.click(await screen.findByTestId('sync-create'));
    expect(await screen.findByText('Another sync has this name.')).toBeTruthy();
  });

  it('leads to the connections when one side is missing', async () => {
    renderWith(<NewSync />, testBackend({ connection_list: () => [source] }), { path: '/sync/new' });
    expect(await screen.findByText('No Salesforce org is connected yet')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Open Connections' }));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/connections');
  });
});
