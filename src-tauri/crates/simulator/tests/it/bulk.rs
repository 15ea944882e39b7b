//! Bulk API 2.0, ingest: jobs and their states.

use std::fmt::Write;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

/// Sends a body as it is; gives status and text.
pub(crate) async fn raw(
    org: &Org,
    method: Method,
    path: &str,
    content_type: &str,
    body: impl Into<reqwest::Body>,
) -> (u16, String) {
    let token = &org.simulator.credentials().sandbox.access_token;
    let answer = org
        .http
        .request(method, org.data(path))
        .bearer_auth(token)
        .header("content-type", content_type)
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

pub(crate) async fn text(org: &Org, path: &str) -> String {
    let (status, text) = raw(org, Method::GET, path, "text/csv", "").await;
    assert_eq!(status, 200, "{path}: {text}");
    text
}

pub(crate) async fn open(org: &Org, asked: Value) -> String {
    let (status, job) = org.call(Method::POST, "/jobs/ingest", Some(&asked)).await;
    assert_eq!(status, 200, "{job}");
    job["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn upload(org: &Org, id: &str, file: impl Into<reqwest::Body>) {
    let path = format!("/jobs/ingest/{id}/batches");
    let answer = raw(org, Method::PUT, &path, "text/csv", file).await;
    assert_eq!(answer, (201, String::new()));
}

pub(crate) async fn set_state(org: &Org, id: &str, state: &str) -> (u16, Value) {
    let body = json!({ "state": state });
    org.call(Method::PATCH, &format!("/jobs/ingest/{id}"), Some(&body))
        .await
}

/// Polls until the job is over.
pub(crate) async fn over(org: &Org, kind: &str, id: &str) -> Value {
    for _ in 0..3000 {
        let (status, job) = org.get(&format!("/jobs/{kind}/{id}")).await;
        assert_eq!(status, 200, "{job}");
        if matches!(
            job["state"].as_str(),
            Some("JobComplete" | "Failed" | "Aborted")
        ) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the job {id} does not end");
}

/// Opens, uploads, closes and polls to the end.
pub(crate) async fn run(org: &Org, asked: Value, file: impl Into<reqwest::Body>) -> Value {
    let id = open(org, asked).await;
    upload(org, &id, file).await;
    let (status, answer) = set_state(org, &id, "UploadComplete").await;
    assert_eq!(
        (status, answer["state"].as_str()),
        (200, Some("UploadComplete")),
        "{answer}"
    );
    over(org, "ingest", &id).await
}

pub(crate) async fn result(org: &Org, job: &Value, file: &str) -> Vec<String> {
    let id = job["id"].as_str().unwrap();
    let text = text(org, &format!("/jobs/ingest/{id}/{file}")).await;
    text.lines().map(str::to_owned).collect()
}

pub(crate) fn upsert() -> Value {
    json!({"object": "Account", "operation": "upsert", "externalIdFieldName": "Billing_Id__c",
        "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA"})
}

pub(crate) fn accounts(rows: std::ops::Range<usize>) -> String {
    let mut file = "Billing_Id__c,Name,MRR__c\n".to_owned();
    for row in rows {
        writeln!(file, "A-{row},Fern {row},{row}.5").unwrap();
    }
    file
}

#[tokio::test]
async fn a_job_goes_through_its_states_with_the_fields_of_a_real_one() {
    let org = org().await;
    org.with_billing_fields().await;
    let (status, text) = raw(
        &org,
        Method::POST,
        "/jobs/ingest/",
        "application/json; charset=utf-8",
        upsert().to_string(),
    )
    .await;
    assert_eq!(status, 200);
    let job: Value = serde_json::from_str(&text).unwrap();
    let id = job["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("750") && id.len() == 18);
    assert!(text.contains("\"apiVersion\":67.0,"), "{text}");
    assert_eq!(job["state"], "Open");
    assert_eq!(
        job["contentUrl"],
        format!("services/data/v67.0/jobs/ingest/{id}/batches")
    );
    for absent in [
        "jobType",
        "numberRecordsProcessed",
        "retries",
        "errorMessage",
    ] {
        assert!(job.get(absent).is_none(), "{absent}: {text}");
    }
    let (_, open) = org.get(&format!("/jobs/ingest/{}", &id[..15])).await;
    assert_eq!(
        (
            &open["jobType"],
            &open["numberRecordsProcessed"],
            &open["state"]
        ),
        (&json!("V2Ingest"), &json!(0), &json!("Open"))
    );
    assert!(open["contentUrl"].is_string() && open.get("errorMessage").is_none());

    let path = format!("/jobs/ingest/{id}/successfulResults");
    assert_eq!(org.get(&path).await.0, 400);
    let (status, answer) = org
        .call(Method::DELETE, &format!("/jobs/ingest/{id}"), None)
        .await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (400, &json!("INVALIDJOBSTATE"))
    );
    upload(&org, &id, accounts(0..3)).await;
    let path = format!("/jobs/ingest/{id}/batches");
    let (status, answer) = raw(&org, Method::PUT, &path, "text/csv", "Name\nX\n").await;
    assert_eq!(status, 400);
    assert!(answer.contains("INVALIDJOBSTATE"), "{answer}");

    let (status, closed) = set_state(&org, &id, "UploadComplete").await;
    assert_eq!((status, &closed["state"]), (200, &json!("UploadComplete")));
    assert!(closed.get("contentUrl").is_none() && closed.get("jobType").is_none());
    assert!(closed.get("numberRecordsProcessed").is_none());
    let done = over(&org, "ingest", &id).await;
    assert_eq!(done["state"], "JobComplete");
    assert_eq!(
        (
            &done["numberRecordsProcessed"],
            &done["numberRecordsFailed"],
            &done["retries"]
        ),
        (&json!(3), &json!(0), &json!(0))
    );
    assert_eq!(
        (&done["apexProcessingTime"], &done["isPkChunkingSupported"]),
        (&json!(0), &json!(false))
    );
    let (status, answer) = set_state(&org, &id, "Aborted").await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (400, &json!("INVALIDJOBSTATE"))
    );

    let (_, list) = org
        .get("/jobs/ingest?jobType=V2Ingest&concurrencyMode=Parallel&isPkChunkingEnabled=false")
        .await;
    assert_eq!(
        (&list["done"], &list["nextRecordsUrl"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(list["records"][0]["id"], json!(id));
    assert_eq!(list["records"][0]["jobType"], "V2Ingest");
    let (_, list) = org.get("/jobs/ingest?jobType=Classic").await;
    assert_eq!(list["records"], json!([]));
    let (status, _) = org
        .call(Method::DELETE, &format!("/jobs/ingest/{id}"), None)
        .await;
    assert_eq!(status, 204);
    let (status, answer) = org.get(&format!("/jobs/ingest/{id}")).await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (404, &json!("NOT_FOUND"))
    );
    assert_eq!(
        org.simulator.state().count("Account"),
        org.simulator.state().records("Account").len()
    );
}

#[tokio::test]
async fn what_a_job_cannot_be() {
    let org = org().await;
    org.with_billing_fields().await;
    for (asked, code) in [
        (
            json!({"object": "Nothing", "operation": "insert"}),
            "INVALIDENTITY",
        ),
        (
            json!({"object": "User", "operation": "insert"}),
            "INVALIDENTITY",
        ),
        (
            json!({"object": "Account", "operation": "merge"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Account", "operation": "upsert"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Account", "operation": "upsert", "externalIdFieldName": "Name"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Account", "operation": "insert", "columnDelimiter": "COLON"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Account", "operation": "insert", "lineEnding": "CR"}),
            "INVALIDJOB",
        ),
        (
            json!({"object": "Account", "operation": "insert", "contentType": "XML"}),
            "INVALIDJOB",
        ),
        (json!({"object": 5}), "JSON_PARSER_ERROR"),
    ] {
        let (status, answer) = org.call(Method::POST, "/jobs/ingest", Some(&asked)).await;
        assert_eq!(
            (status, &answer[0]["errorCode"]),
            (400, &json!(code)),
            "{asked}: {answer}"
        );
    }
    let path = "/jobs/ingest/750000000000001AAA";
    assert_eq!(org.get(path).await.0, 404);
    assert_eq!(org.get("/jobs/ingest/x").await.0, 404);
    assert_eq!(org.get("/jobs/nothing").await.0, 404);
    let answer = org.http.get(org.data(path)).send().await.unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn one_multipart_call_creates_and_closes() {
    let org = org().await;
    org.with_billing_fields().await;
    let body = format!(
        "--B\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{}\r\n--B\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name=\"content\"; filename=\"content\"\r\n\r\n{}\r\n--B--\r\n",
        upsert(),
        accounts(0..4).trim_end()
    );
    let (status, answer) = raw(
        &org,
        Method::POST,
        "/jobs/ingest",
        "multipart/form-data; boundary=B",
        body,
    )
    .await;
    assert_eq!(status, 200, "{answer}");
    let job: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(job["state"], "UploadComplete");
    let done = over(&org, "ingest", job["id"].as_str().unwrap()).await;
    assert_eq!(
        (&done["state"], &done["numberRecordsProcessed"]),
        (&json!("JobComplete"), &json!(4))
    );
    let (status, answer) = raw(
        &org,
        Method::POST,
        "/jobs/ingest",
        "multipart/form-data; boundary=C",
        "x",
    )
    .await;
    assert_eq!(status, 400, "{answer}");
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let org = org().await;
    org.with_billing_fields().await;
    let mut ids = Vec::new();
    for _ in 0..1003 {
        ids.push(open(&org, upsert()).await);
    }
    let (_, first) = org.get("/jobs/ingest").await;
    assert_eq!(
        (first["records"].as_array().unwrap().len(), &first["done"]),
        (1000, &json!(false))
    );
    let next = first["nextRecordsUrl"].as_str().unwrap();
    let (_, second) = org
        .get(next.strip_prefix("/services/data/v67.0").unwrap())
        .await;
    assert_eq!(second["done"], true);
    let listed: Vec<&str> = [&first, &second]
        .into_iter()
        .flat_map(|page| page["records"].as_array().unwrap())
        .map(|job| job["id"].as_str().unwrap())
        .collect();
    assert_eq!(listed, ids);
    assert_eq!(org.get("/jobs/ingest?queryLocator=x").await.0, 400);
}
