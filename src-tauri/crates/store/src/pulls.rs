//! Pulls: how far a source has been read, and forgetting what it no longer has.

use drawbridge_model::{ConnectionId, CustomerId, Due, PullEnd, Pulled, SubscriptionId, Watermark};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::words::time;
use crate::{Store, StoreError, subscription_rows, subscription_totals, takeovers};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 4,
        date: "2026-11-21",
        sql: "CREATE TABLE pull (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              source INTEGER NOT NULL,
              started_at TEXT NOT NULL,
              finished_at TEXT,
              customers INTEGER,
              subscriptions INTEGER
          ) STRICT;
          CREATE INDEX pull_source ON pull (source, id);
          -- Customers of whom an open pull changed anything.
          CREATE TABLE pull_touched (
              pull INTEGER NOT NULL,
              customer TEXT NOT NULL,
              PRIMARY KEY (pull, customer)
          ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 21,
        date: "2026-11-21",
        sql:
            "-- When it began by the source's own clock, and when everything was last read by ours.
          ALTER TABLE pull ADD COLUMN source_time TEXT;
          ALTER TABLE pull ADD COLUMN full_at TEXT;
          -- The day on which a row changes by the calendar alone.
          ALTER TABLE customer ADD COLUMN due TEXT;
          ALTER TABLE subscription ADD COLUMN due TEXT;
          UPDATE customer SET due = substr(json_extract(doc, '$.churned_at'), 1, 10);
          UPDATE subscription SET due = json_extract(doc, '$.renews_on');
          CREATE INDEX customer_due ON customer (source, due) WHERE due IS NOT NULL;
          CREATE INDEX subscription_due ON subscription (source, due) WHERE due IS NOT NULL;",
    },
];

/// What the open pulls of this process saw: kind 0 customers, 1 subscriptions, and one row of kind
/// 2 that says the pull is of this process. In memory, because a pull ends with its process, and a
/// table of this size in the file would cost more than all else it does.
const SEEN: &str = "CREATE TEMP TABLE IF NOT EXISTS pull_seen (
    pull INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (pull, kind, id)
) STRICT, WITHOUT ROWID";

/// Where a reading of everything found more than this share of the customers gone, the next one
/// reads everything again.
const DOUBTFUL_PERCENT: u64 = 20;

/// The last complete reading of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastPull {
    /// When it was complete.
    pub at: Timestamp,
    /// How many customers there were.
    pub customers: u32,
    /// How many subscriptions.
    pub subscriptions: u32,
}

impl Store {
    /// The last complete pull from a source; `None` when there never was one.
    pub fn last_pull(&self, source: ConnectionId) -> Result<Option<LastPull>, StoreError> {
        self.read("reading the last pull", |db| {
            let found: Option<(String, u32, u32)> = db
                .prepare_cached(
                    "SELECT finished_at, customers, subscriptions FROM pull
                     WHERE source = ?1 AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1",
                )?
                .query_row([source.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            found
                .map(|(at, customers, subscriptions)| {
                    Ok(LastPull {
                        at: time(&at)?,
                        customers,
                        subscriptions,
                    })
                })
                .transpose()
        })
    }
}

impl Store {
    /// Has the next pull of a source read everything: what is kept may be another account's.
    pub fn forget_watermark(&self, source: ConnectionId) -> Result<(), StoreError> {
        self.write("forgetting how far a source was read", |db| {
            db.execute(
                "UPDATE pull SET source_time = NULL WHERE source = ?1",
                [source.0],
            )?;
            Ok(())
        })
    }
}

/// Begins a pull. One that was left open is given up: what it brought stays, and it can no longer
/// be finished, so it cannot forget what it never saw.
pub(crate) fn begin(db: &Connection, source: ConnectionId, at: Timestamp) -> Inside<u32> {
    let open = "SELECT id FROM pull WHERE source = ?1 AND finished_at IS NULL";
    db.execute_batch(SEEN)?;
    db.execute(
        &format!("DELETE FROM temp.pull_seen WHERE pull IN ({open})"),
        [source.0],
    )?;
    db.execute(
        "INSERT INTO pull (source, started_at) VALUES (?1, ?2)",
        params![source.0, at.to_string()],
    )?;
    let pull = crate::syncs::last_id(db)?;
    db.execute("INSERT INTO temp.pull_seen VALUES (?1, 2, '')", [pull])?;
    // What a given-up pull changed must still reach the screens when this one ends.
    db.execute(
        &format!(
            "INSERT OR IGNORE INTO pull_touched (pull, customer)
             SELECT ?2, customer FROM pull_touched WHERE pull IN ({open}) AND pull <> ?2"
        ),
        params![source.0, pull],
    )?;
    db.execute(
        &format!("DELETE FROM pull_touched WHERE pull IN ({open}) AND pull <> ?2"),
        params![source.0, pull],
    )?;
    db.execute(
        "DELETE FROM pull WHERE source = ?1 AND finished_at IS NULL AND id <> ?2",
        params![source.0, pull],
    )?;
    Ok(pull)
}

/// Refuses a pull that another one has replaced.
pub(crate) fn check_open(db: &Connection, source: ConnectionId, pull: u32) -> Inside<()> {
    db.execute_batch(SEEN)?;
    let open = db
        .prepare_cached(
            "SELECT 1 FROM pull WHERE id = ?1 AND source = ?2 AND finished_at IS NULL
             AND EXISTS (SELECT 1 FROM temp.pull_seen s WHERE s.pull = ?1 AND s.kind = 2)",
        )?
        .exists([pull, source.0])?;
    if open {
        Ok(())
    } else {
        Err(Trouble::unreadable(
            format!("pull {pull}"),
            "it was replaced by a newer pull of the same source, is finished, or was begun by another process",
        ))
    }
}

/// Ends a pull; see [`drawbridge_model::Cache::finish_pull`].
pub(crate) fn finish(
    db: &Connection,
    source: ConnectionId,
    pull: u32,
    end: PullEnd,
) -> Inside<Pulled> {
    check_open(db, source, pull)?;
    let count = |table: &str| -> rusqlite::Result<u32> {
        db.query_row(
            &format!("SELECT count(*) FROM {table} WHERE source = ?1"),
            [source.0],
            |row| row.get(0),
        )
    };
    let known = count("customer")?;
    if end.full {
        forget_unseen(db, source, pull, end.at)?;
    }
    takeovers::note_back(db, source)?;
    let changed: u32 = db.query_row(
        "SELECT count(*) FROM pull_touched WHERE pull = ?1",
        [pull],
        |row| row.get(0),
    )?;
    if subscription_rows::refresh(db, source, pull)? {
        subscription_totals::refresh(db, source)?;
    }
    let (customers, subscriptions) = (count("customer")?, count("subscription")?);
    // A source may have given too little. What changes would not show that it has more again.
    let is_doubtful = u64::from(known - customers) * 100 > u64::from(known) * DOUBTFUL_PERCENT;
    let source_time = end.source_time.filter(|_| !is_doubtful);
    db.execute(
        "UPDATE pull SET finished_at = ?2, customers = ?3, subscriptions = ?4, source_time = ?5,
             full_at = CASE WHEN ?6 THEN ?2 ELSE (SELECT before.full_at FROM pull before
                 WHERE before.source = ?7 AND before.id < ?1 AND before.finished_at IS NOT NULL
                 ORDER BY before.id DESC LIMIT 1) END
         WHERE id = ?1",
        params![
            pull,
            end.at.to_string(),
            customers,
            subscriptions,
            source_time.map(|at| at.to_string()),
            end.full,
            source.0
        ],
    )?;
    for sql in [
        "DELETE FROM temp.pull_seen WHERE pull = ?1",
        "DELETE FROM pull_touched WHERE pull = ?1",
    ] {
        db.execute(sql, [pull])?;
    }
    db.execute(
        "DELETE FROM pull WHERE source = ?1 AND id < ?2",
        [source.0, pull],
    )?;
    Ok(Pulled {
        customers: u64::from(customers),
        subscriptions: u64::from(subscriptions),
        changed: u64::from(changed),
    })
}

/// Gives back the memory of what pulls saw, once none is open: the emptied table would keep it.
pub(crate) fn let_go_of_seen(db: &Connection) -> Inside<()> {
    db.execute_batch(SEEN)?;
    let is_empty: bool = db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM temp.pull_seen)",
        [],
        |row| row.get(0),
    )?;
    if is_empty {
        // A change of where temporary tables stand drops all of them.
        db.execute_batch("PRAGMA temp_store = DEFAULT; PRAGMA temp_store = MEMORY;")?;
    }
    Ok(())
}

