//! Runs as they stand: one, all, their problems and their rows. How they are started and steered
//! is in [`crate::running`].

use drawbridge_model::{Journal, LedgerError, RecordId, RunId, RunStatus, SyncId};
use drawbridge_store::{OutcomeQuery, RunRecord};
use drawbridge_sync::execute::Wish;

use crate::context::{Context, Workspace, locked};
use crate::convert;
use crate::error::Result;
use crate::held;
use crate::problems;
use crate::view::{
    ErrorView, OutcomeChangeView, OutcomeRowView, OutcomesRequest, OutcomesView, ProblemView,
    RunListRequest, RunRequest, RunStatusView, RunView, TwinView, Work,
};

const LARGEST_PAGE: u32 = 500;

impl Workspace {
    /// A run. One that a dead process left as running is found out by its lock, and interrupted.
    pub(crate) fn run(&self, id: RunId) -> Result<RunRecord> {
        let read = || -> Result<RunRecord> {
            self.store
                .run(id)?
                .ok_or_else(|| ErrorView::not_found(format_args!("run {id}")))
        };
        let record = read()?;
        if record.status != RunStatus::Running || self.hub.is_running(Work::Run(id.0)) {
            return Ok(record);
        }
        let Ok(lock) = self.store.lock_run(id) else {
            return Ok(record);
        };
        let (status, reason) = (
            RunStatus::Interrupted,
            "Drawbridge closed while it was writing.",
        );
        let kept = self
            .store
            .set_run_status(id, status, Some(reason), crate::clock::now());
        drop(lock);
        match kept {
            // Where nothing can be kept it is so all the same, and can be read.
            Err(LedgerError::DiskFull { .. }) => Ok(RunRecord {
                status,
                reason: Some(reason.to_owned()),
                ..record
            }),
            kept => kept.map_err(ErrorView::from).and_then(|()| read()),
        }
    }

    pub(crate) fn problem_views(&self, id: RunId) -> Result<Vec<ProblemView>> {
        let groups = self.store.problems(id)?;
        Ok(groups
            .into_iter()
            .map(|group| {
                let (title, hint) = problems::words(group.outcome, &group.code, &group.message);
                ProblemView {
                    outcome: convert::outcome(group.outcome),
                    code: group.code,
                    title,
                    hint,
                    message: group.message,
                    rows: group.rows,
                }
            })
            .collect())
    }

    pub(crate) fn run_view(&self, id: RunId) -> Result<RunView> {
        let run = self.run(id)?;
        let (sync, source, org) = self.sync_ends(run.sync)?;
        let plan = self.plan(run.plan)?;
        let mapping = self.store.mapping_version(run.sync, plan.mapping_version)?;
        let counts = self.store.counts(id)?;
        let ended = run.finished_at.unwrap_or(run.started_at);
        let until = match run.status {
            RunStatus::Running => crate::clock::now(),
            _ => ended,
        };
        Ok(RunView {
            id: run.id.0,
            plan: run.plan.0,
            mapping_version: plan.mapping_version,
            undoes: plan.undoes.map(|run| run.0),
            sync: sync.id.0,
            sync_name: sync.name,
            org_name: org.name,
            source_name: source.provider.name().to_owned(),
            sobject: mapping.sobject.to_string(),
            status: match run.status {
                RunStatus::Running => RunStatusView::Running,
                RunStatus::Finished => RunStatusView::Finished,
                RunStatus::Interrupted => RunStatusView::Interrupted,
                RunStatus::Stopped => RunStatusView::Stopped,
                RunStatus::Halted => RunStatusView::Halted,
            },
            reason: run.reason,
            superseded_by: run.later.map(|run| run.0),
            read: run.read,
            counts: convert::counts(counts),
            fields_held: self.store.fields_held(id)?,
            still_to_write: run.read.saturating_sub(counts.total()),
            adds_up: run.status == RunStatus::Finished && counts.adds_up_to(run.read),
            to_write: run.to_write,
            verified: run.verified.unwrap_or(0),
            differs: run.differs.unwrap_or(0),
            api_calls: run.api_calls,
            way: convert::way(run.way),
            way_reason: run.way_reason,
            paused: locked(&self.controls)
                .get(&id)
                .is_some_and(|control| control.wish() == Wish::Pause),
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
            seconds: until.duration_since(run.started_at).as_secs_f64().max(0.0),
        })
    }
}

impl Context {
    /// One run.
    pub async fn run_get(&self, request: RunRequest) -> Result<RunView> {
        self.workspace().run_view(RunId(request.run))
    }

    /// Runs, newest first.
    pub async fn run_list(&self, request: RunListRequest) -> Result<Vec<RunView>> {
        let workspace = self.workspace();
        workspace
            .store
            .runs()?
            .into_iter()
            .filter(|run| request.sync.is_none_or(|sync| run.sync == SyncId(sync)))
            .map(|run| workspace.run_view(run.id))
            .collect()
    }

    /// A run's problems by cause, most rows first.
    pub async fn run_problems(&self, request: RunRequest) -> Result<Vec<ProblemView>> {
        self.workspace().problem_views(RunId(request.run))
    }

    /// A page of what became of a run's rows.
    pub async fn run_outcomes(&self, request: OutcomesRequest) -> Result<OutcomesView> {
        let workspace = self.workspace();
        let run = workspace.run(RunId(request.run))?;
        let (_, _, org) = workspace.sync_ends(run.sync)?;
        let describe = workspace.plan_describe(run.plan)?;
        let version = workspace.plan(run.plan)?.mapping_version;
        let mapping = workspace.store.mapping_version(run.sync, version)?;
        let page = workspace.store.outcomes(
            run.id,
            &OutcomeQuery {
                outcome: request.outcome.map(convert::outcome_back),
                code: request.code,
                fields_held: request.fields_held,
                search: request.search,
                offset: request.offset,
                limit: request.limit.min(LARGEST_PAGE),
            },
        )?;
        let instance = org.org.map(|org| org.instance_url);
        let link = |record: &RecordId| {
            let instance = instance.as_deref()?;
            Some(format!("{}/{record}", instance.trim_end_matches('/')))
        };
        let rows = page
            .rows
            .into_iter()
            .map(|row| OutcomeRowView {
                customer: row.customer.to_string(),
                name: row.name,
                outcome: convert::outcome(row.outcome),
                record_url: row.record.as_ref().and_then(link),
                record: row.record.map(|record| record.to_string()),
                code: row.problem.as_ref().map(|problem| problem.code.clone()),
                twin: row
                    .problem
                    .as_ref()
                    .and_then(|problem| problem.twin.as_ref())
                    .map(|twin| TwinView {
                        record: twin.record.to_string(),
                        record_url: link(&twin.record),
                        allowable: twin.allowable,
                    }),
                problem: row.problem.map(|problem| problem.message),
                changes: row
                    .changes
                    .iter()
                    .map(|one| {
                        let change = &one.change;
                        let field = describe
                            .as_ref()
                            .and_then(|describe| describe.field(&change.field));
                        let kind = field.map(|field| field.kind);
                        OutcomeChangeView {
                            label: crate::plan_rows::label(&change.field, field),
                            held: one.held.then(|| held::why(change, &mapping)),
                            before: convert::cell(&change.before, kind),
                            after: convert::cell(&change.after, kind),
                        }
                    })
                    .collect(),
            })
            .collect();
        Ok(OutcomesView {
            rows,
            total: page.total,
        })
    }
}
