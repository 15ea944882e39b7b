//! Many records go by Bulk jobs: nothing is lost, nothing is written twice, whatever breaks on the
//! way.

use std::time::{Duration, Instant};

use drawbridge_api::view::{
    ActionView, OutcomeView, OutcomesRequest, PlanRowsRequest, PlanView, ProgressView, RunRequest,
    RunStartRequest, RunStatusView, RunView, WayView, Work,
};
use drawbridge_testkit::simulator::{
    BulkFailure, Config, Fault, FaultKind, RowLocks, Server, State,
};
use drawbridge_testkit::{
    Finished, Workbench, assert_adds_up, external_ids, find, run_request, total, values,
};

const ID: &str = "Alguna_Customer_ID__c";
const JOBS: &str = "/jobs/ingest";

fn by_bulk(plan: u32) -> RunStartRequest {
    RunStartRequest {
        way: Some(WayView::Bulk),
        ..run_request(plan)
    }
}

async fn run_by_bulk(bench: &Workbench, plan: &PlanView) -> Finished {
    bench.try_run(by_bulk(plan.id)).await.expect("it starts")
}

fn arm(state: &State, method: &str, path: &str, kind: FaultKind, times: u32) {
    let fault = Fault::new(Server::SalesforceSandbox, path, kind);
    state.arm(fault.method(method).times(times));
}

/// When calls of this method whose path ends so were made: after how many others.
fn places(state: &State, method: &str, end: &str) -> Vec<usize> {
    let log = state.request_log();
    let calls = log.iter().enumerate().filter(|(_, call)| {
        call.method == method && call.path.trim_end_matches('/').ends_with(end)
    });
    calls.map(|(place, _)| place).collect()
}

/// How many calls of this method whose path ends so were made.
fn calls(state: &State, method: &str, end: &str) -> usize {
    places(state, method, end).len()
}

/// How often a job was closed or aborted.
fn states_set(state: &State) -> usize {
    let log = state.request_log();
    log.iter()
        .filter(|call| call.method == "PATCH" && call.path.contains("/jobs/ingest/"))
        .count()
}

