//! Metadata deploys (facts/salesforce.md §7.2): custom fields, custom objects and permission sets
//! from a zip. REST is here, SOAP in [`super::soap`]; both use the same engine:
//!
//! `multipart` or base64 → `archive` (unpack) → `package` (read) → `status` (wait, run, end) → `run`
//! (objects, fields, permission sets, deletions, all in one savepoint).

mod archive;
mod conversion;
mod custom_field;
mod custom_object;
mod definitions;
mod display_format;
mod field_deletion;
mod fields;
mod grants;
mod numbers;
mod objects;
mod options;
mod package;
pub(crate) mod parts;
mod permission_set;
mod reading;
mod rules;
mod run;
mod status;

pub(crate) use custom_field::{CustomField, FieldDefinition};
pub(crate) use custom_object::ObjectDefinition;
pub(crate) use definitions::complete;
pub(crate) use field_deletion::delete as delete_field;
pub(crate) use fields::{Refused, put as put_field};
pub(crate) use options::Options;
use package::{Package, PackageError};
pub(crate) use reading::from_json;
pub(crate) use status::{Deploys, ListedDeploy, cancel, look, settle, start, start_validated};

use serde_json::Value;

use crate::reply::{Reply, Request};
use crate::salesforce::SharedOrg;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;

/// Routes under `/metadata` of an org nobody has locked yet: a package is unpacked before the lock is
/// taken.
pub(crate) fn route(
    shared: &SharedOrg,
    request: &Request,
    rest: &[&str],
) -> Result<Reply, CallError> {
    match (request.method.as_str(), rest) {
        ("POST", ["deployRequest"]) => deploy(shared, request),
        ("GET", ["deployRequest", id]) => {
            let details = request.param("includeDetails") == Some("true");
            Ok(Reply::json(
                200,
                &status::look(&mut shared.lock(), id, details)?,
            ))
        }
        ("PATCH", ["deployRequest", id]) => {
            let asked: Value = serde_json::from_slice(&request.body)?;
            if asked
                .pointer("/deployResult/status")
                .and_then(Value::as_str)
                != Some("Canceling")
            {
                return Err(CallError::bad(
                    "INVALID_INPUT",
                    "The only change to a deployment is deployResult.status Canceling.",
                ));
            }
            Ok(Reply::json(202, &status::cancel(&mut shared.lock(), id)?))
        }
        _ => Err(CallError::not_found()),
    }
}

/// Refuses a user who may not change metadata.
pub(crate) fn check_permission(org: &Org) -> Result<(), CallError> {
    if org.permits("PermissionsModifyMetadata")? || org.permits("PermissionsModifyAllData")? {
        return Ok(());
    }
    Err(CallError::new(
        403,
        "INSUFFICIENT_ACCESS",
        "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions",
    ))
}

fn deploy(shared: &SharedOrg, request: &Request) -> Result<Reply, CallError> {
    let is_sandbox = {
        let org = shared.lock();
        check_permission(&org)?;
        org.identity.is_sandbox
    };
    let content_type = request
        .header("content-type")
        .unwrap_or_default()
        .to_owned();
    if content_type
        .to_ascii_lowercase()
        .starts_with("application/json")
    {
        let asked: Value = serde_json::from_slice(&request.body)?;
        let Some(id) = asked
            .get("validatedDeployRequestId")
            .and_then(Value::as_str)
        else {
            return Err(CallError::bad(
                "INVALID_INPUT",
                "A deployment needs a zip file or a validatedDeployRequestId.",
            ));
        };
        let mut org = shared.lock();
        let id = status::start_validated(&mut org, id)?;
        return Ok(Reply::json(201, &status::accepted(&org, &id)));
    }
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
    let options = Options::from_json(&asked, is_sandbox)?;
    let check_only = options.check_only;
    let package = unpack(zip.body)?;
    let mut org = shared.lock();
    let id = status::start(&mut org, package, options);
    let mut reply = Reply::json(201, &status::accepted(&org, &id));
    reply.is_write = Some(!check_only);
    Ok(reply)
}

