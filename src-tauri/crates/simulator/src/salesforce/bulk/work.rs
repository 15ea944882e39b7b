//! The work of an ingest job, off the request that closed its upload: internal batches of 10,000
//! rows, each in chunks of 200 rows of one transaction. Between chunks other calls get in.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::faults::{BulkFailure, FaultKind};
use crate::locks::RowLocks;
use crate::reply::{Request, RowErrors};
use crate::salesforce::SharedOrg;
use crate::salesforce::bulk::Ticket;
use crate::salesforce::bulk::columns::{Columns, Row};
use crate::salesforce::bulk::job::State;
use crate::salesforce::bulk::outcomes::Outcomes;
use crate::salesforce::bulk::rows::{self, Order};
use crate::salesforce::bulk::upload::Upload;
use crate::salesforce::errors::RowError;
use crate::salesforce::row_faults;

/// Rows of one internal batch (facts/salesforce.md §6).
pub(crate) const BATCH: usize = 10_000;
/// Rows of one transaction, as triggers see them.
const CHUNK: usize = 200;
/// How often a job that takes its time looks whether it is to end.
const GLANCE: Duration = Duration::from_millis(10);

/// The faults a job carries along from the call that started it.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    row_errors: Option<RowErrors>,
    locks: Option<RowLocks>,
    failure: Option<BulkFailure>,
    slow: Duration,
}

impl Trouble {
    pub(crate) fn of(request: &Request) -> Self {
        let mut trouble = Self {
            row_errors: request.row_errors.clone(),
            ..Self::default()
        };
        match request.fault.clone() {
            Some(FaultKind::RowLocks(locks)) => trouble.locks = Some(locks),
            Some(FaultKind::BulkFailure(failure)) => trouble.failure = Some(failure),
            Some(FaultKind::SlowBulk(milliseconds)) => {
                trouble.slow = Duration::from_millis(milliseconds);
            }
            _ => {}
        }
        trouble
    }

    pub(crate) fn slow(&self) -> Duration {
        self.slow
    }
}

/// Starts the work of a job in a thread of its own.
pub(super) fn start(shared: &SharedOrg, ticket: &Ticket, trouble: Trouble) {
    let mut run = Run {
        shared: shared.clone(),
        ticket: ticket.clone(),
        trouble,
    };
    let started = std::thread::Builder::new()
        .name("bulk-ingest".to_owned())
        .spawn(move || run.whole());
    if let Err(error) = started {
        let mut org = shared.lock();
        let now = org.clock.now();
        if let Some(ingest) = org.bulk.ingest_of(ticket) {
            ingest
                .job
                .fail(format!("InternalServerError : {error}"), now);
        }
    }
}

/// Waits, unless the job or the server ends first; gives whether there is still work to do.
pub(crate) fn pause(shared: &SharedOrg, time: Duration, wanted: impl Fn() -> bool) -> bool {
    let until = Instant::now() + time;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if shared.is_stopping() || !wanted() {
            return false;
        }
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(GLANCE));
    }
}

struct Run {
    shared: SharedOrg,
    ticket: Ticket,
    trouble: Trouble,
}

/// What the rows of a job are written by.
struct Plan {
    order: Order,
    file: Arc<Upload>,
    columns: Columns,
    /// Parents whose children stand in more than one internal batch.
    contended: HashSet<String>,
}

impl Run {
    fn whole(&mut self) {
        let Some((order, bytes, dialect)) = self.begin() else {
            return;
        };
        match Upload::read(bytes, dialect) {
            Ok(file) => self.write(order, Arc::new(file)),
            Err(message) => self.end(Some(message)),
        }
    }

    /// Takes the job up, unless it was aborted before.
    fn begin(&self) -> Option<(Order, bytes::Bytes, super::upload::Dialect)> {
        let mut org = self.shared.lock();
        let now = org.clock.now();
        let ingest = org.bulk.ingest_of(&self.ticket)?;
        if ingest.job.state != State::UploadComplete {
            return None;
        }
        ingest.job.enter(State::InProgress, now);
        let bytes = ingest.upload.clone().unwrap_or_default();
        Some((ingest.order(), bytes, ingest.job.dialect))
    }

    fn is_running(&self) -> bool {
        let mut org = self.shared.lock();
        let job = org.bulk.ingest_of(&self.ticket);
        job.is_some_and(|ingest| ingest.job.state == State::InProgress)
    }

    fn end(&self, problem: Option<String>) {
        let mut org = self.shared.lock();
        let now = org.clock.now();
        if let Some(ingest) = org.bulk.ingest_of(&self.ticket)
            && ingest.job.state == State::InProgress
        {
            match problem {
                Some(message) => ingest.job.fail(message, now),
                None => ingest.job.enter(State::JobComplete, now),
            }
        }
    }

