//! Versions of a subscription, their prices, and the revenue they bring.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::shape::midnight;
use crate::alguna::answer::problem;
use crate::alguna::terms::Terms;
use crate::book::{PriceLine, Subscription, Version, decimal, divide_half_up};
use crate::reply::Reply;

/// All versions, oldest first; a proposed change is a draft at the end.
pub(crate) fn all(subscription: &Subscription) -> Vec<Cow<'_, Version>> {
    let mut versions: Vec<Cow<'_, Version>> =
        subscription.versions.iter().map(Cow::Borrowed).collect();
    if let (Some(pending), Some(last)) = (
        Terms::of(subscription).pending,
        subscription.versions.last(),
    ) {
        let mut draft = last.clone();
        draft.id = pending.version_id;
        draft.published = false;
        draft.start = pending.effective;
        draft.end = None;
        for line in draft.lines.iter_mut().filter(|line| !line.metered) {
            line.price_per_unit_cents += line.price_per_unit_cents / 10;
        }
        versions.push(Cow::Owned(draft));
    }
    versions
}

/// What hangs below `/subscriptions/{id}/versions`.
pub(crate) fn route(subscription: &Subscription, rest: &[&str]) -> Result<Reply, Reply> {
    let versions = all(subscription);
    match rest {
        [] => {
            let rows: Vec<Value> = versions
                .iter()
                .map(|version| summary(subscription, version))
                .collect();
            Ok(Reply::json(200, &json!({"data": rows})))
        }
        ["current"] => match subscription.current() {
            Some(version) => Ok(Reply::json(200, &detail(subscription, version))),
            None => Err(problem(404, "subscription has no current version")),
        },
        [id, more @ ..] => {
            let found = versions.iter().find(|known| known.id == *id);
            let version = found.ok_or_else(|| problem(404, "version not found"))?;
            match more {
                [] => Ok(Reply::json(200, &detail(subscription, version))),
                ["revenue"] => Ok(Reply::json(200, &revenue(subscription, version))),
                _ => Err(problem(404, "not found")),
            }
        }
    }
}

pub(crate) fn revenue(subscription: &Subscription, version: &Version) -> Value {
    let yearly = subscription.yearly_cents(version);
    json!({
        "subscription_id": subscription.id, "currency": subscription.currency,
        "mrr": decimal(divide_half_up(yearly, 12)), "arr": decimal(yearly), "acv": decimal(yearly),
        "recurring_revenue_status": if version.has_metered() { "partial" } else { "complete" }
    })
}

fn summary(subscription: &Subscription, version: &Version) -> Value {
    json!({
        "id": version.id, "subscription_id": subscription.id,
        "status": if version.published { "published" } else { "draft" },
        "created_at": subscription.created_at, "updated_at": subscription.updated_at,
        "start_date": midnight(version.start), "end_date": midnight(version.end),
        "plan_id": subscription.plan_id
    })
}

pub(crate) fn detail(subscription: &Subscription, version: &Version) -> Value {
    let mut value = summary(subscription, version);
    let bundled = Terms::of(subscription).usage_bundled;
    let (metered, fixed): (Vec<&PriceLine>, Vec<&PriceLine>) = version
        .lines
        .iter()
        .partition(|line| line.metered && bundled);
    let of = |lines: Vec<&PriceLine>| -> Vec<Value> {
        let lines = lines.into_iter();
        lines
            .map(|line| priced(line, &subscription.currency))
            .collect()
    };
    let mut items = of(fixed);
    if !metered.is_empty() {
        items.push(json!({"bundle_id": "bun_usage", "items": of(metered)}));
    }
    value["entitlements"] = json!([]);
    value["items"] = Value::from(items);
    value
}

fn priced(line: &PriceLine, currency: &str) -> Value {
    let per_unit = decimal(line.price_per_unit_cents);
    let mut price = json!({
        "type": if line.metered { "unit" } else { "fixed" },
        "fee_type": if line.metered { "metered" } else { "fixed" },
        "billing_frequency": if line.one_off { "one-off" } else { "recurring" },
        "billing_direction": if line.metered { "arrears" } else { "advance" },
        "charge_on_contract_start": line.one_off, "currency": currency
    });
    if let Some(map) = price.as_object_mut() {
        if !line.one_off {
            map.insert(
                "billing_interval".to_owned(),
                Value::from(line.interval.word()),
            );
            map.insert(
                "billing_interval_count".to_owned(),
                Value::from(line.interval.months()),
            );
            map.insert("billing_interval_unit".to_owned(), Value::from("month"));
        }
        if line.metered {
            map.insert("metric_ids".to_owned(), json!(["mtr_events"]));
            map.insert(
                "unit_pricing_model".to_owned(),
                json!({"price_per_unit": per_unit}),
            );
        } else {
            let total = decimal(line.price_per_unit_cents * line.units);
            map.insert(
                "fixed_pricing_model".to_owned(),
                json!({"price_per_unit": per_unit, "units": line.units, "total": total}),
            );
        }
    }
    json!({"product_id": line.product_id, "price": price})
}
