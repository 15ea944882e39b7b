//! What the rows of a plan come to.

use drawbridge_model::{
    Action, AgreedCount, ApiUsage, BulkWrite, Describe, Forecast, MOST_BY_ID, OrgIdentity,
    PlanCounts, PlanRow, Way, WriteBatch, grouped,
};

use crate::currencies::{Amounts, Currencies};
use crate::execute::choose;
use crate::safety::Observed;

/// A Bulk job is created, filled and closed, its results are two lists; some looks come between.
const CALLS_OF_JOB: u32 = 10;

/// Before records are deleted they are read, and what hangs on them: at most three objects.
const CHECKS_OF_DELETION: u32 = 4;

/// So many records are named in a note.
const NAMED: usize = 3;

/// What a finished plan came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Customers read from the source.
    pub read: u32,
    /// What it would do to what is there already.
    pub observed: Observed,
    /// Records that still hold what was written for customers which are elsewhere now, or gone.
    pub left_behind: Vec<String>,
    /// Records read from the org.
    pub records: u32,
    /// Rows by action.
    pub counts: PlanCounts,
    /// What a run would cost.
    pub forecast: Forecast,
    /// The describe the plan was made against.
    pub describe: Describe,
    /// The org and the user it was read as; `None` when the org was not asked.
    pub identity: Option<OrgIdentity>,
}

impl Summary {
    /// What a person should know of the plan beside its figures.
    pub fn note(&self) -> Option<String> {
        let goes_over = match self.observed.taken_over {
            0 => None,
            1 => Some("1 record goes over to a customer with a new id, as was decided.".to_owned()),
            count => Some(format!(
                "{} records go over to customers with new ids, as was decided.",
                grouped(count)
            )),
        };
        let left_behind = match self.left_behind.as_slice() {
            [] => None,
            left => {
                let named = left
                    .iter()
                    .take(NAMED)
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(", ");
                let more = match left.len().saturating_sub(NAMED) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                Some(format!(
                    "No customer is found any more for {named}{more}, where a run wrote figures. \
                     Nothing is written there: clear them by hand, else they may count twice."
                ))
            }
        };
        let parts: Vec<String> = goes_over
            .into_iter()
            .chain(left_behind)
            .chain(self.observed.currencies.note())
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// What the rows so far come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) counts: PlanCounts,
    created: u32,
    updated: u32,
    deleted: u32,
    observed: Observed,
    pub(crate) left_behind: Vec<String>,
}

impl Tally {
    /// For an org that counts money so.
    pub(crate) fn counting_in(currencies: Currencies) -> Self {
        Self {
            observed: Observed {
                currencies,
                ..Observed::default()
            },
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, row: &PlanRow, amounts: Option<Amounts>) {
        self.counts.add(row.action);
        self.observed.add(row, amounts);
        match row.action {
            Action::Create if row.is_written() => self.created += 1,
            Action::Update if row.is_written() => self.updated += 1,
            Action::Delete => self.deleted += 1,
            _ => {}
        }
    }

    /// Customers that agree with their records.
    pub(crate) fn add_agreed(&mut self, agreed: AgreedCount) {
        let AgreedCount { rows, amounts } = agreed;
        self.counts.unchanged += rows;
        self.observed.read += rows;
        self.observed.matched += rows;
        if let Some(amounts) = amounts {
            self.observed.currencies.add_unwritten(amounts, rows);
        }
    }

    pub(crate) fn into_summary(
        self,
        read: u32,
        records: u32,
        usage: Option<ApiUsage>,
        describe: Describe,
    ) -> Summary {
        Summary {
            read,
            forecast: self.forecast(usage.map(|usage| usage.left())),
            observed: self.observed,
            left_behind: self.left_behind,
            records,
            counts: self.counts,
            describe,
            identity: None,
        }
    }

    fn forecast(&self, calls_left: Option<u32>) -> Forecast {
        let calls_of = |most: usize| {
            let most = u32::try_from(most).unwrap_or(u32::MAX);
            move |rows: u32| rows.div_ceil(most)
        };
        let calls = calls_of(WriteBatch::MAX_ROWS);
        let jobs = calls_of(BulkWrite::MAX_ROWS);
        let (way, _) = choose(self.created + self.updated, None);
        let (batches, calls_each) = match way {
            Way::Collections => (calls(self.created) + calls(self.updated), 1),
            Way::Bulk => (jobs(self.created) + jobs(self.updated), CALLS_OF_JOB),
        };
        let deletions = calls(self.deleted);
        // Before the first batch the org's identity and its describe are read.
        let beforehand = if batches + deletions > 0 { 2 } else { 0 };
        Forecast {
            check_calls: beforehand + batches + deletions * CHECKS_OF_DELETION,
            write_calls: batches * calls_each + deletions,
            verify_calls: calls_of(MOST_BY_ID)(self.created + self.updated + self.deleted),
            calls_left,
        }
    }
}
