//! Customers whose id changed in the billing system: deleted and made anew, merged, or imported
//! again.

use drawbridge_api::view::{
    ActionView, MatchDecisionView, MatchListRequest, MatchStateView, MatchView, PlanReading,
    PlanRowView, TakeoverAllRequest, ValueExplainRequest, ValueExplainView, WritebackSetRequest,
};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, field, find, values};

use crate::org_side::{OBRIEN, UMLAUT, blocked, conflict, decide, row, twelve};

const ID: &str = "Alguna_Customer_ID__c";
/// What the customer of [`UMLAUT`] is called from then on.
const NEW: &str = "umlaut2";

/// The customers of the testkit, written once.
async fn synced() -> (Workbench, u32, tempfile::TempDir) {
    let (bench, sync, data) = twelve().await;
    assert_adds_up(&bench.run(bench.plan(sync).await.id).await.run);
    (bench, sync, data)
}

/// As everything read anew shows it.
async fn seen(bench: &Workbench, sync: u32, customer: &str) -> PlanRowView {
    let plan = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    row(bench, plan.id, customer).await
}

/// A customer of the review queue.
async fn queued(bench: &Workbench, sync: u32, customer: &str) -> MatchView {
    let request = MatchListRequest {
        sync,
        state: MatchStateView::Proposed,
        search: customer.to_owned(),
        offset: 0,
        limit: 10,
    };
    let page = bench.context.match_list(request).await.unwrap();
    let mut rows = page.rows.into_iter();
    rows.find(|row| row.customer == customer).expect("it waits")
}

async fn explained(bench: &Workbench, sync: u32, customer: &str) -> ValueExplainView {
    let request = ValueExplainRequest {
        sync,
        customer: Some(customer.to_owned()),
        record: None,
        field: None,
    };
    bench.context.value_explain(request).await.unwrap()
}