/// Every customer that was to be written has exactly one record, which holds what was shown.
async fn assert_whole(bench: &Workbench, sync: u32, plan: &PlanView, run: &RunView) {
    assert_adds_up(run);
    assert_eq!(run.way, WayView::Bulk);
    assert_eq!(run.counts.unknown, 0, "{run:?}");
    assert_eq!(run.counts.created, plan.counts.create, "{run:?}");
    assert_eq!(run.counts.updated, plan.counts.update, "{run:?}");
    assert_eq!((run.verified, run.differs), (run.to_write, 0));
    let ids = external_ids(&bench.state(), "Account", ID);
    assert!(ids.values().all(|count| *count == 1), "doubled: {ids:?}");
    assert_eq!(ids.len(), run.to_write as usize);
    assert_eq!(bench.plan(sync).await.tally.to_write, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_records_go_by_two_jobs() {
    let bench = Workbench::with_customers(3_000).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let accounts = state.count("Account");
    let before = state.write_calls();
    let began = Instant::now();
    let run = bench.run(plan.id).await.run;
    println!("{} records took {:?}", run.to_write, began.elapsed());
    assert!(
        run.way_reason.contains("from 2,000 on"),
        "{}",
        run.way_reason
    );
    assert_eq!(calls(&state, "PUT", "/batches"), 2, "creates, then updates");
    assert_eq!(state.write_calls() - before, 6, "create, upload, close");
    assert_eq!(
        state.count("Account"),
        accounts + plan.counts.create as usize
    );
    assert_whole(&bench, sync, &plan, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_of_the_changes_does_not_wait_for_that_of_the_new_records() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    assert!(plan.counts.create > 0 && plan.counts.update > 0, "{plan:?}");
    let state = bench.state();
    arm(&state, "GET", JOBS, FaultKind::Slow(1_000), 1);
    let run = run_by_bulk(&bench, &plan).await.run;
    assert_whole(&bench, sync, &plan, &run).await;
    let begun = places(&state, "POST", JOBS);
    assert_eq!(begun.len(), 2);
    assert!(begun[1] < places(&state, "GET", "/successfulResults")[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_job_holds_rows_that_set_different_fields() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let first = bench.plan(sync).await;
    bench.run(first.id).await;
    // Of each record another field was changed there since; every other field stays.
    let state = bench.state();
    let fields = ["Alguna_Plan_Name__c", "Alguna_Subscription_Name__c"];
    let ids: Vec<String> = external_ids(&state, "Account", ID).into_keys().collect();
    let record = |id: &str| find(&state, "Account", ID, id);
    let mut before = Vec::new();
    for (at, id) in ids.iter().take(20).enumerate() {
        let record = record(id);
        let field = fields[at % 2];
        if record.get(field).is_none_or(serde_json::Value::is_null) {
            continue;
        }
        let key = record["Id"].as_str().unwrap().to_owned();
        let other = values([(field, "Somebody's own".into())]);
        state
            .update_record("Account", &key, &other, "Ana Ruiz")
            .unwrap();
        before.push((id.clone(), record));
    }
    assert!(before.len() > 5, "{}", before.len());
    let plan = bench.plan(sync).await;
    let run = run_by_bulk(&bench, &plan).await.run;
    assert_adds_up(&run);
    assert_eq!((run.counts.rejected, run.differs), (0, 0), "{run:?}");
    for (id, then) in before {
        let now = record(&id);
        for (field, value) in &then {
            if field.ends_with("__c") && !fields.contains(&field.as_str()) {
                assert_eq!(&now[field], value, "{id} {field}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_changed_or_created_since_the_preview_is_held_back() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let request = |action| PlanRowsRequest {
        action: Some(action),
        limit: 1,
        ..PlanRowsRequest::of(plan.id)
    };
    let first = |action| {
        let (context, request) = (bench.context.clone(), request(action));
        async move { context.plan_rows(request).await.unwrap().rows.remove(0) }
    };
    let all = PlanRowsRequest {
        action: None,
        limit: 500,
        ..request(ActionView::Update)
    };
    let all = bench.context.plan_rows(all).await.unwrap().rows;
    let taken: Vec<String> = all.into_iter().filter_map(|row| row.record).collect();
    let (update, create) = (
        first(ActionView::Update).await,
        first(ActionView::Create).await,
    );
    let state = bench.state();
    let id = update.record.unwrap();
    let theirs = values([("Alguna_Subscription_Value__c", 77.5.into())]);
    state
        .update_record("Account", &id, &theirs, "Ana Ruiz")
        .unwrap();
    let edited = find(&state, "Account", "Id", &id);
    // Nobody's record until now.
    let unmatched = state.records("Account").into_iter().find(|record| {
        record["Id"]
            .as_str()
            .is_some_and(|id| !taken.iter().any(|it| it == id))
    });
    let by_hand = unmatched.unwrap()["Id"].as_str().unwrap().to_owned();
    let theirs = values([(ID, create.customer.clone().into())]);
    state
        .update_record("Account", &by_hand, &theirs, "Ana Ruiz")
        .unwrap();
    let by_hand = find(&state, "Account", "Id", &by_hand);

    let run = run_by_bulk(&bench, &plan).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.held, 2, "{run:?}");
    assert_eq!(run.counts.updated, plan.counts.update - 1);
    assert_eq!(run.counts.created, plan.counts.create - 1);
    assert_eq!(find(&state, "Account", "Id", &id), edited);
    assert_eq!(find(&state, "Account", ID, &create.customer), by_hand);
    let request = OutcomesRequest {
        outcome: Some(OutcomeView::Held),
        limit: 10,
        ..OutcomesRequest::of(run.id)
    };
    let held = bench.context.run_outcomes(request).await.unwrap().rows;
    let codes: Vec<_> = held.iter().filter_map(|row| row.code.as_deref()).collect();
    assert!(codes.contains(&"changed_since_preview"), "{codes:?}");
    assert!(codes.contains(&"created_since_preview"), "{codes:?}");
}

/// Loses answers of one stage of a job, and sees the run through.
async fn with_lost_answers(method: &str, path: &str, kind: FaultKind, times: u32) -> State {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    arm(&state, method, path, kind, times);
    let run = run_by_bulk(&bench, &plan).await.run;
    assert_eq!(state.faults().len(), 0, "the fault struck");
    assert_whole(&bench, sync, &plan, &run).await;
    state
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_when_a_job_was_created_begins_another_and_aborts_nobody_s() {
    for kind in [FaultKind::DropAfterCommit, FaultKind::DropBeforeCommit] {
        let state = with_lost_answers("POST", JOBS, kind, 1).await;
        assert_eq!(calls(&state, "POST", JOBS), 3, "begun once more");
        assert_eq!(calls(&state, "PUT", "/batches"), 2, "each file once");
        assert_eq!(states_set(&state), 2, "both closed, none aborted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_at_the_upload_aborts_the_job_and_begins_another() {
    for kind in [FaultKind::DropAfterCommit, FaultKind::DropBeforeCommit] {
        let state = with_lost_answers("PUT", "/batches", kind, 1).await;
        let counts = (calls(&state, "POST", JOBS), states_set(&state));
        assert_eq!(counts, (3, 3), "one more job, two closed and one aborted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_at_the_close_sends_nothing_again() {
    for kind in [FaultKind::DropAfterCommit, FaultKind::DropBeforeCommit] {
        let state = with_lost_answers("PATCH", JOBS, kind, 1).await;
        assert_eq!(calls(&state, "PUT", "/batches"), 2, "each file once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_and_results_that_are_lost_are_asked_again() {
    for path in ["/successfulResults", JOBS] {
        let state = with_lost_answers("GET", path, FaultKind::DropBeforeCommit, 2).await;
        assert_eq!(calls(&state, "PUT", "/batches"), 2, "each file once");
    }
    with_lost_answers("GET", "/successfulResults", FaultKind::Truncate, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_in_the_middle_is_renewed() {
    for (method, path) in [("POST", JOBS), ("PUT", "/batches"), ("PATCH", JOBS)] {
        with_lost_answers(method, path, FaultKind::TokenExpired, 1).await;
    }
    with_lost_answers("GET", "/successfulResults", FaultKind::TokenExpired, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_rows_are_sent_again_apart_and_rejected_in_the_end() {
    for (tries, rejected) in [(2, false), (50, true)] {
        let bench = Workbench::with_customers(300).await;
        let sync = bench.alguna_sync().await;
        let plan = bench.plan(sync).await;
        let state = bench.state();
        let locks = FaultKind::RowLocks(RowLocks::new(tries).every_nth(60));
        arm(&state, "PATCH", "", locks, u32::MAX);
        let run = run_by_bulk(&bench, &plan).await.run;
        state.clear_faults();
        if rejected {
            assert_adds_up(&run);
            assert!((1..20).contains(&run.counts.rejected), "{run:?}");
        } else {
            assert!(
                calls(&state, "PATCH", "/composite/sobjects") > 0,
                "sent apart"
            );
            assert_whole(&bench, sync, &plan, &run).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_a_failed_job_did_not_get_to_are_sent_again() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let failure = |message: &str| {
        FaultKind::BulkFailure(BulkFailure {
            message: message.to_owned(),
            after_batches: 0,
        })
    };
    arm(&state, "PATCH", JOBS, failure("TooManyLockFailure : 5"), 1);
    let run = run_by_bulk(&bench, &plan).await.run;
    assert_eq!(calls(&state, "POST", JOBS), 3);
    assert_whole(&bench, sync, &plan, &run).await;

    // Three jobs failing alike: it stops by itself, and nothing is rejected for it.
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    arm(
        &state,
        "PATCH",
        JOBS,
        failure("InvalidBatch : no"),
        u32::MAX,
    );
    let halted = run_by_bulk(&bench, &plan).await;
    assert_eq!(halted.run.status, RunStatusView::Halted, "{halted:?}");
    assert_eq!(halted.run.counts.rejected, 0);
    // One more was under way beside the third.
    let begun = calls(&state, "POST", JOBS);
    assert!((3..=4).contains(&begun), "{begun}");
    assert!(halted.run.reason.unwrap().contains("InvalidBatch : no"));
    state.clear_faults();
    let run = bench.resume(halted.run.id).await.run;
    assert_whole(&bench, sync, &plan, &run).await;
}

/// Starts a run whose first job takes long, and waits until the job is under way.
async fn under_way(bench: &Workbench, plan: &PlanView) -> u32 {
    let state = bench.state();
    arm(&state, "PATCH", JOBS, FaultKind::SlowBulk(120_000), 1);
    let run = bench.context.run_start(by_bulk(plan.id)).await.unwrap().id;
    job_is_there(bench, run).await;
    run
}

async fn job_is_there(bench: &Workbench, run: u32) {
    let begun = |it: &ProgressView| it.bulk.is_some_and(|bulk| bulk.jobs > 0);
    bench.until(Work::Run(run), begun).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_leaves_a_long_job_under_way_and_resuming_takes_its_results() {
    let bench = Workbench::start(Config {
        customers: 200,
        ..Config::default()
    })
    .await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    arm(&state, "PATCH", JOBS, FaultKind::SlowBulk(25_000), 1);
    let run = bench.context.run_start(by_bulk(plan.id)).await.unwrap().id;
    job_is_there(&bench, run).await;
    bench.context.run_stop(RunRequest { run }).await.unwrap();
    let stopped = bench.finished(run).await.run;
    assert_eq!(stopped.status, RunStatusView::Stopped);
    assert!(
        stopped
            .reason
            .unwrap()
            .contains("still under way in Salesforce")
    );
    assert_eq!(total(stopped.counts) + stopped.still_to_write, stopped.read);

    let run = bench.resume(run).await.run;
    assert_eq!(calls(&state, "POST", JOBS), 2, "no job was begun twice");
    assert_whole(&bench, sync, &plan, &run).await;
}

/// Aborts the job that takes long, as an admin of the org may in Setup: the one that is left once the
/// other of the two is complete.
async fn abort_slow_job(bench: &Workbench) {
    let closed = |state: &State| -> Vec<String> {
        let log = state.request_log().into_iter();
        let closing = log.filter(|call| call.method == "PATCH");
        let paths = closing.map(|call| call.path);
        paths
            .filter(|path| path.contains("/jobs/ingest/"))
            .collect()
    };
    let slow = loop {
        let jobs = closed(&bench.state());
        let (mut complete, mut at_work) = (0, Vec::new());
        for job in &jobs {
            let told = by_another(bench, "GET", job, "").await;
            let is = |state: &str| told.contains(&format!(r#""state":"{state}""#));
            complete += usize::from(is("JobComplete"));
            if is("UploadComplete") || is("InProgress") {
                at_work.push(job.clone());
            }
        }
        if let (1, [slow]) = (complete, &at_work[..]) {
            break slow.clone();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let answer = by_another(bench, "PATCH", &slow, r#"{"state":"Aborted"}"#).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// A call of another program, by the same login.
async fn by_another(bench: &Workbench, method: &str, path: &str, body: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let sandbox = &bench.simulator.credentials().sandbox;
    let host = sandbox.instance_url.trim_start_matches("http://");
    let host = host.trim_end_matches('/');
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        sandbox.access_token,
        body.len()
    );
    let mut connection = tokio::net::TcpStream::connect(host).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_another_program_begins_in_the_same_moment_is_left_alone() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let theirs =
        r#"{"object":"Account","operation":"update","contentType":"CSV","lineEnding":"LF"}"#;
    let jobs = "/services/data/v67.0/jobs/ingest";
    let made = by_another(&bench, "POST", jobs, theirs).await;
    let id = made.split("\"id\":\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    arm(&state, "POST", JOBS, FaultKind::DropBeforeCommit, 2);
    let run = run_by_bulk(&bench, &plan).await.run;
    assert_whole(&bench, sync, &plan, &run).await;
    let now = by_another(&bench, "GET", &format!("{jobs}/{id}"), "").await;
    assert!(now.contains("\"state\":\"Open\""), "{now}");
}

/// Rows that go apart already are not in a pass, and are no reason to take its rows for settled.
#[tokio::test(flavor = "multi_thread")]
async fn locked_rows_and_a_job_that_is_lost_after_a_standstill_leave_no_row_open() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let armed = |method: &str, path: &str, kind: FaultKind, skip: u32| {
        let fault = Fault::new(Server::SalesforceSandbox, path, kind);
        state.arm(fault.method(method).skip(skip));
    };
    // Of the first job all rows are locked once; the second finds no calls left, waits, and then
    // loses the answer to its upload.
    armed("PATCH", JOBS, FaultKind::RowLocks(RowLocks::new(1)), 0);
    armed("POST", JOBS, FaultKind::QuotaExceeded, 1);
    armed("PUT", "/batches", FaultKind::DropBeforeCommit, 1);
    let mut only = customers(&bench, plan.id, ActionView::Create).await;
    let updates = customers(&bench, plan.id, ActionView::Update).await;
    only.extend(updates.into_iter().take(40));
    let request = RunStartRequest {
        only: Some(only.clone()),
        ..by_bulk(plan.id)
    };
    let run = bench.try_run(request).await.unwrap().run;
    assert_adds_up(&run);
    assert_eq!(run.still_to_write, 0, "{run:?}");
    assert_eq!(external_ids(&state, "Account", ID).len(), only.len());
}

async fn customers(bench: &Workbench, plan: u32, action: ActionView) -> Vec<String> {
    let request = PlanRowsRequest {
        action: Some(action),
        ..PlanRowsRequest::of(plan)
    };
    let rows = bench.context.plan_rows(request).await.unwrap().rows;
    rows.into_iter().map(|row| row.customer).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_somebody_aborts_stops_the_run() {
    let bench = Workbench::with_customers(200).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let run = under_way(&bench, &plan).await;
    abort_slow_job(&bench).await;
    let halted = bench.finished(run).await;
    assert_eq!(halted.run.status, RunStatusView::Halted, "{halted:?}");
    assert!(
        halted
            .run
            .reason
            .unwrap()
            .contains("was aborted in Salesforce")
    );
    let run = bench.resume(run).await.run;
    assert_whole(&bench, sync, &plan, &run).await;
}
