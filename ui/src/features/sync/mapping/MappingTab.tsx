import { ActionIcon, Button, TextInput, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconChevronLeft, IconChevronRight, IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { errorView, type SyncView, useCommand, useMappingSave } from '@/backend';
import { EmptyState, ErrorNotice, formatCountOf, SkeletonRows } from '@/components';
import chip from '../shared/chip.module.css';
import frame from '../shared/frame.module.css';
import { HeadEnd } from '../shared/HeadEnd';
import { SyncFrame } from '../shared/SyncFrame';
import { useLeaveWarning } from '../shared/useLeaveWarning';
import { choose, type Drafts, policiesOf, type RuleFilter, visibleRules } from './changes';
import { MappingRow } from './MappingRow';
import css from './mapping.module.css';

/** Which source value goes into which field, and when. */
export function MappingTab() {
  return <SyncFrame>{(sync) => <Mapping key={sync.id} sync={sync} />}</SyncFrame>;
}

function Mapping({ sync }: { sync: SyncView }) {
  const [sample, setSample] = useState(0);
  // Samples come from the last reading of the source, which a preview renews: always asked anew.
  const mapping = useCommand('mapping_get', { sync: sync.id, sample }, { keepPrevious: true, staleTime: 0 });
  const save = useMappingSave();
  const [drafts, setDrafts] = useState<Drafts>({});
  const [filter, setFilter] = useState<RuleFilter>('all');
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  // Changes belong to the version they were made on, whatever is read meanwhile.
  const [basedOn, setBasedOn] = useState<number | null>(null);
  const changes = Object.values(drafts);
  useLeaveWarning(changes.length > 0);

  const view = mapping.data;
  if (!view) {
    return mapping.error ? (
      <ErrorNotice error={mapping.error} retry={() => void mapping.refetch()} />
    ) : (
      <SkeletonRows
        rows={14}
        rowHeight={44}
        columns="236px 164px 1fr 152px 84px 132px"
        sentence="Reading the mapping"
      />
    );
  }
  const version = basedOn ?? view.version;
  const moved = changes.length > 0 && view.version !== version;
  const rules = visibleRules(view.rules, drafts, filter, search);
  const problems = view.rules.filter((rule) => rule.problem !== null).length;
  const off = view.rules.filter((rule) => policiesOf(rule, drafts).write === 'never').length;
  const forget = () => {
    setDrafts({});
    setBasedOn(null);
    save.reset();
  };
  const chips: Array<{ filter: RuleFilter; word: React.ReactNode; figure: number }> = [
    { filter: 'all', word: 'All', figure: view.rules.length },
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
    { filter: 'off', word: 'Off', figure: off },
  ];
  return (
    <div className={css.screen}>
      <HeadEnd>
        <span className={frame.note} data-testid="mapping-state">
          {changes.length > 0
            ? `Version ${version}, not saved: ${formatCountOf(changes.length, 'change')}`
            : `Version ${view.version}`}
        </span>
        {changes.length > 0 ? (
          <>
            <Button onClick={forget} disabled={save.isPending}>
              Discard
            </Button>
            <Button
              variant="filled"
              loading={save.isPending}
              onClick={() => save.mutate({ sync: sync.id, based_on: version, rules: changes }, { onSuccess: forget })}
              data-testid="mapping-save"
            >
              Save as version {version + 1}
            </Button>
          </>
        ) : null}
      </HeadEnd>
      <div className={css.tools}>
        <TextInput
          w={208}
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
      </div>
      {save.error || moved ? (
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
                        void mapping.refetch();
                      },
                    }
                  : undefined
              }
            />
          ) : (
            <span>
              Somebody saved version {view.version} meanwhile. Your changes were made on version {version} and cannot be
              saved over it.{' '}
              <UnstyledButton className={css.link} onClick={forget}>
                Discard mine
              </UnstyledButton>
            </span>
          )}
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
            <span className={css.customer} title={view.sample_customer?.name} data-testid="mapping-sample">
              {view.sample_customer?.name ?? 'No customer yet'}
            </span>
            <ActionIcon
              size={24}
              aria-label="Next customer"
              disabled={sample + 1 >= view.sample_total}
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
        </div>
        {rules.map((rule) => (
          <MappingRow
            key={rule.field}
            rule={rule}
            sourceName={sync.source_name}
            hasSample={view.sample_customer !== null}
            policies={policiesOf(rule, drafts)}
            changed={drafts[rule.field] !== undefined}
            open={open === rule.field}
            onOpen={() => setOpen(open === rule.field ? null : rule.field)}
            onChoose={(part) => {
              setBasedOn((now) => now ?? view.version);
              setDrafts((now) => choose(now, rule, part));
            }}
          />
        ))}
        {rules.length === 0 ? (
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
    </div>
  );
}
