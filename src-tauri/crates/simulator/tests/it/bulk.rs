//! Bulk API 2.0, ingest.

use std::fmt::Write;
use std::time::Duration;

use drawbridge_simulator::{BulkFailure, Config, Fault, FaultKind, RowLocks, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org, org_with};

const SANDBOX: Server = Server::SalesforceSandbox;

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

async fn text(org: &Org, path: &str) -> String {
    let (status, text) = raw(org, Method::GET, path, "text/csv", "").await;
    assert_eq!(status, 200, "{path}: {text}");
    text
}

async fn open(org: &Org, asked: Value) -> String {
    let (status, job) = org.call(Method::POST, "/jobs/ingest", Some(&asked)).await;
    assert_eq!(status, 200, "{job}");
    job["id"].as_str().unwrap().to_owned()
}

async fn upload(org: &Org, id: &str, file: impl Into<reqwest::Body>) {
    let path = format!("/jobs/ingest/{id}/batches");
    let answer = raw(org, Method::PUT, &path, "text/csv", file).await;
    assert_eq!(answer, (201, String::new()));
}

async fn set_state(org: &Org, id: &str, state: &str) -> (u16, Value) {
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
async fn run(org: &Org, asked: Value, file: impl Into<reqwest::Body>) -> Value {
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

async fn result(org: &Org, job: &Value, file: &str) -> Vec<String> {
    let id = job["id"].as_str().unwrap();
    let text = text(org, &format!("/jobs/ingest/{id}/{file}")).await;
    text.lines().map(str::to_owned).collect()
}

fn upsert() -> Value {
    json!({"object": "Account", "operation": "upsert", "externalIdFieldName": "Billing_Id__c",
        "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA"})
}

fn accounts(rows: std::ops::Range<usize>) -> String {
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
async fn rows_succeed_and_fail_one_by_one() {
    let org = org().await;
    org.with_billing_fields().await;
    run(&org, upsert(), accounts(0..1)).await;
    // The extra empty Id column is what jsforce sends.
    let long = "x".repeat(256);
    let file = format!(
        "Id,Billing_Id__c,Name,MRR__c,Phone,Description\n\
         ,A-0,,#N/A,123,\n\
         ,A-1,\"Acme, \"\"Inc|x\",1.5,#N/A,\n\
         ,A-1,Again,,,\n\
         ,A-2,,,,\n\
         ,A-3,{long},,,\n\
         ,A-4,Fern,lots,,\n\
         ,,Fern,,,\n\
         ,A-5,\" Fern\",0,,\"two\nlines\"\n"
    );
    let job = run(&org, upsert(), file).await;
    assert_eq!(
        (
            &job["state"],
            &job["numberRecordsProcessed"],
            &job["numberRecordsFailed"]
        ),
        (&json!("JobComplete"), &json!(8), &json!(5))
    );
    let failed = result(&org, &job, "failedResults/").await;
    assert_eq!(
        failed[0],
        "\"sf__Id\",\"sf__Error\",Id,Billing_Id__c,Name,MRR__c,Phone,Description"
    );
    assert_eq!(failed.len(), 6);
    for wanted in [
        "\"\",\"DUPLICATE_VALUE:Duplicate external id specified: A-1:Billing_Id__c --\",\"\",\"A-1\",\"Again\",\"\",\"\",\"\"".to_owned(),
        "\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --\",\"\",\"A-2\",\"\",\"\",\"\",\"\"".to_owned(),
        "\"\",\"INVALID_TYPE_ON_FIELD_IN_RECORD:MRR: value not of required type: lots:MRR__c --\",\"\",\"A-4\",\"Fern\",\"lots\",\"\",\"\"".to_owned(),
        "\"\",\"MISSING_ARGUMENT:Billing_Id__c not specified:Billing_Id__c --\",\"\",\"\",\"Fern\",\"\",\"\",\"\"".to_owned(),
        format!("\"\",\"STRING_TOO_LONG:Account Name: data value too large: {long} (max length=255):Name --\",\"\",\"A-3\",\"{long}\",\"\",\"\",\"\""),
    ] {
        assert!(failed.contains(&wanted), "{wanted}\nnot in\n{}", failed.join("\n"));
    }
    let id = job["id"].as_str().unwrap();
    let successes = text(&org, &format!("/jobs/ingest/{id}/SUCCESSFULRESULTS")).await;
    assert!(successes.starts_with("\"sf__Id\",\"sf__Created\",Id,Billing_Id__c,Name,"));
    assert!(
        successes.contains("\",\"false\",\"\",\"A-0\",\"\",\"#N/A\",\"123\",\"\"\n"),
        "{successes}"
    );
    assert!(
        successes.contains("\",\"true\",\"\",\"A-1\",\"Acme, \"\"Inc|x\",\"1.5\",\"#N/A\",\"\"\n"),
        "{successes}"
    );
    assert!(successes.contains("\"two\nlines\"\n"), "{successes}");
    assert_eq!(
        result(&org, &job, "unprocessedRecords").await,
        ["Id,Billing_Id__c,Name,MRR__c,Phone,Description"]
    );
    let (_, found) = org
        .query("SELECT Name, MRR__c, Phone, Description FROM Account WHERE Billing_Id__c IN ('A-0', 'A-1', 'A-5') ORDER BY Billing_Id__c")
        .await;
    let records = &found["records"];
    assert_eq!(
        (
            &records[0]["Name"],
            &records[0]["MRR__c"],
            &records[0]["Phone"]
        ),
        (&json!("Fern 0"), &Value::Null, &json!("123"))
    );
    assert_eq!(records[1]["Name"], "Acme, \"Inc|x");
    assert_eq!(
        (&records[2]["MRR__c"], &records[2]["Description"]),
        (&json!(0.0), &json!("two\nlines"))
    );
}

#[tokio::test]
async fn insert_update_delete_and_hard_delete() {
    let org = org().await;
    org.with_billing_fields().await;
    let asked = |operation: &str| json!({"object": "account", "operation": operation, "columnDelimiter": "PIPE", "lineEnding": "CRLF"});
    let job = run(
        &org,
        asked("insert"),
        "Name|MRR__c\r\nMoss|5\r\n\"Fern\r\n|\"|6",
    )
    .await;
    assert_eq!(
        (&job["object"], &job["numberRecordsFailed"]),
        (&json!("Account"), &json!(0)),
        "{job}"
    );
    let path = format!(
        "/jobs/ingest/{}/successfulResults",
        job["id"].as_str().unwrap()
    );
    let created = text(&org, &path).await;
    assert!(
        created.starts_with("\"sf__Id\"|\"sf__Created\"|Name|MRR__c\r\n"),
        "{created}"
    );
    let ids: Vec<&str> = created
        .split("\r\n")
        .filter_map(|line| line.get(1..19))
        .filter(|id| id.starts_with("001"))
        .collect();
    assert_eq!(ids.len(), 2, "{created}");

    let (first, second) = (ids[0], ids[1]);
    let file =
        format!("Id|Phone\r\n{first}|1\r\n{first}|2\r\n001000000000000AAA|3\r\n|4\r\n003|5\r\n");
    let job = run(&org, asked("update"), file).await;
    assert_eq!(
        (&job["numberRecordsProcessed"], &job["numberRecordsFailed"]),
        (&json!(5), &json!(4))
    );
    let failed = result(&org, &job, "failedResults").await.join("\n");
    for wanted in [
        format!("\"{first}\"|\"DUPLICATE_VALUE:duplicate id in list: {first}:--\"|"),
        "\"001000000000000AAA\"|\"INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--\"|"
            .to_owned(),
        "\"\"|\"MISSING_ARGUMENT:Id not specified in an update call:--\"|\"\"|\"4\"".to_owned(),
        "MALFORMED_ID:".to_owned(),
    ] {
        assert!(failed.contains(&wanted), "{wanted}\nnot in\n{failed}");
    }

    let before = org.simulator.state().count("Account");
    let job = run(&org, asked("delete"), format!("Id\r\n{first}\r\n")).await;
    assert_eq!(job["numberRecordsFailed"], 0);
    let again = run(&org, asked("delete"), format!("Id\r\n{first}\r\n")).await;
    assert!(
        result(&org, &again, "failedResults").await[1]
            .contains("ENTITY_IS_DELETED:entity is deleted:--")
    );
    assert_eq!(org.simulator.state().count("Account"), before - 1);

    let (status, answer) = org
        .call(Method::POST, "/jobs/ingest", Some(&asked("hardDelete")))
        .await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (400, &json!("FEATURENOTENABLED"))
    );
    org.simulator.state().permit_hard_delete(true);
    let job = run(&org, asked("hardDelete"), format!("Id\r\n{second}\r\n")).await;
    assert_eq!(job["numberRecordsFailed"], 0);
    let all = format!("/queryAll?q=SELECT+Id+FROM+Account+WHERE+Id+IN+('{first}','{second}')");
    let (_, left) = org.get(&all).await;
    assert_eq!(
        left["totalSize"], 1,
        "only the recycle bin's record is left"
    );
}

#[tokio::test]
async fn parents_are_named_by_their_keys() {
    let org = org().await;
    org.with_billing_fields().await;
    run(&org, upsert(), accounts(0..2)).await;
    let asked = json!({"object": "Contact", "operation": "insert"});
    let file = "LastName,Account.Billing_Id__c,EmailBouncedDate,Birthdate\nRuiz,A-1,2026-01-31T10:00:00.000+01:00,1990-02-03\nSoto,A-9,,\nPaz,#N/A,noon,\nGil,,,03.02.1990\nMar,#N/A,2026-01-31,\n";
    let job = run(&org, asked.clone(), file).await;
    assert_eq!(job["state"], "JobComplete", "{job}");
    let failed = result(&org, &job, "failedResults").await.join("\n");
    for wanted in [
        "INVALID_FIELD:Foreign key external ID: a-9 not found for field Billing_Id__c in entity Account:--\"",
        "INVALID_TYPE_ON_FIELD_IN_RECORD:Email Bounced Date: value not of required type: noon:EmailBouncedDate --",
        "value not of required type: 03.02.1990:Birthdate --",
    ] {
        assert!(failed.contains(wanted), "{wanted}\nnot in\n{failed}");
    }
    let (_, found) = org.query("SELECT Account.Name, EmailBouncedDate, Birthdate FROM Contact WHERE LastName = 'Ruiz' AND Account.Billing_Id__c = 'A-1'").await;
    let record = &found["records"][0];
    assert_eq!(
        (
            &record["Account"]["Name"],
            &record["EmailBouncedDate"],
            &record["Birthdate"]
        ),
        (
            &json!("Fern 1"),
            &json!("2026-01-31T09:00:00.000+0000"),
            &json!("1990-02-03")
        )
    );
    for (file, unknown) in [
        (
            "LastName,Lead:Account.Billing_Id__c\nA,B\n",
            "Lead:Account.Billing_Id__c",
        ),
        ("Industryy,LastName,Bad\nA,B,C\n", "Industryy"),
        ("\u{FEFF}LastName\nA\n", "\u{FEFF}LastName"),
        ("LastName, Phone\nA,1\n", " Phone"),
    ] {
        let job = run(&org, asked.clone(), file).await;
        assert_eq!(job["state"], "Failed");
        assert_eq!(
            job["errorMessage"],
            format!("InvalidBatch : Field name not found : {unknown}")
        );
        assert_eq!(job["numberRecordsProcessed"], 0);
        assert_eq!(result(&org, &job, "unprocessedrecords").await.len(), 2);
        assert_eq!(result(&org, &job, "failedResults").await.len(), 1);
    }
}

#[tokio::test]
async fn a_field_without_access_is_unknown() {
    let org = org().await;
    org.with_billing_fields().await;
    org.simulator
        .state()
        .hide_field("Account", "MRR__c")
        .unwrap();
    let job = run(&org, upsert(), accounts(0..1)).await;
    assert_eq!(
        job["errorMessage"],
        "InvalidBatch : Field name not found : MRR__c"
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
async fn empty_and_broken_files() {
    let org = org().await;
    org.with_billing_fields().await;
    let job = run(&org, upsert(), "").await;
    assert_eq!(job["state"], "Failed");
    let job = run(&org, upsert(), "Billing_Id__c,Name\n").await;
    assert_eq!(
        (&job["state"], &job["numberRecordsProcessed"]),
        (&json!("JobComplete"), &json!(0))
    );
    let job = run(&org, upsert(), "Billing_Id__c,Name\r\nA,B\r\n").await;
    assert_eq!(
        job["errorMessage"],
        "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF"
    );
    assert_eq!(result(&org, &job, "unprocessedrecords").await.len(), 2);
    let id = open(&org, upsert()).await;
    set_state(&org, &id, "UploadComplete").await;
    assert_eq!(over(&org, "ingest", &id).await["state"], "Failed");
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
async fn an_aborted_job_leaves_the_rest_unprocessed() {
    let org = org().await;
    org.with_billing_fields().await;
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "", FaultKind::SlowBulk(30_000)));
    let id = open(&org, upsert()).await;
    upload(&org, &id, accounts(0..2000)).await;
    let before = org.simulator.state().count("Account");
    set_state(&org, &id, "UploadComplete").await;
    let mut job = Value::Null;
    for _ in 0..2000 {
        job = org.get(&format!("/jobs/ingest/{id}")).await.1;
        if job["numberRecordsProcessed"] != 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(job["state"], "InProgress", "{job}");
    assert!(job["totalProcessingTime"].as_u64().unwrap() > 0);
    let (status, answer) = org
        .call(Method::DELETE, &format!("/jobs/ingest/{id}"), None)
        .await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (400, &json!("INVALIDJOBSTATE"))
    );
    // The org answers other calls meanwhile.
    assert_eq!(org.query("SELECT count() FROM Account").await.0, 200);
    let (status, aborted) = set_state(&org, &id, "Aborted").await;
    assert_eq!((status, &aborted["state"]), (200, &json!("Aborted")));
    let done = over(&org, "ingest", &id).await;
    let processed = usize::try_from(done["numberRecordsProcessed"].as_u64().unwrap()).unwrap();
    assert!(processed > 0 && processed < 2000);
    assert_eq!(org.simulator.state().count("Account") - before, processed);
    let successes = result(&org, &done, "successfulResults").await;
    let unprocessed = result(&org, &done, "unprocessedrecords").await;
    assert_eq!(
        (successes.len() - 1, unprocessed.len() - 1),
        (processed, 2000 - processed)
    );
    assert_eq!(unprocessed[0], "Billing_Id__c,Name,MRR__c");
    assert!(unprocessed[1].starts_with("\"A-"));
    let (status, _) = org
        .call(Method::DELETE, &format!("/jobs/ingest/{id}"), None)
        .await;
    assert_eq!(status, 204);
}

#[tokio::test]
async fn a_job_that_fails_keeps_the_batches_before() {
    let org = org().await;
    org.with_billing_fields().await;
    let before = org.simulator.state().count("Account");
    let failure = BulkFailure {
        message: "InternalServerError : Batch failed".to_owned(),
        after_batches: 1,
    };
    // Armed for everything, but it waits for the call that starts a job.
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "", FaultKind::BulkFailure(failure)));
    let job = run(&org, upsert(), accounts(0..10_500)).await;
    assert_eq!(
        (&job["state"], &job["errorMessage"]),
        (
            &json!("Failed"),
            &json!("InternalServerError : Batch failed")
        )
    );
    assert_eq!(job["numberRecordsProcessed"], 10_000);
    assert_eq!(org.simulator.state().count("Account") - before, 10_000);
    assert_eq!(result(&org, &job, "unprocessedrecords").await.len(), 501);
    let successes = result(&org, &job, "successfulResults").await;
    assert_eq!(successes.len(), 10_001);
    let ids: Vec<&str> = successes[1..].iter().map(|line| &line[1..19]).collect();
    assert!(!ids.is_sorted(), "results stand in an order of their own");
    let id = job["id"].as_str().unwrap();
    let again = text(&org, &format!("/jobs/ingest/{id}/successfulResults")).await;
    assert_eq!(again.lines().collect::<Vec<_>>(), successes);
    let (_, limits) = org.get("/limits").await;
    assert_eq!(limits["DailyBulkApiBatches"]["Remaining"], 14_999);
}

#[tokio::test]
async fn locked_rows_go_through_after_their_tries() {
    let org = org().await;
    org.with_billing_fields().await;
    let body: Value = serde_json::from_str(
        r#"{"server": "salesforce_sandbox", "kind": {"row_locks": {"tries": 2}}, "times": 100}"#,
    )
    .unwrap();
    let address = format!("{}/sim/faults", org.simulator.urls().salesforce_sandbox);
    assert_eq!(
        org.http
            .post(address)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    let job = run(&org, upsert(), accounts(0..3)).await;
    assert_eq!(job["numberRecordsFailed"], 3);
    let failed = result(&org, &job, "failedResults").await;
    assert!(
        failed[1]
            .contains("\"UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--\""),
        "{}",
        failed[1]
    );
    // The second try comes by Collections; the rows are the same.
    let rows = json!({"records": [
        {"attributes": {"type": "Account"}, "Billing_Id__c": "A-0", "Name": "Fern"},
        {"attributes": {"type": "Account"}, "Billing_Id__c": "A-7", "Name": "Fern"}]});
    let path = "/composite/sobjects/Account/Billing_Id__c";
    for (first, second) in [(false, false), (true, false), (true, true)] {
        let (_, results) = org.call(Method::PATCH, path, Some(&rows)).await;
        assert_eq!(
            (&results[0]["success"], &results[1]["success"]),
            (&json!(first), &json!(second)),
            "{results}"
        );
    }
}

#[tokio::test]
async fn parallel_batches_lock_a_common_parent() {
    let org = org().await;
    org.with_billing_fields().await;
    run(&org, upsert(), accounts(0..3)).await;
    let locks = FaultKind::RowLocks(RowLocks::new(1).parallel_only());
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "", locks).times(2));
    let asked = json!({"object": "Contact", "operation": "insert"});
    let mut file = "LastName,Account.Billing_Id__c\n".to_owned();
    // A-1 has rows in both batches, A-0 only in the first, A-2 only in the second.
    for row in 0..10_010 {
        let parent = match row {
            0 | 10_005 => "A-1",
            1 => "A-0",
            10_006 => "A-2",
            _ => "",
        };
        writeln!(file, "Ruiz {row},{parent}").unwrap();
    }
    let job = run(&org, asked, file).await;
    assert_eq!(
        (&job["state"], &job["numberRecordsFailed"]),
        (&json!("JobComplete"), &json!(2))
    );
    let failed = result(&org, &job, "failedResults").await.join("\n");
    assert!(
        failed.contains("\"Ruiz 0\",\"A-1\"") && failed.contains("\"Ruiz 10005\",\"A-1\""),
        "{failed}"
    );
    assert!(
        failed.contains("unable to obtain exclusive access to this record or 1 records: A-1"),
        "{failed}"
    );
}

