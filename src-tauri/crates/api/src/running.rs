//! Runs under way: started, resumed, retried, paused and stopped.

use std::sync::Arc;
use std::time::Duration;

use drawbridge_model::{
    Connection, Counts, CustomerId, Environment, Journal, LinkLedger, Mapping, Outcome, PlanId,
    RunId, RunStatus, Sync, SyncId, Target, Way, grouped,
};
use drawbridge_salesforce::Org;
use drawbridge_store::{NewRun, RunLock, RunRecord, Scope, SyncLock};
use drawbridge_sync::execute::{self, Control, Wish};
use jiff::Timestamp;

use crate::connection_views::domain;
use crate::connections::refuse_other_org;
use crate::context::{Context, Workspace, count, locked};
use crate::convert;
use crate::effort::Effort;
use crate::error::Result;
use crate::plans::{refuse_stale, refuse_unconfirmed};
use crate::progress::{Start, WorkReporter};
use crate::run_choices;
use crate::sources::AnySource;
use crate::users::note_user;
use crate::view::{
    ErrorCode, ErrorView, PlanRequest, RetryRequest, RunRequest, RunResumeRequest, RunStartRequest,
    RunView, Work,
};

/// Everything a run needs while it goes on in the background.
struct Execution {
    workspace: Arc<Workspace>,
    run: RunId,
    sync: Sync,
    way: Way,
    /// Whether its plan may delete records.
    deletes: bool,
    mapping: Mapping,
    connection: Connection,
    org: Org,
    /// Takes the plan\'s links, where it has any.
    source: Option<AnySource>,
    counts: Counts,
    reporter: Arc<WorkReporter>,
    read_through: Timestamp,
    /// Whether a person wants records saved though a duplicate rule warns.
    allow_duplicates: bool,
    control: Arc<Control>,
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
        refuse_read_only(&connection)?;
        workspace.refuse_other_reader(&plan, &connection)?;
        let instance = connection
            .org
            .as_ref()
            .map_or("", |org| org.instance_url.as_str());
        refuse_unconfirmed(
            connection.environment,
            &domain(instance),
            request.confirm.as_deref(),
        )?;
        run_choices::refuse_unknown_halts(&plan, &request.accept)?;
        if let Some(halt) = plan
            .halts
            .iter()
            .find(|halt| !request.accept.contains(&halt.code))
        {
            return Err(ErrorView::new(
                ErrorCode::Guard,
                format!(
                    "A safety halt stands: {} Nothing was written. If this is right, accept it and \
                     run again.",
                    halt.message
                ),
            ));
        }
        let scope = scope(&request)?;
        if let Scope::Only(customers) = &scope {
            run_choices::refuse_not_written(&workspace, plan.id, customers)?;
        }
        let tally = workspace.store.plan_tally(plan.id)?;
        let most = match &scope {
            Scope::All => tally.to_write,
            Scope::First(limit) => *limit,
            Scope::Only(customers) => count(customers.len()),
        };
        let rows = most.min(tally.to_write - tally.to_delete.min(tally.to_write));
        let deletions = most.min(tally.to_delete);
        let wish = request.way.map(convert::way_back);
        let (way, reason) = execute::choose_with_deletions(rows, deletions, wish);
        let new = NewRun { way, reason, scope };
        let org = workspace.org(&connection)?;
        let sync_lock = workspace.store.lock_sync(sync.id)?;
        workspace.refuse_unsettled(&connection, sync.id)?;
        let run = workspace
            .store
            .create_run(plan.id, &new, self.clock().now())?;
        let rights = Rights {
            run: workspace.store.lock_run(run)?,
            sync: sync_lock,
        };
        self.execute(&workspace, run, connection, org, rights, false)
    }

    /// The run that must be resumed before a plan of its sync can be run: it was cut off, and what
    /// became of its last calls is not known.
    pub async fn run_to_resume(&self, request: PlanRequest) -> Result<Option<u32>> {
        let workspace = self.workspace();
        let plan = workspace.plan(PlanId(request.plan))?;
        let (sync, _, connection) = workspace.sync_ends(plan.sync)?;
        let unsettled = workspace.unsettled(&connection, sync.id)?;
        Ok(unsettled.map(|(run, _)| run.0))
    }

    /// Resumes a run that was cut off, stopped or halted. What may have been sent is read back
    /// first.
    pub async fn run_resume(&self, request: impl Into<RunResumeRequest>) -> Result<RunView> {
        let request = request.into();
        let workspace = self.workspace();
        let record = workspace.run(RunId(request.run))?;
        if record.status == RunStatus::Running {
            // Whoever executes it holds its lock: that error says who it is.
            let executed = workspace.store.lock_run(record.id).map(drop);
            return Err(match executed {
                Ok(()) => ErrorView::new(
                    ErrorCode::AlreadyRunning,
                    format!("Run {} is under way: nothing was started.", record.id),
                ),
                Err(error) => error.into(),
            }
            .hint("Wait until it has ended, or steer it there: in its window, or with Ctrl-C in its terminal."));
        }
        if !record.status.is_resumable() {
            return Err(ErrorView::bad_request(format!(
                "Run {} has ended: there is nothing to resume.",
                record.id
            )));
        }
        refuse_superseded(&record)?;
        let (sync, _, mut connection) = workspace.sync_ends(record.sync)?;
        refuse_read_only(&connection)?;
        workspace.refuse_before_refresh(&connection, record.id, "resumed")?;
        let org = workspace.org(&connection)?;
        if request.as_another_user {
            let found = org.identity().await?;
            refuse_other_org(&connection, &found)?;
            note_user(&mut connection, found, self.clock().now());
            workspace.store.update_connection(&connection)?;
        } else {
            workspace.refuse_other_runner(record.id, &connection)?;
        }
        let rights = Rights {
            sync: workspace.store.lock_sync(sync.id)?,
            run: workspace.store.lock_run(record.id)?,
        };
        self.execute(&workspace, record.id, connection, org, rights, false)
    }

    /// Tries rejected records of a run again: all, or those of some customers. The same checks
    /// apply as at first, so a record that changed since the preview is held.
    pub async fn run_retry(&self, request: RetryRequest) -> Result<RunView> {
        let workspace = self.workspace();
        let record = workspace.run(RunId(request.run))?;
        if record.status == RunStatus::Running {
            return Err(ErrorView::new(
                ErrorCode::AlreadyRunning,
                format!("Run {} is still under way: nothing was changed.", record.id),
            )
            .hint("Wait until it has ended, then retry what was rejected."));
        }
        refuse_superseded(&record)?;
        let customers: Option<Vec<CustomerId>> = request
            .customers
            .map(|customers| customers.into_iter().map(CustomerId).collect());
        if let Some(customers) = &customers {
            refuse_not_rejected(&workspace, record.id, customers)?;
        }
        let allow = request.allow_duplicates;
        if allow {
            refuse_to_allow(
                &workspace,
                &record,
                customers.as_deref().unwrap_or_default(),
            )?;
        }
        let (sync, _, connection) = workspace.sync_ends(record.sync)?;
        refuse_read_only(&connection)?;
        workspace.refuse_before_refresh(&connection, record.id, "retried")?;
        workspace.refuse_other_runner(record.id, &connection)?;
        let org = workspace.org(&connection)?;
        let rights = Rights {
            sync: workspace.store.lock_sync(sync.id)?,
            run: workspace.store.lock_run(record.id)?,
        };
        let now = self.clock().now();
        let reopened = workspace
            .store
            .reopen_rejected(record.id, customers.as_deref(), now)?;
        if reopened == 0 {
            return Err(ErrorView::bad_request(format!(
                "Run {} has no rejected records: there is nothing to retry.",
                record.id
            )));
        }
        self.execute(&workspace, record.id, connection, org, rights, allow)
    }

    fn execute(
        &self,
        workspace: &Arc<Workspace>,
        run: RunId,
        connection: Connection,
        org: Org,
        rights: Rights,
        allow_duplicates: bool,
    ) -> Result<RunView> {
        let record = workspace.run(run)?;
        let plan = workspace.plan(record.plan)?;
        let mapping = workspace
            .store
            .mapping_version(record.sync, plan.mapping_version)?;
        let sync = workspace.sync(record.sync)?;
        let source = workspace.writeback_source(plan.id, plan.undoes.is_some(), &sync)?;
        let counts = workspace.store.counts(run)?;
        // From here on it is under way, also for whoever asks before its first step.
        workspace
            .store
            .set_run_status(run, RunStatus::Running, None, self.clock().now())?;
        let source_asks = source.as_ref().map(AnySource::asking_again);
        let asking_again = source_asks
            .into_iter()
            .chain([org.asking_again()])
            .collect();
        let reporter = workspace.hub.begin(
            Start {
                work: Work::Run(run.0),
                planned: plan.counts,
                counts,
                to_write: record.read.saturating_sub(counts.total()),
                problems: workspace.problem_views(run)?,
                calls_before: org.calls_made(),
                asking_again,
            },
            self.options().clock.clone(),
        );
        let control = Arc::new(Control::default());
        locked(&workspace.controls).insert(run, control.clone());
        let clock = self.options().clock.clone();
        let execution = Execution {
            workspace: workspace.clone(),
            run,
            sync,
            // A Bulk job cannot say that duplicates are allowed.
            way: if allow_duplicates {
                Way::Collections
            } else {
                record.way
            },
            allow_duplicates,
            deletes: plan.deletes,
            mapping,
            connection,
            org,
            source,
            counts,
            reporter,
            // A plan of an older Drawbridge does not say: it began to read then.
            read_through: plan.read_through.unwrap_or(plan.started_at),
            control,
            rights,
        };
        let look_for_calls = self.options().look_for_calls;
        tokio::spawn(async move { execution.go(clock.as_ref(), look_for_calls).await });
        workspace.run_view(run)
    }

    /// Asks a run to stop. Calls under way are finished and recorded first.
    pub async fn run_stop(&self, request: RunRequest) -> Result<RunView> {
        self.ask(RunId(request.run), Wish::Stop)
    }

    /// Pauses a run: no further call goes out, and those under way are finished and recorded. It
    /// is still running, and goes on where it was.
    pub async fn run_pause(&self, request: RunRequest) -> Result<RunView> {
        self.ask(RunId(request.run), Wish::Pause)
    }

    /// Lets a paused run go on.
    pub async fn run_continue(&self, request: RunRequest) -> Result<RunView> {
        self.ask(RunId(request.run), Wish::Go)
    }

    fn ask(&self, run: RunId, wish: Wish) -> Result<RunView> {
        let workspace = self.workspace();
        let control = locked(&workspace.controls).get(&run).cloned();
        match control {
            Some(control) => control.ask(wish),
            None if workspace.run(run)?.status == RunStatus::Running => {
                return Err(ErrorView::new(
                    ErrorCode::AlreadyRunning,
                    format!("Run {run} is executed by another Drawbridge: it goes on."),
                )
                .hint("Steer it there: in its window, or with Ctrl-C in its terminal."));
            }
            None => {}
        }
        workspace.run_view(run)
    }
}

