import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { MatchListRequest, MatchView, SyncView } from '@/backend';
import { type Answers, errorOf, renderWith, testBackend } from '@/testing';
import { WhyPanel } from '../preview/WhyPanel';
import { explainOf, planOf, rowOf, speakerOf, syncOf } from '../shared/testData';
import { leftOpen } from './decisions';
import { MatchingTab } from './MatchingTab';
import { matchOf, proposalOf } from './testData';

const ROWS: Array<MatchView> = [
  matchOf(),
  matchOf({
    customer: 'RtvuXtKS',
    name: 'Araújo Café Ltda.',
    proposals: [
      proposalOf({ record: { id: '001T', name: 'Araújo Café', url: null }, score: 88, taken_by: 'someone1' }),
      proposalOf({ record: { id: '001C', name: 'Café Araújo SA', url: null }, score: 54 }),
    ],
  }),
  matchOf({ customer: '5HOphS2J', name: 'Ashworth Nurseries Ltd' }),
  matchOf({
    customer: 'conflict1',
    name: 'Palisade Security',
    state: 'conflict',
    proposals: [],
    problem: 'Record 001X also matches “b”. Put each customer’s id into its own record.',
  }),
  matchOf({
    customer: 'found1',
    name: 'Highgate Bikes',
    state: 'found',
    proposals: [],
    record: { id: '001F', name: 'Highgate Bikes Group, Inc.', url: null },
    matched_by: 'Linked in the billing system',
  }),
  matchOf({ customer: 'none1', name: 'Abernathy Farms', state: 'not_found', proposals: [] }),
  matchOf({ customer: 'apart1', name: 'Zephyr', state: 'apart', proposals: [], decision: { kind: 'ignore' } }),
];

/** A backend that remembers decisions, as the real one does. */
function backend(more: { sync?: Partial<SyncView>; rows?: Array<MatchView>; answers?: Answers } = {}) {
  let rows = more.rows ?? ROWS;
  const number = (state: MatchView['state']) => rows.filter((row) => row.state === state).length;
  const list = ({ state, search, offset, limit }: MatchListRequest) => {
    const all = rows.filter((row) => row.state === state && `${row.name} ${row.customer}`.includes(search));
    return {
      rows: all.slice(offset, offset + limit),
      total: all.length,
      counts: {
        found: number('found'),
        not_found: number('not_found'),
        proposed: number('proposed'),
        conflicts: number('conflict'),
        apart: number('apart'),
        decided: rows.filter((row) => leftOpen(row) && row.decision !== null).length,
      },
    };
  };
  return testBackend({
    sync_get: () => syncOf(more.sync),
    match_list: list,
    match_decide: ({ customer, decision }) => {
      rows = rows.map((row) => (row.customer === customer ? { ...row, decision } : row));
      return rows.find((row) => row.customer === customer) ?? matchOf();
    },
    match_search: ({ search }) =>
      [
        { id: '001S', name: 'Ashby Nurseries', url: null },
        { id: '001N', name: 'Ashford', url: null },
      ].filter((record) => record.name.includes(search) || record.id === search),
    plan_start: () => planOf({ id: 58, status: 'planning' }),
    match_take_over_all: ({ apply }) => ({ applied: apply, sure: 0, unsure: 0, rows: [] }),
    ...more.answers,
  });
}

/** A backend that answers decisions one at a time, when it is told to. */
function slowBackend() {
  const server = backend();
  const call = server.call.bind(server);
  const held: Array<() => void> = [];
  server.call = async (name, request) => {
    const answer = call(name, request);
    if (name === 'match_decide') {
      await new Promise<void>((resolve) => held.push(resolve));
    }
    return answer;
  };
  const release = async () => {
    await waitFor(() => expect(held).toHaveLength(1));
    held.pop()?.();
  };
  return { server, release };
}

const draw = (server: ReturnType<typeof backend>, query = '') =>
  renderWith(<MatchingTab />, server, { path: `/sync/1/matching${query}`, route: '/sync/:id/matching' });
const sent = (server: ReturnType<typeof backend>, name: string) =>
  server.calls.filter((call) => call.name === name).map((call) => call.request);
const rowNamed = async (name: string) => {
  const cell = await within(await screen.findByRole('grid')).findByText(name);
  const row = cell.closest('[role="row"]');
  if (!(row instanceof HTMLElement)) {
    throw new Error(`${name} stands in no row`);
  }
  return row;
};
const openRow = async (name: string) => {
  await rowNamed(name);
  await userEvent.click(within(screen.getByRole('grid')).getByText(name));
  return within(await screen.findByTestId('match-panel'));
};

