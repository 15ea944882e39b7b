//! The shapes of answers: children, parents, numbers, FIELDS, columns.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

async fn create(org: &Org, sobject: &str, record: Value) -> String {
    let path = format!("/sobjects/{sobject}");
    let (status, answer) = org.call(Method::POST, &path, Some(&record)).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

async fn text(org: &Org, soql: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
    let answer = org
        .send(Method::GET, &format!("/query?q={encoded}"), None)
        .await
        .unwrap();
    answer.text().await.unwrap()
}

async fn columns(org: &Org, soql: &str) -> Value {
    let encoded: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
    let (status, answer) = org.get(&format!("/query?q={encoded}&columns=true")).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

#[tokio::test]
async fn children_are_a_result_or_null() {
    let org = org().await;
    let full = create(&org, "Account", json!({"Name": "Full"})).await;
    create(&org, "Account", json!({"Name": "Bare"})).await;
    for name in ["Byron", "Adams", "Curie"] {
        create(
            &org,
            "Contact",
            json!({"LastName": name, "AccountId": full}),
        )
        .await;
    }
    let (status, answer) = org
        .query("SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE LastName != 'Adams' ORDER BY LastName DESC LIMIT 5) FROM Account WHERE Name IN ('Full', 'Bare') ORDER BY Name")
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["records"][0]["Contacts"], Value::Null);
    assert_eq!(answer["records"][0]["Name"], "Bare");
    let children = &answer["records"][1]["Contacts"];
    assert_eq!(
        (&children["totalSize"], &children["done"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(children["records"][0]["LastName"], "Curie");
    assert_eq!(children["records"][0]["attributes"]["type"], "Contact");
    assert_eq!(children["records"][1]["Account"]["Name"], "Full");
    let (status, error) = org
        .query("SELECT Id, (SELECT Id FROM Foos) FROM Account")
        .await;
    assert_eq!(status, 400);
    assert_eq!(error[0]["errorCode"], "INVALID_TYPE");
    assert!(
        error[0]["message"]
            .as_str()
            .unwrap()
            .contains("Didn't understand relationship 'Foos' in FROM part of query call.")
    );
}

#[tokio::test]
async fn children_beyond_a_page_have_a_locator() {
    let org = org().await;
    let parent = create(&org, "Account", json!({"Name": "Many"})).await;
    for batch in 0..2 {
        let records: Vec<Value> = (0..150)
            .map(|n| {
                json!({"attributes": {"type": "Contact"}, "LastName": format!("Person {batch} {n}"), "AccountId": parent})
            })
            .collect();
        let body = json!({"allOrNone": true, "records": records});
        let (status, answer) = org
            .call(Method::POST, "/composite/sobjects", Some(&body))
            .await;
        assert_eq!((status, &answer[0]["success"]), (200, &json!(true)));
    }
    let token = &org.simulator.credentials().sandbox.access_token;
    let soql = "SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Name = 'Many'";
    let answer: Value = org
        .http
        .get(org.data("/query"))
        .query(&[("q", soql)])
        .bearer_auth(token)
        .header("Sforce-Query-Options", "batchSize=200")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let children = &answer["records"][0]["Contacts"];
    assert_eq!(
        (&children["totalSize"], &children["done"]),
        (&json!(300), &json!(false))
    );
    assert_eq!(children["records"].as_array().unwrap().len(), 200);
    let next = children["nextRecordsUrl"].as_str().unwrap();
    assert!(next.ends_with("-200"), "{next}");
    let (_, rest) = org
        .get(next.trim_start_matches("/services/data/v67.0"))
        .await;
    assert_eq!(rest["records"].as_array().unwrap().len(), 100);
    assert_eq!(rest["done"], true);
}

#[tokio::test]
async fn parents_numbers_and_addresses() {
    let org = org().await;
    let top = create(&org, "Account", json!({"Name": "Top"})).await;
    create(
        &org,
        "Account",
        json!({"Name": "Under", "ParentId": top, "AnnualRevenue": 350_000_000, "NumberOfEmployees": 12, "BillingCity": "Ávila", "BillingLatitude": 40.5}),
    )
    .await;
    let answer = text(&org, "SELECT a.Name, a.AnnualRevenue, a.NumberOfEmployees, a.IsDeleted, a.BillingAddress, a.Parent.Name, a.Parent.Parent.Owner.Name FROM Account a WHERE a.Parent.Name = 'top'").await;
    for part in [
        r#""Name":"Under","AnnualRevenue":3.5E8,"NumberOfEmployees":12,"IsDeleted":false,"#,
        r#""BillingAddress":{"city":"Ávila","country":null,"geocodeAccuracy":null,"latitude":40.5,"longitude":null,"postalCode":null,"state":null,"street":null}"#,
        r#""Parent":{"attributes":{"type":"Account","#,
        r#""Name":"Top","Parent":null}"#,
    ] {
        assert!(answer.contains(part), "{part} in {answer}");
    }
    let bare = text(
        &org,
        "SELECT Parent.Name, BillingAddress FROM Account WHERE Name = 'Top'",
    )
    .await;
    assert!(
        bare.contains(r#""Parent":null,"BillingAddress":null}"#),
        "{bare}"
    );
    let formatted = text(&org, "SELECT toLabel(Type), FORMAT(AnnualRevenue) amount, FORMAT(convertCurrency(NumberOfEmployees)) FROM Account WHERE Name = 'Under'").await;
    assert!(
        formatted.contains(r#""Type":null,"amount":"350,000,000","NumberOfEmployees":"12"}"#),
        "{formatted}"
    );
}

#[tokio::test]
async fn fields_of_a_set() {
    let org = org().await;
    org.with_billing_fields().await;
    let (status, answer) = org.query("SELECT FIELDS(ALL) FROM Account LIMIT 200").await;
    assert_eq!(status, 200);
    let record = answer["records"][0].as_object().unwrap();
    assert!(record.contains_key("Billing_Id__c") && record.contains_key("BillingAddress"));
    let raw = text(&org, "SELECT FIELDS(ALL) FROM Account LIMIT 1").await;
    assert!(raw.contains("},\"Id\":"), "{raw}");
    let (_, custom) = org
        .query("SELECT Id, FIELDS(CUSTOM) FROM Account LIMIT 1")
        .await;
    let record = custom["records"][0].as_object().unwrap();
    assert!(record.contains_key("MRR__c") && !record.contains_key("Name"));
    let (_, standard) = org.query("SELECT FIELDS(STANDARD) FROM Account").await;
    let record = standard["records"][0].as_object().unwrap();
    assert!(record.contains_key("Name") && !record.contains_key("MRR__c"));
    for soql in [
        "SELECT FIELDS(ALL) FROM Account",
        "SELECT FIELDS(CUSTOM) FROM Account LIMIT 201",
    ] {
        let (status, error) = org.query(soql).await;
        assert_eq!(
            (status, error[0]["message"].as_str().unwrap()),
            (
                400,
                "The SOQL FIELDS function must have a LIMIT of at most 200"
            )
        );
        assert_eq!(error[0]["errorCode"], "MALFORMED_QUERY");
    }
}

#[tokio::test]
async fn columns_say_what_they_are() {
    let org = org().await;
    let answer = columns(
        &org,
        "SELECT Id, IsDeleted, AnnualRevenue, Owner.Profile.Name, (SELECT LastName FROM Contacts) FROM Account",
    )
    .await;
    assert_eq!(
        (
            &answer["entityName"],
            &answer["keyPrefix"],
            &answer["idSelected"],
            &answer["groupBy"]
        ),
        (
            &json!("Account"),
            &json!("001"),
            &json!(true),
            &json!(false)
        )
    );
    let list = answer["columnMetadata"].as_array().unwrap();
    let names: Vec<&str> = list
        .iter()
        .map(|column| column["columnName"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["Id", "IsDeleted", "AnnualRevenue", "Owner", "Contacts"]
    );
    assert_eq!(
        list[0],
        json!({"aggregate": false, "apexType": "Id", "booleanType": false, "columnName": "Id", "custom": false, "displayName": "Id", "foreignKeyName": null, "insertable": false, "joinColumns": [], "numberType": false, "textType": false, "updatable": false})
    );
    assert_eq!(list[1]["booleanType"], true);
    assert_eq!(list[2]["numberType"], true);
    assert_eq!(list[3]["foreignKeyName"], "OwnerId");
    assert_eq!(
        list[3]["joinColumns"][0]["joinColumns"][0]["columnName"],
        "Name"
    );
    assert_eq!(
        (
            &list[4]["aggregate"],
            &list[4]["joinColumns"][0]["columnName"]
        ),
        (&json!(true), &json!("LastName"))
    );
    let grouped = columns(
        &org,
        "SELECT Industry, avg(AnnualRevenue), COUNT(Id) n FROM Account GROUP BY Industry",
    )
    .await;
    assert_eq!(grouped["groupBy"], true);
    let list = grouped["columnMetadata"].as_array().unwrap();
    assert_eq!(
        (&list[0]["aggregate"], &list[0]["apexType"]),
        (&json!(false), &json!("String"))
    );
    assert_eq!(
        (&list[1]["columnName"], &list[1]["displayName"]),
        (&json!("expr0"), &json!("avg(AnnualRevenue)"))
    );
    assert_eq!(
        (&list[2]["columnName"], &list[2]["aggregate"]),
        (&json!("n"), &json!(true))
    );
}

#[tokio::test]
async fn deleted_rows_only_when_asked_for() {
    let org = org().await;
    let id = create(&org, "Account", json!({"Name": "Soon gone"})).await;
    let (status, _) = org
        .call(Method::DELETE, &format!("/sobjects/Account/{id}"), None)
        .await;
    assert_eq!(status, 204);
    let soql = "SELECT IsDeleted FROM Account WHERE Name = 'Soon gone'";
    assert_eq!(org.query(soql).await.1["totalSize"], 0);
    assert_eq!(
        org.query(&format!("{soql} ALL ROWS")).await.1["totalSize"],
        1
    );
    let encoded: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
    let (_, all) = org.get(&format!("/queryAll?q={encoded}")).await;
    assert_eq!(all["records"][0]["IsDeleted"], true);
}
