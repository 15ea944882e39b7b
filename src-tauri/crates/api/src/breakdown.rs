//! The cached subscriptions of a filter, added up by plan and by status.

use drawbridge_model::ConnectionId;
use drawbridge_store::{CurrencyBreakdown, Share, Shares, SubscriptionQuery, Sum};

use crate::context::{Context, Workspace};
use crate::error::Result;
use crate::subscriptions::{intervals, source_ages};
use crate::view::{
    BreakdownRequest, BreakdownView, CurrencyBreakdownView, MoneyView, ShareView, SharesView,
};

/// So many plans and status words are told one by one.
const MOST: usize = 10;

impl Context {
    /// What the subscriptions of a filter come to, each currency by itself.
    pub async fn subscription_breakdown(&self, request: BreakdownRequest) -> Result<BreakdownView> {
        self.workspace().breakdown(request, MOST)
    }
}

impl Workspace {
    /// As [`Context::subscription_breakdown`], with so many parts told one by one.
    pub(crate) fn breakdown(
        &self,
        request: BreakdownRequest,
        most: usize,
    ) -> Result<BreakdownView> {
        let breakdown = self.store.breakdown(&query(request), most)?;
        Ok(BreakdownView {
            total: breakdown.total,
            all: self.subscriptions_in_all()?,
            currencies: breakdown.currencies.into_iter().map(currency).collect(),
            sources: source_ages(self)?,
        })
    }
}

/// The rows of a filter, in no order.
fn query(filter: BreakdownRequest) -> SubscriptionQuery {
    SubscriptionQuery {
        search: filter.search,
        source: filter.source.map(ConnectionId),
        status: filter.status,
        interval: intervals(&filter.interval),
        currency: filter.currency,
        plan: filter.plan,
        ..SubscriptionQuery::default()
    }
}

fn currency(of: CurrencyBreakdown) -> CurrencyBreakdownView {
    CurrencyBreakdownView {
        rows: of.all.rows,
        known: of.all.known,
        mrr: mrr(&of.all)
            .zip(of.currency)
            .map(|(amount, currency)| MoneyView {
                amount,
                currency: currency.to_string(),
            }),
        currency: of.currency.map(|it| it.to_string()).unwrap_or_default(),
        plans: shares(of.plans),
        statuses: shares(of.statuses),
    }
}

fn shares(of: Shares) -> SharesView {
    let others = Share {
        value: String::new(),
        sum: of.others,
    };
    SharesView {
        largest: of.largest.into_iter().map(share).collect(),
        others: (of.other_count > 0).then(|| share(others)),
        other_count: of.other_count,
    }
}

fn share(of: Share) -> ShareView {
    ShareView {
        rows: of.sum.rows,
        known: of.sum.known,
        mrr: mrr(&of.sum),
        value: of.value,
    }
}

/// A sum of nothing is not known.
fn mrr(sum: &Sum) -> Option<String> {
    (sum.known > 0).then(|| sum.mrr.clone())
}
