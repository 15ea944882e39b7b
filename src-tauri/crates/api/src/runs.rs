//! Runs: start, stop, resume, look.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use drawbridge_model::{
    Connection, Counts, Environment, Journal, Mapping, PlanId, RunId, RunStatus, SyncId, Target,
    WriteBatch,
};
use drawbridge_salesforce::Org;
use drawbridge_store::{OutcomeQuery, RunLock, RunRecord, SyncLock};
use drawbridge_sync::execute;

use crate::connection_views::domain;
use crate::context::{Context, Workspace, locked};
use crate::convert;
use crate::error::Result;
use crate::plans::{refuse_stale, refuse_unconfirmed};
use crate::problems;
use crate::progress::{Start, WorkReporter};
use crate::sources::AnySource;
use crate::view::{
    ErrorCode, ErrorView, OutcomeChangeView, OutcomeRowView, OutcomesRequest, OutcomesView,
    ProblemView, RunListRequest, RunRequest, RunStartRequest, RunStatusView, RunView, Work,
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
        self.store.set_run_status(
            id,
            RunStatus::Interrupted,
            Some("Drawbridge closed while it was writing."),
            crate::clock::now(),
        )?;
        drop(lock);
        read()
    }

    fn problem_views(&self, id: RunId) -> Result<Vec<ProblemView>> {
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
            read: run.read,
            counts: convert::counts(counts),
            still_to_write: run.read.saturating_sub(counts.total()),
            adds_up: run.status == RunStatus::Finished && counts.adds_up_to(run.read),
            to_write: run.to_write,
            verified: run.verified.unwrap_or(0),
            differs: run.differs.unwrap_or(0),
            api_calls: run.api_calls,
            way: run.mode,
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
            seconds: until.duration_since(run.started_at).as_secs_f64().max(0.0),
        })
    }
}

/// How runs write.
fn way() -> String {
    format!(
        "sObject Collections of {}, {} in flight",
        WriteBatch::MAX_ROWS,
        execute::IN_FLIGHT
    )
}

/// Everything a run needs while it goes on in the background.
struct Execution {
    workspace: Arc<Workspace>,
    run: RunId,
    mapping: Mapping,
    connection: Connection,
    org: Org,
    /// Takes the plan's links, where it has any.
    source: Option<AnySource>,
    counts: Counts,
    reporter: Arc<WorkReporter>,
    stop: Arc<AtomicBool>,
    rights: Rights,
}

/// The right to write for the sync, and to execute the run.
struct Rights {
    #[expect(dead_code, reason = "held, never read")]
    sync: SyncLock,
    #[expect(dead_code, reason = "held, never read")]
    run: RunLock,
}

impl Context {
    /// Starts a run of an approved plan, in the background: [`Context::watch`] follows it.
    pub async fn run_start(&self, request: RunStartRequest) -> Result<RunView> {
        let workspace = self.workspace();
        let plan = workspace.plan(PlanId(request.plan))?;
        refuse_stale(&workspace, &plan)?;
        let (sync, _, connection) = workspace.sync_ends(plan.sync)?;
        let instance = connection
            .org
            .as_ref()
            .map_or("", |org| org.instance_url.as_str());
        refuse_unconfirmed(
            connection.environment,
            &domain(instance),
            request.confirm.as_deref(),
        )?;
        if let Some(halt) = plan
            .halts
            .iter()
            .find(|halt| !request.accept.contains(&halt.code))
        {
            return Err(ErrorView::new(
                ErrorCode::Guard,
                format!(
                    "Safety halt {}: {} Nothing was written.",
                    halt.code, halt.message
                ),
            )
            .hint(format!(
                "If this is right, accept {} and run again.",
                halt.code
            )));
        }
        if request.limit == Some(0) {
            return Err(ErrorView::bad_request(
                "A pilot writes at least one record.",
            ));
        }
        let org = workspace.org(&connection)?;
        let sync_lock = workspace.store.lock_sync(sync.id)?;
        let run = workspace
            .store
            .create_run(plan.id, &way(), request.limit, self.clock().now())?;
        let rights = Rights {
            run: workspace.store.lock_run(run)?,
            sync: sync_lock,
        };
        self.execute(&workspace, run, connection, org, rights)
    }

    /// Resumes a run that was cut off, stopped or halted. What may have been sent is read back
    /// first.
    pub async fn run_resume(&self, request: RunRequest) -> Result<RunView> {
        let workspace = self.workspace();
        let record = workspace.run(RunId(request.run))?;
        if !record.status.is_resumable() {
            return Err(ErrorView::bad_request(format!(
                "Run {} is not interrupted, stopped or halted: there is nothing to resume.",
                record.id
            )));
        }
        let newer = workspace
            .store
            .runs()?
            .into_iter()
            .find(|run| run.sync == record.sync && run.id > record.id);
        if let Some(newer) = newer {
            return Err(ErrorView::new(
                ErrorCode::Guard,
                format!(
                    "Run {} came after run {}, whose values are older: nothing was written.",
                    newer.id, record.id
                ),
            )
            .hint("Preview again: what is still to be written is in the new plan."));
        }
        let (sync, _, connection) = workspace.sync_ends(record.sync)?;
        let org = workspace.org(&connection)?;
        let rights = Rights {
            sync: workspace.store.lock_sync(sync.id)?,
            run: workspace.store.lock_run(record.id)?,
        };
        self.execute(&workspace, record.id, connection, org, rights)
    }

