//! The life of a deploy, what may go wrong with a package, deletions, and hostile input.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{billing_fields, field_names, org};
use crate::packages::{field, inside, manifest, object, options, permission_set, problems, zip};

#[tokio::test]
async fn a_deploy_cancelled_before_its_end_does_nothing() {
    let org = org().await;
    let id = org
        .begin_zip(&zip(&billing_fields()), &options(false, true))
        .await;
    // Nothing has happened yet.
    assert_eq!(org.simulator.state().count("PermissionSet"), 0);
    assert_eq!(org.look(&id).await["status"], "Pending");
    let cancel = json!({"deployResult": {"status": "Canceling"}});
    let path = format!("/metadata/deployRequest/{id}");
    let (status, answer) = org.call(Method::PATCH, &path, Some(&cancel)).await;
    assert_eq!(
        (status, answer["deployResult"]["status"].as_str()),
        (202, Some("Canceling"))
    );
    let result = org.ended(&id).await;
    assert_eq!(
        (result["status"].as_str(), result["success"].as_bool()),
        (Some("Canceled"), Some(false))
    );
    assert_eq!(org.simulator.state().count("PermissionSet"), 0);
    assert_eq!(org.call(Method::PATCH, &path, Some(&cancel)).await.0, 400);
    assert_eq!(
        org.get("/metadata/deployRequest/0Af000000000000AAA")
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn a_deploy_ends_also_when_nobody_looks() {
    let org = org().await;
    org.begin_zip(&zip(&billing_fields()), &options(false, true))
        .await;
    assert_eq!(org.simulator.state().count("PermissionSet"), 0);
    org.simulator
        .state()
        .advance_clock(std::time::Duration::from_secs(11));
    assert_eq!(org.simulator.state().count("PermissionSet"), 1);
}

#[tokio::test]
async fn a_package_of_too_many_components_is_refused() {
    let org = org().await;
    let names: Vec<String> = (0..10_001).map(|n| format!("Account.F{n}__c")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let files = [("package.xml", manifest(&[("CustomField", &names)]))];
    let result = org.deploy_files(&files, &options(true, true)).await;
    assert_eq!(
        (
            result["status"].as_str(),
            result["errorStatusCode"].as_str()
        ),
        (Some("Failed"), Some("LIMIT_EXCEEDED"))
    );
}

#[tokio::test]
async fn a_validation_is_deployed_quickly_once_it_has_passed() {
    let org = org().await;
    let files = zip(&billing_fields());
    let id = org.begin_zip(&files, &options(true, true)).await;
    let quick = json!({"validatedDeployRequestId": id});
    let (status, _) = org
        .call(Method::POST, "/metadata/deployRequest", Some(&quick))
        .await;
    assert_eq!(status, 400, "it has not passed yet");
    assert_eq!(org.ended(&id).await["status"], "Succeeded");
    assert_eq!(org.simulator.state().count("PermissionSet"), 0);
    let (status, answer) = org
        .call(Method::POST, "/metadata/deployRequest", Some(&quick))
        .await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(answer["validatedDeployRequestId"], id.as_str());
    let result = org.ended(answer["id"].as_str().unwrap()).await;
    assert_eq!(
        (result["status"].as_str(), result["checkOnly"].as_bool()),
        (Some("Succeeded"), Some(false))
    );
    assert_eq!(org.simulator.state().count("PermissionSet"), 1);
    // What was no validation cannot be.
    let quick = json!({"validatedDeployRequestId": answer["id"]});
    assert_eq!(
        org.call(Method::POST, "/metadata/deployRequest", Some(&quick))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn without_rollback_what_is_right_stays() {
    let org = org().await;
    let mut files = billing_fields();
    files[1].1 = files[1]
        .1
        .replace("<length>64</length>", "<length>0</length>");
    let result = org.deploy_files(&files, &options(false, true)).await;
    assert_eq!(result["status"], "Failed");
    assert_eq!(custom_fields(&org), 0);
    let result = org.deploy_files(&files, &options(false, false)).await;
    assert_eq!(result["status"], "SucceededPartial");
    assert_eq!(custom_fields(&org), 1, "MRR stays");
    let found = problems(&result);
    // The set names the field that failed, so it fails too.
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        found[1].1,
        "In field: field - no CustomField named Account.Billing_Id__c found"
    );
}

fn custom_fields(org: &crate::client::Org) -> usize {
    let records = org.simulator.state().records("Account");
    records[0]
        .keys()
        .filter(|name| name.ends_with("__c"))
        .count()
}

#[tokio::test]
async fn manifest_and_files_must_agree() {
    let org = org().await;
    let mut files = billing_fields();
    files[0].1 = manifest(&[
        ("CustomField", &["Account.MRR__c", "Account.Gone__c"]),
        ("Layout", &["Account-Account Layout"]),
        ("Colour", &["Red"]),
    ]);
    let found = problems(&org.deploy_files(&files, &options(true, true)).await);
    let problem = |name: &str| {
        &found
            .iter()
            .find(|(full_name, _)| full_name == name)
            .unwrap()
            .1
    };
    assert_eq!(
        problem("Account.Gone__c"),
        "An object 'Account.Gone__c' of type CustomField was named in package.xml, but was not found in zipped directory"
    );
    assert_eq!(problem("Billing_Sync"), "Not in package.xml");
    assert_eq!(
        problem("Red"),
        "Unknown type name 'Colour' specified in package.xml"
    );
    assert!(problem("Account-Account Layout").contains("does not hold metadata of type Layout"));
    assert_eq!(found.len(), 4, "{found:?}");

    let result = org.deploy_files(&files[1..], &options(true, true)).await;
    assert_eq!(
        problems(&result),
        [("package.xml".to_owned(), "No package.xml found".to_owned())]
    );
    // One top folder is as good as the root, two are not.
    let wrap = |folder: &str| -> Vec<(String, String)> {
        billing_fields()
            .into_iter()
            .map(|(name, text)| (format!("{folder}{name}"), text))
            .collect()
    };
    for (folder, status) in [("zip/", "Succeeded"), ("a/b/", "Failed")] {
        let wrapped = wrap(folder);
        let wrapped: Vec<(&str, &String)> = wrapped
            .iter()
            .map(|(name, text)| (name.as_str(), text))
            .collect();
        assert_eq!(
            org.deploy_files(&wrapped, &options(true, true)).await["status"],
            status
        );
    }
    let mut files = billing_fields();
    files[0].1 = files[0].1.replace("67.0", "1000.0");
    let result = org.deploy_files(&files, &options(true, true)).await;
    assert_eq!(problems(&result)[0].1, "Invalid version specified:1000.0");
}

#[tokio::test]
async fn a_permission_set_replaces_its_content() {
    let org = org().await;
    org.with_billing_fields().await;
    let only = |fields: &[&str]| {
        vec![
            (
                "package.xml",
                manifest(&[("PermissionSet", &["Billing_Sync"])]),
            ),
            (
                "permissionsets/Billing_Sync.permissionset",
                permission_set(fields, ""),
            ),
        ]
    };
    let result = org
        .deploy_files(&only(&["Account.MRR__c"]), &options(false, true))
        .await;
    assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    let (_, describe) = org.get("/sobjects/Account/describe").await;
    let names = field_names(&describe);
    assert!(names.contains(&"MRR__c".to_owned()));
    assert!(!names.contains(&"Billing_Id__c".to_owned()));
    // Grants on a field go when it becomes required.
    let required = field(
        "MRR__c",
        "<type>Currency</type><precision>10</precision><scale>2</scale><required>true</required>",
    );
    let files = [
        (
            "package.xml",
            manifest(&[("CustomField", &["Account.MRR__c"])]),
        ),
        ("objects/Account.object", object(&required)),
    ];
    assert_eq!(
        org.deploy_files(&files, &options(false, true)).await["status"],
        "Succeeded"
    );
    assert_eq!(org.simulator.state().count("FieldPermissions"), 0);
    let (_, describe) = org.get("/sobjects/Account/describe").await;
    assert!(field_names(&describe).contains(&"MRR__c".to_owned()));
}

#[tokio::test]
async fn deletions_keep_the_data_under_another_name() {
    let org = org().await;
    org.with_billing_fields().await;
    let (status, _) = org
        .call(
            Method::POST,
            "/sobjects/Account",
            Some(&json!({"Name": "A", "MRR__c": 5})),
        )
        .await;
    assert_eq!(status, 201);
    let delete = |kind: &str, name: &str| {
        vec![
            ("package.xml", manifest(&[])),
            ("destructiveChanges.xml", manifest(&[(kind, &[name])])),
        ]
    };
    let unknown = org
        .deploy_files(
            &delete("CustomField", "Account.No__c"),
            &options(false, true),
        )
        .await;
    assert_eq!(unknown["status"], "Failed");
    assert_eq!(
        problems(&unknown)[0].1,
        "No CustomField named: Account.No__c found"
    );
    let lenient = json!({"rollbackOnError": true, "ignoreWarnings": true});
    let warned = org
        .deploy_files(&delete("CustomField", "Account.No__c"), &lenient)
        .await;
    assert_eq!(warned["status"], "Succeeded");
    let warning = &warned["details"]["componentSuccesses"][1];
    assert_eq!(
        (
            warning["problemType"].as_str(),
            warning["warning"].as_bool()
        ),
        (Some("Warning"), Some(true))
    );

    let checked = org
        .deploy_files(
            &delete("CustomField", "Account.MRR__c"),
            &options(true, true),
        )
        .await;
    assert_eq!(checked["status"], "Succeeded");
    assert_eq!(
        org.query("SELECT MRR__c FROM Account LIMIT 1").await.0,
        200,
        "only checked"
    );
    let assigned = org
        .deploy_files(
            &delete("PermissionSet", "Billing_Sync"),
            &options(false, true),
        )
        .await;
    assert!(problems(&assigned)[0].1.contains("assigned"));
    let result = org
        .deploy_files(
            &delete("CustomField", "Account.MRR__c"),
            &options(false, true),
        )
        .await;
    assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    assert_eq!(result["details"]["componentSuccesses"][1]["deleted"], true);
    assert_eq!(org.query("SELECT MRR__c FROM Account LIMIT 1").await.0, 400);
    assert_eq!(
        org.simulator.state().count("FieldPermissions"),
        1,
        "the other field's"
    );
    // A field of the old name starts empty.
    let mut files = billing_fields();
    files.truncate(2);
    files[0].1 = manifest(&[("CustomField", &["Account.MRR__c"])]);
    assert_eq!(
        org.deploy_files(&files, &options(false, true)).await["status"],
        "Succeeded"
    );
    let kept = org.simulator.state().records("Account");
    assert!(kept.iter().all(|record| record["MRR__c"].is_null()));
}

#[tokio::test]
async fn production_refuses_what_only_a_sandbox_may() {
    let org = org().await;
    let credentials = org.simulator.credentials();
    let url = format!(
        "{}/services/data/v67.0/metadata/deployRequest",
        org.simulator.urls().salesforce_production
    );
    for (asked, words) in [
        (json!({"rollbackOnError": false}), "rollbackOnError"),
        (json!({"purgeOnDelete": true}), "purgeOnDelete"),
        (
            json!({"testLevel": "NoTestRun"}),
            "testLevel of NoTestRun cannot be used in production organizations",
        ),
    ] {
        let mut body = format!("--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B\r\nContent-Type: application/zip\r\n\r\n", json!({"deployOptions": asked})).into_bytes();
        body.extend(zip(&billing_fields()));
        body.extend(b"\r\n--B--");
        let answer = org
            .http
            .post(&url)
            .bearer_auth(&credentials.production.access_token)
            .header("content-type", "multipart/form-data; boundary=B")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400);
        let error: Value = answer.json().await.unwrap();
        assert!(
            error[0]["message"].as_str().unwrap().contains(words),
            "{error}"
        );
    }
}

#[tokio::test]
async fn hostile_requests_are_refused_and_the_server_goes_on() {
    let org = org().await;
    let form = "multipart/form-data; boundary=B";
    for (content_type, body) in [
        ("multipart/form-data", &b"--B\r\n\r\n\r\n--B--"[..]),
        (form, b""),
        (form, b"no boundary here"),
        (form, b"--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B--"),
        (form, b"--B\r\nContent-Type: application/zip\r\n\r\nPK\r\n--B--"),
        (form, b"--B\r\nContent-Type: application/json\r\n\r\n{oops\r\n--B\r\nContent-Type: application/zip\r\n\r\nPK\r\n--B--"),
        ("application/json", b"[]"),
        ("application/json", b"\xFF"),
        ("text/plain", b"hello"),
    ] {
        let expected = if content_type == "text/plain" { 415 } else { 400 };
        let (status, answer) = org.send_deploy(content_type, body.to_vec()).await;
        assert_eq!(status, expected, "{content_type}: {answer}");
    }
    let (status, error) = org
        .try_zip(&vec![0; 40 * 1024 * 1024], &options(true, true))
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (413, Some("LIMIT_EXCEEDED"))
    );
    let id = org
        .begin_zip(b"PK\x03\x04 no zip", &options(true, true))
        .await;
    let result = org.ended(&id).await;
    assert_eq!(
        (result["status"].as_str(), result["errorMessage"].as_str()),
        (Some("Failed"), Some("zip file is not valid"))
    );

    let mut wide = vec![0xFF, 0xFE];
    let text = object(&field("Wide__c", "<type>Date</type>")).replace("UTF-8", "UTF-16");
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><CustomObject>&b;</CustomObject>";
    let deep = "<CustomObject>".repeat(5000);
    for (content, status) in [
        (wide, "Succeeded"),
        (bomb.as_bytes().to_vec(), "Failed"),
        (deep.into_bytes(), "Failed"),
        (b"<CustomObject>\xE9\xFF</CustomObject>".to_vec(), "Failed"),
        (Vec::new(), "Failed"),
    ] {
        let result = org
            .deploy_files(
                &[
                    (
                        "package.xml",
                        manifest(&[("CustomField", &["Account.Wide__c"])]).into_bytes(),
                    ),
                    ("objects/Account.object", content),
                ],
                &options(true, true),
            )
            .await;
        assert_eq!(result["status"], status, "{}", result["details"]);
    }
    assert_eq!(org.query("SELECT Id FROM Account LIMIT 1").await.0, 200);
}

#[tokio::test]
async fn rest_and_soap_leave_the_same_org() {
    let files = zip(&billing_fields());
    let (by_rest, by_soap) = (org().await, org().await);
    let id = by_rest.begin_zip(&files, &options(false, true)).await;
    let rest = by_rest.ended(&id).await;
    let soap = by_soap
        .soap_deploy(
            &files,
            "<rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage>",
        )
        .await;
    assert_eq!(rest["status"], "Succeeded");
    assert_eq!(soap.matches("<componentSuccesses>").count(), 4);
    assert_eq!(
        inside(&soap, "numberComponentsDeployed").as_deref(),
        Some(rest["numberComponentsDeployed"].to_string().as_str())
    );
    for org in [&by_rest, &by_soap] {
        org.assign("Billing_Sync").await;
    }
    for path in ["/sobjects/Account/describe", "/sobjects"] {
        assert_eq!(
            by_rest.get(path).await.1,
            by_soap.get(path).await.1,
            "{path}"
        );
    }
    let grants = "SELECT Field, SobjectType, PermissionsRead, PermissionsEdit, Parent.Name, Parent.Label FROM FieldPermissions";
    let plain = |mut answer: Value| {
        for record in answer["records"].as_array_mut().unwrap() {
            record["attributes"] = Value::Null;
            record["Parent"]["attributes"] = Value::Null;
        }
        answer
    };
    assert_eq!(
        plain(by_rest.query(grants).await.1),
        plain(by_soap.query(grants).await.1)
    );
}
