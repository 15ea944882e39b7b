use std::collections::BTreeMap;
use std::fs;

use drawbridge_model::{Cache, Customer, FieldName, Sensitive, Value};
use drawbridge_store::{HistoryQuery, PlanSummary, Store, StoreError, SubscriptionQuery};
use rusqlite::Connection;

use crate::data::{at, customer, pull, record_id, subscription, sync_in, whole};

fn key(byte: u8) -> Sensitive<[u8; 32]> {
    Sensitive::new([byte; 32])
}

#[test]
fn an_empty_folder_becomes_a_store_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/drawbridge.db");
    sync_in(&Store::open(&path, None).unwrap(), "Nightly");
    let again = Store::open(&path, None).unwrap();
    assert!(again.sync_by_name("nightly").unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/drawbridge.db");
    let store = Store::open(&path, None).unwrap();
    sync_in(&store, "Nightly");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let files: Vec<_> = fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    drop(Store::open(&path, None).unwrap());
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    db.close().unwrap();
    let error = Store::open(&path, None).unwrap_err();
    assert!(
        matches!(error, StoreError::StoreTooNew { found: 999, .. }),
        "{error}"
    );
    assert!(!error.can_set_aside());
}

#[test]
fn a_file_of_an_older_version_is_copied_before_it_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    let before = Store::open(&path, None).unwrap();
    let nightly = sync_in(&before, "Nightly");
    let sync = nightly.id;
    let known = [
        customer("a", "Acme"),
        Customer {
            first_name: Some("Zoë".to_owned()),
            last_name: Some("O'Neil".to_owned()),
            ..customer("b", "  ")
        },
        Customer {
            email: Some("c@d.example".to_owned()),
            ..Customer::new("c".into())
        },
        Customer::new("d".into()),
    ];
    let theirs = subscription("s", "a", "1.00", "EUR");
    pull(
        &before,
        nightly.source,
        &known,
        std::slice::from_ref(&theirs),
    );
    let plan = before.create_plan(sync, 1, at()).unwrap();
    before
        .finish_plan(plan, &PlanSummary::default(), at())
        .unwrap();
    before.create_run(plan, &whole(), at()).unwrap();
    let added_up = before.breakdown(&SubscriptionQuery::default(), 9).unwrap();
    drop(before);
    let db = Connection::open(&path).unwrap();
    // The file as it was before runs had words.
    let then = 31;
    let newest: u32 = db
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let triggers: Vec<String> = db
        .prepare(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TRIGGER%agreed%'
             OR sql LIKE 'CREATE TRIGGER%match_touched%'",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        db.execute_batch(&format!("DROP TRIGGER {trigger}"))
            .unwrap();
    }
    db.execute_batch(
        "ALTER TABLE run DROP COLUMN pilot; DROP VIEW written; DROP INDEX outcome_written; DROP INDEX outcome_record;
         CREATE TABLE written (run INTEGER NOT NULL REFERENCES run (id), customer TEXT NOT NULL,
             record TEXT NOT NULL, fields TEXT NOT NULL, UNIQUE (run, customer)) STRICT;
         DROP INDEX customer_known; DROP TABLE agreed; DROP TABLE agreed_terms; DROP TABLE touched;
         DROP TABLE match_touched; DROP TABLE matched;
         DROP TABLE api_call; DROP TABLE former_customer; DROP TABLE takeover;
         DROP TABLE metrics; DROP TABLE subscription_plan_total; DROP TABLE plan_halt_row;
         ALTER TABLE subscription_figure DROP COLUMN plan;
         ALTER TABLE snapshot DROP COLUMN currency; ALTER TABLE outcome DROP COLUMN twin;
         DROP TABLE operation_row; DROP TABLE operation_batch; DROP TABLE billing_subscription;
         ALTER TABLE import DROP COLUMN who; ALTER TABLE import DROP COLUMN began_at;
         ALTER TABLE plan DROP COLUMN deletes; DROP TABLE saved;
         DROP INDEX run_sync;
         DROP TABLE run_text;
         ALTER TABLE run DROP COLUMN user_id; ALTER TABLE run DROP COLUMN user_name;
         ALTER TABLE run DROP COLUMN org_id; ALTER TABLE run DROP COLUMN environment;
         ALTER TABLE run DROP COLUMN worked_ms;
         ALTER TABLE customer DROP COLUMN name;
         DROP TABLE base;
         CREATE TABLE base (sync INTEGER NOT NULL, record TEXT NOT NULL, field TEXT NOT NULL,
             value TEXT NOT NULL, PRIMARY KEY (sync, record, field)) STRICT, WITHOUT ROWID",
    )
    .unwrap();
    let record = record_id(7);
    let base = BTreeMap::from([
        (FieldName::from("Name"), Value::text("Zoë \"Z\" O'Neil")),
        (FieldName::from("Phone"), Value::Blank),
    ]);
    for (field, value) in &base {
        db.execute(
            "INSERT INTO base VALUES (?1, ?2, ?3, ?4)",
            rusqlite::params![
                sync.0,
                record.as_str(),
                field.as_str(),
                serde_json::to_string(value).unwrap()
            ],
        )
        .unwrap();
    }
    db.pragma_update(None, "user_version", then).unwrap();
    db.close().unwrap();
    let store = Store::open(&path, None).unwrap();
    // Runs of then are found by their words now.
    let query = HistoryQuery {
        search: "nightly".to_owned(),
        limit: 9,
        ..HistoryQuery::default()
    };
    assert_eq!(store.history(&query).unwrap().rows.len(), 1);
    // Subscriptions are added up by plan.
    let again = store.breakdown(&SubscriptionQuery::default(), 9).unwrap();
    assert_eq!(again, added_up);
    assert_eq!(again.currencies[0].plans.largest[0].value, "Gold");
    // What was written to a record stands together.
    assert_eq!(store.base(sync, &record).unwrap(), base);
    // And customers by the words people know them by.
    let seen = store.acquaintances(sync, nightly.source, None, 9).unwrap();
    let names: Vec<&str> = seen.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Acme", "Zoë O'Neil", "c@d.example", "d"]);
    let read = store.customers(nightly.source, None, 1).unwrap().remove(0);
    assert_eq!(read.customer, known[0]);
    assert_eq!(read.subscriptions, [theirs]);
    let copy = folder
        .path()
        .join(format!("drawbridge.db.before-v{newest}"));
    let version: u32 = Connection::open(copy)
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, then);
}

