//! What permissions say counts at once, whoever gave them.

use serde_json::{Value, json};

use crate::client::{Org, billing_fields, field_names, org};

async fn sees(org: &Org, field: &str) -> bool {
    let (status, describe) = org.get("/sobjects/Account/describe").await;
    assert_eq!(status, 200, "{describe}");
    field_names(&describe).iter().any(|name| name == field)
}

async fn id_of(org: &Org, soql: &str) -> String {
    let (status, found) = org.query(soql).await;
    assert_eq!(status, 200, "{found}");
    found["records"][0]["Id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_colleague_gives_and_takes_permissions() {
    let org = org().await;
    let state = org.simulator.state();
    let (result, _) = org.deploy(&billing_fields(), false).await;
    assert_eq!(result["status"], "Succeeded", "{result}");
    assert!(!sees(&org, "MRR__c").await);
    let set = id_of(
        &org,
        "SELECT Id FROM PermissionSet WHERE Name = 'Billing_Sync'",
    )
    .await;
    let user = id_of(&org, "SELECT Id FROM User WHERE Name = 'Ana Ruiz'").await;
    let by_hand = async |action: &str, deed: Value| -> String {
        let address = org.data(&format!("/../../../sim/records/{action}"));
        let answer = org.http.post(address).json(&deed).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().await.unwrap();
        answer["id"].as_str().unwrap().to_owned()
    };
    let given = by_hand(
        "create",
        json!({"sobject": "PermissionSetAssignment", "values": {"PermissionSetId": set, "AssigneeId": user}}),
    )
    .await;
    assert!(sees(&org, "MRR__c").await);
    state
        .delete_record("PermissionSetAssignment", &given)
        .unwrap();
    assert!(!sees(&org, "MRR__c").await);
    let values = json!({"PermissionSetId": set, "AssigneeId": user});
    state
        .create_record(
            "PermissionSetAssignment",
            values.as_object().unwrap(),
            "Tom Okafor",
        )
        .unwrap();
    assert!(sees(&org, "MRR__c").await);
    let granted = id_of(
        &org,
        "SELECT Id FROM FieldPermissions WHERE Field = 'Account.MRR__c'",
    )
    .await;
    let none = json!({"PermissionsRead": false, "PermissionsEdit": false});
    let hidden = state.update_record(
        "FieldPermissions",
        &granted,
        none.as_object().unwrap(),
        "Tom Okafor",
    );
    hidden.unwrap();
    assert!(!sees(&org, "MRR__c").await);
}
