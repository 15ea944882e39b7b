//! Operations of the Metadata API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Call, Done, no_operation};
use crate::salesforce::SharedOrg;
use crate::salesforce::errors::CallError;
use crate::salesforce::metadata::{self, Options};
use crate::salesforce::org::Org;

pub(super) fn run(org: &mut Org, call: &Call<'_>) -> Result<Done, CallError> {
    metadata::check_permission(org)?;
    match call.body.name.as_str() {
        "checkDeployStatus" => {
            let details = call
                .body
                .text_of("includeDetails")
                .is_some_and(|word| word.eq_ignore_ascii_case("true") || word == "1");
            let answer = metadata::look(org, id_of(call)?, details)?;
            Ok(Done::read(answer["deployResult"].clone()))
        }
        "cancelDeploy" => {
            let id = call
                .body
                .text_of("String")
                .or_else(|| call.body.text_of("asyncProcessId"))
                .map_or_else(|| id_of(call), Ok)?;
            let answer = metadata::cancel(org, id)?;
            Ok(Done {
                result: json!({"done": false, "id": answer["id"]}),
                is_write: true,
            })
        }
        "deployRecentValidation" => {
            let validation = call.body.text_of("validationId").unwrap_or_default();
            let id = metadata::start_validated(org, validation)?;
            Ok(Done {
                result: Value::String(id),
                is_write: true,
            })
        }
        "describeMetadata" => Ok(Done::read(describe(org))),
        "listMetadata" => Ok(Done::read(Value::Array(list(org, call)?))),
        // retrieve, readMetadata, createMetadata…: this org serves deploys only.
        other => Err(no_operation(other)),
    }
}

fn id_of<'a>(call: &'a Call<'_>) -> Result<&'a str, CallError> {
    call.body.text_of("asyncProcessId").ok_or_else(|| {
        CallError::new(
            500,
            "MISSING_ARGUMENT",
            "Required field is missing: asyncProcessId",
        )
    })
}

/// `deploy`; the package is unpacked while nobody waits for the org.
pub(super) fn deploy(shared: &SharedOrg, call: &Call<'_>) -> Result<Done, CallError> {
    let is_sandbox = {
        let org = shared.lock();
        metadata::check_permission(&org)?;
        org.identity.is_sandbox
    };
    let options = Options::from_node(call.body.child("DeployOptions"), is_sandbox)?;
    let encoded: String = call
        .body
        .child("ZipFile")
        .map(|node| node.text.split_ascii_whitespace().collect())
        .unwrap_or_default();
    if encoded.is_empty() {
        return Err(CallError::new(
            500,
            "MISSING_ARGUMENT",
            "Required field is missing: ZipFile",
        ));
    }
    let zip = STANDARD.decode(encoded).map_err(|_| {
        CallError::new(
            500,
            "INVALID_TYPE",
            "ZipFile is not a valid value for the type xsd:base64Binary",
        )
    })?;
    let is_write = !options.check_only;
    let package = metadata::unpack(&zip)?;
    let id = metadata::start(&mut shared.lock(), package, options);
    Ok(Done {
        result: json!({"done": false, "id": id, "state": "Queued"}),
        is_write,
    })
}

fn describe(org: &Org) -> Value {
    json!({
        "metadataObjects": [
            {
                "childXmlNames": ["CustomField"], "directoryName": "objects", "inFolder": false,
                "metaFile": false, "suffix": "object", "xmlName": "CustomObject"
            },
            {
                "directoryName": "permissionsets", "inFolder": false, "metaFile": false,
                "suffix": "permissionset", "xmlName": "PermissionSet"
            }
        ],
        "organizationNamespace": "", "partialSaveAllowed": org.identity.is_sandbox,
        "testRequired": !org.identity.is_sandbox
    })
}

fn list(org: &mut Org, call: &Call<'_>) -> Result<Vec<Value>, CallError> {
    metadata::complete(org);
    let mut found = Vec::new();
    let queries: Vec<&str> = call
        .body
        .all("queries")
        .filter_map(|query| query.text_of("type"))
        .collect();
    if queries.len() > 3 {
        return Err(CallError::new(
            500,
            "EXCEEDED_MAX_TYPES_LIMIT",
            "The maximum number of queries in one call is 3",
        ));
    }
    for kind in queries {
        match kind {
            "CustomField" => fields(org, &mut found),
            "CustomObject" => objects(org, &mut found),
            "PermissionSet" => permission_sets(org, &mut found)?,
            other => {
                return Err(CallError::new(
                    500,
                    "INVALID_TYPE",
                    format!("Unknown type:{other}"),
                ));
            }
        }
    }
    Ok(found)
}

/// One line of `listMetadata`.
fn properties(
    org: &Org,
    kind: &str,
    file: &str,
    full_name: &str,
    id: &str,
    times: (&str, &str),
) -> Value {
    let user = &org.identity.user_id;
    json!({
        "createdById": user, "createdByName": "Ana Ruiz", "createdDate": times.0,
        "fileName": file, "fullName": full_name, "id": id, "lastModifiedById": user,
        "lastModifiedByName": "Ana Ruiz", "lastModifiedDate": times.1,
        "manageableState": "unmanaged", "type": kind
    })
}

fn fields(org: &Org, found: &mut Vec<Value>) {
    for object in org
        .schema
        .objects
        .iter()
        .filter(|object| !object.tooling_only)
    {
        for field in &object.fields {
            if let Some(definition) = &field.definition {
                found.push(properties(
                    org,
                    "CustomField",
                    &format!("objects/{}.object", object.name),
                    &format!("{}.{}", object.name, field.name),
                    &definition.id,
                    (&definition.created, &definition.modified),
                ));
            }
        }
    }
}

fn objects(org: &Org, found: &mut Vec<Value>) {
    for object in org
        .schema
        .objects
        .iter()
        .filter(|object| !object.tooling_only)
    {
        let (id, times) = match &object.definition {
            Some(definition) => (
                definition.id.as_str(),
                (definition.created.as_str(), definition.modified.as_str()),
            ),
            None if matches!(object.name.as_str(), "Account" | "Contact" | "User") => (
                "",
                (
                    "1970-01-01T00:00:00.000+0000",
                    "1970-01-01T00:00:00.000+0000",
                ),
            ),
            None => continue,
        };
        found.push(properties(
            org,
            "CustomObject",
            &format!("objects/{}.object", object.name),
            &object.name,
            id,
            times,
        ));
    }
}

fn permission_sets(org: &Org, found: &mut Vec<Value>) -> Result<(), CallError> {
    let mut statement = org.db.prepare(
        "SELECT Id, Name, CreatedDate, LastModifiedDate FROM PermissionSet WHERE IsOwnedByProfile = 0 ORDER BY Name",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, name): (String, String) = (row.get(0)?, row.get(1)?);
        let created: Option<String> = row.get(2)?;
        let modified: Option<String> = row.get(3)?;
        found.push(properties(
            org,
            "PermissionSet",
            &format!("permissionsets/{name}.permissionset"),
            &name,
            &id,
            (&created.unwrap_or_default(), &modified.unwrap_or_default()),
        ));
    }
    Ok(())
}
