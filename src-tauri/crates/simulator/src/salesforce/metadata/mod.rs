//! Metadata deploys over REST (facts/salesforce.md §7.2): fields and permission sets from a zip.

mod apply;
mod check;
mod package;
pub(crate) mod parts;
mod status;

pub(crate) use status::Deploy;

use serde_json::{Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;

/// What a client asked of a deploy.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the real options")]
pub(crate) struct Options {
    pub(crate) check_only: bool,
    pub(crate) rollback_on_error: bool,
    pub(crate) ignore_warnings: bool,
    pub(crate) run_tests: bool,
    /// As sent, for the answer's echo.
    pub(crate) echo: Value,
}

/// Routes under `/metadata`.
pub(crate) fn route(org: &mut Org, request: &Request, rest: &[&str]) -> Result<Reply, CallError> {
    match (request.method.as_str(), rest) {
        ("POST", ["deployRequest"]) => start(org, request),
        ("GET", ["deployRequest", id]) => {
            let details = request.param("includeDetails") == Some("true");
            let short = id.get(..15).unwrap_or(id).to_owned();
            let identity = org.identity.clone();
            let deploy = org.deploys.get_mut(&short).ok_or_else(|| {
                CallError::new(
                    404,
                    "INVALID_CROSS_REFERENCE_KEY",
                    format!("no deployment found with id {id}"),
                )
            })?;
            deploy.polls += 1;
            Ok(Reply::json(200, &deploy.answer(&identity, details)))
        }
        ("PATCH", ["deployRequest", id]) => {
            let short = id.get(..15).unwrap_or(id).to_owned();
            let identity = org.identity.clone();
            let deploy = org.deploys.get(&short).ok_or_else(CallError::not_found)?;
            Ok(Reply::json(202, &deploy.answer(&identity, false)))
        }
        _ => Err(CallError::not_found()),
    }
}

fn start(org: &mut Org, request: &Request) -> Result<Reply, CallError> {
    let content_type = request
        .header("content-type")
        .unwrap_or_default()
        .to_owned();
    let bad = |text: &str| CallError::bad("INVALID_MULTIPART_REQUEST", text);
    let parts = parts::split(&content_type, &request.body)
        .ok_or_else(|| bad("Multipart message is not well-formed."))?;
    let text = parts.iter().find(|part| part.looks_like_json());
    let zip = parts.iter().find(|part| part.looks_like_zip());
    let (Some(text), Some(zip)) = (text, zip) else {
        return Err(bad(
            "A deploy needs a JSON part with deployOptions and a zip part.",
        ));
    };
    let asked: Value = serde_json::from_slice(text.body)?;
    let echo = asked
        .get("deployOptions")
        .cloned()
        .unwrap_or_else(|| json!({}));
    let flag = |name: &str| echo.get(name).and_then(Value::as_bool).unwrap_or(false);
    let options = Options {
        check_only: flag("checkOnly"),
        rollback_on_error: echo
            .get("rollbackOnError")
            .and_then(Value::as_bool)
            .unwrap_or(true),
        ignore_warnings: flag("ignoreWarnings"),
        run_tests: echo
            .get("testLevel")
            .and_then(Value::as_str)
            .is_some_and(|level| level.starts_with("Run")),
        echo,
    };
    let id = org.ids.next("0Af");
    let now = org.clock.now();
    let deploy = match package::read(zip.body) {
        Ok(package) => {
            let outcome = apply::deploy(org, &package, &options)?;
            Deploy::new(id.clone(), options.clone(), outcome, now)
        }
        Err(problem) => Deploy::failed(id.clone(), options.clone(), problem, now),
    };
    let answer = deploy.accepted();
    org.deploys.insert(id[..15].to_owned(), deploy);
    let mut reply = Reply::json(201, &answer);
    reply.is_write = Some(!options.check_only);
    Ok(reply)
}
