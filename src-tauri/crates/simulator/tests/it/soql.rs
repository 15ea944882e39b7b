//! Queries over HTTP.

use drawbridge_simulator::Config;
use serde_json::{Value, json};

use crate::client::{org, org_with};

#[tokio::test]
async fn conditions() {
    let org = org().await;
    let edge = "Edge Communications";
    assert_eq!(
        org.names("SELECT Name FROM Account WHERE Name = 'edge communications'")
            .await,
        [edge]
    );
    assert_eq!(
        org.names("select name from account where name like 'Edge%' and not (Name = 'x')")
            .await,
        [edge]
    );
    let two = org
        .names("SELECT Name FROM Account WHERE Name IN ('GenePoint', 'sForce') ORDER BY Name DESC")
        .await;
    assert_eq!(two, ["sForce", "GenePoint"]);
    let oil = org.names("SELECT Name FROM Account WHERE Name LIKE 'United Oil%' AND (BillingCountry = 'Singapore' OR BillingCity = 'London') ORDER BY Name").await;
    assert_eq!(oil, ["United Oil & Gas, Singapore", "United Oil & Gas, UK"]);
    let employees = org
        .names(
            "SELECT Name FROM Account WHERE NumberOfEmployees >= 0 AND NumberOfEmployees != null",
        )
        .await;
    assert!(!employees.is_empty());
    assert!(
        org.names("SELECT Name FROM Account WHERE Industry = null")
            .await
            .contains(&"sForce".to_owned())
    );
    // A different value includes empty ones.
    assert!(
        org.names("SELECT Name FROM Account WHERE Industry != 'Energy'")
            .await
            .contains(&"sForce".to_owned())
    );
    let (_, none) = org
        .query("SELECT Id FROM Account WHERE CreatedDate > 2999-01-01T00:00:00Z")
        .await;
    assert_eq!(none["totalSize"], 0);
    let (_, all) = org
        .query("SELECT count() FROM Account WHERE SystemModstamp >= 2000-01-01T00:00:00.000+0000")
        .await;
    assert_eq!(all["totalSize"], org.simulator.state().count("Account"));
    assert_eq!(
        org.names("SELECT Name FROM Contact WHERE LastName = 'D\\'Cruz'")
            .await,
        ["Liz D'Cruz"]
    );
    let (_, today) = org
        .query("SELECT Id FROM Account WHERE CreatedDate = TODAY")
        .await;
    assert_eq!(today["totalSize"], 0);
}

#[tokio::test]
async fn parents_and_ids() {
    let org = org().await;
    let (_, answer) = org.query("SELECT Id, Account.Name, Account.Owner.Name, LastModifiedBy.Name FROM Contact WHERE LastName = 'Gonzalez' AND Account.Name = 'Edge Communications'").await;
    let record = &answer["records"][0];
    assert_eq!(record["Account"]["Name"], "Edge Communications");
    assert_eq!(record["Account"]["attributes"]["type"], "Account");
    assert!(record["Account"]["Owner"]["Name"].is_string());
    assert!(record["LastModifiedBy"]["Name"].is_string());
    let id = record["Id"].as_str().unwrap();
    let (_, again) = org
        .query(&format!(
            "SELECT Id FROM Contact WHERE Id = '{}'",
            &id[..15]
        ))
        .await;
    assert_eq!(again["records"][0]["Id"], id);
    let (_, address) = org
        .query("SELECT BillingAddress FROM Account WHERE Name = 'GenePoint'")
        .await;
    assert_eq!(
        address["records"][0]["BillingAddress"]["city"],
        "Mountain View"
    );
}

#[tokio::test]
async fn pages_of_two_thousand() {
    let org = org_with(Config {
        customers: 6000,
        ..Config::default()
    })
    .await;
    let total = org.simulator.state().count("Account");
    assert!(total > 4000);
    let (_, mut page) = org.query("SELECT Id FROM Account").await;
    let mut ids = std::collections::HashSet::new();
    let mut pages = 0;
    loop {
        pages += 1;
        for record in page["records"].as_array().unwrap() {
            ids.insert(record["Id"].as_str().unwrap().to_owned());
        }
        assert_eq!(page["totalSize"], total);
        let Some(next) = page["nextRecordsUrl"].as_str() else {
            break;
        };
        assert!(next.contains("/query/01g"));
        page = org
            .get(next.trim_start_matches("/services/data/v67.0"))
            .await
            .1;
    }
    assert_eq!(page["done"], true);
    assert_eq!((pages, ids.len()), (total.div_ceil(2000), total));
    let (status, error) = org.get("/query/01gXX0000000000AAA-2000").await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (400, Some("INVALID_QUERY_LOCATOR"))
    );
}

