//! Dropping customers from the metrics, and forgetting who they are (facts/profitwell.md §2, 18, 24, 25).

use jiff::Timestamp;
use serde_json::json;

use super::answer::not_found;
use super::ledger::{Ledger, Who};
use crate::reply::Reply;

/// `POST /v2/metrics/exclude_customer/{customer_id}/`.
pub(crate) fn exclude(ledger: &mut Ledger, id: &str) -> Result<Reply, Reply> {
    let who = ledger.customer(id).ok_or_else(not_found)?;
    ledger.exclude(who);
    Ok(Reply::json(200, &json!({})))
}

/// `POST /v2/gdpr/anonymize_by_customer_id/{customer_id}/`.
pub(crate) fn anonymize_id(ledger: &mut Ledger, id: &str, now: Timestamp) -> Result<Reply, Reply> {
    let who = ledger.customer(id).ok_or_else(not_found)?;
    Ok(anonymize(ledger, &[who], now))
}

/// `POST /v2/gdpr/anonymize_by_email/{email}/`: every customer with the address.
pub(crate) fn anonymize_email(
    ledger: &mut Ledger,
    email: &str,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let found = ledger.with_email(email);
    if found.is_empty() {
        return Err(not_found());
    }
    Ok(anonymize(ledger, &found, now))
}

fn anonymize(ledger: &mut Ledger, customers: &[Who], now: Timestamp) -> Reply {
    for who in customers {
        ledger.anonymize(*who);
        ledger.touch(*who, now);
    }
    Reply::json(200, &json!({}))
}
