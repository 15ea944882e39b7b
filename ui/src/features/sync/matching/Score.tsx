import css from './matching.module.css';

/** How likely a proposal is: the figure, and a quiet bar that repeats it. */
export function Score({ score }: { score: number }) {
  return (
    <span className={css.score}>
      <span className={css.percent}>{score}%</span>
      <span className={css.track} aria-hidden>
        <i style={{ width: `${score}%` }} />
      </span>
    </span>
  );
}
