//! What the store keeps of an undo that deletes records.

use drawbridge_model::{
    Action, AttemptKind, Cache, Counts, CustomerId, Deed, GoneRecord, Journal, Link, Matched,
    MatchedBy, Outcome, PlanId, RecordId, RunId, SyncId, Way,
};
use drawbridge_store::{PlanSummary, Store, StoreError};
use jiff::ToSpan;

use crate::data::{at, outcome, record, record_id, row, sync_in, whole};

fn finish(store: &Store, plan: PlanId, read: u32) {
    let summary = PlanSummary {
        read,
        ..PlanSummary::default()
    };
    store.finish_plan(plan, &summary, at()).unwrap();
}

/// A run that created a record for `a`.
fn created(store: &Store) -> (SyncId, RunId) {
    let sync = sync_in(store, "Nightly").id;
    let plan = store.create_plan(sync, 1, at()).unwrap();
    store
        .put_plan_rows(plan, &[row("a", Action::Create)])
        .unwrap();
    finish(store, plan, 1);
    let run = store.create_run(plan, &whole(), at()).unwrap();
    end(store, run, AttemptKind::Create, Outcome::Created);
    (sync, run)
}

fn end(store: &Store, run: RunId, kind: AttemptKind, what: Outcome) {
    let customers = [CustomerId::from("a")];
    let attempt = store
        .begin_attempt(run, kind, Way::Collections, &customers, at())
        .unwrap();
    let outcomes = [outcome("a", what, Some(record_id(1)))];
    store.end_attempt(run, attempt, &outcomes, at()).unwrap();
}

fn known(store: &Store, sync: SyncId, record: &RecordId) -> Option<GoneRecord> {
    store.gone(sync, record).unwrap()
}

#[test]
fn only_an_undo_that_may_delete_takes_a_row_that_deletes() {
    let store = Store::open_in_memory().unwrap();
    let (sync, run) = created(&store);
    let mut deletion = row("a", Action::Delete);
    deletion.record = Some(record_id(1));
    let rows = [row("b", Action::Unchanged), deletion];
    let preview = store.create_plan(sync, 1, at()).unwrap();
    let leaves = store.create_undo(run, false, at()).unwrap();
    for plan in [preview, leaves] {
        let refused = store.put_plan_rows(plan, &rows).unwrap_err();
        assert!(
            refused.to_string().contains("may delete nothing"),
            "{refused}"
        );
        finish(&store, plan, 0);
        let page = store.plan_rows(plan, &drawbridge_store::PlanRowQuery::default());
        assert_eq!(page.unwrap().total, 0, "nothing of them is kept");
        assert!(!store.plan(plan).unwrap().unwrap().deletes);
    }
    let deletes = store.create_undo(run, true, at()).unwrap();
    store.put_plan_rows(deletes, &rows).unwrap();
    finish(&store, deletes, 2);
    assert!(store.plan(deletes).unwrap().unwrap().deletes);
    let tally = store.plan_tally(deletes).unwrap();
    assert_eq!((tally.to_write, tally.to_delete), (1, 1));
    let held = store
        .decide_row(deletes, &CustomerId::from("a"), true)
        .unwrap();
    assert!(held.held);
    let tally = store.plan_tally(deletes).unwrap();
    assert_eq!(
        (tally.to_write, tally.to_delete, tally.held_rows),
        (0, 0, 1)
    );
    let late = store.put_plan_rows(deletes, &rows).unwrap_err();
    let is_closed = StoreError::PlanNotReady {
        plan: deletes,
        status: drawbridge_store::PlanStatus::Ready,
    };
    assert!(late.to_string().contains(&is_closed.to_string()), "{late}");
}

#[test]
fn a_deleted_record_is_forgotten_and_counted() {
    let store = Store::open_in_memory().unwrap();
    let (sync, run) = created(&store);
    let link = Link {
        customer: CustomerId::from("a"),
        name: "A".to_owned(),
        matched: Matched::Found {
            record: record_id(1),
            by: MatchedBy::ExternalId,
        },
    };
    store.put_links(sync, &[link]).unwrap();
    store
        .put_records(sync, &[record(1)], &|_| Vec::new())
        .unwrap();
    let plan = store.create_undo(run, true, at()).unwrap();
    let mut deletion = row("a", Action::Delete);
    deletion.record = Some(record_id(1));
    store.put_plan_rows(plan, &[deletion]).unwrap();
    finish(&store, plan, 1);
    let undo = store.create_run(plan, &whole(), at()).unwrap();
    let open = store.open_rows(undo, Action::Delete, None, 9).unwrap();
    assert_eq!(open.len(), 1);
    end(&store, undo, AttemptKind::Delete, Outcome::Deleted);

    let counts = store.counts(undo).unwrap();
    let deleted = Counts {
        deleted: 1,
        ..Counts::default()
    };
    assert_eq!(counts, deleted);
    assert!(counts.adds_up_to(1));
    let customer = CustomerId::from("a");
    assert_eq!(store.accepted_link(sync, &customer).unwrap(), None);
    assert_eq!(store.link(sync, &customer).unwrap(), Matched::NotFound);
    assert_eq!(store.record(sync, &record_id(1)).unwrap(), None);
    assert!(known(&store, sync, &record_id(1)).is_some());
    store.keep_lost_links(sync, at()).unwrap();
    assert_eq!(
        store.accepted_link(sync, &customer).unwrap(),
        None,
        "nor found again"
    );
    // What an undo of the undo reads.
    let read = store.written(undo, None, 9).unwrap();
    assert_eq!(read[0].deed, Deed::Deleted);
    assert!(read[0].fields.is_empty());
}

#[test]
fn the_first_reading_back_after_the_last_write_is_what_counts() {
    let store = Store::open_in_memory().unwrap();
    let (sync, run) = created(&store);
    let saved_at = |run| store.written(run, None, 9).unwrap()[0].saved_at;
    assert_eq!(saved_at(run), None);
    let note = |run, seconds: i64| {
        let wrote = store.written(run, None, 9).unwrap();
        let saved = [(&wrote[0], at() + seconds.seconds())];
        store.note_saved(run, &saved).unwrap();
    };
    note(run, 1);
    note(run, 9);
    assert_eq!(
        saved_at(run),
        Some(at() + 1.second()),
        "a later one may be somebody else's"
    );

    // A later run of the sync writes the same record.
    let plan = store.create_plan(sync, 1, at()).unwrap();
    store
        .put_plan_rows(plan, &[row("a", Action::Update)])
        .unwrap();
    finish(&store, plan, 1);
    let later = store.create_run(plan, &whole(), at()).unwrap();
    end(&store, later, AttemptKind::Update, Outcome::Updated);
    assert_eq!(saved_at(run), Some(at() + 1.second()));
    note(later, 20);
    assert_eq!(saved_at(run), Some(at() + 20.seconds()));
    assert_eq!(saved_at(later), None, "that run did not create it");
    note(run, 30);
    assert_eq!(
        saved_at(run),
        Some(at() + 20.seconds()),
        "an older run is not asked"
    );
}
