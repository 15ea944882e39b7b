//! Reading the org: everything once, then what changed.

use std::time::Duration;

use drawbridge_api::view::{ActionView, PlanReading, WritePolicyView};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};
use drawbridge_testkit::{Workbench, find, values};

use crate::org_side::{OBRIEN, UMLAUT, blocked, planned, queries, row, twelve};

/// Whether a preview reads Accounts from the beginning.
async fn reads_all(bench: &Workbench, sync: u32) -> bool {
    reads_all_by(bench, sync, PlanReading::Changes).await
}

async fn reads_all_by(bench: &Workbench, sync: u32, reading: PlanReading) -> bool {
    let state = bench.state();
    let since = state.request_log().len();
    bench
        .plan_by(sync, reading)
        .await
        .expect("the plan is made");
    let asked = queries(&state, since);
    let accounts: Vec<&String> = asked
        .iter()
        .filter(|soql| soql.contains("FROM Account") && !soql.contains("IsDeleted"))
        .collect();
    assert!(!accounts.is_empty(), "{asked:#?}");
    !accounts
        .iter()
        .any(|soql| soql.contains("SystemModstamp >= "))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_preview_reads_what_changed_and_sees_the_whole() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let state = bench.state();
    let first = bench.plan(sync).await;
    // Long after, so that the overlap holds nothing.
    state.advance_clock(Duration::from_hours(1));
    let accounts = state.records("Account");
    let id = accounts[7]["Id"].as_str().unwrap();
    let edit = values([
        ("Description", "Edited".into()),
        ("Name", "Zebra Crossing".into()),
    ]);
    state
        .update_record("Account", id, &edit, "Ana Ruiz")
        .unwrap();

    let since = state.request_log().len();
    let again = bench.plan(sync).await;
    let asked = queries(&state, since);
    let changed = asked
        .iter()
        .filter(|soql| soql.contains("SystemModstamp >= "))
        .count();
    assert_eq!(
        changed, 4,
        "Accounts and Contacts, changed and gone: {asked:#?}"
    );
    assert_eq!(again.records, first.records, "all records are compared");
    let total = |plan: &drawbridge_api::view::PlanView| {
        plan.counts.create + plan.counts.update + plan.counts.unchanged + plan.counts.blocked
    };
    assert_eq!(total(&again), total(&first));
    let request = drawbridge_api::view::MatchSearchRequest {
        sync,
        search: "zebra".to_owned(),
    };
    let found = bench.context.match_search(request).await.unwrap();
    assert_eq!(found.len(), 1, "the new name is known");
    assert_eq!(found[0].id, id);
    let old = accounts[7]["Name"].as_str().unwrap();
    let request = drawbridge_api::view::MatchSearchRequest {
        sync,
        search: old.to_owned(),
    };
    let found = bench.context.match_search(request).await.unwrap();
    assert!(
        found.iter().all(|record| record.id != id),
        "the old one is not"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_right_after_a_preview_is_read() {
    let (bench, sync, _data) = twelve().await;
    bench.run(bench.plan(sync).await.id).await;
    bench.plan(sync).await;
    let edit = values([("Alguna_Subscription_Status__c", "Odd".into())]);
    let id = UMLAUT.1;
    bench
        .state()
        .update_record("Account", id, &edit, "Ana Ruiz")
        .unwrap();
    let row = planned(&bench, sync, UMLAUT.0).await;
    assert_eq!(row.action, ActionView::Update, "{row:#?}");
    assert!(row.drift.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_read_again_when_the_mark_does_not_hold() {
    let (bench, sync, _data) = twelve().await;
    assert!(reads_all(&bench, sync).await, "never read before");
    assert!(!reads_all(&bench, sync).await);

    // Another field to read.
    let mut request = bench.mapping_as_saved(sync).await;
    let rate = request.rules.iter_mut();
    let rate = rate
        .into_iter()
        .find(|rule| rule.field == "Alguna_Tax_Rate__c");
    rate.unwrap().write = WritePolicyView::Never;
    bench.context.mapping_save(request).await.unwrap();
    assert!(reads_all(&bench, sync).await, "other fields");
    assert!(!reads_all(&bench, sync).await);

    // A person asks for it.
    assert!(
        reads_all_by(&bench, sync, PlanReading::Full).await,
        "asked for"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_breaks_off_is_done_again() {
    let (bench, sync, _data) = twelve().await;
    bench.run(bench.plan(sync).await.id).await;
    let state = bench.state();
    let later = || state.advance_clock(Duration::from_hours(1));
    later();
    bench.plan(sync).await;
    later();
    state.delete_record("Account", OBRIEN.1).unwrap();
    later();
    let edit = values([("Alguna_Subscription_Status__c", "Odd".into())]);
    state
        .update_record("Account", UMLAUT.1, &edit, "Ana Ruiz")
        .unwrap();
    // The edit is read and kept; then what is gone is not told.
    let mut fault = Fault::new(
        Server::SalesforceSandbox,
        "/queryAll",
        FaultKind::Status(
            400,
            serde_json::json!([{"errorCode": "X", "message": "no"}]),
        ),
    );
    // The first asks for Contacts, the second for Accounts.
    fault.skip = 1;
    fault.times = u32::MAX;
    let fault = state.arm(fault);
    bench.try_plan(sync).await.unwrap_err();
    state.disarm(fault);
    later();
    // A mark on the edit would pass over the deletion before it.
    let plan = bench.plan(sync).await.id;
    assert_eq!(row(&bench, plan, UMLAUT.0).await.action, ActionView::Update);
    let gone = row(&bench, plan, OBRIEN.0).await;
    assert_eq!(blocked(&gone), "record_deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_gives_its_address_to_its_account_alone() {
    let (bench, sync, _data) = twelve().await;
    let state = bench.state();
    let contact = find(&state, "Contact", "LastName", "Müller");
    let contact = contact["Id"].as_str().unwrap();
    let other = crate::org_side::account(&state, "Somebody Else");
    let set = |field: &str, value: serde_json::Value| {
        state
            .update_record("Contact", contact, &values([(field, value)]), "Ana Ruiz")
            .unwrap();
    };
    let found = async || planned(&bench, sync, UMLAUT.0).await.record;
    assert_eq!(found().await.as_deref(), Some(UMLAUT.1));
    set("AccountId", other.as_str().into());
    assert_eq!(found().await, Some(other), "moved to another Account");
    set("Email", serde_json::Value::Null);
    assert_eq!(found().await, None, "lost its address");
    set("AccountId", UMLAUT.1.into());
    set("Email", "juergen@mueller.example".into());
    assert_eq!(found().await.as_deref(), Some(UMLAUT.1), "got it back");
    state.delete_record("Contact", contact).unwrap();
    assert_eq!(found().await, None, "was deleted");
    assert!(
        !reads_all(&bench, sync).await,
        "all this was seen in changes alone"
    );
}

/// A query loses records on its way, so many times.
fn lose_records(bench: &Workbench, from: &str, times: u32) -> u64 {
    let fault = Fault::new(Server::SalesforceSandbox, from, FaultKind::LessRows(3));
    // The first query asks who the org is.
    bench.state().arm(fault.method("GET").skip(1).times(times))
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_go_missing_while_they_are_read_are_not_taken_for_deleted() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    let known = bench.plan(sync).await;
    bench.run(known.id).await;
    let whole = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    assert_eq!(whole.tally.to_write, 0, "{:?}", whole.tally);

    // Twice in a row: the third reading is whole.
    lose_records(&bench, "/query", 2);
    let again = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    assert_eq!((again.counts, again.records), (whole.counts, whole.records));

    let fault = lose_records(&bench, "/query", u32::MAX);
    let refused = bench.plan_by(sync, PlanReading::Full).await.unwrap_err();
    assert!(
        refused.message.contains(" records") && refused.hint.unwrap().contains("taken for deleted"),
        "{}",
        refused.message
    );
    bench.state().disarm(fault);
    let after = bench.plan(sync).await;
    assert_eq!((after.counts, after.records), (whole.counts, whole.records));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_reading_that_breaks_off_leaves_nobody_deleted_or_new() {
    let bench = Workbench::with_customers(300).await;
    let sync = bench.alguna_sync().await;
    bench.run(bench.plan(sync).await.id).await;
    let whole = bench.plan(sync).await;
    // The Accounts are forgotten and read; their Contacts are not told.
    let refused = serde_json::json!([{"errorCode": "X", "message": "no"}]);
    let fault = Fault::new(
        Server::SalesforceSandbox,
        "/query",
        FaultKind::Status(400, refused),
    );
    // The first query asks who the org is, the second for Accounts.
    for skip in [2, 3] {
        let fault = fault.clone().method("GET").skip(skip).times(u32::MAX);
        let fault = bench.state().arm(fault);
        bench.plan_by(sync, PlanReading::Full).await.unwrap_err();
        bench.state().disarm(fault);
        assert!(reads_all(&bench, sync).await, "after {skip} queries");
        let after = bench.plan(sync).await;
        assert_eq!((after.counts, after.records), (whole.counts, whole.records));
    }
}
