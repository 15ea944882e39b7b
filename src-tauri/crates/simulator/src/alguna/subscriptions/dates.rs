//! Billing dates: the cycle around the day of the data, and what follows from it.

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::book::{Subscription, today};

/// Cycle and renewal around the day the data was written on.
pub(crate) fn billing_dates(subscription: &Subscription) -> Value {
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