#[test]
fn an_encrypted_file_shows_nothing_and_opens_with_its_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    let store = Store::open(&path, Some(&key(1))).unwrap();
    sync_in(&store, "Zebra crossing");
    // Readers open the file with the key as well.
    assert_eq!(store.syncs().unwrap().len(), 1);
    drop(store);
    for file in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let found = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(!found(b"Zebra"));
        assert!(!found(b"SQLite format 3"));
    }
    let wrong = Store::open(&path, Some(&key(2))).unwrap_err();
    assert!(matches!(wrong, StoreError::WrongKey { .. }), "{wrong}");
    assert!(wrong.can_set_aside());
    let none = Store::open(&path, None).unwrap_err();
    assert!(matches!(none, StoreError::NeedsKey { .. }), "{none}");
    let right = Store::open(&path, Some(&key(1))).unwrap();
    assert_eq!(right.syncs().unwrap().len(), 1);
}

#[test]
fn a_plain_file_with_a_key_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    drop(Store::open(&path, None).unwrap());
    let error = Store::open(&path, Some(&key(1))).unwrap_err();
    assert!(matches!(error, StoreError::NotEncrypted { .. }), "{error}");
}

#[test]
fn what_is_set_aside_makes_room_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    fs::write(&path, "x".repeat(5000)).unwrap();
    let without = Store::open(&path, None).unwrap_err();
    assert!(!without.can_set_aside(), "only a key can tell: {without}");
    let error = Store::open(&path, Some(&key(1))).unwrap_err();
    assert!(error.can_set_aside(), "{error}");
    let aside = Store::set_aside(&path, at()).unwrap();
    assert_eq!(
        aside.file_name().unwrap(),
        "drawbridge-20261120T100000Z.db.aside"
    );
    assert_eq!(fs::read(&aside).unwrap().len(), 5000);
    drop(Store::open(&path, None).unwrap());
    // A second one in the same second does not replace the first.
    assert_ne!(Store::set_aside(&path, at()).unwrap(), aside);
    assert_eq!(fs::read(&aside).unwrap().len(), 5000);
}

#[test]
fn reading_does_not_wait_for_a_long_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    let store = Store::open(&path, None).unwrap();
    sync_in(&store, "Nightly");
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("BEGIN IMMEDIATE; DELETE FROM mapping;")
        .unwrap();
    let started = std::time::Instant::now();
    assert_eq!(store.syncs().unwrap().len(), 1);
    assert!(started.elapsed().as_secs() < 2);
    other.execute_batch("ROLLBACK").unwrap();
}
