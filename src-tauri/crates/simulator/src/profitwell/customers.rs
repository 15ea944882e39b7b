//! The customer list: bare array, filtered and ordered by `updated_on` only.

use jiff::Timestamp;

use super::answer::invalid;
use super::ledger::{Ledger, Who};
use crate::reply::{Reply, Request};

/// Largest and default page; page × size may not pass 100,000.
const MAX_PAGE: usize = 250;
const MAX_ROWS: usize = 100_000;

/// A moment in one of the forms the API reads: unix seconds, ISO 8601, or with a blank.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok();
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let text = text.replacen(' ', "T", 1);
    let civil = text.parse::<jiff::civil::DateTime>().or_else(|_| {
        text.parse::<jiff::civil::Date>()
            .map(|day| day.at(0, 0, 0, 0))
    });
    civil
        .ok()?
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// `GET /v2/customers/` as of `now`.
pub(crate) fn list(ledger: &Ledger, request: &Request, now: Timestamp) -> Reply {
    let customers = ledger.order();
    let number = |name: &str, missing: usize| match request.param(name) {
        None | Some("") => Ok(missing),
        Some(text) => match text.parse::<usize>() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(invalid(name, "A valid positive integer is required.")),
        },
    };
    let (page, size) = match (number("page", 1), number("per_page", MAX_PAGE)) {
        (Ok(page), Ok(size)) => (page, size),
        (Err(reply), _) | (_, Err(reply)) => return reply,
    };
    if size > MAX_PAGE {
        return invalid(
            "per_page",
            "Ensure this value is less than or equal to 250.",
        );
    }
    if page.saturating_mul(size) > MAX_ROWS {
        return invalid(
            "page",
            &format!(
                "Ensure this value is less than or equal to {}.",
                MAX_ROWS / size
            ),
        );
    }
    if request
        .param("date_field")
        .is_some_and(|field| field != "updated_on")
    {
        return invalid("date_field", "Only updated_on is supported.");
    }
    let bound = |name: &str| match request.param(name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => moment(text)
            .map(Some)
            .ok_or_else(|| invalid(name, "Datetime has wrong format.")),
    };
    let (start, end) = match (bound("start_date"), bound("end_date")) {
        (Ok(start), Ok(end)) => (start, end),
        (Err(reply), _) | (_, Err(reply)) => return reply,
    };
    let descending = match request.param("direction") {
        None | Some("" | "asc") => false,
        Some("desc") => true,
        Some(_) => return invalid("direction", "Not a valid choice."),
    };
    // The list is sorted by updated_on, so a date range is a slice of it.
    let from = start.map_or(0, |start| customers.partition_point(|(at, _)| *at < start));
    let to = end.map_or(customers.len(), |end| {
        customers.partition_point(|(at, _)| *at < end)
    });
    let range = customers.get(from..to.max(from)).unwrap_or_default();
    let email = request.param("email").filter(|email| !email.is_empty());
    let fits = |who: &Who| {
        email.is_none_or(|email| {
            ledger
                .email(*who)
                .is_some_and(|own| own.eq_ignore_ascii_case(email))
        })
    };
    let skip = (page - 1) * size;
    let range = range.iter().map(|(_, who)| *who);
    let shown: Vec<Who> = match (descending, email) {
        (false, None) => range.skip(skip).take(size).collect(),
        (true, None) => range.rev().skip(skip).take(size).collect(),
        (false, Some(_)) => range.filter(fits).skip(skip).take(size).collect(),
        (true, Some(_)) => range.rev().filter(fits).skip(skip).take(size).collect(),
    };
    let rows: Vec<_> = shown
        .into_iter()
        .filter_map(|who| ledger.row(who, now))
        .collect();
    Reply::json(200, &rows)
}
