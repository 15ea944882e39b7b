//! Brings a file to this program's version. Each table's module holds its own steps; their
//! numbers run through all modules, and `PRAGMA user_version` keeps the number of the last.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::open::with_ending;
use crate::{
    StoreError, agreed, api_calls, attempts, bases, charts, connections, customers, history,
    imports, links, matched, operations, outcomes, pins, plan_halts, plan_orders, plan_rows, plans,
    pulls, readings, records, relinks, runs, saved, settings, snapshots, subscription_rows,
    subscription_totals, syncs, takeovers, writeback, written,
};

/// One step. Once released it is never edited: what is wrong is put right by a later one.
pub(crate) struct Migration {
    /// Its place in the order of all steps, from 1, without gaps.
    pub(crate) version: u32,
    /// The day it was written, for people who read the file.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by people and by a test"))]
    pub(crate) date: &'static str,
    /// What it does.
    pub(crate) sql: &'static str,
}

/// All steps, in order.
fn all() -> Vec<&'static Migration> {
    let mut steps: Vec<_> = [
        settings::MIGRATIONS,
        connections::MIGRATIONS,
        syncs::MIGRATIONS,
        pulls::MIGRATIONS,
        customers::MIGRATIONS,
        readings::MIGRATIONS,
        records::MIGRATIONS,
        relinks::MIGRATIONS,
        links::MIGRATIONS,
        bases::MIGRATIONS,
        plans::MIGRATIONS,
        plan_rows::MIGRATIONS,
        plan_orders::MIGRATIONS,
        plan_halts::MIGRATIONS,
        matched::MIGRATIONS,
        runs::MIGRATIONS,
        attempts::MIGRATIONS,
        outcomes::MIGRATIONS,
        written::MIGRATIONS,
        subscription_rows::MIGRATIONS,
        subscription_totals::MIGRATIONS,
        pins::MIGRATIONS,
        snapshots::MIGRATIONS,
        writeback::MIGRATIONS,
        imports::MIGRATIONS,
        history::MIGRATIONS,
        saved::MIGRATIONS,
        api_calls::MIGRATIONS,
        operations::MIGRATIONS,
        takeovers::MIGRATIONS,
        charts::MIGRATIONS,
        agreed::MIGRATIONS,
    ]
    .into_iter()
    .flatten()
    .collect();
    steps.sort_by_key(|step| step.version);
    steps
}

/// Does the steps a file still lacks, all or none.
pub(crate) fn run(connection: &mut Connection, path: Option<&Path>) -> Result<(), StoreError> {
    let doing = "reading its version";
    let steps = all();
    let known = steps.last().map_or(0, |step| step.version);
    let found = version(connection).map_err(|error| StoreError::sql(doing, &error))?;
    if found > known {
        return Err(StoreError::StoreTooNew {
            path: path.unwrap_or(Path::new(":memory:")).to_owned(),
            found,
            known,
        });
    }
    if found == known {
        return Ok(());
    }
    if let Some(path) = path.filter(|_| found > 0) {
        back_up(connection, path, known)?;
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| StoreError::sql("bringing it up to date", &error))?;
    // Another process may have done the work while this one waited for the lock.
    let found = version(&transaction).map_err(|error| StoreError::sql(doing, &error))?;
    for step in steps.iter().filter(|step| step.version > found) {
        transaction
            .execute_batch(step.sql)
            .map_err(|error| failed(step.version, &error))?;
    }
    transaction
        .pragma_update(None, "user_version", known.max(found))
        .and_then(|()| transaction.commit())
        .map_err(|error| failed(known, &error))
}

fn failed(version: u32, error: &rusqlite::Error) -> StoreError {
    match StoreError::sql("bringing it up to date", error) {
        StoreError::Database { reason, .. } => StoreError::Migration { version, reason },
        other => other,
    }
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Copies the file beside itself, with everything that still stood in its log.
fn back_up(connection: &Connection, path: &Path, version: u32) -> Result<(), StoreError> {
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .map_err(|error| StoreError::sql("copying it before the update", &error))?;
    // fs::copy gives the copy the mode of the file: for this user alone.
    fs::copy(path, with_ending(path, &format!(".before-v{version}")))
        .map(|_| ())
        .map_err(|error| StoreError::File {
            path: path.to_owned(),
            doing: "copied before the update",
            reason: error.to_string(),
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn steps_are_numbered_from_one_without_gaps_and_dated_in_order() {
        let steps = all();
        for (at, step) in steps.iter().enumerate() {
            assert_eq!(usize::try_from(step.version), Ok(at + 1));
        }
        assert!(steps.windows(2).all(|pair| pair[0].date <= pair[1].date));
    }

    /// What was read before days were kept as columns still changes on its day.
    #[test]
    fn days_of_what_was_read_before_are_found() {
        let mut db = Connection::open_in_memory().unwrap();
        for step in all().iter().filter(|step| step.version <= 20) {
            db.execute_batch(step.sql).unwrap();
        }
        db.pragma_update(None, "user_version", 20).unwrap();
        db.execute_batch(
            r#"INSERT INTO customer VALUES (1, 'c', '{"churned_at":"2026-11-30T08:00:00Z"}');
               INSERT INTO subscription VALUES (1, 's', 'c', '{"renews_on":"2026-12-01"}');
               INSERT INTO subscription VALUES (1, 't', 'c', '{"renews_on":null}');"#,
        )
        .unwrap();
        run(&mut db, None).unwrap();
        let due = |table: &str| -> Vec<Option<String>> {
            db.prepare(&format!("SELECT due FROM {table} ORDER BY id"))
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap()
        };
        assert_eq!(due("customer"), [Some("2026-11-30".to_owned())]);
        assert_eq!(due("subscription"), [Some("2026-12-01".to_owned()), None]);
    }
}
