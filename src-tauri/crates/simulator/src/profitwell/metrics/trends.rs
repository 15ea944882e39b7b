//! The trends by name, and the figure each shows for a period (facts/profitwell.md §2.9).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::tally::Tally;

/// Trends of the monthly metrics.
pub(crate) const MONTHLY: [&str; 40] = [
    "active_customers",
    "active_trialing_customers",
    "average_revenue_per_user",
    "churned_customers",
    "churned_customers_cancellations",
    "churned_customers_delinquent",
    "churned_recurring_revenue",
    "churned_recurring_revenue_cancellations",
    "churned_recurring_revenue_delinquent",
    "churned_trialing_customers",
    "converted_customers",
    "converted_recurring_revenue",
    "customer_conversion_rate",
    "customers_churn_rate",
    "customers_churn_cancellations_rate",
    "customers_churn_delinquent_rate",
    "customers_retention_rate",
    "downgrade_rate",
    "downgraded_customers",
    "downgraded_recurring_revenue",
    "existing_customers",
    "existing_recurring_revenue",
    "existing_trialing_customers",
    "growth_rate",
    "lifetime_value",
    "new_customers",
    "new_recurring_revenue",
    "new_trialing_customers",
    "reactivated_customers",
    "reactivated_recurring_revenue",
    "recurring_revenue",
    "revenue_churn_rate",
    "revenue_churn_cancellations_rate",
    "revenue_churn_delinquent_rate",
    "revenue_retention_rate",
    "upgrade_rate",
    "upgraded_customers",
    "upgraded_recurring_revenue",
    "saas_quick_ratio",
    "trial_conversion_time",
];

/// Monthly trends that exist for one plan only.
pub(crate) const OF_PLAN: [&str; 2] = ["plan_changed_recurring_revenue", "plan_change_rate"];

/// Trends of the daily metrics.
pub(crate) const DAILY: [&str; 15] = [
    "active_customers",
    "churned_customers",
    "churned_recurring_revenue",
    "cumulative_net_new_mrr",
    "cumulative_new_trialing_customers",
    "downgraded_customers",
    "downgraded_recurring_revenue",
    "future_churn_mrr",
    "new_customers",
    "new_recurring_revenue",
    "reactivated_customers",
    "reactivated_recurring_revenue",
    "recurring_revenue",
    "upgraded_customers",
    "upgraded_recurring_revenue",
];

/// The figure of a trend in period `place`; null where it has no meaning (a rate of nothing).
pub(crate) fn figure(name: &str, tallies: &[Tally], place: usize) -> Value {
    let Some(tally) = tallies.get(place) else {
        return Value::Null;
    };
    let so_far = tallies.get(..=place).unwrap_or_default();
    let churned = tally.voluntary.customers + tally.delinquent.customers;
    let lost = tally.voluntary.cents.saturating_add(tally.delinquent.cents);
    let (existing, base) = (tally.existing.customers, tally.existing.cents);
    match name {
        "active_customers" => count(tally.active.customers),
        "active_trialing_customers" => count(tally.trialing),
        "average_revenue_per_user" => ratio(tally.active.cents, tally.active.customers, 100),
        "churned_customers" => count(churned),
        "churned_customers_cancellations" => count(tally.voluntary.customers),
        "churned_customers_delinquent" => count(tally.delinquent.customers),
        "churned_recurring_revenue" => money(-lost),
        "churned_recurring_revenue_cancellations" => money(-tally.voluntary.cents),
        "churned_recurring_revenue_delinquent" => money(-tally.delinquent.cents),
        "churned_trialing_customers" => count(tally.churned_trialing),
        "converted_customers" => count(tally.converted.customers),
        "converted_recurring_revenue" => money(tally.converted.cents),
        "customer_conversion_rate" => percent(tally.converted.customers, tally.existing_trialing),
        "customers_churn_rate" => percent(churned, existing),
        "customers_churn_cancellations_rate" => percent(tally.voluntary.customers, existing),
        "customers_churn_delinquent_rate" => percent(tally.delinquent.customers, existing),
        "customers_retention_rate" => percent(existing - churned, existing),
        "downgrade_rate" => percent(tally.downgraded.cents, base),
        "downgraded_customers" => count(tally.downgraded.customers),
        "downgraded_recurring_revenue" => money(-tally.downgraded.cents),
        "existing_customers" => count(existing),
        "existing_recurring_revenue" => money(base),
        "existing_trialing_customers" => count(tally.existing_trialing),
        "growth_rate" => percent(tally.active.cents - base, base),
        // Revenue per customer divided by the share of customers lost.
        "lifetime_value" => {
            let per_customer = divided(
                tally.active.cents,
                tally.active.customers.saturating_mul(100),
            );
            let lost = divided(churned, existing);
            shown(
                per_customer
                    .zip(lost)
                    .and_then(|(each, lost)| each.checked_div(lost)),
            )
        }
        "new_customers" => count(tally.new.customers),
        "new_recurring_revenue" => money(tally.new.cents),
        "new_trialing_customers" => count(tally.new_trialing),
        "reactivated_customers" => count(tally.reactivated.customers),
        "reactivated_recurring_revenue" => money(tally.reactivated.cents),
        "recurring_revenue" => money(tally.active.cents),
        "revenue_churn_rate" => percent(lost, base),
        "revenue_churn_cancellations_rate" => percent(tally.voluntary.cents, base),
        "revenue_churn_delinquent_rate" => percent(tally.delinquent.cents, base),
        "revenue_retention_rate" => percent(base - lost, base),
        "upgrade_rate" => percent(tally.upgraded.cents, base),
        "upgraded_customers" => count(tally.upgraded.customers),
        "upgraded_recurring_revenue" => money(tally.upgraded.cents),
        "saas_quick_ratio" => {
            let gained = tally.new.cents.saturating_add(tally.reactivated.cents);
            let gained = gained.saturating_add(tally.upgraded.cents);
            ratio(gained, lost.saturating_add(tally.downgraded.cents), 1)
        }
        "trial_conversion_time" => ratio(tally.trial_days, tally.converted.customers, 1),
        "plan_changed_recurring_revenue" => money(tally.plan_changed),
        "plan_change_rate" => percent(tally.plan_changed, base),
        "cumulative_net_new_mrr" => {
            let start = tallies.first().map_or(0, |first| first.existing.cents);
            money(tally.active.cents - start)
        }
        "cumulative_new_trialing_customers" => {
            count(so_far.iter().map(|tally| tally.new_trialing).sum())
        }
        "future_churn_mrr" => money(-tally.leaving),
        _ => Value::Null,
    }
}

fn count(number: i64) -> Value {
    Value::from(number)
}

/// Cents as major units.
fn money(cents: i64) -> Value {
    shown(Some(Decimal::new(cents, 2)))
}

fn divided(dividend: i64, divisor: i64) -> Option<Decimal> {
    Decimal::from(dividend).checked_div(Decimal::from(divisor))
}

/// A quotient; the divisor is multiplied by `scale` (100 turns cents into major units).
fn ratio(dividend: i64, divisor: i64, scale: i64) -> Value {
    shown(divided(dividend, divisor.saturating_mul(scale)))
}

fn percent(part: i64, whole: i64) -> Value {
    shown(divided(part, whole).and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED)))
}

/// A number with at most two decimals, or null.
fn shown(number: Option<Decimal>) -> Value {
    number
        .and_then(|number| number.round_dp(2).to_f64())
        .map_or(Value::Null, Value::from)
}