/// Reads a zip, or says why it is no package; one that is too large is refused.
pub(crate) fn unpack(zip: &[u8]) -> Result<Result<Package, PackageError>, CallError> {
    if zip.len() > archive::MAX_ZIP {
        return Err(CallError::new(
            413,
            "LIMIT_EXCEEDED",
            "Maximum size of request reached. Maximum size of request is 52428800 bytes.",
        ));
    }
    Ok(package::read(zip))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::fmt::Write as _;
    use std::io::Write as _;
    use std::sync::Arc;
    use std::thread::{JoinHandle, sleep, spawn};
    use std::time::Duration;

    use super::*;
    use crate::faults::Server;
    use crate::salesforce::shape::{OrgShape, laws};
    use crate::server::Endpoint;

    const MILLISECOND: Duration = Duration::from_millis(1);

    /// A package that takes a while to read and has one field to deploy.
    fn package() -> Vec<u8> {
        let mut object =
            "<CustomObject xmlns=\"http://soap.sforce.com/2006/04/metadata\">".to_owned();
        for number in 0..20_000 {
            write!(object, "<fields><fullName>F{number}__c</fullName><label>F</label><type>Date</type></fields>").unwrap();
        }
        object.push_str("</CustomObject>");
        let manifest = "<Package xmlns=\"http://soap.sforce.com/2006/04/metadata\"><types><members>Account.F1__c</members><name>CustomField</name></types><version>67.0</version></Package>";
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in [
            ("package.xml", manifest),
            ("objects/Account.object", &object),
        ] {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(name, options).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// Sends a deploy from another thread; gives back when its session was checked.
    fn deploying(shared: &Arc<SharedOrg>) -> JoinHandle<u16> {
        let token = {
            let mut org = shared.lock();
            let org_id = org.identity.org_id.clone();
            org.oauth.issue_access(&org_id)
        };
        let part = |kind: &str| {
            format!(
                "--its-end\r\nContent-Disposition: form-data; name=\"part\"\r\nContent-Type: application/{kind}\r\n\r\n"
            )
        };
        let options = "{\"deployOptions\": {}}\r\n";
        let body = [
            part("json").as_bytes(),
            options.as_bytes(),
            part("zip").as_bytes(),
            &package(),
            b"\r\n--its-end--\r\n",
        ]
        .concat();
        let mut headers = axum::http::HeaderMap::new();
        for (name, value) in [
            ("authorization", format!("Bearer {token}")),
            (
                "content-type",
                "multipart/form-data; boundary=its-end".to_owned(),
            ),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let path = "/services/data/v67.0/metadata/deployRequest";
        let request = Request::new("POST", path, "", headers, bytes::Bytes::from(body));
        let other = Arc::clone(shared);
        let call = spawn(move || other.answer(&request).status);
        while shared.lock().calls_today == 0 && !call.is_finished() {
            sleep(MILLISECOND);
        }
        call
    }

    fn org() -> Arc<SharedOrg> {
        let org = laws::org(OrgShape::default());
        Arc::new(SharedOrg::new(Server::SalesforceSandbox, org))
    }

    #[test]
    fn a_package_is_unpacked_while_others_have_the_org() {
        let shared = org();
        let call = deploying(&shared);
        let mut looks = 0;
        while !call.is_finished() {
            drop(shared.lock());
            looks += 1;
            sleep(MILLISECOND);
        }
        assert_eq!(call.join().ok(), Some(201));
        assert!(looks > 5, "{looks}");
    }

    #[test]
    fn a_call_under_way_does_not_reach_into_the_refreshed_org() {
        let (sandbox, production) = (org(), org());
        sandbox.belongs_to(&production);
        let call = deploying(&sandbox);
        sandbox.refresh().unwrap();
        assert_eq!(call.join().ok(), Some(201));
        let org = sandbox.lock();
        assert!(org.deploys.0.is_empty(), "the deploy was the old org's");
        assert_eq!(org.calls_today, 0);
    }
}
