import { Button } from '@mantine/core';
import type { OutcomeView, ProblemView } from '@/backend';
import { Card, formatCount, formatCountOf, STATUS } from '@/components';
import css from './run.module.css';

interface Props {
  problems: ReadonlyArray<ProblemView>;
  onShow: ((outcome: OutcomeView, code: string) => void) | null;
}

/** What went wrong, by cause: what happened, what was not done, what to do, Salesforce's own words. */
export function Problems({ problems, onShow }: Props) {
  const rows = problems.reduce((sum, problem) => sum + problem.rows, 0);
  return (
    <Card
      title="Problems by cause"
      meta={
        problems.length === 0 ? 'none' : `${formatCountOf(problems.length, 'cause')}, ${formatCountOf(rows, 'record')}`
      }
      data-testid="run-problems"
    >
      {problems.length === 0 ? <div className={css.cardBody}>Every record so far went as planned.</div> : null}
      {problems.map((problem) => {
        const { icon: Icon, tone } = STATUS[problem.outcome];
        return (
          <div key={`${problem.outcome}-${problem.code}-${problem.title}`} className={css.problem}>
            <span
              className={css.problemIcon}
              style={{ color: `var(--db-${tone})` }}
              title={STATUS[problem.outcome].word}
            >
              <Icon size={16} stroke={1.75} />
            </span>
            <div>
              <div className={css.problemTitle}>{problem.title}</div>
              {problem.hint ? <div className={css.problemHint}>{problem.hint}</div> : null}
              <div className={css.problemCode}>
                {problem.code}
                {problem.message !== '' && problem.message !== problem.code && problem.message !== problem.title
                  ? `, ${problem.message}`
                  : ''}
              </div>
            </div>
            <div>
              <div className={css.problemRows} style={{ color: `var(--db-${tone})` }}>
                {formatCount(problem.rows)}
              </div>
              {onShow ? (
                <Button
                  size="compact-sm"
                  mt={4}
                  aria-label={`Show ${formatCount(problem.rows)}: ${problem.title}`}
                  onClick={() => onShow(problem.outcome, problem.code)}
                >
                  Show {formatCount(problem.rows)}
                </Button>
              ) : null}
            </div>
          </div>
        );
      })}
    </Card>
  );
}
