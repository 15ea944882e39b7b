import { IconArrowRight } from '@tabler/icons-react';
import type { CellView, PlanCellView } from '@/backend';
import { cellText } from '@/components';
import css from './table.module.css';

interface Props {
  cell: PlanCellView;
  /** Whether the whole row is held. */
  rowHeld: boolean;
  right: boolean;
}

function Value({ cell }: { cell: CellView }) {
  return cell.kind === 'blank' ? <span className={css.blank}>blank</span> : cellText(cell);
}

const BLANK: CellView = { kind: 'blank', text: '' };

/** What Salesforce holds above, what would be written below; plain text where nothing changes. */
export function DiffCell({ cell, rowHeld, right }: Props) {
  const before = cell.before ?? BLANK;
  const side = right ? css.right : '';
  if (cell.after === null) {
    return (
      <span
        className={`${css.same} ${side}`}
        data-drifted={cell.drifted || undefined}
        title={before.kind === 'text' ? before.text : undefined}
      >
        {cell.before === null || before.kind === 'blank' ? '' : cellText(before)}
      </span>
    );
  }
  const held = rowHeld || cell.held;
  const after = cellText(cell.after) || 'blank';
  return (
    <div
      className={`${css.cell} ${side}`}
      data-testid="diff-cell"
      data-held={held || undefined}
      data-drifted={cell.drifted || undefined}
      title={`${cellText(before) || 'blank'} → ${after}${held ? ', held' : ''}${cell.drifted ? ', changed in Salesforce' : ''}${cell.why_held ? `\n${cell.why_held}.` : ''}`}
    >
      <span className={css.before}>
        <Value cell={before} />
      </span>
      <IconArrowRight size={12} stroke={2.4} aria-label={held ? 'held, not written:' : 'becomes'} />
      <span className={css.after}>
        <Value cell={cell.after} />
      </span>
    </div>
  );
}