/// Which rows a new run may write.
fn scope(request: &RunStartRequest) -> Result<Scope> {
    match (&request.only, request.limit) {
        (Some(_), Some(_)) => Err(ErrorView::bad_request(
            "A pilot is either the first so many records or chosen ones, not both.",
        )),
        (None, Some(0)) => Err(ErrorView::bad_request(
            "A pilot writes at least one record.",
        )),
        (Some(only), None) if only.is_empty() => Err(ErrorView::bad_request(
            "A pilot writes at least one record.",
        )),
        (Some(only), None) => {
            let customers = only.iter().cloned().map(CustomerId).collect();
            Ok(Scope::Only(customers))
        }
        (None, Some(limit)) => Ok(Scope::First(limit)),
        (None, None) => Ok(Scope::All),
    }
}

fn refuse_read_only(connection: &Connection) -> Result<()> {
    Workspace::refuse_read_only(connection, "no record is written there")
}

/// The values of an older run may not come after those of a newer one.
fn refuse_superseded(record: &RunRecord) -> Result<()> {
    match record.later {
        None => Ok(()),
        Some(later) => Err(ErrorView::new(
            ErrorCode::Guard,
            format!(
                "Run {later} came after run {}, whose values are older: nothing was written.",
                record.id
            ),
        )
        .hint("Preview again: what is still to be written is in the new plan.")),
    }
}

