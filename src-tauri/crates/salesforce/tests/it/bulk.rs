//! Bulk jobs in the simulated org, and what is known of them after trouble.

use std::collections::BTreeMap;
use std::time::Duration;

use drawbridge_model::{
    BulkFile, BulkJob, BulkJobId, BulkOutcome, BulkResults, BulkState, BulkTarget, BulkWrite,
    RowResult, TargetError, Value, WriteKind, WriteRow,
};
use drawbridge_salesforce::Org;
use drawbridge_simulator::{BulkFailure, Fault, FaultKind, RowLocks, Server};

use crate::simulated::{account, named, prepared, row, simulator};

const SANDBOX: Server = Server::SalesforceSandbox;

fn plain() -> BulkWrite {
    BulkWrite {
        sobject: account(),
        kind: WriteKind::Upsert(named("Key__c")),
    }
}

fn rows(count: usize) -> Vec<WriteRow> {
    (0..count)
        .map(|at| {
            let name = Value::text(format!("Fern \"{at}\", Ltd"));
            row(
                &format!("c{at}"),
                None,
                &[("Key__c", Value::text(format!("k{at}"))), ("Name", name)],
            )
        })
        .collect()
}

fn file(org: &Org, write: &BulkWrite, rows: &[WriteRow]) -> <Org as BulkTarget>::File {
    let mut file = org.bulk_file(write);
    assert!(rows.iter().all(|row| file.add(row) == Ok(true)));
    file
}

async fn over(org: &Org, id: &BulkJobId) -> BulkJob {
    for _ in 0..3000 {
        let job = org.job(id).await.unwrap();
        if job.state.is_over() {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the job does not end");
}

async fn run(org: &Org, write: &BulkWrite, rows: &[WriteRow]) -> BulkJob {
    let id = org.begin_bulk(write).await.unwrap();
    org.upload(&id, file(org, write, rows)).await.unwrap();
    org.close(&id).await.unwrap();
    over(org, &id).await
}

async fn results(org: &Org, id: &BulkJobId, which: BulkResults) -> Vec<(String, BulkOutcome)> {
    let mut all = Vec::new();
    org.results(id, &plain(), which, |row| all.push((row.key, row.outcome)))
        .await
        .unwrap();
    all
}

#[tokio::test]
async fn five_thousand_rows_in_any_order_then_updated_by_id() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let before = simulator.state().count("Account");
    let job = run(&org, &plain(), &rows(5_000)).await;
    assert_eq!(
        (job.state, job.processed, job.failed),
        (BulkState::JobComplete, 5_000, 0)
    );
    assert_eq!(simulator.state().count("Account") - before, 5_000);
    let done = results(&org, &job.id, BulkResults::Successful).await;
    let sent: Vec<String> = (0..5_000).map(|at| format!("k{at}")).collect();
    assert_ne!(
        done.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(),
        sent
    );
    let done: BTreeMap<_, _> = done.into_iter().collect();
    assert!(sent.iter().all(|key| done.contains_key(key)));
    let BulkOutcome::Processed(RowResult::Written {
        record,
        created: true,
    }) = &done["k7"]
    else {
        panic!("{:?}", done["k7"]);
    };
    let update = BulkWrite {
        kind: WriteKind::Update,
        ..plain()
    };
    let job = run(
        &org,
        &update,
        &[row("c7", Some(record), &[("Name", Value::text("New"))])],
    )
    .await;
    let mut keys = Vec::new();
    org.results(&job.id, &update, BulkResults::Successful, |row| {
        keys.push(row.key);
    })
    .await
    .unwrap();
    assert_eq!(keys, [record.as_str()]);
}

#[tokio::test]
async fn refused_rows_say_why() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let mut rows = rows(3);
    rows[1]
        .values
        .insert(named("Name"), Value::text("x".repeat(300)));
    let job = run(&org, &plain(), &rows).await;
    assert_eq!((job.state, job.failed), (BulkState::JobComplete, 1));
    let failed = results(&org, &job.id, BulkResults::Failed).await;
    let [(key, BulkOutcome::Processed(RowResult::Refused(problem)))] = failed.as_slice() else {
        panic!("{failed:?}");
    };
    assert_eq!(
        (key.as_str(), problem.code.as_str()),
        ("k1", "STRING_TOO_LONG")
    );
    assert_eq!(problem.fields, ["Name"]);
    let locks = RowLocks::new(9);
    simulator.state().arm(Fault::new(
        SANDBOX,
        "jobs/ingest",
        FaultKind::RowLocks(locks),
    ));
    let job = run(&org, &plain(), &self::rows(2)).await;
    let failed = results(&org, &job.id, BulkResults::Failed).await;
    assert_eq!(failed.len(), 2);
    assert!(failed.iter().all(|(_, outcome)| matches!(outcome,
        BulkOutcome::Processed(RowResult::Refused(problem)) if problem.code == "UNABLE_TO_LOCK_ROW")));
}

