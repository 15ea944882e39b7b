import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconEqual,
  IconHandStop,
  IconHelpCircle,
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerSkipForward,
  IconPlugConnectedX,
  IconPlus,
  IconRefresh,
  IconRefreshAlert,
  IconTrash,
  IconUserEdit,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { ActionView, ConnectionStatusView, OutcomeView } from '@/backend';

export type IconType = ComponentType<{ size?: number | string; stroke?: number | string; className?: string }>;

/** One colour each; see the table of status words. */
export type Tone = 'create' | 'update' | 'unchanged' | 'skipped' | 'blocked' | 'held' | 'rejected' | 'unknown';

/** Every state that has a word of its own. */
export type StatusKey =
  | ActionView
  | OutcomeView
  | ConnectionStatusView
  | 'synced'
  | 'adds_up'
  | 'undone'
  | 'warning'
  | 'stale'
  | 'drift'
  | 'decide'
  | 'past_due'
  | 'running'
  | 'interrupted'
  | 'stopped'
  | 'halted'
  | 'finished';

interface Status {
  word: string;
  tone: Tone;
  icon: IconType;
}

const fine = (word: string): Status => ({ word, tone: 'create', icon: IconCircleCheck });

export const STATUS: Record<StatusKey, Status> = {
  create: { word: 'Create', tone: 'create', icon: IconPlus },
  created: { word: 'Created', tone: 'create', icon: IconPlus },
  update: { word: 'Update', tone: 'update', icon: IconPencil },
  updated: { word: 'Updated', tone: 'update', icon: IconPencil },
  delete: { word: 'Delete', tone: 'rejected', icon: IconTrash },
  deleted: { word: 'Deleted', tone: 'rejected', icon: IconTrash },
  unchanged: { word: 'Unchanged', tone: 'unchanged', icon: IconEqual },
  skipped: { word: 'Skipped', tone: 'skipped', icon: IconPlayerSkipForward },
  blocked: { word: 'Blocked', tone: 'blocked', icon: IconBan },
  held: { word: 'Held', tone: 'held', icon: IconHandStop },
  rejected: { word: 'Rejected', tone: 'rejected', icon: IconCircleX },
  unknown: { word: 'Unknown', tone: 'unknown', icon: IconHelpCircle },
  undone: { word: 'Undone', tone: 'skipped', icon: IconArrowBackUp },
  connected: fine('Connected'),
  synced: fine('Synced'),
  adds_up: fine('Adds up'),
  finished: fine('Finished'),
  needs_sign_in: { word: 'Needs sign-in', tone: 'unknown', icon: IconKey },
  unreachable: { word: 'Unreachable', tone: 'blocked', icon: IconPlugConnectedX },
  blocked_by_policy: { word: 'Blocked by policy', tone: 'rejected', icon: IconBan },
  refreshed: { word: 'Refreshed', tone: 'held', icon: IconRefreshAlert },
  warning: { word: 'Warning', tone: 'blocked', icon: IconAlertTriangle },
  stale: { word: 'Stale', tone: 'blocked', icon: IconClock },
  drift: { word: 'Changed in Salesforce', tone: 'held', icon: IconUserEdit },
  decide: { word: 'Needs a decision', tone: 'held', icon: IconHandStop },
  past_due: { word: 'Past due', tone: 'unknown', icon: IconAlertTriangle },
  running: { word: 'Running', tone: 'update', icon: IconRefresh },
  interrupted: { word: 'Interrupted', tone: 'unknown', icon: IconAlertTriangle },
  stopped: { word: 'Stopped', tone: 'skipped', icon: IconPlayerPause },
  halted: { word: 'Halted', tone: 'rejected', icon: IconAlertTriangle },
};
