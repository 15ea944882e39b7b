//! Plans: making them, and whether one may be run. Their rows are in [`crate::plan_rows`].

use std::sync::Arc;

use drawbridge_model::{
    Cache, Clock, Connection, ConnectionId, Describe, Environment, PlanId, Sync, SyncId, Target,
};
use drawbridge_salesforce::Org;
use drawbridge_store::{Ages, Halt, PlanRecord, PlanStatus, PlanSummary, PlanTally, RunRecord};
use drawbridge_sync::pull::Depth;
use drawbridge_sync::{plan, safety};

use crate::connection_views::domain;
use crate::connections::pinned;
use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::progress::{Start, WorkReporter};
use crate::sources::AnySource;
use crate::view::{
    ErrorCode, ErrorView, ForecastView, HaltView, OfflineView, PlanReading, PlanRequest,
    PlanStartRequest, PlanStatusView, PlanView, Work,
};

/// Of a plan that is being made, but not by this process.
const LEFT: &str = "Drawbridge closed while the plan was made, or another Drawbridge is making \
                    it. Nothing was written. Preview again.";

impl Workspace {
    pub(crate) fn plan(&self, id: PlanId) -> Result<PlanRecord> {
        self.store
            .plan(id)?
            .ok_or_else(|| ErrorView::not_found(format_args!("plan {id}")))
    }

    pub(crate) fn plan_view(&self, plan: &PlanRecord) -> Result<PlanView> {
        let sync = self.sync(plan.sync)?;
        let mapping = self
            .store
            .mapping_version(plan.sync, plan.mapping_version)?;
        let describe = self.plan_describe(plan.id)?;
        let changes = self.store.plan_field_counts(plan.id)?;
        let tally = self.store.plan_tally(plan.id)?;
        let halt_rows = self.store.halt_row_counts(plan.id)?;
        let created_by_run = match plan.undoes {
            Some(run) if plan.status == PlanStatus::Planning => self.store.counts(run)?.created,
            Some(_) => self.store.plan_created(plan.id)?,
            None => 0,
        };
        let left =
            plan.status == PlanStatus::Planning && !self.hub.is_running(Work::Plan(plan.id.0));
        Ok(PlanView {
            id: plan.id.0,
            sync: plan.sync.0,
            status: match plan.status {
                PlanStatus::Planning if left => PlanStatusView::Failed,
                PlanStatus::Planning => PlanStatusView::Planning,
                PlanStatus::Ready => PlanStatusView::Ready,
                PlanStatus::Failed => PlanStatusView::Failed,
                PlanStatus::Used => PlanStatusView::Used,
                PlanStatus::Stale => PlanStatusView::Stale,
            },
            mapping_version: plan.mapping_version,
            undoes: plan.undoes.map(|run| run.0),
            deletes: plan.deletes,
            created_by_run,
            read: plan.read,
            records: plan.records,
            counts: convert::plan_counts(plan.counts),
            tally: convert::plan_tally(tally),
            forecast: self.forecast_view(plan, tally, sync.org)?,
            columns: crate::plan_rows::columns(&mapping, describe.as_ref(), &changes),
            halts: plan
                .halts
                .iter()
                .map(|halt| {
                    let rows = halt_rows.get(&halt.code).copied().unwrap_or_default();
                    HaltView {
                        name: halt.code.clone(),
                        message: halt.message.clone(),
                        rows,
                        more: rows as usize >= safety::Listed::MOST,
                    }
                })
                .collect(),
            confirm: production_domain(&self.connection(sync.org)?),
            offline: plan.offline.map(|ages| OfflineView {
                source_at: ages.source.to_string(),
                org_at: ages.org.to_string(),
            }),
            note: plan.note.clone(),
            started_at: plan.started_at.to_string(),
            finished_at: plan.finished_at.map(|at| at.to_string()),
            error: if left {
                Some(LEFT.to_owned())
            } else {
                plan.error.clone()
            },
        })
    }

    /// What a run would cost, given what is held now, what the org said last of its calls, and how
    /// long runs took so far.
    fn forecast_view(
        &self,
        plan: &PlanRecord,
        tally: PlanTally,
        org: ConnectionId,
    ) -> Result<ForecastView> {
        let usage = self.usage(org);
        let sent = tally.to_write.saturating_sub(tally.to_delete);
        let (way, _) = drawbridge_sync::execute::choose(sent, None);
        let estimate = drawbridge_sync::plan::estimate(
            &plan.forecast,
            way,
            tally.to_write,
            self.link_calls(plan.id)?,
            self.store.timed(org, way)?,
        );
        Ok(ForecastView {
            check_calls: plan.forecast.check_calls,
            write_calls: plan.forecast.write_calls,
            verify_calls: plan.forecast.verify_calls,
            calls_left: usage.map(|usage| usage.left()).or(plan.forecast.calls_left),
            calls_limit: usage.map(|usage| usage.limit),
            calls_usable: usage.map(drawbridge_sync::execute::usable),
            seconds: convert::to_u32(
                u64::try_from(estimate.time.as_millis().div_ceil(1_000)).unwrap_or(u64::MAX),
            ),
            timed_runs: estimate.runs,
        })
    }