#[tokio::test]
async fn row_errors_strike_bulk_rows_too() {
    let org = org().await;
    org.with_billing_fields().await;
    let kind = FaultKind::RowErrors {
        status_code: "APEX_ERROR".to_owned(),
        message: "boom".to_owned(),
        every_nth: 2,
    };
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "/jobs/ingest/", kind).method("PATCH"));
    let job = run(&org, upsert(), accounts(0..5)).await;
    assert_eq!(job["numberRecordsFailed"], 2);
    assert!(result(&org, &job, "failedResults").await[1].contains("\"APEX_ERROR:boom:--\""));
}

#[tokio::test]
async fn records_of_one_transaction_share_a_stamp_that_is_not_ahead() {
    let org = org_with(Config {
        customers: 10,
        rate_limits: false,
        ..Config::default()
    })
    .await;
    org.with_billing_fields().await;
    run(&org, upsert(), accounts(0..5000)).await;
    let (_, found) = org.query("SELECT SystemModstamp FROM Account WHERE Billing_Id__c != null ORDER BY SystemModstamp DESC LIMIT 1").await;
    let last = found["records"][0]["SystemModstamp"]
        .as_str()
        .unwrap()
        .to_owned();
    let (_, found) = org
        .query(&format!(
            "SELECT count() FROM Account WHERE SystemModstamp = {}",
            last.replace("+0000", "Z")
        ))
        .await;
    assert_eq!(found["totalSize"], 200);
    let (_, job) = org.get("/jobs/ingest").await;
    let ended = job["records"][0]["systemModstamp"].as_str().unwrap();
    assert!(last.as_str() < ended, "{last} {ended}");
}

#[tokio::test]
async fn work_ends_with_the_servers() {
    let org = org().await;
    org.with_billing_fields().await;
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "", FaultKind::SlowBulk(60_000)));
    let id = open(&org, upsert()).await;
    upload(&org, &id, accounts(0..2000)).await;
    set_state(&org, &id, "UploadComplete").await;
    let state = org.simulator.state();
    org.simulator.stop().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let after = state.count("Account");
    tokio::time::sleep(Duration::from_millis(2000)).await;
    assert_eq!(state.count("Account"), after);
}
