//! What happens in Salesforce between the preview and the run.

use drawbridge_api::view::{
    ActionView, ErrorCode, OutcomeView, OutcomesRequest, PlanRowsRequest, PlanSort, RunStatusView,
    WritePolicyView,
};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, find, values};

const ID: &str = "Alguna_Customer_ID__c";

async fn first_update(bench: &Workbench, plan: u32) -> String {
    let request = PlanRowsRequest {
        plan,
        action: Some(ActionView::Update),
        drifted: false,
        held: false,
        fields: Vec::new(),
        search: String::new(),
        sort: PlanSort::Customer,
        offset: 0,
        limit: 1,
    };
    let page = bench.context.plan_rows(request).await.unwrap();
    page.rows[0].record.clone().unwrap()
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
        run: run.id,
        outcome: Some(OutcomeView::Held),
        code: None,
        search: String::new(),
        offset: 0,
        limit: 10,
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
