import { IconAlertTriangle, IconLink } from '@tabler/icons-react';
import { type LinkCountsView, type RunLinksView, type RunView, useCommand } from '@/backend';
import { Card, ErrorNotice, ExternalLink, formatCount, StatusWord } from '@/components';
import { useAskAgain } from '../shared/useAskAgain';
import css from './links.module.css';

const ASKED = { outcome: null, offset: 0, limit: 500 } as const;

/** The links of a run, asked again while it writes. */
export function useRunLinks(run: RunView) {
  const request = { run: run.id, ...ASKED };
  useAskAgain(run.status === 'running', 'run_links', request);
  return useCommand('run_links', request);
}

const WORDS: Array<[Exclude<keyof LinkCountsView, 'to_link'>, string]> = [
  ['recorded', 'Recorded'],
  ['already', 'There already'],
  ['conflicts', 'Another Account is named'],
  ['failed', 'Not recorded'],
  ['unknown', 'Answer lost'],
];

/** Links have an equation of their own: what becomes of one never changes a record. */
export function RunLinksCard({ run, links, error }: { run: RunView; links?: RunLinksView; error: Error | null }) {
  if (error) {
    return <ErrorNotice inline error={error} />;
  }
  if (!links || links.counts.to_link === 0) {
    return null;
  }
  const wrong = links.rows.filter((row) => row.problem !== null);
  return (
    <Card
      title={
        <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
          <IconLink size={16} aria-hidden />
          {links.undo ? 'Links taken back in Alguna' : 'Links recorded in Alguna'}
        </span>
      }
      data-testid="run-links"
    >
      <div className={css.equation}>
        <div>
          <span />
          <span>{links.undo ? 'To take back' : 'To link'}</span>
          <b>{formatCount(links.counts.to_link)}</b>
        </div>
        {WORDS.map(([key, word], place) => (
          <div key={key}>
            <span className={css.quiet}>{place === 0 ? '=' : '+'}</span>
            <span>{key === 'recorded' && links.undo ? 'Taken back' : word}</span>
            <span data-testid={`links-${key}`}>{formatCount(links.counts[key])}</span>
          </div>
        ))}
        {links.open > 0 ? (
          <div>
            <span className={css.quiet}>+</span>
            <span className={css.quiet}>Still to do</span>
            <span>{formatCount(links.open)}</span>
          </div>
        ) : null}
        {run.status === 'finished' ? (
          <div data-testid="links-sum">
            <span />
            {links.adds_up ? (
              <StatusWord status="adds_up" />
            ) : (
              <StatusWord tone="rejected" icon={IconAlertTriangle}>
                Does not add up
              </StatusWord>
            )}
            <span />
          </div>
        ) : null}
        {wrong.slice(0, 20).map((row) => (
          <p key={row.customer} className={css.problem}>
            <b>{row.name}</b>{' '}
            {row.record && row.record_url ? <ExternalLink href={row.record_url}>{row.record}</ExternalLink> : null}{' '}
            {row.problem}
          </p>
        ))}
        {wrong.length > 20 ? (
          <p className={css.problem}>
            The rest is listed by <code>drawbridge-cli show {run.id} --links</code>.
          </p>
        ) : null}
      </div>
    </Card>
  );
}
