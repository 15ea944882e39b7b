import { Choice } from './Choice';

const WAYS = [
  {
    value: 'update',
    label: 'Update existing records only',
    description: 'A customer without a record is skipped and listed.',
  },
  {
    value: 'create',
    label: 'The source may create records',
    description: 'A customer without a record becomes a new one, after it was shown in the preview.',
  },
] as const;

/** Whether a sync may create records. */
export function CreatesRecords({ creates, onChange }: { creates: boolean; onChange: (creates: boolean) => void }) {
  return (
    <Choice
      label="Customers without a record in Salesforce"
      options={WAYS}
      value={creates ? 'create' : 'update'}
      onChange={(way) => onChange(way === 'create')}
      testId="creates"
    />
  );
}
