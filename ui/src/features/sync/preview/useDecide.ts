import { useQueryClient } from '@tanstack/react-query';
import { type PlanColumn, type PlanRowsView, type PlanRowView, usePlanDecide } from '@/backend';
import { decided, decisionsOf } from './filter';

/** Holds or approves a row or a field: shown at once, taken back when the answer is an error. */
export function useDecide(plan: number, columns: ReadonlyArray<PlanColumn>) {
  const client = useQueryClient();
  const decide = usePlanDecide();

  const send = async (row: PlanRowView, field: string | null, hold: boolean) => {
    const decisions = decisionsOf(row, columns, field, hold);
    const after = (one: PlanRowView) =>
      decisions.reduce((before, decision) => decided(before, columns, decision, hold), one);
    const pages = { queryKey: ['plan_rows'] };
    await client.cancelQueries(pages);
    client.setQueriesData<PlanRowsView>(pages, (page) =>
      page === undefined
        ? page
        : {
            ...page,
            rows: page.rows.map((one) => (one.customer === row.customer ? after(one) : one)),
          },
    );
    try {
      for (const decision of decisions) {
        await decide.mutateAsync({ plan, customer: row.customer, field: decision, hold });
      }
    } catch {
      // The error itself is shown from `decide.error`; the rows go back to what is stored.
      await client.invalidateQueries(pages);
    }
  };

  return { send, error: decide.error, forget: decide.reset };
}
