//! Which record belongs to which customer: what matching found last, and what a run or a person
//! settled for good.

use drawbridge_model::{
    AcceptedLink, Acquaintance, ConnectionId, Customer, CustomerId, GoneRecord, Link, LinkedBy,
    MatchKey, Matched, MatchedBy, Opposite, Outcome, Reason, RecordId, RowOutcome, SyncId,
};
use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Inside;
use crate::matches::MatchState;
use crate::migrate::Migration;
use crate::words::{folded, from_column, from_json, record_id, to_json};
use crate::{readings, records};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 7,
        date: "2026-11-21",
        sql: "CREATE TABLE link (
              sync INTEGER NOT NULL,
              customer TEXT NOT NULL,
              -- Only while exactly one record was found.
              record TEXT,
              doc TEXT NOT NULL,
              PRIMARY KEY (sync, customer)
          ) STRICT, WITHOUT ROWID;
          CREATE INDEX link_record ON link (sync, record) WHERE record IS NOT NULL;
          CREATE TABLE accepted_link (
              sync INTEGER NOT NULL,
              customer TEXT NOT NULL,
              record TEXT NOT NULL,
              at TEXT NOT NULL,
              PRIMARY KEY (sync, customer)
          ) STRICT, WITHOUT ROWID;",
    },
    Migration {
        version: 18,
        date: "2026-11-21",
        sql: "ALTER TABLE link ADD COLUMN name TEXT NOT NULL DEFAULT '';
          -- Name and id in lower case, for searching.
          ALTER TABLE link ADD COLUMN text TEXT NOT NULL DEFAULT '';
          ALTER TABLE link ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
          -- Of the likeliest proposal.
          ALTER TABLE link ADD COLUMN score INTEGER NOT NULL DEFAULT 0;
          CREATE INDEX link_state ON link (sync, state, score DESC, name);
          -- Whether a person made the link, rather than a run.
          ALTER TABLE accepted_link ADD COLUMN decided INTEGER NOT NULL DEFAULT 0;
          CREATE TABLE match_apart (
              sync INTEGER NOT NULL,
              customer TEXT NOT NULL,
              apart TEXT NOT NULL,
              at TEXT NOT NULL,
              PRIMARY KEY (sync, customer)
          ) STRICT, WITHOUT ROWID;",
    },
];

/// `accepted_link.decided` of a link that was made in the sandbox before its refresh: 0 is a run's,
/// 1 a person's.
pub(crate) const BEFORE_REFRESH: u8 = 2;

/// The score of a record that is found; a proposal has less.
const CERTAIN: u8 = 100;

/// A conflict names at most so many of the other customers; a person needs no more to see it.
const OTHERS: usize = 20;

fn accept(
    db: &Connection,
    sync: SyncId,
    customer: &CustomerId,
    record: &RecordId,
    at: Timestamp,
) -> Inside<()> {
    db.prepare_cached(
        "INSERT INTO accepted_link (sync, customer, record, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sync, customer) DO UPDATE SET
             record = excluded.record, at = excluded.at, decided = 0
         WHERE record <> excluded.record OR decided = 2",
    )?
    .execute(params![
        sync.0,
        customer.as_str(),
        record.as_str(),
        at.to_string()
    ])?;
    Ok(())
}

/// Remembers the records of rows that were created or updated.
pub(crate) fn accept_outcomes(
    db: &Connection,
    sync: SyncId,
    outcomes: &[RowOutcome],
    at: Timestamp,
) -> Inside<()> {
    for outcome in outcomes {
        if let (Outcome::Created | Outcome::Updated, Some(record)) =
            (outcome.outcome, &outcome.record)
        {
            accept(db, sync, &outcome.customer, record, at)?;
        }
    }
    Ok(())
}

/// Forgets records that a run deleted, and the links to them: their customers are as if they had
/// never been linked. A link to another record stays.
pub(crate) fn forget_deleted(
    db: &Connection,
    sync: SyncId,
    outcomes: &[RowOutcome],
    at: Timestamp,
) -> Inside<()> {
    let deleted = outcomes
        .iter()
        .filter(|row| row.outcome == Outcome::Deleted)
        .filter_map(|row| Some((&row.customer, row.record.as_ref()?)));
    for (customer, record) in deleted {
        for table in ["accepted_link", "link"] {
            db.prepare_cached(&format!(
                "DELETE FROM {table} WHERE sync = ?1 AND customer = ?2 AND record = ?3"
            ))?
            .execute(params![sync.0, customer.as_str(), record.as_str()])?;
        }
        let gone = GoneRecord {
            id: record.clone(),
            at,
            merged_into: None,
        };
        readings::put_gone(db, sync, &[gone])?;
    }
    Ok(())
}