    fn write(&mut self, order: Order, file: Arc<Upload>) {
        let columns = {
            let mut org = self.shared.lock();
            let object = org.schema.object(&order.sobject);
            let columns = match object {
                Some(object) => Columns::resolve(&org.schema, object, file.header()),
                None => Err(format!("InvalidEntity : {}", order.sobject)),
            };
            let Some(ingest) = org.bulk.ingest_of(&self.ticket) else {
                return;
            };
            ingest.file = Some(Arc::clone(&file));
            columns
        };
        let columns = match columns {
            Ok(columns) => columns,
            Err(message) => return self.end(Some(message)),
        };
        let contended = match &self.trouble.locks {
            Some(locks) if locks.parallel_only => contended(&file, &columns),
            _ => HashSet::new(),
        };
        let plan = Plan {
            order,
            file,
            columns,
            contended,
        };
        let rest = self.trouble.slow / u32::try_from(plan.file.len() / CHUNK + 1).unwrap_or(1);
        for (batch, start) in (0..plan.file.len()).step_by(BATCH).enumerate() {
            if let Some(failure) = &self.trouble.failure
                && batch >= failure.after_batches
            {
                return self.end(Some(failure.message.clone()));
            }
            if !self.count_batch() {
                return;
            }
            let end = plan.file.len().min(start + BATCH);
            for chunk in (start..end).step_by(CHUNK) {
                if !pause(&self.shared, rest, || self.is_running()) {
                    return;
                }
                if let Err(error) = self.chunk(&plan, chunk..end.min(chunk + CHUNK)) {
                    return self.end(Some(format!("InternalServerError : {error}")));
                }
            }
        }
        // A job with no more batches than that fails at its end.
        let failure = self.trouble.failure.take();
        self.end(failure.map(|failure| failure.message));
    }

    /// Counts an internal batch, unless the job is gone.
    fn count_batch(&self) -> bool {
        let mut org = self.shared.lock();
        let is_there = org.bulk.ingest_of(&self.ticket).is_some();
        if is_there {
            org.bulk.count_batch();
        }
        is_there
    }

    /// Writes the rows of one transaction.
    fn chunk(&self, plan: &Plan, range: Range<usize>) -> rusqlite::Result<()> {
        let mut parsed: Vec<(Row, Option<String>)> = Vec::with_capacity(range.len());
        plan.file.each(range, |_, record| {
            let mut parents = plan.columns.parents(record);
            let parent = self.trouble.locks.as_ref().and_then(|locks| {
                parents.find(|&parent| !locks.parallel_only || plan.contended.contains(parent))
            });
            parsed.push((plan.columns.row(record), parent.map(str::to_owned)));
        });
        let mut outcomes = Outcomes::default();
        let mut seen = HashSet::with_capacity(parsed.len());
        let mut org = self.shared.lock();
        // It may have been aborted, or the sandbox refreshed, while the rows were read.
        let job = org.bulk.ingest_of(&self.ticket).map(|ingest| &ingest.job);
        if !job.is_some_and(|job| job.state == State::InProgress) {
            return Ok(());
        }
        let begun = Instant::now();
        org.in_transaction(|org| {
            for (row, parent) in parsed {
                let id = row.id.clone();
                let written = match self.struck(plan, &row, parent.as_deref()) {
                    Some(error) => Err(error),
                    None => rows::write(org, &plan.order, row, &mut seen),
                };
                match written {
                    Ok(written) => outcomes.push_written(&written.id, written.created),
                    Err(error) => outcomes.push_failed(id.as_deref(), rows::error_cell(&error)),
                }
            }
        })?;
        if let Some(ingest) = org.bulk.ingest_of(&self.ticket) {
            ingest.record(outcomes, begun.elapsed());
        }
        Ok(())
    }

    /// The fault that strikes a row.
    fn struck(&self, plan: &Plan, row: &Row, parent: Option<&str>) -> Option<RowError> {
        if let Some(error) = row_faults::refusal(self.trouble.row_errors.as_ref()) {
            return Some(error);
        }
        let locks = self.trouble.locks.as_ref()?;
        if locks.parallel_only && parent.is_none() {
            return None;
        }
        let key = plan.order.key.as_deref();
        let key = key.and_then(|key| row.values.get(key)?.as_str());
        let id = row.id.as_deref();
        row_faults::lock(locks, key.or(id), &row.values, parent.or(id))
    }
}

/// Parents named by rows of more than one internal batch: parallel batches lock them against each
/// other.
fn contended(file: &Upload, columns: &Columns) -> HashSet<String> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut contended = HashSet::new();
    file.each(0..file.len(), |row, record| {
        for parent in columns.parents(record) {
            let batch = *first.entry(parent.to_owned()).or_insert(row / BATCH);
            if batch != row / BATCH {
                contended.insert(parent.to_owned());
            }
        }
    });
    contended
}