    /// Progress of a plan that is about to be made.
    pub(crate) fn follow_plan(
        &self,
        plan: PlanId,
        org: Option<&Org>,
        source: Option<&AnySource>,
        context: &Context,
    ) -> Arc<WorkReporter> {
        let org_asks = org.map(Org::asking_again);
        let source_asks = source.map(AnySource::asking_again);
        self.hub.begin(
            Start {
                work: Work::Plan(plan.0),
                planned: drawbridge_model::PlanCounts::default(),
                counts: drawbridge_model::Counts::default(),
                to_write: 0,
                problems: Vec::new(),
                calls_before: org.map_or(0, Target::calls_made),
                asking_again: org_asks.into_iter().chain(source_asks).collect(),
            },
            context.options().clock.clone(),
        )
    }

    /// When both sides of a sync were last read to the end, if that can be compared offline.
    fn ages(&self, sync: &Sync) -> Result<Ages> {
        let refused = |why| ErrorView::from(drawbridge_sync::Error::NothingKept(why));
        let source = self
            .store
            .last_pull(sync.source)?
            .ok_or_else(|| refused("The source has not been read yet"))?;
        let org = self
            .store
            .snapshot(sync.id)
            .map_err(drawbridge_sync::Error::from)?
            .ok_or_else(|| refused("The org has not been read to the end for this sync"))?;
        // A run's own writes are not in what was read before it.
        let since = |run: &RunRecord| run.sync == sync.id && run.started_at >= org.at;
        if self.store.runs()?.iter().any(since) {
            return Err(refused(
                "A run has written to the org since it was last read",
            ));
        }
        Ok(Ages {
            source: source.at,
            org: org.at,
        })
    }

    /// The describe a plan was made against: labels and kinds of its columns.
    pub(crate) fn plan_describe(&self, plan: PlanId) -> Result<Option<Describe>> {
        Ok(self.store.setting(&describe_key(plan))?)
    }
}

/// A plan whose making has ended.
pub(crate) struct Made {
    pub(crate) plan: PlanId,
    pub(crate) summary: std::result::Result<plan::Summary, drawbridge_sync::Error>,
    pub(crate) halts: Vec<safety::Halt>,
    /// When both sides were read, when the plan asked neither.
    pub(crate) offline: Option<Ages>,
    /// What is not known about it and a person should know.
    pub(crate) notes: Vec<String>,
}

impl Made {
    /// Saves what it came to, or why it failed, which is given back.
    pub(crate) fn keep(self, workspace: &Workspace, clock: &dyn Clock) -> Option<ErrorView> {
        let store = &workspace.store;
        let kept = self
            .summary
            .map_err(ErrorView::from)
            .and_then(|summary| -> Result<()> {
                let plan = workspace.plan(self.plan)?;
                let reader = workspace.read_as(&plan, summary.identity, clock)?;
                let note: Vec<String> = reader.into_iter().chain(self.notes).collect();
                store.set_setting(&describe_key(self.plan), &summary.describe)?;
                for halt in &self.halts {
                    store.put_halt_rows(self.plan, halt.name, halt.customers.as_slice())?;
                }
                let halts = self.halts.into_iter().map(|halt| Halt {
                    code: halt.name.to_owned(),
                    message: halt.message,
                    accepted: false,
                });
                let summary = PlanSummary {
                    counts: summary.counts,
                    forecast: summary.forecast,
                    read: summary.read,
                    records: summary.records,
                    halts: halts.collect(),
                    offline: self.offline,
                    note: (!note.is_empty()).then(|| note.join(" ")),
                    read_through: store.read_mark(plan.sync)?.map(|mark| mark.through),
                };
                Ok(store.finish_plan(self.plan, &summary, clock.now())?)
            });
        let error = kept.err()?;
        if let Err(second) = store.fail_plan(self.plan, &error.message, clock.now()) {
            tracing::error!(%second, "why the plan failed could not be saved");
        }
        Some(error)
    }
}

fn describe_key(plan: PlanId) -> String {
    format!("plan.{plan}.describe")
}

