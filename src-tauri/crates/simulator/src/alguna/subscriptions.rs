//! Subscriptions, their versions, dates and revenue.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Records, paging, problem};
use crate::book::{PriceLine, Subscription, Version, decimal, divide_half_up, today};
use crate::reply::{Reply, Request};

const SORTS: [&str; 8] = [
    "name",
    "status",
    "created_at",
    "activated_at",
    "ended_at",
    "updated_at",
    "contract_start_date",
    "contract_end_date",
];

pub(crate) fn route(records: &mut Records, request: &Request, rest: &[&str]) -> Reply {
    let [id, more @ ..] = rest else {
        return list(records, request);
    };
    let Some(subscription) = find(records, id) else {
        return problem(404, "subscription not found");
    };
    match more {
        [] => Reply::json(200, &shape(subscription)),
        ["billing-dates"] => Reply::json(200, &billing_dates(subscription)),
        ["revenue"] => match subscription.current() {
            Some(version) => Reply::json(200, &revenue(subscription, version)),
            None => problem(404, "subscription has no active version"),
        },
        ["versions"] => {
            let list: Vec<Value> = subscription
                .versions
                .iter()
                .map(|version| summary(subscription, version))
                .collect();
            Reply::json(200, &json!({"data": list}))
        }
        ["versions", "current"] => match subscription.current() {
            Some(version) => Reply::json(200, &detail(subscription, version)),
            None => problem(404, "subscription has no current version"),
        },
        ["versions", version, more @ ..] => {
            let Some(version) = subscription
                .versions
                .iter()
                .find(|known| known.id == *version)
            else {
                return problem(404, "version not found");
            };
            match more {
                [] => Reply::json(200, &detail(subscription, version)),
                ["revenue"] => Reply::json(200, &revenue(subscription, version)),
                _ => problem(404, "not found"),
            }
        }
        _ => problem(404, "not found"),
    }
}

fn find<'a>(records: &'a Records, id: &str) -> Option<&'a Subscription> {
    records
        .subscription_by_id
        .get(id)
        .map(|place| &records.subscriptions[*place])
}

/// `GET /insights/revenue/subscription/{id}`.
pub(crate) fn insight(records: &Records, id: &str) -> Reply {
    let current =
        find(records, id).and_then(|subscription| Some((subscription, subscription.current()?)));
    let Some((subscription, version)) = current else {
        return problem(404, "subscription not found");
    };
    let revenue = revenue(subscription, version);
    Reply::json(
        200,
        &json!({
            "monthly_recurring_revenue": revenue["mrr"], "annual_recurring_revenue": revenue["arr"],
            "annual_contract_value": revenue["acv"], "currency": subscription.currency
        }),
    )
}

fn list(records: &mut Records, request: &Request) -> Reply {
    let (limit, offset) = match paging::window(request) {
        Ok(window) => window,
        Err(reply) => return reply,
    };
    let sort = match paging::sort(request, &SORTS) {
        Ok(sort) => sort,
        Err(reply) => return reply,
    };
    let statuses: Option<Vec<&str>> = request
        .param("status")
        .filter(|s| !s.is_empty())
        .map(|s| s.split(',').collect());
    if let Some(id) = request.param("customer_id") {
        // One customer has few: no cached order needed.
        let own = records
            .subscriptions_of
            .get(id)
            .cloned()
            .unwrap_or_default();
        let mut own: Vec<&Subscription> = own
            .into_iter()
            .map(|at| &records.subscriptions[at])
            .collect();
        own.retain(|row| {
            statuses
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&row.status.as_str()))
        });
        if let Some((field, descending)) = sort {
            own.sort_by_cached_key(|row| sort_key(row, field));
            if descending {
                own.reverse();
            }
        }
        let total = own.len();
        let page: Vec<Value> = own
            .into_iter()
            .skip(offset)
            .take(limit)
            .map(shape)
            .collect();
        return paging::envelope(&page, limit, total);
    }
    let (key, descending) = sort.unwrap_or(("", false));
    if !records.subscription_orders.contains_key(key) {
        let mut order: Vec<usize> = (0..records.subscriptions.len()).collect();
        if !key.is_empty() {
            order.sort_by_cached_key(|at| sort_key(&records.subscriptions[*at], key));
        }
        records.subscription_orders.insert(key.to_owned(), order);
    }
    let order = &records.subscription_orders[key];
    let (rows, total) = paging::page(
        order,
        descending,
        (limit, offset),
        statuses.is_some(),
        |at| {
            let status = records.subscriptions[at].status.as_str();
            statuses
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&status))
        },
    );
    let page: Vec<Value> = rows
        .into_iter()
        .map(|at| shape(&records.subscriptions[at]))
        .collect();
    paging::envelope(&page, limit, total)
}

