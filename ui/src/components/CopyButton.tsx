import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

/** Copies a text and says so. */
export function CopyButton({ text, label, compact = true }: { text: string; label: string; compact?: boolean }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');

  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
    } catch {
      setState('refused');
    }
  };
  const said = state === 'copied' ? 'Copied' : state === 'refused' ? 'Select and copy by hand' : label;
  return (
    <Button
      size={compact ? 'compact-sm' : 'sm'}
      onClick={copy}
      leftSection={
        state === 'copied' ? (
          <IconCheck size={12} stroke={2.2} aria-hidden />
        ) : (
          <IconCopy size={12} stroke={2.2} aria-hidden />
        )
      }
    >
      <span aria-live="polite">{said}</span>
    </Button>
  );
}
