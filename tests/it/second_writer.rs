//! A second program that fills the same fields: it is named before the first run, and its changes
//! after it.

use drawbridge_api::view::{
    ActionView, CheckState, ConnectionRequest, PlanRowView, PlanRowsRequest, RunStatusView,
};
use drawbridge_testkit::{Workbench, values};

const ROBOT: &str = "Alguna Integration";
const OTHERS: &str = "Others that fill the same fields";

/// What the preflight says about others, and whether it warns.
async fn others(bench: &Workbench, org: u32) -> (CheckState, String) {
    let request = ConnectionRequest { connection: org };
    let view = bench.context.connection_check(request).await.unwrap();
    let check = view.checks.into_iter().find(|check| check.name == OTHERS);
    let check = check.expect("it is checked");
    (check.state, check.detail.unwrap_or_default())
}

async fn rows(bench: &Workbench, plan: u32, drifted: bool) -> Vec<PlanRowView> {
    let request = PlanRowsRequest {
        drifted,
        ..PlanRowsRequest::of(plan)
    };
    bench.context.plan_rows(request).await.unwrap().rows
}

#[tokio::test(flavor = "multi_thread")]
async fn an_integration_at_work_in_the_same_fields_is_named() {
    let bench = Workbench::with_customers(90).await;
    let state = bench.state();
    state
        .reshape(|shape| shape.alguna_integration = true)
        .unwrap();
    let source = bench.connect_alguna().await;
    let org = bench.connect_sandbox().await;
    let sync = bench.create_sync(&source, &org, true).await.id;
    bench.deploy(sync).await;
    let (warns, said) = others(&bench, org.id).await;
    assert_eq!(warns, CheckState::Warning, "{said}");
    assert!(said.starts_with(ROBOT), "{said}");

    let plan = bench.plan(sync).await;
    let run = bench.run(plan.id).await.run;
    assert_eq!(run.status, RunStatusView::Finished, "{run:?}");
    // It goes on with its work.
    let status = "Alguna_Subscription_Status__c";
    let ours: Vec<String> = rows(&bench, plan.id, false)
        .await
        .into_iter()
        .filter(|row| row.action == ActionView::Update)
        .filter_map(|row| row.record)
        .take(7)
        .collect();
    assert_eq!(ours.len(), 7);
    for record in &ours {
        let edit = values([(status, "Paused by a robot".into())]);
        state
            .update_record("Account", record, &edit, ROBOT)
            .unwrap();
    }
    let again = bench.plan(sync).await;
    assert_eq!(again.tally.drifted, 7, "{:?}", again.tally);
    let rows = rows(&bench, again.id, true).await;
    assert_eq!(rows.len(), 7);
    let field = again
        .columns
        .iter()
        .position(|column| column.field == status)
        .unwrap();
    for row in rows {
        assert_eq!(row.drift.unwrap().by.as_deref(), Some(ROBOT));
        assert!(row.cells[field].drifted);
        assert_eq!(row.cells.iter().filter(|cell| cell.drifted).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_of_our_own_is_not_suspected() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    bench.run(bench.plan(sync).await.id).await;
    let connections = bench
        .context
        .connection_list(drawbridge_api::view::Nothing {});
    let org = connections
        .await
        .unwrap()
        .into_iter()
        .find(|it| it.org.is_some());
    let (state, said) = others(&bench, org.unwrap().id).await;
    assert_eq!(state, CheckState::Ok, "{said}");
}
