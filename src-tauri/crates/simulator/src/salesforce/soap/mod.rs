//! SOAP: the Metadata API at `/services/Soap/m/{version}` and, of the Partner API at
//! `/services/Soap/u/{version}`, sign-in, sign-out, the user and undelete (facts/salesforce.md
//! §13.4). What stands after the version in the path is ignored, as it is on a real org.

mod answer;
mod metadata;
mod partner;

use serde_json::Value;

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::xml::{self, Node};
use crate::salesforce::{SharedOrg, VERSIONS};
use answer::{Api, envelope, fault};

/// An operation with what it needs to run.
struct Call<'a> {
    request: &'a Request,
    /// API version of the path.
    version: u32,
    /// The session id of the header; empty for `login`.
    session: &'a str,
    /// The operation's element.
    body: &'a Node,
}

/// What an operation gives: its result as JSON, and whether it wrote something.
struct Done {
    result: Value,
    is_write: bool,
}

impl Done {
    fn read(result: Value) -> Self {
        Self {
            result,
            is_write: false,
        }
    }
}

/// Routes under `/services/Soap` of an org nobody has locked yet: envelopes and packages are read
/// before the lock is taken.
pub(crate) fn route(shared: &SharedOrg, request: &Request, api: &str, rest: &[&str]) -> Reply {
    let api = match api {
        "m" => Api::Metadata,
        "u" => Api::Partner,
        _ => return CallError::not_found().reply(),
    };
    let Some(version) = rest.first() else {
        return CallError::not_found().reply();
    };
    if request.method != "POST" {
        return CallError::new(
            405,
            "METHOD_NOT_ALLOWED",
            format!(
                "HTTP Method '{}' not allowed. Allowed are POST",
                request.method
            ),
        )
        .reply();
    }
    let mut reply = match answer_call(shared, request, api, version) {
        Ok((operation, done)) => {
            let mut reply = envelope(api, &operation, &done.result);
            reply.is_write = Some(done.is_write);
            return reply;
        }
        Err(error) => fault(api, &error),
    };
    reply.is_write = Some(false);
    reply
}

fn answer_call(
    shared: &SharedOrg,
    request: &Request,
    api: Api,
    version: &str,
) -> Result<(String, Done), CallError> {
    let unreadable = |message: String| CallError::new(500, "soapenv:Client", message);
    let text = xml::decode(&request.body).map_err(|error| unreadable(error.message))?;
    let root = xml::parse(&text).map_err(|error| {
        unreadable(format!(
            "{} (line {}, column {})",
            error.message, error.line, error.column
        ))
    })?;
    drop(text);
    if root.name != "Envelope" {
        return Err(unreadable(format!(
            "Element {} invalid at this location, expected a SOAP envelope",
            root.name
        )));
    }
    let Some(body) = root.child("Body").and_then(|body| body.children.first()) else {
        return Err(unreadable("No operation found in the SOAP body".to_owned()));
    };
    let number = version
        .strip_suffix(".0")
        .unwrap_or(version)
        .parse::<u32>()
        .ok()
        .filter(|number| VERSIONS.contains(number))
        .ok_or_else(|| {
            CallError::new(
                500,
                "UNSUPPORTED_API_VERSION",
                format!("Invalid Api version specified on URL: {version}"),
            )
        })?;
    let session = root
        .child("Header")
        .and_then(|header| header.child("SessionHeader"))
        .and_then(|header| header.text_of("sessionId"))
        .or_else(|| request.bearer())
        .unwrap_or_default();
    let operation = body.name.clone();
    if operation != "login" {
        check_session(&mut shared.lock(), session)?;
    }
    let call = Call {
        request,
        version: number,
        session,
        body,
    };
    let done = match api {
        Api::Metadata if operation == "deploy" => metadata::deploy(shared, &call)?,
        Api::Metadata => metadata::run(&mut shared.lock(), &call)?,
        Api::Partner => partner::run(&mut shared.lock(), &call)?,
    };
    Ok((operation, done))
}

/// A session that is accepted uses one of the day's calls.
fn check_session(org: &mut Org, session: &str) -> Result<(), CallError> {
    if !org.oauth.accepts(session) {
        return Err(CallError::new(
            500,
            "INVALID_SESSION_ID",
            "Invalid Session ID found in SessionHeader: Illegal Session",
        ));
    }
    check_enabled(org)?;
    if !org.count_calls(1) {
        return Err(CallError::new(
            500,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        ));
    }
    Ok(())
}

/// Refuses every operation while the org's edition, or its administrator, leaves the API off.
fn check_enabled(org: &Org) -> Result<(), CallError> {
    if org.setup.shape.has_api() {
        return Ok(());
    }
    Err(CallError::new(
        500,
        "API_DISABLED_FOR_ORG",
        "API is not enabled for this Organization or Partner",
    ))
}

/// The fault for an operation the API has not, or this org does not serve.
fn no_operation(name: &str) -> CallError {
    CallError::new(
        500,
        "soapenv:Client",
        format!("No operation available for request {name}"),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::faults::Server;
    use crate::salesforce::shape::{OrgShape, laws};

    #[test]
    fn an_envelope_is_read_while_somebody_else_has_the_org() {
        let shared = SharedOrg::new(Server::SalesforceSandbox, laws::org(OrgShape::default()));
        let held = shared.lock();
        let (send, receive) = channel();
        let other = shared.clone();
        std::thread::spawn(move || {
            let path = "/services/Soap/m/67.0";
            let headers = axum::http::HeaderMap::new();
            let request = Request::new("POST", path, "", headers, bytes::Bytes::from("<x"));
            send.send(route(&other, &request, "m", &["67.0"]).status)
        });
        let status = receive.recv_timeout(Duration::from_secs(20));
        drop(held);
        assert_eq!(status, Ok(500));
    }

    #[test]
    fn undelete_needs_the_right_to_the_object() {
        let shared = SharedOrg::new(Server::SalesforceSandbox, laws::org(OrgShape::default()));
        let (token, id) = {
            let mut org = shared.lock();
            let org_id = org.identity.org_id.clone();
            let ana = crate::salesforce::write::Writer::unrestricted(org.identity.user_id.clone());
            let values = serde_json::json!({"Name": "Fern"});
            let id = values
                .as_object()
                .and_then(|values| org.create_as("Account", values, &ana).ok())
                .unwrap_or_default();
            assert!(org.delete("Account", &id).is_ok());
            (org.oauth.issue_access(&org_id), id)
        };
        let undelete = |may_delete: bool| {
            if let Some(account) = shared.lock().schema.object_mut("Account") {
                account.rights.delete = may_delete;
            }
            let body = format!(
                "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header><SessionHeader><sessionId>{token}</sessionId></SessionHeader></e:Header><e:Body><undelete><ids>{id}</ids></undelete></e:Body></e:Envelope>"
            );
            let headers = axum::http::HeaderMap::new();
            let path = "/services/Soap/u/64.0";
            let request = Request::new("POST", path, "", headers, bytes::Bytes::from(body));
            let reply = route(&shared, &request, "u", &["64.0"]);
            String::from_utf8_lossy(&reply.body).into_owned()
        };
        let refused = undelete(false);
        assert!(
            refused.contains("INSUFFICIENT_ACCESS_OR_READONLY"),
            "{refused}"
        );
        assert_eq!(shared.lock().count("Account").ok(), Some(0));
        let done = undelete(true);
        assert!(done.contains("<success>true</success>"), "{done}");
        assert_eq!(shared.lock().count("Account").ok(), Some(1));
    }
}
