//! The journal of operations: what is open, what was begun, what became of it.

use drawbridge_model::{
    After, BatchId, Before, LedgerError, OpenOperation, OperationLedger, OperationOutcome,
    OperationResult,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Inside;
use crate::operations::{connection_of, found, outcome_code, put_subscription};
use crate::words::{from_json, optional_time, to_json};
use crate::{Store, connections};

impl OperationLedger for Store {
    fn open_operations(
        &self,
        batch: BatchId,
        limit: usize,
    ) -> Result<Vec<OpenOperation>, LedgerError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.read("reading operations", |db| {
            db.prepare_cached(
                "SELECT number, doc, begun_at FROM operation_row
                 WHERE batch = ?1 AND outcome IS NULL AND doc IS NOT NULL
                 ORDER BY begun_at IS NULL, number LIMIT ?2",
            )?
            .query_and_then(params![batch.0, limit], |row| {
                let what = || "an operation".to_owned();
                Ok(OpenOperation {
                    number: row.get(0)?,
                    operation: from_json(what, &row.get::<_, String>(1)?)?,
                    begun_at: optional_time(row.get(2)?)?,
                })
            })?
            .collect()
        })?)
    }

    fn user_of(&self, batch: BatchId, subscription: &str) -> Result<Option<String>, LedgerError> {
        Ok(self.read("reading a subscription", |db| {
            Ok(db
                .prepare_cached(
                    "SELECT s.user FROM billing_subscription s
                     JOIN operation_batch b ON b.connection = s.connection
                     WHERE b.id = ?1 AND s.handle = ?2",
                )?
                .query_row(params![batch.0, subscription], |row| row.get(0))
                .optional()?)
        })?)
    }

    fn put_before(&self, batch: BatchId, number: u32, before: &Before) -> Result<(), LedgerError> {
        Ok(self.write("recording what was there", |db| {
            let sql = "UPDATE operation_row SET before = ?3 WHERE batch = ?1 AND number = ?2
                 AND outcome IS NULL";
            let before = to_json("what was there", before)?;
            let changed = db
                .prepare_cached(sql)?
                .execute(params![batch.0, number, before])?;
            found(changed, batch)
        })?)
    }

    fn begun_at(&self, batch: BatchId, number: u32) -> Result<Option<Timestamp>, LedgerError> {
        Ok(self.read("reading an operation", |db| {
            let sql = "SELECT begun_at FROM operation_row WHERE batch = ?1 AND number = ?2";
            let begun: Option<String> = db
                .prepare_cached(sql)?
                .query_row([batch.0, number], |row| row.get(0))?;
            optional_time(begun)
        })?)
    }

    fn begin_operation(
        &self,
        batch: BatchId,
        number: u32,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording a call", |db| {
            connections::refuse_read_only(db, connection_of(db, batch)?)?;
            let sql = "UPDATE operation_row SET begun_at = ?3 WHERE batch = ?1 AND number = ?2
                 AND outcome IS NULL";
            let changed =
                db.prepare_cached(sql)?
                    .execute(params![batch.0, number, at.to_string()])?;
            found(changed, batch)
        })?)
    }

    fn end_operation(
        &self,
        batch: BatchId,
        number: u32,
        result: Option<&OperationResult>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        Ok(self.write("recording what became of a call", |db| {
            let after = result.and_then(|result| result.after.as_ref());
            let shown = after
                .map(|after| to_json("what is there", after))
                .transpose()?;
            let sql = "UPDATE operation_row SET begun_at = NULL, outcome = ?3, code = ?4,
                     message = ?5, after = ?6, ended_at = ?7
                 WHERE batch = ?1 AND number = ?2 AND outcome IS NULL";
            let changed = db.prepare_cached(sql)?.execute(params![
                batch.0,
                number,
                result.map(|result| outcome_code(result.outcome)),
                result.and_then(|result| result.code),
                result.and_then(|result| result.message.as_deref()),
                shown,
                result.map(|_| at.to_string())
            ])?;
            found(changed, batch)?;
            if result.is_some_and(|result| result.outcome == OperationOutcome::Done) {
                forget_deleted(db, batch, number)?;
            }
            if let Some(after) = after.and_then(After::subscription) {
                let connection = db.query_row(
                    "SELECT connection FROM operation_batch WHERE id = ?1",
                    [batch.0],
                    |row| row.get(0),
                )?;
                put_subscription(db, connection, after)?;
            }
            Ok(())
        })?)
    }
}

/// The subscriptions of a user that was deleted are no longer there to be picked.
fn forget_deleted(db: &Connection, batch: BatchId, number: u32) -> Inside<()> {
    db.execute(
        "DELETE FROM billing_subscription WHERE (connection, handle) IN
             (SELECT s.connection, s.handle FROM billing_subscription s
              JOIN operation_batch b ON b.connection = s.connection
              JOIN operation_row r ON r.batch = b.id
              WHERE b.id = ?1 AND r.number = ?2 AND r.kind = 'delete_user'
                  AND r.subject IN (s.user, s.doc ->> 'user_id', s.doc ->> 'user_alias'))",
        params![batch.0, number],
    )?;
    Ok(())
}
