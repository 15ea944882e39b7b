//! A small client of the simulated org.

use std::io::Write;

use drawbridge_simulator::{Config, Simulator, start};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

pub(crate) struct Org {
    pub(crate) simulator: Simulator,
    pub(crate) http: Client,
}

pub(crate) fn http() -> Client {
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

pub(crate) async fn org() -> Org {
    org_with(Config {
        customers: 60,
        rate_limits: false,
        ..Config::default()
    })
    .await
}

pub(crate) async fn org_with(config: Config) -> Org {
    Org {
        simulator: start(config).await.unwrap(),
        http: http(),
    }
}

impl Org {
    pub(crate) fn data(&self, path: &str) -> String {
        format!(
            "{}/services/data/v67.0{path}",
            self.simulator.urls().salesforce_sandbox
        )
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<Response> {
        let token = &self.simulator.credentials().sandbox.access_token;
        let mut request = self
            .http
            .request(method, self.data(path))
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await
    }

    /// Status and JSON body (null when empty).
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let answer = self.send(method, path, body).await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn query(&self, soql: &str) -> (u16, Value) {
        let encoded: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
        self.get(&format!("/query?q={encoded}")).await
    }

    pub(crate) async fn names(&self, soql: &str) -> Vec<String> {
        let (status, answer) = self.query(soql).await;
        assert_eq!(status, 200, "{soql}: {answer}");
        let records = answer["records"].as_array().unwrap();
        records
            .iter()
            .map(|record| record["Name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Deploys the files and polls to the end; gives the final `deployResult` and the seen seen.
    pub(crate) async fn deploy(
        &self,
        files: &[(&str, String)],
        check_only: bool,
    ) -> (Value, Vec<String>) {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in files {
            zip.start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let options = json!({"deployOptions": {"checkOnly": check_only, "rollbackOnError": true, "singlePackage": true}});
        let form = reqwest::multipart::Form::new()
            .part(
                "file",
                reqwest::multipart::Part::bytes(bytes)
                    .file_name("package.zip")
                    .mime_str("application/zip")
                    .unwrap(),
            )
            .part(
                "json",
                reqwest::multipart::Part::text(options.to_string())
                    .mime_str("application/json")
                    .unwrap(),
            );
        let token = &self.simulator.credentials().sandbox.access_token;
        let answer = self
            .http
            .post(self.data("/metadata/deployRequest"))
            .bearer_auth(token)
            .multipart(form)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        let started: Value = answer.json().await.unwrap();
        let id = started["id"].as_str().unwrap().to_owned();
        let mut seen = Vec::new();
        loop {
            let (status, answer) = self
                .get(&format!("/metadata/deployRequest/{id}?includeDetails=true"))
                .await;
            assert_eq!(status, 200);
            let result = answer["deployResult"].clone();
            seen.push(result["status"].as_str().unwrap().to_owned());
            if result["done"] == true {
                return (result, seen);
            }
        }
    }

    /// Deploys an external id and an amount on Account with a permission set, and assigns it.
    pub(crate) async fn with_billing_fields(&self) {
        let (result, _) = self.deploy(&billing_fields(), false).await;
        assert_eq!(result["status"], "Succeeded", "{result}");
        self.assign("Billing_Sync").await;
    }

    /// Creates a record and gives its id.
    pub(crate) async fn create(&self, sobject: &str, record: Value) -> String {
        let (status, answer) = self
            .call(Method::POST, &format!("/sobjects/{sobject}"), Some(&record))
            .await;
        assert_eq!(status, 201, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }
}

/// The files of a small field package.
pub(crate) fn billing_fields() -> Vec<(&'static str, String)> {
    let package = r#"<?xml version="1.0" encoding="UTF-8"?>
<Package xmlns="http://soap.sforce.com/2006/04/metadata">
  <types><members>Account.Billing_Id__c</members><members>Account.MRR__c</members><name>CustomField</name></types>
  <types><members>Billing_Sync</members><name>PermissionSet</name></types>
  <version>67.0</version>
</Package>"#;
    let object = r#"<?xml version="1.0" encoding="UTF-8"?>
<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
  <fields><fullName>Billing_Id__c</fullName><label>Billing Id</label><type>Text</type><length>64</length><externalId>true</externalId><unique>true</unique><caseSensitive>true</caseSensitive><required>false</required><description>R&amp;D</description></fields>
  <fields><fullName>MRR__c</fullName><label>MRR</label><type>Currency</type><precision>10</precision><scale>2</scale></fields>
</CustomObject>"#;
    let set = r#"<?xml version="1.0" encoding="UTF-8"?>
<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">
  <label>Billing Sync</label><hasActivationRequired>false</hasActivationRequired>
  <fieldPermissions><editable>true</editable><field>Account.Billing_Id__c</field><readable>true</readable></fieldPermissions>
  <fieldPermissions><editable>true</editable><field>Account.MRR__c</field><readable>true</readable></fieldPermissions>
</PermissionSet>"#;
    vec![
        ("package.xml", package.to_owned()),
        ("objects/Account.object", object.to_owned()),
        ("permissionsets/Billing_Sync.permissionset", set.to_owned()),
    ]
}

pub(crate) fn field_names(describe: &Value) -> Vec<String> {
    describe["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap().to_owned())
        .collect()
}
