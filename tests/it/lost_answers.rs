//! Answers that never arrive: nothing is lost, nothing is written twice.

use std::time::{Duration, Instant};

use drawbridge_api::view::{ErrorCode, RunStartRequest, RunStatusView, RunView, UndoRequest};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, run_request, total};

use crate::org_side::{OBRIEN, twelve};

const ID: &str = "Alguna_Customer_ID__c";
const UPDATES: &str = "/composite/sobjects";
const CREATES: &str = "/composite/sobjects/Account/";

fn lose(state: &State, path: &str, kind: FaultKind, times: u32) {
    let fault = Fault::new(Server::SalesforceSandbox, path, kind);
    state.arm(fault.method("PATCH").times(times));
}

/// Every customer that was to be written has exactly one record, which holds what was shown.
async fn assert_nothing_lost_or_doubled(bench: &Workbench, sync: u32, run: &RunView) {
    let ids = external_ids(&bench.state(), "Account", ID);
    let doubled: Vec<_> = ids.iter().filter(|(_, count)| **count != 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
    assert_eq!(ids.len(), run.to_write as usize);
    assert_eq!(run.differs, 0);
    let again = bench.plan(sync).await;
    assert_eq!(again.tally.to_write, 0, "{again:?}");
}

/// How many calls that write were answered or lost since `before`.
fn writes_since(state: &State, before: usize) -> usize {
    state.write_calls() - before
}

async fn with_lost_answers(kind: FaultKind) {
    let bench = Workbench::with_customers(500).await;
    let sync = bench.alguna_sync().await;
    let accounts = bench.state().count("Account");
    let plan = bench.plan(sync).await;
    assert!(
        plan.counts.create > 100 && plan.counts.update > 200,
        "{plan:?}"
    );
    let state = bench.state();
    lose(&state, CREATES, kind.clone(), 1);
    lose(&state, UPDATES, kind.clone(), 1);
    let before = state.write_calls();
    let finished = bench.run(plan.id).await;
    let run = finished.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.unknown, 0, "{run:?}");
    assert_eq!(run.counts.created, plan.counts.create, "{run:?}");
    assert_eq!(run.counts.updated, plan.counts.update, "{run:?}");
    assert_eq!(
        state.count("Account"),
        accounts + run.counts.created as usize
    );
    let batches = plan.counts.create.div_ceil(200) + plan.counts.update.div_ceil(200);
    let writes = u32::try_from(writes_since(&state, before)).unwrap();
    match kind {
        // What arrived is not sent again.
        FaultKind::DropAfterCommit => assert_eq!(writes, batches),
        // What did not arrive is, once.
        _ => assert_eq!(writes, batches + 2),
    }
    assert_nothing_lost_or_doubled(&bench, sync, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_lost_after_the_work_was_done() {
    with_lost_answers(FaultKind::DropAfterCommit).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_lost_before_any_work_was_done() {
    with_lost_answers(FaultKind::DropBeforeCommit).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_answer_is_a_lost_one() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    lose(&bench.state(), UPDATES, FaultKind::Truncate, u32::MAX);
    let run = bench.run(plan.id).await.run;
    bench.state().clear_faults();
    assert_adds_up(&run);
    assert_nothing_lost_or_doubled(&bench, sync, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_lost_but_all_work_done_still_finishes() {
    let bench = Workbench::with_customers(500).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    lose(
        &bench.state(),
        UPDATES,
        FaultKind::DropAfterCommit,
        u32::MAX,
    );
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    // Known from reading back, not from sending again.
    assert_eq!(run.counts.created, plan.counts.create, "{run:?}");
    assert_eq!(run.counts.updated, plan.counts.update, "{run:?}");
    bench.state().clear_faults();
    assert_nothing_lost_or_doubled(&bench, sync, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_ever_arriving_ends_interrupted_and_can_be_resumed() {
    let mut bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    lose(&state, UPDATES, FaultKind::DropBeforeCommit, u32::MAX);
    let began = Instant::now();
    let finished = bench.run(plan.id).await;
    assert!(
        began.elapsed() < Duration::from_mins(1),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(
        finished.run.status,
        RunStatusView::Interrupted,
        "{finished:?}"
    );
    assert!(!finished.run.adds_up);
    assert_eq!(
        total(finished.run.counts) + finished.run.still_to_write,
        finished.run.read
    );
    assert!(finished.error.unwrap().hint.is_some());
    assert!(external_ids(&state, "Account", ID).is_empty());

    state.clear_faults();
    bench.reopen();
    let run = bench.resume(finished.run.id).await.run;
    assert_adds_up(&run);
    assert_nothing_lost_or_doubled(&bench, sync, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_is_known_before_another_run_writes() {
    let (mut bench, sync, _data) = twelve().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    // The call arrives, its answer is lost, and nothing can be read back.
    lose(&state, UPDATES, FaultKind::DropAfterCommit, 1);
    let reading = Fault::new(
        Server::SalesforceSandbox,
        "/composite/sobjects/Account",
        FaultKind::Html200,
    );
    state.arm(reading.method("POST").skip(1).times(u32::MAX));
    let pilot = RunStartRequest {
        only: Some(vec![OBRIEN.0.to_owned()]),
        ..run_request(plan.id)
    };
    let cut = bench.try_run(pilot).await.unwrap().run;
    assert_eq!(cut.status, RunStatusView::Interrupted, "{cut:?}");
    state.clear_faults();
    bench.reopen();

    // Somebody previews anew instead of resuming.
    let anew = bench.plan(sync).await;
    let written = state.write_calls();
    let undo = bench.context.undo_start(UndoRequest::of(cut.id)).await;
    let run = bench.try_run(run_request(anew.id)).await;
    for refused in [undo.err().unwrap(), run.err().unwrap()] {
        assert_eq!(refused.code, ErrorCode::Guard, "{refused:?}");
        assert!(refused.message.contains("1 record was on its way"));
        assert!(refused.hint.unwrap().contains("Resume run 1 first"));
    }
    assert_eq!(state.write_calls(), written, "nothing was written");

    let resumed = bench.resume(cut.id).await.run;
    assert_eq!(resumed.counts.updated, 1);
    assert_eq!(
        state.write_calls(),
        written,
        "what arrived is not sent again"
    );
    let rest = bench.plan(sync).await;
    let run = bench.run(rest.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.updated, plan.counts.update - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_outage_in_the_middle_is_waited_out() {
    let bench = Workbench::with_customers(900).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    // In the midst of writing every request is cut off for a while, reading back included.
    let gone = Fault::new(Server::SalesforceSandbox, "", FaultKind::DropAfterCommit);
    state.arm(gone.skip(7).times(9));
    let run = bench.run(plan.id).await.run;
    let lost = state
        .request_log()
        .iter()
        .filter(|request| request.status == 0)
        .count();
    assert_eq!(lost, 9, "the outage took place");
    assert_adds_up(&run);
    assert_eq!(run.counts.unknown, 0, "{run:?}");
    assert_nothing_lost_or_doubled(&bench, sync, &run).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn busy_servers_and_ended_sessions_are_waited_out() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    lose(&state, UPDATES, FaultKind::Html503, 2);
    state.expire_sessions();
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_nothing_lost_or_doubled(&bench, sync, &run).await;
}