pub(crate) fn accepted(
    db: &Connection,
    sync: SyncId,
    customer: &CustomerId,
) -> Inside<Option<AcceptedLink>> {
    let found: Option<(String, u8)> = db
        .prepare_cached(
            "SELECT record, decided FROM accepted_link WHERE sync = ?1 AND customer = ?2",
        )?
        .query_row(params![sync.0, customer.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(record, by)| {
            Ok(AcceptedLink {
                record: record_id(&record)?,
                by: linked_by(by),
            })
        })
        .transpose()
}

fn linked_by(code: u8) -> LinkedBy {
    match code {
        1 => LinkedBy::Person,
        BEFORE_REFRESH => LinkedBy::BeforeRefresh,
        _ => LinkedBy::Run,
    }
}

/// Keeps the links of the last matching whose record has left the cache; see
/// [`drawbridge_model::Cache::keep_lost_links`]. A person who decided otherwise has the last word.
pub(crate) fn keep_lost(db: &Connection, sync: SyncId, at: Timestamp) -> Inside<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO accepted_link (sync, customer, record, at)
         SELECT l.sync, l.customer, l.record, ?2 FROM link l
         WHERE l.sync = ?1 AND l.record IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM record r WHERE r.sync = l.sync AND r.id = l.record)
             AND NOT EXISTS (SELECT 1 FROM match_apart m
                 WHERE m.sync = l.sync AND m.customer = l.customer)",
    )?
    .execute(params![sync.0, at.to_string()])?;
    Ok(())
}

pub(crate) fn put(db: &Connection, sync: SyncId, links: &[Link]) -> Inside<()> {
    let mut put = db.prepare_cached(
        "INSERT INTO link (sync, customer, record, name, text, state, score, doc)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (sync, customer) DO UPDATE SET record = excluded.record,
             name = excluded.name, text = excluded.text, state = excluded.state, score = excluded.score,
             doc = excluded.doc
         WHERE doc <> excluded.doc OR name <> excluded.name",
    )?;
    for link in links {
        let (record, score) = match &link.matched {
            Matched::Found { record, .. } => (Some(record.as_str()), CERTAIN),
            Matched::Proposed { proposals } => {
                (None, proposals.first().map_or(0, |best| best.score))
            }
            Matched::NotFound | Matched::Conflict { .. } | Matched::Decided { .. } => (None, 0),
        };
        put.execute(params![
            sync.0,
            link.customer.as_str(),
            record,
            link.name,
            folded(&format!("{}\n{}", link.name, link.customer)),
            MatchState::of(&link.matched) as u8,
            score,
            to_json("a link", &link.matched)?
        ])?;
    }
    Ok(())
}

/// Customers found the records that carry their ids; see [`drawbridge_model::Cache::found_by_id`].
pub(crate) fn found_by_id(
    db: &Connection,
    sync: SyncId,
    found: &[(CustomerId, RecordId)],
) -> Inside<()> {
    let mut put = db.prepare_cached(
        "UPDATE link SET record = ?3, state = ?4, score = ?5, doc = ?6
         WHERE sync = ?1 AND customer = ?2 AND doc <> ?6",
    )?;
    for (customer, record) in found {
        let matched = Matched::Found {
            record: record.clone(),
            by: MatchedBy::ExternalId,
        };
        put.execute(params![
            sync.0,
            customer.as_str(),
            record.as_str(),
            MatchState::Found as u8,
            CERTAIN,
            to_json("a link", &matched)?
        ])?;
    }
    Ok(())
}

