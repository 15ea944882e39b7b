//! Every run adds up, whatever becomes of its rows.

use drawbridge_api::view::{
    ActionView, OutcomeChangeView, OutcomeView, OutcomesRequest, PlanDecideRequest, PlanRowView,
    PlanRowsRequest, RunStartRequest, WritePolicyView,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, run_request, values};

const ID: &str = "Alguna_Customer_ID__c";

async fn rows(bench: &Workbench, plan: u32, action: Option<ActionView>) -> Vec<PlanRowView> {
    let request = PlanRowsRequest {
        action,
        ..PlanRowsRequest::of(plan)
    };
    bench.context.plan_rows(request).await.unwrap().rows
}

/// Rows by outcome, counted one by one.
async fn outcomes(bench: &Workbench, run: u32, outcome: OutcomeView) -> u32 {
    let request = OutcomesRequest {
        outcome: Some(outcome),
        ..OutcomesRequest::of(run)
    };
    let page = bench.context.run_outcomes(request).await.unwrap();
    assert_eq!(page.rows.len(), page.total as usize);
    page.total
}

#[tokio::test(flavor = "multi_thread")]
async fn a_normal_run_adds_up_in_the_org_too() {
    let bench = Workbench::with_customers(150).await;
    let sync = bench.alguna_sync().await;
    let before = bench.state().count("Account");
    let plan = bench.plan(sync).await;
    assert!(
        plan.counts.blocked >= 2,
        "the awkward rows are in: {plan:?}"
    );
    let finished = bench.run(plan.id).await;
    let run = finished.run;
    assert_adds_up(&run);
    assert_eq!(run.read, 150);
    assert_eq!(run.counts.blocked, plan.counts.blocked);
    assert_eq!(run.counts.created, plan.counts.create);
    assert_eq!(run.counts.updated, plan.counts.update);
    assert_eq!((run.verified, run.differs), (run.to_write, 0));

    let created = usize::try_from(run.counts.created).unwrap();
    assert_eq!(bench.state().count("Account"), before + created);
    let ids = external_ids(&bench.state(), "Account", ID);
    assert!(ids.values().all(|count| *count == 1), "{ids:?}");
    assert_eq!(ids.len(), run.to_write as usize);
    // Ids that differ only in case are two customers.
    assert!(ids.contains_key("aKq7Wmzt") && ids.contains_key("AkQ7wMZT"));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_are_rejected_and_the_rest_goes_through() {
    let bench = Workbench::with_customers(150).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let fault = FaultKind::RowErrors {
        status_code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".into(),
        message: "Region must be set".into(),
        every_nth: 15,
    };
    bench.state().arm(
        Fault::new(Server::SalesforceSandbox, "/composite/sobjects", fault)
            .method("PATCH")
            .times(u32::MAX),
    );
    let run = bench.run(plan.id).await.run;
    bench.state().clear_faults();
    assert_adds_up(&run);
    assert!(run.counts.rejected >= 5, "{run:?}");
    assert_eq!(
        run.counts.rejected,
        outcomes(&bench, run.id, OutcomeView::Rejected).await
    );
    assert_eq!(
        run.counts.created + run.counts.updated + run.counts.rejected,
        plan.tally.to_write
    );
    let ids = external_ids(&bench.state(), "Account", ID);
    assert_eq!(
        ids.len(),
        (run.counts.created + run.counts.updated) as usize
    );
    let request = drawbridge_api::view::RunRequest { run: run.id };
    let problems = bench.context.run_problems(request).await.unwrap();
    let rule = problems
        .iter()
        .find(|problem| problem.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION")
        .expect("the cause is grouped");
    assert_eq!(rule.rows, run.counts.rejected);
    assert!(rule.title.contains("Region must be set"), "{rule:?}");

    // What was refused is still to be written; what went through is not written again.
    let again = bench.plan(sync).await;
    assert_eq!(again.tally.to_write, run.counts.rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_refusals_halt_the_run() {
    let bench = Workbench::with_customers(900).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let fault = FaultKind::RowErrors {
        status_code: "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY".into(),
        message: "AccountTrigger: out of luck".into(),
        every_nth: 1,
    };
    bench.state().arm(
        Fault::new(Server::SalesforceSandbox, "/composite/sobjects", fault)
            .method("PATCH")
            .times(u32::MAX),
    );
    let finished = bench.run(plan.id).await;
    let run = finished.run;
    assert_eq!(run.status, drawbridge_api::view::RunStatusView::Halted);
    assert!(!run.adds_up && run.still_to_write > 0, "{run:?}");
    let total = drawbridge_testkit::total(run.counts);
    assert_eq!(total + run.still_to_write, run.read, "{run:?}");
    assert!(run.counts.rejected < plan.tally.to_write);
    assert!(run.reason.unwrap().contains("rejected"));
}

#[tokio::test(flavor = "multi_thread")]
async fn held_rows_and_fields_stay_as_they_are() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let updates = rows(&bench, plan.id, Some(ActionView::Update)).await;
    let creates = rows(&bench, plan.id, Some(ActionView::Create)).await;
    let (held, partly, not_created) = (&updates[0], &updates[1], &creates[0]);
    let state = bench.state();
    let record = |row: &PlanRowView| {
        drawbridge_testkit::find(&state, "Account", "Id", row.record.as_ref().unwrap())
    };
    let before = record(held);
    let decide = |customer: &str, field: Option<&str>| PlanDecideRequest {
        plan: plan.id,
        customer: customer.to_owned(),
        field: field.map(str::to_owned),
        hold: true,
    };
    for request in [
        decide(&held.customer, None),
        decide(&not_created.customer, None),
        decide(&partly.customer, Some("Alguna_Subscription_Status__c")),
    ] {
        bench.context.plan_decide(request).await.unwrap();
    }
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.held, 2, "{run:?}");
    assert_eq!(run.counts.updated, plan.counts.update - 1);
    assert_eq!(run.counts.created, plan.counts.create - 1);
    assert_eq!(record(held), before, "a held record is not touched");
    let ids = external_ids(&bench.state(), "Account", ID);
    assert!(!ids.contains_key(&not_created.customer));
    let partly = record(partly);
    assert_eq!(
        partly["Alguna_Subscription_Status__c"],
        serde_json::Value::Null
    );
    assert!(partly[ID].is_string(), "its other fields are written");

    // The run itself tells which field of which record was held.
    assert_eq!(run.fields_held, 1, "{run:?}");
    let request = OutcomesRequest {
        fields_held: true,
        ..OutcomesRequest::of(run.id)
    };
    let page = bench.context.run_outcomes(request).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (1, 1));
    assert_eq!(page.rows[0].customer, updates[1].customer);
    assert_eq!(page.rows[0].outcome, OutcomeView::Updated);
    let held = |change: &&OutcomeChangeView| change.held.is_some();
    let held: Vec<_> = page.rows[0].changes.iter().filter(held).collect();
    assert_eq!(held[0].held.as_deref(), Some("By a person, in the preview"));
    assert_eq!(
        (held.len(), held[0].label.as_str()),
        (1, "Alguna Subscription Status")
    );
}

/// A rule that writes only over what Drawbridge wrote meets a value of somebody else's.
#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_drawbridge_did_not_write_is_held_and_the_preview_says_why() {
    const VALUE: &str = "Alguna_Subscription_Value__c";
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let request = PlanRowsRequest {
        action: Some(ActionView::Update),
        fields: vec![VALUE.to_owned()],
        ..PlanRowsRequest::of(plan.id)
    };
    let row = bench.context.plan_rows(request.clone()).await.unwrap().rows;
    let record = row[0].record.clone().unwrap();
    let theirs = values([(VALUE, 77.5.into())]);
    let state = bench.state();
    state
        .update_record("Account", &record, &theirs, "Tom Okafor")
        .unwrap();
    let mut mapping = bench.mapping_as_saved(sync).await;
    for rule in &mut mapping.rules {
        if rule.field == VALUE {
            rule.write = WritePolicyView::IfUnchanged;
        }
    }
    bench.context.mapping_save(mapping).await.unwrap();

    let plan = bench.plan(sync).await;
    let request = PlanRowsRequest {
        plan: plan.id,
        held: true,
        ..request
    };
    let page = bench.context.plan_rows(request).await.unwrap();
    let ours = |row: &&PlanRowView| row.record.as_ref() == Some(&record);
    let row = page.rows.iter().find(ours).unwrap();
    let cell = row.cells.iter().find(|cell| cell.held).unwrap();
    let why = "Salesforce holds a value that Drawbridge did not write";
    assert_eq!(cell.why_held.as_deref(), Some(why));
    assert!(!cell.drifted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pilot_writes_so_many_and_no_more() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let request = RunStartRequest {
        limit: Some(7),
        ..run_request(plan.id)
    };
    let run = bench.try_run(request).await.unwrap().run;
    assert_adds_up(&run);
    assert_eq!(run.counts.created + run.counts.updated, 7);
    assert_eq!(run.counts.held, plan.tally.to_write - 7);
    assert_eq!(external_ids(&bench.state(), "Account", ID).len(), 7);
    // The rest comes with the next plan.
    let rest = bench.plan(sync).await;
    assert_eq!(rest.tally.to_write, plan.tally.to_write - 7);
    assert_adds_up(&bench.run(rest.id).await.run);
    assert_eq!(bench.plan(sync).await.tally.to_write, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_leave_to_create_nothing_is_created() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.profitwell_sync(false).await;
    let before = bench.state().count("Contact");
    let plan = bench.plan(sync).await;
    assert_eq!(plan.counts.create, 0);
    assert!(plan.counts.skipped > 0, "{plan:?}");
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.counts.skipped, plan.counts.skipped);
    assert_eq!(bench.state().count("Contact"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_plan_is_run_once() {
    let bench = Workbench::with_customers(40).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    bench.run(plan.id).await;
    let writes = bench.state().write_calls();
    let request = run_request(plan.id);
    let refused = bench.try_run(request).await.unwrap_err();
    assert_eq!(refused.code, drawbridge_api::view::ErrorCode::PlanStale);
    assert_eq!(bench.state().write_calls(), writes);
}
