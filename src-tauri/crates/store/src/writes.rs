//! Every write to a record, by any run of a sync: what explains a value.

use drawbridge_model::{CustomerId, FieldName, OwnWrite, PlanId, RecordId, RunId, SyncId, Value};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Inside;
use crate::words::{record_id, time, to_json};
use crate::{PlanRecord, Store, StoreError, links, plans, written};

/// What a run put into one field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldWrite {
    /// Which run.
    pub run: RunId,
    /// Its plan.
    pub plan: PlanId,
    /// Version of the mapping the plan was made with.
    pub mapping_version: u32,
    /// The run that this run takes back.
    pub undoes: Option<RunId>,
    /// When it was sent.
    pub at: Timestamp,
    /// Who began the run.
    pub user_name: Option<String>,
    /// For which customer.
    pub customer: CustomerId,
    /// Into which record.
    pub record: RecordId,
    /// Which field.
    pub field: FieldName,
    /// What stood there before.
    pub before: Value,
    /// What was written.
    pub after: Value,
}

const COLUMNS: &str = "r.id, r.plan, p.mapping_version, p.undoes, r.started_at, r.user_name,
    w.customer, w.record, w.doc";

impl Store {
    /// Every write by the sync's runs into a record, newest run first.
    pub fn writes_to_record(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<Vec<FieldWrite>, StoreError> {
        self.read("reading what was written", |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM written w JOIN run r ON r.id = w.run
                     JOIN plan p ON p.id = r.plan
                 WHERE w.record = ?2 AND r.sync = ?1 ORDER BY r.id DESC"
            );
            collect(db, &sql, sync, record.as_str())
        })
    }

    /// Every write by the sync's runs for a customer, newest run first.
    pub fn writes_for_customer(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Vec<FieldWrite>, StoreError> {
        self.read("reading what was written", |db| {
            // One look into each run of the sync: a run has a customer at most once.
            let sql = format!(
                "SELECT {COLUMNS} FROM run r CROSS JOIN written w
                     ON w.run = r.id AND w.customer = ?2
                     JOIN plan p ON p.id = r.plan
                 WHERE r.sync = ?1 ORDER BY r.id DESC"
            );
            collect(db, &sql, sync, customer.as_str())
        })
    }

    /// The run of the sync that deleted a record.
    pub fn deleted_by(&self, sync: SyncId, record: &RecordId) -> Result<Option<RunId>, StoreError> {
        self.read("reading what was deleted", |db| {
            let run: Option<u32> = db
                .prepare_cached(
                    "SELECT max(o.run) FROM outcome o JOIN run r ON r.id = o.run
                     WHERE o.record = ?2 AND o.outcome = 8 AND r.sync = ?1",
                )?
                .query_row(params![sync.0, record.as_str()], |row| row.get(0))?;
            Ok(run.map(RunId))
        })
    }

    /// The record a customer of a sync belongs to.
    pub fn record_of_customer(
        &self,
        sync: SyncId,
        customer: &CustomerId,
    ) -> Result<Option<RecordId>, StoreError> {
        self.read("reading a link", |db| links::record_of(db, sync, customer))
    }

    /// The customer a record of a sync belongs to: by the last matching, else by the last write.
    pub fn customer_of_record(
        &self,
        sync: SyncId,
        record: &RecordId,
    ) -> Result<Option<CustomerId>, StoreError> {
        self.read("reading a link", |db| {
            let values = params![sync.0, record.as_str()];
            let matched: Option<String> = db
                .prepare_cached(
                    "SELECT customer FROM link WHERE sync = ?1 AND record = ?2
                     ORDER BY customer LIMIT 1",
                )?
                .query_row(values, |row| row.get(0))
                .optional()?;
            if matched.is_some() {
                return Ok(matched.map(CustomerId));
            }
            Ok(db
                .prepare_cached(
                    "SELECT w.customer FROM written w JOIN run r ON r.id = w.run
                     WHERE w.record = ?2 AND r.sync = ?1 ORDER BY r.id DESC LIMIT 1",
                )?
                .query_row(values, |row| row.get(0))
                .optional()?
                .map(CustomerId))
        })
    }
}

