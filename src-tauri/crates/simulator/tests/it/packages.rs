//! Packages for deploy tests, sent by REST or SOAP.

use std::io::Write;

use base64::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Org;

pub(crate) fn zip<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content.as_ref()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// package.xml with these members.
pub(crate) fn manifest(types: &[(&str, &[&str])]) -> String {
    let mut all = String::new();
    for (name, members) in types {
        all.push_str("<types>");
        for member in *members {
            all.extend([
                "<members>",
                member,
                "</members>
",
            ]);
        }
        all.extend([
            "<name>",
            name,
            "</name></types>
",
        ]);
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Package xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n{all}<version>67.0</version>\n</Package>"
    )
}

/// An object file around these elements.
pub(crate) fn object(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CustomObject xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n{inside}\n</CustomObject>"
    )
}

/// A permission set that opens these fields.
pub(crate) fn permission_set(fields: &[&str], more: &str) -> String {
    let grants: Vec<String> = fields
        .iter()
        .map(|field| {
            format!("<fieldPermissions><editable>true</editable><field>{field}</field><readable>true</readable></fieldPermissions>
")
        })
        .collect();
    let grants = grants.concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PermissionSet xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n<label>All</label>\n{grants}{more}</PermissionSet>"
    )
}

/// `<fields>` of this name with a label and these elements.
pub(crate) fn field(name: &str, rest: &str) -> String {
    let label = name.trim_end_matches("__c").replace('_', " ");
    format!("<fields><fullName>{name}</fullName><label>{label}</label>{rest}</fields>\n")
}

pub(crate) fn options(check_only: bool, rollback: bool) -> Value {
    json!({"checkOnly": check_only, "rollbackOnError": rollback, "singlePackage": true})
}

impl Org {
    /// Sends a body as it is to `deployRequest`.
    pub(crate) async fn send_deploy(&self, content_type: &str, body: Vec<u8>) -> (u16, Value) {
        let token = &self.simulator.credentials().sandbox.access_token;
        let answer = self
            .http
            .post(self.data("/metadata/deployRequest"))
            .bearer_auth(token)
            .header("content-type", content_type)
            .body(body)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// Starts a deploy over REST; gives its id.
    pub(crate) async fn begin_zip(&self, zip: &[u8], options: &Value) -> String {
        let (status, answer) = self.try_zip(zip, options).await;
        assert_eq!(status, 201, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn try_zip(&self, zip: &[u8], options: &Value) -> (u16, Value) {
        let mut body = format!(
            "--B\r\nContent-Disposition: form-data; name=\"json\"\r\nContent-Type: application/json\r\n\r\n{}\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.zip\"\r\nContent-Type: application/zip\r\n\r\n",
            json!({"deployOptions": options})
        )
        .into_bytes();
        body.extend(zip);
        body.extend(b"\r\n--B--\r\n");
        self.send_deploy("multipart/form-data; boundary=B", body)
            .await
    }

    /// The `deployResult` of one look.
    pub(crate) async fn look(&self, id: &str) -> Value {
        let (status, answer) = self
            .get(&format!("/metadata/deployRequest/{id}?includeDetails=true"))
            .await;
        assert_eq!(status, 200, "{answer}");
        answer["deployResult"].clone()
    }

    pub(crate) async fn ended(&self, id: &str) -> Value {
        loop {
            let result = self.look(id).await;
            if result["done"] == true {
                return result;
            }
        }
    }

    pub(crate) async fn deploy_files<T: AsRef<[u8]>>(
        &self,
        files: &[(&str, T)],
        options: &Value,
    ) -> Value {
        let id = self.begin_zip(&zip(files), options).await;
        self.ended(&id).await
    }

    /// Deploys the fields of an object, opened by permission set `All`, which is assigned.
    pub(crate) async fn with_fields(&self, sobject: &str, fields: &[(&str, String)]) {
        let paths: Vec<String> = fields
            .iter()
            .map(|(name, _)| format!("{sobject}.{name}"))
            .collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let inside: String = fields.iter().map(|(_, xml)| xml.as_str()).collect();
        let result = self
            .deploy_files(
                &[
                    (
                        "package.xml",
                        manifest(&[("CustomField", &paths), ("PermissionSet", &["All"])]),
                    ),
                    (
                        format!("objects/{sobject}.object").as_str(),
                        object(&inside),
                    ),
                    (
                        "permissionsets/All.permissionset",
                        permission_set(&paths, ""),
                    ),
                ],
                &options(false, true),
            )
            .await;
        assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
        self.assign("All").await;
    }

    /// Assigns a permission set to the signed-in user.
    pub(crate) async fn assign(&self, name: &str) {
        let (_, set) = self
            .query(&format!(
                "SELECT Id FROM PermissionSet WHERE Name = '{name}'"
            ))
            .await;
        let (_, user) = self
            .query("SELECT Id FROM User WHERE Name = 'Ana Ruiz'")
            .await;
        let assignment = json!({"PermissionSetId": set["records"][0]["Id"], "AssigneeId": user["records"][0]["Id"]});
        let (status, answer) = self
            .call(
                Method::POST,
                "/sobjects/PermissionSetAssignment",
                Some(&assignment),
            )
            .await;
        assert_eq!(status, 201, "{answer}");
    }

    /// Status and text of a SOAP call.
    pub(crate) async fn soap(&self, path: &str, envelope: String) -> (u16, String) {
        let answer = self
            .http
            .post(format!(
                "{}/services/Soap/{path}",
                self.simulator.urls().salesforce_sandbox
            ))
            .header("content-type", "text/xml")
            .header("soapaction", "\"\"")
            .body(envelope)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// An envelope with this session's header around an operation, without prefixes.
    pub(crate) fn envelope(&self, operation: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Header><SessionHeader><sessionId>{}</sessionId></SessionHeader></soapenv:Header><soapenv:Body>{operation}</soapenv:Body></soapenv:Envelope>",
            self.simulator.credentials().sandbox.access_token
        )
    }

    /// Deploys a zip over SOAP and looks until it has ended; gives the last answer.
    pub(crate) async fn soap_deploy(&self, zip: &[u8], options: &str) -> String {
        let zip = base64::engine::general_purpose::STANDARD.encode(zip);
        let (status, answer) = self
            .soap(
                "m/67.0",
                self.envelope(&format!(
                    "<deploy><ZipFile>{zip}</ZipFile><DeployOptions>{options}</DeployOptions></deploy>"
                )),
            )
            .await;
        assert_eq!(status, 200, "{answer}");
        let id = inside(&answer, "id").unwrap();
        loop {
            let (status, answer) = self
                .soap(
                    "m/67.0/deployRequest",
                    self.envelope(&format!(
                        "<checkDeployStatus><asyncProcessId>{id}</asyncProcessId><includeDetails>true</includeDetails></checkDeployStatus>"
                    )),
                )
                .await;
            assert_eq!(status, 200, "{answer}");
            // The status of the deploy itself stands last.
            if answer.contains("<done>true</done>") {
                return answer;
            }
        }
    }
}

/// The text of the first element of this name.
pub(crate) fn inside(xml: &str, name: &str) -> Option<String> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let end = start + xml[start..].find(&format!("</{name}>"))?;
    Some(xml[start..end].to_owned())
}

/// Problems by full name.
pub(crate) fn problems(result: &Value) -> Vec<(String, String)> {
    result["details"]["componentFailures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| {
            (
                failure["fullName"].as_str().unwrap().to_owned(),
                failure["problem"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}
