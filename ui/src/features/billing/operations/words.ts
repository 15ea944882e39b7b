import { IconArrowRight, IconCircleCheck, IconEqual, IconHelpCircle, IconRefresh } from '@tabler/icons-react';
import type {
  BillingEventView,
  OperationBatchView,
  OperationOriginView,
  OperationOutcomeView,
  ProviderView,
} from '@/backend';
import { formatDate, formatMoney, type IconType, STATUS, type Tone } from '@/components';
import { PRODUCTS } from '../products';

interface Look {
  word: string;
  tone: Tone;
  icon: IconType;
}

/** What became of an operation, in a word. */
export const OUTCOMES: Record<OperationOutcomeView, Look> = {
  done: { word: 'Done', tone: 'create', icon: IconCircleCheck },
  already: { word: 'So already', tone: 'unchanged', icon: IconEqual },
  blocked: { ...STATUS.blocked, word: 'Not sent' },
  rejected: STATUS.rejected,
  unknown: { word: 'Answer lost', tone: 'unknown', icon: IconHelpCircle },
};

export const TO_SEND: Look = { word: 'To be sent', tone: 'update', icon: IconArrowRight };
export const SENDING: Look = { word: 'Under way', tone: 'update', icon: IconRefresh };

export const OUTCOME_ORDER: ReadonlyArray<OperationOutcomeView> = ['done', 'already', 'rejected', 'unknown', 'blocked'];

export const ORIGINS: Record<OperationOriginView, string> = { form: 'form', selection: 'selection', csv: 'CSV file' };

/** What each outcome means for whoever reads it. */
export function outcomeMeaning(outcome: OperationOutcomeView, provider: ProviderView): string {
  const product = PRODUCTS[provider];
  switch (outcome) {
    case 'done':
      return `${product} has carried it out.`;
    case 'already':
      return `Nothing had to be changed: in ${product} it is so already.`;
    case 'blocked':
      return 'Something is wrong with it, so it was not sent. Nothing was changed.';
    case 'rejected':
      return `It was not done in ${product}.`;
    case 'unknown':
      return `The call was sent, its answer was lost, and reading back did not settle whether it was carried out. Look at it in ${product} before you send it again.`;
  }
}

/** `Active`, `Churned (voluntary)`: a status word of ProfitWell as people read it. */
export function statusText(status: string): string {
  const why = /^churned_(.+)$/.exec(status)?.[1];
  const words = (why === undefined ? status : 'churned').replaceAll('_', ' ');
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return why === undefined ? text : `${text} (${why.replaceAll('_', ' ')})`;
}

/** `49.00 USD a month`. */
export function priceText(event: BillingEventView): string | null {
  if (event.value === null) return null;
  const unit = event.currency ? ` ${event.currency}` : '';
  return `${formatMoney(event.value)}${unit}${event.interval ? ` a ${event.interval}` : ''}`;
}

/** What a subscription is, in one line. */
export function eventText(event: BillingEventView): string {
  const parts = [statusText(event.status), event.plan ? `plan ${event.plan}` : null, priceText(event)];
  const from = event.effective_at ? ` from ${formatDate(event.effective_at)}` : '';
  return parts.filter(Boolean).join(', ') + from;
}

/** Whether a subscription ends with this. */
export const isChurn = (event: BillingEventView): boolean => event.status.startsWith('churned');

/** How a batch stands, in a word. */
export function standing(batch: OperationBatchView): Look {
  if (batch.status === null) return { word: 'Preview', tone: 'skipped', icon: IconEqual };
  const { rejected, unknown } = batch.counts;
  if (batch.status === 'finished' && rejected + unknown > 0)
    return { ...STATUS.warning, word: 'Finished with problems' };
  return STATUS[batch.status];
}
