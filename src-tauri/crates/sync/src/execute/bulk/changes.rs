//! Which records somebody saved since the preview, in few calls: reading every record again before
//! a job would cost as many calls as writing without one.

use std::collections::{HashMap, HashSet};

use drawbridge_model::{
    AttemptKind, BulkFile, CustomerId, Journal, ReadQuery, RecordId, Target, Value,
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::rows::{JobRows, Outgoing};
use crate::Error;
use crate::execute::Ports;

/// A save may be seen some minutes after its time stamp.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// A look is good for so long: a job waits longer than that for its turn. Without this, each job
/// would read all that the jobs before it wrote.
const FRESH: SignedDuration = SignedDuration::from_secs(30);

/// Which records somebody saved since the preview.
#[derive(Default)]
pub(in crate::execute) struct Changes(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    looked_at: Option<Timestamp>,
    /// The newest stamp that was seen: by the org's clock, which ours may be far from.
    through: Option<Timestamp>,
    /// When each was saved last, and whose id it carries.
    records: HashMap<RecordId, (Timestamp, Option<CustomerId>)>,
    /// Customers whose id some record carries that was saved since.
    customers: HashSet<CustomerId>,
}

impl Changes {
    /// Whose record was touched since the preview, so that it must be looked at.
    pub(super) async fn touched<T: Target, J: Journal, F: BulkFile>(
        &self,
        ports: &Ports<'_, T, J>,
        job: &JobRows<F>,
    ) -> Result<Vec<CustomerId>, Error> {
        let mut seen = self.0.lock().await;
        let now = ports.clock.now();
        let is_fresh = |at: Timestamp| now.duration_since(at).abs() < FRESH;
        if !seen.looked_at.is_some_and(is_fresh) {
            seen.look(ports, now).await?;
        }
        let touched = job.rows.iter().filter(|row| seen.touches(job.kind, row));
        Ok(touched.map(|row| row.customer.clone()).collect())
    }
}

impl Seen {
    fn touches(&self, kind: AttemptKind, row: &Outgoing) -> bool {
        match (kind, &row.record) {
            (AttemptKind::Create, _) | (_, None) => self.customers.contains(&row.customer),
            (_, Some(record)) => self
                .records
                .get(record)
                .is_some_and(|(saved, _)| row.seen != Some(*saved)),
        }
    }

    async fn look<T: Target, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let external_id = &ports.input.mapping.external_id;
        let since = self.through.unwrap_or(ports.input.read_through);
        let query = ReadQuery {
            sobject: ports.input.mapping.sobject.clone(),
            fields: vec![external_id.clone()],
            only: None,
            not_blank: None,
            changed_since: Some(since.saturating_sub(OVERLAP).unwrap_or(Timestamp::MIN)),
        };
        let known: Vec<RecordId> = self.records.keys().cloned().collect();
        let ours = ports.journal.wrote(ports.input.run, &known)?;
        self.records.retain(|record, _| !ours.contains(record));
        let mut newest = self.through;
        let mut cursor: Option<String> = None;
        loop {
            let page = ports
                .target
                .read(&query, ports.describe, cursor.as_deref())
                .await?;
            let ids: Vec<RecordId> = page.rows.iter().map(|record| record.id.clone()).collect();
            let ours = ports.journal.wrote(ports.input.run, &ids)?;
            for record in page.rows {
                newest = newest.max(Some(record.modstamp));
                // What this run wrote itself concerns no row that is still open.
                if !ours.contains(&record.id) {
                    let customer = match record.value(external_id) {
                        Value::Text(id) => Some(CustomerId(id.clone())),
                        _ => None,
                    };
                    self.records.insert(record.id, (record.modstamp, customer));
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        self.customers = self
            .records
            .values()
            .filter_map(|(_, customer)| customer.clone())
            .collect();
        // Only now: a look that breaks off begins again where it began.
        self.through = newest;
        self.looked_at = Some(now);
        Ok(())
    }
}
