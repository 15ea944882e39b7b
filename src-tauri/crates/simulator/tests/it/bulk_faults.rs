//! Bulk API 2.0, ingest: jobs that are aborted, fail, wait or meet locks.

use std::fmt::Write;
use std::time::Duration;

use drawbridge_simulator::{BulkFailure, Fault, FaultKind, RowLocks, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::{accounts, open, over, result, run, set_state, text, upload, upsert};
use crate::client::org;

const SANDBOX: Server = Server::SalesforceSandbox;

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
async fn refused_rows_are_counted_over_several_jobs() {
    let org = org().await;
    org.with_billing_fields().await;
    let kind = FaultKind::RowErrors {
        status_code: "APEX_ERROR".to_owned(),
        message: "boom".to_owned(),
        every_nth: 2,
    };
    let fault = Fault::new(SANDBOX, "/jobs/ingest/", kind);
    org.simulator.state().arm(fault.method("PATCH").times(2));
    let first = run(&org, upsert(), accounts(0..3)).await;
    assert_eq!(first["numberRecordsFailed"], 1, "the second row");
    let second = run(&org, upsert(), accounts(3..6)).await;
    assert_eq!(second["numberRecordsFailed"], 2, "the fourth and the sixth");
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
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(state.count("Account"), after);
}

#[tokio::test]
async fn a_lost_answer_does_not_stop_a_started_job() {
    let org = org().await;
    org.with_billing_fields().await;
    let id = open(&org, upsert()).await;
    upload(&org, &id, accounts(0..300)).await;
    let path = format!("/jobs/ingest/{id}");
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "/jobs/ingest/", FaultKind::DropAfterCommit).method("PATCH"));
    let body = json!({"state": "UploadComplete"});
    assert!(org.send(Method::PATCH, &path, Some(&body)).await.is_err());
    let job = over(&org, "ingest", &id).await;
    assert_eq!(
        (&job["state"], &job["numberRecordsProcessed"]),
        (&json!("JobComplete"), &json!(300))
    );
    let (status, answer) = set_state(&org, &id, "UploadComplete").await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (400, &json!("INVALIDJOBSTATE"))
    );
}

#[tokio::test]
async fn jobs_and_other_calls_write_side_by_side() {
    let org = org().await;
    org.with_billing_fields().await;
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "", FaultKind::SlowBulk(500)).times(2));
    let before = org.simulator.state().count("Account");
    let mut ids = Vec::new();
    for job in 0..2 {
        let id = open(&org, upsert()).await;
        upload(&org, &id, accounts(job * 3000..(job + 1) * 3000)).await;
        ids.push(id);
    }
    for id in &ids {
        assert_eq!(set_state(&org, id, "UploadComplete").await.0, 200);
    }
    let (mut written, mut calls_between) = (0, 0);
    for call in 0..20 {
        let rows: Vec<Value> = (0..10)
            .map(|row| json!({"attributes": {"type": "Account"}, "Billing_Id__c": format!("C-{call}-{row}"), "Name": "Moss"}))
            .collect();
        let path = "/composite/sobjects/Account/Billing_Id__c";
        let (_, results) = org
            .call(Method::PATCH, path, Some(&json!({ "records": rows })))
            .await;
        written += results
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["created"] == true)
            .count();
        let (_, job) = org.get(&format!("/jobs/ingest/{}", ids[1])).await;
        calls_between += usize::from(job["state"] == "InProgress");
    }
    assert_eq!(written, 200);
    assert!(calls_between > 0, "no call got in while the jobs worked");
    for id in &ids {
        let job = over(&org, "ingest", id).await;
        assert_eq!(
            (&job["state"], &job["numberRecordsFailed"]),
            (&json!("JobComplete"), &json!(0))
        );
    }
    assert_eq!(org.simulator.state().count("Account") - before, 6200);
}

#[tokio::test]
async fn rows_can_be_missing_from_the_results() {
    let org = org().await;
    org.with_billing_fields().await;
    let state = org.simulator.state();
    let fault = FaultKind::MissingResults { every_nth: 4 };
    state.arm(Fault::new(SANDBOX, "", fault).times(u32::MAX));
    let done = run(&org, upsert(), accounts(0..20)).await;
    assert_eq!(done["numberRecordsProcessed"], 20);
    let successes = result(&org, &done, "successfulResults").await;
    assert_eq!(successes.len() - 1, 15);
    assert!(
        !successes.iter().any(|row| row.contains("\"A-3\"")),
        "{successes:?}"
    );
    let unprocessed = result(&org, &done, "unprocessedrecords").await;
    assert_eq!(unprocessed.len() - 1, 0);
}
