import { StatusWord } from '@/components';

/** The status word and the sentence of a strip: why nothing gets through, and that it is tried again. */
export function NoAnswer({ why, otherwise, className }: { why: string; otherwise: string; className?: string }) {
  return (
    <>
      <StatusWord status="stale">No answer yet</StatusWord>
      <span className={className}>
        {why.replace(/\.$/, '')}. It is tried again by itself, and nothing is lost; where that does not help {otherwise}
        .
      </span>
    </>
  );
}
