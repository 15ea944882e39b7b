import { ActionIcon, Button, Menu, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconBolt,
  IconChevronDown,
  IconChevronLeft,
  IconChevronRight,
  IconFilterOff,
  IconHistory,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import {
  errorView,
  type FieldChoiceView,
  type RuleDraft,
  type RuleView,
  type SyncView,
  useCommand,
  useMappingSave,
} from '@/backend';
import { EmptyState, ErrorNotice, formatCountOf, SkeletonRows, StatusWord, useFallenFocus } from '@/components';
import { PromoteDialog } from '../promotion/PromoteDialog';
import chip from '../shared/chip.module.css';
import frame from '../shared/frame.module.css';
import { HeadEnd } from '../shared/HeadEnd';
import { tabPath } from '../shared/paths';
import { SyncFrame } from '../shared/SyncFrame';
import { useLeaveWarning } from '../shared/useLeaveWarning';
import { AddField } from './AddField';
import {
  changedFields,
  changeRule,
  type Draft,
  hasProblem,
  hasWarning,
  newRule,
  type RuleFilter,
  rowsOf,
  rulesOf,
  visibleRules,
} from './changes';
import { ExportFile, ImportFile } from './Files';
import { LeaveDialog } from './LeaveDialog';
import { MappingRow } from './MappingRow';
import css from './mapping.module.css';
import { Problems } from './Problems';
import { Proposals } from './Proposals';
import { RuleEditor } from './RuleEditor';
import { NEEDS_ORG, OrgButton, UnreachedStrip } from './Unreached';
import { useLate } from './useLate';
import { Versions } from './Versions';

/** Which source value goes into which field, and when. */
export function MappingTab() {
  return <SyncFrame>{(sync) => <Mapping key={sync.id} sync={sync} />}</SyncFrame>;
}

/** The button that unfolds a rule. */
function opener(screen: HTMLElement | null, rule: RuleView | undefined): HTMLElement | null {
  return rule ? (screen?.querySelector<HTMLElement>(`[data-testid="rule-${rule.field}"] button`) ?? null) : null;
}

type Dialog = 'add' | 'proposals' | 'versions' | 'export' | 'import' | 'promote';

function Mapping({ sync }: { sync: SyncView }) {
  const navigate = useNavigate();
  const [sample, setSample] = useState(0);
  // Samples come from the last reading of the source, which a preview renews: always asked anew.
  const saved = useCommand('mapping_get', { sync: sync.id, sample }, { keepPrevious: true, staleTime: 0 });
  const save = useMappingSave();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [asked] = useDebouncedValue(draft, 250);
  const checked = useCommand(
    'mapping_check',
    { sync: sync.id, rules: [...(asked?.rules ?? [])], sample },
    { keepPrevious: true, enabled: draft !== null && asked !== null },
  );
  const [dialog, setDialog] = useState<Dialog | null>(null);
  // Asked of the org when a field is to be chosen, and not before.
  const fields = useCommand('mapping_fields', { sync: sync.id }, { enabled: dialog === 'add', staleTime: 60_000 });
  const [chosen, setFilter] = useState<RuleFilter>('all');
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  useLeaveWarning(draft !== null);
  const screen = useRef<HTMLDivElement>(null);
  const more = useRef<HTMLButtonElement>(null);
  const versions = useRef<HTMLButtonElement>(null);
  // The button that was pressed may be gone with what it opened or ended: the keyboard goes on beside it.
  useFallenFocus(dialog !== null, more);
  useFallenFocus(draft !== null, versions);

  // An org that does not answer is tried for a while: what is stored need not wait for that.
  const late = useLate(saved.isPending || saved.isPlaceholderData, 1500);
  const stored = useCommand('mapping_get', { sync: sync.id, sample, stored: true }, { enabled: late, staleTime: 0 });
  const view = (late ? stored.data : undefined) ?? saved.data;
  const before = view ? rulesOf(view) : [];
  const rules: ReadonlyArray<RuleDraft> = draft?.rules ?? before;
  const proposals = useCommand(
    'mapping_proposals',
    { sync: sync.id, rules: [...(asked?.rules ?? before)] },
    { enabled: view !== undefined && view.unreached === null, keepPrevious: true },
  );
  if (!view) {
    return saved.error ? (
      <ErrorNotice error={saved.error} retry={() => void saved.refetch()} />
    ) : (
      <SkeletonRows
        rows={14}
        rowHeight={44}
        columns="236px 164px 1fr 152px 84px 132px"
        sentence={`Reading the mapping, and the fields of ${sync.sobject} in ${sync.org_name}`}
      />
    );
  }
  const shown = draft !== null ? (checked.data ?? view) : view;
  const version = draft?.basedOn ?? view.version;
  const changed = changedFields(before, rules);
  const moved = draft !== null && view.version !== version;
  const rows = rowsOf(
    rules,
    [...shown.rules, ...view.rules.filter((rule) => !shown.rules.some((one) => one.field === rule.field))],
    fields.data ?? [],
  );
  const { unreached } = shown;
  const off = unreached !== null;
  // Nothing was checked without the org: there are no problems to filter by, and none is claimed not to be there.
  const filter = off && chosen !== 'off' ? 'all' : chosen;
  const visible = visibleRules(rows, filter, search);
  const problems = rows.filter(hasProblem).length + shown.problems.length;
  const warnings = rows.filter(hasWarning).length;
  const never = rows.filter((rule) => rule.write === 'never').length;
  const count = proposals.data?.length ?? 0;
  const outdated =
    draft === null && sync.latest_plan !== null && sync.latest_plan.mapping_version !== view.version
      ? sync.latest_plan.mapping_version
      : null;

  const change = (next: ReadonlyArray<RuleDraft>) => {
    save.reset();
    // Changes belong to the version they were made on, whatever is read meanwhile. None left is no draft.
    setDraft(changedFields(before, next).size === 0 ? null : { basedOn: version, rules: next });
  };
  const forget = () => {
    setDraft(null);
    save.reset();
  };
  const add = (field: FieldChoiceView) => {
    change([...rules, newRule(field.name)]);
    setFilter('all');
    setSearch('');
    setOpen(field.name);
    setDialog(null);
  };
  const taken = () => {
    forget();
    setOpen(null);
    setDialog(null);
  };
  const close = () => setDialog(null);
  const needing = off ? { disabled: true, title: NEEDS_ORG } : {};
  const found: Array<{ filter: RuleFilter; word: React.ReactNode; figure: number }> = [
    {
      filter: 'problems',
      word: (
        <span className={problems > 0 ? chip.warn : undefined}>
          {problems > 0 ? <IconAlertTriangle size={14} stroke={1.9} aria-hidden /> : null}
          Problems
        </span>
      ),
      figure: problems,
    },
    ...(warnings > 0 || filter === 'warnings'
      ? [{ filter: 'warnings' as const, word: 'Warnings', figure: warnings }]
      : []),
  ];
  const chips: typeof found = [
    { filter: 'all', word: 'All', figure: rows.length },
    ...(off ? [] : found),
    { filter: 'off', word: 'Off', figure: never },
  ];
  return (
    <div ref={screen} className={css.screen}>
      <HeadEnd>
        <UnstyledButton
          ref={versions}
          className={css.version}
          title="All versions"
          onClick={() => setDialog('versions')}
          data-testid="mapping-versions"
        >
          <IconHistory size={16} stroke={1.75} aria-hidden />
          <span data-testid="mapping-state">
            {draft !== null
              ? `Version ${version}, not saved: ${formatCountOf(changed.size, 'change')}`
              : `Version ${view.version}`}
          </span>
        </UnstyledButton>
        {draft !== null ? (
          <>
            <Button onClick={forget} disabled={save.isPending}>
              Discard
            </Button>
            <OrgButton
              off={off}
              variant="filled"
              loading={save.isPending}
              onClick={() =>
                save.mutate({ sync: sync.id, based_on: version, rules: [...rules] }, { onSuccess: forget })
              }
              data-testid="mapping-save"
            >
              Save as version {version + 1}
            </OrgButton>
          </>
        ) : null}
      </HeadEnd>
      <div className={css.tools}>
        <TextInput
          className={css.search}
          aria-label="Find source value or field"
          placeholder="Source or field"
          leftSection={<IconSearch size={14} stroke={1.9} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {chips.map((one) => (
          <UnstyledButton
            key={one.filter}
            className={chip.chip}
            data-large
            aria-pressed={filter === one.filter}
            onClick={() => setFilter(one.filter)}
          >
            {one.word} <b>{one.figure}</b>
          </UnstyledButton>
        ))}
        <span className={frame.spacer} />
        {count > 0 ? (
          <Button
            leftSection={<IconBolt size={16} aria-hidden />}
            onClick={() => setDialog('proposals')}
            data-testid="mapping-proposals"
          >
            {formatCountOf(count, 'proposal')}
          </Button>
        ) : null}
        <OrgButton
          off={off}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setDialog('add')}
          data-testid="mapping-add"
        >
          Add field
        </OrgButton>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button
              ref={more}
              rightSection={<IconChevronDown size={12} stroke={2.2} aria-hidden />}
              data-testid="mapping-more"
            >
              More
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setDialog('proposals')} {...needing}>
              Auto-map…
            </Menu.Item>
            <Menu.Item onClick={() => setDialog('versions')}>Versions…</Menu.Item>
            <Menu.Item onClick={() => setDialog('export')} data-testid="mapping-export">
              Export as a file…
            </Menu.Item>
            <Menu.Item onClick={() => setDialog('import')} {...needing} data-testid="mapping-import">
              Import from a file…
            </Menu.Item>
            <Menu.Item
              onClick={() => setDialog('promote')}
              disabled={draft !== null || off}
              title={off ? NEEDS_ORG : draft !== null ? 'Save or discard your changes first' : undefined}
              data-testid="mapping-promote"
            >
              {sync.environment === 'sandbox' ? 'Promote to production…' : 'Promote to another org…'}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {unreached ? (
        <UnreachedStrip
          unreached={unreached}
          busy={saved.isFetching || checked.isFetching}
          onAgain={() => {
            void saved.refetch();
            if (draft !== null) void checked.refetch();
          }}
        />
      ) : null}
      {outdated !== null ? (
        <div className={css.outdated} role="status" data-testid="mapping-outdated">
          <StatusWord status="stale">The last preview was made with version {outdated}.</StatusWord>
          <span className={css.said}>
            Nothing can be written from it any more: version {view.version} needs a new preview.
          </span>
          <Button size="compact-sm" onClick={() => navigate(tabPath(sync.id, 'preview'))}>
            Go to Preview
          </Button>
        </div>
      ) : null}
      {save.error || moved || checked.error ? (
        <div className={css.notice}>
          {save.error ? (
            <ErrorNotice
              inline
              error={save.error}
              action={
                errorView(save.error).code === 'plan_stale' || moved
                  ? {
                      label: 'Discard mine and read again',
                      onClick: () => {
                        forget();
                        void saved.refetch();
                      },
                    }
                  : null
              }
            />
          ) : moved ? (
            <span>
              Somebody saved version {view.version} meanwhile. Your changes were made on version {version} and cannot be
              saved over it.{' '}
              <UnstyledButton className={css.link} onClick={forget}>
                Discard mine
              </UnstyledButton>
            </span>
          ) : (
            <ErrorNotice inline error={checked.error} retry={() => void checked.refetch()} />
          )}
        </div>
      ) : null}
      {shown.problems.length > 0 ? (
        <div className={css.whole}>
          <Problems problems={shown.problems} label="Problems of the mapping as a whole" />
        </div>
      ) : null}
      <div className={css.scroll}>
        <div className={css.head}>
          <span>{sync.source_name} value</span>
          <span className={css.sample}>
            <ActionIcon
              size={24}
              aria-label="Previous customer"
              disabled={sample === 0}
              onClick={() => setSample(sample - 1)}
            >
              <IconChevronLeft size={14} stroke={1.9} />
            </ActionIcon>
            <span className={css.customer} title={shown.sample_customer?.name} data-testid="mapping-sample">
              {shown.sample_customer?.name ?? 'No customer yet'}
            </span>
            <ActionIcon
              size={24}
              aria-label="Next customer"
              disabled={sample + 1 >= shown.sample_total}
              onClick={() => setSample(sample + 1)}
            >
              <IconChevronRight size={14} stroke={1.9} />
            </ActionIcon>
          </span>
          <span />
          <span>Salesforce field on {view.sobject}</span>
          <span>Write</span>
          <span>If blank</span>
          <span>If too long</span>
          <span />
        </div>
        {visible.map((row, place) => (
          <MappingRow
            key={row.field}
            rule={row}
            sourceName={sync.source_name}
            hasSample={shown.sample_customer !== null}
            changed={changed.has(row.field)}
            off={off}
            open={open === row.field}
            onOpen={() => setOpen(open === row.field ? null : row.field)}
            onChange={(part) => change(changeRule(rules, row.field, part))}
            onRemove={() => {
              change(rules.filter((rule) => rule.field !== row.field));
              setOpen(null);
              const beside = visible[place + 1] ?? visible[place - 1];
              opener(screen.current, beside)?.focus();
            }}
          >
            <RuleEditor
              sync={sync.id}
              view={row}
              off={off}
              rule={rules.find((rule) => rule.field === row.field) ?? newRule(row.field)}
              onChange={(part) => change(changeRule(rules, row.field, part))}
            />
          </MappingRow>
        ))}
        {visible.length === 0 ? (
          <EmptyState
            icon={IconFilterOff}
            title={filter === 'problems' && problems === 0 ? 'No problems' : 'No rule matches'}
            actions={
              <Button
                onClick={() => {
                  setFilter('all');
                  setSearch('');
                }}
              >
                Show all rules
              </Button>
            }
          >
            {filter === 'problems' && problems === 0
              ? `Every rule fits its field in ${sync.org_name}.`
              : 'No source value or field has these words.'}
          </EmptyState>
        ) : null}
      </div>
      <LeaveDialog unsaved={draft !== null} changes={formatCountOf(changed.size, 'unsaved change')} />
      {dialog === 'add' ? (
        <AddField
          sync={sync}
          fields={fields.data}
          reading={fields.isFetching}
          error={fields.error}
          onRead={() => void fields.refetch()}
          used={new Set(rules.map((rule) => rule.field))}
          onPick={add}
          onClose={close}
        />
      ) : null}
      {dialog === 'proposals' ? (
        <Proposals
          sync={sync}
          proposals={proposals.data ?? []}
          onAccept={(accepted) => change([...rules, ...accepted])}
          onClose={close}
        />
      ) : null}
      {dialog === 'versions' ? (
        <Versions sync={sync} current={view.version} unsaved={draft !== null} onTaken={taken} onClose={close} />
      ) : null}
      {dialog === 'export' ? <ExportFile sync={sync} onClose={close} /> : null}
      {dialog === 'import' ? (
        <ImportFile sync={sync} current={view.version} unsaved={draft !== null} onTaken={taken} onClose={close} />
      ) : null}
      {dialog === 'promote' ? <PromoteDialog sync={sync} onClose={close} /> : null}
    </div>
  );
}
