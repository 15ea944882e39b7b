//! Canceling a subscription, at once or on a day to come.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::whole;
use crate::alguna::answer::{body, invalid, optional_text, problem, text};
use crate::alguna::records::Records;
use crate::book::{Subscription, today};
use crate::reply::{Reply, Request};

const REASONS: [&str; 7] = [
    "no_longer_required",
    "moving_provider",
    "pricing",
    "support",
    "features",
    "upgraded",
    "other",
];

/// The day business is done on: the clock's, but never before the day of the data.
fn business_day(now: Timestamp) -> Date {
    today().max(now.to_zoned(TimeZone::UTC).date())
}

/// `POST /subscriptions/{id}/cancel`.
pub(crate) fn cancel(
    records: &mut Records,
    place: usize,
    request: &Request,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let body = body(request)?;
    let reason = text(&body, "", "reason")?;
    if !REASONS.contains(&reason.as_str()) {
        return Err(invalid(&format!("reason {reason} is not known")));
    }
    optional_text(&body, "", "reason_description")?;
    let effective = optional_text(&body, "", "effective")?;
    let day = business_day(now);
    let subscription = &records.subscriptions[place];
    match subscription.status.as_str() {
        "canceled" | "completed" => return Err(problem(409, "subscription is already canceled")),
        "draft" | "sent" => {
            return Err(problem(
                422,
                "only an activated subscription can be canceled",
            ));
        }
        _ => {}
    }
    let on = match effective.as_deref().unwrap_or("end_of_term") {
        "immediate" => day,
        "end_of_term" => end_of_term(subscription, day),
        given => match given.parse::<Date>() {
            Ok(on) if on >= day => on,
            Ok(_) => return Err(problem(422, "the effective date is in the past")),
            Err(_) => {
                return Err(invalid(
                    "effective must be immediate, end_of_term or a date",
                ));
            }
        },
    };
    // A later wish replaces an earlier one.
    for places in records.to_cancel.values_mut() {
        places.retain(|known| *known != place);
    }
    let subscription = &mut records.subscriptions[place];
    subscription.auto_renew = false;
    subscription.next_renewal = None;
    subscription.updated_at = now.to_string();
    records.to_cancel.entry(on).or_default().push(place);
    records.forget_subscription_orders();
    settle(records, now);
    let answer: Value = whole(&records.subscriptions[place]);
    Ok(Reply::json(200, &answer))
}

/// The end of the contract, or of the running month when it rolls.
fn end_of_term(subscription: &Subscription, day: Date) -> Date {
    if let Some(end) = subscription.end {
        return end.max(day);
    }
    let start = subscription.start.unwrap_or(day);
    let mut months = 1_i64;
    loop {
        let boundary = start.saturating_add(months.months());
        if boundary > day || boundary == Date::MAX {
            return boundary;
        }
        months += 1;
    }
}

/// Cancels what is due.
pub(crate) fn settle(records: &mut Records, now: Timestamp) {
    let day = business_day(now);
    while let Some(due) = records
        .to_cancel
        .first_entry()
        .filter(|due| *due.key() <= day)
    {
        let (on, places) = due.remove_entry();
        for place in places {
            let Some(subscription) = records.subscriptions.get_mut(place) else {
                continue;
            };
            "canceled".clone_into(&mut subscription.status);
            subscription.ended_on = Some(on);
            subscription.updated_at = now.to_string();
            if let Some(version) = subscription.versions.iter_mut().rev().find(|v| v.published) {
                version.end = Some(on);
            }
        }
        records.forget_subscription_orders();
    }
}
