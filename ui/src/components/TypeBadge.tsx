import {
  IconAbc,
  IconCalendar,
  IconCalendarTime,
  IconCash,
  IconHash,
  IconLink,
  IconList,
  IconPercentage,
  IconToggleLeft,
} from '@tabler/icons-react';
import type { IconType } from './status';
import css from './TypeBadge.module.css';

const ICONS: [RegExp, IconType][] = [
  [/^date\/time|^moment/i, IconCalendarTime],
  [/^date/i, IconCalendar],
  [/^(currency|money)/i, IconCash],
  [/^percent/i, IconPercentage],
  [/^(number|decimal|double|int)/i, IconHash],
  [/^(checkbox|flag|boolean)/i, IconToggleLeft],
  [/^(url|lookup|reference)/i, IconLink],
  [/picklist/i, IconList],
];

/** The type of a field or source value as the org writes it: `Text 255`, `Currency 8, 2`, `Date`. */
export function TypeBadge({ type }: { type: string }) {
  const Icon = ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? IconAbc;
  return (
    <span className={css.type}>
      <Icon size={12} stroke={2} aria-hidden="true" />
      {type}
    </span>
  );
}
