//! A plan from what was last read asks neither side, and its run is guarded as any other.

use drawbridge_api::view::{ErrorCode, PlanReading, PlanView};
use drawbridge_testkit::{Workbench, assert_adds_up, values};

async fn offline(bench: &Workbench, sync: u32) -> PlanView {
    let made = bench.plan_by(sync, PlanReading::Offline).await;
    made.expect("the plan is made")
}

async fn refused(bench: &Workbench, sync: u32) -> String {
    let error = bench.plan_by(sync, PlanReading::Offline).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert!(error.hint.unwrap().contains("Preview once"));
    error.message
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_preview_asks_nobody_and_comes_to_the_same() {
    let bench = Workbench::with_customers(80).await;
    let sync = bench.alguna_sync().await;
    assert!(refused(&bench, sync).await.contains("has not been read"));
    let online = bench.plan(sync).await;
    assert_eq!(online.offline, None);

    let requests = bench.state().request_log().len();
    let plan = offline(&bench, sync).await;
    assert_eq!(bench.state().request_log().len(), requests);
    assert_eq!(
        (plan.counts, plan.read, plan.records),
        (online.counts, online.read, online.records)
    );
    let ages = plan.offline.unwrap();
    assert!(ages.source_at <= ages.org_at && ages.org_at <= online.finished_at.unwrap());

    // A colleague changes one of the records after it was read.
    let (state, id) = (bench.state(), updated_record(&bench, plan.id).await);
    let changed = values([("Phone", "+1 555 0100".into())]);
    state
        .update_record("Account", &id, &changed, "Ana Ruiz")
        .unwrap();
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.held, 1, "{run:?}");
    // What the run wrote was never read.
    assert!(refused(&bench, sync).await.contains("A run has written"));
    bench.plan(sync).await;
    assert_eq!(offline(&bench, sync).await.counts.create, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_preview_needs_no_key() {
    let mut bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let online = bench.plan(sync).await;
    bench.secrets.lose();
    bench.reopen();
    assert_eq!(offline(&bench, sync).await.counts, online.counts);
    let asked = bench.plan_by(sync, PlanReading::Changes).await;
    assert_eq!(asked.unwrap_err().code, ErrorCode::NeedsSignIn);
}

/// A record the plan changes.
async fn updated_record(bench: &Workbench, plan: u32) -> String {
    use drawbridge_api::view::{ActionView, PlanRowsRequest, PlanSort};
    let request = PlanRowsRequest {
        action: Some(ActionView::Update),
        sort: PlanSort::Name,
        limit: 1,
        ..PlanRowsRequest::of(plan)
    };
    let page = bench.context.plan_rows(request).await.unwrap();
    page.rows[0].record.clone().unwrap()
}
