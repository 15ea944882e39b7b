import type { ReactNode } from 'react';
import { classes } from './classes';
import css from './StatusWord.module.css';
import { type IconType, STATUS, type StatusKey, type Tone } from './status';

type Look = {
  /** `plain` (default) stands on the surface, `badge` on its tint. */
  variant?: 'plain' | 'badge';
  /** Another word than the usual one. */
  children?: ReactNode;
  className?: string;
  title?: string;
};

type Known = Look & { status: StatusKey; tone?: never; icon?: IconType };
type Free = Look & { status?: never; tone: Tone; icon: IconType; children: ReactNode };

/** A state as word, icon and colour; never colour alone. */
export function StatusWord(props: Known | Free) {
  const { variant = 'plain', children, className, title } = props;
  const known = props.status ? STATUS[props.status] : null;
  const tone = known?.tone ?? props.tone;
  const Icon = props.icon ?? known?.icon;
  return (
    <span className={classes(css.word, css[variant], className)} data-tone={tone} title={title}>
      {Icon && (
        <span className={css.icon} aria-hidden="true">
          <Icon size={variant === 'badge' ? 12 : 14} stroke={variant === 'badge' ? 2.2 : 1.9} />
        </span>
      )}
      {children ?? known?.word}
    </span>
  );
}
