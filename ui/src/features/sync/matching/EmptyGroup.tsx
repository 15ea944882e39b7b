import { Button } from '@mantine/core';
import { IconCircleCheck, IconFilterOff } from '@tabler/icons-react';
import type { MatchStateView } from '@/backend';
import { EmptyState } from '@/components';
import { EMPTY_WORDS, GROUP_WORDS } from './words';

interface Props {
  group: MatchStateView;
  search: string;
  onAll: () => void;
}

/** A group without customers, or none that the search leaves. */
export function EmptyGroup({ group, search, onAll }: Props) {
  if (search !== '') {
    return (
      <EmptyState
        icon={IconFilterOff}
        title="No customer matches"
        actions={<Button onClick={onAll}>Show all of this group</Button>}
      >
        No name or id under “{GROUP_WORDS[group].word}” contains “{search}”.
      </EmptyState>
    );
  }
  const { title, sentence } = EMPTY_WORDS[group];
  return (
    <EmptyState icon={IconCircleCheck} title={title}>
      {sentence}
    </EmptyState>
  );
}
