//! Users made through the API: their history, their e-mail, their end (facts/profitwell.md §2.6).

use jiff::Timestamp;
use serde_json::Value;

use super::answer::not_found;
use super::fields::Fields;
use super::ledger::{Ledger, Who};
use super::subscriptions::MAX_EMAIL;
use crate::reply::{Reply, Request};

/// `GET /v2/users/{id or alias}/`: every update and churn of every subscription, oldest first.
pub(crate) fn history(ledger: &Ledger, handle: &str) -> Result<Reply, Reply> {
    let user = ledger
        .find_user(handle)
        .and_then(|place| ledger.user(place))
        .ok_or_else(not_found)?;
    let mut rows: Vec<Value> = Vec::new();
    for subscription in &user.subscriptions {
        let events = subscription.events.iter();
        rows.extend(events.map(|event| subscription.shape(user, event)));
        rows.extend(
            subscription
                .churn
                .map(|churn| subscription.churn_shape(user, churn)),
        );
    }
    Ok(Reply::json(200, &rows))
}

/// `PUT /v2/users/{id or alias}/` with `{"email"}`.
pub(crate) fn update(
    ledger: &mut Ledger,
    handle: &str,
    request: &Request,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let place = ledger.find_user(handle).ok_or_else(not_found)?;
    let mut fields = Fields::of_body(request)?;
    let email = fields.text("email", MAX_EMAIL);
    fields.check()?;
    let user = ledger.user_mut(place).ok_or_else(not_found)?;
    user.email = email;
    ledger.touch(Who::Manual(place), now);
    Ok(Reply::empty(200))
}

/// `DELETE /v2/users/{id or alias}/`.
pub(crate) fn delete(ledger: &mut Ledger, handle: &str) -> Result<Reply, Reply> {
    let place = ledger.find_user(handle).ok_or_else(not_found)?;
    ledger.remove_user(place);
    Ok(Reply::empty(200))
}
