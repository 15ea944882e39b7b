import { useState } from 'react';
import { createHashRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { type Backend, createQueryClient } from '@/backend';
import { Providers } from './Providers';
import { routes } from './routes';

/** The whole page. Addresses live in the hash, which every host can serve. */
export function App({ backend }: { backend: Backend }) {
  const [client] = useState(createQueryClient);
  const [router] = useState(() => createHashRouter(routes));
  return (
    <Providers backend={backend} client={client}>
      <RouterProvider router={router} />
    </Providers>
  );
}
