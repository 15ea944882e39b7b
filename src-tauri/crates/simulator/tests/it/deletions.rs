//! Deletions that are refused, and what comes back from the recycle bin.

use reqwest::Method;
use serde_json::json;

use crate::client::{Org, org};
use crate::packages::{field, manifest, object, options, permission_set};

const SETTINGS: &str = "<label>Bill</label><pluralLabel>Bills</pluralLabel><nameField><label>Bill</label><type>Text</type></nameField><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel>";

/// Bills: a plain lookup to Account, then one that restricts, and a unique number.
async fn with_bills() -> Org {
    let org = org().await;
    let lookup = |name: &str, plural: &str, more: &str| {
        field(
            name,
            &format!(
                "<type>Lookup</type><referenceTo>Account</referenceTo><relationshipName>{plural}</relationshipName>{more}"
            ),
        )
    };
    let fields = [
        lookup("Reader__c", "Read", ""),
        lookup(
            "Payer__c",
            "Paid",
            "<deleteConstraint>Restrict</deleteConstraint>",
        ),
        field(
            "Number__c",
            "<type>Text</type><length>20</length><externalId>true</externalId><unique>true</unique>",
        ),
    ];
    let bill = object(&format!("{SETTINGS}{}", fields.concat()));
    let set = permission_set(
        &["Bill__c.Reader__c", "Bill__c.Payer__c", "Bill__c.Number__c"],
        "",
    );
    let files = [
        (
            "package.xml",
            manifest(&[("CustomObject", &["Bill__c"]), ("PermissionSet", &["All"])]),
        ),
        ("objects/Bill__c.object", bill),
        ("permissionsets/All.permissionset", set),
    ];
    let result = org.deploy_files(&files, &options(false, true)).await;
    assert_eq!(result["status"], "Succeeded", "{}", result["details"]);
    org.assign("All").await;
    org
}

#[tokio::test]
async fn a_refused_deletion_changes_nothing() {
    let org = with_bills().await;
    let account = org.create("Account", json!({"Name": "Payer"})).await;
    let bill = org
        .create("Bill__c", json!({"Name": "1", "Reader__c": account}))
        .await;
    org.create("Bill__c", json!({"Name": "2", "Payer__c": account}))
        .await;
    let (status, answer) = org
        .call(
            Method::DELETE,
            &format!("/composite/sobjects?ids={account}"),
            None,
        )
        .await;
    assert_eq!(
        (status, &answer[0]["errors"][0]["statusCode"]),
        (200, &json!("DELETE_FAILED")),
        "{answer}"
    );
    let (_, read) = org
        .get(&format!("/sobjects/Bill__c/{bill}?fields=Reader__c"))
        .await;
    assert_eq!(read["Reader__c"], json!(account));
    let state = org.simulator.state();
    assert!(state.delete_record("Account", &account).is_err());
    let (_, read) = org
        .get(&format!("/sobjects/Bill__c/{bill}?fields=Reader__c"))
        .await;
    assert_eq!(read["Reader__c"], json!(account));
}

#[tokio::test]
async fn a_unique_value_taken_meanwhile_keeps_a_record_in_the_bin() {
    let org = with_bills().await;
    let state = org.simulator.state();
    let old = org
        .create("Bill__c", json!({"Name": "old", "Number__c": "R-1"}))
        .await;
    state.delete_record("Bill__c", &old).unwrap();
    let new = org
        .create("Bill__c", json!({"Name": "new", "Number__c": "r-1"}))
        .await;
    let refused = state.undelete_record("Bill__c", &old).unwrap_err();
    assert!(refused.to_string().contains("DUPLICATE_VALUE"), "{refused}");
    assert_eq!(org.names("SELECT Name FROM Bill__c").await, ["new"]);
    state.delete_record("Bill__c", &new).unwrap();
    state.undelete_record("Bill__c", &old).unwrap();
    assert_eq!(org.names("SELECT Name FROM Bill__c").await, ["old"]);
}

#[tokio::test]
async fn what_the_same_call_deleted_by_itself_stays_away() {
    let org = org().await;
    let account = org.create("Account", json!({"Name": "Parent"})).await;
    let contact = async |name: &str| {
        org.create("Contact", json!({"LastName": name, "AccountId": account}))
            .await
    };
    let alone = contact("Alone").await;
    contact("Along").await;
    let (status, answer) = org
        .call(
            Method::DELETE,
            &format!("/composite/sobjects?ids={alone},{account}"),
            None,
        )
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        (&answer[0]["success"], &answer[1]["success"]),
        (&json!(true), &json!(true)),
        "{answer}"
    );
    org.simulator
        .state()
        .undelete_record("Account", &account)
        .unwrap();
    let soql = format!("SELECT Name FROM Contact WHERE AccountId = '{account}'");
    assert_eq!(org.names(&soql).await, ["Along"]);
}