#[tokio::test]
async fn jobs_that_end_as_a_whole() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let values = [
        ("Key__c", Value::text("k")),
        ("Nothing__c", Value::text("v")),
    ];
    let job = run(&org, &plain(), &[row("c", None, &values)]).await;
    assert_eq!(job.state, BulkState::Failed);
    assert!(job.error.unwrap().contains("Nothing__c"));

    let failure = BulkFailure {
        message: "TooManyLockFailure".to_owned(),
        after_batches: 0,
    };
    simulator.state().arm(Fault::new(
        SANDBOX,
        "jobs/ingest",
        FaultKind::BulkFailure(failure),
    ));
    let job = run(&org, &plain(), &rows(2)).await;
    assert_eq!(job.error.as_deref(), Some("TooManyLockFailure"));

    let id = org.begin_bulk(&plain()).await.unwrap();
    org.upload(&id, file(&org, &plain(), &rows(4)))
        .await
        .unwrap();
    simulator.state().arm(Fault::new(
        SANDBOX,
        "jobs/ingest",
        FaultKind::SlowBulk(60_000),
    ));
    org.close(&id).await.unwrap();
    org.abort(&id).await.unwrap();
    org.abort(&id).await.unwrap();
    let job = over(&org, &id).await;
    assert_eq!(job.state, BulkState::Aborted);
    let mut all = 0;
    for which in [
        BulkResults::Successful,
        BulkResults::Failed,
        BulkResults::Unprocessed,
    ] {
        all += results(&org, &id, which).await.len();
    }
    assert_eq!(all, 4, "every row is in one of the files");
}

#[tokio::test]
async fn lost_answers_are_settled_by_asking() {
    let simulator = simulator().await;
    let org = prepared(&simulator).await;
    let state = simulator.state();
    state.arm(Fault::new(SANDBOX, "jobs/ingest", FaultKind::DropAfterCommit).method("POST"));
    let lost = org.begin_bulk(&plain()).await.unwrap_err();
    assert!(matches!(lost, TargetError::LostAnswer { .. }), "{lost}");
    let log = state.request_log();
    let jobs = log.iter().filter(|call| call.path.ends_with("jobs/ingest"));
    assert_eq!(
        jobs.filter(|call| call.method == "POST").count(),
        1,
        "sent once"
    );
    let id = org.begin_bulk(&plain()).await.unwrap();

    state.arm(Fault::new(SANDBOX, "/batches", FaultKind::Html503).method("PUT"));
    let lost = org
        .upload(&id, file(&org, &plain(), &rows(3)))
        .await
        .unwrap_err();
    assert!(matches!(lost, TargetError::LostAnswer { .. }), "{lost}");
    state.arm(Fault::new(SANDBOX, "/batches", FaultKind::DropAfterCommit).method("PUT"));
    let lost = org
        .upload(&id, file(&org, &plain(), &rows(3)))
        .await
        .unwrap_err();
    assert!(matches!(lost, TargetError::LostAnswer { .. }), "{lost}");
    assert_eq!(org.job(&id).await.unwrap().state, BulkState::Open);
    let second = org
        .upload(&id, file(&org, &plain(), &rows(3)))
        .await
        .unwrap_err();
    assert!(matches!(second, TargetError::Refused { .. }), "{second}");

    state.arm(Fault::new(SANDBOX, "jobs/ingest", FaultKind::DropAfterCommit).method("PATCH"));
    org.close(&id).await.unwrap();
    assert_eq!(over(&org, &id).await.processed, 3);

    for kind in [
        FaultKind::Truncate,
        FaultKind::Html503,
        FaultKind::TokenExpired,
    ] {
        state.arm(Fault::new(SANDBOX, "successfulResults", kind));
        // Rows that came before an answer broke off come again.
        let rows: BTreeMap<_, _> = results(&org, &id, BulkResults::Successful)
            .await
            .into_iter()
            .collect();
        assert_eq!(rows.len(), 3);
    }
    let id = org.begin_bulk(&plain()).await.unwrap();
    state.arm(Fault::new(SANDBOX, "/batches", FaultKind::TokenExpired).method("PUT"));
    org.upload(&id, file(&org, &plain(), &rows(3)))
        .await
        .unwrap();
    org.close(&id).await.unwrap();
    assert_eq!(over(&org, &id).await.processed, 3);
}
