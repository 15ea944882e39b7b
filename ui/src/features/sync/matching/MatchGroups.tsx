import { UnstyledButton } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { MatchCountsView, MatchStateView, SyncView } from '@/backend';
import { formatCount, StatusWord } from '@/components';
import preview from '../preview/preview.module.css';
import { countOf, GROUPS } from './decisions';
import { GROUP_WORDS, headline, progressWords } from './words';

interface Props {
  sync: SyncView;
  counts: MatchCountsView;
  group: MatchStateView;
  onGroup: (group: MatchStateView) => void;
}

/** The headline, and the counts that choose what is listed. */
export function MatchGroups({ sync, counts, group, onGroup }: Props) {
  return (
    <section className={preview.top} aria-label="How matching ended">
      <div className={preview.say}>
        <h2 className={preview.nothing} data-testid="matching-headline">
          <IconUsers size={20} stroke={1.6} aria-hidden />
          {headline(counts)}
        </h2>
        <span className={preview.quiet}>{progressWords(counts, sync)}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that filter, not a form */}
      <div className={preview.groups} role="group" aria-label="Show">
        {GROUPS.map((one) => {
          const { word, tone, icon } = GROUP_WORDS[one];
          return (
            <UnstyledButton
              key={one}
              className={preview.group}
              data-testid={`group-${one}`}
              aria-pressed={group === one}
              onClick={() => onGroup(one)}
            >
              <StatusWord tone={tone} icon={icon}>
                {word}
              </StatusWord>{' '}
              <span className={preview.figure}>{formatCount(countOf(counts, one))}</span>
            </UnstyledButton>
          );
        })}
      </div>
    </section>
  );
}
