//! What a customer paid from when to when: the ground the metrics are computed on.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::book::{ProfitwellCustomer, Subscription, divide_half_up, in_dollars};

/// Largest monthly amount counted, in cents: sums of many stay in range.
const LARGEST: i64 = 100_000_000_000_000;

/// A customer's revenue over time.
#[derive(Debug, Default, Clone)]
pub(crate) struct Life {
    pub(crate) spans: Vec<Span>,
    /// Whether an end was for want of payment.
    pub(crate) delinquent: bool,
}

/// A plan held from a day on, up to the day before `to`.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    /// Number of the plan in [`Plans`].
    pub(crate) plan: usize,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
    /// Cents per month in the display currency.
    pub(crate) cents: i64,
    pub(crate) trial: bool,
}

impl Span {
    /// Whether it holds at the end of the day before `end`.
    pub(crate) fn covers(&self, end: Date) -> bool {
        self.from < end && self.to.is_none_or(|to| to >= end)
    }
}

/// Names of plans, numbered.
#[derive(Debug, Default, Clone)]
pub(crate) struct Plans {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Plans {
    /// The number of a plan, a new one for a new name.
    pub(crate) fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }
}

/// The life of a customer that was derived from the book: its subscriptions'.
pub(crate) fn of_book(own: &[&Subscription], row: &ProfitwellCustomer, plans: &mut Plans) -> Life {
    let spans = of_subscriptions(own, plans);
    life(row, spans, plans)
}

/// The life of a customer that was loaded: what its row tells.
pub(crate) fn of_row(row: &ProfitwellCustomer, plans: &mut Plans) -> Life {
    let spans = span_of(row, plans);
    life(row, spans, plans)
}

fn life(row: &ProfitwellCustomer, spans: Vec<Span>, plans: &mut Plans) -> Life {
    let mut life = Life {
        spans,
        delinquent: row.status == "churned_delinquent",
    };
    if let (true, Some(from)) = (row.status == "trialing", day(row.created_on.as_ref())) {
        life.spans.push(Span {
            plan: plans.number(row.plans.first().map_or("", String::as_str)),
            from,
            to: None,
            cents: 0,
            trial: true,
        });
    }
    life
}

fn of_subscriptions(subscriptions: &[&Subscription], plans: &mut Plans) -> Vec<Span> {
    let published = |subscription: &&Subscription| {
        let versions = subscription.versions.iter();
        versions.filter(|version| version.published).count()
    };
    let mut spans = Vec::with_capacity(subscriptions.iter().map(published).sum());
    for subscription in subscriptions {
        if matches!(subscription.status.as_str(), "draft" | "sent" | "scheduled") {
            continue;
        }
        let plan = plans.number(&subscription.plan_name);
        // A paused subscription brings nothing since it was last touched.
        let stopped = (subscription.status != "active")
            .then(|| {
                subscription
                    .ended_on
                    .or_else(|| day(Some(&subscription.updated_at)))
            })
            .flatten();
        for version in subscription.versions.iter().filter(|v| v.published) {
            let Some(from) = version.start.or(subscription.start) else {
                continue;
            };
            let monthly = divide_half_up(subscription.yearly_cents(version), 12);
            spans.push(Span {
                plan,
                from,
                to: version.end.or(stopped),
                cents: in_dollars(monthly, &subscription.currency).clamp(-LARGEST, LARGEST),
                trial: false,
            });
        }
    }
    spans
}

/// One span from activation to churn; of a churned customer, what he spent tells the monthly amount.
fn span_of(row: &ProfitwellCustomer, plans: &mut Plans) -> Vec<Span> {
    let Some(from) = day(row.activated_on.as_ref()) else {
        return Vec::new();
    };
    let to = day(row.churned_on.as_ref());
    let mrr = row.mrr_cents.unwrap_or_default();
    let cents = match to {
        Some(to) if mrr == 0 => {
            let months = (i64::from(to.year()) - i64::from(from.year())) * 12
                + i64::from(to.month())
                - i64::from(from.month());
            divide_half_up(row.total_spend_cents.unwrap_or_default(), months.max(1))
        }
        _ => mrr,
    };
    vec![Span {
        plan: plans.number(row.plans.first().map_or("", String::as_str)),
        from,
        to,
        cents: cents.clamp(-LARGEST, LARGEST),
        trial: false,
    }]
}

fn day(moment: Option<&String>) -> Option<Date> {
    moment?.get(..10)?.parse().ok()
}
