import { Button } from '@mantine/core';
import { IconFlask2, IconPlugConnected, IconShieldCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { Mark } from '@/app/Mark';
import { useDemoStart } from '@/backend';
import { ErrorNotice, PageBody } from '@/components';
import css from './WelcomePage.module.css';

/** First start: a demo workspace, or the person's own connections. */
export function WelcomePage() {
  const navigate = useNavigate();
  const demo = useDemoStart();
  const client = useQueryClient();
  const busy = demo.isPending || demo.isSuccess;
  const start = () =>
    demo.mutate(
      {},
      {
        onSuccess: async () => {
          // Another workspace: the start must not decide by what it knew of the one before.
          await client.invalidateQueries();
          navigate('/', { replace: true });
        },
      },
    );

  return (
    <PageBody flush className={css.page}>
      <title>Welcome · Drawbridge</title>
      <div className={css.middle}>
        <header className={css.head}>
          <Mark size={40} />
          <div>
            <h1>Welcome to Drawbridge</h1>
            <p>Subscription and revenue data from ProfitWell or Alguna, carried across to Salesforce.</p>
          </div>
        </header>

        <div className={css.ways}>
          <section className={css.way} aria-labelledby="way-demo">
            <span className={css.icon} aria-hidden="true">
              <IconFlask2 size={20} stroke={1.6} />
            </span>
            <h2 id="way-demo">Explore with a demo workspace</h2>
            <p>
              Simulated ProfitWell, Alguna and Salesforce servers start on this computer, with made-up customers.
              Nothing leaves the machine, and no account is needed.
            </p>
            <Button variant="filled" size="md" onClick={start} disabled={busy}>
              {busy ? 'Starting' : 'Start the demo workspace'}
            </Button>
          </section>

          <section className={css.way} aria-labelledby="way-connect">
            <span className={css.icon} aria-hidden="true">
              <IconPlugConnected size={20} stroke={1.6} />
            </span>
            <h2 id="way-connect">Connect</h2>
            <p>
              Your billing system and a Salesforce sandbox. You need an API key of ProfitWell or Alguna, and a login to
              the sandbox. Production can follow later.
            </p>
            {busy ? (
              <Button size="md" disabled>
                Connect your own
              </Button>
            ) : (
              <Button size="md" component={Link} to="/connections?connect">
                Connect your own
              </Button>
            )}
          </section>
        </div>

        <div className={css.news} aria-live="polite">
          {busy && (
            <div className={css.starting}>
              <span className={css.track} aria-hidden="true">
                <span className={css.runner} />
              </span>
              <p>
                Starting the simulated servers, filling them with customers and connecting to them. This takes a few
                seconds.
              </p>
            </div>
          )}
          {demo.error && <ErrorNotice inline error={demo.error} action={{ label: 'Start again', onClick: start }} />}
          {!busy && !demo.error && (
            <p className={css.promise}>
              <IconShieldCheck size={16} stroke={1.75} aria-hidden="true" />
              Nothing is written to Salesforce before you have seen it and approved it.
            </p>
          )}
        </div>
      </div>
    </PageBody>
  );
}
