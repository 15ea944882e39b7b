import { Button, Modal, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { type OtherMappingView, type SyncView, useCommand, useMappingSave } from '@/backend';
import { ErrorNotice, formatCountOf, formatWhen, SkeletonRows, useReturnFocus } from '@/components';
import { Differences } from './Differences';
import css from './dialogs.module.css';
import { Problems } from './Problems';
import { policyWords } from './words';

interface Props {
  sync: SyncView;
  current: number;
  /** Whether there are unsaved changes, which taking a version back gives up. */
  unsaved: boolean;
  onTaken: () => void;
  onClose: () => void;
}

/** Every version of the mapping: what it changed, and the way back to it. */
export function Versions({ sync, current, unsaved, onTaken, onClose }: Props) {
  useReturnFocus();
  const list = useCommand('mapping_versions', { sync: sync.id }, { staleTime: 0 });
  const [chosen, setChosen] = useState(current);
  const old = useCommand(
    'mapping_version',
    { sync: sync.id, version: chosen },
    { enabled: chosen !== current, staleTime: 0 },
  );
  const save = useMappingSave();
  const shown = list.data?.find((one) => one.version === chosen);
  const takeBack = (other: OtherMappingView) =>
    save.mutate({ sync: sync.id, based_on: current, rules: other.rules }, { onSuccess: onTaken });
  return (
    <Modal
      opened
      onClose={onClose}
      title="Versions of the mapping"
      size={880}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={css.body}>
        {list.error ? <ErrorNotice inline error={list.error} retry={() => void list.refetch()} /> : null}
        {!list.data && !list.error ? (
          <SkeletonRows rows={4} rowHeight={44} columns="1fr 2fr" sentence="Reading the versions" />
        ) : null}
        {list.data ? (
          <div className={css.versions}>
            <ul className={css.versionList} aria-label="Versions">
              {list.data.map((one) => (
                <li key={one.version}>
                  <UnstyledButton
                    className={css.version}
                    aria-current={one.version === chosen}
                    onClick={() => {
                      setChosen(one.version);
                      save.reset();
                    }}
                    data-testid={`version-${one.version}`}
                  >
                    <b>
                      Version {one.version}
                      {one.version === current ? ', current' : ''}
                    </b>
                    <span>{one.saved_at ? formatWhen(one.saved_at) : 'Saved before dates were kept'}</span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keys scroll it */}
            <section className={css.pane} aria-label={`Version ${chosen}`} tabIndex={0}>
              {shown ? (
                <>
                  <h3>What it changed</h3>
                  {shown.differences.length > 0 ? (
                    <Differences differences={shown.differences} />
                  ) : (
                    <p className={css.lead}>
                      {shown.version === 1
                        ? `The first version, with ${formatCountOf(shown.rules, 'rule')}.`
                        : 'The same as the version before.'}
                    </p>
                  )}
                </>
              ) : null}
              {chosen !== current && old.data ? <Old version={chosen} other={old.data} /> : null}
              {chosen !== current && old.error ? (
                <ErrorNotice inline error={old.error} retry={() => void old.refetch()} />
              ) : null}
            </section>
          </div>
        ) : null}
        {save.error ? <ErrorNotice inline error={save.error} action={null} /> : null}
        <div className={css.foot}>
          <Button onClick={onClose}>Close</Button>
          <span className={css.grow} />
          {chosen !== current && unsaved ? <span className={css.quiet}>Your unsaved changes are given up.</span> : null}
          {chosen !== current && old.data ? (
            <Button
              variant="filled"
              loading={save.isPending}
              disabled={old.data.differences.length === 0}
              title={old.data.differences.length === 0 ? 'It is the same as the current version' : undefined}
              onClick={() => old.data && takeBack(old.data)}
              data-testid="version-take-back"
            >
              Take back as version {current + 1}
            </Button>
          ) : null}
        </div>
      </div>
    </Modal>
  );
}

/** An earlier version: what taking it back would change, its problems today, its rules. */
function Old({ version, other }: { version: number; other: OtherMappingView }) {
  return (
    <>
      <h3>Taken back, it would change</h3>
      {other.differences.length > 0 ? (
        <Differences differences={other.differences} />
      ) : (
        <p className={css.lead}>Nothing: it is the same as the current version.</p>
      )}
      {other.problems.length > 0 ? <h3>What is to be said of it today</h3> : null}
      <Problems problems={other.problems} label={`Problems of version ${version}`} />
      <h3>Its rules</h3>
      <table className={css.rules}>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Field</th>
            <th scope="col">Policies</th>
          </tr>
        </thead>
        <tbody>
          {other.rules.map((rule) => (
            <tr key={rule.field}>
              <td className={css.api}>{rule.source}</td>
              <td className={css.api}>{rule.field}</td>
              <td>{policyWords(rule)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
