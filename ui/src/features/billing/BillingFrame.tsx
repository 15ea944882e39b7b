import type { ReactNode } from 'react';
import { PageBody, PageHead, type PageTab } from '@/components';

/** The tabs of the screen, in their order. */
const TABS: PageTab[] = [
  { label: 'Operations', to: '/billing/operations' },
  { label: 'API console', to: '/billing/console' },
];

/** The page of the billing systems: its head with tabs, and below it one screen. `end` stands on the right of the head. */
export function BillingFrame({ end, children }: { end?: ReactNode; children: ReactNode }) {
  return (
    <>
      <PageHead title="Billing" tabs={TABS}>
        {end}
      </PageHead>
      <PageBody flush>{children}</PageBody>
    </>
  );
}
