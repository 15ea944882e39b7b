//! The review queue: what matching found, and what a person decides about it.

use drawbridge_model::{
    Apart, CustomerId, FormerCustomer, MatchDecision, Matched, RecordId, Sync, SyncId, Takeover,
};
use drawbridge_store::{MatchCounts, MatchQuery, MatchRow, MatchState};

use drawbridge_sync::matching::name_part;

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::takeovers;
use crate::view::{
    ErrorView, MatchCountsView, MatchDecideRequest, MatchDecisionView, MatchListRequest,
    MatchListView, MatchSearchRequest, MatchStateView, MatchView, ProposalView, RecordView,
};

/// The most rows one page gives.
const LARGEST_PAGE: u32 = 500;
/// Records a search gives: more and a person would narrow it.
const SEARCHED: u32 = 20;

impl Context {
    /// A page of what the last preview's matching found.
    pub async fn match_list(&self, request: MatchListRequest) -> Result<MatchListView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?.id;
        let page = workspace.store.matches(
            sync,
            &MatchQuery {
                state: state_back(request.state),
                search: request.search,
                offset: request.offset,
                limit: request.limit.min(LARGEST_PAGE),
            },
        )?;
        let show = Shown::of(&workspace, sync)?;
        let rows = page.rows.into_iter().map(|row| show.row(row));
        Ok(MatchListView {
            rows: rows.collect::<Result<_>>()?,
            total: page.total,
            counts: counts(workspace.store.match_counts(sync)?),
        })
    }

    /// How one customer stands in the last preview's matching.
    pub async fn match_get(&self, sync: u32, customer: &str) -> Result<MatchView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(sync))?.id;
        let customer = CustomerId(customer.to_owned());
        Shown::of(&workspace, sync)?.row(workspace.match_row(sync, &customer)?)
    }

    /// Remembers a decision, or takes it back. The next preview follows it.
    pub async fn match_decide(&self, request: MatchDecideRequest) -> Result<MatchView> {
        let workspace = self.workspace();
        let whole = workspace.sync(SyncId(request.sync))?;
        let sync = whole.id;
        let customer = CustomerId(request.customer);
        workspace.match_row(sync, &customer)?;
        let decided = request
            .decision
            .map(|view| decision_back(&workspace, &whole, &customer, view));
        let now = self.clock().now();
        match decided.transpose()? {
            Some((MatchDecision::Accept { record }, Some(former))) => {
                let takeover = Takeover {
                    record,
                    former,
                    customer: customer.clone(),
                    at: now,
                };
                workspace.store.take_over(sync, &takeover)?;
            }
            decided => {
                let decision = decided.map(|(decision, _)| decision);
                workspace
                    .store
                    .decide_match(sync, &customer, decision.as_ref(), now)?;
            }
        }
        Shown::of(&workspace, sync)?.row(workspace.match_row(sync, &customer)?)
    }

    /// Records whose name contains a text, or the one of that id, as they were last read.
    pub async fn match_search(&self, request: MatchSearchRequest) -> Result<Vec<RecordView>> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?.id;
        let show = Shown::of(&workspace, sync)?;
        let found = match RecordId::parse(request.search.trim()) {
            Ok(id) => vec![id],
            Err(_) => {
                workspace
                    .store
                    .records_by_name(sync, &name_part(&request.search), SEARCHED)?
            }
        };
        let mut records = Vec::with_capacity(found.len());
        for id in found {
            records.extend(show.known(&id)?);
        }
        Ok(records)
    }
}

impl Workspace {
    /// What the last preview's matching found of a customer.
    fn match_row(&self, sync: SyncId, customer: &CustomerId) -> Result<MatchRow> {
        self.store.match_of(sync, customer)?.ok_or_else(|| {
            ErrorView::not_found(format_args!("customer {customer} in the last preview"))
                .hint("Preview the sync first: matching is part of it.")
        })
    }
}

/// A decision that can be followed: the record exists and is nobody else's, or that of a customer
/// which is gone and whose link is taken over.
fn decision_back(
    workspace: &Workspace,
    sync: &Sync,
    customer: &CustomerId,
    view: MatchDecisionView,
) -> Result<(MatchDecision, Option<FormerCustomer>)> {
    let record = match view {
        MatchDecisionView::CreateNew if sync.pack.rolls_up() => {
            return Err(ErrorView::bad_request(format!(
                "A sync that adds customers up on their Accounts makes no Accounts: nothing was \
                 decided for {customer}."
            ))
            .hint("Choose an Account that is there, or leave the customer out."));
        }
        MatchDecisionView::CreateNew => {
            let apart = Apart::CreateNew;
            return Ok((MatchDecision::Apart { apart }, None));
        }
        MatchDecisionView::Ignore => {
            let apart = Apart::Ignore;
            return Ok((MatchDecision::Apart { apart }, None));
        }
        MatchDecisionView::Accept { record } => RecordId::parse(&record).map_err(|error| {
            ErrorView::bad_request(format!("{record} is no record id: {error}"))
        })?,
    };
    let read = workspace
        .store
        .cached_record(sync.id, &record)?
        .ok_or_else(|| {
            ErrorView::not_found(format_args!(
                "record {record} among those of the last preview"
            ))
            .hint("Preview again if it was made since, then accept it.")
        })?;
    let mapping = workspace.store.mapping(sync.id)?;
    match read.value(&mapping.external_id) {
        drawbridge_model::Value::Text(other)
            if other != customer.as_str() && !sync.pack.rolls_up() =>
        {
            let other = CustomerId(other.clone());
            if let Some(former) = workspace.former(sync, &other)? {
                return Ok((MatchDecision::Accept { record }, Some(former)));
            }
            Err(ErrorView::bad_request(format!(
                "Record {record} carries the id of customer {other}: it was not linked to {customer}."
            ))
            .hint(format!(
                "Clear {} on the record first, if it is wrong. If that customer was deleted in the \
                 billing system, its link can be taken over once everything is read: once a day, or \
                 with “Read everything again” on the Preview tab.",
                mapping.external_id
            )))
        }
        _ => Ok((MatchDecision::Accept { record }, None)),
    }
}

