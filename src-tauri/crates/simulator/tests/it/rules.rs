//! Validation and duplicate rules, merging and undeleting.

use drawbridge_simulator::{
    Config, DuplicateAction, DuplicateRule, OrgShape, ValidationRule, start,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{org, org_with};

fn validation(condition: &str) -> ValidationRule {
    ValidationRule {
        sobject: "Account".to_owned(),
        name: "Phone_Needed".to_owned(),
        message: "A hot account needs a phone, & that's that.".to_owned(),
        display_field: Some("Phone".to_owned()),
        active: true,
        condition: condition.to_owned(),
    }
}

#[tokio::test]
async fn validation_rules_refuse_what_would_match() {
    let org = org().await;
    let state = org.simulator.state();
    state
        .add_validation_rule(validation("Rating = 'Hot' AND Phone = null"))
        .unwrap();
    let (_, listed) = org
        .query("SELECT ValidationName, Active, ErrorMessage FROM ValidationRule WHERE Active = true AND EntityDefinition.QualifiedApiName IN ('Account', 'Contact')")
        .await;
    assert_eq!(
        listed["records"][0]["ValidationName"], "Phone_Needed",
        "{listed}"
    );

    let before = state.count("Account");
    let rows = json!({"records": [
        {"attributes": {"type": "Account"}, "Name": "A", "Rating": "Hot"},
        {"attributes": {"type": "Account"}, "Name": "B", "Rating": "Hot", "Phone": "1"},
        {"attributes": {"type": "Account"}, "Name": "C"},
    ]});
    let (_, results) = org
        .call(Method::POST, "/composite/sobjects", Some(&rows))
        .await;
    assert_eq!(
        results[0]["errors"],
        json!([{"statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "A hot account needs a phone, & that's that.", "fields": ["Phone"]}])
    );
    assert_eq!(
        (&results[1]["success"], &results[2]["success"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(state.count("Account"), before + 2);

    // An update that would match leaves the record as it was.
    let id = results[2]["id"].as_str().unwrap();
    let (status, error) = org
        .call(
            Method::PATCH,
            &format!("/sobjects/Account/{id}"),
            Some(&json!({"Rating": "Hot"})),
        )
        .await;
    assert_eq!(
        (status, &error[0]["errorCode"]),
        (400, &json!("FIELD_CUSTOM_VALIDATION_EXCEPTION"))
    );
    assert_eq!(error[0]["fields"], json!(["Phone"]));
    let (_, record) = org
        .get(&format!("/sobjects/Account/{id}?fields=Rating"))
        .await;
    assert!(record["Rating"].is_null());

    state
        .add_validation_rule(ValidationRule {
            active: false,
            ..validation("Rating = 'Hot'")
        })
        .unwrap();
    let (status, _) = org
        .call(
            Method::PATCH,
            &format!("/sobjects/Account/{id}"),
            Some(&json!({"Rating": "Hot"})),
        )
        .await;
    assert_eq!(status, 204);
    assert!(
        state
            .add_validation_rule(validation("Nope__c = 1"))
            .is_err()
    );
    assert!(state.add_validation_rule(validation("((")).is_err());
}

#[tokio::test]
async fn duplicate_rules_block_or_warn() {
    let org = org().await;
    let state = org.simulator.state();
    let rule = |name: &str, fields: &[&str], action: DuplicateAction| DuplicateRule {
        sobject: "Account".to_owned(),
        name: name.to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        action,
        message: "Use one of these records?".to_owned(),
        active: true,
    };
    state
        .add_duplicate_rule(rule(
            "Same_Name",
            &["Name", "BillingPostalCode"],
            DuplicateAction::Allow,
        ))
        .unwrap();
    state
        .add_duplicate_rule(rule("Same_Site", &["Website"], DuplicateAction::Block))
        .unwrap();
    assert!(
        state
            .add_duplicate_rule(rule("Odd", &["Nope"], DuplicateAction::Block))
            .is_err()
    );
    let (_, listed) = org
        .query("SELECT DeveloperName, SobjectType, IsActive FROM DuplicateRule WHERE IsActive = true ORDER BY DeveloperName")
        .await;
    assert_eq!(listed["totalSize"], 2, "{listed}");

    let post = async |values: Value, header: &str| -> (u16, Value) {
        let answer = org
            .http
            .post(org.data("/sobjects/Account"))
            .bearer_auth(&org.simulator.credentials().sandbox.access_token)
            .header("Sforce-Duplicate-Rule-Header", header)
            .json(&values)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let first = json!({"Name": "Otter", "BillingPostalCode": "1", "Website": "otter.example"});
    let (status, otter) = post(first, "").await;
    assert_eq!(status, 201);
    let same_name = json!({"Name": "OTTER", "BillingPostalCode": "1"});
    let (status, error) = post(same_name.clone(), "").await;
    assert_eq!(status, 400);
    let error = &error[0];
    assert_eq!(error["errorCode"], "DUPLICATES_DETECTED");
    assert_eq!(error["message"], "Use one of these records?");
    let found = &error["duplicateResut"];
    assert_eq!(found["allowSave"], true);
    assert_eq!(found["duplicateRule"], "Same_Name");
    let twins = &found["matchResults"][0]["matchRecords"];
    assert_eq!(twins.as_array().unwrap().len(), 1);
    assert_eq!(twins[0]["record"]["Id"], otter["id"]);
    assert_eq!(post(same_name.clone(), "allowSave=false").await.0, 400);
    let (status, created) = post(same_name, "allowSave=true; includeRecordDetails=false").await;
    assert_eq!(status, 201);
    let same_site = json!({"Name": "Other", "Website": "otter.example"});
    let (status, refused) = post(same_site.clone(), "allowSave=true").await;
    assert_eq!(status, 400);
    assert_eq!(refused[0]["duplicateResut"]["allowSave"], false);
    let many = json!({"records": [{"attributes": {"type": "Account"}, "Name": "Third", "Website": "otter.example"}]});
    let (_, rows) = org
        .call(Method::POST, "/composite/sobjects", Some(&many))
        .await;
    assert_eq!(rows[0]["errors"][0]["statusCode"], "DUPLICATES_DETECTED");
    assert_eq!(
        rows[0]["errors"][0]["duplicateResut"]["duplicateRule"],
        "Same_Site"
    );
    // A record is no duplicate of itself, and an empty field matches nothing.
    let path = format!("/sobjects/Account/{}", created["id"].as_str().unwrap());
    assert_eq!(
        org.call(Method::PATCH, &path, Some(&json!({"Phone": "1"})))
            .await
            .0,
        204
    );
    assert_eq!(
        org.call(
            Method::PATCH,
            &path,
            Some(&json!({"Website": "otter.example"}))
        )
        .await
        .0,
        400
    );
    assert_eq!(post(json!({"Name": "Otter"}), "").await.0, 201);
}

#[tokio::test]
async fn merged_and_undeleted() {
    let org = org().await;
    let state = org.simulator.state();
    let account = |name: &str| {
        state
            .create_record(
                "Account",
                json!({"Name": name}).as_object().unwrap(),
                "Tom Okafor",
            )
            .unwrap()
    };
    let (winner, loser) = (account("Winner"), account("Loser"));
    let contact = state
        .create_record(
            "Contact",
            json!({"LastName": "Moss", "AccountId": loser})
                .as_object()
                .unwrap(),
            "Tom Okafor",
        )
        .unwrap();
    state.merge_records("Account", &winner, &[&loser]).unwrap();
    let soql = format!("SELECT Id, IsDeleted, MasterRecordId FROM Account WHERE Id = '{loser}'");
    let encoded: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
    let (_, found) = org.get(&format!("/queryAll?q={encoded}")).await;
    assert_eq!(found["records"][0]["IsDeleted"], true);
    assert_eq!(found["records"][0]["MasterRecordId"], json!(winner));
    let (_, child) = org
        .get(&format!("/sobjects/Contact/{contact}?fields=AccountId"))
        .await;
    assert_eq!(child["AccountId"], json!(winner));
    assert!(
        state.undelete_record("Account", &loser).is_err(),
        "a merged record stays merged"
    );
    assert!(state.merge_records("Account", &winner, &[&winner]).is_err());

    state.delete_record("Account", &winner).unwrap();
    assert_eq!(
        org.get(&format!("/sobjects/Contact/{contact}")).await.0,
        404
    );
    state.undelete_record("Account", &winner).unwrap();
    assert_eq!(
        org.get(&format!("/sobjects/Contact/{contact}")).await.0,
        200
    );
    assert!(state.undelete_record("Account", &winner).is_err());
}

#[tokio::test]
async fn rules_work_from_the_start_and_outlive_their_field() {
    let with = |condition: &str| Config {
        customers: 20,
        rate_limits: false,
        sandbox: OrgShape {
            validation_rules: vec![validation(condition)],
            ..OrgShape::default()
        },
        ..Config::default()
    };
    assert!(start(with("Nope__c = 1")).await.is_err());
    let org = org_with(with("Rating = 'Hot'")).await;
    let hot = json!({"Name": "A", "Rating": "Hot"});
    assert_eq!(
        org.call(Method::POST, "/sobjects/Account", Some(&hot))
            .await
            .0,
        400
    );
    let state = org.simulator.state();
    state.delete_field("Account", "Rating").unwrap();
    let cold = json!({"Name": "A"});
    assert_eq!(
        org.call(Method::POST, "/sobjects/Account", Some(&cold))
            .await
            .0,
        201
    );
    state.reshape(|shape| shape.multi_currency = true).unwrap();
    state.remove_rule("Phone_Needed").unwrap();
    assert!(state.shape().validation_rules.is_empty());
}

#[tokio::test]
async fn record_types_have_api_names_as_rules_do() {
    let org = org().await;
    let address = format!("{}/sim/org", org.simulator.urls().salesforce_sandbox);
    for (name, status) in [("a'b", 400), ("", 400), ("1st", 400), ("Partner_2", 200)] {
        let body =
            json!({"record_types": [{"sobject": "Account", "developer_name": name, "name": "x"}]});
        let answer = org.http.patch(&address).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), status, "{name}");
    }
}

#[tokio::test]
async fn field_updates_store_another_value_than_was_sent() {
    let org = org().await;
    let rule = |field: &str, value: Value| json!({"sobject": "Account", "name": "Call_Centre", "field": field, "value": value, "from": "1"});
    let post = async |rule: Value| {
        let address = format!("{}/sim/rules", org.simulator.urls().salesforce_sandbox);
        let answer = org.http.post(address).json(&rule).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(post(rule("Phone", json!("2"))).await, 201);
    for (field, value) in [
        ("NumberOfEmployees", json!("many")),
        ("Nope__c", json!("2")),
    ] {
        assert_eq!(post(rule(field, value)).await, 400, "{field}");
    }
    let made = async |phone: &str| {
        let account = json!({"Name": "Otter", "Phone": phone});
        let (_, made) = org
            .call(Method::POST, "/sobjects/Account", Some(&account))
            .await;
        let id = made["id"].as_str().unwrap().to_owned();
        let path = format!("/sobjects/Account/{id}?fields=Phone");
        (id, org.get(&path).await.1["Phone"].clone())
    };
    let (id, phone) = made("1").await;
    assert_eq!(phone, "2");
    assert_eq!(made("3").await.1, "3");
    // A write that does not name the field leaves it alone, and nobody's write goes around it.
    let state = org.simulator.state();
    state.remove_rule("Call_Centre").unwrap();
    let change = json!({"Phone": "1"});
    let path = format!("/sobjects/Account/{id}");
    org.call(Method::PATCH, &path, Some(&change)).await;
    let (_, now) = org.get(&format!("{path}?fields=Phone")).await;
    assert_eq!(now["Phone"], "1");
}
