//! Small resources: the list of versions, limits, counts, the e-mail action.

use serde_json::{Map, Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::{VERSIONS, bulk};

/// `GET /services/data`: three releases a year, v67.0 is Summer '26.
pub(crate) fn versions() -> Value {
    // The newest version (68.0) is served but listed only in the preview window.
    let listed = *VERSIONS.start()..*VERSIONS.end();
    listed
        .map(|version| {
            let season = ["Spring", "Summer", "Winter"][version as usize % 3];
            let year = 26 - (67 - version) / 3;
            json!({
                "label": format!("{season} '{year}"),
                "url": format!("/services/data/v{version}.0"),
                "version": format!("{version}.0")
            })
        })
        .collect()
}

/// `GET /services/data/vXX.0`: the resources of this version.
pub(crate) fn root(org: &Org, request: &Request, version: &str) -> Value {
    let mut map = Map::new();
    for name in [
        "sobjects",
        "query",
        "queryAll",
        "limits",
        "tooling",
        "metadata",
        "composite",
        "jobs",
    ] {
        map.insert(
            name.to_owned(),
            Value::from(format!("/services/data/v{version}/{name}")),
        );
    }
    let identity = format!(
        "{}/id/{}/{}",
        request.origin(),
        org.identity.org_id,
        org.identity.user_id
    );
    map.insert("identity".to_owned(), Value::from(identity));
    Value::Object(map)
}

/// `GET /limits`.
pub(crate) fn limits(org: &Org) -> Value {
    let mut limits = json!({
        "DailyBulkApiBatches": {"Max": bulk::DAILY_BATCHES, "Remaining": org.bulk.batches_left()},
        "DailyBulkV2QueryJobs": {"Max": bulk::DAILY_QUERIES, "Remaining": org.bulk.queries_left()},
        "DailyBulkV2QueryFileStorageMB": {"Max": 976_562, "Remaining": 976_562},
        "DataStorageMB": {"Max": 11_264, "Remaining": 8_931},
        "FileStorageMB": {"Max": 20_480, "Remaining": 19_207},
        "HourlyPublishedPlatformEvents": {"Max": 250_000, "Remaining": 250_000},
        "DailyStandardVolumePlatformEvents": {"Max": 25_000, "Remaining": 25_000},
        "DailyAsyncApexExecutions": {"Max": 250_000, "Remaining": 249_418},
        "ConcurrentSyncReportRuns": {"Max": 20, "Remaining": 20},
        "HourlyTimeBasedWorkflow": {"Max": 1000, "Remaining": 1000},
        "SingleEmail": {"Max": 5000, "Remaining": 5000},
        "MassEmail": {"Max": 5000, "Remaining": 5000},
        "PermissionSets": {"Max": 1500, "Remaining": 1488, "CreateCustom": {"Max": 1000, "Remaining": 988}}
    });
    if let Some(map) = limits.as_object_mut() {
        let left = org.daily_calls.saturating_sub(org.calls_today);
        map.insert(
            "DailyApiRequests".to_owned(),
            json!({"Max": org.daily_calls, "Remaining": left}),
        );
    }
    limits
}

/// `GET /limits/recordCount?sObjects=`: sObjects without records are left out.
pub(crate) fn record_count(org: &Org, request: &Request) -> Value {
    let wanted = request.param("sObjects").unwrap_or("Account,Contact");
    let counts: Vec<Value> = wanted
        .split(',')
        .filter_map(|name| org.schema.object(name.trim()))
        .filter_map(|object| Some((object.name.as_str(), org.count(&object.name).ok()?)))
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| json!({"name": name, "count": count}))
        .collect();
    json!({"sObjects": counts})
}

/// `POST /actions/standard/emailSimple`: accepted and not sent anywhere.
pub(crate) fn email(request: &Request) -> Result<Reply, CallError> {
    let body: Value = serde_json::from_slice(&request.body)?;
    let Some(inputs) = body.get("inputs").and_then(Value::as_array) else {
        return Err(CallError::bad(
            "INVALID_API_INPUT",
            "The request needs a list of inputs.",
        ));
    };
    let results: Vec<Value> = inputs
        .iter()
        .map(|input| {
            let complete = ["emailSubject", "emailBody"].iter().all(|key| input.get(*key).is_some_and(Value::is_string));
            let errors = (!complete).then(|| {
                json!([{"statusCode": "INVALID_API_INPUT", "message": "Missing required input parameter: emailSubject or emailBody", "fields": []}])
            });
            json!({"actionName": "emailSimple", "errors": errors, "isSuccess": complete, "outputValues": null})
        })
        .collect();
    let status = if results.iter().all(|result| result["isSuccess"] == true) {
        200
    } else {
        400
    };
    Ok(Reply::json(status, &results))
}
