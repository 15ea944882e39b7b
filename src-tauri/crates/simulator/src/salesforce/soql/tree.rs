//! The tree of a query. [`print`](super::print) writes it out again.

use super::days::Days;
use super::function::Function;

/// Where a name stands in the query, in bytes. It is no part of what the query says: all places
/// are equal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place(pub(crate) usize);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A name with the place it stands at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: Place,
}

/// A field, possibly of a parent: `Name`, `Account.Name`. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    pub(crate) parts: Vec<String>,
    pub(crate) at: Place,
}

impl Path {
    /// The field's own name and the relationships before it.
    pub(crate) fn split(&self) -> (&str, &[String]) {
        self.parts
            .split_last()
            .map_or(("", &[][..]), |(name, parents)| (name.as_str(), parents))
    }
}

/// What can be selected, compared, grouped or sorted: a field or a function of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Field(Path),
    Call {
        function: Function,
        /// None in `count()` only.
        argument: Option<Box<Operand>>,
        at: Place,
    },
}

impl Operand {
    pub(crate) fn at(&self) -> usize {
        match self {
            Self::Field(path) => path.at.0,
            Self::Call { at, .. } => at.0,
        }
    }

    /// Whether it is, or holds, an aggregate function.
    pub(crate) fn is_aggregate(&self) -> bool {
        match self {
            Self::Field(_) => false,
            Self::Call {
                function, argument, ..
            } => function.is_aggregate() || argument.as_deref().is_some_and(Self::is_aggregate),
        }
    }
}

/// `FIELDS(…)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldSet {
    All,
    Standard,
    Custom,
}

/// One entry of the select list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Selected {
    Operand {
        operand: Operand,
        alias: Option<Name>,
    },
    Fields {
        set: FieldSet,
        at: Place,
    },
    /// `(SELECT … FROM Contacts)`.
    Children(Box<Query>),
}

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Vec<Selected>,
    pub(crate) from: Name,
    pub(crate) alias: Option<String>,
    pub(crate) filter: Option<Expr>,
    pub(crate) group: Vec<Operand>,
    pub(crate) having: Option<Expr>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    pub(crate) all_rows: bool,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Compare {
        left: Operand,
        operator: Operator,
        value: Literal,
    },
    In {
        left: Operand,
        negated: bool,
        values: Vec<Literal>,
    },
    /// `Id IN (SELECT AccountId FROM Contact)`.
    SemiJoin {
        left: Operand,
        negated: bool,
        query: Box<Query>,
    },
    /// `INCLUDES ('A;B', 'C')`, or `EXCLUDES` when negated.
    Includes {
        left: Operand,
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

impl Operator {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Like => "LIKE",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    /// As written between the quotes, escapes and all.
    Text(String),
    Number(f64),
    Boolean(bool),
    /// `2026-01-31`
    Date(String),
    /// UTC, in the stored form.
    DateTime(String),
    /// `12:00:00.000Z`, in the stored form.
    Time(String),
    /// `TODAY`, `LAST_N_DAYS:30`
    Days(Days),
}

/// One key of `ORDER BY`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    pub(crate) operand: Operand,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}
