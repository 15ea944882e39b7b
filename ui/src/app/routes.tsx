import type { ComponentType } from 'react';
import { Navigate, type RouteObject, useParams } from 'react-router';
import { useSyncs } from '@/backend';
import { NotFound, RouteError } from './RouteError';
import { Shell } from './Shell';
import { Start } from './Start';
import { syncHome } from './syncHome';

/** Each feature is a file of its own, loaded with its first screen. */
const welcome = () => import('@/features/welcome');
const connections = () => import('@/features/connections');
const subscriptions = () => import('@/features/subscriptions');
const charts = () => import('@/features/charts');
const sync = () => import('@/features/sync');
const history = () => import('@/features/history');
const billing = () => import('@/features/billing');

/** A screen of a feature, loaded with its route. */
const screen =
  <M,>(feature: () => Promise<M>, pick: (module: M) => ComponentType) =>
  async () => ({ Component: pick(await feature()) });

/** Opens a sync where its next step is. */
function SyncStart() {
  const { id } = useParams();
  const syncs = useSyncs();
  if (syncs.isPending) return null;
  const sync = syncs.data?.find((one) => String(one.id) === id);
  return <Navigate to={sync ? syncHome(sync) : `/sync/${id}/fields`} replace />;
}

export const routes: RouteObject[] = [
  {
    element: <Shell />,
    errorElement: <RouteError />,
    children: [
      {
        errorElement: <RouteError />,
        // The frame is there at once; only the first screen waits for its file.
        hydrateFallbackElement: <span />,
        children: [
          { index: true, element: <Start /> },
          { path: 'welcome', lazy: screen(welcome, (it) => it.WelcomePage) },
          { path: 'connections', lazy: screen(connections, (it) => it.ConnectionsPage) },
          { path: 'subscriptions', lazy: screen(subscriptions, (it) => it.SubscriptionsPage) },
          { path: 'subscriptions/charts', lazy: screen(charts, (it) => it.ChartsPage) },
          { path: 'billing', element: <Navigate to="/billing/operations" replace /> },
          { path: 'billing/operations', lazy: screen(billing, (it) => it.OperationsPage) },
          { path: 'billing/console', lazy: screen(billing, (it) => it.ConsolePage) },
          { path: 'history', lazy: screen(history, (it) => it.HistoryPage) },
          { path: 'sync/new', lazy: screen(sync, (it) => it.NewSync) },
          { path: 'sync/:id', element: <SyncStart /> },
          { path: 'sync/:id/fields', lazy: screen(sync, (it) => it.FieldsTab) },
          { path: 'sync/:id/mapping', lazy: screen(sync, (it) => it.MappingTab) },
          { path: 'sync/:id/matching', lazy: screen(sync, (it) => it.MatchingTab) },
          { path: 'sync/:id/links', lazy: screen(sync, (it) => it.LinksTab) },
          { path: 'sync/:id/preview', lazy: screen(sync, (it) => it.PreviewTab) },
          { path: 'sync/:id/runs', lazy: screen(sync, (it) => it.RunsTab) },
          { path: 'sync/:id/settings', lazy: screen(sync, (it) => it.SettingsTab) },
          { path: 'sync/:id/runs/:run', lazy: screen(sync, (it) => it.RunPage) },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
];
