//! Writing records.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::org;

#[tokio::test]
async fn upsert_creates_updates_and_reports_rows() {
    let org = org().await;
    org.with_billing_fields().await;
    let before = org.simulator.state().count("Account");
    let row = |id: &str, more: Value| {
        let mut row =
            json!({"attributes": {"type": "Account"}, "Billing_Id__c": id, "Name": "Fern"});
        row.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        row
    };
    let body = json!({"allOrNone": false, "records": [
        row("aB1", json!({"MRR__c": 99.5})),
        row("ab1", json!({})),
        row("aB1", json!({})),
        row("c", json!({"Name": "x".repeat(256)})),
        row("d", json!({"MRR__c": 100_000_000.0})),
        row("e", json!({"Name": ""})),
        row("f", json!({"OwnerId": "003000000000000"})),
    ]});
    let (status, results) = org
        .call(
            Method::PATCH,
            "/composite/sobjects/Account/Billing_Id__c",
            Some(&body),
        )
        .await;
    assert_eq!(status, 200);
    let code = |index: usize| {
        results[index]["errors"][0]["statusCode"]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    assert_eq!(
        (
            results[0]["success"].as_bool(),
            results[0]["created"].as_bool()
        ),
        (Some(true), Some(true))
    );
    assert_eq!(
        results[1]["created"], true,
        "ids that differ in case are two records"
    );
    assert_eq!(code(2), "DUPLICATE_VALUE");
    assert_eq!(code(3), "STRING_TOO_LONG");
    let text = results[3]["errors"][0]["message"].as_str().unwrap();
    assert!(
        text.starts_with("Account Name: data value too large: xxx")
            && text.ends_with("(max length=255)")
    );
    assert_eq!(code(4), "NUMBER_OUTSIDE_VALID_RANGE");
    assert_eq!(
        results[4]["errors"][0]["message"],
        "MRR: value outside of valid range on numeric field: 1.0E8"
    );
    assert_eq!(code(5), "REQUIRED_FIELD_MISSING");
    assert_eq!(code(6), "FIELD_INTEGRITY_EXCEPTION");
    assert_eq!(org.simulator.state().count("Account"), before + 2);

    let again = json!({"records": [row("aB1", json!({"MRR__c": null, "Phone": "  "}))]});
    let (_, results) = org
        .call(
            Method::PATCH,
            "/composite/sobjects/Account/Billing_Id__c",
            Some(&again),
        )
        .await;
    assert_eq!(
        (
            results[0]["success"].as_bool(),
            results[0]["created"].as_bool()
        ),
        (Some(true), Some(false))
    );
    let (_, found) = org.query("SELECT MRR__c, Phone, SystemModstamp, CreatedDate FROM Account WHERE Billing_Id__c = 'aB1'").await;
    let record = &found["records"][0];
    assert!(record["MRR__c"].is_null() && record["Phone"].is_null());
    assert!(record["SystemModstamp"].as_str() > record["CreatedDate"].as_str());

    let unknown = json!({"records": [row("z", json!({"Nope__c": 1}))]});
    let (status, error) = org
        .call(
            Method::PATCH,
            "/composite/sobjects/Account/Billing_Id__c",
            Some(&unknown),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("INVALID_FIELD"))
    );
    assert_eq!(
        error[0]["message"],
        "No such column 'Nope__c' on sobject of type Account"
    );
    let unreadable = json!({"records": [row("z", json!({"MRR__c": "abc"}))]});
    let (status, error) = org
        .call(
            Method::PATCH,
            "/composite/sobjects/Account/Billing_Id__c",
            Some(&unreadable),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("JSON_PARSER_ERROR"))
    );
    let (status, error) = org
        .call(
            Method::PATCH,
            "/composite/sobjects/Account/Namez",
            Some(&again),
        )
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (404, Some("NOT_FOUND"))
    );
}

#[tokio::test]
async fn all_or_none_rolls_back() {
    let org = org().await;
    let before = org.simulator.state().count("Contact");
    let body = json!({"allOrNone": true, "records": [
        {"attributes": {"type": "Contact"}, "LastName": "Good"},
        {"attributes": {"type": "Contact"}, "LastName": "Bad", "Email": "not an email"},
    ]});
    let (status, results) = org
        .call(Method::POST, "/composite/sobjects", Some(&body))
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        results[0]["errors"][0]["statusCode"],
        "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    );
    assert_eq!(
        results[1]["errors"][0]["statusCode"],
        "INVALID_EMAIL_ADDRESS"
    );
    assert_eq!(org.simulator.state().count("Contact"), before);
}

