//! What a condition, group or sort key is about, and the literals that fit it.

use rusqlite::types::Value as Cell;

use super::scope::Scope;
use crate::salesforce::ids;
use crate::salesforce::schema::{Field, FieldType};
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::function::Function;
use crate::salesforce::soql::lexer::unescape;
use crate::salesforce::soql::tree::{Literal, Operand};
use crate::salesforce::text::CASELESS;

/// An operand as SQL.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pub(super) sql: String,
    pub(super) kind: FieldType,
    /// The field it is, or is made of; none for `COUNT()`.
    pub(super) field: Option<&'a Field>,
    /// The field's name, as errors show it.
    pub(super) name: String,
    /// How it shows as a column without an alias: a field's name, or none for an expression.
    pub(super) key: Option<String>,
    pub(super) at: usize,
}

/// Turns an operand into SQL. Aggregates are allowed where the caller asked for them.
pub(super) fn target<'a>(
    scope: &mut Scope<'a>,
    operand: &Operand,
    aggregates: bool,
) -> Result<Target<'a>, SoqlError> {
    let at = operand.at();
    match operand {
        Operand::Field(path) => {
            let (sql, field) = scope.resolve(path)?;
            Ok(Target {
                sql,
                kind: field.kind,
                field: Some(field),
                name: field.name.clone(),
                key: Some(field.name.clone()),
                at,
            })
        }
        Operand::Call {
            function, argument, ..
        } => {
            let misplaced = || SoqlError::malformed("unexpected token: '('");
            let Some(argument) = argument else {
                return Err(SoqlError::malformed("unexpected token: ')'"));
            };
            if function.is_aggregate() && (!aggregates || argument.is_aggregate()) {
                return Err(misplaced());
            }
            let inner = target(scope, argument, false)?;
            if *function == Function::ConvertTimezone {
                // The organization's zone is taken to be UTC; a conversion changes nothing.
                return if inner.kind == FieldType::DateTime {
                    Ok(inner)
                } else {
                    Err(unsupported(*function, &inner))
                };
            }
            if function.is_aggregate() {
                return aggregate(*function, inner, at);
            }
            let fits = inner.kind == FieldType::DateTime
                || (inner.kind == FieldType::Date && !function.needs_time());
            match function.date_sql(&inner.sql) {
                Some(sql) if fits => Ok(Target {
                    sql,
                    kind: if *function == Function::DayOnly {
                        FieldType::Date
                    } else {
                        FieldType::Int
                    },
                    key: None,
                    at,
                    ..inner
                }),
                Some(_) => Err(unsupported(*function, &inner)),
                None => Err(misplaced()),
            }
        }
    }
}

fn unsupported(function: Function, inner: &Target<'_>) -> SoqlError {
    SoqlError::new(
        "MALFORMED_QUERY",
        format!(
            "field {} does not support date function {}",
            inner.name,
            function.name()
        ),
        inner.at,
    )
}

fn aggregate(function: Function, inner: Target<'_>, at: usize) -> Result<Target<'_>, SoqlError> {
    let unfit = inner
        .field
        .is_some_and(|field| !field.stored() || (!field.filterable && !field.groupable));
    let countable = !unfit && !matches!(inner.kind, FieldType::Boolean | FieldType::Multipicklist);
    let fits = match function {
        Function::Sum | Function::Avg => inner.kind.is_number(),
        _ => countable,
    };
    if !fits {
        return Err(SoqlError::new(
            "MALFORMED_QUERY",
            format!(
                "field {} does not support aggregate operator {}",
                inner.name,
                function.name()
            ),
            at,
        ));
    }
    let sql = &inner.sql;
    let (sql, kind) = match function {
        Function::Count => (format!("count({sql})"), FieldType::Int),
        Function::CountDistinct => (format!("count(DISTINCT {sql})"), FieldType::Int),
        Function::Sum => (format!("sum({sql})"), inner.kind),
        Function::Avg => (format!("avg({sql})"), FieldType::Double),
        Function::Min => (collated("min", sql, inner.kind), inner.kind),
        _ => (collated("max", sql, inner.kind), inner.kind),
    };
    Ok(Target {
        sql,
        kind,
        key: None,
        at,
        ..inner
    })
}

/// A function's result has no collation of its own.
fn collated(function: &str, sql: &str, kind: FieldType) -> String {
    if kind.is_text() {
        format!("({function}({sql}) COLLATE {CASELESS})")
    } else {
        format!("{function}({sql})")
    }
}

impl Target<'_> {
    /// A literal as a parameter, when its type fits.
    pub(super) fn cell(&self, literal: &Literal) -> Result<Cell, SoqlError> {
        let kind = self.kind;
        Ok(match literal {
            Literal::Null => Cell::Null,
            Literal::Text(raw) if kind.is_text() || kind.is_id() => {
                let text = unescape(raw, false).unwrap_or_default();
                match text {
                    text if text.is_empty() => Cell::Null,
                    text if kind.is_text() => Cell::Text(text),
                    text => Cell::Text(ids::canonical(&text).ok_or_else(|| {
                        SoqlError::new(
                            "INVALID_QUERY_FILTER_OPERATOR",
                            format!("invalid ID field: {text}"),
                            self.at,
                        )
                    })?),
                }
            }
            Literal::Number(number)
                if kind.is_number() && (kind != FieldType::Int || number.fract() == 0.0) =>
            {
                Cell::Real(*number)
            }
            Literal::Boolean(flag) if kind == FieldType::Boolean => Cell::Integer(i64::from(*flag)),
            Literal::Date(day) if kind == FieldType::Date => Cell::Text(day.clone()),
            Literal::DateTime(at) if kind == FieldType::DateTime => Cell::Text(at.clone()),
            Literal::Time(time) if kind == FieldType::Time => Cell::Text(time.clone()),
            _ => return Err(self.wrong_literal()),
        })
    }

    pub(super) fn wrong_literal(&self) -> SoqlError {
        let (kind, quoted) = match self.kind {
            kind if kind.is_text() => ("string", true),
            FieldType::Id | FieldType::Reference => ("ID", true),
            FieldType::DateTime => ("dateTime", false),
            FieldType::Currency | FieldType::Percent => ("double", false),
            kind => (kind.name(), false),
        };
        SoqlError::new(
            "INVALID_FIELD",
            format!(
                "value of filter criterion for field '{}' must be of type {kind} and should {}be enclosed in quotes",
                self.name,
                if quoted { "" } else { "not " }
            ),
            self.at,
        )
    }
}
