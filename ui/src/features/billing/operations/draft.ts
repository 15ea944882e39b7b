import type {
  BillingEventView,
  OperationDraft,
  OperationFieldView,
  OperationFormView,
  OperationKindView,
} from '@/backend';

/** What stands in the fields of a form, as typed. */
export type Fields = OperationDraft['fields'];

/** A form as it is before anybody types. */
export function emptyFields(form: OperationFormView): Fields {
  const fields: Fields = {};
  for (const slot of form.slots) if (slot.preset !== null) fields[slot.field] = slot.preset;
  return fields;
}

/** A form as it is sent: without fields that are empty. */
export function draftOf(kind: OperationKindView, fields: Fields): OperationDraft {
  const filled = Object.entries(fields).filter(([, text]) => text !== undefined && text.trim() !== '');
  return { kind, fields: Object.fromEntries(filled) as Fields };
}

/** Takes what is known of a subscription into those fields the form has. */
export function filledFrom(form: OperationFormView, fields: Fields, event: BillingEventView): Fields {
  const known: Fields = {
    user: event.user_id ?? event.user_alias ?? '',
    plan_id: event.plan ?? '',
    plan_interval: event.interval ?? '',
    value: event.value ?? '',
    plan_currency: event.currency?.toLowerCase() ?? '',
  };
  const next: Fields = { ...fields };
  for (const { field } of form.slots) {
    const text = known[field];
    if (text !== undefined && !(field === 'value' && event.status.startsWith('churned'))) next[field] = text;
  }
  return next;
}

/** The place of a field on screen, for whoever wants to lead there. */
export const fieldId = (field: OperationFieldView) => `operation-${field}`;

/** Leads to a field. */
export function focusField(field: OperationFieldView): void {
  const place = document.getElementById(fieldId(field));
  const target = place?.matches('input, button, select, textarea') ? place : place?.querySelector<HTMLElement>('input');
  target?.focus();
  target?.scrollIntoView({ block: 'center' });
}
