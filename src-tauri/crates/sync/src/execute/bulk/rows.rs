//! The rows of one job: its file as it is filled, and beside it the little a run must know of each.

use std::collections::BTreeSet;

use drawbridge_model::{
    AttemptKind, BulkFile, BulkTarget, BulkWrite, CustomerId, PlanRow, Problem, RecordId,
};
use jiff::Timestamp;

use crate::execute::Ports;
use crate::execute::batch::{write_kind, write_row};

/// Rows of one action that go as one job.
pub(in crate::execute) struct JobRows<F> {
    pub(super) kind: AttemptKind,
    /// Those in the file, in its order.
    pub(super) rows: Vec<Outgoing>,
    pub(super) file: F,
    /// Those that no file can say, and why.
    pub(super) refused: Vec<(Outgoing, Problem)>,
}

/// Whose row it is, and what tells whether somebody saved its record since the preview: of ten
/// thousand rows, all that a plan knows would fill the memory.
pub(super) struct Outgoing {
    pub(super) customer: CustomerId,
    pub(super) record: Option<RecordId>,
    pub(super) seen: Option<Timestamp>,
}

/// What the rows of such a job have in common.
pub(super) fn bulk_write<T, J>(ports: &Ports<'_, T, J>, kind: AttemptKind) -> BulkWrite {
    BulkWrite {
        sobject: ports.input.mapping.sobject.clone(),
        kind: write_kind(ports, kind),
    }
}

impl<F: BulkFile> JobRows<F> {
    pub(in crate::execute) fn new<T: BulkTarget<File = F>, J>(
        ports: &Ports<'_, T, J>,
        kind: AttemptKind,
    ) -> Self {
        Self {
            kind,
            rows: Vec::new(),
            file: ports.target.bulk_file(&bulk_write(ports, kind)),
            refused: Vec::new(),
        }
    }

    /// How many rows were added.
    pub(in crate::execute) fn len(&self) -> usize {
        self.rows.len() + self.refused.len()
    }

    /// Adds a row. Gives whether it did: the file may be full.
    pub(in crate::execute) fn add<T, J>(&mut self, ports: &Ports<'_, T, J>, row: &PlanRow) -> bool {
        let outgoing = Outgoing {
            customer: row.customer.clone(),
            record: row.record.clone(),
            seen: row.seen,
        };
        match self.file.add(&write_row(ports, self.kind, row)) {
            Ok(true) => self.rows.push(outgoing),
            Ok(false) => return false,
            Err(problem) => self.refused.push((outgoing, problem)),
        }
        true
    }

    /// Takes the rows of these customers out of the file.
    pub(super) fn take_out(&mut self, customers: &BTreeSet<CustomerId>) {
        if customers.is_empty() {
            return;
        }
        let rows = &self.rows;
        self.file
            .retain(|number| !customers.contains(&rows[number].customer));
        self.rows.retain(|row| !customers.contains(&row.customer));
    }
}
