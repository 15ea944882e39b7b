//! What the org made of what was sent: shown record by record, field by field.

use std::time::Duration;

use drawbridge_api::view::{
    ActionView, CustomerRequest, MatchListRequest, MatchStateView, OutcomesRequest, RunRequest,
    SideBySide, SyncRequest,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, FieldUpdate, Server};
use drawbridge_testkit::{Workbench, assert_adds_up, find, run_request, values};

use crate::org_side::{UMLAUT, planned, twelve};
use crate::undo::rows;

const NAME: &str = "Alguna_Subscription_Name__c";

#[tokio::test(flavor = "multi_thread")]
async fn values_the_org_stores_differently_are_named() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let rule = FieldUpdate {
        sobject: "Account".to_owned(),
        name: "Own_Names".to_owned(),
        field: NAME.to_owned(),
        value: "By the org".into(),
        from: None,
        active: true,
    };
    state.add_field_update(rule).unwrap();
    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(run.verified, plan.tally.to_write);
    assert!(run.differs > 10 && run.differs < run.verified, "{run:?}");
    assert_eq!(
        (run.counts.created, run.counts.updated),
        (plan.counts.create, plan.counts.update),
        "what differs was written all the same"
    );
    let request = OutcomesRequest {
        code: Some("read_back_differs".to_owned()),
        ..OutcomesRequest::of(run.id)
    };
    let page = bench.context.run_outcomes(request).await.unwrap();
    assert_eq!(page.total, run.differs);
    for row in &page.rows {
        let problem = row.problem.as_deref().unwrap();
        let sent = row
            .changes
            .iter()
            .find(|it| it.label == "Alguna Subscription Name");
        let sent = &sent.unwrap().after.text;
        assert_eq!(
            problem,
            format!("Alguna Subscription Name: sent “{sent}”, holds “By the org”.")
        );
        let record = find(&state, "Account", "Alguna_Customer_ID__c", &row.customer);
        assert_eq!(record[NAME], "By the org");
    }
    let problems = bench.context.run_problems(RunRequest { run: run.id }).await;
    let problems = problems.unwrap();
    let told: u32 = problems
        .iter()
        .filter(|problem| problem.code == "read_back_differs")
        .map(|problem| problem.rows)
        .sum();
    assert_eq!(told, run.differs);
}

/// A customer's record beside what billing gives, as the page of the customer shows it.
async fn beside(bench: &Workbench, source: u32, customer: &str) -> Vec<SideBySide> {
    let request = CustomerRequest {
        source,
        customer: customer.to_owned(),
    };
    let view = bench.context.customer_get(request).await.unwrap();
    let there = view.in_salesforce.into_iter().next();
    there.map_or_else(Vec::new, |there| there.fields)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_back_is_known_without_another_preview() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    let source = bench.context.sync_get(SyncRequest { sync }).await.unwrap();
    let source = source.source;
    let plan = bench.plan(sync).await;
    let mut written = rows(&bench, plan.id, ActionView::Create).await;
    assert!(!written.is_empty());
    written.extend(rows(&bench, plan.id, ActionView::Update).await);
    let run = bench.run(plan.id).await.run;
    assert_eq!((run.verified, run.differs), (plan.tally.to_write, 0));

    let mut shown = Vec::new();
    for row in &written {
        let fields = beside(&bench, source, &row.customer).await;
        let id = fields.iter().find(|it| it.field == "Alguna_Customer_ID__c");
        assert_eq!(id.unwrap().salesforce.text, row.customer);
        shown.push(fields);
    }
    let request = MatchListRequest {
        sync,
        state: MatchStateView::NotFound,
        search: String::new(),
        offset: 0,
        limit: 500,
    };
    let nobody = bench.context.match_list(request).await.unwrap().rows;
    for row in &written {
        let lacks_one = nobody.iter().any(|it| it.customer == row.customer);
        assert!(!lacks_one, "{row:?}");
    }
    let again = bench.plan(sync).await;
    assert_eq!(again.tally.to_write, 0);
    for (row, shown) in written.iter().zip(shown) {
        assert_eq!(beside(&bench, source, &row.customer).await, shown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saved_a_record_before_it_was_read_back_is_named() {
    let (bench, sync, _data) = twelve().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    // Reading back begins when everything is written, and takes its time.
    let slow = Fault::new(
        Server::SalesforceSandbox,
        "/composite/sobjects/Account",
        FaultKind::Slow(1_500),
    );
    state.arm(slow.method("POST").times(u32::MAX));
    let started = bench
        .context
        .run_start(run_request(plan.id))
        .await
        .unwrap()
        .id;
    let key = "Alguna_Customer_ID__c";
    let is_written = || {
        let records = state.records("Account").into_iter();
        records
            .filter(|record| record["Id"] == UMLAUT.1)
            .any(|record| record[key] == UMLAUT.0)
    };
    while !is_written() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let edit = values([("Alguna_Subscription_Status__c", "Odd".into())]);
    state
        .update_record("Account", UMLAUT.1, &edit, "Ana Ruiz")
        .unwrap();
    let run = bench.finished(started).await.run;
    assert_eq!(run.differs, 1, "{run:?}");
    let source = bench.context.sync_get(SyncRequest { sync }).await.unwrap();
    let fields = beside(&bench, source.source, UMLAUT.0).await;
    let status = fields
        .iter()
        .find(|it| it.field == "Alguna_Subscription_Status__c");
    assert_eq!(status.unwrap().salesforce.text, "Odd");
    let row = planned(&bench, sync, UMLAUT.0).await;
    let drift = row.drift.expect("somebody changed it");
    assert_eq!(drift.by.as_deref(), Some("Ana Ruiz"));
}
