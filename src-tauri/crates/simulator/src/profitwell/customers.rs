//! The customer list: bare array, filtered and ordered by `updated_on` only.

use jiff::Timestamp;
use serde_json::json;

use crate::book::ProfitwellCustomer;
use crate::reply::{Reply, Request};

/// Largest and default page; page × size may not pass 100,000.
const MAX_PAGE: usize = 250;
const MAX_ROWS: usize = 100_000;

/// A stored moment, for order and comparison.
pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}

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

fn invalid(field: &str, text: &str) -> Reply {
    Reply::json(400, &json!({field: [text]}))
}

pub(crate) fn list(customers: &[ProfitwellCustomer], request: &Request) -> Reply {
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
    let from = start.map_or(0, |start| {
        customers.partition_point(|c| instant(&c.updated_on) < start)
    });
    let to = end.map_or(customers.len(), |end| {
        customers.partition_point(|c| instant(&c.updated_on) < end)
    });
    let range = customers.get(from..to.max(from)).unwrap_or_default();
    let email = request.param("email").filter(|email| !email.is_empty());
    let fits = |customer: &&ProfitwellCustomer| {
        email.is_none_or(|email| {
            customer
                .email
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(email))
        })
    };
    let skip = (page - 1) * size;
    let rows: Vec<&ProfitwellCustomer> = if descending {
        range
            .iter()
            .rev()
            .filter(fits)
            .skip(skip)
            .take(size)
            .collect()
    } else {
        range.iter().filter(fits).skip(skip).take(size).collect()
    };
    Reply::json(200, &rows)
}
