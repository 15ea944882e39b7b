import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link, useRouteError } from 'react-router';
import { EmptyState, ErrorNotice, PageBody, PageHead } from '@/components';

/** A screen that broke while drawing: the rest of the window still works. */
export function RouteError() {
  const error = useRouteError();
  return (
    <>
      <PageHead title="This screen cannot be shown" />
      <PageBody flush>
        <ErrorNotice error={error} retry={() => window.location.reload()} />
      </PageBody>
    </>
  );
}

export function NotFound() {
  return (
    <>
      <PageHead title="Not found" />
      <PageBody flush>
        <EmptyState
          icon={IconMapOff}
          title="There is no screen at this address"
          actions={
            <Button component={Link} to="/" variant="filled">
              Go to the start
            </Button>
          }
        >
          The sync or run it named may be gone.
        </EmptyState>
      </PageBody>
    </>
  );
}