    fn execute(
        &self,
        workspace: &Arc<Workspace>,
        run: RunId,
        connection: Connection,
        org: Org,
        rights: Rights,
    ) -> Result<RunView> {
        let record = workspace.run(run)?;
        let plan = workspace.plan(record.plan)?;
        let mapping = workspace
            .store
            .mapping_version(record.sync, plan.mapping_version)?;
        let sync = workspace.sync(record.sync)?;
        let source = workspace.writeback_source(plan.id, plan.undoes.is_some(), &sync)?;
        let counts = workspace.store.counts(run)?;
        let reporter = workspace.hub.begin(
            Start {
                work: Work::Run(run.0),
                planned: plan.counts,
                counts,
                to_write: record.read.saturating_sub(counts.total()),
                problems: workspace.problem_views(run)?,
                calls_before: org.calls_made(),
            },
            self.options().clock.clone(),
        );
        let stop = Arc::new(AtomicBool::new(false));
        locked(&workspace.stops).insert(run, stop.clone());
        let clock = self.options().clock.clone();
        let execution = Execution {
            workspace: workspace.clone(),
            run,
            mapping,
            connection,
            org,
            source,
            counts,
            reporter,
            stop,
            rights,
        };
        tokio::spawn(async move { execution.go(clock.as_ref()).await });
        workspace.run_view(run)
    }

    /// Asks a run to stop. Calls under way are finished and recorded first.
    pub async fn run_stop(&self, request: RunRequest) -> Result<RunView> {
        let workspace = self.workspace();
        let run = RunId(request.run);
        let stop = locked(&workspace.stops).get(&run).cloned();
        match stop {
            Some(stop) => stop.store(true, Ordering::Relaxed),
            None if workspace.run(run)?.status == RunStatus::Running => {
                return Err(ErrorView::new(
                    ErrorCode::AlreadyRunning,
                    format!("Run {run} is executed by another Drawbridge: it goes on."),
                )
                .hint("Stop it there: in its window, or with Ctrl-C in its terminal."));
            }
            None => {}
        }
        workspace.run_view(run)
    }

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
        let page = workspace.store.outcomes(
            run.id,
            &OutcomeQuery {
                outcome: request.outcome.map(convert::outcome_back),
                search: request.search,
                offset: request.offset,
                limit: request.limit.min(LARGEST_PAGE),
            },
        )?;
        let instance = org.org.map(|org| org.instance_url);
        let rows = page
            .rows
            .into_iter()
            .map(|row| OutcomeRowView {
                customer: row.customer.to_string(),
                name: row.name,
                outcome: convert::outcome(row.outcome),
                record_url: row
                    .record
                    .as_ref()
                    .zip(instance.as_ref())
                    .map(|(id, instance)| format!("{}/{id}", instance.trim_end_matches('/'))),
                record: row.record.map(|record| record.to_string()),
                code: row.problem.as_ref().map(|problem| problem.code.clone()),
                problem: row.problem.map(|problem| problem.message),
                changes: row
                    .changes
                    .iter()
                    .map(|change| {
                        let field = describe
                            .as_ref()
                            .and_then(|describe| describe.field(&change.field));
                        let kind = field.map(|field| field.kind);
                        OutcomeChangeView {
                            label: field.map_or_else(
                                || change.field.to_string(),
                                |field| field.label.clone(),
                            ),
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

impl Execution {
    async fn go(self, clock: &dyn drawbridge_model::Clock) {
        let store = &self.workspace.store;
        let result = match &self.connection.org {
            Some(pinned) => execute::run(
                execute::Input {
                    run: self.run,
                    mapping: &self.mapping,
                    pinned,
                    environment: self
                        .connection
                        .environment
                        .unwrap_or(Environment::Production),
                    counts: self.counts,
                },
                &self.org,
                self.source.as_ref().and_then(AnySource::links),
                store,
                clock,
                self.reporter.as_ref(),
                &self.stop,
            )
            .await
            .map_err(ErrorView::from),
            None => Err(ErrorView::new(
                ErrorCode::WrongOrg,
                "The connection is pinned to no org yet: nothing was written.",
            )),
        };
        let kept = store
            .add_api_calls(self.run, self.reporter.api_calls())
            .and_then(|()| match &result {
                Ok(summary) if summary.status == RunStatus::Finished => {
                    store.set_verified(self.run, summary.verified, summary.differs)
                }
                _ => Ok(()),
            });
        if let Err(error) = kept {
            tracing::error!(run = self.run.0, %error, "the run's figures could not be saved");
        }
        drop(self.rights);
        locked(&self.workspace.stops).remove(&self.run);
        self.reporter.end(result.err());
    }
}
