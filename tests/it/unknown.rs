//! What became of a record is not known: nobody answered, and what the org holds now does not tell.
//! Such a record is counted, shown, left alone, and never sent again blind.

use drawbridge_api::view::{
    ErrorCode, OutcomeRowView, OutcomeView, OutcomesRequest, PlanView, RetryRequest, RunRequest,
    RunStartRequest, RunStatusView, RunView, WayView,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, FieldUpdate, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, run_request};

const ID: &str = "Alguna_Customer_ID__c";
const NAME: &str = "Alguna_Subscription_Name__c";
const COLLECTIONS: &str = "/composite/sobjects";
const JOBS: &str = "/jobs/ingest";

fn arm(state: &State, method: &str, path: &str, kind: FaultKind) -> u64 {
    let fault = Fault::new(Server::SalesforceSandbox, path, kind);
    state.arm(fault.method(method).times(u32::MAX))
}

/// A Flow of the org gives every subscription a name of its own: a record never holds what was sent.
fn rename(state: &State) {
    let rule = FieldUpdate {
        sobject: "Account".to_owned(),
        name: "Own_Names".to_owned(),
        field: NAME.to_owned(),
        value: "By the org".into(),
        from: None,
        active: true,
    };
    state.add_field_update(rule).unwrap();
}

fn by_bulk(plan: &PlanView) -> RunStartRequest {
    RunStartRequest {
        way: Some(WayView::Bulk),
        ..run_request(plan.id)
    }
}

async fn prepared() -> (Workbench, u32, PlanView) {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    (bench, sync, plan)
}

async fn unknown(bench: &Workbench, run: u32) -> Vec<OutcomeRowView> {
    let request = OutcomesRequest {
        outcome: Some(OutcomeView::Unknown),
        code: Some("answer_lost".to_owned()),
        ..OutcomesRequest::of(run)
    };
    bench.context.run_outcomes(request).await.unwrap().rows
}

/// How often a file was sent to a Bulk job.
fn files(state: &State) -> usize {
    let log = state.request_log();
    log.iter()
        .filter(|call| call.method == "PUT" && call.path.contains(JOBS))
        .count()
}

fn assert_nothing_doubled(state: &State, plan: &PlanView) {
    let ids = external_ids(state, "Account", ID);
    assert!(ids.values().all(|count| *count == 1), "doubled: {ids:?}");
    assert_eq!(ids.len(), plan.tally.to_write as usize);
}

