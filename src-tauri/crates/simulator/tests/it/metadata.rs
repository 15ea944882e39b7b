//! Deploys: what becomes visible when.

use reqwest::Method;
use serde_json::json;

use crate::client::{billing_fields, field_names, org};

#[tokio::test]
async fn fields_are_invisible_until_the_permission_set_is_assigned() {
    let org = org().await;
    let (_, describe) = org.get("/sobjects/Account/describe").await;
    assert!(!field_names(&describe).contains(&"MRR__c".to_owned()));
    assert!(
        describe["fields"]
            .as_array()
            .unwrap()
            .iter()
            .all(|field| field.as_object().unwrap().len() == 57)
    );

    let (result, seen) = org.deploy(&billing_fields(), false).await;
    assert_eq!(seen, ["Pending", "InProgress", "Succeeded"]);
    assert_eq!(result["numberComponentsDeployed"], 3);
    let (_, describe) = org.get("/sobjects/Account/describe").await;
    assert!(!field_names(&describe).contains(&"MRR__c".to_owned()));
    let (status, error) = org.query("SELECT MRR__c FROM Account").await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("INVALID_FIELD"))
    );
    let (status, error) = org
        .call(
            Method::POST,
            "/sobjects/Account",
            Some(&json!({"Name": "A", "MRR__c": 1})),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("INVALID_FIELD"))
    );

    let (_, set) = org
        .query("SELECT Id FROM PermissionSet WHERE Name = 'Billing_Sync'")
        .await;
    let (_, user) = org
        .query("SELECT Id FROM User WHERE Name = 'Ana Ruiz'")
        .await;
    let assignment =
        json!({"PermissionSetId": set["records"][0]["Id"], "AssigneeId": user["records"][0]["Id"]});
    assert_eq!(
        org.call(
            Method::POST,
            "/sobjects/PermissionSetAssignment",
            Some(&assignment)
        )
        .await
        .0,
        201
    );
    let (status, error) = org
        .call(
            Method::POST,
            "/sobjects/PermissionSetAssignment",
            Some(&assignment),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("DUPLICATE_VALUE"))
    );

    let (_, describe) = org.get("/sobjects/Account/describe").await;
    let fields = describe["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(field("Billing_Id__c")["externalId"], true);
    assert_eq!(field("Billing_Id__c")["caseSensitive"], true);
    assert_eq!(
        (
            field("MRR__c")["precision"].as_i64(),
            field("MRR__c")["scale"].as_i64()
        ),
        (Some(10), Some(2))
    );
    assert_eq!(field("MRR__c")["type"], "currency");
    assert_eq!(org.query("SELECT MRR__c FROM Account LIMIT 1").await.0, 200);

    org.simulator
        .state()
        .hide_field("Account", "MRR__c")
        .unwrap();
    assert_eq!(org.query("SELECT MRR__c FROM Account LIMIT 1").await.0, 400);
}

#[tokio::test]
async fn checking_changes_nothing_and_is_no_write() {
    let org = org().await;
    let (result, _) = org.deploy(&billing_fields(), true).await;
    assert_eq!(
        (result["status"].as_str(), result["checkOnly"].as_bool()),
        (Some("Succeeded"), Some(true))
    );
    assert_eq!(org.simulator.state().write_calls(), 0);
    assert_eq!(org.simulator.state().count("PermissionSet"), 0);
}

#[tokio::test]
async fn a_required_field_in_a_permission_set_fails_the_deploy_and_rolls_back() {
    let org = org().await;
    let mut files = billing_fields();
    files[2].1 = files[2].1.replace("Account.MRR__c", "Account.Name");
    let (result, _) = org.deploy(&files, false).await;
    assert_eq!(result["status"], "Failed");
    let failures = result["details"]["componentFailures"].as_array().unwrap();
    assert_eq!(failures.len(), 1);
    assert_eq!(
        failures[0]["problem"],
        "You cannot deploy to a required field: Account.Name"
    );
    assert!(failures[0]["lineNumber"].is_number());
    assert_eq!(org.simulator.state().count("PermissionSet"), 0);
    files[2].1 = files[2].1.replace("Account.Name", "Account.Missing__c");
    let (result, _) = org.deploy(&files, false).await;
    assert_eq!(
        result["details"]["componentFailures"][0]["problem"],
        "In field: field - no CustomField named Account.Missing__c found"
    );
}

#[tokio::test]
async fn bad_field_definitions_fail_by_name() {
    let org = org().await;
    let mut files = billing_fields();
    files[1].1 = files[1]
        .1
        .replace("<length>64</length>", "<length>300</length>");
    let (result, _) = org.deploy(&files, false).await;
    let failures = result["details"]["componentFailures"].as_array().unwrap();
    assert!(
        failures
            .iter()
            .any(|failure| failure["fullName"] == "Account.Billing_Id__c")
    );
}
