import type { ValueView } from '@/backend';
import { formatMoment, StatusWord } from '@/components';
import css from './explanation.module.css';

/** How the value in Salesforce stands to what was written; drift is named. */
export function ValueStandingWord({ value }: { value: ValueView }) {
  switch (value.standing) {
    case 'as_written':
      return <StatusWord status="unchanged">as written</StatusWord>;
    case 'read_back':
      return <StatusWord status="unchanged">as written and read back</StatusWord>;
    case 'drifted':
      return (
        <span className={css.drift} data-testid="explanation-drift">
          <StatusWord status="drift" />
          <span>
            last saved by {value.drift?.by ?? 'somebody'}
            {value.drift?.at ? `, ${formatMoment(value.drift.at)}` : ''}
          </span>
        </span>
      );
    case 'gone':
      return <span className={css.note}>the record is not there any more</span>;
    case 'not_read_since':
      return <span className={css.note}>read before the last write</span>;
    default:
      return <span className={css.note}>never written by Drawbridge</span>;
  }
}
