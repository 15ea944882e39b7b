import '@mantine/charts/styles.layer.css';
import { Button } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { PageBody, PageHead } from '@/components';
import { filterOf, paramsOf, pathWith } from '@/features/subscriptions/filter';
import { BreakdownPart } from './BreakdownPart';
import css from './charts.module.css';
import { MetricsPart } from './MetricsPart';

/** What the figures of all sources look like, drawn: by month as ProfitWell counts, by plan and status as cached. */
export function ChartsPage() {
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => filterOf(params), [params]);
  return (
    <>
      <PageHead title="Charts" meta="of subscriptions and MRR">
        <Button
          leftSection={<IconTable size={16} stroke={1.75} aria-hidden />}
          onClick={() => navigate(pathWith('/subscriptions', filter))}
          data-testid="charts-back"
        >
          Show the table
        </Button>
      </PageHead>
      <PageBody className={css.page}>
        <MetricsPart />
        <BreakdownPart filter={filter} onFilter={(next) => setParams(paramsOf(next), { replace: true })} />
      </PageBody>
    </>
  );
}
