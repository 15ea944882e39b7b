//! Writing back: telling the billing system which Account each customer is.

use drawbridge_model::{
    Connection, Environment, Integration, LinkAction, LinkCounts, LinkLedger, LinkOutcome,
    LinkPlace, PlanId, Provider, RunId, SourceLinks, Sync, SyncId, grouped,
};
use drawbridge_sync::writeback::{self, Planned};
use serde::{Deserialize, Serialize};

use crate::context::{Context, Workspace};
use crate::error::Result;
use crate::sources::AnySource;
use crate::view::{
    ErrorView, IntegrationView, LinkCountsView, LinkOutcomeView, PlanLinkView, PlanLinksRequest,
    PlanLinksView, RunLinkView, RunLinksRequest, RunLinksView, RunStatusView, SyncRequest,
    WritebackSetRequest, WritebackView,
};

/// The most rows one page gives.
const LARGEST_PAGE: u32 = 500;

/// Whether a sync writes back, and through which integration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Switch {
    on: bool,
    integration: Option<String>,
}

/// What the links of a plan came to when it was made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct PlanLinks {
    on: bool,
    place: Option<LinkPlace>,
    to_link: u32,
    conflicts: u32,
    already: u32,
    problem: Option<String>,
}

impl PlanLinks {
    fn with(mut self, planned: Planned) -> Self {
        self.to_link = planned.to_link;
        self.conflicts = planned.conflicts;
        self.already = planned.already;
        self
    }

    /// Calls to the billing system, where so many customers are seen to: those for whom another
    /// Account is named are read only.
    fn calls(&self, to_link: u32) -> u32 {
        let to_record = to_link.saturating_sub(self.conflicts);
        to_record * LinkPlace::CALLS + self.conflicts * (LinkPlace::CALLS - 1)
    }
}

fn switch_key(sync: SyncId) -> String {
    format!("sync.{sync}.writeback")
}

fn plan_key(plan: PlanId) -> String {
    format!("plan.{plan}.links")
}

/// Whether a new sync writes back unless told otherwise. A sandbox's Account ids mean nothing in
/// production, and the customers of a billing system are seldom a copy.
fn usual(source: &Connection, org: &Connection) -> bool {
    source.provider == Provider::Alguna && org.environment == Some(Environment::Production)
}

fn reason(source: &Connection, org: &Connection, on: bool) -> String {
    if source.provider != Provider::Alguna {
        return format!(
            "{} has no place for the id of a Salesforce record, so nothing is written back.",
            source.provider.name()
        );
    }
    match (org.environment, on) {
        (Some(Environment::Sandbox), false) => format!(
            "Off, because “{}” is a sandbox: its Account ids mean nothing in production, and the \
             customers in “{}” may be the real ones.",
            org.name, source.name
        ),
        (Some(Environment::Sandbox), true) => format!(
            "On, though “{}” is a sandbox: its Account ids are recorded at the customers in “{}”, \
             which may be the real ones.",
            org.name, source.name
        ),
        (_, false) => "Off: Alguna is only read.".to_owned(),
        (_, true) => {
            "On: once an Account is created or linked, its id is recorded in Alguna. What Alguna \
             says already is never overwritten."
                .to_owned()
        }
    }
}

impl Workspace {
    fn writeback_switch(&self, sync: SyncId) -> Result<Switch> {
        Ok(self.store.setting(&switch_key(sync))?.unwrap_or_default())
    }

    /// Keeps the switch of a sync that was just made, as asked or as usual.
    pub(crate) fn begin_writeback(&self, sync: &Sync, asked: Option<bool>) -> Result<()> {
        let (_, source, org) = self.sync_ends(sync.id)?;
        let on = asked.unwrap_or_else(|| usual(&source, &org));
        let switch = Switch {
            on: on && source.provider == Provider::Alguna,
            integration: None,
        };
        Ok(self.store.set_setting(&switch_key(sync.id), &switch)?)
    }

    /// Adds the links to a plan that was just computed. What goes wrong here is told with the plan
    /// and does not fail it.
    pub(crate) async fn plan_writeback(&self, plan: PlanId, sync: &Sync, source: &AnySource) {
        let planned = self.try_plan_writeback(plan, sync, source).await;
        let kept = planned.unwrap_or_else(|error| PlanLinks {
            on: true,
            problem: Some(error.message),
            ..PlanLinks::default()
        });
        self.keep_plan_links(plan, &kept);
    }