/// What a list is sorted by; equal values keep the order of ids.
fn sort_key(subscription: &Subscription, field: &str) -> (String, String) {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let key = match field {
        "name" => subscription.name.to_lowercase(),
        "status" => subscription.status.clone(),
        "activated_at" => subscription.activated_at.clone().unwrap_or_default(),
        "ended_at" => day(subscription.ended_on),
        "updated_at" => subscription.updated_at.clone(),
        "contract_start_date" => day(subscription.start),
        "contract_end_date" => day(subscription.end),
        _ => subscription.created_at.clone(),
    };
    (key, subscription.id.clone())
}

fn midnight(day: Option<Date>) -> Option<String> {
    day.map(|day| format!("{day}T00:00:00Z"))
}

fn shape(subscription: &Subscription) -> Value {
    let rolling = subscription.period_type == "monthly_rolling";
    let mut contract = json!({"period_type": subscription.period_type});
    if let Some(contract) = contract.as_object_mut() {
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                contract.insert(name.to_owned(), value);
            }
        };
        put(
            "duration_months",
            subscription.duration_months.map(Value::from),
        );
        put("start_date", midnight(subscription.start).map(Value::from));
        put("end_date", midnight(subscription.end).map(Value::from));
    }
    let pending: Vec<Value> = if subscription.pending_change {
        vec![json!({
            "version_id": format!("subv_{}next", subscription.id), "status": "draft",
            "description": "Proposed upgrade", "effective_at": midnight(subscription.next_renewal)
        })]
    } else {
        Vec::new()
    };
    let mut value = json!({
        "id": subscription.id, "customer_id": subscription.customer_id, "name": subscription.name,
        "status": subscription.status, "currency": subscription.currency,
        "created_at": subscription.created_at, "updated_at": subscription.updated_at,
        "plan_id": subscription.plan_id, "metadata": {}, "contract": contract,
        "billing": {
            "auto_issue_invoices": true, "auto_pay_invoices": rolling,
            "payment_collection_method": if rolling { "autopay" } else { "manual" },
            "first_billing_date": midnight(subscription.start), "payment_terms": "net_30"
        },
        "renewal": {
            "auto_renew": subscription.auto_renew, "duration_months": subscription.duration_months,
            "period_type": subscription.period_type
        },
        "pending_changes": pending
    });
    if let Some(map) = value.as_object_mut() {
        if let Some(at) = &subscription.activated_at {
            map.insert("activated_at".to_owned(), Value::from(at.clone()));
        }
        if let Some(version) = subscription.current() {
            map.insert(
                "current_version_id".to_owned(),
                Value::from(version.id.clone()),
            );
        }
        if let Some(percent) = subscription.discount_percent {
            map.insert(
                "discount".to_owned(),
                json!({"type": "percentage", "amount": percent.to_string(), "duration_type": "fixed"}),
            );
        }
    }
    value
}

/// Cycle and renewal around the day the data was written on.
fn billing_dates(subscription: &Subscription) -> Value {
    let mut answer = json!({"valid_on_cycle_dates": []});
    let Some(map) = answer.as_object_mut() else {
        return answer;
    };
    if let Some(end) = subscription.end {
        map.insert("contract_end_date".to_owned(), Value::from(end.to_string()));
    }
    let live = matches!(
        subscription.status.as_str(),
        "active" | "paused" | "scheduled"
    );
    if let (true, Some(start)) = (live, subscription.start) {
        let months = i64::from(subscription.interval.months());
        let mut cycles = 0;
        let boundary = |cycles: i64| start.saturating_add((cycles * months).months());
        while boundary(cycles + 1) <= today() {
            cycles += 1;
        }
        let (from, to) = (boundary(cycles), boundary(cycles + 1));
        map.insert(
            "current_cycle".to_owned(),
            json!({"start_date": from.to_string(), "end_date": to.to_string()}),
        );
        map.insert("next_billing_date".to_owned(), Value::from(to.to_string()));
        map.insert("valid_on_cycle_dates".to_owned(), json!([to.to_string()]));
        map.insert("valid_mid_cycle_range".to_owned(), json!({
            "start_date": from.saturating_add(1.day()).to_string(), "end_date": to.saturating_sub(1.day()).to_string()
        }));
    }
    if let Some(day) = subscription.next_renewal {
        map.insert("next_renewal_date".to_owned(), Value::from(day.to_string()));
    }
    answer
}

fn revenue(subscription: &Subscription, version: &Version) -> Value {
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

fn detail(subscription: &Subscription, version: &Version) -> Value {
    let mut value = summary(subscription, version);
    let lines: Vec<Value> = version
        .lines
        .iter()
        .map(|line| priced(line, &subscription.currency))
        .collect();
    value["entitlements"] = json!([]);
    value["items"] = Value::from(lines);
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
