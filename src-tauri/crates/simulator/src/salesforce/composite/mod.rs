//! Several calls in one: `/composite`, `/composite/graph`, `/composite/batch`, `/composite/tree`
//! (facts/salesforce.md §5). Each subrequest goes the way of an outer call.

mod batch;
mod references;
mod sequence;
mod subrequest;
mod tree;

use serde::Deserialize;
use serde_json::json;

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::json_body;
use crate::salesforce::org::Org;

/// Routes under `/composite`, but for `/composite/sobjects`.
pub(crate) fn route(
    org: &mut Org,
    version: &str,
    request: &Request,
    rest: &[&str],
) -> Result<Reply, CallError> {
    match (request.method.as_str(), rest) {
        ("GET", []) => {
            let base = format!("/services/data/v{version}/composite");
            Ok(Reply::json(
                200,
                &json!({
                    "tree": format!("{base}/tree"), "batch": format!("{base}/batch"),
                    "sobjects": format!("{base}/sobjects"), "graph": format!("{base}/graph")
                }),
            ))
        }
        ("POST", []) => sequence::composite(org, request, Interface::Data),
        ("POST", ["graph"]) => sequence::graphs(org, request),
        ("POST", ["batch"]) => batch::run(org, request),
        ("POST", ["tree", sobject]) => tree::create(org, sobject, request),
        _ => Err(CallError::not_found()),
    }
}

/// `POST /tooling/composite`, whose subrequests go to the Tooling API (facts/salesforce.md §7.1).
pub(crate) fn of_tooling(org: &mut Org, request: &Request) -> Result<Reply, CallError> {
    sequence::composite(org, request, Interface::Tooling)
}

/// The interface a composite and its subrequests belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interface {
    Data,
    Tooling,
}

/// API calls a request uses: one, but for a batch, whose subrequests count each.
pub(crate) fn calls(request: &Request) -> u64 {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Batch {
        #[serde(default)]
        batch_requests: Vec<serde::de::IgnoredAny>,
    }
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    if let ["services", "data", _, "composite", "batch"] = segments[..]
        && let Ok(batch) = json_body::read::<Batch>(&request.body)
    {
        return u64::try_from(batch.batch_requests.len().clamp(1, batch::MOST)).unwrap_or(1);
    }
    1
}

/// A body that is not what the resource takes.
fn refused(message: impl Into<String>) -> CallError {
    CallError::bad("INVALID_INPUT", message)
}
