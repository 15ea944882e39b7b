//! What Salesforce's answer to a row means for the row (classes of facts/salesforce.md §9).

use drawbridge_model::{
    CustomerId, DeleteResult, Journal, MOST_BY_ID, Outcome, PlanRow, Problem, RecordId, RowOutcome,
    RowResult, Target, WriteKind,
};

use super::check::{find_created, holds};
use super::settle::found_again;
use super::{Ports, outcome};
use crate::Error;

/// A row that stays open and is to be sent again.
#[derive(Clone, Debug)]
pub(super) struct Again {
    pub(super) customer: CustomerId,
    /// Why it was not written this time.
    pub(super) problem: Problem,
    /// Whether it goes apart from the others: in a small call, alone under way.
    pub(super) apart: bool,
}

/// Answers of one call or Bulk job, sorted by what they mean.
#[derive(Default)]
pub(super) struct Verdicts {
    pub(super) outcomes: Vec<RowOutcome>,
    pub(super) again: Vec<Again>,
    /// New records whose external ID some record has already.
    doubtful: Vec<(CustomerId, Problem)>,
}

impl Verdicts {
    /// None yet, of so many rows.
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self {
            outcomes: Vec::with_capacity(rows),
            ..Self::default()
        }
    }

    /// Takes the answer to one row: whose it is, and which record it was to change.
    pub(super) fn take(
        &mut self,
        kind: &WriteKind,
        customer: &CustomerId,
        record: Option<RecordId>,
        result: RowResult,
    ) {
        match result {
            RowResult::Written { record, created } => self.done(customer, record, created),
            RowResult::Refused(problem) if passes(&problem) => self.again.push(Again {
                customer: customer.clone(),
                problem,
                apart: true,
            }),
            RowResult::Refused(problem) if may_be_ours(kind, &problem) => {
                self.doubtful.push((customer.clone(), problem));
            }
            RowResult::Refused(problem) => self.reject(customer, record, problem),
        }
    }

    /// Takes the answer to the deletion of one record. One that is deleted already was deleted by
    /// this call: its check found it a moment ago, and a call may be delivered twice.
    pub(super) fn take_deleted(&mut self, row: &PlanRow, result: DeleteResult) {
        match result {
            DeleteResult::Refused(problem) if problem.code == "ENTITY_IS_DELETED" => {
                self.deleted(row);
            }
            DeleteResult::Deleted => self.deleted(row),
            DeleteResult::Refused(problem) if passes(&problem) => self.again.push(Again {
                customer: row.customer.clone(),
                problem,
                apart: true,
            }),
            DeleteResult::Refused(problem) => {
                self.reject(&row.customer, row.record.clone(), problem);
            }
        }
    }

    /// Whether every row was written.
    pub(super) fn all_written(&self) -> bool {
        self.again.is_empty()
            && self.doubtful.is_empty()
            && self.outcomes.iter().all(|row| row.wrote().is_some())
    }

    fn deleted(&mut self, row: &PlanRow) {
        self.outcomes
            .push(outcome(row, Outcome::Deleted, row.record.clone(), None));
    }

    pub(super) fn reject(
        &mut self,
        customer: &CustomerId,
        record: Option<RecordId>,
        problem: Problem,
    ) {
        self.outcomes.push(RowOutcome {
            customer: customer.clone(),
            outcome: Outcome::Rejected,
            record,
            problem: Some(problem),
        });
    }

    fn done(&mut self, customer: &CustomerId, record: RecordId, created: bool) {
        self.outcomes.push(RowOutcome {
            customer: customer.clone(),
            outcome: if created {
                Outcome::Created
            } else {
                Outcome::Updated
            },
            record: Some(record),
            problem: None,
        });
    }

    /// A refusal because the external ID is taken may be the echo of our own write, whose answer
    /// was lost: when the record holds what was sent, the row is done.
    pub(super) async fn confirm<T: Target, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
    ) -> Result<(), Error> {
        let doubtful = std::mem::take(&mut self.doubtful);
        for part in doubtful.chunks(MOST_BY_ID) {
            let customers: Vec<CustomerId> = part.iter().map(|(it, _)| it.clone()).collect();
            let rows = ports.journal.plan_rows(ports.input.run, &customers)?;
            let found = find_created(ports, &rows).await?;
            for (row, (customer, problem)) in rows.iter().zip(part) {
                match found.get(customer.as_str()) {
                    Some(record) if holds(record, row) => {
                        self.done(customer, record.id.clone(), true);
                        if let Some(row) = self.outcomes.last_mut() {
                            row.problem = Some(found_again());
                        }
                    }
                    _ => self.reject(customer, row.record.clone(), problem.clone()),
                }
            }
        }
        Ok(())
    }
}

/// Whether the row may go through when it is sent again: somebody held a lock, or the org was
/// too busy for it. A trigger or flow reports the lock it met inside its own text.
fn passes(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "UNABLE_TO_LOCK_ROW" | "TOO_MANY_APEX_REQUESTS" | "LIMIT_EXCEEDED" | "SERVER_UNAVAILABLE"
    ) || problem.message.contains("UNABLE_TO_LOCK_ROW")
}

fn may_be_ours(kind: &WriteKind, problem: &Problem) -> bool {
    let WriteKind::Upsert(external_id) = kind else {
        return false;
    };
    let names_it = problem
        .fields
        .iter()
        .any(|field| field == external_id.as_str())
        || problem.message.contains(external_id.as_str());
    problem.code == "DUPLICATE_VALUE" && names_it
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_pass_wherever_they_are_reported() {
        let problem = |code: &str, message: &str| Problem::new(code, message);
        let inside = "AccountTrigger: execution of BeforeUpdate caused by: DmlException: \
                      UNABLE_TO_LOCK_ROW, unable to obtain exclusive access to this record";
        assert!(passes(&problem("UNABLE_TO_LOCK_ROW", "unable to obtain")));
        assert!(passes(&problem(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            inside
        )));
        let trigger = problem("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "AccountTrigger: no");
        assert!(!passes(&trigger));
        assert!(!passes(&problem("STRING_TOO_LONG", "too long")));
    }
}
