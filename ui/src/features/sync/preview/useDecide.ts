import { useQueryClient } from '@tanstack/react-query';
import { type PlanColumn, type PlanRowsView, type PlanRowView, usePlanDecide } from '@/backend';
import { decided } from './filter';

/** Holds or approves a row or a field: shown at once, taken back when the answer is an error. */
export function useDecide(plan: number, columns: ReadonlyArray<PlanColumn>) {
  const client = useQueryClient();
  const decide = usePlanDecide();

  const send = async (row: Pick<PlanRowView, 'customer'>, field: string | null, hold: boolean) => {
    const request = { plan, customer: row.customer, field, hold };
    const pages = { queryKey: ['plan_rows'] };
    await client.cancelQueries(pages);
    client.setQueriesData<PlanRowsView>(pages, (page) =>
      page === undefined
        ? page
        : {
            ...page,
            rows: page.rows.map((one) => (one.customer === row.customer ? decided(one, columns, field, hold) : one)),
          },
    );
    try {
      await decide.mutateAsync(request);
    } catch {
      // The error itself is shown from `decide.error`; the rows go back to what is stored.
      await client.invalidateQueries(pages);
    }
  };

  return { send, error: decide.error, forget: decide.reset };
}
