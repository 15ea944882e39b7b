import { Radio } from '@mantine/core';
import css from './creates.module.css';

/** Whether a sync may create records. */
export function CreatesRecords({ creates, onChange }: { creates: boolean; onChange: (creates: boolean) => void }) {
  return (
    <Radio.Group
      label="Customers without a record in Salesforce"
      value={creates ? 'create' : 'update'}
      onChange={(value) => onChange(value === 'create')}
    >
      <div className={css.radios}>
        <Radio
          size="xs"
          value="update"
          label="Update existing records only"
          description="A customer without a record is skipped and listed."
        />
        <Radio
          size="xs"
          value="create"
          label="The source may create records"
          description="A customer without a record becomes a new one, after it was shown in the preview."
        />
      </div>
    </Radio.Group>
  );
}