impl Store {
    /// The newest plan of a sync that read the org and was made to its end. Undoing reads records
    /// too, but does not keep them.
    pub fn latest_reading(&self, sync: SyncId) -> Result<Option<PlanRecord>, StoreError> {
        self.read("reading a plan", |db| {
            let newest: Option<u32> = db.query_row(
                "SELECT max(id) FROM plan WHERE sync = ?1 AND undoes IS NULL
                     AND status NOT IN ('planning', 'failed')",
                [sync.0],
                |row| row.get(0),
            )?;
            newest.map_or(Ok(None), |id| plans::get(db, PlanId(id)))
        })
    }
}

const NEWEST_FIRST: &str = "SELECT r.id, s.name, w.doc FROM written w
         JOIN run r ON r.id = w.run
         JOIN sync s ON s.id = r.sync
     WHERE w.record = ?2 AND s.org =
         (SELECT o.org FROM plan p JOIN sync o ON o.id = p.sync WHERE p.id = ?1)
     ORDER BY r.id DESC";

/// The newest write to this field of a record, by a run of any sync of the plan's org. A sandbox
/// has the same record ids as the org it was copied from.
pub(crate) fn newest(
    db: &Connection,
    plan: PlanId,
    record: &RecordId,
    field: &FieldName,
) -> Inside<Option<OwnWrite>> {
    let mut writes = db.prepare_cached(NEWEST_FIRST)?;
    let mut rows = writes.query(params![plan.0, record.as_str()])?;
    while let Some(row) = rows.next()? {
        let fields = written::fields(row, 2)?;
        if let Some((_, _, value)) = fields.into_iter().find(|(name, ..)| name == field) {
            return Ok(Some(OwnWrite {
                run: RunId(row.get(0)?),
                sync: row.get(1)?,
                value,
            }));
        }
    }
    Ok(None)
}

/// The newest run that wrote anything to a record, as for [`newest`], and the name of its sync.
pub(crate) fn newest_run(
    db: &Connection,
    plan: PlanId,
    record: &RecordId,
) -> Inside<Option<(RunId, String)>> {
    let found = db
        .prepare_cached(NEWEST_FIRST)?
        .query_row(params![plan.0, record.as_str()], |row| {
            Ok((RunId(row.get(0)?), row.get(1)?))
        })
        .optional()?;
    Ok(found)
}

fn collect(db: &Connection, sql: &str, sync: SyncId, of: &str) -> Inside<Vec<FieldWrite>> {
    let rows = db
        .prepare_cached(sql)?
        .query_and_then(params![sync.0, of], |row| read(db, row))?
        .collect::<Inside<Vec<_>>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn read(db: &Connection, row: &Row<'_>) -> Inside<Vec<FieldWrite>> {
    let run = RunId(row.get(0)?);
    let customer = CustomerId(row.get(6)?);
    let fields = written::fields(row, 8)?;
    let at = match sent_at(db, run, &customer)? {
        Some(at) => at,
        None => time(&row.get::<_, String>(4)?)?,
    };
    let record = record_id(&row.get::<_, String>(7)?)?;
    let plan = PlanId(row.get(1)?);
    let mapping_version = row.get(2)?;
    let undoes = row.get::<_, Option<u32>>(3)?.map(RunId);
    let user_name: Option<String> = row.get(5)?;
    Ok(fields
        .into_iter()
        .map(|(field, before, after)| FieldWrite {
            run,
            plan,
            mapping_version,
            undoes,
            at,
            user_name: user_name.clone(),
            customer: customer.clone(),
            record: record.clone(),
            field,
            before,
            after,
        })
        .collect())
}

/// When the last attempt began that carried the customer; a run may write for hours.
fn sent_at(db: &Connection, run: RunId, customer: &CustomerId) -> Inside<Option<Timestamp>> {
    db.prepare_cached(
        "SELECT begun_at FROM attempt WHERE run = ?1 AND instr(customers, ?2) > 0
         ORDER BY id DESC LIMIT 1",
    )?
    .query_row(params![run.0, to_json("a customer", customer)?], |row| {
        row.get::<_, String>(0)
    })
    .optional()?
    .map(|text| time(&text))
    .transpose()
}
