//! What stops a run before it does harm.

use drawbridge_model::{
    Action, Change, Counts, CustomerId, MatchedBy, PlanRow, Reason, Value, grouped,
};

use crate::currencies::{Amounts, Currencies};

/// Something unusual that a person must tick before the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt {
    /// Its name, for `--accept`.
    pub name: &'static str,
    /// What is unusual.
    pub message: String,
    /// The customers of the rows it speaks of; none where it speaks of no rows.
    pub customers: Listed,
}

/// Every halt there is, by its name.
pub const HALTS: [&str; 6] = [
    SOURCE_EMPTY,
    SOURCE_SHRUNK,
    IDS_CHANGED,
    MANY_OVERWRITTEN,
    MANY_CLEARED,
    CURRENCIES_MIXED,
];
const SOURCE_EMPTY: &str = "source-empty";
const SOURCE_SHRUNK: &str = "source-shrunk";
const IDS_CHANGED: &str = "ids-changed";
const MANY_OVERWRITTEN: &str = "many-overwritten";
const MANY_CLEARED: &str = "many-cleared";
pub(crate) const CURRENCIES_MIXED: &str = "currencies-mixed";

/// Share of customers that may vanish between two plans before a person must look, in percent.
const SHRINK_PERCENT: u32 = 20;
/// Share of records whose values may be replaced before a person must look, in percent.
const OVERWRITE_PERCENT: u32 = 30;
/// So few replaced or emptied values are looked through at a glance.
const FEW: u32 = 20;

/// What a plan would do to what is there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Customers read.
    pub read: u32,
    /// Customers that found their record.
    pub matched: u32,
    /// Records where a value that is there is replaced by another.
    pub overwritten: u32,
    /// Values that are there and would become blank.
    pub cleared: u32,
    /// Customers that wait because they look like one with another id, which is gone.
    pub new_ids: u32,
    /// Records that go over to such a customer, as a person decided.
    pub taken_over: u32,
    /// New records.
    pub created: u32,
    /// The currencies of its amounts.
    pub currencies: Currencies,
    /// Whose rows are among those that are counted.
    pub customers: Concerned,
}

/// The first customers of many: a plan never holds all of its customers at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed(Vec<CustomerId>);

impl Listed {
    /// How many are listed at most.
    pub const MOST: usize = 10_000;

    /// Lists one more, where there is room.
    pub fn push(&mut self, customer: &CustomerId) {
        if self.0.len() < Self::MOST {
            self.0.push(customer.clone());
        }
    }

    /// Lists those of another list too, as far as there is room.
    pub fn extend(&mut self, others: &Self) {
        let room = Self::MOST - self.0.len();
        self.0.extend(others.0.iter().take(room).cloned());
    }

    /// Those that are listed.
    pub fn as_slice(&self) -> &[CustomerId] {
        &self.0
    }
}

/// Whose rows a halt would speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerned {
    /// Where a value that is there is replaced by another.
    pub overwritten: Listed,
    /// Where a value that is there would become blank.
    pub cleared: Listed,
    /// Where a customer's id is a new one.
    pub new_ids: Listed,
}

impl Observed {
    /// Takes one more row into account, and what its amounts are in.
    pub fn add(&mut self, row: &PlanRow, amounts: Option<Amounts>) {
        self.read += 1;
        if let Some(amounts) = amounts {
            self.currencies.add(&row.customer, amounts);
        }
        self.matched += u32::from(row.record.is_some());
        self.created += u32::from(row.action == Action::Create && row.is_written());
        let waits = matches!(row.reason, Some(Reason::NewId { .. }));
        self.new_ids += u32::from(waits);
        let goes_over = row.matched_by == Some(MatchedBy::TakenOver) && row.is_written();
        self.taken_over += u32::from(goes_over);
        // The id that goes over is said by a halt of its own.
        let id = Value::text(row.customer.as_str());
        let there = |change: &&Change| !change.before.is_blank();
        let (cleared, other): (Vec<_>, Vec<_>) = row
            .writes()
            .filter(there)
            .filter(|change| !(goes_over && change.after == id))
            .partition(|change| change.after.is_blank());
        self.cleared += u32::try_from(cleared.len()).unwrap_or(u32::MAX);
        self.overwritten += u32::from(!other.is_empty());
        let concerned = &mut self.customers;
        for (is_one, customers) in [
            (waits || goes_over, &mut concerned.new_ids),
            (!cleared.is_empty(), &mut concerned.cleared),
            (!other.is_empty(), &mut concerned.overwritten),
        ] {
            if is_one {
                customers.push(&row.customer);
            }
        }
    }
}

