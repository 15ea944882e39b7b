//! What happens in Salesforce between the preview and the run.

use std::time::Duration;

use drawbridge_api::view::{
    ActionView, ErrorCode, OutcomeView, OutcomesRequest, PlanReading, PlanRowView, PlanRowsRequest,
    RunStartRequest, RunStatusView, WayView, WritePolicyView,
};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, find, run_request, values};
use jiff::SignedDuration;

const ID: &str = "Alguna_Customer_ID__c";

async fn rows(bench: &Workbench, plan: u32, action: ActionView) -> Vec<PlanRowView> {
    let request = PlanRowsRequest {
        action: Some(action),
        ..PlanRowsRequest::of(plan)
    };
    bench.context.plan_rows(request).await.unwrap().rows
}

async fn first_update(bench: &Workbench, plan: u32) -> String {
    let updates = rows(bench, plan, ActionView::Update).await;
    updates[0].record.clone().unwrap()
}

/// Runs a plan this way, whatever its size.
async fn run_by(bench: &Workbench, plan: u32, way: WayView) -> drawbridge_api::view::RunView {
    let request = RunStartRequest {
        way: Some(way),
        ..run_request(plan)
    };
    bench.try_run(request).await.unwrap().run
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_changed_after_the_preview_is_held_back() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let id = first_update(&bench, plan.id).await;
    let theirs = [("Alguna_Subscription_Value__c", 77.5.into())];
    bench
        .state()
        .update_record("Account", &id, &values(theirs), "Ana Ruiz")
        .unwrap();
    let edited = find(&bench.state(), "Account", "Id", &id);

    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.held, 1, "{run:?}");
    assert_eq!(run.counts.updated, plan.counts.update - 1);
    assert_eq!(find(&bench.state(), "Account", "Id", &id), edited);
    let request = OutcomesRequest {
        outcome: Some(OutcomeView::Held),
        limit: 10,
        ..OutcomesRequest::of(run.id)
    };
    let held = bench.context.run_outcomes(request).await.unwrap().rows;
    assert_eq!(held[0].record.as_deref(), Some(id.as_str()));
    assert_eq!(held[0].code.as_deref(), Some("changed_since_preview"));
    let problem = held[0].problem.as_ref().unwrap();
    assert!(
        problem.starts_with("Ana Ruiz changed the record in Salesforce after the preview"),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_deleted_after_the_preview_is_not_made_anew() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let id = first_update(&bench, plan.id).await;
    bench.state().delete_record("Account", &id).unwrap();
    let before = bench.state().count("Account");
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.held, 1, "{run:?}");
    let created = run.counts.created as usize;
    assert_eq!(bench.state().count("Account"), before + created);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_field_halts_the_run_until_it_is_back() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let field = "Alguna_Subscription_Name__c";
    let state = bench.state();
    state.delete_field("Account", field).unwrap();
    let writes = state.write_calls();

    let finished = bench.run(plan.id).await;
    let error = finished.error.expect("the run did not finish");
    assert_eq!(error.code, ErrorCode::FieldMissing);
    assert!(error.message.contains(field), "{error:?}");
    assert!(error.hint.is_some_and(|hint| hint.contains("Fields")));
    assert_eq!(finished.run.status, RunStatusView::Halted);
    assert!(!finished.run.adds_up);
    assert!(finished.run.reason.unwrap().contains(field));
    assert_eq!(state.write_calls(), writes);
    assert!(external_ids(&state, "Account", ID).is_empty());
    let refused = bench.try_plan(sync).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::FieldMissing);
    assert!(refused.message.contains(field), "{refused:?}");

    bench.deploy(sync).await;
    let resumed = bench.resume(finished.run.id).await.run;
    assert_adds_up(&resumed);
    assert_eq!(bench.plan(sync).await.tally.to_write, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_field_halts_the_run_too() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let field = "Alguna_Tax_Rate__c";
    let state = bench.state();
    state.hide_field("Account", field).unwrap();
    let writes = state.write_calls();
    let finished = bench.run(plan.id).await;
    assert_eq!(finished.run.status, RunStatusView::Halted);
    assert!(finished.error.unwrap().message.contains(field));
    assert_eq!(state.write_calls(), writes);

    // Nobody gives access back: without the rule the rest is written.
    let mut request = bench.mapping_as_saved(sync).await;
    for rule in &mut request.rules {
        if rule.field == field {
            rule.write = WritePolicyView::Never;
        }
    }
    bench.context.mapping_save(request).await.unwrap();
    let plan = bench.plan(sync).await;
    assert_adds_up(&bench.run(plan.id).await.run);
}

/// A colleague changes a record, and gives a free one the id of a customer, after the org was read
/// and an hour before the preview is made from what was read.
#[tokio::test(flavor = "multi_thread")]
async fn what_changed_between_reading_and_an_offline_preview_is_held_back() {
    for way in [WayView::Collections, WayView::Bulk] {
        let mut bench = Workbench::with_customers(120).await;
        let sync = bench.alguna_sync().await;
        let online = bench.plan(sync).await;
        let updates = rows(&bench, online.id, ActionView::Update).await;
        let created = rows(&bench, online.id, ActionView::Create).await;
        let taken: Vec<String> = updates.into_iter().filter_map(|row| row.record).collect();
        let state = bench.state();
        let ids = state.records("Account").into_iter();
        let mut ids = ids.map(|record| record["Id"].as_str().unwrap().to_owned());
        let free = ids.find(|id| !taken.contains(id)).unwrap();
        let theirs = values([("Alguna_Subscription_Value__c", 77.5.into())]);
        let named = values([(ID, created[0].customer.clone().into())]);
        for (id, edit) in [(&taken[0], theirs), (&free, named)] {
            state
                .update_record("Account", id, &edit, "Ana Ruiz")
                .unwrap();
        }
        let edited = [&taken[0], &free].map(|id| find(&state, "Account", "Id", id));
        state.advance_clock(Duration::from_hours(1));
        bench.reopen_ahead(SignedDuration::from_hours(1));

        let plan = bench.plan_by(sync, PlanReading::Offline).await.unwrap();
        let run = run_by(&bench, plan.id, way).await;
        assert_adds_up(&run);
        assert_eq!(run.counts.held, 2, "{way:?} {run:?}");
        let now = [&taken[0], &free].map(|id| find(&state, "Account", "Id", id));
        assert_eq!(now, edited, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_runs_ahead_hides_no_change() {
    for way in [WayView::Collections, WayView::Bulk] {
        let mut bench = Workbench::with_customers(120).await;
        let sync = bench.alguna_sync().await;
        bench.reopen_ahead(SignedDuration::from_mins(20));
        let plan = bench.plan(sync).await;
        let id = first_update(&bench, plan.id).await;
        let theirs = values([("Alguna_Subscription_Value__c", 77.5.into())]);
        let state = bench.state();
        state
            .update_record("Account", &id, &theirs, "Ana Ruiz")
            .unwrap();
        let edited = find(&state, "Account", "Id", &id);
        let run = run_by(&bench, plan.id, way).await;
        assert_adds_up(&run);
        assert_eq!(run.counts.held, 1, "{way:?} {run:?}");
        assert_eq!(find(&state, "Account", "Id", &id), edited, "{way:?}");
    }
}
