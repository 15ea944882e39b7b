//! Custom objects: their records, relationships, deletion and who sees them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};
use crate::packages::{field, manifest, object, options, permission_set, problems};

const SETTINGS: &str = "<label>Invoice</label><pluralLabel>Invoices</pluralLabel><nameField><label>Invoice No</label><type>AutoNumber</type><displayFormat>INV-{0000}</displayFormat></nameField><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel>";

fn invoices() -> Vec<(&'static str, String)> {
    let lookup = field(
        "Account__c",
        "<type>Lookup</type><referenceTo>Account</referenceTo><relationshipName>Invoices</relationshipName>",
    );
    let line = "<label>Line</label><pluralLabel>Lines</pluralLabel><nameField><label>Line</label><type>Text</type></nameField><deploymentStatus>Deployed</deploymentStatus><sharingModel>ControlledByParent</sharingModel>";
    let master = field(
        "Invoice__c",
        "<type>MasterDetail</type><referenceTo>Invoice__c</referenceTo><relationshipName>Lines</relationshipName>",
    );
    let grants = "<objectPermissions><allowCreate>true</allowCreate><allowDelete>false</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Invoice__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>";
    vec![
        (
            "package.xml",
            manifest(&[
                ("CustomObject", &["Invoice__c", "Line__c"]),
                ("PermissionSet", &["All"]),
            ]),
        ),
        (
            "objects/Invoice__c.object",
            object(&format!("{SETTINGS}{lookup}")),
        ),
        ("objects/Line__c.object", object(&format!("{line}{master}"))),
        (
            "permissionsets/All.permissionset",
            permission_set(&["Invoice__c.Account__c"], grants),
        ),
    ]
}

async fn with_invoices() -> Org {
    let org = org().await;
    let result = org.deploy_files(&invoices(), &options(false, true)).await;
    assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    org.assign("All").await;
    org
}

#[tokio::test]
async fn records_of_a_custom_object_live_like_any_other() {
    let org = with_invoices().await;
    let account = org.create("Account", json!({"Name": "Payer"})).await;
    let invoice = org
        .create("Invoice__c", json!({"Account__c": account}))
        .await;
    assert!(invoice.starts_with("a0"));
    let (_, list) = org.get("/sobjects").await;
    let entry = list["sobjects"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["name"] == "Invoice__c")
        .unwrap();
    assert_eq!(entry["keyPrefix"], &invoice[..3]);
    assert_eq!(entry["custom"], true);
    let (status, read) = org
        .query("SELECT Name, Account__r.Name, CreatedBy.Name FROM Invoice__c")
        .await;
    assert_eq!(status, 200, "{read}");
    assert_eq!(read["records"][0]["Name"], "INV-0001");
    assert_eq!(read["records"][0]["Account__r"]["Name"], "Payer");
    let (_, describe) = org.get("/sobjects/Account/describe").await;
    let children = describe["childRelationships"].as_array().unwrap();
    let child = children
        .iter()
        .find(|c| c["childSObject"] == "Invoice__c")
        .unwrap();
    assert_eq!(child["relationshipName"], "Invoices__r");
    assert_eq!(child["cascadeDelete"], false);
    // A lookup is emptied when its parent goes.
    assert_eq!(
        org.call(
            Method::DELETE,
            &format!("/sobjects/Account/{account}"),
            None
        )
        .await
        .0,
        204
    );
    let (_, read) = org.query("SELECT Account__c FROM Invoice__c").await;
    assert_eq!(read["records"][0]["Account__c"], Value::Null);
}

