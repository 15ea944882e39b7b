//! `GET /sobjects/{SObject}/updated/` and `/deleted/` (facts/salesforce.md §10).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::clock;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn invalid(text: &str) -> CallError {
    CallError::bad("INVALID_REPLICATION_DATE", text)
}

fn moment(request: &Request, name: &str) -> Result<Timestamp, CallError> {
    let text = request.param(name).ok_or_else(|| {
        CallError::bad(
            "MISSING_ARGUMENT",
            format!("Required parameter is missing: {name}"),
        )
    })?;
    // An offset's plus sign that was not encoded arrives as a blank.
    let text = text.trim().replace(' ', "+");
    clock::parse(&text)
        .ok_or_else(|| CallError::bad("INVALID_FIELD", format!("{text} is not a date and time")))
}

/// The window asked for, no older than so many days.
fn window(
    org: &mut Org,
    request: &Request,
    days: i32,
) -> Result<(Timestamp, Timestamp, Timestamp), CallError> {
    let now = org.clock.moment();
    let (start, end) = (moment(request, "start")?, moment(request, "end")?);
    if now.duration_since(start) > DAY * days {
        return Err(invalid(&format!("startDate is more than {days} days ago")));
    }
    if end.duration_since(start) < SignedDuration::from_mins(1) {
        return Err(invalid(
            "endDate must be at least one minute greater than startDate",
        ));
    }
    Ok((start, end, now))
}

fn replicated<'a>(org: &'a Org, sobject: &str) -> Result<&'a str, CallError> {
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    if !object.has_recycle_bin() {
        return Err(CallError::bad(
            "INVALID_TYPE_FOR_OPERATION",
            format!("entity type {} does not support replication", object.name),
        ));
    }
    Ok(&object.name)
}

/// Ids of live records created or changed from start to end.
pub(crate) fn updated(org: &mut Org, sobject: &str, request: &Request) -> Result<Reply, CallError> {
    let (start, end, now) = window(org, request, 30)?;
    let table = replicated(org, sobject)?;
    let mut statement = org.db.prepare(&format!(
        "SELECT Id FROM \"{table}\" WHERE IsDeleted = 0 AND SystemModstamp >= ?1 AND SystemModstamp < ?2 ORDER BY SystemModstamp"
    ))?;
    let ids: Vec<String> = statement
        .query_map([clock::format(start), clock::format(end)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(Reply::json(
        200,
        &json!({"ids": ids, "latestDateCovered": clock::format(end.min(now))}),
    ))
}

/// Ids of records deleted from start to end, with the time.
pub(crate) fn deleted(org: &mut Org, sobject: &str, request: &Request) -> Result<Reply, CallError> {
    let (start, end, now) = window(org, request, 15)?;
    let table = replicated(org, sobject)?;
    let mut statement = org.db.prepare(&format!(
        "SELECT Id, SystemModstamp FROM \"{table}\" WHERE IsDeleted = 1 AND SystemModstamp >= ?1 AND SystemModstamp < ?2 ORDER BY SystemModstamp"
    ))?;
    let records: Vec<Value> = statement
        .query_map([clock::format(start), clock::format(end)], |row| {
            let (id, at) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
            Ok(json!({"id": id, "deletedDate": at}))
        })?
        .collect::<Result<_, _>>()?;
    Ok(Reply::json(
        200,
        &json!({
            "deletedRecords": records,
            "earliestDateAvailable": clock::format(now.checked_sub(DAY * 15).unwrap_or(now)),
            "latestDateCovered": clock::format(end.min(now))
        }),
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use axum::http::HeaderMap;
    use bytes::Bytes;

    use super::*;
    use crate::salesforce::shape::{OrgShape, laws};

    #[test]
    fn asking_spends_no_stamps() {
        let mut org = laws::org(OrgShape::default());
        let now = org.clock.moment();
        let window = format!("start={}&end={now}", now - DAY);
        let request = Request::new("GET", "/", &window, HeaderMap::new(), Bytes::new());
        for _ in 0..2000 {
            updated(&mut org, "Account", &request).unwrap();
        }
        let stamp = clock::parse(&org.stamp()).unwrap();
        let ahead = stamp.duration_since(org.clock.moment());
        assert!(ahead < SignedDuration::from_millis(500), "{ahead}");
    }
}
