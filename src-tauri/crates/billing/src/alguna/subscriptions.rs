//! Alguna's subscriptions, completed with their dates, their revenue and their priced version.

use std::collections::BTreeMap;

use drawbridge_model::{
    Currency, CustomerId, Money, Page, Revenue, RevenueStatus, SourceError, Subscription,
    SubscriptionId, SubscriptionStatus, Which,
};
use futures::{StreamExt, TryStreamExt, stream, try_join};
use jiff::{Timestamp, civil::Date};

use super::client::{SUBSCRIPTIONS, SUBSCRIPTIONS_BY_CHANGE};
use super::{Alguna, interval, wire};

/// Subscriptions completed at a time; the transport keeps the calls at six in flight.
const AT_A_TIME: usize = 6;

/// What the listing leaves out. Drafts and ended subscriptions mostly lack some of it.
#[derive(Default)]
pub(super) struct Details {
    pub(super) dates: Option<wire::BillingDates>,
    pub(super) revenue: Option<wire::Revenue>,
    pub(super) version: Option<wire::Version>,
    /// End of the last published version, asked for only where nothing else says when it ended.
    pub(super) last_end: Option<Timestamp>,
}

impl Alguna {
    /// Changes come latest first, until one is older than what is asked for. A subscription that
    /// changes meanwhile moves to the front and is missed; its change is later than the pull began,
    /// so the next one brings it.
    pub(super) async fn subscription_page(
        &self,
        which: Which<'_, SubscriptionId>,
        cursor: Option<&str>,
    ) -> Result<Page<Subscription>, SourceError> {
        let plans = self.plan_names(cursor.is_none()).await?;
        let page: Page<wire::Subscription> = match which {
            Which::All => self.page(&SUBSCRIPTIONS, cursor).await?,
            Which::ChangedSince(since) => {
                changed(self.page(&SUBSCRIPTIONS_BY_CHANGE, cursor).await?, since)
            }
            Which::Only(ids) => self.single_subscriptions(ids).await?,
        };
        let completed: Vec<_> = page
            .rows
            .into_iter()
            .map(|row| self.with_details(row, &plans))
            .collect();
        let rows = stream::iter(completed)
            .buffered(AT_A_TIME)
            .try_collect()
            .await?;
        Ok(Page {
            rows,
            next: page.next,
        })
    }

    async fn single_subscriptions(
        &self,
        ids: &[SubscriptionId],
    ) -> Result<Page<wire::Subscription>, SourceError> {
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let path = ["subscriptions", id.as_str()];
            rows.extend(self.transport.get_if_any(&path, &[]).await?);
        }
        Ok(Page { rows, next: None })
    }

    async fn with_details(
        &self,
        row: wire::Subscription,
        plans: &BTreeMap<String, String>,
    ) -> Result<Subscription, SourceError> {
        let id = row.id.as_str();
        let paths = (
            ["subscriptions", id, "billing-dates"],
            ["subscriptions", id, "revenue"],
            ["subscriptions", id, "versions", "current"],
        );
        let (dates, revenue, version) = try_join!(
            self.transport.get_if_any(&paths.0, &[]),
            self.transport.get_if_any(&paths.1, &[]),
            self.transport.get_if_any::<wire::Version>(&paths.2, &[]),
        )?;
        let untold = row.ended_at.or(row.canceled_at).is_none();
        let last_end = match &version {
            _ if !(untold && status(row.status.as_deref()) == SubscriptionStatus::Ended) => None,
            Some(version) if version.end_date.is_some() => version.end_date,
            _ => self.last_published_end(id).await?,
        };
        let name = format!("subscription {id}");
        subscription(
            row,
            Details {
                dates,
                revenue,
                version,
                last_end,
            },
            plans,
        )
        .ok_or_else(|| {
            self.transport
                .asked("GET /subscriptions")
                .not_the_api(format!(
                    "{name} names no currency that can be read, nor do its revenue and prices"
                ))
        })
    }

    async fn last_published_end(&self, id: &str) -> Result<Option<Timestamp>, SourceError> {
        let path = ["subscriptions", id, "versions"];
        let listing: Option<wire::Listing> = self.transport.get_if_any(&path, &[]).await?;
        let call = format!("GET /subscriptions/{id}/versions");
        let mut last = None;
        for (position, row) in listing
            .map(|listing| listing.data)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            let version: wire::Version =
                self.transport.row(&call, "version", position, row, "id")?;
            if version.status.as_deref() == Some("published") {
                last = last.max(version.end_date);
            }
        }
        Ok(last)
    }
}

/// The changed rows of a page, and whether there may be more. A server that does not keep the order
/// asked for is read to its end.
fn changed(mut page: Page<wire::Subscription>, since: Timestamp) -> Page<wire::Subscription> {
    let ordered = page
        .rows
        .is_sorted_by(|one, next| one.updated_at >= next.updated_at);
    let older = |row: &wire::Subscription| row.updated_at.is_some_and(|changed| changed < since);
    if ordered && page.rows.last().is_some_and(older) {
        page.next = None;
    }
    page.rows.retain(|row| !older(row));
    page
}

