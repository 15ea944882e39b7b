import type { LinkOutlookView } from '@/backend';
import css from './operations.module.css';

/** What a customer has now and what it will have, with what comes and what goes marked. */
export function LinkOutlook({ outlook, blocked = false }: { outlook: LinkOutlookView; blocked?: boolean }) {
  const same = outlook.now.join('\n') === outlook.later.join('\n');
  return (
    <div className={css.links} data-testid="link-outlook">
      <Lines title="It has now" lines={outlook.now} other={blocked ? outlook.now : outlook.later} mark="goes" />
      {same || blocked ? null : <Lines title="It will have" lines={outlook.later} other={outlook.now} mark="comes" />}
    </div>
  );
}

function Lines({
  title,
  lines,
  other,
  mark,
}: {
  title: string;
  lines: string[];
  other: string[];
  mark: 'goes' | 'comes';
}) {
  return (
    <div>
      <h4>{title}</h4>
      {lines.length === 0 ? <p className="quiet">Neither a connected account nor an alias</p> : null}
      <ul>
        {lines.map((line) => (
          <li key={line} data-mark={other.includes(line) ? undefined : mark}>
            {line}
            {other.includes(line) ? null : <span className="unseen"> ({mark})</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
