//! The Tooling API: fields one at a time, and queries over the schema.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

async fn tooling(org: &Org, soql: &str) -> Value {
    let encoded: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
    let (status, answer) = org.get(&format!("/tooling/query?q={encoded}")).await;
    assert_eq!(status, 200, "{soql}: {answer}");
    answer
}

fn billing_id() -> Value {
    json!({"FullName": "Account.Billing_Id__c", "Metadata": {
        "label": "Billing Id", "type": "Text", "length": 64, "externalId": true, "unique": true,
        "caseSensitive": true, "required": false, "description": "From billing",
        "inlineHelpText": null, "trackHistory": false
    }})
}

#[tokio::test]
async fn a_field_is_created_changed_read_and_deleted() {
    let org = org().await;
    let path = "/tooling/sobjects/CustomField";
    let (status, made) = org.call(Method::POST, path, Some(&billing_id())).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        (&made["warnings"], &made["infos"]),
        (&json!([]), &json!([]))
    );
    let id = made["id"].as_str().unwrap();
    assert!(id.starts_with("00N") && id.len() == 18);
    // It exists and nobody sees it.
    assert_eq!(org.query("SELECT Billing_Id__c FROM Account").await.0, 400);
    let (status, error) = org.call(Method::POST, path, Some(&billing_id())).await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("DUPLICATE_DEVELOPER_NAME"))
    );
    assert_eq!(
        error[0]["message"],
        "There is already a field named Billing Id on Account."
    );

    let (status, read) = org.get(&format!("{path}/{id}")).await;
    assert_eq!(status, 200, "{read}");
    assert_eq!(read["FullName"], "Account.Billing_Id__c");
    assert_eq!(read["Metadata"]["length"], 64);
    assert_eq!(
        read["attributes"]["url"],
        format!("/services/data/v67.0/tooling/sobjects/CustomField/{id}")
    );

    let mut longer = billing_id();
    longer["Metadata"]["length"] = json!(80);
    let own = format!("{path}/{id}");
    assert_eq!(org.call(Method::PATCH, &own, Some(&longer)).await.0, 204);
    assert_eq!(org.get(&own).await.1["Metadata"]["length"], 80);
    longer["Metadata"]["length"] = json!(800);
    let (status, error) = org.call(Method::PATCH, &own, Some(&longer)).await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("FIELD_INTEGRITY_EXCEPTION"))
    );
    assert_eq!(org.get(&own).await.1["Metadata"]["length"], 80);

    let fields = tooling(&org, "SELECT Id, DeveloperName, TableEnumOrId, NamespacePrefix, EntityDefinition.QualifiedApiName, CreatedBy.Name FROM CustomField").await;
    assert_eq!(fields["totalSize"], 1);
    assert_eq!(fields["records"][0]["DeveloperName"], "Billing_Id");
    assert_eq!(
        fields["records"][0]["EntityDefinition"]["QualifiedApiName"],
        "Account"
    );
    assert_eq!(fields["records"][0]["CreatedBy"]["Name"], "Ana Ruiz");
    // The data API does not know it.
    let (status, error) = org.query("SELECT Id FROM CustomField").await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("INVALID_TYPE"))
    );
    assert_eq!(org.get("/sobjects/CustomField/describe").await.0, 404);
    assert_eq!(
        org.get("/tooling/sobjects/CustomField/describe").await.0,
        200
    );
    let (_, all) = org.get("/tooling/sobjects").await;
    assert!(
        all["sobjects"]
            .as_array()
            .unwrap()
            .iter()
            .any(|entry| entry["name"] == "EntityParticle")
    );

    assert_eq!(org.call(Method::DELETE, &own, None).await.0, 204);
    assert_eq!(org.call(Method::DELETE, &own, None).await.0, 404);
    assert_eq!(
        tooling(&org, "SELECT Id FROM CustomField").await["totalSize"],
        0
    );
    org.simulator
        .state()
        .set_permission("PermissionsCustomizeApplication", false)
        .unwrap();
    assert_eq!(
        org.call(Method::POST, path, Some(&billing_id())).await.0,
        403
    );
}

#[tokio::test]
async fn the_schema_can_be_queried_and_follows_changes() {
    let org = org().await;
    let particles = "SELECT DurableId, QualifiedApiName, DataType, EntityDefinition.QualifiedApiName FROM EntityParticle WHERE EntityDefinition.QualifiedApiName = 'Account' AND QualifiedApiName LIKE '%\\_\\_c'";
    assert_eq!(tooling(&org, particles).await["totalSize"], 0);
    org.with_billing_fields().await;
    let found = tooling(&org, particles).await;
    assert_eq!(found["totalSize"], 2);
    assert!(
        found["records"][0]["DurableId"]
            .as_str()
            .unwrap()
            .starts_with("Account.00N")
    );
    let definitions = tooling(&org, "SELECT QualifiedApiName, DataType, IsIndexed FROM FieldDefinition WHERE EntityDefinitionId = 'Account' AND QualifiedApiName IN ('MRR__c', 'Billing_Id__c') ORDER BY QualifiedApiName").await;
    assert_eq!(definitions["records"][0]["DataType"], "Text(64)");
    assert_eq!(definitions["records"][0]["IsIndexed"], true);
    assert_eq!(definitions["records"][1]["DataType"], "Currency(8, 2)");
    let entities = tooling(&org, "SELECT QualifiedApiName, KeyPrefix, DurableId FROM EntityDefinition WHERE QualifiedApiName IN ('Account', 'Contact') ORDER BY QualifiedApiName").await;
    assert_eq!(entities["records"][1]["KeyPrefix"], "003");
    // The running user has the permission set, the others have not.
    let access = |name: &str| {
        format!(
            "SELECT IsAccessible, IsUpdatable FROM UserFieldAccess WHERE User.Name = '{name}' AND FieldDefinition.QualifiedApiName = 'MRR__c'"
        )
    };
    assert_eq!(
        tooling(&org, &access("Ana Ruiz")).await["records"][0]["IsUpdatable"],
        true
    );
    assert_eq!(
        tooling(&org, &access("Tom Okafor")).await["records"][0]["IsAccessible"],
        false
    );
    let entity = tooling(&org, "SELECT IsCreatable, IsReadable FROM UserEntityAccess WHERE User.Name = 'Ana Ruiz' AND EntityDefinition.QualifiedApiName = 'Account'").await;
    assert_eq!(entity["records"][0]["IsCreatable"], true);
    for name in [
        "ValidationRule",
        "ApexTrigger",
        "FlowDefinitionView",
        "PermissionSet",
    ] {
        tooling(&org, &format!("SELECT Id FROM {name}")).await;
    }
    org.simulator
        .state()
        .delete_field("Account", "MRR__c")
        .unwrap();
    assert_eq!(tooling(&org, particles).await["totalSize"], 1);
}