#[tokio::test]
async fn details_go_and_come_back_with_their_master() {
    let org = with_invoices().await;
    let invoice = org.create("Invoice__c", json!({})).await;
    let (status, error) = org
        .call(
            Method::POST,
            "/sobjects/Line__c",
            Some(&json!({"Name": "orphan"})),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("REQUIRED_FIELD_MISSING"))
    );
    let gone = org
        .create("Line__c", json!({"Name": "gone", "Invoice__c": invoice}))
        .await;
    org.create("Line__c", json!({"Name": "kept", "Invoice__c": invoice}))
        .await;
    assert_eq!(
        org.call(Method::DELETE, &format!("/sobjects/Line__c/{gone}"), None)
            .await
            .0,
        204
    );
    assert_eq!(
        org.call(
            Method::DELETE,
            &format!("/sobjects/Invoice__c/{invoice}"),
            None
        )
        .await
        .0,
        204
    );
    assert!(org.names("SELECT Name FROM Line__c").await.is_empty());
    let undelete = |id: &str| {
        org.envelope(&format!("<urn:undelete xmlns:urn=\"urn:partner.soap.sforce.com\"><urn:ids>{id}</urn:ids></urn:undelete>"))
    };
    let (status, answer) = org.soap("u/67.0", undelete(&invoice)).await;
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer.contains(&format!(
            "<result><id>{invoice}</id><success>true</success></result>"
        )),
        "{answer}"
    );
    // The one deleted by itself before stays away.
    assert_eq!(org.names("SELECT Name FROM Line__c").await, ["kept"]);
    let (_, again) = org.soap("u/67.0", undelete(&invoice)).await;
    assert!(
        again.contains("<statusCode>UNDELETE_FAILED</statusCode>"),
        "{again}"
    );
}

#[tokio::test]
async fn without_modify_all_data_only_granted_objects_are_seen() {
    let org = with_invoices().await;
    org.simulator
        .state()
        .set_permission("PermissionsModifyAllData", false)
        .unwrap();
    assert_eq!(org.get("/sobjects/Invoice__c/describe").await.0, 200);
    assert_eq!(org.get("/sobjects/Line__c/describe").await.0, 404);
    let (status, error) = org.query("SELECT Id FROM Line__c").await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("INVALID_TYPE"))
    );
    // The set allows to create and edit, not to delete.
    let (_, describe) = org.get("/sobjects/Invoice__c/describe").await;
    assert_eq!(
        [
            &describe["createable"],
            &describe["updateable"],
            &describe["deletable"]
        ],
        [&json!(true), &json!(true), &json!(false)]
    );
    let invoice = org.create("Invoice__c", json!({})).await;
    let path = format!("/sobjects/Invoice__c/{invoice}");
    let (status, error) = org.call(Method::DELETE, &path, None).await;
    assert_eq!(
        (status, &error[0]["errorCode"]),
        (400, &json!("INSUFFICIENT_ACCESS_OR_READONLY"))
    );
    let state = org.simulator.state();
    let rights = async |changes: Value| {
        let (_, found) = org
            .query("SELECT Id FROM ObjectPermissions WHERE SobjectType = 'Invoice__c'")
            .await;
        let id = found["records"][0]["Id"].as_str().unwrap();
        state
            .update_record(
                "ObjectPermissions",
                id,
                changes.as_object().unwrap(),
                "Tom Okafor",
            )
            .unwrap();
    };
    rights(
        json!({"PermissionsCreate": false, "PermissionsEdit": false, "PermissionsDelete": true}),
    )
    .await;
    for (method, path) in [
        (Method::POST, "/sobjects/Invoice__c"),
        (Method::PATCH, path.as_str()),
    ] {
        let (status, error) = org.call(method, path, Some(&json!({}))).await;
        assert_eq!(
            (status, &error[0]["errorCode"]),
            (400, &json!("INSUFFICIENT_ACCESS_OR_READONLY")),
            "{error}"
        );
    }
    assert_eq!(org.call(Method::DELETE, &path, None).await.0, 204);
    org.simulator
        .state()
        .set_permission("PermissionsModifyMetadata", false)
        .unwrap();
    let (status, error) = org
        .try_zip(&crate::packages::zip(&invoices()), &options(true, true))
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (403, Some("INSUFFICIENT_ACCESS"))
    );
}

