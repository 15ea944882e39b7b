//! Persons as accounts, each with a paired contact.

use drawbridge_simulator::OrgShape;
use reqwest::Method;
use serde_json::json;

use crate::client::{field_names, org};
use crate::shape::{created, describe, field, read, refused, shaped};

#[tokio::test]
async fn person_accounts() {
    let org = org().await;
    org.simulator
        .state()
        .reshape(|shape| shape.person_accounts = true)
        .unwrap();
    let account = describe(&org, "Account").await;
    assert_eq!(field(&account, "Name").unwrap()["nillable"], true);
    for name in [
        "IsPersonAccount",
        "PersonContactId",
        "PersonEmail",
        "PersonMailingCity",
        "Salutation",
    ] {
        assert!(field(&account, name).is_some(), "{name}");
    }
    let (_, kinds) = org
        .query("SELECT Id FROM RecordType WHERE IsPersonType = true")
        .await;
    let kind = kinds["records"][0]["Id"].clone();

    let person = json!({"RecordTypeId": kind, "FirstName": "Ida", "LastName": "Moss", "PersonEmail": "ida@moss.example", "Phone": "1"});
    let id = created(&org, "Account", person).await;
    let record = read(&org, "Account", &id).await;
    assert_eq!(record["Name"], "Ida Moss");
    assert_eq!(record["IsPersonAccount"], true);
    let contact_id = record["PersonContactId"].as_str().unwrap().to_owned();
    let contact = read(&org, "Contact", &contact_id).await;
    assert_eq!(
        (
            contact["Name"].as_str(),
            contact["Email"].as_str(),
            contact["Phone"].as_str(),
            contact["AccountId"].as_str()
        ),
        (
            Some("Ida Moss"),
            Some("ida@moss.example"),
            Some("1"),
            Some(id.as_str())
        )
    );
    assert_eq!(contact["IsPersonAccount"], true);

    // Either side's change shows on the other.
    let path = format!("/sobjects/Account/{id}");
    let change = json!({"LastName": "Fern", "PersonTitle": "CFO"});
    assert_eq!(org.call(Method::PATCH, &path, Some(&change)).await.0, 204);
    let contact = read(&org, "Contact", &contact_id).await;
    assert_eq!(
        (&contact["Name"], &contact["Title"]),
        (&json!("Ida Fern"), &json!("CFO"))
    );
    let contact_path = format!("/sobjects/Contact/{contact_id}");
    let change = json!({"Email": "new@moss.example"});
    assert_eq!(
        org.call(Method::PATCH, &contact_path, Some(&change))
            .await
            .0,
        204
    );
    assert_eq!(
        read(&org, "Account", &id).await["PersonEmail"],
        "new@moss.example"
    );

    // What persons and businesses may not be given.
    let (code, text) = refused(&org, "Account", json!({"Name": "A", "LastName": "B"})).await;
    assert_eq!(code, "INVALID_FIELD_FOR_INSERT_UPDATE");
    assert!(
        text.ends_with("bad field names on insert/update call: Name"),
        "{text}"
    );
    let (status, error) = org
        .call(Method::PATCH, &path, Some(&json!({"Name": "X"})))
        .await;
    assert_eq!(
        (status, &error[0]["errorCode"]),
        (400, &json!("INVALID_FIELD_FOR_INSERT_UPDATE"))
    );
    assert_eq!(
        refused(
            &org,
            "Account",
            json!({"Name": "A", "PersonEmail": "a@b.example"})
        )
        .await
        .0,
        "INVALID_FIELD_FOR_INSERT_UPDATE"
    );
    assert_eq!(
        refused(&org, "Account", json!({"Phone": "1"})).await.0,
        "REQUIRED_FIELD_MISSING"
    );
    assert_eq!(
        refused(
            &org,
            "Account",
            json!({"RecordTypeId": kind, "FirstName": "x"})
        )
        .await
        .0,
        "REQUIRED_FIELD_MISSING"
    );
    assert_eq!(
        refused(&org, "Contact", json!({"LastName": "A", "AccountId": id}))
            .await
            .0,
        "FIELD_INTEGRITY_EXCEPTION"
    );
    assert_eq!(
        org.call(
            Method::PATCH,
            &contact_path,
            Some(&json!({"AccountId": null}))
        )
        .await
        .0,
        400
    );
    assert_eq!(org.call(Method::DELETE, &contact_path, None).await.0, 400);
    assert_eq!(org.call(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(
        org.get(&contact_path).await.0,
        404,
        "the pair goes together"
    );
    // Businesses work as before.
    created(&org, "Account", json!({"Name": "A Ltd"})).await;
}

#[tokio::test]
async fn contact_fields_have_twins_on_person_accounts() {
    let org = shaped(OrgShape {
        person_accounts: true,
        ..OrgShape::default()
    })
    .await;
    let package = r#"<Package xmlns="http://soap.sforce.com/2006/04/metadata"><types><members>Contact.Key__c</members><name>CustomField</name></types><types><members>Keys</members><name>PermissionSet</name></types><version>67.0</version></Package>"#;
    let object = r#"<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><fields><fullName>Key__c</fullName><label>Key</label><type>Text</type><length>40</length><externalId>true</externalId><unique>true</unique></fields></CustomObject>"#;
    let set = r#"<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>Keys</label><fieldPermissions><editable>true</editable><field>Contact.Key__c</field><readable>true</readable></fieldPermissions></PermissionSet>"#;
    let (result, _) = org
        .deploy(
            &[
                ("package.xml", package.to_owned()),
                ("objects/Contact.object", object.to_owned()),
                ("permissionsets/Keys.permissionset", set.to_owned()),
            ],
            false,
        )
        .await;
    assert_eq!(result["status"], "Succeeded", "{result}");
    let names = field_names(&describe(&org, "Account").await);
    assert!(
        !names.contains(&"Key__pc".to_owned()),
        "as invisible as the field itself"
    );
    let (_, set) = org
        .query("SELECT Id FROM PermissionSet WHERE Name = 'Keys'")
        .await;
    let (_, user) = org
        .query("SELECT Id FROM User WHERE Name = 'Ana Ruiz'")
        .await;
    let assignment =
        json!({"PermissionSetId": set["records"][0]["Id"], "AssigneeId": user["records"][0]["Id"]});
    created(&org, "PermissionSetAssignment", assignment).await;
    let id = created(
        &org,
        "Account",
        json!({"LastName": "Moss", "Key__pc": "k1"}),
    )
    .await;
    let (_, found) = org
        .query("SELECT AccountId FROM Contact WHERE Key__c = 'K1'")
        .await;
    assert_eq!(found["records"][0]["AccountId"], json!(id));
    assert_eq!(
        refused(
            &org,
            "Account",
            json!({"LastName": "Fern", "Key__pc": "k1"})
        )
        .await
        .0,
        "DUPLICATE_VALUE"
    );
}

#[tokio::test]
async fn names_are_composed_anew_when_persons_come_back() {
    let org = shaped(OrgShape {
        person_accounts: true,
        ..OrgShape::default()
    })
    .await;
    let person = json!({"FirstName": "Ada", "LastName": "Byron"});
    let id = created(&org, "Account", person).await;
    let state = org.simulator.state();
    state
        .reshape(|shape| shape.person_accounts = false)
        .unwrap();
    let path = format!("/sobjects/Account/{id}");
    let renamed = json!({"Name": "Somebody else"});
    assert_eq!(org.call(Method::PATCH, &path, Some(&renamed)).await.0, 204);
    state.reshape(|shape| shape.person_accounts = true).unwrap();
    assert_eq!(read(&org, "Account", &id).await["Name"], "Ada Byron");
}