/// What is unusual about a plan. `before` is how many customers were read for the last run.
pub fn halts(source: &str, before: Option<u32>, observed: &Observed) -> Vec<Halt> {
    let mut halts = Vec::new();
    let now = observed.read;
    if let Some(before) = before.filter(|before| *before > 0) {
        let lost = before.saturating_sub(now);
        let formerly = grouped(before);
        if now == 0 {
            halts.push(Halt {
                name: SOURCE_EMPTY,
                message: format!("{source} gave no customers; last time it gave {formerly}."),
                customers: Listed::default(),
            });
        } else if is_more_than(lost, SHRINK_PERCENT, before) {
            halts.push(Halt {
                name: SOURCE_SHRUNK,
                message: format!(
                    "{source} gave {} customers; last time it gave {formerly}.",
                    grouped(now)
                ),
                customers: Listed::default(),
            });
        }
    }
    let Observed {
        matched,
        overwritten,
        cleared,
        new_ids,
        taken_over,
        created,
        ..
    } = *observed;
    let concerned = &observed.customers;
    if new_ids + taken_over >= FEW {
        halts.push(Halt {
            name: IDS_CHANGED,
            message: ids_changed(source, new_ids, taken_over, created),
            customers: concerned.new_ids.clone(),
        });
    }
    if overwritten >= FEW && is_more_than(overwritten, OVERWRITE_PERCENT, matched) {
        halts.push(Halt {
            name: MANY_OVERWRITTEN,
            message: format!(
                "{} of {} records would have a value replaced that is there now.",
                grouped(overwritten),
                grouped(matched)
            ),
            customers: concerned.overwritten.clone(),
        });
    }
    if cleared >= FEW {
        halts.push(Halt {
            name: MANY_CLEARED,
            message: format!(
                "{} values that are there now would become blank.",
                grouped(cleared)
            ),
            customers: concerned.cleared.clone(),
        });
    }
    halts.extend(observed.currencies.halt());
    halts
}

/// What many new ids at once mean: the customers were imported again, or moved.
fn ids_changed(source: &str, new_ids: u32, taken_over: u32, created: u32) -> String {
    let mut parts = Vec::new();
    if new_ids > 0 {
        parts.push(format!(
            "{} customers look like others that {source} no longer has, under new ids, and wait on \
             the Matching tab.",
            grouped(new_ids)
        ));
        if created > 0 {
            parts.push(format!(
                "{} records would be created; some of their customers may be old ones too.",
                grouped(created)
            ));
        }
    }
    if taken_over > 0 {
        parts.push(format!(
            "{} records would go over to customers with new ids, as was decided.",
            grouped(taken_over)
        ));
    }
    parts.join(" ")
}

fn is_more_than(part: u32, percent: u32, whole: u32) -> bool {
    u64::from(part) * 100 > u64::from(whole) * u64::from(percent)
}

/// Whether so many records were rejected that going on makes no sense: more than 2 %, and at
/// least 20.
pub fn stop_loss(counts: &Counts) -> bool {
    too_many_rejected(counts.rejected, counts.sent())
}

/// As [`stop_loss`], for whatever else is sent row by row.
pub(crate) fn too_many_rejected(rejected: u32, sent: u32) -> bool {
    rejected >= 20 && is_more_than(rejected, 2, sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(read: u32) -> Observed {
        Observed {
            read,
            matched: read,
            ..Observed::default()
        }
    }

    fn names(before: Option<u32>, observed: &Observed) -> Vec<&'static str> {
        let halts = halts("Alguna", before, observed);
        halts.into_iter().map(|halt| halt.name).collect()
    }

    #[test]
    fn a_first_plan_and_a_normal_one_have_no_halts() {
        assert_eq!(names(None, &read(0)), [""; 0]);
        assert_eq!(names(Some(100), &read(85)), [""; 0]);
    }

    #[test]
    fn a_source_that_is_suddenly_empty_or_much_smaller_halts() {
        assert_eq!(names(Some(100), &read(0)), ["source-empty"]);
        assert_eq!(names(Some(100), &read(79)), ["source-shrunk"]);
    }

    #[test]
    fn replacing_or_emptying_much_of_what_is_there_halts() {
        let replacing = |overwritten, cleared| Observed {
            overwritten,
            cleared,
            ..read(100)
        };
        assert_eq!(names(None, &replacing(30, 19)), [""; 0]);
        assert_eq!(names(None, &replacing(31, 19)), ["many-overwritten"]);
        assert_eq!(names(None, &replacing(0, 20)), ["many-cleared"]);
        let few = Observed {
            overwritten: 19,
            ..read(20)
        };
        assert_eq!(names(None, &few), [""; 0]);
    }

    #[test]
    fn many_new_ids_at_once_halt_with_their_cause() {
        let observed = |new_ids, taken_over| Observed {
            new_ids,
            taken_over,
            created: 3,
            ..read(100)
        };
        assert_eq!(names(Some(100), &observed(19, 0)), [""; 0]);
        assert_eq!(names(Some(100), &observed(20, 0)), ["ids-changed"]);
        let halt = halts("Alguna", None, &observed(0, 80)).remove(0);
        assert!(halt.message.starts_with("80 records would go over"));
        let halt = halts("Alguna", None, &observed(80, 0)).remove(0);
        assert!(halt.message.contains("Alguna no longer has"), "{halt:?}");
        assert!(
            halt.message.contains("3 records would be created"),
            "{halt:?}"
        );
    }

    #[test]
    fn few_rejections_do_not_stop_a_run() {
        let counts = |rejected, updated| Counts {
            rejected,
            updated,
            ..Counts::default()
        };
        assert!(!stop_loss(&counts(19, 0)));
        assert!(!stop_loss(&counts(20, 980)));
        assert!(stop_loss(&counts(21, 979)));
    }
}
