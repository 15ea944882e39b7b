//! The tree of a query.

/// A name with the place it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: usize,
}

/// A field, possibly of a parent: `Name`, `Account.Name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) parts: Vec<String>,
    pub(crate) at: usize,
}

/// What is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Select {
    Count,
    Fields(Vec<Path>),
}

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Select,
    pub(crate) from: Name,
    pub(crate) filter: Option<Expr>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Compare {
        field: Path,
        operator: Operator,
        value: Literal,
    },
    In {
        field: Path,
        negated: bool,
        values: Vec<Literal>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    Text(String),
    Number(f64),
    Boolean(bool),
    Date(String),
    /// UTC, in the stored form.
    DateTime(String),
    /// `TODAY`, `LAST_N_DAYS:30`: a range of days, from first (inclusive) to last (exclusive).
    Days {
        first: jiff::civil::Date,
        end: jiff::civil::Date,
    },
}

/// One key of `ORDER BY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) field: Path,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}