const TAKEOVER = {
  customer: 'old1',
  name: 'Alder Outdoor Ltda.',
  gone_at: '2026-11-21T10:00:00Z',
  message:
    'This Account is linked to customer old1 (Alder Outdoor Ltda.), which was in Alguna until 2026-11-21 and is not any more. It looks like the same customer with a new id.',
};

describe('a customer with a new id', () => {
  const rows = [matchOf({ proposals: [proposalOf({ takeover: TAKEOVER })] })];

  it('is offered the link of the old one, with what is known of it', async () => {
    const server = backend({ rows });
    draw(server);
    expect(within(await rowNamed('Alder Outdoor Ltda.')).getByText('linked to old1, which is gone')).toBeTruthy();
    const panel = await openRow('Alder Outdoor Ltda.');
    expect(panel.getByTestId('match-takeover').textContent).toBe(TAKEOVER.message);
    await userEvent.click(panel.getByRole('button', { name: /^Take over the link/ }));
    await waitFor(() =>
      expect(sent(server, 'match_decide')).toEqual([
        { sync: 1, customer: 'rPOtaT2k', decision: { kind: 'accept', record: '001A' } },
      ]),
    );
    expect(await panel.findByText('Link taken over')).toBeTruthy();
  });

  it('says whose link a decision takes over', async () => {
    const takeover = { ...TAKEOVER, message: 'On 2026-11-22 it was decided that rPOtaT2k takes over.' };
    const decision = { kind: 'accept', record: '001A' } as const;
    draw(backend({ rows: [matchOf({ decision, takeover })] }));
    const panel = await openRow('Alder Outdoor Ltda.');
    expect(panel.getByTestId('match-taken-over').textContent).toBe(takeover.message);
  });

  it('goes over with all others at once, after a look at them', async () => {
    const all = [1, 2, 3].map((at) => ({
      customer: `new${at}`,
      name: `Imported ${at}`,
      record: { id: `001${at}`, name: `Imported ${at} Ltd`, url: null },
      former: `old${at}`,
      evidence: [`the address ${at}@again.example`],
    }));
    const server = backend({
      rows,
      answers: { match_take_over_all: ({ apply }) => ({ applied: apply, sure: 3, unsure: 1, rows: all }) },
    });
    draw(server);
    const strip = await screen.findByTestId('takeover-strip');
    expect(strip.textContent).toContain('3 customers came back to Alguna under new ids');
    await userEvent.click(screen.getByTestId('takeover-look'));
    const listed = await screen.findByRole('list', { name: 'Links that go over' });
    expect(within(listed).getByText('old2 → new2')).toBeTruthy();
    expect(screen.getByText(/1 customer is less certain/)).toBeTruthy();
    expect(sent(server, 'match_take_over_all')).not.toContainEqual({ sync: 1, apply: true });
    await userEvent.click(screen.getByTestId('takeover-all'));
    await waitFor(() => expect(sent(server, 'match_take_over_all')).toContainEqual({ sync: 1, apply: true }));
    await waitFor(() => expect(screen.getByTestId('matching-said').textContent).toContain('3 links taken over'));
  });

  it('is no matter where every customer kept its id', async () => {
    draw(backend());
    await rowNamed('Alder Outdoor Ltda.');
    expect(screen.queryByTestId('takeover-strip')).toBeNull();
  });
});

