//! Conditions: text in any script, dates, semi-joins, grouping.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

async fn create(org: &Org, sobject: &str, record: Value) -> String {
    let path = format!("/sobjects/{sobject}");
    let (status, answer) = org.call(Method::POST, &path, Some(&record)).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

async fn count(org: &Org, condition: &str) -> u64 {
    let soql = format!("SELECT count() FROM Account WHERE {condition}");
    let (status, answer) = org.query(&soql).await;
    assert_eq!(status, 200, "{soql}: {answer}");
    answer["totalSize"].as_u64().unwrap()
}

#[tokio::test]
async fn text_ignores_case_in_any_script() {
    let org = org().await;
    create(
        &org,
        "Account",
        json!({"Name": "Électricité 100%_Ж", "Site": "Å"}),
    )
    .await;
    for condition in [
        "Name = 'éLECTRICITÉ 100%_ж'",
        "Name IN ('x', 'ÉLECTRICITÉ 100%_Ж')",
        "Name LIKE 'élec%'",
        "Name LIKE '%100\\%\\_Ж'",
        "Name LIKE '_lectricité%ж'",
        "Name LIKE 'É%' AND Site = 'å'",
        "Name = '\\u00e9lectricité 100%_Ж'",
    ] {
        assert_eq!(count(&org, condition).await, 1, "{condition}");
    }
    assert_eq!(count(&org, "Name LIKE 'electr%'").await, 0);
    assert_eq!(count(&org, "Name LIKE 'Électricité 100\\_%'").await, 0);
    let names = org
        .names("SELECT Name FROM Account WHERE Name > 'É' AND Name < 'êz' ORDER BY Name")
        .await;
    assert_eq!(names, ["Électricité 100%_Ж"]);
}

#[tokio::test]
async fn case_sensitive_keys_stay_so() {
    let org = org().await;
    org.with_billing_fields().await;
    create(
        &org,
        "Account",
        json!({"Name": "Keyed", "Billing_Id__c": "Ab-1"}),
    )
    .await;
    assert_eq!(count(&org, "Billing_Id__c = 'Ab-1'").await, 1);
    assert_eq!(count(&org, "Billing_Id__c = 'AB-1'").await, 0);
}

#[tokio::test]
async fn days_and_moments() {
    let org = org().await;
    let all = count(&org, "Id != null").await;
    create(&org, "Account", json!({"Name": "Fresh"})).await;
    let fresh = "Name = 'Fresh' AND CreatedDate";
    for days in [
        "= TODAY",
        "= THIS_WEEK",
        "= THIS_MONTH",
        "= THIS_QUARTER",
        "= THIS_FISCAL_YEAR",
        "= LAST_N_DAYS:1",
        "> YESTERDAY",
        ">= TODAY",
        "< TOMORROW",
        "<= THIS_YEAR",
        "!= LAST_MONTH",
        "< NEXT_N_DAYS:3",
        "IN (TODAY, LAST_YEAR)",
        ">= 2026-01-31T12:00:00+05:30",
    ] {
        assert_eq!(count(&org, &format!("{fresh} {days}")).await, 1, "{days}");
    }
    for days in ["= YESTERDAY", "> TODAY", "< LAST_90_DAYS", "= NEXT_90_DAYS"] {
        assert_eq!(count(&org, &format!("{fresh} {days}")).await, 0, "{days}");
    }
    assert_eq!(
        count(&org, "NOT (CreatedDate = TODAY AND Name = 'Fresh')").await,
        all
    );
    let (_, year) = org
        .query("SELECT CALENDAR_YEAR(CreatedDate) y FROM Account WHERE Name = 'Fresh' GROUP BY CALENDAR_YEAR(CreatedDate)")
        .await;
    let year = year["records"][0]["y"].as_i64().unwrap();
    assert!(year >= 2026);
    assert_eq!(
        count(
            &org,
            &format!("Name = 'Fresh' AND CALENDAR_YEAR(CreatedDate) = {year}")
        )
        .await,
        1
    );
}

#[tokio::test]
async fn semi_joins() {
    let org = org().await;
    let with = create(&org, "Account", json!({"Name": "Joined A"})).await;
    create(&org, "Account", json!({"Name": "Joined B"})).await;
    create(
        &org,
        "Contact",
        json!({"LastName": "Solo", "AccountId": with}),
    )
    .await;
    let joined = "Name LIKE 'Joined%' AND Id";
    assert_eq!(
        org.names(&format!("SELECT Name FROM Account WHERE {joined} IN (SELECT AccountId FROM Contact WHERE LastName = 'Solo')")).await,
        ["Joined A"]
    );
    assert_eq!(
        org.names(&format!(
            "SELECT Name FROM Account WHERE {joined} NOT IN (SELECT AccountId FROM Contact)"
        ))
        .await,
        ["Joined B"]
    );
    for (condition, text) in [
        (
            "Name = 'x' OR Id IN (SELECT AccountId FROM Contact)",
            "only allowed at the top level WHERE",
        ),
        (
            "Name IN (SELECT AccountId FROM Contact)",
            "should be an id field, cannot use: 'Name'",
        ),
        (
            "Id IN (SELECT LastName FROM Contact)",
            "can only query id fields, cannot use: 'LastName'",
        ),
        (
            "Id IN (SELECT OwnerId FROM Contact)",
            "should point to the same object type",
        ),
        (
            "Id IN (SELECT AccountId FROM Contact WHERE AccountId IN (SELECT Id FROM Account))",
            "Nesting of semi join",
        ),
    ] {
        let (status, error) = org
            .query(&format!("SELECT Id FROM Account WHERE {condition}"))
            .await;
        assert_eq!(
            (status, &error[0]["errorCode"]),
            (400, &json!("MALFORMED_QUERY"))
        );
        let message = error[0]["message"].as_str().unwrap();
        assert!(message.contains(text), "{condition}: {message}");
    }
}

#[tokio::test]
async fn groups() {
    let org = org().await;
    for (name, industry, revenue, employees) in [
        ("G1", "Banking", 100.5, 10),
        ("G2", "Banking", 15000.0, 30),
        ("G3", "Energy", 1.0, 5),
    ] {
        create(
            &org,
            "Account",
            json!({"Name": name, "Industry": industry, "AnnualRevenue": revenue, "NumberOfEmployees": employees, "Site": "grouped"}),
        )
        .await;
    }
    let (status, answer) = org
        .query("SELECT Industry, COUNT(Id), SUM(AnnualRevenue) total, AVG(NumberOfEmployees), MIN(Name) first, COUNT_DISTINCT(Owner.Name) owners FROM Account WHERE Site = 'grouped' GROUP BY Industry HAVING COUNT(Id) > 0 ORDER BY COUNT(Id) DESC")
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer["records"][0],
        json!({"attributes": {"type": "AggregateResult"}, "Industry": "Banking", "expr0": 2, "total": 15100.5, "expr1": 20.0, "first": "G1", "owners": 1})
    );
    assert_eq!(answer["totalSize"], 2);
    let (_, one) = org
        .query("SELECT COUNT(Id) FROM Account WHERE Site = 'grouped'")
        .await;
    assert_eq!(one["records"][0]["expr0"], 3);
    let (_, having) = org
        .query("SELECT Industry FROM Account WHERE Site = 'grouped' GROUP BY Industry HAVING SUM(AnnualRevenue) > 1.5")
        .await;
    assert_eq!(having["totalSize"], 1);
    let (_, parent) = org
        .query(
            "SELECT Owner.Name, COUNT(Id) FROM Account WHERE Site = 'grouped' GROUP BY Owner.Name",
        )
        .await;
    assert!(parent["records"][0]["Name"].is_string());
    for (soql, text) in [
        (
            "SELECT Name, COUNT(Id) FROM Account",
            "\nSELECT Name, COUNT(Id) FROM Account\n       ^\nERROR at Row:1:Column:8\nField must be grouped or aggregated: Name",
        ),
        (
            "SELECT SUM(Name) FROM Account",
            "field Name does not support aggregate operator SUM",
        ),
        (
            "SELECT COUNT(Id), Description FROM Account GROUP BY Description",
            "field 'Description' can not be grouped in a query call",
        ),
        (
            "SELECT Name n FROM Account",
            "only aggregate expressions use field aliasing",
        ),
        (
            "SELECT Industry, COUNT(Id) Industry FROM Account GROUP BY Industry",
            "duplicate alias: Industry",
        ),
        (
            "SELECT COUNT(Id) FROM Account GROUP BY Industry ORDER BY Name",
            "Field must be grouped or aggregated: Name",
        ),
    ] {
        let (status, error) = org.query(soql).await;
        assert_eq!(
            (status, &error[0]["errorCode"]),
            (400, &json!("MALFORMED_QUERY")),
            "{soql}"
        );
        let message = error[0]["message"].as_str().unwrap();
        assert!(message.ends_with(text), "{soql}: {message}");
    }
}

