//! What a preview says a run will cost, against what the org counts.

use std::time::Duration;

use drawbridge_api::view::{PlanView, RunRequest, RunStartRequest, RunStatusView, WayView, Work};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};
use drawbridge_testkit::{Workbench, assert_adds_up, run_request};

fn forecast(plan: &PlanView) -> usize {
    plan.forecast.calls() as usize
}

/// API calls the org counted while the plan was run.
async fn used(bench: &Workbench, plan: &PlanView, way: Option<WayView>) -> usize {
    let state = bench.state();
    let before = state.api_calls();
    let request = RunStartRequest {
        way,
        ..run_request(plan.id)
    };
    let finished = bench.try_run(request).await.unwrap();
    assert_eq!(finished.run.status, RunStatusView::Finished, "{finished:?}");
    assert_adds_up(&finished.run);
    let counted = state.api_calls() - before;
    assert_eq!(
        finished.run.api_calls as usize, counted,
        "it counts as the org does"
    );
    counted
}

/// A forecast is right where a run makes at most one part of so many, and three calls, more or less.
fn assert_near(forecast: usize, used: usize, part: usize, what: &str) {
    let slack = used / part + 3;
    assert!(
        forecast.abs_diff(used) <= slack,
        "{what}: {forecast} forecast, {used} used"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_by_calls_costs_what_was_forecast() {
    for customers in [40, 700, 1_500] {
        let bench = Workbench::with_customers(customers).await;
        let sync = bench.alguna_sync().await;
        let plan = bench.plan(sync).await;
        let calls = used(&bench, &plan, None).await;
        assert_near(
            forecast(&plan),
            calls,
            10,
            &format!("{customers} customers"),
        );
        let nothing = bench.plan(sync).await;
        assert_eq!(forecast(&nothing), 0, "nothing to write costs nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_is_a_guess_until_a_run_was_timed() {
    let bench = Workbench::with_customers(700).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    assert_eq!(plan.forecast.timed_runs, 0, "{plan:?}");
    assert_eq!(plan.forecast.seconds, 2 * plan.forecast.calls());

    let pilot = RunStartRequest {
        limit: Some(400),
        ..run_request(plan.id)
    };
    // Each call takes its time, and some of it is spent paused.
    let state = bench.state();
    let slow = Fault::new(Server::SalesforceSandbox, "/", FaultKind::Slow(150));
    state.arm(slow.times(u32::MAX));
    let run = bench.context.run_start(pilot).await.unwrap().id;
    bench.context.run_pause(RunRequest { run }).await.unwrap();
    tokio::time::sleep(Duration::from_secs(6)).await;
    bench
        .context
        .run_continue(RunRequest { run })
        .await
        .unwrap();
    let pilot = bench.finished(run).await.run;
    assert_adds_up(&pilot);
    state.clear_faults();

    let rest = bench.plan(sync).await;
    assert_eq!(rest.forecast.timed_runs, 1);
    assert!(rest.tally.to_write > 100, "{:?}", rest.tally);
    let calls = rest.forecast.calls();
    let seconds = rest.forecast.seconds;
    assert!(seconds >= 1, "{:?}", rest.forecast);
    // As in the pilot: what it took without the pause, for each of its calls.
    let longest = (pilot.seconds - 5.0) / f64::from(pilot.api_calls) * f64::from(calls);
    assert!(
        f64::from(seconds) <= longest + 1.0,
        "{seconds} of {longest}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_by_bulk_jobs_costs_what_was_forecast() {
    let bench = Workbench::with_customers(3_000).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let calls = used(&bench, &plan, None).await;
    // How often a job is looked at depends on how long Salesforce takes.
    assert_near(forecast(&plan), calls, 3, "by Bulk jobs");
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_cost_what_was_forecast() {
    let bench = Workbench::with_customers(900).await;
    let sync = bench.profitwell_sync(false).await;
    let plan = bench.plan(sync).await;
    let calls = used(&bench, &plan, None).await;
    assert_near(forecast(&plan), calls, 10, "Contacts by their Accounts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_how_many_calls_a_run_may_make() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    bench.state().set_api_calls(100, 1_000);
    let forecast = bench.plan(sync).await.forecast;
    let left = forecast.calls_left.unwrap();
    assert_eq!(forecast.calls_usable, Some(left - 50), "{forecast:?}");
    // The last fifty are others'.
    bench.state().set_api_calls(960, 1_000);
    let forecast = bench.plan(sync).await.forecast;
    assert!(forecast.calls_left.is_some_and(|left| left > 0));
    assert_eq!(forecast.calls_usable, Some(0), "{forecast:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_stands_still_before_the_calls_of_others_are_eaten() {
    let bench = Workbench::with_customers(1_500).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    // The last fifty of a thousand are others', and fourteen are ours.
    let before = state.api_calls();
    state.set_api_calls(936, 1_000);
    let request = RunStartRequest {
        way: Some(WayView::Collections),
        ..run_request(plan.id)
    };
    let run = bench.context.run_start(request).await.unwrap().id;
    let waits = bench.until(Work::Run(run), |it| it.waiting.is_some()).await;
    let why = waits.waiting.unwrap().why;
    let used = state.api_calls() - before;
    assert!(why.contains("the last 50 are left to others"), "{why}");
    assert!((8..=14).contains(&used), "{used} of 14 were used");
    // Others are done, and the run goes on by itself.
    state.set_api_calls(0, 1_000);
    let ended = bench.finished(run).await.run;
    assert_adds_up(&ended);
    assert_eq!(
        ended.counts.created + ended.counts.updated,
        plan.tally.to_write
    );
}
