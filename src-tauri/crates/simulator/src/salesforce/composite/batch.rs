//! `/composite/batch`: independent subrequests, each counted as a call.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::subrequest::{Wanted, body_of, perform};
use super::{Interface, refused};
use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::json_body;
use crate::salesforce::org::Org;

/// Most subrequests.
pub(super) const MOST: usize = 25;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    #[serde(default)]
    halt_on_error: bool,
    #[serde(deserialize_with = "json_body::objects")]
    batch_requests: Vec<Subrequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subrequest {
    method: String,
    url: String,
    #[serde(default)]
    rich_input: Option<Value>,
}

impl Subrequest {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            method: &self.method,
            url: &self.url,
            headers: None,
            body: self.rich_input.as_ref(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    status_code: u16,
    result: Box<RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcomes {
    has_errors: bool,
    results: Vec<Outcome>,
}

/// `POST /composite/batch`.
pub(super) fn run(org: &mut Org, request: &Request) -> Result<Reply, CallError> {
    let batch: Batch = json_body::read(&request.body)?;
    if batch.batch_requests.is_empty() || batch.batch_requests.len() > MOST {
        return Err(refused(format!(
            "A batch request must contain between 1 and {MOST} subrequests."
        )));
    }
    let mut results: Vec<Outcome> = Vec::with_capacity(batch.batch_requests.len());
    let mut has_errors = false;
    for sub in &batch.batch_requests {
        let reply = if has_errors && batch.halt_on_error {
            CallError::new(
                412,
                "BATCH_PROCESSING_HALTED",
                "Batch processing halted per request",
            )
            .reply()
        } else {
            perform(org, request, &sub.wanted(), Interface::Data)
        };
        has_errors |= reply.status >= 400;
        results.push(Outcome {
            status_code: reply.status,
            result: body_of(&reply),
        });
    }
    let mut reply = Reply::json(
        200,
        &Outcomes {
            has_errors,
            results,
        },
    );
    reply.is_write = Some(
        batch
            .batch_requests
            .iter()
            .any(|sub| sub.wanted().is_write()),
    );
    Ok(reply)
}
