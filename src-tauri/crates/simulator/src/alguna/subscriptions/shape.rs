//! A subscription as JSON (facts/alguna.md §2.3).

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::alguna::terms::Terms;
use crate::book::Subscription;

/// The first moment of a day.
pub(crate) fn midnight(day: Option<Date>) -> Option<String> {
    day.map(|day| format!("{day}T00:00:00Z"))
}

fn put(map: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        map.insert(name.to_owned(), value.into());
    }
}

/// The contract, also of a quote for the subscription.
pub(crate) fn contract(subscription: &Subscription) -> Value {
    let mut contract = Map::new();
    put(
        &mut contract,
        "period_type",
        Some(subscription.period_type.clone()),
    );
    put(
        &mut contract,
        "duration_months",
        subscription.duration_months,
    );
    put(&mut contract, "start_date", midnight(subscription.start));
    put(&mut contract, "end_date", midnight(subscription.end));
    Value::Object(contract)
}

fn billing(subscription: &Subscription, terms: &Terms) -> Value {
    let mut billing = Map::new();
    let autopay = terms.collection == "autopay";
    put(&mut billing, "auto_issue_invoices", Some(true));
    put(&mut billing, "auto_pay_invoices", Some(autopay));
    put(
        &mut billing,
        "payment_collection_method",
        Some(terms.collection),
    );
    put(
        &mut billing,
        "first_billing_date",
        midnight(subscription.start),
    );
    put(&mut billing, "payment_terms", terms.payment_due);
    Value::Object(billing)
}

fn renewal(subscription: &Subscription) -> Value {
    let mut renewal = Map::new();
    put(&mut renewal, "auto_renew", Some(subscription.auto_renew));
    put(
        &mut renewal,
        "duration_months",
        subscription.duration_months,
    );
    let renews = subscription.auto_renew || subscription.duration_months.is_some();
    let period = renews.then(|| subscription.period_type.clone());
    put(&mut renewal, "period_type", period);
    Value::Object(renewal)
}

