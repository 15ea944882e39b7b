import { IconAlertTriangle, IconCircleCheck, IconCirclePlus, IconKey, IconLock } from '@tabler/icons-react';
import type { FieldState, NeededField } from '@/backend';
import { type IconType, StatusWord, type Tone, TypeBadge } from '@/components';
import css from './fields.module.css';

const STATES: Record<FieldState, { word: string; tone: Tone; icon: IconType }> = {
  ready: { word: 'Ready', tone: 'create', icon: IconCircleCheck },
  missing: { word: 'Missing', tone: 'blocked', icon: IconCirclePlus },
  read_only: { word: 'Read only', tone: 'blocked', icon: IconLock },
  unfit: { word: 'Does not fit', tone: 'rejected', icon: IconAlertTriangle },
};

/** The needed fields: how each stands, its type, what it is for, and what is wrong with it. */
export function FieldTable({ fields }: { fields: ReadonlyArray<NeededField> }) {
  return (
    <table className={css.table} data-testid="fields">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Field</th>
          <th scope="col">Type</th>
          <th scope="col">What it is for</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => {
          const { word, tone, icon } = STATES[field.state];
          return (
            <tr key={field.name} data-state={field.state}>
              <td>
                <StatusWord tone={tone} icon={icon}>
                  {word}
                </StatusWord>
              </td>
              <td>
                <span className={css.name}>
                  {field.label}
                  {field.external_id ? (
                    <span title="External ID, unique" className={css.key}>
                      <IconKey size={12} stroke={2.2} aria-label="External ID, unique" />
                    </span>
                  ) : null}
                </span>
                <span className={css.api}>{field.name}</span>
              </td>
              <td>
                <TypeBadge type={field.kind} />
              </td>
              <td className={css.what}>
                {field.problem ? <span className={css.problem}>{field.problem}</span> : field.description}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
