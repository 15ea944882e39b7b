//! Taking a run back and deleting what it created: only where a person wants it, nobody saved the
//! record since, and nothing hangs on it.

use std::collections::BTreeSet;
use std::time::Duration;

use drawbridge_api::view::{
    ActionView, OutcomeRowView, OutcomeView, OutcomesRequest, PlanDecideRequest, ReportFormat,
    ReportRequest, RunStartRequest, RunStatusView, RunView, SyncCreateRequest, SyncRequest,
    ValueExplainRequest, ValueStanding, WayView,
};
use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, run_request, values};
use serde_json::Value;

use crate::undo::{accounts, rows};

const ID: &str = "Alguna_Customer_ID__c";
const COLLECTIONS: &str = "/composite/sobjects";

async fn outcomes(bench: &Workbench, run: u32, outcome: OutcomeView) -> Vec<OutcomeRowView> {
    let request = OutcomesRequest {
        outcome: Some(outcome),
        ..OutcomesRequest::of(run)
    };
    bench.context.run_outcomes(request).await.unwrap().rows
}

/// A workspace with a run that created records.
async fn created(customers: usize) -> (Workbench, u32, RunView) {
    let bench = Workbench::with_customers(customers).await;
    let sync = bench.alguna_sync().await;
    let run = bench.run(bench.plan(sync).await.id).await.run;
    assert_adds_up(&run);
    assert!(run.counts.created >= 5, "{run:?}");
    (bench, sync, run)
}

/// How many calls that delete arrived.
fn deletions(state: &State) -> usize {
    let is_one = |method: &str, path: &str| method == "DELETE" && path.contains(COLLECTIONS);
    let log = state.request_log();
    log.iter().filter(|it| is_one(&it.method, &it.path)).count()
}

