//! Records that a duplicate rule refuses: which one it found is told, and a person may allow it.

use drawbridge_api::view::{
    ErrorCode, OutcomeRowView, OutcomeView, OutcomesRequest, RetryRequest, RunView, WayView,
};
use drawbridge_testkit::simulator::{DuplicateAction, DuplicateRule};
use drawbridge_testkit::{Workbench, assert_adds_up, find, run_request, values};

const ID: &str = "Alguna_Customer_ID__c";

/// A run of which one new record equals an Account that somebody made after the preview.
async fn rejected(action: DuplicateAction, way: Option<WayView>) -> (Workbench, RunView, String) {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let created = drawbridge_api::view::PlanRowsRequest {
        action: Some(drawbridge_api::view::ActionView::Create),
        limit: 1,
        ..drawbridge_api::view::PlanRowsRequest::of(plan.id)
    };
    let row = bench
        .context
        .plan_rows(created)
        .await
        .unwrap()
        .rows
        .remove(0);
    let twin = values([("Name", row.name.clone().into())]);
    let twin = state.create_record("Account", &twin, "Ana Ruiz").unwrap();
    let rule = DuplicateRule {
        sobject: "Account".to_owned(),
        name: "Same_Name".to_owned(),
        fields: vec!["Name".to_owned()],
        action,
        message: "Use one of these records?".to_owned(),
        active: true,
    };
    state.add_duplicate_rule(rule).unwrap();
    let request = drawbridge_api::view::RunStartRequest {
        way,
        only: Some(vec![row.customer.clone()]),
        ..run_request(plan.id)
    };
    let run = bench.try_run(request).await.unwrap().run;
    assert_adds_up(&run);
    assert_eq!(run.counts.rejected, 1, "{run:?}");
    (bench, run, twin)
}

async fn row(bench: &Workbench, run: u32) -> OutcomeRowView {
    let request = OutcomesRequest {
        outcome: Some(OutcomeView::Rejected),
        limit: 10,
        ..OutcomesRequest::of(run)
    };
    let mut rows = bench.context.run_outcomes(request).await.unwrap().rows;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

fn allow(run: &RunView, customers: Option<&str>) -> RetryRequest {
    RetryRequest {
        run: run.id,
        customers: customers.map(|customer| vec![customer.to_owned()]),
        allow_duplicates: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_that_was_found_is_named_and_may_be_allowed() {
    let (bench, run, found) = rejected(DuplicateAction::Allow, None).await;
    let row = row(&bench, run.id).await;
    assert_eq!(row.code.as_deref(), Some("DUPLICATES_DETECTED"));
    assert_eq!(
        row.problem.unwrap(),
        format!("Use one of these records? Found {found} by duplicate rule Same_Name.")
    );
    let twin = row.twin.unwrap();
    assert_eq!((twin.record, twin.allowable), (found.clone(), true));
    assert!(twin.record_url.unwrap().ends_with(&found));

    // Without the permission it is refused again, and all at once nobody allows.
    let plain = RetryRequest {
        allow_duplicates: false,
        ..allow(&run, Some(&row.customer))
    };
    let again = bench.context.run_retry(plain).await.unwrap();
    assert_eq!(bench.finished(again.id).await.run.counts.rejected, 1);
    let refused = bench.context.run_retry(allow(&run, None)).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::BadRequest);

    let allowed = bench.context.run_retry(allow(&run, Some(&row.customer)));
    let run = bench.finished(allowed.await.unwrap().id).await.run;
    assert_adds_up(&run);
    assert_eq!((run.counts.rejected, run.counts.created), (0, 1), "{run:?}");
    let made = find(&bench.state(), "Account", ID, &row.customer);
    assert_ne!(made["Id"], found.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_blocks_lets_nobody_through() {
    let (bench, run, found) = rejected(DuplicateAction::Block, None).await;
    let row = row(&bench, run.id).await;
    let twin = row.twin.unwrap();
    assert_eq!((twin.record, twin.allowable), (found, false));
    let before = bench.state().write_calls();
    let refused = bench.context.run_retry(allow(&run, Some(&row.customer)));
    let refused = refused.await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadRequest);
    assert!(refused.hint.unwrap().contains("blocks"));
    assert_eq!(bench.state().write_calls(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_job_does_not_say_which_record_it_found() {
    let (bench, run, _) = rejected(DuplicateAction::Allow, Some(WayView::Bulk)).await;
    let row = row(&bench, run.id).await;
    assert_eq!(row.code.as_deref(), Some("DUPLICATES_DETECTED"));
    assert_eq!(row.twin, None);
}
