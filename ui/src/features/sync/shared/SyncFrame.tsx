import { type ReactNode, useState } from 'react';
import { useParams } from 'react-router';
import { type SyncView, useSync } from '@/backend';
import { ErrorNotice, PageBody, PageHead, SkeletonRows } from '@/components';
import { openOf } from '../matching/decisions';
import { matchingPath } from '../matching/paths';
import { useStanding } from '../matching/useStanding';
import css from './frame.module.css';
import { HeadSlot } from './HeadEnd';
import { tabPath } from './paths';

/** The page of a sync: its head with tabs, and below it one screen, which is given the sync. */
export function SyncFrame({ children }: { children: (sync: SyncView) => ReactNode }) {
  const id = Number(useParams().id);
  const sync = useSync(id);
  const counts = useStanding(id).counts;
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  return (
    <>
      <PageHead
        title={sync.data?.name ?? 'Sync'}
        tabs={[
          { label: 'Fields', to: tabPath(id, 'fields') },
          { label: 'Mapping', to: tabPath(id, 'mapping') },
          { label: 'Matching', to: matchingPath(id), ...(counts ? { count: openOf(counts) } : {}) },
          { label: 'Links', to: tabPath(id, 'links') },
          { label: 'Preview', to: tabPath(id, 'preview') },
          { label: 'Runs', to: tabPath(id, 'runs') },
          { label: 'Settings', to: tabPath(id, 'settings') },
        ]}
      >
        <div ref={setSlot} className={css.end} />
      </PageHead>
      <HeadSlot value={slot}>
        <PageBody flush>
          {sync.data ? (
            children(sync.data)
          ) : sync.error ? (
            <ErrorNotice error={sync.error} retry={() => void sync.refetch()} />
          ) : (
            <SkeletonRows columns="1fr 1fr 1fr" sentence="Reading the sync" />
          )}
        </PageBody>
      </HeadSlot>
    </>
  );
}
