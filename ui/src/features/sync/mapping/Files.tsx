import { Button, Modal, Textarea } from '@mantine/core';
import { IconDeviceFloppy, IconFile } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { type SyncView, useAction, useCommand, useMappingSave } from '@/backend';
import { CopyButton, ErrorNotice, SkeletonRows, StatusWord, useReturnFocus } from '@/components';
import { Differences } from './Differences';
import css from './dialogs.module.css';
import { Problems } from './Problems';

/** The saved mapping as a file: to copy, or to save beside the workspace. */
export function ExportFile({ sync, onClose }: { sync: SyncView; onClose: () => void }) {
  useReturnFocus();
  const file = useCommand('mapping_export', { sync: sync.id }, { staleTime: 0 });
  const save = useAction('mapping_export_file');
  const path = save.data?.path;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Mapping version ${sync.mapping_version} as a file`}
      size={720}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={css.body}>
        {file.error ? <ErrorNotice inline error={file.error} retry={() => void file.refetch()} /> : null}
        {file.data ? (
          <Textarea
            className={css.file}
            aria-label="The file"
            readOnly
            rows={16}
            value={file.data.text}
            data-testid="export-text"
          />
        ) : file.error ? null : (
          <SkeletonRows rows={8} rowHeight={24} columns="1fr" sentence="Writing the file" />
        )}
        {save.error ? <ErrorNotice inline error={save.error} retry={() => save.mutate({ sync: sync.id })} /> : null}
        {path ? (
          <div className={css.saved} role="status" data-testid="export-path">
            <StatusWord status="created">Saved</StatusWord>
            <code title={path}>{path}</code>
            <CopyButton text={path} label="Copy the path" />
          </div>
        ) : null}
        <div className={css.foot}>
          <Button onClick={onClose}>Close</Button>
          <span className={css.grow} />
          {file.data ? <CopyButton text={file.data.text} label="Copy" /> : null}
          <Button
            variant="filled"
            loading={save.isPending}
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            onClick={() => save.mutate({ sync: sync.id })}
            data-testid="export-save"
          >
            Save as a file
          </Button>
        </div>
      </div>
    </Modal>
  );
}

interface ImportProps {
  sync: SyncView;
  /** The version that is saved. */
  current: number;
  unsaved: boolean;
  onTaken: () => void;
  onClose: () => void;
}

/** A mapping from a file: what it would change and what is wrong with it, before it is saved. */
export function ImportFile({ sync, current, unsaved, onTaken, onClose }: ImportProps) {
  useReturnFocus();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const read = useCommand(
    'mapping_read',
    { sync: sync.id, text: file?.text ?? '' },
    { enabled: file !== null, staleTime: 0 },
  );
  const save = useMappingSave();
  const other = file === null ? undefined : read.data;
  const same = other?.usable === true && other.differences.length === 0;
  return (
    <Modal opened onClose={onClose} title="Mapping from a file" size={720} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={css.body}>
        <p className={css.lead}>
          A TOML file as Drawbridge writes it. What it would change is shown first; nothing is saved until you say so.
        </p>
        <input
          ref={input}
          type="file"
          accept=".toml,text/plain"
          hidden
          aria-label="Mapping file"
          data-testid="import-file"
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (!chosen) return;
            save.reset();
            chosen.text().then(
              (text) => {
                setFailed(null);
                setFile({ name: chosen.name, text });
              },
              () =>
                setFailed(`${chosen.name} could not be read. Nothing was changed. Choose it again, or another one.`),
            );
          }}
        />
        <div className={css.saved}>
          <Button
            leftSection={<IconFile size={16} aria-hidden />}
            onClick={() => input.current?.click()}
            data-autofocus
            data-testid="import-choose"
          >
            {file ? 'Choose another file…' : 'Choose a file…'}
          </Button>
          {file ? <code>{file.name}</code> : null}
        </div>
        {failed ? (
          <p className={css.lead} role="alert">
            {failed}
          </p>
        ) : null}
        {file && read.error ? <ErrorNotice inline error={read.error} retry={() => void read.refetch()} /> : null}
        {other ? (
          <section className={css.pane} aria-label="What the file says" data-testid="import-result">
            {other.problems.length > 0 ? (
              <>
                <h3>{other.usable ? 'Worth a look' : 'It cannot be saved'}</h3>
                <Problems problems={other.problems} label="Problems of the file" />
              </>
            ) : null}
            {other.differences.length > 0 ? (
              <>
                <h3>It would change</h3>
                <Differences differences={other.differences} />
              </>
            ) : null}
            {same ? <p className={css.lead}>It is the same as version {current}: there is nothing to save.</p> : null}
          </section>
        ) : null}
        {save.error ? <ErrorNotice inline error={save.error} action={null} /> : null}
        <div className={css.foot}>
          <Button onClick={onClose}>Close</Button>
          <span className={css.grow} />
          {other?.usable && unsaved ? <span className={css.quiet}>Your unsaved changes are given up.</span> : null}
          <Button
            variant="filled"
            disabled={!other?.usable || same}
            title={other && !other.usable ? 'Correct the file first' : undefined}
            loading={save.isPending}
            onClick={() =>
              other && save.mutate({ sync: sync.id, based_on: current, rules: other.rules }, { onSuccess: onTaken })
            }
            data-testid="import-save"
          >
            Save as version {current + 1}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
