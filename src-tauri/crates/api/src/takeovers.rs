//! Links that customers take over from others, which the billing system no longer has: one by one as
//! a decision of the review queue, or all that one sure clue leads to.

use std::collections::BTreeMap;

use drawbridge_model::{
    Cache, CustomerId, FormerCustomer, Matched, Proposal, RecordId, Sync, SyncId, Takeover,
};
use drawbridge_store::{MatchQuery, MatchRow, MatchState};

use crate::context::{Context, Workspace, count};
use crate::error::Result;
use crate::matches::Shown;
use crate::view::{TakeoverAllRequest, TakeoverAllView, TakeoverRowView, TakeoverView};

/// Rows read at a time.
const PAGE: u32 = 500;
/// So many of them are shown; more nobody would read.
const SHOWN: usize = 200;

impl Context {
    /// What taking over every sure link of a sync comes to; and, when told to, decides it. The next
    /// preview shows each as a change of its record, and nothing is written before that is run.
    pub async fn match_take_over_all(
        &self,
        request: TakeoverAllRequest,
    ) -> Result<TakeoverAllView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        let offers = workspace.offers(&sync)?;
        let show = Shown::of(&workspace, sync.id)?;
        if request.apply {
            let now = self.clock().now();
            for (row, proposal, former) in &offers.sure {
                let takeover = Takeover {
                    record: proposal.record.clone(),
                    former: former.clone(),
                    customer: row.customer.clone(),
                    at: now,
                };
                workspace.store.take_over(sync.id, &takeover)?;
            }
        }
        let rows = offers.sure.iter().take(SHOWN);
        Ok(TakeoverAllView {
            applied: request.apply,
            sure: count(offers.sure.len()),
            unsure: offers.unsure,
            rows: rows
                .map(|(row, proposal, former)| TakeoverRowView {
                    customer: row.customer.to_string(),
                    name: row.name.clone(),
                    record: show.record(&proposal.record, proposal.name.clone()),
                    former: former.id.to_string(),
                    evidence: proposal.evidence.iter().map(ToString::to_string).collect(),
                })
                .collect(),
        })
    }
}

/// Customers that may take over links, as the last preview left them.
struct Offers {
    /// One sure clue leads to exactly one record, and to it nobody else.
    sure: Vec<(MatchRow, Proposal, FormerCustomer)>,
    unsure: u32,
}

impl Workspace {
    fn offers(&self, sync: &Sync) -> Result<Offers> {
        let mut sure = Vec::new();
        let mut unsure = 0;
        let mut query = MatchQuery {
            state: MatchState::Proposed,
            search: String::new(),
            offset: 0,
            limit: PAGE,
        };
        loop {
            let page = self.store.matches(sync.id, &query)?;
            let read = count(page.rows.len());
            for row in page.rows {
                if row.decision.is_some() {
                    continue;
                }
                let Matched::Proposed { proposals } = &row.matched else {
                    continue;
                };
                let Some(proposal) = proposals.iter().find(|it| it.former.is_some()).cloned()
                else {
                    continue;
                };
                // As it is now: the old customer may be back since the preview.
                let former = match &proposal.former {
                    Some(former) => self.former(sync, &former.id)?,
                    None => None,
                };
                match former {
                    Some(former) if proposals.len() == 1 && proposal.is_exact() => {
                        sure.push((row, proposal, former));
                    }
                    _ => unsure += 1,
                }
            }
            query.offset += read;
            if read == 0 || query.offset >= page.total {
                break;
            }
        }
        // A record that two of them would take over is nobody's for sure.
        let mut wanted: BTreeMap<RecordId, u32> = BTreeMap::new();
        for (_, proposal, _) in &sure {
            *wanted.entry(proposal.record.clone()).or_default() += 1;
        }
        let before = sure.len();
        sure.retain(|(_, proposal, _)| wanted.get(&proposal.record) == Some(&1));
        unsure += count(before - sure.len());
        Ok(Offers { sure, unsure })
    }

    /// What is known of a customer that the source of a sync no longer has.
    pub(crate) fn former(&self, sync: &Sync, id: &CustomerId) -> Result<Option<FormerCustomer>> {
        Ok(self
            .store
            .former_customer(sync.source, id)
            .map_err(drawbridge_sync::Error::from)?)
    }

    /// The link that a customer takes over, or took over, as a person decided.
    pub(crate) fn takeover(&self, sync: SyncId, customer: &CustomerId) -> Result<Option<Takeover>> {
        Ok(self
            .store
            .takeover(sync, customer)
            .map_err(drawbridge_sync::Error::from)?)
    }
}

/// A former customer before its link is taken over.
pub(crate) fn offered(former: &FormerCustomer, source: &str, sobject: &str) -> TakeoverView {
    let message = format!(
        "This {sobject} is linked to customer {}. It looks like the same customer with a new id.",
        in_source(former, source)
    );
    view(former, message)
}

/// A former customer whose link was taken over by decision.
pub(crate) fn decided(takeover: &Takeover, source: &str) -> TakeoverView {
    let message = format!(
        "On {} it was decided that {} takes over the link of customer {}.",
        takeover.at.strftime("%Y-%m-%d"),
        takeover.customer,
        in_source(&takeover.former, source)
    );
    view(&takeover.former, message)
}

fn in_source(former: &FormerCustomer, source: &str) -> String {
    former.to_string().replace("the billing system", source)
}

fn view(former: &FormerCustomer, message: String) -> TakeoverView {
    TakeoverView {
        customer: former.id.to_string(),
        name: former.name.clone(),
        gone_at: former.gone_at.map(|at| at.to_string()),
        message,
    }
}
