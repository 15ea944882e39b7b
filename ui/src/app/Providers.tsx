import { MantineProvider } from '@mantine/core';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Backend, BackendProvider } from '@/backend';
import { cssVariablesResolver, theme } from '@/theme/theme';

/** What every screen stands on. */
export function Providers({
  backend,
  client,
  env = 'default',
  children,
}: {
  backend: Backend;
  client: QueryClient;
  /** `test` leaves transitions and portals out. */
  env?: 'default' | 'test';
  children: ReactNode;
}) {
  return (
    <MantineProvider env={env} theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <BackendProvider backend={backend}>{children}</BackendProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
