import { Button, Modal } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import type { RuleDraft, RuleProposalView, SyncView } from '@/backend';
import { formatCountOf, TypeBadge, useReturnFocus } from '@/components';
import css from './dialogs.module.css';
import { policyWords } from './words';

interface Props {
  sync: SyncView;
  proposals: ReadonlyArray<RuleProposalView>;
  onAccept: (rules: ReadonlyArray<RuleDraft>) => void;
  onClose: () => void;
}

/** Rules the org's fields invite, each with why. */
export function Proposals({ sync, proposals, onAccept, onClose }: Props) {
  useReturnFocus();
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${formatCountOf(proposals.length, 'proposal')} for ${sync.sobject}`}
      size={640}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={css.body}>
        <p className={css.lead}>
          {proposals.length === 0
            ? `Every field of ${sync.org_name} that is named like a value of ${sync.source_name} has its rule.`
            : 'Accepted rules join the mapping. Nothing is saved until you save it.'}
        </p>
        {proposals.length > 0 ? (
          <ul className={css.list} aria-label="Proposals">
            {proposals.map((one) => (
              <li key={one.rule.field} className={css.row}>
                <span className={css.name}>
                  {one.source_label} <IconArrowRight size={14} stroke={1.9} aria-label="goes to" /> {one.field_label}
                </span>
                <span className={css.marks}>
                  <TypeBadge type={one.field_kind} />
                  <Button
                    size="compact-sm"
                    aria-label={`Accept ${one.field_label}`}
                    onClick={() => onAccept([one.rule])}
                  >
                    Accept
                  </Button>
                </span>
                <span className={css.api}>
                  {one.rule.source} to {one.rule.field}: {policyWords(one.rule)}
                </span>
                <span className={`${css.because} ${css.wide}`}>{one.because}</span>
              </li>
            ))}
          </ul>
        ) : null}
        <div className={css.foot}>
          <Button onClick={onClose}>Close</Button>
          <span className={css.grow} />
          {proposals.length > 0 ? (
            <Button
              variant="filled"
              onClick={() => {
                onAccept(proposals.map((one) => one.rule));
                onClose();
              }}
              data-testid="proposals-all"
            >
              {proposals.length === 1 ? 'Accept it' : `Accept all ${proposals.length}`}
            </Button>
          ) : null}
        </div>
      </div>
    </Modal>
  );
}
