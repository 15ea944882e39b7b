import { IconBuildingSkyscraper, IconFlask } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { EnvironmentView } from '@/backend';
import { classes } from './classes';
import css from './Environment.module.css';
import type { IconType } from './status';

const WORDS: Record<EnvironmentView, { word: string; icon: IconType }> = {
  sandbox: { word: 'SANDBOX', icon: IconFlask },
  production: { word: 'PRODUCTION', icon: IconBuildingSkyscraper },
};

/** The environment's word, small; `onProduction` for use on a red surface. */
export function EnvironmentBadge({
  environment,
  onProduction,
}: {
  environment: EnvironmentView;
  onProduction?: boolean;
}) {
  const { word, icon: Icon } = WORDS[environment];
  return (
    <span className={classes(css.badge, onProduction ? css.inverse : css[environment])}>
      <Icon size={12} stroke={2.2} aria-hidden="true" />
      {word}
    </span>
  );
}

/** The square that marks a sync in lists; says its environment to screen readers. */
export function EnvironmentDot({ environment }: { environment: EnvironmentView }) {
  const { word } = WORDS[environment];
  return <span className={css.dot} data-environment={environment} role="img" aria-label={word} title={word} />;
}

/**
 * The band across the top. `demo` and `none` are neutral grey. What stands at its end has its room first; of the facts
 * those that then find none are left out, from the last one on.
 */
export function EnvironmentBand({
  environment,
  word,
  name,
  children,
  facts,
  end,
}: {
  environment: EnvironmentView | 'demo' | 'none';
  /** Replaces the environment's own word; needed for `demo` and `none`. */
  word?: string;
  name: ReactNode;
  /** What belongs to the name and is always there. */
  children?: ReactNode;
  facts?: ReactNode;
  end?: ReactNode;
}) {
  const known = environment === 'demo' || environment === 'none' ? null : WORDS[environment];
  const Icon = known?.icon;
  const text = word ?? known?.word;
  return (
    <div
      className={classes(css.band, environment === 'production' && 'on-production')}
      data-environment={environment}
      data-testid="band"
    >
      {/* Said when another org is on screen; what is counted beside it changes all the time, and is not. */}
      <div className={css.org} role="status" aria-label="Environment">
        {text && (
          <span className={css.word}>
            {Icon && <Icon size={14} stroke={1.9} aria-hidden="true" />}
            {text}
          </span>
        )}
        <b className={css.name} title={typeof name === 'string' ? name : undefined}>
          {name}
        </b>
        {children}
      </div>
      <div className={css.facts}>{facts}</div>
      {end}
    </div>
  );
}