impl Workspace {
    /// What the sync's last run may have written must be known before another one writes: else
    /// nobody could take it back, and it would look like somebody else's.
    pub(crate) fn refuse_unsettled(&self, connection: &Connection, sync: SyncId) -> Result<()> {
        let Some((last, what)) = self.unsettled(connection, sync)? else {
            return Ok(());
        };
        Err(ErrorView::new(
            ErrorCode::Guard,
            format!("Run {last} was cut off while {what} not known yet: nothing was written."),
        )
        .hint(format!(
            "Resume run {last} first: it reads them back before it sends anything. Then preview again."
        )))
    }

    /// The sync's last run where that was cut off, with what it sent and did not hear of.
    fn unsettled(&self, connection: &Connection, sync: SyncId) -> Result<Option<(RunId, String)>> {
        let runs = self.store.runs()?;
        let Some(last) = runs.iter().find(|run| run.sync == sync) else {
            return Ok(None);
        };
        let records = self.store.open_attempts(last.id)?;
        let records = records.iter().map(|attempt| attempt.customers.len()).sum();
        // Only what can be resumed is waited for.
        let links = match last.status {
            RunStatus::Finished => 0,
            _ => self.store.open_link_attempts(last.id)?.len(),
        };
        let Some(what) = on_their_way(records, links) else {
            return Ok(None);
        };
        let can_be_resumed = self
            .refuse_before_refresh(connection, last.id, "resumed")
            .is_ok();
        Ok(can_be_resumed.then_some((last.id, what)))
    }
}

