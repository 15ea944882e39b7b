//! The model's journal port, over the tables that hold it.

use std::collections::BTreeSet;

use drawbridge_model::{
    Action, AgreedCount, Attempt, AttemptId, AttemptKind, BulkJobId, ConnectionId, CustomerBundle,
    CustomerId, FieldName, Journal, LedgerError, OwnWrite, PlanId, PlanRow, Problem, RecordId,
    RowOutcome, RunId, RunStatus, Way, Written,
};
use jiff::Timestamp;
use rusqlite::params;

use crate::words::action_code;
use crate::{
    Store, agreed, attempts, bases, connections, customers, links, outcomes, plan_rows, runs,
    saved, writes, written,
};

impl Journal for Store {
    fn put_plan_rows(&self, plan: PlanId, rows: &[PlanRow]) -> Result<(), LedgerError> {
        Ok(self.write_soon("saving plan rows", |db| plan_rows::put(db, plan, rows))?)
    }

    fn put_agreed_rows(&self, plan: PlanId) -> Result<Vec<AgreedCount>, LedgerError> {
        Ok(self.write_soon("saving plan rows", |db| agreed::put_rows(db, plan))?)
    }

    fn customers_without_row(
        &self,
        plan: PlanId,
        source: ConnectionId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerBundle>, LedgerError> {
        Ok(self.read("reading customers", |db| {
            customers::page(db, source, Some(plan), after, limit)
        })?)
    }

    fn open_rows(
        &self,
        run: RunId,
        action: Action,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<PlanRow>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.read("reading open rows", |db| {
            let (plan, _) = runs::origin(db, run)?;
            db.prepare_cached(
                "SELECT doc FROM plan_row p INDEXED BY plan_row_parent
                 WHERE plan = ?1 AND (parent, customer) > (coalesce((SELECT parent FROM plan_row
                     WHERE plan = ?1 AND customer = ?2), ''), ?2)
                 AND sendable = 1 AND action = ?5 AND NOT EXISTS
                     (SELECT 1 FROM outcome o WHERE o.run = ?3 AND o.customer = p.customer)
                 ORDER BY parent, customer LIMIT ?4",
            )?
            .query_and_then(
                params![
                    plan.0,
                    after.map_or("", CustomerId::as_str),
                    run.0,
                    limit,
                    action_code(action)
                ],
                plan_rows::read,
            )?
            .collect()
        })?)
    }

    fn plan_rows(&self, run: RunId, customers: &[CustomerId]) -> Result<Vec<PlanRow>, LedgerError> {
        Ok(self.read("reading plan rows", |db| {
            let (plan, _) = runs::origin(db, run)?;
            customers
                .iter()
                .map(|customer| plan_rows::expect(db, plan, customer))
                .collect()
        })?)
    }

    fn planned_records(
        &self,
        run: RunId,
        customers: &[CustomerId],
    ) -> Result<Vec<Option<RecordId>>, LedgerError> {
        Ok(self.read("reading plan rows", |db| {
            let (plan, _) = runs::origin(db, run)?;
            customers
                .iter()
                .map(|customer| plan_rows::record(db, plan, customer))
                .collect()
        })?)
    }

    fn begin_attempt(
        &self,
        run: RunId,
        kind: AttemptKind,
        way: Way,
        customers: &[CustomerId],
        at: Timestamp,
    ) -> Result<AttemptId, LedgerError> {
        Ok(self.write("recording a call", |db| {
            attempts::begin(db, run, kind, way, customers, at)
        })?)
    }

