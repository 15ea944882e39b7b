//! What `ProfitWell` would show for a customer of the book.

use rustc_hash::FxHashMap;

use super::pricing::divide_half_up;
use super::{Book, Customer, ProfitwellCustomer, Subscription, today};

impl Book {
    /// Every customer with its subscriptions, in the order of the book.
    pub(crate) fn owned(&self) -> Vec<(&Customer, Vec<&Subscription>)> {
        let mut owned: Vec<(&Customer, Vec<&Subscription>)> = self
            .customers
            .iter()
            .map(|customer| (customer, Vec::new()))
            .collect();
        let places: FxHashMap<&str, usize> = (self.customers.iter().map(|one| one.id.as_str()))
            .zip(0..)
            .collect();
        for subscription in &self.subscriptions {
            if let Some(place) = places.get(subscription.customer_id.as_str()) {
                owned[*place].1.push(subscription);
            }
        }
        owned
    }
}

/// Cents in the display currency (USD) at fixed rates.
pub(crate) fn in_dollars(cents: i64, currency: &str) -> i64 {
    match currency {
        "EUR" => divide_half_up(cents * 108, 100),
        "GBP" => divide_half_up(cents * 127, 100),
        _ => cents,
    }
}

/// The same customer as `ProfitWell` would show it.
pub(crate) fn profitwell(
    customer: &Customer,
    subscriptions: &[&Subscription],
) -> ProfitwellCustomer {
    let mut mrr = 0;
    let mut spend = 0;
    let mut plans: Vec<String> = Vec::with_capacity(1);
    for subscription in subscriptions
        .iter()
        .filter(|s| !matches!(s.status.as_str(), "draft" | "sent" | "scheduled"))
    {
        if !plans.iter().any(|known| *known == subscription.plan_name) {
            plans.push(subscription.plan_name.to_string());
        }
        if let Some(version) = subscription
            .current()
            .filter(|_| subscription.status == "active")
        {
            mrr += in_dollars(
                divide_half_up(subscription.yearly_cents(version), 12),
                &subscription.currency,
            );
        }
        for version in &subscription.versions {
            let (Some(from), Some(to)) = (version.start, version.end.or(Some(today()))) else {
                continue;
            };
            let months = (i64::from(to.year()) - i64::from(from.year())) * 12
                + i64::from(to.month())
                - i64::from(from.month());
            let monthly = divide_half_up(subscription.yearly_cents(version), 12);
            spend += in_dollars(monthly * months.max(0), &subscription.currency);
        }
    }
    let has = |status: &str| subscriptions.iter().any(|s| s.status == status);
    let churned = subscriptions.iter().filter_map(|s| s.ended_on).max();
    let live = has("active") || has("paused");
    let status = match churned {
        _ if live => "active",
        Some(day) if day.day() % 4 == 0 => "churned_delinquent",
        Some(_) => "churned_voluntary",
        None if has("scheduled") => "trialing",
        None if has("in_dunning") => "cancelled",
        None => "no_history",
    };
    let activated = subscriptions
        .iter()
        .filter_map(|s| s.activated_at.clone())
        .min();
    let contact = customer.contacts.first();
    ProfitwellCustomer {
        customer_id: format!("cus_{}Pw{}", customer.id, &customer.created_at[2..4]),
        email: contact.map(|contact| contact.email.clone()),
        first_name: contact.and_then(|contact| contact.first_name.clone()),
        last_name: contact.and_then(|contact| contact.last_name.clone()),
        mrr_cents: Some(mrr),
        plans,
        status: status.to_owned(),
        created_on: Some(format!("{}Z", &customer.created_at[..19])),
        activated_on: activated,
        churned_on: churned
            .filter(|_| !live)
            .map(|day| format!("{day}T00:00:00Z")),
        updated_on: customer.updated_at.clone(),
        total_spend_cents: Some(spend),
    }
}
