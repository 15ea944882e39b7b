//! The table of cached subscriptions: readable offline.

use std::io::Write;
use std::ops::ControlFlow;

use drawbridge_model::ConnectionId;
use drawbridge_store::{SubscriptionQuery, SubscriptionRow};

use super::sheet::{Cell, Column, column};
use super::{Table, TableFormat, unwritten};
use crate::context::Context;
use crate::error::Result;
use crate::subscriptions::{intervals, row_view, source_ages, sources};
use crate::view::{Nothing, SourceAge, SubscriptionRowView};

/// What stands above the table.
const HEAD: &[Column] = &[
    column("Source", 20),
    column("Customer", 32),
    column("Customer ID", 22),
    column("Subscription", 32),
    column("Subscription ID", 22),
    column("Plan", 24),
    column("Status", 12),
    column("Interval", 12),
    column("MRR", 14),
    column("Currency", 9),
    column("Started (UTC)", 20),
    column("Renews", 12),
    column("Salesforce record", 20),
];

/// Which subscriptions a table has: those the Subscriptions screen shows for the same filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionsWanted {
    /// Words to find in customer, plan, e-mail or id.
    pub search: String,
    /// Only this source's.
    pub source: Option<u32>,
    /// Only those with these status words; all where empty.
    pub status: Vec<String>,
    /// Only those with these intervals, in words; all where empty.
    pub interval: Vec<String>,
    /// Only those in these currencies; all where empty.
    pub currency: Vec<String>,
    /// Only those with these plans, letter for letter; the empty one stands for no plan.
    pub plan: Vec<String>,
}

impl Context {
    /// How old what was read of each billing source is.
    pub async fn source_ages(&self, _: Nothing) -> Result<Vec<SourceAge>> {
        source_ages(&self.workspace())
    }

    /// Writes the subscriptions as they were last read, by customer. Asks nobody. Gives how many
    /// there are.
    pub async fn subscriptions_write(
        &self,
        wanted: SubscriptionsWanted,
        format: TableFormat,
        out: &mut (dyn Write + Send),
    ) -> Result<u32> {
        let workspace = self.workspace();
        let sources = sources(&workspace)?;
        let query = SubscriptionQuery {
            search: wanted.search,
            source: wanted.source.map(ConnectionId),
            status: wanted.status,
            interval: intervals(&wanted.interval),
            currency: wanted.currency,
            plan: wanted.plan,
            ..SubscriptionQuery::default()
        };
        let place = self.place();
        let table = Table::begin(format, "Subscriptions", HEAD, &place, out);
        let mut table = table.map_err(unwritten)?;
        let (mut rows, mut failed) = (0, None);
        workspace
            .store
            .each_subscription(&query, |row: SubscriptionRow| {
                match table.row(&row_view(row, &sources), cells) {
                    Ok(()) => {
                        rows += 1;
                        ControlFlow::Continue(())
                    }
                    Err(error) => {
                        failed = Some(error);
                        ControlFlow::Break(())
                    }
                }
            })?;
        if let Some(error) = failed {
            return Err(unwritten(error));
        }
        table.end().map_err(unwritten)?;
        Ok(rows)
    }
}

fn cells(row: &SubscriptionRowView) -> Vec<Cell<'_>> {
    let day = row.renews_on.as_deref();
    vec![
        Cell::text(Some(&row.source_name)),
        Cell::text(Some(&row.customer_name)),
        Cell::text(Some(&row.customer)),
        Cell::text(row.name.as_deref()),
        Cell::text(row.subscription.as_deref()),
        Cell::text(row.plan.as_deref()),
        Cell::text(Some(&row.status)),
        Cell::text(row.interval.as_deref()),
        row.mrr
            .as_deref()
            .map_or(Cell::Blank, |amount| Cell::Decimal(amount.into())),
        Cell::text(row.currency.as_deref()),
        Cell::moment(row.started_at.as_deref()),
        match day.map(str::parse) {
            Some(Ok(day)) => Cell::Day(day),
            _ => Cell::text(day),
        },
        Cell::text(row.record.as_deref()),
    ]
}