#[tokio::test]
async fn up_to_twenty_five_fields_in_one_call() {
    let org = org().await;
    let part = |name: &str, length: u32| {
        json!({
            "method": "POST", "url": "/services/data/v67.0/tooling/sobjects/CustomField",
            "referenceId": name,
            "body": {"FullName": format!("Account.{name}__c"), "Metadata": {"label": name, "type": "Text", "length": length}}
        })
    };
    let send = async |all_or_none: bool, parts: Vec<Value>| {
        org.call(
            Method::POST,
            "/tooling/composite",
            Some(&json!({"allOrNone": all_or_none, "compositeRequest": parts})),
        )
        .await
    };
    let count = async || {
        tooling(&org, "SELECT Id FROM CustomField").await["totalSize"]
            .as_u64()
            .unwrap()
    };
    let (status, answer) = send(true, vec![part("One", 10), part("Two", 1000)]).await;
    assert_eq!(status, 200, "{answer}");
    let list = answer["compositeResponse"].as_array().unwrap();
    assert_eq!(list[0]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert_eq!(list[1]["body"][0]["errorCode"], "FIELD_INTEGRITY_EXCEPTION");
    assert_eq!(count().await, 0);
    let (_, answer) = send(false, vec![part("One", 10), part("Two", 1000)]).await;
    let list = answer["compositeResponse"].as_array().unwrap();
    assert_eq!(
        (
            list[0]["httpStatusCode"].as_i64(),
            list[1]["httpStatusCode"].as_i64()
        ),
        (Some(201), Some(400))
    );
    assert_eq!(list[0]["referenceId"], "One");
    assert!(list[0]["httpHeaders"]["Location"].is_string());
    assert_eq!(count().await, 1);
    let metadata = "/tooling/query?q=SELECT+Metadata+FROM+CustomField";
    let (status, one) = org.get(metadata).await;
    assert_eq!(
        (status, &one["records"][0]["Metadata"]["label"]),
        (200, &json!("One"))
    );
    assert_eq!(send(false, vec![part("Three", 10)]).await.0, 200);
    let (status, error) = org.get(metadata).await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("MALFORMED_QUERY"))
    );
    let many = (0..26).map(|n| part(&format!("F{n}"), 10)).collect();
    assert_eq!(send(false, many).await.0, 400);
}

#[tokio::test]
async fn a_composite_of_fields_is_a_composite() {
    let org = org().await;
    let state = org.simulator.state();
    let url = "/services/data/v67.0/tooling/sobjects/CustomField";
    let create = |name: &str| {
        json!({"method": "POST", "url": url, "referenceId": name,
            "body": {"FullName": format!("Account.{name}__c"), "Metadata": {"label": name, "type": "Text", "length": 10}}})
    };
    let look = json!({"method": "GET", "url": format!("{url}/@{{One.id}}"), "referenceId": "Look"});
    let send = async |all_or_none: bool, parts: &[Value]| {
        let body = json!({"allOrNone": all_or_none, "compositeRequest": parts});
        let answer = org
            .send(Method::POST, "/tooling/composite", Some(&body))
            .await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    };
    let text = send(true, &[create("One"), look]).await;
    let order = "\"DeveloperName\":\"One\",\"TableEnumOrId\":\"Account\"";
    assert!(text.contains(order), "members keep their order: {text}");
    let answer: Value = serde_json::from_str(&text).unwrap();
    let list = &answer["compositeResponse"];
    assert_eq!(list[1]["httpStatusCode"], 200, "{text}");
    assert_eq!(list[1]["body"]["Id"], list[0]["body"]["id"]);

    let writes = state.write_calls();
    let read = json!({"method": "GET", "url": url, "referenceId": "Read"});
    send(false, &[read]).await;
    assert_eq!(state.write_calls(), writes, "reading writes nothing");

    // What comes after the first failure is not tried.
    let text = send(true, &[create("Two"), create("One"), create("Three")]).await;
    assert_eq!(text.matches("PROCESSING_HALTED").count(), 2, "{text}");
    assert_eq!(
        tooling(&org, "SELECT Id FROM CustomField").await["totalSize"],
        1
    );
    let text = send(true, &[create("Two")]).await;
    assert!(text.contains("\"httpStatusCode\":201"), "{text}");
}