    fn set_attempt_job(
        &self,
        run: RunId,
        attempt: AttemptId,
        job: &BulkJobId,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording a Bulk job", |db| {
            attempts::set_job(db, run, attempt, job)
        })?)
    }

    fn count_open(&self, run: RunId) -> Result<u32, LedgerError> {
        Ok(self.read("counting open rows", |db| {
            Ok(db
                .prepare_cached(
                    "SELECT read - (SELECT count(*) FROM outcome o WHERE o.run = r.id)
                     FROM run r WHERE id = ?1",
                )?
                .query_row([run.0], |row| row.get::<_, i64>(0))?
                .try_into()
                .unwrap_or(0))
        })?)
    }

    fn wrote(&self, run: RunId, records: &[RecordId]) -> Result<BTreeSet<RecordId>, LedgerError> {
        Ok(self.read("looking for written records", |db| {
            outcomes::wrote(db, run, records)
        })?)
    }

    fn may_send(&self, run: RunId) -> Result<(), LedgerError> {
        Ok(self.read("looking whether the org is only read", |db| {
            connections::refuse_read_only(db, runs::ends(db, run)?.1)
        })?)
    }

    fn settled(
        &self,
        run: RunId,
        customers: &[CustomerId],
    ) -> Result<BTreeSet<CustomerId>, LedgerError> {
        Ok(self.read("reading outcomes", |db| {
            outcomes::settled(db, run, customers)
        })?)
    }

    fn end_attempt(
        &self,
        run: RunId,
        attempt: AttemptId,
        rows: &[RowOutcome],
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording what became of a call", |db| {
            let (plan, sync) = runs::origin(db, run)?;
            attempts::end(db, run, attempt, at)?;
            outcomes::put(db, run, rows)?;
            // Row by row: a Bulk job has ten thousand.
            for (customer, record) in rows.iter().filter_map(RowOutcome::wrote) {
                let row = plan_rows::json(db, plan, customer)?;
                bases::put(db, sync, record, &row)?;
            }
            links::accept_outcomes(db, sync, rows, at)?;
            links::forget_deleted(db, sync, rows, at)
        })?)
    }

    fn put_outcomes(&self, run: RunId, rows: &[RowOutcome]) -> Result<(), LedgerError> {
        Ok(self.write("recording outcomes", |db| {
            runs::origin(db, run)?;
            outcomes::put(db, run, rows)
        })?)
    }

    fn open_attempts(&self, run: RunId) -> Result<Vec<Attempt>, LedgerError> {
        Ok(self.read("reading open calls", |db| attempts::open(db, run))?)
    }

    fn customers_written(
        &self,
        run: RunId,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<CustomerId>, LedgerError> {
        Ok(self.read("reading whose records were written", |db| {
            written::customers(db, run, after, limit)
        })?)
    }

    fn written(
        &self,
        run: RunId,
        after: Option<&Written>,
        limit: usize,
    ) -> Result<Vec<Written>, LedgerError> {
        Ok(self.read("reading what was written", |db| {
            written::page(db, run, after, limit)
        })?)
    }

    fn newest_write(
        &self,
        plan: PlanId,
        record: &RecordId,
        field: &FieldName,
    ) -> Result<Option<OwnWrite>, LedgerError> {
        Ok(self.read("reading what was written", |db| {
            writes::newest(db, plan, record, field)
        })?)
    }

    fn newest_run(
        &self,
        plan: PlanId,
        record: &RecordId,
    ) -> Result<Option<(RunId, String)>, LedgerError> {
        Ok(self.read("reading what was written", |db| {
            writes::newest_run(db, plan, record)
        })?)
    }

    fn note_saved(&self, run: RunId, saved: &[(&Written, Timestamp)]) -> Result<(), LedgerError> {
        Ok(self.write_soon("recording what was read back", |db| {
            let (_, sync) = runs::origin(db, run)?;
            saved::note(db, sync, run, saved)
        })?)
    }

    fn note_differing(
        &self,
        run: RunId,
        differing: &[(CustomerId, Problem)],
    ) -> Result<(), LedgerError> {
        if differing.is_empty() {
            return Ok(());
        }
        Ok(self.write("recording what differs", |db| {
            outcomes::note_differing(db, run, differing)
        })?)
    }

    fn set_run_status(
        &self,
        run: RunId,
        status: RunStatus,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording how a run stands", |db| {
            runs::set_status(db, run, status, reason, at)
        })?)
    }
}
