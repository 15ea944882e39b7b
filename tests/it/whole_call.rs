//! A call that Salesforce refuses as a whole: for what one record holds, or for what concerns all.

use drawbridge_api::view::{OutcomeView, OutcomesRequest, RunStatusView};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, total};

const ID: &str = "Alguna_Customer_ID__c";
const COLLECTIONS: &str = "/composite/sobjects";
const WORDS: &str = "Cannot deserialize instance of double from VALUE_STRING value abc or request \
                     may be missing a required field at [line:1, column:20]";

/// Every call that holds this text is refused as a whole.
fn refuse(state: &State, holding: &str, code: &str) {
    let refusal = FaultKind::salesforce_error(400, code, WORDS);
    let fault = Fault::new(Server::SalesforceSandbox, COLLECTIONS, refusal);
    let fault = fault.method("PATCH").body_contains(holding);
    state.arm(fault.times(u32::MAX));
}

fn writes(state: &State) -> usize {
    let log = state.request_log();
    log.iter()
        .filter(|call| call.method == "PATCH" && call.path.contains(COLLECTIONS))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_to_blame_is_found_and_the_others_go_through() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    assert!(plan.counts.update > 100, "{plan:?}");
    let state = bench.state();
    // Two records of which each spoils its call: one to be changed, one to be made.
    let one = bench.context.plan_rows(first_of(plan.id, "update")).await;
    let other = bench.context.plan_rows(first_of(plan.id, "create")).await;
    let (one, other) = (one.unwrap().rows.remove(0), other.unwrap().rows.remove(0));
    refuse(&state, one.record.as_deref().unwrap(), "JSON_PARSER_ERROR");
    refuse(
        &state,
        &format!("\"{}\"", other.customer),
        "JSON_PARSER_ERROR",
    );
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.rejected, 2, "{run:?}");
    assert_eq!(run.counts.updated, plan.counts.update - 1);
    assert_eq!(run.counts.created, plan.counts.create - 1);
    let request = OutcomesRequest {
        outcome: Some(OutcomeView::Rejected),
        limit: 10,
        ..OutcomesRequest::of(run.id)
    };
    let rows = bench.context.run_outcomes(request).await.unwrap().rows;
    let mut blamed: Vec<_> = rows.iter().map(|row| row.customer.as_str()).collect();
    blamed.sort_unstable();
    let mut expected = [one.customer.as_str(), other.customer.as_str()];
    expected.sort_unstable();
    assert_eq!(blamed, expected);
    for row in &rows {
        assert_eq!(row.code.as_deref(), Some("JSON_PARSER_ERROR"));
        assert_eq!(row.problem.as_deref(), Some(WORDS));
    }
    let ids = external_ids(&state, "Account", ID);
    assert!(ids.values().all(|count| *count == 1), "{ids:?}");
    // Halving 200 takes two calls a step, eight steps deep.
    assert!(writes(&state) <= 2 * (1 + 2 * 8) + 2, "{}", writes(&state));

    // When Salesforce takes them, a retry writes them.
    state.clear_faults();
    let request = drawbridge_api::view::RetryRequest {
        run: run.id,
        allow_duplicates: false,
        customers: None,
    };
    let retried = bench.context.run_retry(request).await.unwrap();
    let run = bench.finished(retried.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.rejected, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_no_record_goes_through_none_is_to_blame() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    refuse(&state, "", "JSON_PARSER_ERROR");
    let run = bench.run(plan.id).await.run;
    assert_eq!(run.status, RunStatusView::Halted, "{run:?}");
    assert!(run.reason.unwrap().contains("JSON_PARSER_ERROR"));
    assert!(run.counts.rejected <= 12, "{:?}", run.counts);
    assert_eq!(total(run.counts) + run.still_to_write, run.read);
    assert!(writes(&state) <= 4 * 12, "{}", writes(&state));
    state.clear_faults();
    let run = bench.resume(run.id).await.run;
    assert_adds_up(&run);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_concerns_all_halts_at_once() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    for code in ["INSUFFICIENT_ACCESS", "INVALID_TYPE", "NOT_FOUND"] {
        let state = bench.state();
        let before = writes(&state);
        refuse(&state, "", code);
        let run = match code {
            "INSUFFICIENT_ACCESS" => bench.run(plan.id).await.run,
            _ => bench.resume(1).await.run,
        };
        assert_eq!(run.status, RunStatusView::Halted, "{run:?}");
        assert_eq!(run.counts.rejected, 0, "{run:?}");
        assert!(writes(&state) - before <= 4, "calls under way at a time");
        state.clear_faults();
    }
    assert_adds_up(&bench.resume(1).await.run);
}

fn first_of(plan: u32, action: &str) -> drawbridge_api::view::PlanRowsRequest {
    use drawbridge_api::view::{ActionView, PlanRowsRequest};
    PlanRowsRequest {
        action: Some(match action {
            "create" => ActionView::Create,
            _ => ActionView::Update,
        }),
        limit: 1,
        ..PlanRowsRequest::of(plan)
    }
}