/// How far a source has been read; see [`drawbridge_model::Cache::watermark`].
pub(crate) fn watermark(db: &Connection, source: ConnectionId) -> Inside<Option<Watermark>> {
    let found: Option<(Option<String>, String, Option<String>)> = db
        .prepare_cached(
            "SELECT source_time, started_at, full_at FROM pull
             WHERE source = ?1 AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        )?
        .query_row([source.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    match found {
        Some((Some(source_time), began_at, Some(full_at))) => Ok(Some(Watermark {
            source_time: time(&source_time)?,
            began_at: time(&began_at)?,
            full_at: time(&full_at)?,
        })),
        _ => Ok(None),
    }
}

/// What changes by the calendar alone; see [`drawbridge_model::Cache::due`].
pub(crate) fn due(db: &Connection, source: ConnectionId, from: Date, to: Date) -> Inside<Due> {
    let ids = |table: &str| -> Inside<Vec<String>> {
        Ok(db
            .prepare_cached(&format!(
                "SELECT id FROM {table} WHERE source = ?1 AND due >= ?2 AND due <= ?3 ORDER BY id"
            ))?
            .query_map(params![source.0, from.to_string(), to.to_string()], |row| {
                row.get(0)
            })?
            .collect::<Result<_, _>>()?)
    };
    Ok(Due {
        customers: ids("customer")?.into_iter().map(CustomerId).collect(),
        subscriptions: ids("subscription")?
            .into_iter()
            .map(SubscriptionId)
            .collect(),
    })
}

fn forget_unseen(db: &Connection, source: ConnectionId, pull: u32, at: Timestamp) -> Inside<()> {
    let unseen_customers = "FROM customer WHERE source = ?1 AND NOT EXISTS
        (SELECT 1 FROM temp.pull_seen s WHERE s.pull = ?2 AND s.kind = 0 AND s.id = customer.id)";
    let unseen_subscriptions = "FROM subscription WHERE source = ?1 AND NOT EXISTS
        (SELECT 1 FROM temp.pull_seen s WHERE s.pull = ?2 AND s.kind = 1 AND s.id = subscription.id)";
    takeovers::note_gone(db, source, unseen_customers, pull, at)?;
    for sql in [
        format!("INSERT OR IGNORE INTO pull_touched SELECT ?2, id {unseen_customers}"),
        format!("INSERT OR IGNORE INTO pull_touched SELECT ?2, customer {unseen_subscriptions}"),
        // A customer that is gone must not keep its record from the one that took its place.
        format!(
            "DELETE FROM link WHERE sync IN (SELECT id FROM sync WHERE source = ?1)
             AND customer IN (SELECT id {unseen_customers})"
        ),
        format!("DELETE {unseen_customers}"),
        format!("DELETE {unseen_subscriptions}"),
    ] {
        db.execute(&sql, [source.0, pull])?;
    }
    Ok(())
}