describe('the review queue', () => {
  it('asks for a preview first', async () => {
    draw(backend({ sync: { latest_plan: null } }));
    expect(await screen.findByText('Preview first')).toBeTruthy();
    await userEvent.click(screen.getByTestId('matching-preview'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/preview');
  });

  it('says that a preview is being made', async () => {
    draw(backend({ sync: { latest_plan: planOf({ status: 'planning', finished_at: null }) } }));
    expect(await screen.findByText('The preview is being made')).toBeTruthy();
  });

  it('shows the likeliest record, how likely it is and why, and counts every group', async () => {
    draw(backend());
    const row = await rowNamed('Alder Outdoor Ltda.');
    for (const text of ['Alder Outdoor', '91%', 'The name “Alder Outdoor”', 'the domain alder-outdoor.example']) {
      expect(within(row).getByText(text)).toBeTruthy();
    }
    const figures = ['proposed', 'conflict', 'found', 'not_found', 'apart'].map(
      (group) => screen.getByTestId(`group-${group}`).textContent,
    );
    expect(figures).toEqual(['Needs a decision 3', 'Conflicts 1', 'Found 1', 'No record 1', 'Set apart 1']);
    expect(screen.getByTestId('matching-headline').textContent).toBe('4 customers wait for a decision.');
    expect(screen.getByRole('link', { name: /^Matching/ }).textContent).toBe('Matching4');
  });

  it('accepts the likeliest, says that the next preview follows, and takes it back', async () => {
    const server = backend();
    draw(server);
    const panel = await openRow('Alder Outdoor Ltda.');
    expect(screen.getByTestId('matching-waiting').textContent).not.toContain('decision');
    await userEvent.click(panel.getByRole('button', { name: 'Accept Alder Outdoor' }));
    await waitFor(() =>
      expect(sent(server, 'match_decide')).toEqual([
        { sync: 1, customer: 'rPOtaT2k', decision: { kind: 'accept', record: '001A' } },
      ]),
    );
    const row = await rowNamed('Alder Outdoor Ltda.');
    expect(within(row).getByText('Accepted')).toBeTruthy();
    expect(within(row).getByText('The next preview follows')).toBeTruthy();
    expect(await screen.findByText('1 decision waits for the next preview')).toBeTruthy();
    expect(screen.getByTestId('matching-headline').textContent).toBe('3 customers wait for a decision.');
    await userEvent.click(await panel.findByTestId('match-take-back'));
    await waitFor(() => expect(sent(server, 'match_decide').at(-1)).toMatchObject({ decision: null }));
    expect(await within(row).findByText('Needs a decision')).toBeTruthy();
    await waitFor(() => expect(screen.getByTestId('matching-waiting').textContent).not.toContain('decision'));
  });

  it('does not offer a record that carries the id of another customer, and says why', async () => {
    const server = backend();
    draw(server);
    const panel = await openRow('Araújo Café Ltda.');
    expect(panel.getByTestId('match-taken').textContent).toMatch(
      /Carries the id of someone1 already.*cannot be accepted/,
    );
    expect(panel.queryByRole('button', { name: 'Accept Araújo Café' })).toBeNull();
    screen.getByRole('grid').focus();
    await userEvent.keyboard('1');
    expect(sent(server, 'match_decide')).toEqual([]);
    await userEvent.keyboard('a');
    await waitFor(() =>
      expect(sent(server, 'match_decide')).toEqual([
        { sync: 1, customer: 'RtvuXtKS', decision: { kind: 'accept', record: '001C' } },
      ]),
    );
  });

  it('is done by keyboard alone: decide, and go on to the next undecided', async () => {
    const server = backend();
    draw(server);
    await rowNamed('Alder Outdoor Ltda.');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('l');
    await waitFor(() => expect(sent(server, 'match_decide')).toHaveLength(1));
    await userEvent.keyboard('n');
    const panel = await screen.findByTestId('match-panel');
    await waitFor(() => expect(panel.getAttribute('aria-label')).toBe('Match: Araújo Café Ltda.'));
    await userEvent.keyboard('r');
    await waitFor(() => expect(sent(server, 'match_decide')).toHaveLength(2));
    await userEvent.keyboard('n');
    await waitFor(() =>
      expect(screen.getByTestId('match-panel').getAttribute('aria-label')).toBe('Match: Ashworth Nurseries Ltd'),
    );
    await userEvent.keyboard('a');
    await waitFor(() => expect(sent(server, 'match_decide')).toHaveLength(3));
    await userEvent.keyboard('n');
    expect(await screen.findByText('Nobody else waits for a decision under “Needs a decision”.')).toBeTruthy();
    await userEvent.keyboard('t');
    await waitFor(() => expect(sent(server, 'match_decide')).toHaveLength(4));
    expect(sent(server, 'match_decide')).toEqual([
      { sync: 1, customer: 'rPOtaT2k', decision: { kind: 'ignore' } },
      { sync: 1, customer: 'RtvuXtKS', decision: { kind: 'create_new' } },
      { sync: 1, customer: '5HOphS2J', decision: { kind: 'accept', record: '001A' } },
      { sync: 1, customer: '5HOphS2J', decision: null },
    ]);
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByTestId('match-panel')).toBeNull();
  });

  it('keeps the search for a record open when the answer about another customer comes late', async () => {
    const { server, release } = slowBackend();
    draw(server);
    await rowNamed('Alder Outdoor Ltda.');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('ln');
    await waitFor(() =>
      expect(screen.getByTestId('match-panel').getAttribute('aria-label')).toBe('Match: Araújo Café Ltda.'),
    );
    await userEvent.keyboard('c');
    await userEvent.type(await screen.findByTestId('match-search'), 'Ash');
    await release();
    await screen.findByText(/Left out\. The next preview follows it/);
    expect(screen.getByTestId('match-search')).toHaveProperty('value', 'Ash');
  });

  it('sends quick decisions in their order, and previews only after the last', async () => {
    const { server, release } = slowBackend();
    draw(server);
    await rowNamed('Alder Outdoor Ltda.');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('lta');
    await userEvent.click(screen.getByTestId('matching-again'));
    const steps = [{ kind: 'ignore' }, null, { kind: 'accept', record: '001A' }];
    for (let step = 1; step <= steps.length; step += 1) {
      await waitFor(() =>
        expect(sent(server, 'match_decide')).toMatchObject(steps.slice(0, step).map((decision) => ({ decision }))),
      );
      expect(sent(server, 'plan_start')).toEqual([]);
      await release();
    }
    await waitFor(() => expect(sent(server, 'plan_start')).toHaveLength(1));
  });

  it('finds the next undecided beyond the rows that were read', async () => {
    const many = Array.from({ length: 250 }, (_, at) =>
      matchOf({
        customer: `c${at}`,
        name: `Customer ${at}`,
        decision: at === 240 || at === 0 ? null : { kind: 'ignore' },
      }),
    );
    draw(backend({ rows: many }));
    await rowNamed('Customer 0');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('n');
    expect((await screen.findByTestId('match-panel')).getAttribute('aria-label')).toBe('Match: Customer 240');
  });

  it('lets another record be chosen by name, and names it in the row', async () => {
    const server = backend();
    draw(server);
    await openRow('Ashworth Nurseries Ltd');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('c');
    const field = await screen.findByTestId('match-search');
    expect(document.activeElement).toBe(field);
    await userEvent.type(field, 'Ash');
    expect(await screen.findAllByRole('option')).toHaveLength(2);
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() =>
      expect(sent(server, 'match_decide')).toEqual([
        { sync: 1, customer: '5HOphS2J', decision: { kind: 'accept', record: '001N' } },
      ]),
    );
    expect(await within(await rowNamed('Ashworth Nurseries Ltd')).findByText('Ashford')).toBeTruthy();
    expect(screen.queryByTestId('match-chooser')).toBeNull();
  });

  it('closes the panel with one Escape, though the answer about the picked record is still to come', async () => {
    const { server, release } = slowBackend();
    draw(server);
    await openRow('Ashworth Nurseries Ltd');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('c');
    await userEvent.type(await screen.findByTestId('match-search'), 'Ash');
    await screen.findAllByRole('option');
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(sent(server, 'match_decide')).toHaveLength(1));
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByTestId('match-panel')).toBeNull();
    await release();
    expect(within(await rowNamed('Ashworth Nurseries Ltd')).queryByText('Needs a decision')).toBeNull();
  });

  it('shows why a decision was refused, and takes it back from the row', async () => {
    const server = backend({
      answers: {
        match_decide: () => {
          throw errorOf('bad_request', 'Record 001A carries the id of customer x: it was not linked.');
        },
      },
    });
    draw(server);
    const panel = await openRow('Alder Outdoor Ltda.');
    await userEvent.click(panel.getByRole('button', { name: 'Accept Alder Outdoor' }));
    expect(await screen.findByText(/it was not linked/)).toBeTruthy();
    await waitFor(async () =>
      expect(within(await rowNamed('Alder Outdoor Ltda.')).getByText('Needs a decision')).toBeTruthy(),
    );
  });

  it('shows a conflict with its next step, a found record with how, and what becomes of the others', async () => {
    draw(backend());
    await rowNamed('Alder Outdoor Ltda.');
    await userEvent.click(screen.getByTestId('group-conflict'));
    expect(within(await rowNamed('Palisade Security')).getByText(/also matches.*Put each/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('group-found'));
    const found = within(await rowNamed('Highgate Bikes'));
    expect(found.getByText('Highgate Bikes Group, Inc.')).toBeTruthy();
    expect(found.getByText('Linked in the billing system')).toBeTruthy();
    await userEvent.click(screen.getByTestId('group-not_found'));
    expect(within(await rowNamed('Abernathy Farms')).getByText(/This sync creates one for it/)).toBeTruthy();
    await userEvent.click(screen.getByTestId('group-apart'));
    expect(within(await rowNamed('Zephyr')).getByText('Left out')).toBeTruthy();
  });

  it('counts decisions about customers that matching had settled, too', async () => {
    const server = backend();
    draw(server);
    await rowNamed('Alder Outdoor Ltda.');
    await userEvent.click(screen.getByTestId('group-apart'));
    await rowNamed('Zephyr');
    screen.getByRole('grid').focus();
    await userEvent.keyboard('t');
    expect(await screen.findByText('1 decision waits for the next preview')).toBeTruthy();
    expect(within(await rowNamed('Zephyr')).getByText('Taken back')).toBeTruthy();
    await userEvent.keyboard('l');
    await waitFor(() => expect(screen.queryByText('1 decision waits for the next preview')).toBeNull());
  });

  it('does not count a decision that made a conflict as one that waits', async () => {
    const decision = { kind: 'accept', record: '001X' } as const;
    const server = backend({ rows: ROWS.map((row) => (row.state === 'conflict' ? { ...row, decision } : row)) });
    draw(server);
    await rowNamed('Alder Outdoor Ltda.');
    await waitFor(() =>
      expect(screen.getByTestId('matching-headline').textContent).toBe('4 customers wait for a decision.'),
    );
    expect(screen.getByTestId('matching-waiting').textContent).not.toContain('decision');
    await userEvent.click(screen.getByTestId('group-conflict'));
    expect(within(await rowNamed('Palisade Security')).getByText('Makes the conflict')).toBeTruthy();
    screen.getByRole('grid').focus();
    await userEvent.keyboard('t');
    expect(await screen.findByText('1 decision waits for the next preview')).toBeTruthy();
  });

  it('says when there is nothing to decide, and when a search finds nobody', async () => {
    draw(backend({ rows: ROWS.filter((row) => row.state === 'found') }));
    expect(await screen.findByText('Nothing to decide')).toBeTruthy();
    await userEvent.type(screen.getByTestId('matching-search'), 'nobody');
    expect(await screen.findByText('No customer matches')).toBeTruthy();
  });

  it('previews again and goes to watch it', async () => {
    const server = backend();
    draw(server);
    await userEvent.click(await screen.findByTestId('matching-again'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/preview');
    expect(sent(server, 'plan_start')).toEqual([{ sync: 1 }]);
  });

  it('says that the mapping changed since', async () => {
    draw(backend({ sync: { mapping_version: 8 } }));
    expect(await screen.findByText(/The mapping changed since this preview/)).toBeTruthy();
  });

  it('says what cannot be read, with a way to try again', async () => {
    const answers: Answers = {
      match_list: () => {
        throw errorOf('database', 'The matches could not be read.');
      },
    };
    draw(backend({ answers }));
    expect(await screen.findByText('The matches could not be read.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });

  it('is led to from the reason of a blocked row in the preview', async () => {
    const reason = { code: 'needs_review', message: 'It may be its record.', next_step: 'Choose it.' };
    const row = rowOf({ action: 'blocked', record: null, cells: [], customer: 'a&b', reason });
    const panel = (
      <WhyPanel
        sync={1}
        plan={57}
        undoes={null}
        row={row}
        field={null}
        sourceName="Alguna"
        sobject="Account"
        open
        onField={() => {}}
        onStep={() => {}}
        onDecide={() => {}}
        onClose={() => {}}
      />
    );
    const server = testBackend({ plan_explain: () => explainOf({ fields: [] }), speaker_get: () => speakerOf() });
    renderWith(panel, server, { path: '/sync/1/preview', route: '/sync/:id/preview' });
    await userEvent.click(await screen.findByTestId('why-matching'));
    expect((await screen.findByTestId('elsewhere')).textContent).toBe('/sync/1/matching?group=proposed&customer=a%26b');
  });

  it('opens at the customer a preview leads to', async () => {
    draw(backend(), '?group=proposed&customer=5HOphS2J');
    const panel = await screen.findByTestId('match-panel');
    expect(panel.getAttribute('aria-label')).toBe('Match: Ashworth Nurseries Ltd');
  });
});