/// Makes conflicts of shared records; see [`drawbridge_model::Cache::mark_shared_records`].
pub(crate) fn mark_shared(db: &Connection, sync: SyncId) -> Inside<u64> {
    let shared: Vec<(String, String, bool)> = db
        .prepare_cached(
            "SELECT l.record, l.customer, a.record IS NOT NULL FROM link l
             LEFT JOIN accepted_link a ON a.sync = l.sync AND a.customer = l.customer
                 AND a.record = l.record AND a.decided = 1
             WHERE l.sync = ?1 AND l.record IN
                 (SELECT record FROM link WHERE sync = ?1 AND record IS NOT NULL
                  GROUP BY record HAVING count(*) > 1)
             ORDER BY l.record, l.customer",
        )?
        .query_map([sync.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut concerned = 0;
    let mut put = db.prepare_cached(
        "UPDATE link SET record = NULL, state = ?3, doc = ?4 WHERE sync = ?1 AND customer = ?2",
    )?;
    for group in shared.chunk_by(|a, b| a.0 == b.0) {
        // Where a person chose the record for one of them, that one keeps it.
        let chosen = group.iter().filter(|(.., chosen)| *chosen).count() == 1;
        for (record, customer, _) in group.iter().filter(|(.., it)| !(chosen && *it)) {
            concerned += 1;
            let others = group
                .iter()
                .filter(|(_, other, _)| other != customer)
                .take(OTHERS)
                .map(|(_, other, _)| CustomerId(other.clone()))
                .collect();
            let matched = Matched::Conflict {
                reason: Reason::SharedRecord {
                    record: record_id(record)?,
                    others,
                },
            };
            put.execute(params![
                sync.0,
                customer,
                MatchState::Conflict as u8,
                to_json("a link", &matched)?
            ])?;
        }
    }
    Ok(concerned)
}

pub(crate) fn get(db: &Connection, sync: SyncId, customer: &CustomerId) -> Inside<Matched> {
    db.prepare_cached("SELECT doc FROM link WHERE sync = ?1 AND customer = ?2")?
        .query_row(params![sync.0, customer.as_str()], |row| {
            row.get::<_, String>(0)
        })
        .optional()?
        .map_or(Ok(Matched::NotFound), |doc| {
            from_json(|| format!("the link of customer {customer}"), &doc)
        })
}

/// What matching found for a customer, and the record it found.
pub(crate) fn opposite(db: &Connection, sync: SyncId, customer: &CustomerId) -> Inside<Opposite> {
    let found = db
        .prepare_cached(
            "SELECT l.doc, r.doc FROM link l
             LEFT JOIN record r ON r.sync = l.sync AND r.id = l.record
             WHERE l.sync = ?1 AND l.customer = ?2",
        )?
        .query_and_then(params![sync.0, customer.as_str()], |row| -> Inside<_> {
            let what = || format!("the link of customer {customer}");
            let record = || format!("the record of customer {customer}");
            Ok(Opposite {
                matched: from_column(what, row, 0)?,
                record: match row.get_ref(1)? {
                    ValueRef::Null => None,
                    _ => Some(from_column(record, row, 1)?),
                },
            })
        })?
        .next()
        .transpose()?;
    Ok(found.unwrap_or(Opposite {
        matched: Matched::NotFound,
        record: None,
    }))
}

/// What a link stands on, beside the customer `c` of sync `?2`.
pub(crate) const STANDS_ON: &str = "LEFT JOIN accepted_link a ON a.sync = ?2 AND a.customer = c.id
         LEFT JOIN match_apart m ON m.sync = ?2 AND m.customer = c.id
         LEFT JOIN link l ON l.sync = ?2 AND l.customer = c.id";

/// Whether it stands so that looking again would find the same: the record alone carries the
/// customer's id, and is what a person chose if anybody did.
pub(crate) const STANDS: &str = "ifnull(
             l.record IS NOT NULL AND l.doc ->> 'by' = 'external_id' AND l.name = c.name
                 AND m.apart IS NULL AND (a.decided IS NOT 1 OR a.record = l.record)
                 AND (SELECT min(k.record) = l.record AND max(k.record) = l.record
                      FROM record_key k WHERE k.sync = ?2 AND k.key = 'x' || c.id), 0)";

/// Customers as matching sees them first; see [`drawbridge_model::Cache::acquaintances`].
pub(crate) fn acquaintances(
    db: &Connection,
    sync: SyncId,
    source: ConnectionId,
    after: Option<&CustomerId>,
    limit: usize,
) -> Inside<Vec<Acquaintance>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    db.prepare_cached(&format!(
        "SELECT c.id, c.name, a.record, a.decided, m.apart
         FROM customer c INDEXED BY customer_known {STANDS_ON}
         WHERE c.source = ?1 AND c.id > ?3
             AND NOT EXISTS (SELECT 1 FROM agreed g WHERE g.sync = ?2 AND g.customer = c.id)
             AND NOT {STANDS}
         ORDER BY c.id LIMIT ?4"
    ))?
    .query_and_then(
        // No id is empty, so the empty text stands before all.
        params![
            source.0,
            sync.0,
            after.map_or("", CustomerId::as_str),
            limit
        ],
        |row| {
            let id: String = row.get(0)?;
            let accepted: Option<String> = row.get(2)?;
            let accepted = accepted.map(|record| -> Inside<_> {
                Ok(AcceptedLink {
                    record: record_id(&record)?,
                    by: linked_by(row.get(3)?),
                })
            });
            let decision = || format!("the decision about customer {id}");
            let apart: Option<String> = row.get(4)?;
            let key = MatchKey::ExternalId(id.clone());
            Ok(Acquaintance {
                name: row.get(1)?,
                by_id: records::by_key(db, sync, &key)?,
                accepted: accepted.transpose()?,
                apart: apart.map(|word| from_json(decision, &word)).transpose()?,
                customer: CustomerId(id),
            })
        },
    )?
    .collect()
}

/// Whose record it is; see [`drawbridge_model::Cache::sharing`].
pub(crate) fn sharing(db: &Connection, sync: SyncId, record: &RecordId) -> Inside<Vec<Customer>> {
    db.prepare_cached(
        "SELECT c.id, c.doc FROM link l
         JOIN sync s ON s.id = l.sync
         JOIN customer c ON c.source = s.source AND c.id = l.customer
         WHERE l.sync = ?1 AND l.record = ?2 ORDER BY c.id",
    )?
    .query_and_then(params![sync.0, record.as_str()], |row| {
        let id: String = row.get(0)?;
        from_column(|| format!("customer {id}"), row, 1)
    })?
    .collect()
}

/// The record a customer belongs to: the settled link, else what matching found.
pub(crate) fn record_of(
    db: &Connection,
    sync: SyncId,
    customer: &CustomerId,
) -> Inside<Option<RecordId>> {
    if let Some(link) = accepted(db, sync, customer)?
        && link.by != LinkedBy::BeforeRefresh
    {
        return Ok(Some(link.record));
    }
    Ok(match get(db, sync, customer)? {
        Matched::Found { record, .. } => Some(record),
        _ => None,
    })
}
