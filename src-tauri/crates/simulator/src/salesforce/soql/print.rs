//! Writes a tree out as a query. What is written parses to the same tree.

use std::fmt::{Display, Formatter, Result};

use super::tree::{Expr, FieldSet, Literal, Operand, Order, Path, Query, Selected};

/// Writes entries with a separator between them.
fn list<T: Display>(f: &mut Formatter<'_>, entries: &[T], separator: &str) -> Result {
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        entry.fmt(f)?;
    }
    Ok(())
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        list(f, &self.parts, ".")
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Field(path) => path.fmt(f),
            Self::Call {
                function, argument, ..
            } => {
                write!(f, "{}(", function.name())?;
                if let Some(argument) = argument {
                    argument.fmt(f)?;
                }
                f.write_str(")")
            }
        }
    }
}

impl FieldSet {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Standard => "STANDARD",
            Self::Custom => "CUSTOM",
        }
    }
}

impl Display for Selected {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Operand { operand, alias } => {
                operand.fmt(f)?;
                match alias {
                    Some(alias) => write!(f, " {}", alias.text),
                    None => Ok(()),
                }
            }
            Self::Fields { set, .. } => write!(f, "FIELDS({})", set.name()),
            Self::Children(query) => write!(f, "({query})"),
        }
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("SELECT ")?;
        list(f, &self.select, ", ")?;
        write!(f, " FROM {}", self.from.text)?;
        if let Some(alias) = &self.alias {
            write!(f, " {alias}")?;
        }
        if let Some(filter) = &self.filter {
            write!(f, " WHERE {filter}")?;
        }
        if !self.group.is_empty() {
            f.write_str(" GROUP BY ")?;
            list(f, &self.group, ", ")?;
        }
        if let Some(having) = &self.having {
            write!(f, " HAVING {having}")?;
        }
        if !self.order.is_empty() {
            f.write_str(" ORDER BY ")?;
            list(f, &self.order, ", ")?;
        }
        if let Some(limit) = self.limit {
            write!(f, " LIMIT {limit}")?;
        }
        if let Some(offset) = self.offset {
            write!(f, " OFFSET {offset}")?;
        }
        if self.all_rows {
            f.write_str(" ALL ROWS")?;
        }
        Ok(())
    }
}

/// A condition inside another: joined ones need parentheses.
struct Inner<'a>(&'a Expr);

impl Display for Inner<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Expr::And(_) | Expr::Or(_) => write!(f, "({})", self.0),
            other => other.fmt(f),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let joined = |f: &mut Formatter<'_>, terms: &[Self], word| {
            let terms: Vec<Inner<'_>> = terms.iter().map(Inner).collect();
            list(f, &terms, word)
        };
        let not = |negated: &bool| if *negated { "NOT " } else { "" };
        match self {
            Self::And(terms) => joined(f, terms, " AND "),
            Self::Or(terms) => joined(f, terms, " OR "),
            Self::Not(inner) => write!(f, "NOT {}", Inner(inner)),
            Self::Compare {
                left,
                operator,
                value,
            } => write!(f, "{left} {} {value}", operator.text()),
            Self::In {
                left,
                negated,
                values,
            } => {
                write!(f, "{left} {}IN (", not(negated))?;
                list(f, values, ", ")?;
                f.write_str(")")
            }
            Self::SemiJoin {
                left,
                negated,
                query,
            } => write!(f, "{left} {}IN ({query})", not(negated)),
            Self::Includes {
                left,
                negated,
                values,
            } => {
                let word = if *negated { "EXCLUDES" } else { "INCLUDES" };
                write!(f, "{left} {word} (")?;
                list(f, values, ", ")?;
                f.write_str(")")
            }
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Text(raw) => write!(f, "'{raw}'"),
            Self::Number(number) => number.fmt(f),
            Self::Boolean(flag) => flag.fmt(f),
            Self::Date(text) | Self::DateTime(text) | Self::Time(text) => f.write_str(text),
            Self::Days(days) => days.fmt(f),
        }
    }
}

impl Display for Order {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let direction = if self.descending { "DESC" } else { "ASC" };
        let nulls = if self.nulls_last { "LAST" } else { "FIRST" };
        write!(f, "{} {direction} NULLS {nulls}", self.operand)
    }
}
