//! Bulk API 2.0, query.

use std::time::Duration;

use drawbridge_simulator::{Fault, FaultKind, Server};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::bulk::over;
use crate::client::{Org, org};

async fn start(org: &Org, asked: &Value) -> String {
    let (status, job) = org.call(Method::POST, "/jobs/query", Some(asked)).await;
    assert_eq!(
        (status, &job["state"]),
        (200, &json!("UploadComplete")),
        "{job}"
    );
    assert!(job.get("jobType").is_none() && job.get("contentUrl").is_none());
    job["id"].as_str().unwrap().to_owned()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

#[tokio::test]
async fn results_come_in_pages() {
    let org = org().await;
    let total = org.simulator.state().count("Account");
    assert!(total > 50);
    let asked = json!({"operation": "query", "query": "SELECT Id, Name, Owner.Name, IsDeleted, AnnualRevenue, CreatedDate FROM Account ORDER BY Name"});
    let id = start(&org, &asked).await;
    let job = over(&org, "query", &id).await;
    assert_eq!(
        (
            &job["state"],
            &job["jobType"],
            &job["numberRecordsProcessed"],
            &job["isPkChunkingSupported"]
        ),
        (
            &json!("JobComplete"),
            &json!("V2Query"),
            &json!(total),
            &json!(true)
        )
    );
    assert_eq!(
        (&job["object"], &job["apiVersion"]),
        (&json!("Account"), &json!(67.0))
    );
    assert!(job.get("numberRecordsFailed").is_none());

    let mut locator = String::new();
    let mut lines = Vec::new();
    loop {
        let path = format!("/jobs/query/{id}/results?maxRecords=20&locator={locator}");
        let answer = org.send(Method::GET, &path, None).await.unwrap();
        assert_eq!(answer.status(), 200);
        let count: usize = header(&answer, "sforce-numberofrecords").parse().unwrap();
        locator = header(&answer, "sforce-locator").to_owned();
        assert!(header(&answer, "content-type").starts_with("text/csv"));
        let text = answer.text().await.unwrap();
        let mut page = text.lines();
        assert_eq!(
            page.next(),
            Some("\"Id\",\"Name\",\"Owner.Name\",\"IsDeleted\",\"AnnualRevenue\",\"CreatedDate\"")
        );
        let before = lines.len();
        lines.extend(page.map(str::to_owned));
        assert_eq!(lines.len() - before, count);
        if locator == "null" {
            break;
        }
    }
    assert_eq!(lines.len(), total);
    assert!(
        lines[0].contains(",\"false\",") && lines[0].ends_with("Z\""),
        "{}",
        lines[0]
    );
    let answer = org
        .send(Method::GET, &format!("/jobs/query/{id}/results"), None)
        .await
        .unwrap();
    assert_eq!(header(&answer, "sforce-locator"), "null");
    assert_eq!(answer.text().await.unwrap().lines().count(), total + 1);
    for wrong in [
        "results?locator=x",
        "results?locator=OTk5OTk",
        "results?maxRecords=0",
    ] {
        assert_eq!(
            org.get(&format!("/jobs/query/{id}/{wrong}")).await.0,
            400,
            "{wrong}"
        );
    }

    let (status, pages) = org.get(&format!("/jobs/query/{id}/resultPages")).await;
    assert_eq!((status, &pages["done"]), (200, &json!(true)), "{pages}");
    let url = pages["resultPages"][0]["resultUrl"].as_str().unwrap();
    let (_, rest) = url.split_once("v67.0").unwrap();
    let answer = org.send(Method::GET, rest, None).await.unwrap();
    assert_eq!(header(&answer, "sforce-numberofrecords"), total.to_string());

    let (_, list) = org.get("/jobs/query").await;
    assert_eq!(
        (&list["records"][0]["id"], &list["done"]),
        (&json!(id), &json!(true))
    );
    assert_eq!(org.get("/jobs/ingest").await.1["records"], json!([]));
    let (_, limits) = org.get("/limits").await;
    assert_eq!(limits["DailyBulkV2QueryJobs"]["Remaining"], 9_999);
    let (status, _) = org
        .call(Method::DELETE, &format!("/jobs/query/{id}"), None)
        .await;
    assert_eq!(status, 204);
    assert_eq!(org.get(&format!("/jobs/query/{id}/results")).await.0, 404);
    assert_eq!(org.simulator.state().write_calls(), 0);
}

#[tokio::test]
async fn query_all_and_empty_results_and_other_delimiters() {
    let org = org().await;
    let (_, found) = org.query("SELECT Id FROM Account LIMIT 1").await;
    let id = found["records"][0]["Id"].as_str().unwrap().to_owned();
    org.simulator.state().delete_record("Account", &id).unwrap();
    let soql = format!("SELECT Id, IsDeleted FROM Account WHERE Id = '{id}'");
    for (operation, expected) in [
        ("query", "\"Id\";\"IsDeleted\"\r\n".to_owned()),
        (
            "queryAll",
            format!("\"Id\";\"IsDeleted\"\r\n\"{id}\";\"true\"\r\n"),
        ),
    ] {
        let asked = json!({"operation": operation, "query": soql, "columnDelimiter": "SEMICOLON", "lineEnding": "CRLF"});
        let job = start(&org, &asked).await;
        over(&org, "query", &job).await;
        let answer = org
            .send(Method::GET, &format!("/jobs/query/{job}/results"), None)
            .await
            .unwrap();
        assert_eq!(header(&answer, "sforce-locator"), "null");
        assert_eq!(answer.text().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn what_bulk_cannot_query() {
    let org = org().await;
    for soql in [
        "SELECT count() FROM Account",
        "SELECT Id FROM Account OFFSET 5",
        "SELECT BillingAddress FROM Account",
        "SELECT Nothing FROM Account",
        "SELECT Id FROM Nothing",
        "SELECT",
    ] {
        let asked = json!({"operation": "query", "query": soql});
        let (status, answer) = org.call(Method::POST, "/jobs/query", Some(&asked)).await;
        assert_eq!(status, 400, "{soql}: {answer}");
        assert!(answer[0]["errorCode"].is_string(), "{answer}");
    }
    for asked in [
        json!({"operation": "query"}),
        json!({"operation": "insert", "query": "SELECT Id FROM Account"}),
    ] {
        let (status, answer) = org.call(Method::POST, "/jobs/query", Some(&asked)).await;
        assert_eq!(
            (status, &answer[0]["errorCode"]),
            (400, &json!("INVALIDJOB"))
        );
    }
}

#[tokio::test]
async fn a_slow_query_can_be_aborted() {
    let org = org().await;
    org.simulator.state().arm(Fault::new(
        Server::SalesforceSandbox,
        "",
        FaultKind::SlowBulk(60_000),
    ));
    let asked = json!({"operation": "query", "query": "SELECT Id FROM Account"});
    let id = start(&org, &asked).await;
    let path = format!("/jobs/query/{id}");
    for _ in 0..200 {
        if org.get(&path).await.1["state"] == "InProgress" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(org.get(&format!("{path}/results")).await.0, 400);
    let body = json!({"state": "UploadComplete"});
    assert_eq!(org.call(Method::PATCH, &path, Some(&body)).await.0, 400);
    let (status, job) = org
        .call(Method::PATCH, &path, Some(&json!({"state": "Aborted"})))
        .await;
    assert_eq!((status, &job["state"]), (200, &json!("Aborted")));
    assert_eq!(org.get(&format!("{path}/results")).await.0, 400);
}

#[tokio::test]
async fn a_query_job_fails_when_its_field_goes() {
    let org = org().await;
    org.with_billing_fields().await;
    let state = org.simulator.state();
    state.arm(Fault::new(
        Server::SalesforceSandbox,
        "",
        FaultKind::SlowBulk(1_500),
    ));
    let asked = json!({"operation": "query", "query": "SELECT Id, MRR__c FROM Account"});
    let id = start(&org, &asked).await;
    state.delete_field("Account", "MRR__c").unwrap();
    let job = over(&org, "query", &id).await;
    assert_eq!(job["state"], "Failed", "{job}");
    let message = job["errorMessage"].as_str().unwrap();
    assert!(
        message.starts_with("INVALID_FIELD : ")
            && message.contains("No such column 'MRR__c' on entity 'Account'"),
        "{message}"
    );
}