#[tokio::test]
async fn true_error_texts() {
    let org = org().await;
    for (soql, code, text) in [
        (
            "SELECT Id FROM Account WHERE AnnualRevenue = '5'",
            "INVALID_FIELD",
            "\nSELECT Id FROM Account WHERE AnnualRevenue = '5'\n                             ^\nERROR at Row:1:Column:30\nvalue of filter criterion for field 'AnnualRevenue' must be of type double and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE NumberOfEmployees = 1.5",
            "INVALID_FIELD",
            "must be of type int and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE CreatedDate = '2026-01-01'",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Account WHERE Id = 'abc'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field: abc",
        ),
        (
            "SELECT Id FROM Account WHERE AnnualRevenue LIKE '5'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid operator on currency field",
        ),
        (
            "SELECT Id FROM Account WHERE Name INCLUDES ('a')",
            "INVALID_QUERY_FILTER_OPERATOR",
            "includes/excludes operators only valid on multipicklist fields",
        ),
        (
            "SELECT Id FROM Account ORDER BY Description",
            "MALFORMED_QUERY",
            "field 'Description' can not be sorted in a query call",
        ),
        (
            "SELECT Foo.Name FROM Account",
            "INVALID_FIELD",
            "\nSELECT Foo.Name FROM Account\n       ^\nERROR at Row:1:Column:8\nDidn't understand relationship 'Foo' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
        ),
        (
            "SELECT Id, Name, ID FROM Account",
            "INVALID_FIELD",
            "\nSELECT Id, Name, ID FROM Account\n                 ^\nERROR at Row:1:Column:18\nduplicate field selected: Id",
        ),
        (
            "SELECT TYPEOF Owner WHEN User THEN Name END FROM Account",
            "MALFORMED_QUERY",
            "TYPEOF is not supported by this simulated org",
        ),
        (
            "SELECT Name, COUNT(Id) FROM Account GROUP BY ROLLUP(Name)",
            "MALFORMED_QUERY",
            "GROUP BY ROLLUP is not supported by this simulated org",
        ),
        (
            "SELECT Name, COUNT(Id) FROM Account GROUP BY CUBE (Name)",
            "MALFORMED_QUERY",
            "GROUP BY CUBE is not supported by this simulated org",
        ),
        (
            "SELECT Id FROM Account USING SCOPE mine",
            "MALFORMED_QUERY",
            "unexpected token: 'mine'",
        ),
        (
            "SELECT Id FROM Account WHERE Name IN ()",
            "MALFORMED_QUERY",
            "unexpected token: ')'",
        ),
    ] {
        let (status, error) = org.query(soql).await;
        assert_eq!(
            (status, error[0]["errorCode"].as_str()),
            (400, Some(code)),
            "{soql}"
        );
        let message = error[0]["message"].as_str().unwrap();
        assert!(message.ends_with(text), "{soql}: {message}");
    }
    for soql in [
        "SELECT Id FROM Account USING SCOPE everything WITH SECURITY_ENFORCED LIMIT 1 FOR VIEW",
        "SELECT Id FROM Account WHERE Name != 'x' WITH USER_MODE ORDER BY Name LIMIT 1 OFFSET 2000 FOR REFERENCE",
        "SELECT Id FROM Account LIMIT 1 FOR UPDATE",
    ] {
        assert_eq!(org.query(soql).await.0, 200, "{soql}");
    }
}
