import {
  IconAlertTriangle,
  IconArrowForwardUp,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconPlugConnectedX,
  IconRefresh,
} from '@tabler/icons-react';
import type { ApiCallView } from '@/backend';
import { formatCount, type IconType, type Tone } from '@/components';

interface Standing {
  word: string;
  tone: Tone;
  icon: IconType;
}

/** A status as word, colour and icon. */
export function standingOf(status: number, text: string): Standing {
  const word = text === '' ? String(status) : `${status} ${text}`;
  if (status < 300) return { word, tone: 'create', icon: IconCircleCheck };
  if (status < 400) return { word, tone: 'held', icon: IconArrowForwardUp };
  if (status >= 500 || status === 408) return { word, tone: 'unknown', icon: IconAlertTriangle };
  return { word, tone: 'rejected', icon: IconCircleX };
}

/** How a call of the history stands. */
export function standingOfCall(call: ApiCallView): Standing {
  switch (call.state) {
    case 'answered':
      return standingOf(call.status ?? 0, call.status_text ?? '');
    case 'cut':
      return { word: 'Answer cut off', tone: 'unknown', icon: IconAlertTriangle };
    case 'lost':
      return { word: 'Answer lost', tone: 'unknown', icon: IconHelpCircle };
    case 'not_known':
      return { word: 'Answer missing', tone: 'unknown', icon: IconHelpCircle };
    case 'not_sent':
      return { word: 'Not sent', tone: 'blocked', icon: IconPlugConnectedX };
    case 'under_way':
      return { word: 'Under way', tone: 'update', icon: IconRefresh };
  }
}

/** `132 ms`, `2.4 s`. */
export function formatElapsed(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** `812 bytes`, `2.1 KB`, `48.6 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return bytes === 1 ? '1 byte' : `${formatCount(bytes)} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What is said of a call whose answer is not on screen. */
export function recordOf(call: ApiCallView): string {
  switch (call.state) {
    case 'answered':
      return call.changes
        ? 'The answer itself is not kept. Sending the call again would do it again.'
        : 'The answer itself is not kept. Send the call again to see what the system says now.';
    case 'not_sent':
      return 'It was not sent, and nothing was changed.';
    case 'under_way':
      return 'It is under way. Its answer comes to whoever sent it.';
    case 'cut':
      return call.changes
        ? 'The call arrived. Read the record to see what was done, before you send it again.'
        : 'It only reads: nothing was changed. Ask for less at a time.';
    case 'lost':
    case 'not_known':
      return call.changes
        ? 'It may have been done. Read the record to see, before you send it again.'
        : 'It only reads: nothing was changed.';
  }
}