#[tokio::test]
async fn single_records() {
    let org = org().await;
    org.with_billing_fields().await;
    let (status, created) = org
        .call(
            Method::POST,
            "/sobjects/Account/",
            Some(&json!({"Name": "Otter & Sons", "Billing_Id__c": "o/1"})),
        )
        .await;
    assert_eq!(status, 201);
    let id = created["id"].as_str().unwrap();
    assert_eq!((id.len(), &id[..3]), (18, "001"));
    let contact =
        json!({"LastName": "Otter", "FirstName": "Olga", "Account": {"Billing_Id__c": "o/1"}});
    let (status, contact) = org
        .call(Method::POST, "/sobjects/Contact", Some(&contact))
        .await;
    assert_eq!(status, 201, "{contact}");
    let (_, read) = org
        .get(&format!(
            "/sobjects/Contact/{}?fields=Name,AccountId",
            contact["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(
        (read["Name"].as_str(), read["AccountId"].as_str()),
        (Some("Olga Otter"), Some(id))
    );
    assert_eq!(
        org.call(
            Method::PATCH,
            &format!("/sobjects/Account/{id}"),
            Some(&json!({"Phone": "1"}))
        )
        .await
        .0,
        204
    );
    let (status, upserted) = org
        .call(
            Method::PATCH,
            "/sobjects/Account/Billing_Id__c/o%2F1",
            Some(&json!({"Name": "Otter"})),
        )
        .await;
    assert_eq!((status, upserted["created"].as_bool()), (200, Some(false)));
    let (status, missing) = org
        .call(
            Method::POST,
            "/sobjects/Account",
            Some(&json!({"Phone": "1"})),
        )
        .await;
    assert_eq!(
        (status, missing[0]["errorCode"].as_str()),
        (400, Some("REQUIRED_FIELD_MISSING"))
    );
    let (_, retrieved) = org
        .call(
            Method::POST,
            "/composite/sobjects/Account",
            Some(&json!({"ids": [id, "001000000000000AAA"], "fields": ["Name"]})),
        )
        .await;
    assert_eq!(retrieved[0]["Name"], "Otter");
    assert!(retrieved[1].is_null());
    // Deleting an Account takes its Contacts along.
    let (_, deleted) = org
        .call(
            Method::DELETE,
            &format!("/composite/sobjects?ids={id}"),
            None,
        )
        .await;
    assert_eq!(deleted[0]["success"], true);
    let (_, gone) = org
        .query("SELECT Id FROM Contact WHERE LastName = 'Otter'")
        .await;
    assert_eq!(gone["totalSize"], 0);
    let (status, error) = org
        .call(Method::DELETE, &format!("/sobjects/Account/{id}"), None)
        .await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (404, Some("ENTITY_IS_DELETED"))
    );
}

#[tokio::test]
async fn somebody_else_edits() {
    let org = org().await;
    let state = org.simulator.state();
    let record = state.records("Account").into_iter().next().unwrap();
    let values = json!({"Phone": "555"});
    let id = record["Id"].as_str().unwrap();
    state
        .update_record("Account", id, values.as_object().unwrap(), "Tom Okafor")
        .unwrap();
    let (_, read) = org
        .query(&format!(
            "SELECT Phone, SystemModstamp, LastModifiedBy.Name FROM Account WHERE Id = '{id}'"
        ))
        .await;
    let read = &read["records"][0];
    assert_eq!(
        (
            read["Phone"].as_str(),
            read["LastModifiedBy"]["Name"].as_str()
        ),
        (Some("555"), Some("Tom Okafor"))
    );
    assert!(read["SystemModstamp"].as_str() > record["SystemModstamp"].as_str());
    assert_eq!(state.write_calls(), 0);
    assert!(
        state
            .update_record("Account", id, values.as_object().unwrap(), "Nobody")
            .is_err()
    );
}

#[tokio::test]
async fn thousands_of_rows() {
    let org = org().await;
    org.with_billing_fields().await;
    let started = std::time::Instant::now();
    for batch in 0..25 {
        let records: Vec<Value> = (0..200)
            .map(|row| json!({"attributes": {"type": "Account"}, "Billing_Id__c": format!("k{}", batch * 200 + row), "Name": format!("Row {row}"), "MRR__c": 12.5}))
            .collect();
        let (status, results) = org
            .call(
                Method::PATCH,
                "/composite/sobjects/Account/Billing_Id__c",
                Some(&json!({"records": records})),
            )
            .await;
        assert_eq!(status, 200);
        assert!(
            results
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["success"] == true)
        );
    }
    // Far below what is expected, so that only a real slump fails.
    assert!(
        started.elapsed().as_secs() < 30,
        "5,000 rows took {:?}",
        started.elapsed()
    );
}
