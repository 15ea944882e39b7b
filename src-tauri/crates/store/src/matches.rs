//! What matching found, page by page, and what a person decides about it.

use drawbridge_model::{Apart, CustomerId, MatchDecision, Matched, SyncId, Takeover};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Inside;
use crate::words::{folded, from_json, record_id, to_json};
use crate::{Store, StoreError, takeovers};

/// How matching ended for a customer, as the review queue groups it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchState {
    /// It has its record.
    Found = 0,
    /// No record was found.
    NotFound = 1,
    /// Records may be its own; a person must choose.
    Proposed = 2,
    /// Something contradicts itself; a person must settle it.
    Conflict = 3,
    /// A person decided that it has none.
    Apart = 4,
}

impl MatchState {
    pub(crate) fn of(matched: &Matched) -> Self {
        match matched {
            Matched::Found { .. } => Self::Found,
            Matched::NotFound => Self::NotFound,
            Matched::Proposed { .. } => Self::Proposed,
            Matched::Conflict { .. } => Self::Conflict,
            Matched::Decided { .. } => Self::Apart,
        }
    }
}

/// Which customers of a sync's last matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchQuery {
    /// How matching ended.
    pub state: MatchState,
    /// Only customers whose name or id contains this text, in any case.
    pub search: String,
    /// How many to leave out at the beginning.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// What matching found for one customer, and what was decided since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchRow {
    /// The customer.
    pub customer: CustomerId,
    /// The words a person knows it by.
    pub name: String,
    /// What matching found.
    pub matched: Matched,
    /// What a person decided; the next preview follows it.
    pub decision: Option<MatchDecision>,
}

/// A page of them, the likeliest proposals first, then by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchPage {
    /// Its rows.
    pub rows: Vec<MatchRow>,
    /// How many there are on all pages.
    pub total: u32,
}

/// How the customers of a sync stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchCounts {
    /// With a record.
    pub found: u32,
    /// Without one.
    pub not_found: u32,
    /// With proposals.
    pub proposed: u32,
    /// With a conflict.
    pub conflicts: u32,
    /// Decided to have none.
    pub apart: u32,
    /// Of those with proposals or a conflict, how many a person has decided since.
    pub decided: u32,
}

/// Columns and joins every reading here shares.
const DECIDED: &str = "LEFT JOIN accepted_link a
        ON a.sync = l.sync AND a.customer = l.customer AND a.decided = 1
    LEFT JOIN match_apart m ON m.sync = l.sync AND m.customer = l.customer";

impl Store {
    /// A page of what the last matching of a sync found.
    pub fn matches(&self, sync: SyncId, query: &MatchQuery) -> Result<MatchPage, StoreError> {
        self.read("reading matches", |db| {
            let search = folded(&query.search);
            let filter = "WHERE l.sync = ?1 AND l.state = ?2
                AND (?3 = '' OR instr(l.text, ?3) > 0)";
            let total = db
                .prepare_cached(&format!("SELECT count(*) FROM link l {filter}"))?
                .query_row(params![sync.0, query.state as u8, search], |row| row.get(0))?;
            let rows = db
                .prepare_cached(&format!(
                    "SELECT l.customer, l.name, l.doc, a.record, m.apart FROM link l {DECIDED}
                     {filter} ORDER BY l.score DESC, l.name, l.customer LIMIT ?4 OFFSET ?5"
                ))?
                .query_and_then(
                    params![sync.0, query.state as u8, search, query.limit, query.offset],
                    read,
                )?
                .collect::<Inside<Vec<_>>>()?;
            Ok(MatchPage { rows, total })
        })
    }

