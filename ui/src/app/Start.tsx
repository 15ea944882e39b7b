import { Navigate } from 'react-router';
import { useSyncs, useWorkspace } from '@/backend';
import { ErrorNotice, PageBody, PageHead, SkeletonRows } from '@/components';
import { syncHome } from './syncHome';

/** Sends each person where their next step is. */
export function Start() {
  const workspace = useWorkspace();
  const syncs = useSyncs();
  const error = workspace.error ?? syncs.error;

  if (workspace.data && syncs.data) {
    if (!workspace.data.demo && workspace.data.connections === 0) return <Navigate to="/welcome" replace />;
    const first = syncs.data[0];
    return <Navigate to={first ? syncHome(first) : '/connections'} replace />;
  }
  return (
    <>
      <PageHead title="Drawbridge" />
      <PageBody flush>
        {error ? (
          <ErrorNotice
            error={error}
            retry={() => {
              void workspace.refetch();
              void syncs.refetch();
            }}
          />
        ) : (
          <SkeletonRows columns="2fr 1fr 1fr" rows={4} sentence="Opening the workspace" />
        )}
      </PageBody>
    </>
  );
}
