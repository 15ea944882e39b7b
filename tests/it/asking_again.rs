//! Reads that get no answer are asked again, and whoever watches the work learns why it takes so long.

use drawbridge_api::view::{PlanReading, PlanStartRequest, Work};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};
use drawbridge_testkit::{Workbench, assert_adds_up, run_request};

/// What is said of the work while it gets no answer; once it gets one again, nothing is.
async fn said_of(bench: &Workbench, work: Work) -> String {
    let told = bench
        .until(work, |it| it.ended || it.no_answer.is_some())
        .await;
    let goes_on = bench
        .until(work, |it| it.ended || it.no_answer.is_none())
        .await;
    assert!(!goes_on.ended, "{goes_on:?}");
    told.no_answer.expect("something is said")
}

/// Makes requests take a while, so that the work is not over as soon as it gets an answer.
fn slow_down(bench: &Workbench, method: &str, path: &str) {
    let slow = Fault::new(Server::SalesforceSandbox, path, FaultKind::Slow(1_000));
    bench.state().arm(slow.method(method).times(u32::MAX));
}

async fn preview(bench: &Workbench, sync: u32, fault: Fault) -> String {
    bench.state().arm(fault);
    slow_down(bench, "GET", "/query");
    let request = PlanStartRequest {
        sync,
        reading: PlanReading::Full,
    };
    let work = Work::Plan(bench.context.plan_start(request).await.unwrap().id);
    let said = said_of(bench, work).await;
    let ended = bench.until(work, |it| it.ended).await;
    assert!(ended.error.is_none(), "{:?}", ended.error);
    bench.state().clear_faults();
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_that_either_side_gives_no_answer() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let throttled = FaultKind::TooManyRequests {
        retry_after: Some(3),
    };
    let fault = Fault::new(Server::Alguna, "/customers", throttled);
    let why = preview(&bench, sync, fault).await;
    assert_eq!(why, "Alguna asks to wait 3 s before the next call");

    let org = Server::SalesforceSandbox;
    let fault = Fault::new(org, "/query", FaultKind::DropBeforeCommit);
    let why = preview(&bench, sync, fault.times(3)).await;
    assert!(why.starts_with("The answer of 127.0.0.1:"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_says_that_it_can_read_nothing_at_present() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let away = Fault::new(Server::SalesforceSandbox, "/query", FaultKind::Html503);
    bench.state().arm(away.times(3));
    slow_down(&bench, "PATCH", "/composite/sobjects");
    let run = bench.context.run_start(run_request(plan.id)).await.unwrap();
    let why = said_of(&bench, Work::Run(run.id)).await;
    assert_eq!(why, "Salesforce is busy (HTTP 503)");
    let run = bench.finished(run.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.verified, plan.tally.to_write, "{run:?}");
}
