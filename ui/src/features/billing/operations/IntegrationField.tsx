import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useCommand } from '@/backend';

interface Props {
  id: string;
  connection: number;
  label: string;
  value: string;
  error: ReactNode;
  required: boolean;
  description: ReactNode;
  onBlur: () => void;
  onChange: (value: string) => void;
}

/** Which Salesforce integration a link goes through; not on screen where there is nothing to choose. */
export function IntegrationField({ connection, value, onChange, required, ...rest }: Props) {
  const choices = useCommand('billing_choices', {
    connection,
    kind: 'integration',
    search: '',
    customer: null,
  });
  const all = choices.data ?? [];
  if (all.length < 2 && value === '' && !rest.error) return null;
  return (
    <Select
      {...rest}
      withAsterisk={required || all.length > 1}
      placeholder="Choose an integration"
      clearable
      data={all.map((one) => ({ value: one.value, label: one.label }))}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      comboboxProps={{ shadow: 'xl' }}
    />
  );
}