/// A subscription as the model has it; `None` where no currency can be read anywhere.
pub(super) fn subscription(
    row: wire::Subscription,
    details: Details,
    plans: &BTreeMap<String, String>,
) -> Option<Subscription> {
    let lines = details
        .version
        .as_ref()
        .map(|version| version.items.as_slice())
        .unwrap_or_default();
    let contract = row.contract.unwrap_or_default();
    let renewal = row.renewal.unwrap_or_default();
    let dates = details.dates.unwrap_or_default();
    let status = status(row.status.as_deref());
    let ended = status == SubscriptionStatus::Ended;
    let code = |text: &Option<String>| Currency::parse(text.as_deref()?).ok();
    let currency = code(&row.currency)
        .or_else(|| code(&details.revenue.as_ref()?.currency))
        .or_else(|| interval::prices(lines).find_map(|price| code(&price.currency)))?;
    let revenue = details.revenue.and_then(|revenue| {
        let currency = code(&revenue.currency).unwrap_or(currency);
        Some(Revenue {
            mrr: Money {
                amount: revenue.mrr?,
                currency,
            },
            arr: Money {
                amount: revenue.arr?,
                currency,
            },
            status: revenue_status(revenue.recurring_revenue_status.as_deref()),
        })
    });
    Some(Subscription {
        name: row.name.unwrap_or_else(|| row.id.clone()),
        plan: row.plan_id.map(|id| plans.get(&id).cloned().unwrap_or(id)),
        currency,
        interval: interval::of(lines, &contract, &renewal),
        revenue,
        started_at: contract.start_date.or(row.activated_at),
        renews_on: renews_on(
            ended,
            dates.next_renewal_date,
            renewal.auto_renew,
            contract.end_date.or(dates.contract_end_date),
        ),
        ended_at: row
            .ended_at
            .or(row.canceled_at)
            .or(details.last_end)
            .or(row.updated_at)
            .filter(|_| ended),
        created_at: row.created_at,
        updated_at: row.updated_at,
        status,
        customer: CustomerId(row.customer_id),
        id: SubscriptionId(row.id),
    })
}

/// Alguna's status words; one it does not document is kept as it came.
pub(super) fn status(word: Option<&str>) -> SubscriptionStatus {
    let Some(word) = word.map(str::trim) else {
        return SubscriptionStatus::Other("not stated".to_owned());
    };
    match word.to_ascii_lowercase().as_str() {
        "draft" => SubscriptionStatus::Draft,
        "sent" => SubscriptionStatus::Sent,
        "accepted" | "scheduled" => SubscriptionStatus::Scheduled,
        "active" => SubscriptionStatus::Active,
        "paused" => SubscriptionStatus::Paused,
        "canceled" | "cancelled" | "completed" => SubscriptionStatus::Ended,
        _ => SubscriptionStatus::Other(word.to_owned()),
    }
}

/// A word that is missing or unknown does not vouch for the figures.
fn revenue_status(word: Option<&str>) -> RevenueStatus {
    match word {
        Some("complete") => RevenueStatus::Complete,
        Some("unavailable") => RevenueStatus::Unavailable,
        _ => RevenueStatus::Partial,
    }
}

/// The day it renews: outer `None` is not known, inner `None` is stated to be none.
#[expect(clippy::option_option, reason = "the three states of the model")]
fn renews_on(
    ended: bool,
    next_renewal: Option<Date>,
    auto_renew: Option<bool>,
    contract_end: Option<Date>,
) -> Option<Option<Date>> {
    if ended {
        return Some(None);
    }
    match (next_renewal, auto_renew) {
        (Some(day), _) => Some(Some(day)),
        (None, Some(true)) => contract_end.map(Some),
        (None, Some(false)) => Some(None),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_status_word_has_its_meaning_and_others_are_kept() {
        for (word, want) in [
            ("draft", SubscriptionStatus::Draft),
            ("sent", SubscriptionStatus::Sent),
            ("accepted", SubscriptionStatus::Scheduled),
            ("scheduled", SubscriptionStatus::Scheduled),
            ("active", SubscriptionStatus::Active),
            ("Active", SubscriptionStatus::Active),
            ("paused", SubscriptionStatus::Paused),
            ("canceled", SubscriptionStatus::Ended),
            ("completed", SubscriptionStatus::Ended),
            (
                "Pending Approval",
                SubscriptionStatus::Other("Pending Approval".to_owned()),
            ),
        ] {
            assert_eq!(status(Some(word)), want, "{word}");
        }
    }

    #[test]
    fn a_renewal_is_a_day_or_none_or_not_known() {
        let (a, b): (Date, Date) = ("2027-07-01".parse().unwrap(), "2027-01-01".parse().unwrap());
        for (ended, next, auto, end, want) in [
            (true, Some(a), Some(true), Some(b), Some(None)),
            (false, Some(a), Some(true), Some(b), Some(Some(a))),
            (false, None, Some(true), Some(b), Some(Some(b))),
            (false, None, Some(true), None, None),
            (false, None, Some(false), Some(b), Some(None)),
            (false, None, None, Some(b), None),
        ] {
            assert_eq!(
                renews_on(ended, next, auto, end),
                want,
                "{ended} {next:?} {auto:?} {end:?}"
            );
        }
    }

    #[test]
    fn figures_nobody_vouches_for_are_partial() {
        assert_eq!(revenue_status(Some("complete")), RevenueStatus::Complete);
        assert_eq!(revenue_status(Some("partial")), RevenueStatus::Partial);
        assert_eq!(
            revenue_status(Some("unavailable")),
            RevenueStatus::Unavailable
        );
        assert_eq!(revenue_status(Some("estimated")), RevenueStatus::Partial);
        assert_eq!(revenue_status(None), RevenueStatus::Partial);
    }
}
