//! Customers that agree with their records. What was compared once and has not changed since is not
//! compared again.

use crate::{Currency, PlanRow};

/// A customer that agrees with its record: the row a plan has for it, and what its amounts are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The row. It is [`Action::Unchanged`](crate::Action::Unchanged), and its record carries the
    /// customer's id.
    pub row: PlanRow,
    /// What the row's amounts are in, where it has any.
    pub amounts: Option<AmountsIn>,
}

/// What a row's amounts are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AmountsIn {
    /// As the source gives them.
    pub source: Currency,
    /// As the record counts them, where the org has several currencies and the record is known.
    pub record: Option<Currency>,
}

/// How many customers agree whose amounts are in the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgreedCount {
    /// So many.
    pub rows: u32,
    /// What their amounts are in.
    pub amounts: Option<AmountsIn>,
}
