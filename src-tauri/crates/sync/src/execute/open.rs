//! The open rows of a run, of which the next call or Bulk job takes some.

use drawbridge_model::{
    Action, BulkFile, BulkTarget, BulkWrite, CustomerId, Journal, LedgerError, PlanRow, RecordId,
    Way, WriteBatch,
};

use super::bulk::JobRows;
use super::send::Standing;
use super::{Ports, batch};

/// Plan rows read at a time for a Bulk job.
const WINDOW: usize = 250;

/// Rows of some actions that are to be sent by the same way, one action after the other, each by
/// parent and customer id.
pub(super) struct Open<'a> {
    way: Way,
    /// The one that is read, and those after it.
    actions: &'a [Action],
    /// The customer of the last row that was taken.
    after: Option<CustomerId>,
}

/// What one call or Bulk job takes.
pub(super) enum Rows<F> {
    Call(Vec<PlanRow>),
    Job(JobRows<F>),
}

/// The first and the last parent of the rows of a call, which come by parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parents {
    first: RecordId,
    last: RecordId,
}

impl Parents {
    fn of(rows: &[PlanRow]) -> Option<Self> {
        // Rows without a parent come first.
        let first = rows.iter().find_map(|row| row.parent.as_ref())?;
        let last = rows.last()?.parent.as_ref()?;
        Some(Self {
            first: first.clone(),
            last: last.clone(),
        })
    }

    /// Whether both may hold rows of the same parent: saved at once, they lock it against each other.
    pub(super) fn meet(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl<F: BulkFile> Rows<F> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Call(rows) => rows.len(),
            Self::Job(rows) => rows.len(),
        }
    }

    /// The parents of the rows of a call; `None` where they have none.
    pub(super) fn parents(&self) -> Option<Parents> {
        match self {
            Self::Call(rows) => Parents::of(rows),
            Self::Job(_) => None,
        }
    }
}

impl<'a> Open<'a> {
    pub(super) fn new(way: Way, actions: &'a [Action]) -> Self {
        Self {
            way,
            actions,
            after: None,
        }
    }

    pub(super) fn way(&self) -> Way {
        self.way
    }

    /// The next rows, without those that go apart; `None` when all are read.
    pub(super) fn next<T: BulkTarget, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        standing: &Standing,
    ) -> Result<Option<Rows<T::File>>, LedgerError> {
        while let Some(&action) = self.actions.first() {
            let rows = match self.way {
                Way::Collections => Rows::Call(self.call(ports, action, standing)?),
                Way::Bulk => Rows::Job(self.job(ports, action, standing)?),
            };
            // All of them may go apart.
            if rows.len() > 0 {
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }

    /// The next rows of one call. Those of one parent stay together where they fit one call, so
    /// that no two calls under way lock it against each other.
    fn call<T, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        action: Action,
        standing: &Standing,
    ) -> Result<Vec<PlanRow>, LedgerError> {
        let limit = WriteBatch::MAX_ROWS + 1;
        let mut rows = self.read(ports, action, limit)?;
        if rows.len() < limit {
            self.turn();
        } else {
            if let Some(following) = rows.pop()
                && following.parent.is_some()
            {
                let begun = rows.partition_point(|row| row.parent != following.parent);
                if begun > 0 {
                    rows.truncate(begun);
                }
            }
            self.after = rows.last().map(|row| row.customer.clone());
        }
        rows.retain(|row| !standing.goes_apart(&row.customer));
        Ok(rows)
    }

    /// The next rows of one Bulk job, as many as its file takes.
    fn job<T: BulkTarget, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        action: Action,
        standing: &Standing,
    ) -> Result<JobRows<T::File>, LedgerError> {
        let mut job = JobRows::new(ports, batch::kind_of(action));
        for _ in 0..BulkWrite::MAX_ROWS.div_ceil(WINDOW) {
            let rows = self.read(ports, action, WINDOW)?;
            let are_last = rows.len() < WINDOW;
            for row in rows {
                if !standing.goes_apart(&row.customer) && !job.add(ports, &row) {
                    // It is the first of the next job.
                    return Ok(job);
                }
                self.after = Some(row.customer);
            }
            if are_last {
                self.turn();
                break;
            }
        }
        Ok(job)
    }

    fn read<T, J: Journal>(
        &self,
        ports: &Ports<'_, T, J>,
        action: Action,
        limit: usize,
    ) -> Result<Vec<PlanRow>, LedgerError> {
        let (run, after) = (ports.input.run, self.after.as_ref());
        ports.journal.open_rows(run, action, after, limit)
    }

    /// Goes on with the next action.
    fn turn(&mut self) {
        self.actions = self.actions.split_first().map_or(&[], |(_, rest)| rest);
        self.after = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parents(first: &str, last: &str) -> Parents {
        let id = |end: &str| RecordId::parse(&format!("001000000000{end}")).unwrap();
        Parents {
            first: id(first),
            last: id(last),
        }
    }

    #[test]
    fn parents_meet_where_one_may_be_in_both() {
        let middle = parents("00C", "00F");
        let cases = [
            (("00A", "00B"), false),
            (("00A", "00C"), true),
            (("00D", "00E"), true),
            (("00A", "00Z"), true),
            (("00F", "00Z"), true),
            (("00G", "00Z"), false),
        ];
        for ((first, last), expected) in cases {
            let other = parents(first, last);
            assert_eq!(middle.meet(&other), expected, "{other:?}");
            assert_eq!(other.meet(&middle), expected, "{other:?}");
        }
    }
}
