//! What a write may say: types, lengths, references, keys; and the shapes of single-record answers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

async fn post(org: &Org, sobject: &str, values: Value) -> (u16, Value) {
    org.call(Method::POST, &format!("/sobjects/{sobject}"), Some(&values))
        .await
}

async fn code(org: &Org, sobject: &str, values: Value) -> String {
    let (status, answer) = post(org, sobject, values).await;
    assert_eq!(status, 400, "{answer}");
    assert!(
        answer[0].get("statusCode").is_none(),
        "a call says errorCode"
    );
    answer[0]["errorCode"].as_str().unwrap().to_owned()
}

async fn created(org: &Org, sobject: &str, values: Value) -> String {
    let (status, answer) = post(org, sobject, values).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn values_obey_their_fields() {
    let org = org().await;
    let account = |name: &str, value: Value| json!({"Name": "A", name: value});
    let contact = |name: &str, value: Value| json!({"LastName": "A", name: value});
    for (values, expected) in [
        (
            account("NumberOfEmployees", json!(1.5)),
            "NUMBER_OUTSIDE_VALID_RANGE",
        ),
        (
            account("NumberOfEmployees", json!(3_000_000_000_u64)),
            "NUMBER_OUTSIDE_VALID_RANGE",
        ),
        (
            account("NumberOfEmployees", json!("many")),
            "JSON_PARSER_ERROR",
        ),
        (
            account("AnnualRevenue", json!(1e18)),
            "NUMBER_OUTSIDE_VALID_RANGE",
        ),
        (account("AnnualRevenue", json!({})), "JSON_PARSER_ERROR"),
        (
            account("CleanStatus", json!("Dirty")),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        ),
        (
            account("BillingCity", json!("x".repeat(41))),
            "STRING_TOO_LONG",
        ),
        (account("ParentId", json!("001")), "MALFORMED_ID"),
        (
            account("ParentId", json!("001000000000000AAA")),
            "INVALID_CROSS_REFERENCE_KEY",
        ),
        (
            account("OwnerId", json!("003000000000000AAA")),
            "FIELD_INTEGRITY_EXCEPTION",
        ),
        (
            account("CreatedDate", json!("2026-01-01T00:00:00Z")),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
        ),
        (
            account("BillingAddress", json!({"city": "x"})),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
        ),
        (account("Colour", json!("red")), "INVALID_FIELD"),
    ] {
        assert_eq!(
            code(&org, "Account", values.clone()).await,
            expected,
            "{values}"
        );
    }
    for (values, expected) in [
        (
            contact("Birthdate", json!("31.01.1990")),
            "JSON_PARSER_ERROR",
        ),
        (
            contact("Birthdate", json!("1990-02-30")),
            "JSON_PARSER_ERROR",
        ),
        (contact("Email", json!("a@b")), "INVALID_EMAIL_ADDRESS"),
        (
            contact("EmailBouncedDate", json!("soon")),
            "JSON_PARSER_ERROR",
        ),
        (
            contact("Name", json!("A B")),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
        ),
        (
            json!({"FirstName": "A", "LastName": "  "}),
            "REQUIRED_FIELD_MISSING",
        ),
    ] {
        assert_eq!(
            code(&org, "Contact", values.clone()).await,
            expected,
            "{values}"
        );
    }
    let id = created(
        &org,
        "Account",
        json!({"Name": "  Otter  ", "Industry": "Not on the list", "OwnerId": null, "Phone": ""}),
    )
    .await;
    let (_, record) = org.get(&format!("/sobjects/Account/{id}")).await;
    assert_eq!(record["Name"], "Otter", "blanks around text go");
    assert_eq!(
        record["Industry"], "Not on the list",
        "an open picklist takes anything"
    );
    assert!(record["Phone"].is_null() && record["OwnerId"].is_string());
    // A name in other letters is the same field, once.
    let (status, _) = org
        .call(
            Method::PATCH,
            &format!("/sobjects/Account/{id}"),
            Some(&json!({"phone": "1", "PHONE": "2"})),
        )
        .await;
    assert_eq!(status, 204);
}

#[tokio::test]
async fn unreadable_values_have_a_place() {
    let org = org().await;
    let answer = org
        .http
        .post(org.data("/sobjects/Account"))
        .bearer_auth(&org.simulator.credentials().sandbox.access_token)
        .body("{\"Name\": \"A\",\n\"AnnualRevenue\": \"abc\"}")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(
        error[0]["message"],
        "Cannot deserialize instance of double from VALUE_STRING value abc or request may be missing a required field at [line:2, column:18]"
    );
}

#[tokio::test]
async fn references_to_what_is_gone() {
    let org = org().await;
    let state = org.simulator.state();
    let parent = created(&org, "Account", json!({"Name": "Parent"})).await;
    state.delete_record("Account", &parent).unwrap();
    let (status, error) = post(
        &org,
        "Contact",
        json!({"LastName": "A", "AccountId": parent}),
    )
    .await;
    assert_eq!(status, 400, "{error}");
    assert_eq!(error[0]["errorCode"], "ENTITY_IS_DELETED");
    assert_eq!(error[0]["fields"], json!(["AccountId"]));
    let rows = json!({"records": [
        {"attributes": {"type": "Contact"}, "LastName": "A", "AccountId": parent},
        {"attributes": {"type": "Contact"}, "LastName": "B", "Account": {"Email": "x"}},
    ]});
    let (status, _) = org
        .call(Method::POST, "/composite/sobjects", Some(&rows))
        .await;
    assert_eq!(status, 400, "a key that is no field fails the call");
    state
        .reshape(|shape| shape.alguna_integration = true)
        .unwrap();
    state
        .reshape(|shape| shape.alguna_integration = false)
        .unwrap();
    let (_, user) = org
        .query("SELECT Id FROM User WHERE IsActive = false")
        .await;
    let gone = json!({"Name": "A", "OwnerId": user["records"][0]["Id"]});
    assert_eq!(code(&org, "Account", gone).await, "INACTIVE_OWNER_OR_USER");
}

#[tokio::test]
async fn the_same_record_twice_in_a_call() {
    let org = org().await;
    let id = created(&org, "Account", json!({"Name": "A"})).await;
    let short = &id[..15];
    let row = |id: &str| json!({"attributes": {"type": "Account"}, "Id": id, "Phone": "1"});
    let rows = json!({"records": [row(&id), row(short)]});
    let (_, results) = org
        .call(Method::PATCH, "/composite/sobjects", Some(&rows))
        .await;
    assert_eq!(results[0]["success"], true);
    assert_eq!(results[1]["errors"][0]["statusCode"], "DUPLICATE_VALUE");
    let (_, results) = org
        .call(
            Method::DELETE,
            &format!("/composite/sobjects?ids={id},{short}&allOrNone=true"),
            None,
        )
        .await;
    assert_eq!(
        results[0]["errors"][0]["statusCode"],
        "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    );
    assert_eq!(org.get(&format!("/sobjects/Account/{id}")).await.0, 200);
}

#[tokio::test]
async fn keys_with_several_records() {
    let org = org().await;
    let mail = "twins@fern.example";
    let one = created(&org, "Contact", json!({"LastName": "A", "Email": mail})).await;
    created(&org, "Contact", json!({"LastName": "B", "Email": mail})).await;
    let path = format!("/sobjects/Contact/Email/{mail}");
    for (method, body) in [
        (Method::GET, None),
        (Method::DELETE, None),
        (Method::PATCH, Some(json!({"Title": "x"}))),
    ] {
        let (status, links) = org.call(method, &path, body.as_ref()).await;
        assert_eq!(status, 300);
        assert_eq!(
            links[0],
            format!("/services/data/v67.0/sobjects/Contact/{one}")
        );
        assert_eq!(links.as_array().unwrap().len(), 2);
    }
    let rows =
        json!({"records": [{"attributes": {"type": "Contact"}, "Email": mail, "LastName": "C"}]});
    let (_, results) = org
        .call(
            Method::PATCH,
            "/composite/sobjects/Contact/Email",
            Some(&rows),
        )
        .await;
    assert_eq!(
        results[0]["errors"][0]["statusCode"],
        "DUPLICATE_EXTERNAL_ID"
    );

    let path = "/sobjects/Contact/Email/alone%40fern.example";
    let row = json!({"LastName": "Alone"});
    assert_eq!(
        org.call(
            Method::PATCH,
            &format!("{path}?updateOnly=true"),
            Some(&row)
        )
        .await
        .0,
        404
    );
    let answer = org.send(Method::PATCH, path, Some(&row)).await.unwrap();
    assert_eq!(answer.status(), 201);
    assert!(answer.headers().contains_key("location"));
    let token = &org.simulator.credentials().sandbox.access_token;
    let old = org.data(path).replace("v67.0", "v45.0");
    let answer = org
        .http
        .patch(old)
        .bearer_auth(token)
        .json(&row)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 204, "before v46 an update had no body");
    assert_eq!(org.call(Method::DELETE, path, None).await.0, 204);
    let (status, error) = org.get(path).await;
    assert_eq!((status, &error[0]["errorCode"]), (404, &json!("NOT_FOUND")));
    let (status, error) = org.get("/sobjects/Account/23foo").await;
    assert_eq!(status, 404);
    assert_eq!(
        error[0]["message"],
        "Provided external ID field does not exist or is not accessible: 23foo"
    );
    assert_eq!(
        org.call(Method::PUT, "/sobjects/Account", None).await.0,
        405
    );
    assert_eq!(
        code(&org, "User", json!({"LastName": "x"})).await,
        "INVALID_TYPE_FOR_OPERATION"
    );
}

#[tokio::test]
async fn updated_and_deleted_since() {
    let org = org().await;
    let (kept, gone) = (
        created(&org, "Contact", json!({"LastName": "Kept"})).await,
        created(&org, "Contact", json!({"LastName": "Gone"})).await,
    );
    org.simulator
        .state()
        .delete_record("Contact", &gone)
        .unwrap();
    let (_, org_now) = org
        .query("SELECT SystemModstamp FROM Contact ORDER BY SystemModstamp DESC LIMIT 1")
        .await;
    let now: jiff::Timestamp = org_now["records"][0]["SystemModstamp"]
        .as_str()
        .unwrap()
        .replace("+0000", "Z")
        .parse()
        .unwrap();
    let at = |minutes: i64| {
        (now + jiff::SignedDuration::from_mins(minutes))
            .strftime("%Y-%m-%dT%H%%3A%M%%3A%S%%2B00%%3A00")
            .to_string()
    };
    let window = format!("?start={}&end={}", at(-5), at(5));
    let (status, updated) = org
        .get(&format!("/sobjects/Contact/updated/{window}"))
        .await;
    assert_eq!((status, &updated["ids"]), (200, &json!([kept])));
    assert!(
        updated["latestDateCovered"]
            .as_str()
            .unwrap()
            .ends_with("+0000")
    );
    let (status, deleted) = org
        .get(&format!("/sobjects/Contact/deleted/{window}"))
        .await;
    assert_eq!(status, 200);
    assert_eq!(deleted["deletedRecords"][0]["id"], json!(gone));
    assert!(deleted["deletedRecords"][0]["deletedDate"].is_string());
    assert!(deleted["earliestDateAvailable"].is_string());
    for wrong in [
        format!("?start={}&end={}", at(-60 * 24 * 31), at(0)),
        format!("?start={}&end={}", at(0), at(0)),
    ] {
        let (status, error) = org.get(&format!("/sobjects/Contact/updated{wrong}")).await;
        assert_eq!(
            (status, &error[0]["errorCode"]),
            (400, &json!("INVALID_REPLICATION_DATE"))
        );
    }
    assert_eq!(org.get("/sobjects/Contact/updated").await.0, 400);
}
