//! Users and subscriptions made through the API, as opposed to those of a payment provider
//! (facts/profitwell.md §2.1-§2.6).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::life::{Life, Span};
use crate::book::{divide_half_up, in_dollars};

/// A user and the whole history of his subscriptions.
#[derive(Debug)]
pub(crate) struct User {
    /// `pwu_` and 12 characters.
    pub(crate) id: String,
    pub(crate) alias: Option<String>,
    /// Text for display; none once anonymised.
    pub(crate) email: Option<String>,
    pub(crate) updated: Timestamp,
    pub(crate) excluded: bool,
    pub(crate) subscriptions: Vec<Subscription>,
}

/// One subscription: what it was from which moment on, and when it churns.
#[derive(Debug)]
pub(crate) struct Subscription {
    /// `pws_` and 12 characters.
    pub(crate) id: String,
    pub(crate) alias: Option<String>,
    /// ISO 4217 in lower case.
    pub(crate) currency: &'static str,
    pub(crate) provider_user: Option<String>,
    /// Ordered by `effective`, never empty.
    pub(crate) events: Vec<Event>,
    pub(crate) churn: Option<Churn>,
}

/// A start or change of plan, price or interval.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) plan_id: String,
    pub(crate) yearly: bool,
    /// Cents per billing period.
    pub(crate) value: i64,
    pub(crate) trialing: bool,
    /// Unix seconds.
    pub(crate) effective: i64,
}

/// The end of a subscription, past or to come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Churn {
    /// Unix seconds.
    pub(crate) effective: i64,
    pub(crate) delinquent: bool,
}

impl Churn {
    /// The value of `churn_type`.
    pub(crate) const fn word(self) -> &'static str {
        if self.delinquent {
            "delinquent"
        } else {
            "voluntary"
        }
    }
}

impl Event {
    /// Cents per month.
    fn monthly(&self) -> i64 {
        if self.yearly {
            divide_half_up(self.value, 12)
        } else {
            self.value
        }
    }
}

impl Subscription {
    /// The answer that shows one event of the history.
    pub(crate) fn shape(&self, user: &User, event: &Event) -> Value {
        let status = if event.trialing { "trialing" } else { "active" };
        self.object(user, event, status, event.value, event.effective, None)
    }

    /// The answer that shows the churn.
    pub(crate) fn churn_shape(&self, user: &User, churn: Churn) -> Value {
        let status = format!("churned_{}", churn.word());
        let last = self.events.last();
        last.map_or(Value::Null, |event| {
            self.object(user, event, &status, 0, churn.effective, Some(churn.word()))
        })
    }

    fn object(
        &self,
        user: &User,
        event: &Event,
        status: &str,
        value: i64,
        effective: i64,
        churn_type: Option<&str>,
    ) -> Value {
        let mut meta = json!({});
        if let Some(word) = churn_type {
            meta["churn_type"] = Value::from(word);
        }
        if let Some(id) = &self.provider_user {
            meta["data_provider_user_id"] = Value::from(id.as_str());
        }
        json!({
            "user_id": user.id, "user_alias": user.alias,
            "subscription_id": self.id, "subscription_alias": self.alias,
            "email": user.email.as_deref().unwrap_or_default(),
            "plan_id": event.plan_id,
            "plan_interval": if event.yearly { "year" } else { "month" },
            "plan_currency": self.currency, "status": status, "value": value,
            "effective_date": effective, "meta": meta
        })
    }

    /// The event in force at a moment, and when it ends if that is known.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (&Event, i64, Option<i64>)> {
        self.events.iter().enumerate().map(|(place, event)| {
            let next = self.events.get(place + 1).map(|next| next.effective);
            let end = next.or(self.churn.map(|churn| churn.effective));
            (event, event.effective, end)
        })
    }

    /// The event in force at a moment.
    fn at(&self, now: i64) -> Option<&Event> {
        self.spans()
            .find(|(_, from, to)| *from <= now && to.is_none_or(|to| now < to))
            .map(|(event, ..)| event)
    }
}

/// What the customers list shows of a user (facts/profitwell.md §2.8), from his subscriptions.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) mrr_cents: i64,
    pub(crate) total_spend_cents: i64,
    pub(crate) plans: Vec<String>,
    pub(crate) status: String,
    pub(crate) created: Option<i64>,
    pub(crate) activated: Option<i64>,
    pub(crate) churned: Option<i64>,
}

impl User {
    /// Where the user stands at a moment; plans are ids.
    pub(crate) fn standing(&self, now: i64) -> Standing {
        let (mut mrr, mut spend) = (0_i64, 0_i64);
        let (mut current, mut before): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let (mut active, mut trialing, mut leaving) = (false, false, true);
        let mut churned: Option<(i64, bool)> = None;
        for subscription in &self.subscriptions {
            for (event, from, to) in subscription.spans() {
                let until = to.unwrap_or(now).min(now);
                let cents = in_dollars(event.value, subscription.currency);
                spend = spend.saturating_add(cents.saturating_mul(periods(event, from, until)));
                if from <= now {
                    push_new(&mut before, &event.plan_id);
                }
            }
            if let Some(event) = subscription.at(now) {
                push_new(&mut current, &event.plan_id);
                mrr = mrr.saturating_add(in_dollars(event.monthly(), subscription.currency));
                active |= !event.trialing;
                trialing |= event.trialing;
                leaving &= subscription.churn.is_some();
            }
            if let Some(churn) = subscription.churn {
                churned = churned.max(Some((churn.effective, churn.delinquent)));
            }
        }
        let events = || self.subscriptions.iter().flat_map(|s| &s.events);
        let activated = events()
            .filter(|event| !event.trialing && event.effective <= now)
            .map(|event| event.effective)
            .min();
        let status = match churned {
            _ if active && !leaving => "active",
            _ if active => "cancelled",
            _ if trialing => "trialing",
            Some(_) if activated.is_none() => "churned_trial",
            Some((_, true)) => "churned_delinquent",
            Some((_, false)) => "churned_voluntary",
            None => "no_history",
        };
        let live = (active || trialing) && !leaving;
        Standing {
            mrr_cents: mrr,
            total_spend_cents: spend,
            plans: if current.is_empty() { before } else { current },
            status: status.to_owned(),
            created: events().map(|event| event.effective).min(),
            activated,
            churned: churned.map(|(at, _)| at).filter(|_| !live),
        }
    }

    /// The user's revenue over time, for the metrics; `plan` numbers a plan, `day` gives the
    /// company's date of a moment.
    pub(crate) fn life(
        &self,
        mut plan: impl FnMut(&str) -> usize,
        day: impl Fn(i64) -> jiff::civil::Date,
    ) -> Life {
        let mut life = Life::default();
        for subscription in &self.subscriptions {
            for (event, from, to) in subscription.spans() {
                life.spans.push(Span {
                    plan: plan(&event.plan_id),
                    from: day(from),
                    to: to.map(&day),
                    cents: in_dollars(event.monthly(), subscription.currency),
                    trial: event.trialing,
                });
            }
            life.delinquent |= subscription.churn.is_some_and(|churn| churn.delinquent);
        }
        life
    }
}

fn push_new(list: &mut Vec<String>, plan: &str) {
    if !list.iter().any(|known| known == plan) {
        list.push(plan.to_owned());
    }
}

/// Billing periods begun between two moments, a month taken as 30.44 days.
fn periods(event: &Event, from: i64, until: i64) -> i64 {
    const MONTH: i64 = 2_629_746;
    if until <= from {
        return 0;
    }
    let length = if event.yearly { 12 * MONTH } else { MONTH };
    (until - from - 1) / length + 1
}