    async fn try_plan_writeback(
        &self,
        plan: PlanId,
        sync: &Sync,
        source: &AnySource,
    ) -> Result<PlanLinks> {
        let switch = self.writeback_switch(sync.id)?;
        let mapping = self.store.mapping(sync.id)?;
        let Some(links) = source.links().filter(|_| switch.on) else {
            return Ok(PlanLinks::default());
        };
        if mapping.sobject.as_str() != "Account" {
            return Err(ErrorView::bad_request(format!(
                "Links are ids of Accounts; this mapping fills {}.",
                mapping.sobject
            )));
        }
        let (_, connection, _) = self.sync_ends(sync.id)?;
        Self::refuse_read_only(&connection, "no link is recorded there")?;
        let integrations = links.integrations().await?;
        let place = writeback::place(&integrations, switch.integration.as_deref())
            .map_err(|problem| ErrorView::bad_request(format!("{problem}.")))?;
        let planned = writeback::plan(plan, &place, &self.store)?;
        let links = PlanLinks {
            on: true,
            place: Some(place),
            ..PlanLinks::default()
        };
        Ok(links.with(planned))
    }

    /// Adds to an undo the links its run recorded, to be taken back.
    pub(crate) fn plan_writeback_undo(&self, plan: PlanId, run: RunId) {
        let kept = match writeback::plan_undo(plan, run, &self.store) {
            Ok(planned) => PlanLinks {
                on: planned.to_link > 0,
                ..PlanLinks::default()
            }
            .with(planned),
            Err(error) => PlanLinks {
                on: true,
                problem: Some(error.to_string()),
                ..PlanLinks::default()
            },
        };
        self.keep_plan_links(plan, &kept);
    }

    fn kept_plan_links(&self, plan: PlanId) -> Result<PlanLinks> {
        Ok(self.store.setting(&plan_key(plan))?.unwrap_or_default())
    }

    /// Calls to the billing system a run of the plan would make.
    pub(crate) fn link_calls(&self, plan: PlanId) -> Result<u32> {
        let links = self.kept_plan_links(plan)?;
        Ok(links.calls(links.to_link))
    }

    fn keep_plan_links(&self, plan: PlanId, links: &PlanLinks) {
        if let Err(error) = self.store.set_setting(&plan_key(plan), links) {
            tracing::error!(%plan, %error, "what the links of a plan came to could not be saved");
        }
    }

    /// The billing system, where a run of the plan has links to see to and may.
    pub(crate) fn writeback_source(
        &self,
        plan: PlanId,
        is_undo: bool,
        sync: &Sync,
    ) -> Result<Option<AnySource>> {
        let wanted = is_undo || self.writeback_switch(sync.id)?.on;
        if !wanted || !self.store.has_links(plan)? {
            return Ok(None);
        }
        let connection = self.connection(sync.source)?;
        // Neither a connection that is only read nor a key that is missing keeps records from being
        // written; links are not recorded then.
        Ok(self
            .source(&connection)
            .ok()
            .filter(|_| !connection.read_only))
    }

    async fn writeback_view(&self, id: SyncId) -> Result<WritebackView> {
        let (sync, source, org) = self.sync_ends(id)?;
        let switch = self.writeback_switch(sync.id)?;
        let offered = source.provider == Provider::Alguna;
        let mut view = WritebackView {
            sync: sync.id.0,
            offered,
            on: switch.on && offered,
            reason: reason(&source, &org, switch.on),
            integrations: Vec::new(),
            integration: switch.integration.clone(),
            place: None,
            problem: None,
        };
        if !offered {
            return Ok(view);
        }
        match self.integrations(&source).await {
            Ok(integrations) => {
                match writeback::place(&integrations, switch.integration.as_deref()) {
                    Ok(place) => view.place = Some(in_words(&place, &integrations)),
                    Err(problem) => view.problem = Some(format!("{problem}.")),
                }
                view.integrations = integrations
                    .into_iter()
                    .map(|it| IntegrationView {
                        label: it.label.unwrap_or_else(|| it.id.clone()),
                        id: it.id,
                    })
                    .collect();
            }
            Err(error) => view.problem = Some(error.message),
        }
        Ok(view)
    }

