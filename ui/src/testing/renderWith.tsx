import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { createMemoryRouter, RouterProvider, useLocation } from 'react-router';
import { Providers } from '@/app/Providers';
import { type Backend, createQueryClient } from '@/backend';

function Elsewhere() {
  const { pathname, search } = useLocation();
  return <p data-testid="elsewhere">{pathname + search}</p>;
}

/** Draws a screen as the app would; `route` is its pattern, other addresses show where the screen went. */
export function renderWith(screen: ReactElement, backend: Backend, at: { path?: string; route?: string } = {}) {
  const { path = '/', route = path } = at;
  const router = createMemoryRouter(
    [
      { path: route.split('?')[0] ?? '/', element: screen },
      { path: '*', element: <Elsewhere /> },
    ],
    { initialEntries: [path] },
  );
  const drawn = render(
    <Providers backend={backend} client={createQueryClient()} env="test">
      <RouterProvider router={router} />
    </Providers>,
  );
  return { ...drawn, router };
}