#[tokio::test]
async fn errors_show_where() {
    let org = org().await;
    let code = |(status, error): (u16, Value)| {
        assert_eq!(status, 400);
        (
            error[0]["errorCode"].as_str().unwrap().to_owned(),
            error[0]["message"].as_str().unwrap().to_owned(),
        )
    };
    let (kind, message) = code(org.query("select count() from XYZZY").await);
    assert_eq!(kind, "INVALID_TYPE");
    assert!(message.starts_with("\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported."));
    let (kind, message) = code(org.query("SELECT Id,\nNope FROM Account").await);
    assert_eq!(kind, "INVALID_FIELD");
    assert!(
        message.contains("Row:2:Column:1\nNo such column 'Nope' on entity 'Account'"),
        "{message}"
    );
    assert_eq!(
        code(org.query("SELECT Id FORM Account").await),
        (
            "MALFORMED_QUERY".to_owned(),
            "unexpected token: 'FORM'".to_owned()
        )
    );
    assert_eq!(
        code(
            org.query("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'")
                .await
        )
        .0,
        "MALFORMED_QUERY"
    );
    assert_eq!(
        code(org.query("SELECT Id FROM Account WHERE Name = 5").await).0,
        "INVALID_FIELD"
    );
    assert_eq!(
        code(
            org.query("SELECT Id FROM Account WHERE Description = 'a'")
                .await
        )
        .0,
        "INVALID_FIELD"
    );
    assert_eq!(
        code(org.query("SELECT Id FROM Account OFFSET 2001").await).0,
        "NUMBER_OUTSIDE_VALID_RANGE"
    );
}

#[tokio::test]
async fn a_field_that_goes_between_two_pages_ends_the_result() {
    for hide in [true, false] {
        let org = org_with(Config {
            customers: 400,
            rate_limits: false,
            ..Config::default()
        })
        .await;
        let state = org.simulator.state();
        org.with_billing_fields().await;
        let first = async |soql: &str| -> String {
            let encoded: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
            let token = &org.simulator.credentials().sandbox.access_token;
            let request = org.http.get(org.data(&format!("/query?q={encoded}")));
            let request = request.header("sforce-query-options", "batchSize=200");
            let answer = request.bearer_auth(token).send().await.unwrap();
            let page: Value = answer.json().await.unwrap();
            let next = page["nextRecordsUrl"].as_str().unwrap_or_default();
            let (_, path) = next.split_once("v67.0").expect("more than a page");
            path.to_owned()
        };
        let with_field = first("SELECT Id, MRR__c FROM Account").await;
        let by_parent = first("SELECT Id, Account.MRR__c FROM Contact").await;
        let without = first("SELECT Id, Name FROM Account").await;
        assert_eq!(org.get(&with_field).await.0, 200);
        if hide {
            state.hide_field("Account", "MRR__c").unwrap();
        } else {
            state.delete_field("Account", "MRR__c").unwrap();
        }
        for path in [with_field, by_parent] {
            let (status, error) = org.get(&path).await;
            assert_eq!(
                (status, &error[0]["errorCode"]),
                (400, &json!("INVALID_QUERY_LOCATOR")),
                "{error}"
            );
        }
        assert_eq!(org.get(&without).await.0, 200, "it never showed the field");
    }
}

#[tokio::test]
async fn the_end_of_time_and_numbers_as_written() {
    let org = org().await;
    for (condition, all) in [
        ("< 9999-12-31T23:59:59Z", true),
        ("> 9999-12-31T23:59:59Z", false),
    ] {
        let soql = format!("SELECT COUNT() FROM Account WHERE CreatedDate {condition}");
        let (status, answer) = org.query(&soql).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["totalSize"].as_u64() > Some(0), all, "{condition}");
    }
    let (_, error) = org
        .query("SELECT Id FROM Account LIMIT 12345678901234567890 OFFSET 1")
        .await;
    let text = error[0]["message"].as_str().unwrap();
    assert!(text.contains("'12345678901234567890'"), "{text}");
}