    /// What matching found for one customer.
    pub fn match_of(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Option<MatchRow>, StoreError> {
        self.read("reading a match", |db| {
            db.prepare_cached(&format!(
                "SELECT l.customer, l.name, l.doc, a.record, m.apart FROM link l {DECIDED}
                 WHERE l.sync = ?1 AND l.customer = ?2"
            ))?
            .query_and_then(params![sync.0, customer.as_str()], read)?
            .next()
            .transpose()
        })
    }

    /// How many customers of a sync stand how.
    pub fn match_counts(&self, sync: SyncId) -> Result<MatchCounts, StoreError> {
        self.read("counting matches", |db| {
            Ok(db
                .prepare_cached(&format!(
                    "SELECT coalesce(sum(l.state = 0), 0), coalesce(sum(l.state = 1), 0),
                         coalesce(sum(l.state = 2), 0), coalesce(sum(l.state = 3), 0),
                         coalesce(sum(l.state = 4), 0),
                         coalesce(sum(l.state IN (2, 3)
                             AND (a.record IS NOT NULL OR m.apart IS NOT NULL)), 0)
                     FROM link l {DECIDED} WHERE l.sync = ?1"
                ))?
                .query_row([sync.0], |row| {
                    Ok(MatchCounts {
                        found: row.get(0)?,
                        not_found: row.get(1)?,
                        proposed: row.get(2)?,
                        conflicts: row.get(3)?,
                        apart: row.get(4)?,
                        decided: row.get(5)?,
                    })
                })?)
        })
    }

    /// Remembers what a person decides about a customer's record, in place of what was decided
    /// before; `None` takes the decision back. The next preview follows it.
    pub fn decide_match(
        &self,
        sync: SyncId,
        customer: &CustomerId,
        decision: Option<&MatchDecision>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.settle_match(sync, customer, decision, None, at)
    }

    /// Remembers that a customer takes over the link of a former one.
    pub fn take_over(&self, sync: SyncId, takeover: &Takeover) -> Result<(), StoreError> {
        let decision = MatchDecision::Accept {
            record: takeover.record.clone(),
        };
        let customer = &takeover.customer;
        self.settle_match(sync, customer, Some(&decision), Some(takeover), takeover.at)
    }

    fn settle_match(
        &self,
        sync: SyncId,
        customer: &CustomerId,
        decision: Option<&MatchDecision>,
        takeover: Option<&Takeover>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("saving a decision", |db| {
            takeovers::decide(db, sync, customer, takeover)?;
            // What a run linked stays when a decision is only taken back.
            db.execute(
                "DELETE FROM accepted_link
                 WHERE sync = ?1 AND customer = ?2 AND (decided = 1 OR ?3)",
                params![sync.0, customer.as_str(), decision.is_some()],
            )?;
            db.execute(
                "DELETE FROM match_apart WHERE sync = ?1 AND customer = ?2",
                params![sync.0, customer.as_str()],
            )?;
            match decision {
                None => {}
                Some(MatchDecision::Accept { record }) => {
                    db.execute(
                        "INSERT INTO accepted_link (sync, customer, record, at, decided)
                         VALUES (?1, ?2, ?3, ?4, 1)",
                        params![sync.0, customer.as_str(), record.as_str(), at.to_string()],
                    )?;
                }
                Some(MatchDecision::Apart { apart }) => {
                    db.execute(
                        "INSERT INTO match_apart (sync, customer, apart, at)
                         VALUES (?1, ?2, ?3, ?4)",
                        params![
                            sync.0,
                            customer.as_str(),
                            to_json("a decision", apart)?,
                            at.to_string()
                        ],
                    )?;
                }
            }
            Ok(())
        })
    }
}

/// What a person decided instead of a link; see [`drawbridge_model::Cache::apart`].
pub(crate) fn apart(db: &Connection, sync: SyncId, customer: &CustomerId) -> Inside<Option<Apart>> {
    db.prepare_cached("SELECT apart FROM match_apart WHERE sync = ?1 AND customer = ?2")?
        .query_row(params![sync.0, customer.as_str()], |row| {
            row.get::<_, String>(0)
        })
        .optional()?
        .map(|word| from_json(|| format!("the decision about customer {customer}"), &word))
        .transpose()
}

fn read(row: &Row<'_>) -> Inside<MatchRow> {
    let customer: String = row.get(0)?;
    let doc: String = row.get(2)?;
    let matched = from_json(|| format!("the link of customer {customer}"), &doc)?;
    let accepted: Option<String> = row.get(3)?;
    let apart: Option<String> = row.get(4)?;
    let decision = match (accepted, apart) {
        (Some(record), _) => Some(MatchDecision::Accept {
            record: record_id(&record)?,
        }),
        (None, Some(word)) => Some(MatchDecision::Apart {
            apart: from_json(|| format!("the decision about customer {customer}"), &word)?,
        }),
        (None, None) => None,
    };
    Ok(MatchRow {
        name: row.get(1)?,
        customer: CustomerId(customer),
        matched,
        decision,
    })
}