/// What was sent and not heard of, in words; `None` where that is nothing.
fn on_their_way(records: usize, links: usize) -> Option<String> {
    let counted = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{} {one}s", grouped(count))),
    };
    let parts: Vec<String> = [counted(records, "record"), counted(links, "link")]
        .into_iter()
        .flatten()
        .collect();
    let to = if records == 0 { " to Alguna" } else { "" };
    match (records + links, parts.join(" and ")) {
        (0, _) => None,
        (1, what) => Some(format!(
            "{what} was on its way{to}, and what became of it is"
        )),
        (_, what) => Some(format!(
            "{what} were on their way{to}, and what became of them is"
        )),
    }
}

/// Only what Salesforce refused is tried again as it was previewed.
fn refuse_not_rejected(workspace: &Workspace, run: RunId, customers: &[CustomerId]) -> Result<()> {
    if customers.is_empty() {
        return Err(ErrorView::bad_request("Choose at least one record."));
    }
    let outcomes = workspace.store.outcomes_of(run, customers)?;
    let other = customers
        .iter()
        .zip(outcomes)
        .find(|(_, outcome)| *outcome != Some(Outcome::Rejected));
    match other {
        None => Ok(()),
        Some((customer, outcome)) => {
            let stands = outcome.map_or_else(
                || "has no outcome".to_owned(),
                |outcome| format!("is {}", format!("{outcome:?}").to_lowercase()),
            );
            Err(ErrorView::bad_request(format!(
                "Customer {customer} {stands} in run {run}, not rejected: nothing was changed."
            ))
            .hint(
                "Only rejected records are tried again. Everything else needs a new preview, which \
                 compares both sides anew.",
            ))
        }
    }
}

/// Duplicates are allowed record by record, where the rule lets a person, and nothing else may go
/// along: a run with other open rows would send those so too.
fn refuse_to_allow(
    workspace: &Workspace,
    record: &RunRecord,
    customers: &[CustomerId],
) -> Result<()> {
    if customers.is_empty() {
        return Err(ErrorView::bad_request(
            "Duplicates are allowed for chosen records: say which. Nothing was changed.",
        ));
    }
    if record.status != RunStatus::Finished {
        return Err(ErrorView::new(
            ErrorCode::Guard,
            format!(
                "Run {} still has other records to write, which would be let through too: nothing \
                 was changed.",
                record.id
            ),
        )
        .hint("Resume the run first. Once it has ended, allow the duplicates."));
    }
    let allowable = workspace.store.allowable(record.id, customers)?;
    match customers.iter().find(|one| !allowable.contains(*one)) {
        None => Ok(()),
        Some(customer) => Err(ErrorView::bad_request(format!(
            "Customer {customer} was not rejected for a duplicate that may be allowed: nothing was \
             changed."
        ))
        .hint(
            "A duplicate rule that blocks lets nobody through. Link the customer to the record that \
             was found, or have an admin change the rule.",
        )),
    }
}

impl Execution {
    async fn go(self, clock: &dyn drawbridge_model::Clock, look_for_calls: Duration) {
        let store = &self.workspace.store;
        let effort = Effort::new(self.workspace.clone(), self.run, self.reporter.clone());
        let result = effort.of(self.execute(clock, look_for_calls)).await;
        if let Ok(summary) = &result
            && summary.status == RunStatus::Finished
            && let Err(error) = store.set_verified(self.run, summary.verified, summary.differs)
        {
            tracing::error!(run = self.run.0, %error, "what was read back could not be saved");
        }
        drop(self.rights);
        locked(&self.workspace.controls).remove(&self.run);
        self.reporter.end(result.err());
    }

    async fn execute(
        &self,
        clock: &dyn drawbridge_model::Clock,
        look_for_calls: Duration,
    ) -> Result<execute::Summary> {
        let store = &self.workspace.store;
        match &self.connection.org {
            Some(pinned) => execute::run(
                execute::Input {
                    run: self.run,
                    sync: &self.sync,
                    mask_emails: Workspace::masks(&self.sync, self.connection.environment),
                    way: self.way,
                    deletes: self.deletes,
                    allow_duplicates: self.allow_duplicates,
                    read_through: self.read_through,
                    look_for_calls,
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
                &self.control,
            )
            .await
            .inspect_err(|error| {
                self.workspace
                    .note_standing(None, self.connection.id, Err(error));
            })
            .map_err(ErrorView::from),
            None => Err(ErrorView::new(
                ErrorCode::WrongOrg,
                "The connection is pinned to no org yet: nothing was written.",
            )),
        }
    }
}
