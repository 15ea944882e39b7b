//! Taking a run back.

use std::collections::BTreeMap;

use drawbridge_api::view::{
    ActionView, ErrorCode, OutcomesRequest, PlanRowView, PlanRowsRequest, ReportFormat,
    ReportRequest, UndoRequest,
};
use drawbridge_testkit::simulator::State;
use drawbridge_testkit::{Workbench, assert_adds_up, run_request, values};
use serde_json::{Map, Value};

/// Every Account by its id, without the stamps of its last save.
pub(crate) fn accounts(state: &State) -> BTreeMap<String, Map<String, Value>> {
    state
        .records("Account")
        .into_iter()
        .map(|mut record| {
            for stamp in ["LastModifiedDate", "LastModifiedById", "SystemModstamp"] {
                record.remove(stamp);
            }
            (record["Id"].as_str().unwrap().to_owned(), record)
        })
        .collect()
}

fn every(plan: u32, action: ActionView) -> PlanRowsRequest {
    PlanRowsRequest {
        action: Some(action),
        ..PlanRowsRequest::of(plan)
    }
}

pub(crate) async fn rows(bench: &Workbench, plan: u32, action: ActionView) -> Vec<PlanRowView> {
    let page = bench.context.plan_rows(every(plan, action)).await;
    page.unwrap().rows
}

#[tokio::test(flavor = "multi_thread")]
async fn undone_and_undone_again_the_org_is_as_it_was() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let before = accounts(&bench.state());
    let run = bench.run(bench.plan(sync).await.id).await.run;
    let written = accounts(&bench.state());
    assert!(run.counts.updated > 20 && run.counts.created > 0, "{run:?}");

    let writes = bench.state().write_calls();
    let plan = bench.undo(run.id).await;
    assert_eq!(
        bench.state().write_calls(),
        writes,
        "a preview writes nothing"
    );
    assert_eq!(plan.undoes, Some(run.id));
    assert_eq!(plan.counts.update, run.counts.updated);
    assert_eq!(plan.counts.skipped, run.counts.created);
    let left = rows(&bench, plan.id, ActionView::Skipped).await;
    let reason = left[0].reason.as_ref().unwrap();
    assert_eq!(reason.code, "created_by_run");

    let undone = bench.run(plan.id).await.run;
    assert_adds_up(&undone);
    assert_eq!(undone.undoes, Some(run.id));
    assert_eq!(undone.counts.updated, run.counts.updated);
    assert_eq!(undone.differs, 0);
    let mut now = accounts(&bench.state());
    now.retain(|id, _| before.contains_key(id));
    assert_eq!(now, before);

    let again = bench.undo(undone.id).await;
    let redone = bench.run(again.id).await.run;
    assert_eq!(redone.counts.updated, run.counts.updated);
    assert_eq!(accounts(&bench.state()), written);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_edited_since_is_left_and_named() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    // Two records that are given a value.
    let request = PlanRowsRequest {
        fields: vec!["Alguna_Subscription_Value__c".to_owned()],
        ..every(plan.id, ActionView::Update)
    };
    let valued = bench.context.plan_rows(request).await.unwrap().rows;
    let record = |place: usize| valued[place].record.clone().unwrap();
    let (edited, gone) = (record(0), record(1));
    let run = bench.run(plan.id).await.run;
    let theirs = [("Alguna_Subscription_Value__c", 77.5.into())];
    let state = bench.state();
    state
        .update_record("Account", &edited, &values(theirs), "Tom Okafor")
        .unwrap();
    state.delete_record("Account", &gone).unwrap();

    let undo = bench.undo(run.id).await;
    assert_eq!(undo.tally.held_fields, 1, "{undo:?}");
    let rows = rows(&bench, undo.id, ActionView::Update).await;
    let row = rows
        .iter()
        .find(|row| row.record.as_deref() == Some(edited.as_str()))
        .unwrap();
    let by = row.drift.as_ref().and_then(|drift| drift.by.as_deref());
    assert_eq!(by, Some("Tom Okafor"));
    assert_eq!(undo.counts.update, run.counts.updated - 1);

    let undone = bench.run(undo.id).await.run;
    assert_adds_up(&undone);
    let record = &accounts(&state)[&edited];
    assert_eq!(record["Alguna_Subscription_Value__c"], 77.5);

    // The run that took it back lists what it left, and its reports do.
    assert_eq!(undone.fields_held, 1);
    let request = OutcomesRequest {
        fields_held: true,
        ..OutcomesRequest::of(undone.id)
    };
    let left = bench.context.run_outcomes(request).await.unwrap().rows;
    assert_eq!(left[0].record.as_deref(), Some(edited.as_str()));
    let held: Vec<&str> = left[0]
        .changes
        .iter()
        .filter_map(|change| change.held.as_deref())
        .collect();
    assert_eq!(held.len(), 1, "{left:?}");
    let by = "Changed in Salesforce by Tom Okafor since it was last written, ";
    assert!(held[0].starts_with(by), "{held:?}");
    for format in [ReportFormat::Csv, ReportFormat::Html] {
        let request = ReportRequest {
            run: undone.id,
            format,
        };
        let mut report = Vec::new();
        let written = bench.context.report_write(request, &mut report).await;
        written.unwrap();
        let report = String::from_utf8(report).unwrap();
        assert_eq!(report.matches(by).count(), 1, "{report}");
    }
    assert_eq!(record["Alguna_Subscription_Name__c"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_made_before_the_undo_is_stale_and_unknown_runs_are_refused() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    let preview = bench.plan(sync).await;
    bench.undo(run.id).await;
    let request = run_request(preview.id);
    let error = bench.try_run(request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::PlanStale);
    let unknown = bench.context.undo_start(UndoRequest::of(99)).await;
    assert_eq!(unknown.unwrap_err().code, ErrorCode::NotFound);
}
