import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import { Card } from '@/components';
import css from './charts.module.css';

/** A card with a chart, which can be read as a table instead. */
export function ChartCard({
  title,
  meta,
  id,
  save,
  saved,
  head,
  chart,
  table,
}: {
  title: string;
  meta?: ReactNode;
  /** For tests and for the switch. */
  id: string;
  /** Saves the figures; absent where there are none. */
  save?: ReactNode;
  saved?: ReactNode;
  /** What stands above either. */
  head?: ReactNode;
  chart: ReactNode;
  /** The same figures for reading; absent where there are none. */
  table?: ReactNode;
}) {
  const [way, setWay] = useState<'chart' | 'table'>('chart');
  const name = useId();
  return (
    <Card
      title={title}
      meta={
        <span className="ellipsis" title={typeof meta === 'string' ? meta : undefined}>
          {meta}
        </span>
      }
      className={css.card}
      data-testid={`chart-${id}`}
      end={
        table ? (
          <>
            <SegmentedControl
              size="xs"
              name={name}
              aria-label={`${title} as`}
              value={way}
              onChange={(next) => setWay(next === 'table' ? 'table' : 'chart')}
              data={[
                { value: 'chart', label: 'Chart' },
                { value: 'table', label: 'Table' },
              ]}
              classNames={{ root: css.ways, label: css.way }}
            />
            {save}
          </>
        ) : undefined
      }
    >
      {saved}
      {head}
      {table && way === 'table' ? table : chart}
    </Card>
  );
}