/// What rows are shown with.
pub(crate) struct Shown<'a> {
    workspace: &'a Workspace,
    sync: SyncId,
    source: &'static str,
    sobject: String,
    instance: Option<String>,
}

impl<'a> Shown<'a> {
    pub(crate) fn of(workspace: &'a Workspace, sync: SyncId) -> Result<Self> {
        let (_, source, org) = workspace.sync_ends(sync)?;
        let mapping = workspace.store.mapping(sync)?;
        let instance = org
            .org
            .map(|org| org.instance_url.trim_end_matches('/').to_owned());
        Ok(Self {
            workspace,
            sync,
            source: source.provider.name(),
            sobject: mapping.sobject.to_string(),
            instance,
        })
    }

    pub(crate) fn record(&self, id: &RecordId, name: Option<String>) -> RecordView {
        RecordView {
            id: id.to_string(),
            name,
            url: self
                .instance
                .as_ref()
                .map(|instance| format!("{instance}/{id}")),
        }
    }

    /// The record as it was last read; `None` when it was not.
    fn known(&self, id: &RecordId) -> Result<Option<RecordView>> {
        let read = self.workspace.store.cached_record(self.sync, id)?;
        Ok(read.map(|record| {
            let name = match record.value(&"Name".into()) {
                drawbridge_model::Value::Text(name) => Some(name.clone()),
                _ => None,
            };
            self.record(id, name)
        }))
    }

    fn row(&self, row: MatchRow) -> Result<MatchView> {
        let linked = match (&row.decision, &row.matched) {
            (Some(MatchDecision::Accept { record }), _) | (None, Matched::Found { record, .. }) => {
                Some(record)
            }
            _ => None,
        };
        let takeover = match linked {
            Some(record) => {
                let takeover = self.workspace.takeover(self.sync, &row.customer)?;
                takeover.filter(|takeover| takeover.record == *record)
            }
            None => None,
        };
        let mut view = MatchView {
            customer: row.customer.to_string(),
            name: row.name,
            state: MatchStateView::NotFound,
            record: None,
            matched_by: None,
            proposals: Vec::new(),
            problem: None,
            takeover: takeover.map(|takeover| takeovers::decided(&takeover, self.source)),
            decision: row.decision.map(|decision| match decision {
                MatchDecision::Accept { record } => MatchDecisionView::Accept {
                    record: record.to_string(),
                },
                MatchDecision::Apart {
                    apart: Apart::CreateNew,
                } => MatchDecisionView::CreateNew,
                MatchDecision::Apart {
                    apart: Apart::Ignore,
                } => MatchDecisionView::Ignore,
            }),
        };
        match row.matched {
            Matched::NotFound => {}
            Matched::Decided { .. } => view.state = MatchStateView::Apart,
            Matched::Found { record, by } => {
                view.state = MatchStateView::Found;
                view.record = self.known(&record)?;
                view.matched_by = Some(convert::matched_by(by));
            }
            Matched::Conflict { reason } => {
                view.state = MatchStateView::Conflict;
                view.problem = Some(format!("{reason} {}", reason.next_step()));
            }
            Matched::Proposed { proposals } => {
                view.state = MatchStateView::Proposed;
                view.proposals = proposals
                    .into_iter()
                    .map(|proposal| ProposalView {
                        record: self.record(&proposal.record, proposal.name),
                        score: proposal.score.into(),
                        evidence: proposal.evidence.iter().map(ToString::to_string).collect(),
                        taken_by: match &proposal.former {
                            Some(_) => None,
                            None => proposal.taken_by.map(|id| id.to_string()),
                        },
                        takeover: proposal
                            .former
                            .as_ref()
                            .map(|former| takeovers::offered(former, self.source, &self.sobject)),
                    })
                    .collect();
            }
        }
        Ok(view)
    }
}

fn state_back(state: MatchStateView) -> MatchState {
    match state {
        MatchStateView::Proposed => MatchState::Proposed,
        MatchStateView::Conflict => MatchState::Conflict,
        MatchStateView::Found => MatchState::Found,
        MatchStateView::NotFound => MatchState::NotFound,
        MatchStateView::Apart => MatchState::Apart,
    }
}

fn counts(counts: MatchCounts) -> MatchCountsView {
    MatchCountsView {
        found: counts.found,
        not_found: counts.not_found,
        proposed: counts.proposed,
        conflicts: counts.conflicts,
        apart: counts.apart,
        decided: counts.decided,
    }
}