impl Context {
    /// Begins to make a plan, in the background: [`Context::watch`] follows it. Nothing is
    /// written to either side.
    pub async fn plan_start(&self, request: impl Into<PlanStartRequest>) -> Result<PlanView> {
        let request = request.into();
        let workspace = self.workspace();
        let (sync, source_connection, org_connection) =
            workspace.sync_ends(SyncId(request.sync))?;
        if let Some(latest) = workspace.store.latest_plan(sync.id)?
            && workspace.hub.is_running(Work::Plan(latest.id.0))
        {
            return workspace.plan_view(&latest);
        }
        // What was last read can be compared without a key to either side.
        let (offline, asked) = match request.reading {
            PlanReading::Offline => (Some(workspace.ages(&sync)?), None),
            PlanReading::Changes => (None, Some(Depth::Changes)),
            PlanReading::Full => (None, Some(Depth::Everything)),
        };
        let asked = match asked {
            None => None,
            Some(depth) => Some((
                depth,
                workspace.source(&source_connection)?,
                workspace.org(&org_connection)?,
            )),
        };
        let mapping = workspace.store.mapping(sync.id)?;
        let pinned = pinned(&org_connection)?;
        // The yardstick is what was last trusted enough to be run, not a preview that was not.
        let before = workspace
            .store
            .runs()?
            .into_iter()
            .find(|run| run.sync == sync.id && !run.is_undo)
            .map(|run| run.read);
        let lock = workspace.store.lock_sync(sync.id)?;
        let id = workspace
            .store
            .create_plan(sync.id, mapping.version, self.clock().now())?;
        let (org, source) = asked.as_ref().map(|(_, source, org)| (org, source)).unzip();
        let reporter = workspace.follow_plan(id, org, source, self);
        let clock = self.options().clock.clone();
        let view = workspace.plan_view(&workspace.plan(id)?)?;
        tokio::spawn(async move {
            let mask_emails = Workspace::masks(&sync, org_connection.environment);
            let input = plan::Input {
                plan: id,
                sync: &sync,
                mapping: &mapping,
                pinned: &pinned,
                environment: org_connection
                    .environment
                    .unwrap_or(Environment::Production),
                mask_emails,
            };
            let (store, reporter) = (&workspace.store, reporter.as_ref());
            let made = match &asked {
                None => plan::make_offline(input, store, reporter),
                Some((depth, source, org)) => {
                    let clock = clock.as_ref();
                    plan::make(input, *depth, source, org, store, clock, reporter).await
                }
            };
            // Where links go is asked of the source, so an offline plan has none.
            if let (Ok(_), Some((_, source, _))) = (&made, &asked) {
                workspace.plan_writeback(id, &sync, source).await;
            }
            if asked.is_some() {
                let ended = made.as_ref().map(|_| ());
                workspace.note_standing(Some(sync.source), sync.org, ended);
            }
            let source_name = source_connection.provider.name();
            let halts = made.as_ref().map_or_else(
                |_| Vec::new(),
                |summary| safety::halts(source_name, before, &summary.observed),
            );
            let overlap = workspace.overlap(&sync, &mapping).unwrap_or_else(|error| {
                tracing::error!(%error, "other syncs of the org could not be looked at");
                None
            });
            let note = made.as_ref().ok().and_then(plan::Summary::note);
            let made = Made {
                plan: id,
                summary: made,
                halts,
                offline,
                notes: note.into_iter().chain(overlap).collect(),
            };
            let failed = made.keep(&workspace, clock.as_ref());
            drop(lock);
            reporter.end(failed);
        });
        Ok(view)
    }

    /// One plan.
    pub async fn plan_get(&self, request: PlanRequest) -> Result<PlanView> {
        let workspace = self.workspace();
        let plan = workspace.plan(PlanId(request.plan))?;
        workspace.plan_view(&plan)
    }
}

/// Whether a plan may be run now.
pub(crate) fn refuse_stale(workspace: &Workspace, plan: &PlanRecord) -> Result<()> {
    let version = workspace.store.mapping(plan.sync)?.version;
    let message = match plan.status {
        // An undo is made with the mapping of the run it takes back, whatever came since.
        PlanStatus::Ready if version == plan.mapping_version || plan.undoes.is_some() => {
            return Ok(());
        }
        PlanStatus::Ready | PlanStatus::Stale => {
            crate::run_choices::since(workspace, plan, version)?
        }
        PlanStatus::Planning => "The plan is still being made: nothing was written.".to_owned(),
        PlanStatus::Failed => "Making the plan failed, so there is nothing to run.".to_owned(),
        PlanStatus::Used => "A run was made of this plan already: nothing was written.".to_owned(),
    };
    Err(ErrorView::new(ErrorCode::PlanStale, message)
        .hint("Preview again: the plan is made anew from both sides."))
}

/// The name of an org's My Domain: `fernhill` of `fernhill.my.salesforce.com`. Other hosts have
/// none and stand for themselves.
fn my_domain(host: &str) -> &str {
    match host.split_once('.') {
        Some((name, rest)) if rest.ends_with("my.salesforce.com") => name,
        _ => host,
    }
}

/// What must be typed before anything is written to a production org, once it is known.
fn production_domain(connection: &Connection) -> Option<String> {
    let org = connection.org.as_ref()?;
    let is_sandbox = connection.environment == Some(Environment::Sandbox);
    (!is_sandbox).then(|| my_domain(&domain(&org.instance_url)).to_owned())
}

/// The org's domain must be typed before anything is written to production.
pub(crate) fn refuse_unconfirmed(
    environment: Option<Environment>,
    domain: &str,
    typed: Option<&str>,
) -> Result<()> {
    if environment == Some(Environment::Sandbox)
        || typed.is_some_and(|typed| {
            let typed = typed.trim();
            typed.eq_ignore_ascii_case(domain) || typed.eq_ignore_ascii_case(my_domain(domain))
        })
    {
        return Ok(());
    }
    Err(ErrorView::new(
        ErrorCode::Guard,
        format!(
            "This is production. Confirm by typing its domain, {}: nothing was written.",
            my_domain(domain)
        ),
    ))
}
