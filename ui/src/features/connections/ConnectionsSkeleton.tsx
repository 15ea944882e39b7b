import { Card, SkeletonRows } from '@/components';
import css from './Connections.module.css';

/** Two cards to come, in the place and size of real ones. */
export function ConnectionsSkeleton() {
  return (
    <div className={css.skeletons}>
      <Card>
        <SkeletonRows columns="92px 1fr" rows={9} rowHeight={36} sentence="Reading connections" />
      </Card>
      <Card aria-hidden="true">
        <SkeletonRows columns="92px 1fr" rows={9} rowHeight={36} />
      </Card>
    </div>
  );
}