fn lose(state: &State, kind: FaultKind, times: u32) {
    let fault = Fault::new(Server::SalesforceSandbox, COLLECTIONS, kind);
    state.arm(fault.method("DELETE").times(times));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_deleted_unless_a_person_wants_it() {
    let (bench, _, run) = created(120).await;
    let count = bench.state().count("Account");
    let plan = bench.undo(run.id).await;
    assert!(!plan.deletes);
    assert_eq!(plan.created_by_run, run.counts.created);
    assert_eq!((plan.counts.delete, plan.tally.to_delete), (0, 0));
    let left = rows(&bench, plan.id, ActionView::Skipped).await;
    let reason = left[0].reason.as_ref().unwrap();
    assert_eq!(reason.code, "created_by_run");
    assert!(reason.next_step.contains("Also delete"), "{reason:?}");
    let undone = bench.run(plan.id).await.run;
    assert_adds_up(&undone);
    assert_eq!(undone.counts.deleted, 0);
    assert_eq!(bench.state().count("Account"), count);
    assert_eq!(deletions(&bench.state()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_run_created_goes_and_the_org_is_as_it_was() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let state = bench.state();
    let before = accounts(&state);
    let first = bench.plan(sync).await;
    let run = bench.run(first.id).await.run;
    let made: BTreeSet<String> = outcomes(&bench, run.id, OutcomeView::Created)
        .await
        .into_iter()
        .map(|row| row.customer)
        .collect();

    let writes = state.write_calls();
    let plan = bench.undo_and_delete(run.id).await;
    assert_eq!(state.write_calls(), writes, "a preview writes nothing");
    assert!(plan.deletes);
    assert_eq!(plan.counts.delete, run.counts.created, "{plan:?}");
    assert_eq!(plan.tally.to_delete, run.counts.created);
    assert_eq!(plan.tally.to_write, run.counts.created + run.counts.updated);

    let undone = bench.run(plan.id).await.run;
    assert_adds_up(&undone);
    assert_eq!(undone.counts.deleted, run.counts.created);
    assert_eq!(undone.counts.updated, run.counts.updated);
    assert_eq!(undone.differs, 0);
    assert_eq!(
        undone.verified,
        undone.counts.deleted + undone.counts.updated
    );
    assert!(undone.way_reason.contains("to delete"), "{undone:?}");
    assert_eq!(accounts(&state), before);

    // The customers are as if they had never been linked: no conflict over a deleted record.
    let again = bench.plan(sync).await;
    assert_eq!(again.counts, first.counts);
    let anew = rows(&bench, again.id, ActionView::Create).await;
    assert_eq!(
        anew.into_iter()
            .map(|row| row.customer)
            .collect::<BTreeSet<_>>(),
        made
    );
    assert_eq!(again.counts.delete, 0, "a preview never deletes");

    // Taking the undo back restores values, and says what it cannot bring back.
    let redo = bench.undo(undone.id).await;
    assert_eq!(redo.counts.update, run.counts.updated);
    let lost = rows(&bench, redo.id, ActionView::Skipped).await;
    assert_eq!(lost.len(), made.len());
    let reason = lost[0].reason.as_ref().unwrap();
    assert_eq!(reason.code, "deleted_by_undo");
    assert!(reason.next_step.contains("recycle bin"), "{reason:?}");
    let request_of_all = bench.undo_and_delete(undone.id).await;
    assert_eq!(request_of_all.counts.delete, 0, "the undo created nothing");
    assert_adds_up(&bench.run(request_of_all.id).await.run);

    // One that a person restores is there again.
    let one = lost[0].record.clone().unwrap();
    state.undelete_record("Account", &one).unwrap();
    let redo = bench.undo(undone.id).await;
    let unchanged = rows(&bench, redo.id, ActionView::Unchanged).await;
    assert!(
        unchanged
            .iter()
            .any(|row| row.record.as_ref() == Some(&one))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_saved_or_hung_something_on_is_kept() {
    let (bench, _, run) = created(120).await;
    let state = bench.state();
    let made = outcomes(&bench, run.id, OutcomeView::Created).await;
    let record = |place: usize| made[place].record.clone().unwrap();
    // A field the run never wrote, one that it wrote, and one set back to what it wrote.
    state
        .update_record(
            "Account",
            &record(0),
            &values([("Phone", "1".into())]),
            "Tom Okafor",
        )
        .unwrap();
    state
        .update_record(
            "Account",
            &record(1),
            &values([("Name", "Theirs".into())]),
            "Ana Ruiz",
        )
        .unwrap();
    let name = made[2].name.clone();
    for name in ["Otherwise", name.as_str()] {
        state
            .update_record(
                "Account",
                &record(2),
                &values([("Name", name.into())]),
                "Ana Ruiz",
            )
            .unwrap();
    }
    let contact = values([
        ("LastName", "Lindqvist".into()),
        ("AccountId", record(3).into()),
    ]);
    state
        .create_record("Contact", &contact, "Ana Ruiz")
        .unwrap();

    let plan = bench.undo_and_delete(run.id).await;
    assert_eq!(plan.counts.delete, run.counts.created - 4, "{plan:?}");
    assert_eq!((plan.counts.skipped, plan.counts.blocked), (3, 1));
    let kept = rows(&bench, plan.id, ActionView::Skipped).await;
    for (row, by) in kept.iter().zip(["Tom Okafor", "Ana Ruiz", "Ana Ruiz"]) {
        let reason = row.reason.as_ref().unwrap();
        assert_eq!(reason.code, "saved_since");
        let today = state.now().strftime("%Y-%m-%d").to_string();
        assert!(
            reason.message.contains(by) && reason.message.contains(&today),
            "{reason:?}"
        );
    }
    let blocked = rows(&bench, plan.id, ActionView::Blocked).await;
    assert_eq!(blocked[0].record, Some(record(3)));
    let reason = blocked[0].reason.as_ref().unwrap();
    assert_eq!(reason.code, "has_children");
    assert!(reason.message.starts_with("1 Contact would"), "{reason:?}");

    // The same again between the preview and the run.
    state
        .update_record(
            "Account",
            &record(4),
            &values([("Phone", "2".into())]),
            "Tom Okafor",
        )
        .unwrap();
    let going = rows(&bench, plan.id, ActionView::Delete).await;
    let parent = going[1].record.clone().unwrap();
    let contact = values([
        ("LastName", "Late".into()),
        ("AccountId", parent.clone().into()),
    ]);
    state
        .create_record("Contact", &contact, "Ana Ruiz")
        .unwrap();
    let gone = going[2].record.clone().unwrap();
    state.delete_record("Account", &gone).unwrap();
    let undone = bench.run(plan.id).await.run;
    assert_adds_up(&undone);
    assert_eq!(undone.counts.deleted, plan.counts.delete - 3, "{undone:?}");
    assert_eq!(undone.counts.held, 2);
    let held = outcomes(&bench, undone.id, OutcomeView::Held).await;
    let codes: BTreeSet<_> = held
        .iter()
        .map(|row| row.code.as_deref().unwrap())
        .collect();
    assert_eq!(
        codes,
        BTreeSet::from(["changed_since_preview", "has_children"])
    );
    let unchanged = outcomes(&bench, undone.id, OutcomeView::Unchanged).await;
    assert_eq!(unchanged[0].code.as_deref(), Some("gone_already"));
    let there = accounts(&state);
    for place in 0..5 {
        assert!(there.contains_key(&record(place)), "{place}");
    }
    assert!(there.contains_key(&parent));
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_taken_back_one_after_the_other_leave_nothing_behind() {
    let bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let state = bench.state();
    let before = accounts(&state);
    let first = bench.run(bench.plan(sync).await.id).await.run;
    let made = outcomes(&bench, first.id, OutcomeView::Created).await;
    // A later run writes into a record the first one created.
    let record = made[0].record.clone().unwrap();
    let field = "Alguna_Subscription_Name__c";
    state
        .update_record(
            "Account",
            &record,
            &values([(field, Value::Null)]),
            "Ana Ruiz",
        )
        .unwrap();
    let second = bench.run(bench.plan(sync).await.id).await.run;
    assert_eq!(second.counts.updated, 1, "{second:?}");
    // It holds what the first run wrote, and the last save is ours; yet not by the first run.
    let plan = bench.undo_and_delete(first.id).await;
    assert_eq!(plan.counts.delete, first.counts.created, "{plan:?}");
    assert_adds_up(&bench.run(plan.id).await.run);
    assert_eq!(accounts(&state), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_read_back_and_never_sent_blindly() {
    for (kind, calls) in [
        (FaultKind::DropAfterCommit, 1),
        (FaultKind::DropBeforeCommit, 2),
        (FaultKind::Truncate, 1),
    ] {
        let (bench, _, run) = created(120).await;
        let state = bench.state();
        let plan = bench.undo_and_delete(run.id).await;
        lose(&state, kind.clone(), 1);
        let undone = bench.run(plan.id).await.run;
        assert_adds_up(&undone);
        assert_eq!(undone.counts.deleted, run.counts.created, "{kind:?}");
        assert_eq!(undone.counts.unknown, 0);
        assert_eq!(deletions(&state), calls, "{kind:?}");
        assert!(external_ids(&state, "Account", ID).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_off_in_the_middle_it_is_resumed() {
    let (mut bench, _, run) = created(120).await;
    let state = bench.state();
    let plan = bench.undo_and_delete(run.id).await;
    // The deletion is done and its answer lost, and nothing can be read back.
    lose(&state, FaultKind::DropAfterCommit, 1);
    let reading = Fault::new(
        Server::SalesforceSandbox,
        "/composite/sobjects/Account",
        FaultKind::Html200,
    );
    let armed = plan.counts.update.div_ceil(200) + plan.counts.delete.div_ceil(200);
    state.arm(reading.method("POST").skip(armed).times(u32::MAX));
    let cut = bench.run(plan.id).await.run;
    assert_eq!(cut.status, RunStatusView::Interrupted, "{cut:?}");
    assert_eq!(cut.counts.deleted, 0);
    assert_eq!(deletions(&state), 1);

    state.clear_faults();
    bench.reopen();
    let resumed = bench.resume(cut.id).await.run;
    assert_adds_up(&resumed);
    assert_eq!(resumed.counts.deleted, run.counts.created);
    assert_eq!(deletions(&state), 1, "what arrived is not sent again");
    assert_eq!(resumed.differs, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_deletion_is_rejected_and_the_rest_goes() {
    let (bench, sync, run) = created(120).await;
    let state = bench.state();
    let plan = bench.undo_and_delete(run.id).await;
    let refused = FaultKind::RowErrors {
        status_code: "DELETE_FAILED".to_owned(),
        message: "Your attempt to delete this account could not be completed.".to_owned(),
        every_nth: 5,
    };
    lose(&state, refused, 1);
    let undone = bench.run(plan.id).await.run;
    assert_adds_up(&undone);
    let left = run.counts.created / 5;
    assert!(left > 0, "{run:?}");
    assert_eq!(undone.counts.rejected, left, "{undone:?}");
    assert_eq!(undone.counts.deleted, run.counts.created - left);
    assert_eq!(external_ids(&state, "Account", ID).len(), left as usize);
    // What stands is still the customer's.
    let again = bench.plan(sync).await;
    assert_eq!(again.counts.create, run.counts.created - left, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deletions_go_by_calls_beside_bulk_jobs() {
    let (bench, _, run) = created(500).await;
    let state = bench.state();
    let plan = bench.undo_and_delete(run.id).await;
    let request = RunStartRequest {
        way: Some(WayView::Bulk),
        ..run_request(plan.id)
    };
    let undone = bench.try_run(request).await.unwrap().run;
    assert_adds_up(&undone);
    assert_eq!(undone.way, WayView::Bulk);
    assert_eq!(undone.counts.deleted, run.counts.created);
    assert_eq!(undone.counts.updated, run.counts.updated);
    assert_eq!(undone.differs, 0);
    let calls = run.counts.created.div_ceil(200) as usize;
    assert_eq!(deletions(&state), calls);
    assert!(external_ids(&state, "Account", ID).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_deletion_and_a_pilot_leave_the_rest() {
    let (bench, _, run) = created(120).await;
    let state = bench.state();
    let plan = bench.undo_and_delete(run.id).await;
    let going = rows(&bench, plan.id, ActionView::Delete).await;
    let decision = PlanDecideRequest {
        plan: plan.id,
        customer: going[0].customer.clone(),
        field: None,
        hold: true,
    };
    let tally = bench.context.plan_decide(decision).await.unwrap();
    assert_eq!(tally.to_delete, plan.tally.to_delete - 1);
    assert_eq!(tally.held_rows, 1);
    let chosen = [&going[0], &going[1]].map(|row| row.customer.clone());
    let request = RunStartRequest {
        only: Some(chosen.to_vec()),
        ..run_request(plan.id)
    };
    let undone = bench.try_run(request).await.unwrap().run;
    assert_adds_up(&undone);
    assert_eq!((undone.counts.deleted, undone.counts.updated), (1, 0));
    let there = accounts(&state);
    assert!(there.contains_key(going[0].record.as_ref().unwrap()));
    assert!(!there.contains_key(going[1].record.as_ref().unwrap()));
    // The report has the term, and the row.
    let mut page = Vec::new();
    let request = ReportRequest {
        run: undone.id,
        format: ReportFormat::Csv,
    };
    bench
        .context
        .report_write(request, &mut page)
        .await
        .unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains(" + 1 deleted"), "{page}");
    assert!(page.contains(",deleted,"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_of_another_sync_saved_is_named_as_such() {
    let (bench, sync, run) = created(60).await;
    let first = bench.context.sync_get(SyncRequest { sync }).await.unwrap();
    let request = SyncCreateRequest {
        name: "Second".to_owned(),
        source: first.source,
        org: first.org,
        pack: None,
        create_records: true,
        record_links: None,
    };
    let second = bench.context.sync_create(request).await.unwrap().id;
    let row = outcomes(&bench, run.id, OutcomeView::Created)
        .await
        .remove(0);
    let id = row.record.unwrap();
    let edit = values([("Alguna_Subscription_Status__c", "Odd".into())]);
    bench
        .state()
        .update_record("Account", &id, &edit, "Tom Okafor")
        .unwrap();
    let plan = bench.plan(second).await;
    let note = plan.note.clone().unwrap();
    assert!(
        note.contains(&format!("The sync “{}” fills ", first.name))
            && note.contains(" more fields"),
        "{note}"
    );
    assert_eq!(plan.tally.to_write, 1, "what was edited");
    let later = bench.run_accepting(&plan).await;

    let undo = bench.undo_and_delete(run.id).await;
    let kept = rows(&bench, undo.id, ActionView::Skipped).await;
    let [kept] = kept.as_slice() else {
        panic!("{kept:?}");
    };
    assert_eq!(kept.record.as_ref(), Some(&id));
    let reason = kept.reason.as_ref().unwrap();
    assert_eq!(reason.code, "saved_since");
    let by = format!("Run {} of “Second” saved", later.id);
    assert!(reason.message.starts_with(&by), "{reason:?}");
}

/// Two workspaces, one login: the call of the first never arrives, and the second creates the same
/// records before the first looks what became of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_only_found_is_never_deleted() {
    let mut bench = Workbench::with_customers(120).await;
    let sync = bench.alguna_sync().await;
    let plan = bench.plan(sync).await;
    let state = bench.state();
    let (theirs, _dir) = bench.another();
    let ours = std::mem::replace(&mut bench.context, theirs);
    let source = bench.connect_alguna().await;
    let org = bench.connect_sandbox().await;
    let their_sync = bench.create_sync(&source, &org, true).await.id;
    let their_plan = bench.plan(their_sync).await;

    let upserts = "/composite/sobjects/Account/";
    let lost = Fault::new(
        Server::SalesforceSandbox,
        upserts,
        FaultKind::DropBeforeCommit,
    );
    state.arm(lost.method("PATCH"));
    let request = RunStartRequest {
        way: Some(WayView::Collections),
        ..run_request(plan.id)
    };
    let run = ours.run_start(request).await.unwrap().id;
    while !state.faults().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let their_run = bench.run(their_plan.id).await.run;
    assert!(their_run.counts.created > 0, "{their_run:?}");
    bench.context = ours;
    let run = bench.finished(run).await.run;
    assert_adds_up(&run);
    assert!(
        run.counts.created > 0,
        "found, and counted as created: {run:?}"
    );

    let before = external_ids(&state, "Account", ID).len();
    let undo = bench.undo_and_delete(run.id).await;
    assert_eq!(undo.tally.to_delete, 0, "{undo:?}");
    let kept = rows(&bench, undo.id, ActionView::Skipped).await;
    let reason = kept[0].reason.as_ref().unwrap();
    assert_eq!(reason.code, "maybe_anothers");
    assert_eq!(external_ids(&state, "Account", ID).len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_deleted_is_not_explained_as_if_it_stood() {
    let (bench, sync, run) = created(60).await;
    let made = outcomes(&bench, run.id, OutcomeView::Created).await;
    let undo = bench.undo_and_delete(run.id).await;
    let undone = bench.run_accepting(&undo).await;
    assert!(undone.counts.deleted > 0, "{undone:?}");
    let gone = outcomes(&bench, undone.id, OutcomeView::Deleted).await;
    let customer = gone[0].customer.clone();
    assert!(made.iter().any(|row| row.customer == customer));
    let explained = async || {
        let request = ValueExplainRequest {
            sync,
            customer: Some(customer.clone()),
            record: None,
            field: Some("Name".to_owned()),
        };
        let told = bench.context.value_explain(request).await.unwrap();
        let value = &told.fields[0];
        (value.standing, value.salesforce.is_some())
    };
    assert_eq!(explained().await, (ValueStanding::Gone, false));
    bench.plan(sync).await;
    assert_eq!(explained().await, (ValueStanding::Gone, false));
}