    async fn integrations(&self, source: &Connection) -> Result<Vec<Integration>> {
        match self.source(source)?.links() {
            Some(links) => Ok(links.integrations().await?),
            None => Ok(Vec::new()),
        }
    }
}

fn in_words(place: &LinkPlace, integrations: &[Integration]) -> String {
    match place {
        LinkPlace::Alias => {
            "an alias of the customer, because Alguna has no Salesforce integration".to_owned()
        }
        LinkPlace::ConnectedAccount { integration } => {
            let label = integrations
                .iter()
                .find(|it| it.id == *integration)
                .and_then(|it| it.label.as_deref())
                .unwrap_or(integration);
            format!("a connected account of the Salesforce integration “{label}”")
        }
    }
}

fn customers(count: u32) -> String {
    match count {
        1 => "1 customer".to_owned(),
        _ => format!("{} customers", grouped(count)),
    }
}

impl Context {
    /// Whether a sync writes back, and where to. Asks the billing system; changes nothing.
    pub async fn writeback_get(&self, request: SyncRequest) -> Result<WritebackView> {
        self.workspace().writeback_view(SyncId(request.sync)).await
    }

    /// Switches writing back on or off. Plans made before no longer hold.
    pub async fn writeback_set(&self, request: WritebackSetRequest) -> Result<WritebackView> {
        let workspace = self.workspace();
        let (sync, source, _) = workspace.sync_ends(SyncId(request.sync))?;
        if request.on && source.provider != Provider::Alguna {
            return Err(ErrorView::bad_request(format!(
                "{} has no place for the id of a Salesforce record: nothing was switched on.",
                source.provider.name()
            )));
        }
        if let Some(chosen) = request.integration.as_deref().filter(|_| request.on) {
            let integrations = workspace.integrations(&source).await?;
            writeback::place(&integrations, Some(chosen)).map_err(|problem| {
                ErrorView::bad_request(format!("{problem}. Nothing was switched."))
            })?;
        }
        let switch = Switch {
            on: request.on,
            integration: request.integration,
        };
        if switch != workspace.writeback_switch(sync.id)? {
            workspace.store.set_setting(&switch_key(sync.id), &switch)?;
            workspace.store.make_plans_stale(sync.id)?;
        }
        workspace.writeback_view(sync.id).await
    }

    /// The links a run of a plan would see to.
    pub async fn plan_links(&self, request: PlanLinksRequest) -> Result<PlanLinksView> {
        let workspace = self.workspace();
        let plan = workspace.plan(PlanId(request.plan))?;
        let links = workspace.kept_plan_links(plan.id)?;
        let limit = request.limit.min(LARGEST_PAGE);
        let (rows, to_link) = workspace.store.plan_links(plan.id, request.offset, limit)?;
        let to_record = to_link.saturating_sub(links.conflicts);
        let removes = rows
            .first()
            .is_some_and(|row| row.action == LinkAction::Remove);
        let sentence = match (&links.problem, links.on, to_link) {
            (Some(problem), ..) => format!("Alguna: no link would be recorded. {problem}"),
            (None, false, _) => "Nothing is written back.".to_owned(),
            (None, true, 0) => "Alguna: names every Account already.".to_owned(),
            (None, true, _) if removes => {
                format!(
                    "Alguna: the link of {} would be taken back.",
                    customers(to_link)
                )
            }
            (None, true, _) => {
                let left = match links.conflicts {
                    0 => String::new(),
                    count => format!(
                        " {} would be left, because another Account is named.",
                        customers(count)
                    ),
                };
                let place = links
                    .place
                    .as_ref()
                    .map_or(String::new(), |place| format!(" ({place})"));
                format!(
                    "Alguna: the link of {} would be recorded{place}.{left}",
                    customers(to_record)
                )
            }
        };
        Ok(PlanLinksView {
            on: links.on,
            sentence,
            to_link,
            conflicts: links.conflicts,
            already: links.already,
            calls: links.calls(to_link),
            problem: links.problem,
            rows: rows
                .into_iter()
                .map(|row| PlanLinkView {
                    customer: row.customer.to_string(),
                    name: row.name,
                    record: row.record.map(|record| record.to_string()),
                    other: row.other,
                })
                .collect(),
        })
    }

