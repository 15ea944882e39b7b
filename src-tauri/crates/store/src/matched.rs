//! Whether matching would find the same if it looked again. As with [`crate::agreed`], the database
//! itself notices every change of what matching looks at, whatever part of the program makes it.

use drawbridge_model::{MatchTally, SyncId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Inside;
use crate::migrate::Migration;

/// Counts such changes. A table that is made anew loses its triggers: a later step that does so must
/// make them anew, too.
macro_rules! noticed {
    ($($trigger:literal: $after:literal),+ $(,)?) => {
        concat!($(
            "CREATE TRIGGER ", $trigger, " AFTER ", $after,
            " BEGIN UPDATE match_touched SET count = count + 1; END; "
        ),+)
    };
}

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 51,
    date: "2026-11-23",
    sql: concat!(
        "-- How often anything changed that matching looks at: one row.
          CREATE TABLE match_touched (count INTEGER NOT NULL) STRICT;
          INSERT INTO match_touched (count) VALUES (0);
          -- The last matching of each sync that came to its end.
          CREATE TABLE matched (
              sync INTEGER PRIMARY KEY,
              -- By which rules.
              terms TEXT NOT NULL,
              -- match_touched, before it began.
              touched INTEGER NOT NULL,
              by_external_id INTEGER NOT NULL,
              otherwise INTEGER NOT NULL
          ) STRICT;
          ",
        noticed!(
            "match_customer_new": "INSERT ON customer",
            "match_customer_changed": "UPDATE ON customer",
            "match_customer_gone": "DELETE ON customer",
            "match_former_new": "INSERT ON former_customer",
            "match_former_changed": "UPDATE ON former_customer",
            "match_former_back": "DELETE ON former_customer",
            "match_record_new": "INSERT ON record",
            "match_record_changed": "UPDATE ON record",
            "match_record_gone": "DELETE ON record",
            "match_key_new": "INSERT ON record_key",
            "match_key_gone": "DELETE ON record_key",
            "match_deleted_new": "INSERT ON record_gone",
            "match_deleted_changed": "UPDATE ON record_gone",
            "match_deleted_back": "DELETE ON record_gone",
            "match_link_gone": "DELETE ON link",
            "match_accepted_new": "INSERT ON accepted_link",
            "match_accepted_changed": "UPDATE ON accepted_link",
            "match_accepted_gone": "DELETE ON accepted_link",
            "match_apart_new": "INSERT ON match_apart",
            "match_apart_changed": "UPDATE ON match_apart",
            "match_apart_gone": "DELETE ON match_apart",
            "match_takeover_new": "INSERT ON takeover",
            "match_takeover_changed": "UPDATE ON takeover",
            "match_takeover_gone": "DELETE ON takeover",
        ),
    ),
}];

/// See [`drawbridge_model::Cache::match_touched`].
pub(crate) fn touched(db: &Connection) -> Inside<i64> {
    Ok(db
        .prepare_cached("SELECT count FROM match_touched")?
        .query_row([], |row| row.get(0))?)
}

/// See [`drawbridge_model::Cache::matched`].
pub(crate) fn get(db: &Connection, sync: SyncId, terms: &str) -> Inside<Option<MatchTally>> {
    Ok(db
        .prepare_cached(
            "SELECT by_external_id, otherwise FROM matched m
             WHERE sync = ?1 AND terms = ?2 AND touched = (SELECT count FROM match_touched)",
        )?
        .query_row(params![sync.0, terms], |row| {
            Ok(MatchTally {
                by_external_id: row.get(0)?,
                otherwise: row.get(1)?,
            })
        })
        .optional()?)
}

/// See [`drawbridge_model::Cache::put_matched`].
pub(crate) fn put(
    db: &Connection,
    sync: SyncId,
    terms: &str,
    touched: i64,
    tally: MatchTally,
) -> Inside<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO matched (sync, terms, touched, by_external_id, otherwise)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        sync.0,
        terms,
        touched,
        tally.by_external_id,
        tally.otherwise
    ])?;
    Ok(())
}
