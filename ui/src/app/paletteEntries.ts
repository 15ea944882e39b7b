import {
  IconChartBar,
  IconDeviceDesktop,
  IconHistory,
  IconMoon,
  IconPlugConnected,
  IconPlus,
  IconReceipt,
  IconRefresh,
  IconSun,
  IconTable,
  IconUsers,
} from '@tabler/icons-react';
import type { SubscriptionRowView, SyncView } from '@/backend';
import type { IconType } from '@/components';

export interface PaletteEntry {
  key: string;
  group: 'Screens' | 'Syncs' | 'Actions' | 'Customers';
  label: string;
  meta?: string;
  icon: IconType;
  /** Where it leads, or the appearance it switches to. */
  goal: { to: string } | { scheme: 'auto' | 'light' | 'dark' };
}

/** Everything that can be gone to without asking the backend. */
export function staticEntries(syncs: SyncView[]): PaletteEntry[] {
  return [
    { key: 'subscriptions', group: 'Screens', label: 'Subscriptions', icon: IconTable, goal: { to: '/subscriptions' } },
    {
      key: 'charts',
      group: 'Screens',
      label: 'Charts',
      meta: 'MRR by month, movement, plans and status',
      icon: IconChartBar,
      goal: { to: '/subscriptions/charts' },
    },
    {
      key: 'connections',
      group: 'Screens',
      label: 'Connections',
      icon: IconPlugConnected,
      goal: { to: '/connections' },
    },
    {
      key: 'operations',
      group: 'Screens',
      label: 'Billing: operations',
      meta: 'Subscriptions, users and plans in ProfitWell',
      icon: IconReceipt,
      goal: { to: '/billing/operations' },
    },
    {
      key: 'console',
      group: 'Screens',
      label: 'Billing: API console',
      meta: 'Calls to ProfitWell and Alguna',
      icon: IconReceipt,
      goal: { to: '/billing/console' },
    },
    { key: 'history', group: 'Screens', label: 'History', meta: 'Runs', icon: IconHistory, goal: { to: '/history' } },
    ...syncs.flatMap((sync): PaletteEntry[] =>
      (['Fields', 'Mapping', 'Matching', 'Preview', 'Runs'] as const).map((tab) => ({
        key: `sync-${sync.id}-${tab}`,
        group: 'Syncs',
        label: `${sync.name}: ${tab}`,
        meta: `${sync.org_name}, ${sync.environment === 'production' ? 'PRODUCTION' : 'SANDBOX'}`,
        icon: IconRefresh,
        goal: { to: `/sync/${sync.id}/${tab.toLowerCase()}` },
      })),
    ),
    { key: 'new-sync', group: 'Actions', label: 'New sync', icon: IconPlus, goal: { to: '/sync/new' } },
    {
      key: 'connect',
      group: 'Actions',
      label: 'Connect',
      meta: 'Alguna, ProfitWell or Salesforce',
      icon: IconPlus,
      goal: { to: '/connections?connect' },
    },
    {
      key: 'system',
      group: 'Actions',
      label: 'Appearance: as the system',
      icon: IconDeviceDesktop,
      goal: { scheme: 'auto' },
    },
    { key: 'light', group: 'Actions', label: 'Appearance: light', icon: IconSun, goal: { scheme: 'light' } },
    { key: 'dark', group: 'Actions', label: 'Appearance: dark', icon: IconMoon, goal: { scheme: 'dark' } },
  ];
}

/** Entries that hold every word that was typed. */
export function filterEntries(entries: PaletteEntry[], words: string): PaletteEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const text = `${entry.label} ${entry.meta ?? ''} ${entry.group}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** One entry for each customer among the rows. */
export function customerEntries(rows: SubscriptionRowView[]): PaletteEntry[] {
  const seen = new Map<string, PaletteEntry>();
  for (const row of rows) {
    const key = `customer-${row.source}-${row.customer}`;
    if (seen.has(key)) continue;
    seen.set(key, {
      key,
      group: 'Customers',
      label: row.customer_name,
      meta: `${row.source_name}, ${row.customer}`,
      icon: IconUsers,
      goal: {
        to: `/subscriptions?${new URLSearchParams({ search: row.customer_name, source: String(row.source), customer: row.customer })}`,
      },
    });
  }
  return [...seen.values()].slice(0, 8);
}