fn accept(record: &str) -> MatchDecisionView {
    let record = record.to_owned();
    MatchDecisionView::Accept { record }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_with_a_new_id_takes_over_the_link_of_the_old_one() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    let accounts = state.count("Account");
    // Somebody corrects a value by hand meanwhile: that stays drift after the takeover.
    let theirs = values([("Alguna_Subscription_Status__c", "Odd".into())]);
    state
        .update_record("Account", UMLAUT.1, &theirs, "Ana Ruiz")
        .unwrap();
    assert!(state.reissue_customer(UMLAUT.0, NEW));

    let waits = seen(&bench, sync, NEW).await;
    assert_eq!(blocked(&waits), "new_id");
    let reason = waits.reason.unwrap();
    let today = state.now().strftime("%Y-%m-%d").to_string();
    for part in ["Mueller KG", UMLAUT.0, "Jürgen Müller", &today] {
        assert!(reason.message.contains(part), "{part}: {reason:?}");
    }
    assert!(reason.next_step.contains("Take over"), "{reason:?}");
    let queued = queued(&bench, sync, NEW).await;
    assert_eq!(queued.proposals.len(), 1, "{queued:#?}");
    assert_eq!(queued.proposals[0].record.id, UMLAUT.1);
    assert_eq!(queued.proposals[0].taken_by, None, "it can be accepted");
    let said = queued.proposals[0].takeover.clone().unwrap();
    assert_eq!(said.customer, UMLAUT.0);
    assert!(said.message.contains("in Alguna until"), "{said:?}");

    decide(&bench, sync, NEW, Some(accept(UMLAUT.1))).await;
    let plan = bench.plan(sync).await;
    let goes_over = row(&bench, plan.id, NEW).await;
    assert_eq!(goes_over.action, ActionView::Update, "{goes_over:#?}");
    assert_eq!(goes_over.record.as_deref(), Some(UMLAUT.1));
    let of = |name: &str| {
        let place = plan.columns.iter().position(|it| it.field == name);
        goes_over.cells[place.unwrap()].clone()
    };
    let id = of(ID);
    assert_eq!(id.before.unwrap().text, UMLAUT.0);
    assert_eq!(id.after.unwrap().text, NEW);
    assert!(!id.drifted, "what we wrote ourselves is no drift");
    let status = of("Alguna_Subscription_Status__c");
    assert_eq!(status.before.unwrap().text, "Odd");
    assert!(status.drifted, "the base travels along");

    let note = plan.note.clone().unwrap();
    assert!(note.contains("1 record goes over"), "{note}");

    let run = bench.run(plan.id).await.run;
    assert_adds_up(&run);
    assert_eq!(state.count("Account"), accounts, "no second record");
    assert_eq!(find(&state, "Account", ID, NEW)["Id"], UMLAUT.1);
    assert!(!external_ids(&state, "Account", ID).contains_key(UMLAUT.0));
    let after = bench.plan(sync).await;
    assert_eq!(after.tally.to_write, 0, "{after:?}");

    // Whoever asks where the id comes from is told.
    let explained = explained(&bench, sync, NEW).await;
    let told = explained.takeover.unwrap();
    assert!(told.contains(UMLAUT.0) && told.contains(NEW), "{told}");
    let id = &explained.fields.iter().find(|it| it.field == ID).unwrap();
    assert_eq!(id.writes[0].before.text, UMLAUT.0);
    assert_eq!(id.writes[0].after.text, NEW);

    // The undo puts the old id back, and the decision stands until it is taken back.
    let undo = bench.undo(run.id).await;
    assert_adds_up(&bench.run(undo.id).await.run);
    assert_eq!(find(&state, "Account", ID, UMLAUT.0)["Id"], UMLAUT.1);
    let again = seen(&bench, sync, NEW).await;
    assert_eq!(again.action, ActionView::Update, "{again:#?}");
    decide(&bench, sync, NEW, None).await;
    assert_eq!(blocked(&seen(&bench, sync, NEW).await), "new_id");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_takeover_is_not_offered_again() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    assert!(state.reissue_customer(UMLAUT.0, NEW));
    assert_eq!(blocked(&seen(&bench, sync, NEW).await), "new_id");
    decide(&bench, sync, NEW, Some(MatchDecisionView::CreateNew)).await;
    let plan = bench.plan(sync).await;
    assert_eq!(row(&bench, plan.id, NEW).await.action, ActionView::Create);
    assert_adds_up(&bench.run(plan.id).await.run);
    let own = find(&state, "Account", ID, NEW);
    assert_ne!(own["Id"], UMLAUT.1);
    assert_eq!(find(&state, "Account", ID, UMLAUT.0)["Id"], UMLAUT.1);
    let after = seen(&bench, sync, NEW).await;
    assert_eq!(after.action, ActionView::Unchanged);
    assert_eq!(after.record.as_deref(), own["Id"].as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_offered_while_the_old_customer_is_there() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    // Another customer comes to look like the one that has the record.
    let both = bench.somebody_at_alguna();
    both.connect("bare", UMLAUT.1).await;
    let bare = find(&state, "Account", ID, "bare")["Id"].clone();
    let cleared = values([(ID, serde_json::Value::Null)]);
    let id = bare.as_str().unwrap();
    state
        .update_record("Account", id, &cleared, "Ana Ruiz")
        .unwrap();
    state.delete_record("Account", id).unwrap();
    let torn = seen(&bench, sync, "bare").await;
    assert_eq!(blocked(&torn), "shared_record");
    let shown = conflict(&bench, sync, "bare").await.unwrap();
    assert!(shown.contains(UMLAUT.0), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_customer_that_comes_back_is_a_stated_conflict() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    assert!(state.reissue_customer(UMLAUT.0, NEW));
    assert_eq!(blocked(&seen(&bench, sync, NEW).await), "new_id");
    decide(&bench, sync, NEW, Some(accept(UMLAUT.1))).await;

    // Before the run: nothing is switched.
    assert!(state.reissue_customer("bare", UMLAUT.0));
    let torn = seen(&bench, sync, NEW).await;
    assert_eq!(blocked(&torn), "former_is_back");
    let keeps = row(&bench, bench.plan(sync).await.id, UMLAUT.0).await;
    assert_eq!(keeps.record.as_deref(), Some(UMLAUT.1));
    assert!(state.reissue_customer(UMLAUT.0, "bare2"));

    let plan = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    assert_adds_up(&bench.run(plan.id).await.run);
    assert_eq!(find(&state, "Account", ID, NEW)["Id"], UMLAUT.1);

    // After the run: it is not switched back, and no second record is made.
    assert!(state.reissue_customer("long", UMLAUT.0));
    let back = seen(&bench, sync, UMLAUT.0).await;
    assert_eq!(blocked(&back), "handed_over");
    let reason = back.reason.unwrap().message;
    assert!(
        reason.contains(NEW) && reason.contains(UMLAUT.1),
        "{reason}"
    );
    let shown = conflict(&bench, sync, UMLAUT.0).await.unwrap();
    assert!(shown.contains(NEW), "{shown}");
    assert_eq!(find(&state, "Account", ID, NEW)["Id"], UMLAUT.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_billing_named_is_offered_and_nothing_is_made_beside_it() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    let accounts = state.count("Account");
    assert!(state.reissue_customer(OBRIEN.0, "obrien2"));
    bench
        .somebody_at_alguna()
        .connect("obrien2", OBRIEN.1)
        .await;
    let waits = seen(&bench, sync, "obrien2").await;
    assert_eq!(blocked(&waits), "new_id");
    let found = find(&state, "Account", "Id", OBRIEN.1);
    assert_eq!(field(&found, ID), OBRIEN.0, "nothing is switched unasked");
    assert_eq!(state.count("Account"), accounts);
}

/// ProfitWell's customers are Contacts, found by their address.
#[tokio::test(flavor = "multi_thread")]
async fn customers_imported_again_halt_once_and_are_taken_over_together() {
    const FIELD: &str = "ProfitWell_Customer_ID__c";
    let bench = Workbench::start(drawbridge_testkit::simulator::Config {
        customers: 0,
        rate_limits: false,
        ..Default::default()
    })
    .await;
    let (state, billing) = (bench.state(), bench.somebody_at_profitwell());
    let since = state.now() - jiff::SignedDuration::from_hours(24 * 40);
    let mut before = Vec::new();
    for n in 0..25 {
        let email = format!("imported{n}@again.example");
        let contact = values([
            ("LastName", format!("Imported {n}").into()),
            ("Email", email.clone().into()),
        ]);
        state
            .create_record("Contact", &contact, "Ana Ruiz")
            .unwrap();
        before.push((billing.subscribe(&email, "pro", 1000, since).await, email));
    }
    let sync = bench.profitwell_sync(true).await;
    let all = bench.run_accepting(&bench.plan(sync).await).await;
    assert_adds_up(&all);
    let contacts = state.count("Contact");
    assert_eq!(external_ids(&state, "Contact", FIELD).len(), 25);

    let mut after = Vec::new();
    for (customer, email) in &before {
        billing.delete(customer).await;
        after.push(billing.subscribe(email, "pro", 2000, since).await);
    }
    let plan = bench.plan_by(sync, PlanReading::Full).await.unwrap();
    let halts: Vec<&str> = plan.halts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(halts, ["ids-changed"], "{:?}", plan.halts);
    assert!(
        plan.halts[0].message.contains("ProfitWell no longer has"),
        "{:?}",
        plan.halts
    );
    assert_eq!(plan.tally.to_write, 0, "{plan:?}");

    let take_over = async |apply: bool| {
        let request = TakeoverAllRequest { sync, apply };
        bench.context.match_take_over_all(request).await.unwrap()
    };
    let shown = take_over(false).await;
    assert_eq!((shown.sure, shown.unsure, shown.applied), (25, 0, false));
    assert_eq!(
        bench.plan(sync).await.tally.to_write,
        0,
        "it was only shown"
    );
    let done = take_over(true).await;
    assert_eq!(done.rows, shown.rows, "what was shown is what is done");
    // Without asking either side as well.
    let offline = bench.plan_by(sync, PlanReading::Offline).await.unwrap();
    assert_eq!(offline.tally.to_write, 25, "{offline:?}");
    let plan = bench.plan(sync).await;
    let halts: Vec<&str> = plan.halts.iter().map(|it| it.name.as_str()).collect();
    assert!(halts.contains(&"ids-changed"), "{:?}", plan.halts);
    let run = bench.run_accepting(&plan).await;
    assert_adds_up(&run);
    assert_eq!(run.counts.updated, 25, "{run:#?}");
    assert_eq!(state.count("Contact"), contacts);
    let ids = external_ids(&state, "Contact", FIELD);
    assert!(
        after.iter().all(|it| ids.get(&it.id) == Some(&1)),
        "{ids:?}"
    );
    assert!(
        before.iter().all(|(it, _)| !ids.contains_key(&it.id)),
        "{ids:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_customer_gets_the_account_linked_in_alguna_too() {
    let (bench, sync, _data) = synced().await;
    let state = bench.state();
    let request = WritebackSetRequest {
        sync,
        on: true,
        integration: None,
    };
    bench.context.writeback_set(request).await.unwrap();
    assert!(state.reissue_customer(UMLAUT.0, NEW));
    assert_eq!(blocked(&seen(&bench, sync, NEW).await), "new_id");
    decide(&bench, sync, NEW, Some(accept(UMLAUT.1))).await;
    let plan = bench.plan(sync).await;
    assert_adds_up(&bench.run(plan.id).await.run);
    let links = bench.somebody_at_alguna().links(NEW).await;
    let named: Vec<&str> = links
        .connected
        .iter()
        .map(|it| it.external.as_str())
        .collect();
    assert_eq!(named, [UMLAUT.1], "{links:?}");
}

/// Where customers are added up on Accounts, no record carries one customer's id: nothing has to
/// go over.
#[tokio::test(flavor = "multi_thread")]
async fn customers_that_share_an_account_find_it_by_their_contacts_still() {
    let bench = Workbench::start(drawbridge_testkit::simulator::Config {
        customers: 0,
        rate_limits: false,
        ..Default::default()
    })
    .await;
    let (state, billing) = (bench.state(), bench.somebody_at_profitwell());
    let since = state.now() - jiff::SignedDuration::from_hours(24 * 40);
    let account = crate::org_side::account(&state, "Twin Peaks Ltd");
    let contact = values([
        ("LastName", "Cooper".into()),
        ("Email", "dale@twin.example".into()),
        ("AccountId", account.clone().into()),
    ]);
    state
        .create_record("Contact", &contact, "Ana Ruiz")
        .unwrap();
    let old = billing
        .subscribe("dale@twin.example", "pro", 1000, since)
        .await;
    let sync = bench.rollup_sync().await;
    let run = bench.run_accepting(&bench.plan(sync).await).await;
    assert_adds_up(&run);
    billing.delete(&old).await;
    let new = billing
        .subscribe("dale@twin.example", "pro", 1000, since)
        .await;
    let found = seen(&bench, sync, &new.id).await;
    assert_eq!(found.record, Some(account), "{found:#?}");
}