#[tokio::test]
async fn an_object_needs_its_settings_and_a_set_its_dependencies() {
    let org = org().await;
    let deploy = async |settings: &str, grants: &str| {
        let mut files = invoices();
        files[1].1 = object(settings);
        files[3].1 = permission_set(&[], grants);
        let result = org.deploy_files(&files, &options(true, true)).await;
        problems(&result)
            .into_iter()
            .find(|(name, _)| name == "Invoice__c" || name == "All")
            .map(|(_, problem)| problem)
            .unwrap()
    };
    for (missing, words) in [
        ("<label>Invoice</label>", "Must specify a non-empty label"),
        ("<pluralLabel>Invoices</pluralLabel>", "pluralLabel"),
        ("<sharingModel>ReadWrite</sharingModel>", "'sharingModel'"),
        (
            "<displayFormat>INV-{0000}</displayFormat>",
            "'displayFormat'",
        ),
        (
            "<deploymentStatus>Deployed</deploymentStatus>",
            "'deploymentStatus'",
        ),
    ] {
        let problem = deploy(&SETTINGS.replace(missing, ""), "").await;
        assert!(problem.contains(words), "{problem}");
    }
    let grant = |flags: &str, object: &str| {
        format!("<objectPermissions>{flags}<object>{object}</object></objectPermissions>")
    };
    let delete_only = grant(
        "<allowDelete>true</allowDelete><allowRead>true</allowRead>",
        "Invoice__c",
    );
    assert_eq!(
        deploy(SETTINGS, &delete_only).await,
        "Permission Delete depends on permission(s): Edit"
    );
    let detail_only = grant("<allowRead>true</allowRead>", "Line__c");
    assert_eq!(
        deploy(SETTINGS, &detail_only).await,
        "Permission Read Line__c depends on permission(s): Read Invoice__c"
    );
    let master = "<fieldPermissions><field>Line__c.Invoice__c</field><readable>true</readable><editable>true</editable></fieldPermissions>";
    assert_eq!(
        deploy(SETTINGS, master).await,
        "You cannot deploy to a required field: Line__c.Invoice__c"
    );
    // Nothing was made by all these checks.
    assert_eq!(org.get("/sobjects/Invoice__c/describe").await.0, 404);
}

#[tokio::test]
async fn an_object_goes_only_when_nothing_points_to_it_and_can_be_made_again() {
    let org = with_invoices().await;
    org.create("Invoice__c", json!({})).await;
    let remove = |names: &[&str]| {
        [
            ("package.xml", manifest(&[])),
            (
                "destructiveChanges.xml",
                manifest(&[("CustomObject", names)]),
            ),
        ]
    };
    let held = org
        .deploy_files(&remove(&["Invoice__c"]), &options(false, true))
        .await;
    assert!(
        problems(&held)[0].1.contains("Line__c.Invoice__c"),
        "{}",
        held["details"]
    );
    let gone = org
        .deploy_files(&remove(&["Invoice__c", "Line__c"]), &options(false, true))
        .await;
    assert_eq!(gone["status"], "Succeeded", "{}", gone["details"]);
    assert_eq!(org.get("/sobjects/Invoice__c/describe").await.0, 404);
    let (_, describe) = org.get("/sobjects/Account/describe").await;
    let children = describe["childRelationships"].as_array().unwrap();
    assert!(
        children
            .iter()
            .all(|child| child["childSObject"] != "Invoice__c")
    );
    // The name is free again, and the new object is empty.
    let mut files = invoices();
    files.truncate(3);
    files[0].1 = manifest(&[("CustomObject", &["Invoice__c", "Line__c"])]);
    let made = org.deploy_files(&files, &options(false, true)).await;
    assert_eq!(made["status"], "Succeeded", "{}", made["details"]);
    assert_eq!(org.simulator.state().count("Invoice__c"), 0);
}

#[tokio::test]
async fn a_detail_may_become_a_record_of_its_own_and_back() {
    let org = with_invoices().await;
    let invoice = org.create("Invoice__c", json!({})).await;
    let line = org
        .create("Line__c", json!({"Name": "one", "Invoice__c": invoice}))
        .await;
    let change = async |kind: &str| {
        let master = field(
            "Invoice__c",
            &format!(
                "<type>{kind}</type><referenceTo>Invoice__c</referenceTo><relationshipName>Lines</relationshipName>"
            ),
        );
        let files = [
            (
                "package.xml",
                manifest(&[("CustomField", &["Line__c.Invoice__c"])]),
            ),
            ("objects/Line__c.object", object(&master)),
        ];
        let result = org.deploy_files(&files, &options(false, true)).await;
        assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    };
    assert_eq!(org.query("SELECT OwnerId FROM Line__c").await.0, 400);
    change("Lookup").await;
    let (status, read) = org.query("SELECT Owner.Name FROM Line__c").await;
    assert_eq!(status, 200, "{read}");
    assert_eq!(read["records"][0]["Owner"]["Name"], "Ana Ruiz");
    change("MasterDetail").await;
    assert_eq!(org.query("SELECT OwnerId FROM Line__c").await.0, 400);
    assert_eq!(
        org.call(
            Method::DELETE,
            &format!("/sobjects/Invoice__c/{invoice}"),
            None
        )
        .await
        .0,
        204
    );
    assert_eq!(org.get(&format!("/sobjects/Line__c/{line}")).await.0, 404);
}