    /// What became of a run's links.
    pub async fn run_links(&self, request: RunLinksRequest) -> Result<RunLinksView> {
        let workspace = self.workspace();
        let run = workspace.run(RunId(request.run))?;
        let (_, _, org) = workspace.sync_ends(run.sync)?;
        let counts = workspace.store.link_counts(run.id)?;
        let (rows, total) = workspace.store.run_links(
            run.id,
            request.outcome.map(outcome_back),
            request.offset,
            request.limit.min(LARGEST_PAGE),
        )?;
        let instance = org.org.map(|org| org.instance_url);
        let open = counts.to_link.saturating_sub(counts.settled());
        let rows =
            rows.into_iter()
                .map(|link| {
                    let problem = link.message.map(|message| {
                        let next = next_step(link.code.as_deref().unwrap_or_default());
                        format!("{message} {next}").trim().to_owned()
                    });
                    RunLinkView {
                        customer: link.row.customer.to_string(),
                        name: link.row.name,
                        record_url: link.record.as_ref().zip(instance.as_ref()).map(
                            |(id, instance)| format!("{}/{id}", instance.trim_end_matches('/')),
                        ),
                        record: link.record.map(|record| record.to_string()),
                        outcome: link.outcome.map(outcome),
                        code: link.code,
                        problem,
                    }
                })
                .collect();
        let status = workspace.run_view(run.id)?.status;
        Ok(RunLinksView {
            sentence: sentence(counts, open, run.is_undo),
            adds_up: status == RunStatusView::Finished && open == 0,
            counts: LinkCountsView {
                to_link: counts.to_link,
                recorded: counts.recorded,
                already: counts.already,
                conflicts: counts.conflicts,
                failed: counts.failed,
                unknown: counts.unknown,
            },
            open,
            undo: run.is_undo,
            rows,
            total,
        })
    }
}

/// The equation of links in words.
fn sentence(counts: LinkCounts, open: u32, undo: bool) -> String {
    if counts.to_link == 0 {
        return "No link was to be written back.".to_owned();
    }
    let (what, done) = if undo {
        ("to take back", "taken back")
    } else {
        ("to link", "recorded")
    };
    let still = match open {
        0 => String::new(),
        open => format!(" + {} still to do", grouped(open)),
    };
    format!(
        "Alguna: {} {what} = {} {done} + {} already there + {} conflicts + {} failed + {} unknown{still}",
        grouped(counts.to_link),
        grouped(counts.recorded),
        grouped(counts.already),
        grouped(counts.conflicts),
        grouped(counts.failed),
        grouped(counts.unknown),
    )
}

/// What a person can do about a link that was not recorded.
fn next_step(code: &str) -> &'static str {
    match code {
        "another_record" => {
            "If Alguna is wrong, correct it there; if the match is wrong, choose the record on the \
             Matching tab."
        }
        "refused_as_conflict" => {
            "Another customer may carry this Account: look in Alguna which of the two it is."
        }
        "not_sent" | "not_tried" | "not_arrived" | "refused" | "not_open" => {
            "The next preview offers it again."
        }
        _ => "",
    }
}

fn outcome(outcome: LinkOutcome) -> LinkOutcomeView {
    match outcome {
        LinkOutcome::Recorded => LinkOutcomeView::Recorded,
        LinkOutcome::Already => LinkOutcomeView::Already,
        LinkOutcome::Conflict => LinkOutcomeView::Conflict,
        LinkOutcome::Failed => LinkOutcomeView::Failed,
        LinkOutcome::Unknown => LinkOutcomeView::Unknown,
    }
}

fn outcome_back(outcome: LinkOutcomeView) -> LinkOutcome {
    match outcome {
        LinkOutcomeView::Recorded => LinkOutcome::Recorded,
        LinkOutcomeView::Already => LinkOutcome::Already,
        LinkOutcomeView::Conflict => LinkOutcome::Conflict,
        LinkOutcomeView::Failed => LinkOutcome::Failed,
        LinkOutcomeView::Unknown => LinkOutcome::Unknown,
    }
}