/// The rows of a finished run of which nobody knows: told why, told apart, and left alone.
async fn assert_told(bench: &Workbench, sync: u32, run: &RunView, why: &str) {
    assert_adds_up(run);
    let rows = unknown(bench, run.id).await;
    assert_eq!(rows.len(), run.counts.unknown as usize);
    for row in &rows {
        let problem = row.problem.as_deref().unwrap();
        assert_eq!(
            problem,
            format!("{why}, and the record now holds other values than were sent.")
        );
        assert!(row.record_url.is_some(), "{row:?}");
    }
    let problems = bench.context.run_problems(RunRequest { run: run.id }).await;
    let problems = problems.unwrap();
    let told = problems
        .iter()
        .find(|problem| problem.code == "answer_lost");
    let told = told.unwrap();
    assert_eq!(told.rows, run.counts.unknown);
    assert!(told.hint.starts_with("Not sent again."), "{told:?}");

    // Nothing is left to resume, and what is not known is not tried again as it was.
    let refused = bench.context.run_resume(RunRequest { run: run.id }).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::BadRequest);
    let request = RetryRequest {
        run: run.id,
        allow_duplicates: false,
        customers: Some(vec![rows[0].customer.clone()]),
    };
    let refused = bench.context.run_retry(request).await.unwrap_err();
    assert!(refused.message.contains("is unknown in run"), "{refused:?}");

    // An undo takes back what is known to be written, and says that the rest is not.
    let undo = bench.undo(run.id).await;
    assert_eq!(undo.read, run.counts.created + run.counts.updated);
    let note = undo.note.unwrap();
    assert!(
        note.starts_with(&format!("What became of {} record", run.counts.unknown)),
        "{note}"
    );

    // The next preview finds the records and compares anew.
    let again = bench.plan(sync).await;
    assert_eq!(again.counts.create, 0, "{again:?}");
    assert_eq!(again.counts.update, run.counts.unknown, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_that_reading_back_does_not_settle() {
    let (bench, sync, plan) = prepared().await;
    let state = bench.state();
    rename(&state);
    let fault = arm(&state, "PATCH", COLLECTIONS, FaultKind::DropAfterCommit);
    let before = state.write_calls();
    let run = bench.run(plan.id).await.run;
    state.disarm(fault);
    assert!(run.counts.unknown > 20, "{run:?}");
    assert!(run.counts.created + run.counts.updated > 0, "{run:?}");
    let calls = plan.counts.create.div_ceil(200) + plan.counts.update.div_ceil(200);
    assert_eq!(
        state.write_calls() - before,
        calls as usize,
        "nothing goes twice"
    );
    assert_nothing_doubled(&state, &plan);
    assert_told(&bench, sync, &run, "The answer was lost").await;
}

/// The run cannot look at its job, and when it can again Salesforce has forgotten it.
async fn with_a_forgotten_job(bench: &Workbench, plan: &PlanView) -> RunView {
    let state = bench.state();
    let refusal = FaultKind::salesforce_error(403, "INSUFFICIENT_ACCESS", "not now");
    let fault = arm(&state, "GET", "/jobs/ingest/", refusal);
    let halted = bench.try_run(by_bulk(plan)).await.unwrap().run;
    assert_eq!(halted.status, RunStatusView::Halted);
    assert_eq!(halted.counts.created + halted.counts.updated, 0);
    state.disarm(fault);
    // The job ends meanwhile, and is kept for seven days.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    state.advance_clock(std::time::Duration::from_hours(8 * 24));
    bench.resume(halted.id).await.run
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_salesforce_has_forgotten_is_read_back() {
    let (bench, sync, plan) = prepared().await;
    let state = bench.state();
    let run = with_a_forgotten_job(&bench, &plan).await;
    assert_adds_up(&run);
    assert_eq!(run.counts.unknown, 0, "{run:?}");
    assert_eq!(
        (run.counts.created, run.counts.updated),
        (plan.counts.create, plan.counts.update)
    );
    assert_eq!(files(&state), 2, "one of new records, one of changes");
    assert_nothing_doubled(&state, &plan);
    assert_eq!(bench.plan(sync).await.tally.to_write, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_salesforce_has_forgotten_and_reading_back_does_not_settle() {
    let (bench, sync, plan) = prepared().await;
    let state = bench.state();
    rename(&state);
    let run = with_a_forgotten_job(&bench, &plan).await;
    assert!(run.counts.unknown > 5, "{run:?}");
    assert_eq!(files(&state), 2);
    assert_nothing_doubled(&state, &plan);
    // Of the second job the results came: what the org made of it is seen when it is read back.
    state.remove_rule("Own_Names").unwrap();
    let rows = unknown(&bench, run.id).await;
    assert_eq!(rows.len(), run.counts.unknown as usize);
    let why = "Salesforce does not know the Bulk job any more, and the record now holds other \
               values than were sent.";
    assert!(rows.iter().all(|row| row.problem.as_deref() == Some(why)));
    assert_adds_up(&run);
    let again = bench.plan(sync).await;
    assert_eq!(again.counts.create, 0, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_missing_from_the_results_are_read_back() {
    let (bench, sync, plan) = prepared().await;
    let state = bench.state();
    arm(
        &state,
        "GET",
        JOBS,
        FaultKind::MissingResults { every_nth: 3 },
    );
    let run = bench.try_run(by_bulk(&plan)).await.unwrap().run;
    assert_adds_up(&run);
    assert_eq!(
        (run.counts.created, run.counts.updated, run.counts.unknown),
        (plan.counts.create, plan.counts.update, 0)
    );
    assert_eq!(files(&state), 2, "nothing goes twice");
    assert_nothing_doubled(&state, &plan);
    assert_eq!(bench.plan(sync).await.tally.to_write, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_missing_from_the_results_that_reading_back_does_not_settle() {
    let (bench, sync, plan) = prepared().await;
    let state = bench.state();
    rename(&state);
    let missing = FaultKind::MissingResults { every_nth: 1 };
    let fault = arm(&state, "GET", JOBS, missing);
    let run = bench.try_run(by_bulk(&plan)).await.unwrap().run;
    state.disarm(fault);
    assert!(run.counts.unknown > 20, "{run:?}");
    assert_eq!(files(&state), 2, "nothing goes twice");
    assert_nothing_doubled(&state, &plan);
    let why = "The results of the Bulk job leave the record out";
    assert_told(&bench, sync, &run, why).await;
}
