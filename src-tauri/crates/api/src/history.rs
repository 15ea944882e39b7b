//! The history: every run and undo, operation, import and call by hand, newest first.

use drawbridge_model::{Connection, ConnectionId, Environment, PlanId, RunId, RunStatus, SyncId};
use drawbridge_store::{HistoryEntry, HistoryKind, HistoryQuery, HistoryRow, RunRecord};
use jiff::Timestamp;

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::view::{
    BalanceView, ErrorView, HistoryEntryView, HistoryKindView, HistoryRequest, HistoryRowView,
    HistoryRunView, HistoryView, RunRequest, RunStatusView,
};

const LARGEST_PAGE: u32 = 500;

/// A source's connection with its product: `billing (Alguna)`.
fn named(source: &Connection) -> String {
    let product = source.provider.name();
    if source.name.eq_ignore_ascii_case(product) {
        return source.name.clone();
    }
    format!("{} ({product})", source.name)
}

impl Context {
    /// A window of the history.
    pub async fn history_list(&self, request: HistoryRequest) -> Result<HistoryView> {
        let workspace = self.workspace();
        let page = workspace.store.history(&HistoryQuery {
            kinds: request.kinds.into_iter().map(kind_back).collect(),
            search: request.search,
            source: request.source.map(ConnectionId),
            sync: request.sync.map(SyncId),
            org: request.org.map(ConnectionId),
            environment: request.environment.map(convert::environment_back),
            status: request.status.into_iter().map(status_back).collect(),
            outcome: request
                .outcome
                .into_iter()
                .map(convert::outcome_back)
                .collect(),
            from: moment(request.from.as_deref())?,
            until: moment(request.until.as_deref())?,
            offset: request.offset,
            limit: request.limit.min(LARGEST_PAGE),
        })?;
        Ok(HistoryView {
            rows: page
                .rows
                .into_iter()
                .map(|entry| workspace.entry_view(entry, self.clock().now()))
                .collect::<Result<_>>()?,
            total: page.total,
            all: page.all,
        })
    }

    /// One run of the history, with its problems by cause.
    pub async fn history_get(&self, request: RunRequest) -> Result<HistoryRunView> {
        let workspace = self.workspace();
        let run = workspace.history_run(RunId(request.run))?;
        let note = workspace.plan(PlanId(run.plan))?.note;
        let problems = self.run_problems(request).await?;
        Ok(HistoryRunView {
            run,
            note,
            problems,
        })
    }
}

impl Workspace {
    /// One run as the history shows it.
    pub(crate) fn history_run(&self, run: RunId) -> Result<HistoryRowView> {
        let row = self
            .store
            .history_row(run)?
            .ok_or_else(|| ErrorView::not_found(format_args!("run {run}")))?;
        self.history_row_view(row)
    }

    fn entry_view(&self, entry: HistoryEntry, now: Timestamp) -> Result<HistoryEntryView> {
        Ok(match entry {
            HistoryEntry::Run(row) => HistoryEntryView::Run(self.history_row_view(*row)?),
            HistoryEntry::Operation(record) => {
                HistoryEntryView::Operation(self.listed_batch(*record)?)
            }
            HistoryEntry::Import(record) => HistoryEntryView::Import(self.import_view(record.id)?),
            HistoryEntry::Call(record) => {
                HistoryEntryView::Call(crate::console::record(*record, now))
            }
        })
    }

    fn history_row_view(&self, row: HistoryRow) -> Result<HistoryRowView> {
        let run = match row.run.status {
            // Its process may have died meanwhile.
            RunStatus::Running => self.run(row.run.id)?,
            _ => row.run,
        };
        let (sync, source, org) = self.sync_ends(run.sync)?;
        let environment = row
            .who
            .environment
            .or(org.environment)
            .unwrap_or(Environment::Production);
        Ok(HistoryRowView {
            run: run.id.0,
            plan: run.plan.0,
            mapping_version: row.mapping_version,
            undoes: row.undoes.map(|run| run.0),
            undone_by: row.undone_by.map(|run| run.0),
            sync: sync.id.0,
            sync_name: sync.name,
            source: source.id.0,
            source_name: named(&source),
            org: org.id.0,
            org_name: org.name,
            environment: convert::environment(environment),
            org_id: row.who.org_id,
            user_name: row.who.user_name,
            user_id: row.who.user_id,
            status: status(run.status),
            balance: balance(&run),
            seconds: seconds(&run),
            reason: run.reason,
            read: run.read,
            counts: convert::counts(run.counts),
            still_to_write: run.read.saturating_sub(run.counts.total()),
            verified: run.verified,
            differs: run.differs,
            api_calls: run.api_calls,
            way: run.way.name().to_owned(),
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
        })
    }
}

fn kind_back(kind: HistoryKindView) -> HistoryKind {
    match kind {
        HistoryKindView::Run => HistoryKind::Run,
        HistoryKindView::Operation => HistoryKind::Operation,
        HistoryKindView::Import => HistoryKind::Import,
        HistoryKindView::Call => HistoryKind::Call,
    }
}

/// A run is balanced when it is finished and every row read has one outcome.
fn balance(run: &RunRecord) -> BalanceView {
    if run.counts.total() > run.read {
        return BalanceView::Wrong;
    }
    match run.status {
        RunStatus::Finished if run.counts.adds_up_to(run.read) => BalanceView::Right,
        RunStatus::Finished => BalanceView::Wrong,
        RunStatus::Running | RunStatus::Interrupted | RunStatus::Stopped | RunStatus::Halted => {
            BalanceView::Open
        }
    }
}

fn seconds(run: &RunRecord) -> f64 {
    let until = match run.status {
        RunStatus::Running => crate::clock::now(),
        _ => run.finished_at.unwrap_or(run.started_at),
    };
    until.duration_since(run.started_at).as_secs_f64().max(0.0)
}

fn status(status: RunStatus) -> RunStatusView {
    match status {
        RunStatus::Running => RunStatusView::Running,
        RunStatus::Finished => RunStatusView::Finished,
        RunStatus::Interrupted => RunStatusView::Interrupted,
        RunStatus::Stopped => RunStatusView::Stopped,
        RunStatus::Halted => RunStatusView::Halted,
    }
}

fn status_back(status: RunStatusView) -> RunStatus {
    match status {
        RunStatusView::Running => RunStatus::Running,
        RunStatusView::Finished => RunStatus::Finished,
        RunStatusView::Interrupted => RunStatus::Interrupted,
        RunStatusView::Stopped => RunStatus::Stopped,
        RunStatusView::Halted => RunStatus::Halted,
    }
}

fn moment(text: Option<&str>) -> Result<Option<Timestamp>> {
    text.map(|text| {
        text.parse().map_err(|_| {
            ErrorView::bad_request(format!(
                "“{text}” is not a moment such as 2026-11-21T00:00:00Z."
            ))
        })
    })
    .transpose()
}
