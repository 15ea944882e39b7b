//! HTTP's conditional requests: `Last-Modified`, `ETag`, and 304 for a client that has the newest
//! (facts/salesforce.md §3).

use jiff::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

use crate::reply::{Reply, Request};

/// `Sat, 21 Nov 2026 08:00:00 GMT`.
fn http_date(at: Timestamp) -> String {
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .unwrap_or_default()
}

/// Whether the client has this version already.
fn is_known(request: &Request, tag: &str, since: Timestamp) -> bool {
    if let Some(tags) = request.header("if-none-match") {
        return tags.split(',').any(|known| known.trim() == tag);
    }
    let Some(date) = request.header("if-modified-since") else {
        return false;
    };
    DateTimeParser::new()
        .parse_timestamp(date)
        .is_ok_and(|date| since.as_second() <= date.as_second())
}

/// The answer with its date and tag, or 304 with the same when the client has it.
pub(crate) fn conditional(request: &Request, reply: Reply, tag: &str, since: Timestamp) -> Reply {
    let reply = if is_known(request, tag, since) {
        Reply::empty(304)
    } else {
        reply
    };
    reply
        .with("last-modified", http_date(since))
        .with("etag", tag)
}