/// The whole subscription; what it does not have is left out.
pub(crate) fn shape(subscription: &Subscription, terms: &Terms) -> Value {
    let pending: Vec<Value> = terms
        .pending
        .iter()
        .map(|pending| {
            json!({
                "version_id": pending.version_id, "status": "draft",
                "description": pending.description, "effective_at": midnight(pending.effective)
            })
        })
        .collect();
    let mut value = json!({
        "id": subscription.id, "customer_id": subscription.customer_id, "name": subscription.name,
        "status": subscription.status, "currency": subscription.currency,
        "created_at": subscription.created_at, "updated_at": subscription.updated_at,
        "metadata": {}, "contract": contract(subscription),
        "billing": billing(subscription, terms), "renewal": renewal(subscription),
        "pending_changes": pending
    });
    if let Some(map) = value.as_object_mut() {
        put(map, "activated_at", subscription.activated_at.clone());
        let plan = Some(&subscription.plan_id).filter(|id| !id.is_empty());
        put(map, "plan_id", plan.cloned());
        let version = subscription.current().map(|version| version.id.clone());
        put(map, "current_version_id", version);
        let discount = subscription.discount_percent.map(|percent| {
            let mut discount = json!({
                "type": "percentage", "amount": percent.to_string(), "duration_type": "fixed"
            });
            if let Some(months) = terms.discount_months {
                discount["duration_value"] = Value::from(months);
                discount["duration_unit"] = Value::from("months");
            }
            discount
        });
        put(map, "discount", discount);
        let minimum = terms.minimum_spend.as_ref();
        let minimum = minimum.map(|amount| json!({"amount": amount, "period": "monthly"}));
        put(map, "minimum_spend", minimum);
        let escalation = terms.yearly_escalation.as_ref().map(|percent| {
            json!({
                "enabled": true, "interval_months": 12, "type": "percentage",
                "percentage": percent, "escalate_metered_unit_rates": false
            })
        });
        put(map, "price_escalation", escalation);
        put(map, "trial_period_days", terms.trial_days);
    }
    value
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use jiff::civil::date;

    use super::*;
    use crate::alguna::terms::Pending;
    use crate::book::{Interval, Version};

    fn without_terms() -> Terms {
        Terms {
            collection: "manual",
            payment_due: None,
            discount_months: None,
            minimum_spend: None,
            yearly_escalation: None,
            trial_days: None,
            usage_bundled: false,
            pending: None,
        }
    }

    /// Both subscriptions of facts/alguna.md §5, key by key.
    #[test]
    fn the_documented_subscriptions_can_be_shown() {
        let version = Version {
            id: "subv_abc123".to_owned(),
            start: Some(date(2026, 1, 1)),
            end: None,
            published: true,
            lines: Vec::new(),
        };
        let first = Subscription {
            id: "CQCncgVu".to_owned(),
            customer_id: "wcqYrqfE".to_owned(),
            name: "Acme Corp - Enterprise".to_owned(),
            status: "active".to_owned(),
            currency: "USD".into(),
            plan_id: "pln_abc123".into(),
            plan_name: "".into(),
            created_at: "2025-12-15T10:30:00Z".to_owned(),
            updated_at: "2026-04-04T10:00:05Z".to_owned(),
            activated_at: Some("2026-01-01T00:00:00Z".to_owned()),
            period_type: "fixed".into(),
            duration_months: Some(12),
            start: Some(date(2026, 1, 1)),
            end: Some(date(2027, 1, 1)),
            auto_renew: true,
            next_renewal: None,
            ended_on: None,
            interval: Interval::Monthly,
            versions: vec![version],
            discount_percent: Some(10),
            pending_change: true,
        };
        let terms = Terms {
            payment_due: Some("net_30"),
            discount_months: Some(6),
            minimum_spend: Some("500.00".to_owned()),
            yearly_escalation: Some("5.00".to_owned()),
            trial_days: Some(30),
            pending: Some(Pending {
                version_id: "subv_def456".to_owned(),
                description: "Q3 upgrade",
                effective: Some(date(2027, 1, 1)),
            }),
            ..without_terms()
        };
        let second = Subscription {
            id: "ZVzWRFnt".to_owned(),
            customer_id: "uSOBHVom".to_owned(),
            name: "Old plan".to_owned(),
            status: "canceled".to_owned(),
            currency: "EUR".into(),
            plan_id: "".into(),
            created_at: "2024-01-24T16:36:52Z".to_owned(),
            updated_at: "2024-08-03T20:26:10Z".to_owned(),
            activated_at: Some("2024-01-01T00:00:00Z".to_owned()),
            period_type: "monthly_rolling".into(),
            duration_months: None,
            start: None,
            end: None,
            auto_renew: false,
            discount_percent: None,
            ..first.clone()
        };
        assert_eq!(
            shape(&first, &terms),
            json!({"id":"CQCncgVu","customer_id":"wcqYrqfE","name":"Acme Corp - Enterprise","status":"active","currency":"USD",
 "created_at":"2025-12-15T10:30:00Z","updated_at":"2026-04-04T10:00:05Z","activated_at":"2026-01-01T00:00:00Z","current_version_id":"subv_abc123","plan_id":"pln_abc123","metadata":{},
 "billing":{"auto_issue_invoices":true,"auto_pay_invoices":false,"payment_collection_method":"manual","first_billing_date":"2026-01-01T00:00:00Z","payment_terms":"net_30"},
 "contract":{"period_type":"fixed","duration_months":12,"start_date":"2026-01-01T00:00:00Z","end_date":"2027-01-01T00:00:00Z"},
 "renewal":{"auto_renew":true,"duration_months":12,"period_type":"fixed"},
 "pending_changes":[{"version_id":"subv_def456","status":"draft","description":"Q3 upgrade","effective_at":"2027-01-01T00:00:00Z"}],
 "discount":{"type":"percentage","amount":"10","duration_type":"fixed","duration_value":6,"duration_unit":"months"},
 "minimum_spend":{"amount":"500.00","period":"monthly"},"price_escalation":{"enabled":true,"interval_months":12,"type":"percentage","percentage":"5.00","escalate_metered_unit_rates":false},"trial_period_days":30})
        );
        assert_eq!(
            shape(&second, &without_terms()),
            json!({"id":"ZVzWRFnt","customer_id":"uSOBHVom","name":"Old plan","status":"canceled","currency":"EUR","created_at":"2024-01-24T16:36:52Z","updated_at":"2024-08-03T20:26:10Z","activated_at":"2024-01-01T00:00:00Z","metadata":{},
 "billing":{"auto_issue_invoices":true,"auto_pay_invoices":false,"payment_collection_method":"manual"},
 "contract":{"period_type":"monthly_rolling"},"renewal":{"auto_renew":false},"pending_changes":[]})
        );
    }
}
