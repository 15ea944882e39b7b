//! What the undo of one record does, above all whether a record the run created may be deleted.

use std::collections::BTreeMap;

use drawbridge_model::{
    Action, CustomerId, Decision, Deed, FieldName, PlanRow, Reason, Record, RecordId, SObjectName,
    Value, Written,
};
use drawbridge_sync::undo::row;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

const VALUE: &str = "Alguna_Subscription_Value__c";

fn id(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn us() -> RecordId {
    id("0055e000000us01")
}

fn them() -> RecordId {
    id("0055e000000th01")
}

fn created_at() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn written(deed: Deed, saved_at: Option<Timestamp>) -> Written {
    let fields = match deed {
        Deed::Deleted => Vec::new(),
        Deed::Created => vec![(FieldName::from(VALUE), Value::Blank, Value::text("40"))],
        Deed::Updated => vec![(FieldName::from(VALUE), Value::text("7"), Value::text("40"))],
    };
    Written {
        customer: CustomerId::from("cus_1"),
        record: id("0015e0000000001"),
        deed,
        fields,
        certain: true,
        saved_at,
    }
}

/// The record as it stands, saved so many seconds after its creation by this user.
fn record(value: &str, seconds: i64, by: RecordId) -> Record {
    let at = created_at() + seconds.seconds();
    Record {
        sobject: SObjectName::from("Account"),
        id: id("0015e0000000001"),
        values: BTreeMap::from([
            (FieldName::from(VALUE), Value::text(value)),
            (FieldName::from("CreatedDate"), Value::Moment(created_at())),
            (FieldName::from("CreatedById"), Value::text(us().as_str())),
        ]),
        modstamp: at,
        modified_by: None,
        modified_by_id: Some(by),
        modified_at: Some(at),
    }
}

fn undo(written: &Written, now: Option<&Record>, delete: bool) -> PlanRow {
    row(written, "Northwind".to_owned(), now, None, delete)
}

fn code(row: &PlanRow) -> &'static str {
    row.reason.as_ref().map_or("", Reason::code)
}

#[test]
fn a_created_record_is_deleted_only_on_demand_and_only_as_we_left_it() {
    let run = written(Deed::Created, None);
    let untouched = record("40", 0, us());
    let stays = undo(&run, Some(&untouched), false);
    assert_eq!(
        (stays.action, code(&stays)),
        (Action::Skipped, "created_by_run")
    );
    let goes = undo(&run, Some(&untouched), true);
    assert_eq!((goes.action, code(&goes)), (Action::Delete, ""));
    assert!(goes.changes.is_empty() && goes.is_written());
    assert_eq!(goes.seen, Some(untouched.modstamp));
    let held = PlanRow { held: true, ..goes };
    assert!(!held.is_written());
}

#[test]
fn a_record_that_somebody_saved_since_is_kept() {
    let run = written(Deed::Created, None);
    let read_back = written(Deed::Created, Some(created_at() + 5.seconds()));
    for (run, now, why) in [
        (&run, record("41", 0, us()), "another value"),
        (&run, record("40", 60, us()), "saved after its creation"),
        (
            &run,
            record("40", 0, them()),
            "saved by another in that second",
        ),
        (
            &read_back,
            record("40", 60, us()),
            "saved after the reading back",
        ),
        (
            &read_back,
            record("40", 5, them()),
            "read back as another saved it",
        ),
    ] {
        let kept = undo(run, Some(&now), true);
        assert_eq!(
            (kept.action, code(&kept)),
            (Action::Skipped, "saved_since"),
            "{why}"
        );
    }
    // The org's own automation, or a later run of ours, saved it before we read it back.
    let now = record("40", 5, us());
    assert_eq!(undo(&read_back, Some(&now), true).action, Action::Delete);
}

#[test]
fn a_record_out_of_sight_is_neither_deleted_nor_restored() {
    for delete in [false, true] {
        let gone = undo(&written(Deed::Created, None), None, delete);
        assert_eq!((gone.action, code(&gone)), (Action::Skipped, "gone"));
        let ours = undo(&written(Deed::Deleted, None), None, delete);
        assert_eq!(
            (ours.action, code(&ours)),
            (Action::Skipped, "deleted_by_undo")
        );
        // Somebody took it out of the recycle bin.
        let back = undo(
            &written(Deed::Deleted, None),
            Some(&record("40", 0, us())),
            delete,
        );
        assert_eq!((back.action, code(&back)), (Action::Unchanged, ""));
    }
    let into = id("0015e0000000002");
    let run = written(Deed::Created, None);
    let merged = row(&run, String::new(), None, Some(&into), true);
    assert_eq!(code(&merged), "merged_since");
}

#[test]
fn the_reason_names_who_saved_it_and_when() {
    let reason = Reason::SavedSince {
        by: Some("Tom Okafor".to_owned()),
        at: Some(created_at()),
    };
    assert_eq!(
        reason.to_string(),
        "Tom Okafor saved the record after the run had created it, on 2026-11-20; undoing leaves it."
    );
    let unknown = Reason::SavedSince { by: None, at: None };
    assert_eq!(
        unknown.to_string(),
        "Somebody saved the record after the run had created it; undoing leaves it."
    );
}

proptest! {
    /// Whatever stands there: a record the run did not create is never deleted, and one that it
    /// created only where it holds what was written and the last save is by whoever created it.
    #[test]
    fn nothing_else_is_ever_deleted(
        deed in prop_oneof![Just(Deed::Created), Just(Deed::Updated), Just(Deed::Deleted)],
        value in prop_oneof![Just("7"), Just("40"), Just("41")],
        seconds in 0_i64..3,
        ours in any::<bool>(),
        saved in proptest::option::of(0_i64..3),
        delete in any::<bool>(),
    ) {
        let run = written(deed, saved.map(|seconds| created_at() + seconds.seconds()));
        let now = record(value, seconds, if ours { us() } else { them() });
        let planned = undo(&run, Some(&now), delete);
        let may = delete
            && deed == Deed::Created
            && value == "40"
            && ours
            && (seconds == 0 || saved == Some(seconds));
        prop_assert_eq!(planned.action == Action::Delete, may);
        if deed == Deed::Updated {
            let restores = planned.writes().all(|change| {
                change.decision == Decision::Write && change.after == Value::text("7")
            });
            prop_assert!(restores);
        }
    }
}
