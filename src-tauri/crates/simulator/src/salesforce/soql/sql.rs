//! Turns a query's tree into one parameterised SQL statement.

use rusqlite::types::Value as Cell;

use super::SoqlError;
use super::ast::{Expr, Literal, Operator, Path, Query, Select};
use crate::salesforce::clock;
use crate::salesforce::ids;
use crate::salesforce::schema::{Field, FieldType, SObject, Schema};

/// Where a selected value goes in a record.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    /// Relationship names to the record that holds it; empty for the queried record itself.
    pub(crate) parents: Vec<String>,
    /// sObject that holds it.
    pub(crate) sobject: String,
    pub(crate) name: String,
    pub(crate) kind: FieldType,
    /// Position of its first column in the result.
    pub(crate) column: usize,
    /// Position of the column with the parent's id, for parents.
    pub(crate) parent_id: Option<usize>,
}

/// A statement ready to run.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) parameters: Vec<Cell>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) sobject: String,
    pub(crate) is_count: bool,
}

/// Parts of a compound address, in the order their columns are selected.
pub(crate) const ADDRESS_PARTS: [&str; 8] = [
    "City",
    "Country",
    "GeocodeAccuracy",
    "Latitude",
    "Longitude",
    "PostalCode",
    "State",
    "Street",
];

pub(crate) fn build(
    schema: &Schema,
    query: &Query,
    with_deleted: bool,
) -> Result<Statement, SoqlError> {
    let Some(object) = schema.object(&query.from.text) else {
        return Err(SoqlError::new(
            "INVALID_TYPE",
            format!(
                "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.",
                query.from.text
            ),
            query.from.at,
        ));
    };
    let mut builder = Builder {
        schema,
        object,
        joins: Vec::new(),
        parameters: Vec::new(),
        columns: Vec::new(),
    };
    let mut outputs = Vec::new();
    let is_count = match &query.select {
        Select::Count => true,
        Select::Fields(paths) => {
            builder.columns.push("t0.\"Id\"".to_owned());
            for path in paths {
                outputs.push(builder.output(path)?);
            }
            false
        }
    };
    let mut conditions = Vec::new();
    if object.has_recycle_bin() && !with_deleted {
        conditions.push("t0.\"IsDeleted\" = 0".to_owned());
    }
    if let Some(filter) = &query.filter {
        conditions.push(builder.condition(filter)?);
    }
    let mut order = Vec::new();
    for key in &query.order {
        let (alias, field) = builder.resolve(&key.field)?;
        if !field.sortable {
            return Err(SoqlError::new(
                "MALFORMED_QUERY",
                format!("field '{}' can not be sorted in a query call", field.name),
                key.field.at,
            ));
        }
        order.push(format!(
            "{alias}.\"{}\" {} NULLS {}",
            field.name,
            if key.descending { "DESC" } else { "ASC" },
            if key.nulls_last { "LAST" } else { "FIRST" }
        ));
    }
    order.push("t0.rowid".to_owned());
    if query.offset.unwrap_or_default() > 2000 {
        return Err(SoqlError {
            code: "NUMBER_OUTSIDE_VALID_RANGE",
            message: "Maximum SOQL offset allowed is 2000".to_owned(),
            at: None,
        });
    }
    let selected = if is_count {
        "count(*)".to_owned()
    } else {
        builder.columns.join(", ")
    };
    let mut sql = format!(
        "SELECT {selected} FROM \"{}\" t0{}",
        object.name,
        builder.join_text()
    );
    if !conditions.is_empty() {
        sql.push_str(" WHERE ");
        sql.push_str(&conditions.join(" AND "));
    }
    if !is_count {
        sql.push_str(" ORDER BY ");
        sql.push_str(&order.join(", "));
    }
    if query.limit.is_some() || query.offset.is_some() {
        // SQLite reads a negative limit as none.
        let limit = query
            .limit
            .map_or_else(|| "-1".to_owned(), |limit| limit.to_string());
        let offset = query.offset.unwrap_or_default().to_string();
        sql.push_str(&[" LIMIT ", &limit, " OFFSET ", &offset].concat());
    }
    Ok(Statement {
        sql,
        parameters: builder.parameters,
        outputs,
        sobject: object.name.clone(),
        is_count,
    })
}

struct Join {
    path: Vec<String>,
    alias: String,
    text: String,
    sobject: String,
    names: Vec<String>,
}

struct Builder<'a> {
    schema: &'a Schema,
    object: &'a SObject,
    joins: Vec<Join>,
    parameters: Vec<Cell>,
    columns: Vec<String>,
}

impl<'a> Builder<'a> {
    fn join_text(&self) -> String {
        self.joins.iter().map(|join| join.text.as_str()).collect()
    }

    /// The table alias and sObject a path's field lives in; adds the joins it needs.
    fn holder(&mut self, path: &Path) -> Result<(String, &'a SObject, Vec<String>), SoqlError> {
        let parents = &path.parts[..path.parts.len() - 1];
        // The queried object's own name may stand in front: `SELECT Account.Name FROM Account`.
        let parents = match parents.first() {
            Some(first)
                if first.eq_ignore_ascii_case(&self.object.name)
                    && self.object.relationship(first).is_none() =>
            {
                &parents[1..]
            }
            _ => parents,
        };
        if parents.len() > 5 {
            return Err(SoqlError::malformed(
                "SOQL relationship paths may have at most five levels.",
            ));
        }
        let (mut alias, mut object) = ("t0".to_owned(), self.object);
        let mut names = Vec::new();
        for depth in 0..parents.len() {
            let key: Vec<String> = parents[..=depth]
                .iter()
                .map(|part| part.to_ascii_lowercase())
                .collect();
            if let Some(join) = self.joins.iter().find(|join| join.path == key) {
                alias.clone_from(&join.alias);
                names.clone_from(&join.names);
                object = self.schema.object(&join.sobject).unwrap_or(object);
                continue;
            }
            let unknown = || {
                SoqlError::new(
                    "INVALID_FIELD",
                    format!(
                        "Didn't understand relationship '{}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
                        parents[depth]
                    ),
                    path.at,
                )
            };
            let field = object.relationship(&parents[depth]).ok_or_else(unknown)?;
            let target = field
                .reference_to
                .first()
                .and_then(|name| self.schema.object(name))
                .ok_or_else(unknown)?;
            let next = format!("t{}", self.joins.len() + 1);
            names.push(field.relationship.clone().unwrap_or_default());
            self.joins.push(Join {
                path: key,
                text: format!(
                    " LEFT JOIN \"{}\" {next} ON {next}.\"Id\" = {alias}.\"{}\"",
                    target.name, field.name
                ),
                alias: next.clone(),
                sobject: target.name.clone(),
                names: names.clone(),
            });
            alias = next;
            object = target;
        }
        Ok((alias, object, names))
    }

    /// The alias and field a path names.
    fn resolve(&mut self, path: &Path) -> Result<(String, &'a Field), SoqlError> {
        let (alias, object, _) = self.holder(path)?;
        Ok((alias, find_field(object, path)?))
    }

    fn output(&mut self, path: &Path) -> Result<Output, SoqlError> {
        let (alias, object, parents) = self.holder(path)?;
        let field = find_field(object, path)?;
        let parent_id = if parents.is_empty() {
            None
        } else {
            let column = format!("{alias}.\"Id\"");
            let known = self.columns.iter().position(|text| *text == column);
            Some(known.unwrap_or_else(|| {
                self.columns.push(column);
                self.columns.len() - 1
            }))
        };
        let column = self.columns.len();
        if field.kind == FieldType::Address {
            let stem = field.name.trim_end_matches("Address");
            for part in ADDRESS_PARTS {
                self.columns.push(format!("{alias}.\"{stem}{part}\""));
            }
        } else {
            self.columns.push(format!("{alias}.\"{}\"", field.name));
        }
        Ok(Output {
            parents,
            sobject: object.name.clone(),
            name: field.name.clone(),
            kind: field.kind,
            column,
            parent_id,
        })
    }

    fn condition(&mut self, expr: &Expr) -> Result<String, SoqlError> {
        Ok(match expr {
            Expr::And(terms) => self.joined(terms, " AND ")?,
            Expr::Or(terms) => self.joined(terms, " OR ")?,
            // A comparison with null is false in SOQL, so its NOT is true.
            Expr::Not(inner) => format!("NOT coalesce({}, 0)", self.condition(inner)?),
            Expr::Compare {
                field,
                operator,
                value,
            } => self.compare(field, *operator, value)?,
            Expr::In {
                field,
                negated,
                values,
            } => {
                let (alias, described) = self.filterable(field)?;
                let column = format!("{alias}.\"{}\"", described.name);
                let mut marks = Vec::with_capacity(values.len());
                let mut with_null = false;
                for value in values {
                    match cell(described, value)? {
                        Cell::Null => with_null = true,
                        cell => {
                            self.parameters.push(cell);
                            marks.push("?");
                        }
                    }
                }
                let inside = format!("{column} IN ({})", marks.join(", "));
                match (negated, with_null) {
                    (false, false) => inside,
                    (false, true) => format!("({inside} OR {column} IS NULL)"),
                    (true, false) => format!("({column} IS NULL OR NOT {inside})"),
                    (true, true) => format!("({column} IS NOT NULL AND NOT {inside})"),
                }
            }
        })
    }

    fn joined(&mut self, terms: &[Expr], word: &str) -> Result<String, SoqlError> {
        let terms: Result<Vec<String>, SoqlError> =
            terms.iter().map(|term| self.condition(term)).collect();
        Ok(format!("({})", terms?.join(word)))
    }

    fn filterable(&mut self, path: &Path) -> Result<(String, &'a Field), SoqlError> {
        let (alias, field) = self.resolve(path)?;
        if !field.filterable || !field.stored() {
            return Err(SoqlError::new(
                "INVALID_FIELD",
                format!("field '{}' can not be filtered in a query call", field.name),
                path.at,
            ));
        }
        Ok((alias, field))
    }

    fn compare(
        &mut self,
        path: &Path,
        operator: Operator,
        value: &Literal,
    ) -> Result<String, SoqlError> {
        let (alias, field) = self.filterable(path)?;
        let column = format!("{alias}.\"{}\"", field.name);
        if let Literal::Days { first, end } = value {
            return self.compare_days(field, &column, operator, *first, *end);
        }
        if operator == Operator::Like && !field.kind.is_text() {
            return Err(SoqlError {
                code: "INVALID_QUERY_FILTER_OPERATOR",
                message: format!("invalid operator on {} field", field.kind.name()),
                at: Some(path.at),
            });
        }
        let cell = cell(field, value)?;
        if cell == Cell::Null {
            return match operator {
                Operator::Equal => Ok(format!("{column} IS NULL")),
                Operator::NotEqual => Ok(format!("{column} IS NOT NULL")),
                _ => Ok("0".to_owned()),
            };
        }
        self.parameters.push(cell);
        Ok(match operator {
            Operator::Equal => format!("{column} = ?"),
            Operator::NotEqual => format!("({column} IS NULL OR {column} <> ?)"),
            Operator::Less => format!("{column} < ?"),
            Operator::LessOrEqual => format!("{column} <= ?"),
            Operator::Greater => format!("{column} > ?"),
            Operator::GreaterOrEqual => format!("{column} >= ?"),
            Operator::Like => format!("{column} LIKE ? ESCAPE '\\'"),
        })
    }

    /// A comparison with days: a range, not a point.
    fn compare_days(
        &mut self,
        field: &Field,
        column: &str,
        operator: Operator,
        first: jiff::civil::Date,
        end: jiff::civil::Date,
    ) -> Result<String, SoqlError> {
        let shown = |day: jiff::civil::Date| match field.kind {
            FieldType::Date => Some(day.to_string()),
            FieldType::DateTime => Some(clock::format(clock::start_of(day))),
            _ => None,
        };
        let (Some(first), Some(end)) = (shown(first), shown(end)) else {
            return Err(wrong_literal(field));
        };
        let mut add = |bound: &str| self.parameters.push(Cell::Text(bound.to_owned()));
        Ok(match operator {
            Operator::Equal => {
                add(&first);
                add(&end);
                format!("({column} >= ? AND {column} < ?)")
            }
            Operator::NotEqual => {
                add(&first);
                add(&end);
                format!("({column} IS NULL OR {column} < ? OR {column} >= ?)")
            }
            Operator::Less => {
                add(&first);
                format!("{column} < ?")
            }
            Operator::LessOrEqual => {
                add(&end);
                format!("{column} < ?")
            }
            Operator::Greater => {
                add(&end);
                format!("{column} >= ?")
            }
            Operator::GreaterOrEqual => {
                add(&first);
                format!("{column} >= ?")
            }
            Operator::Like => return Err(wrong_literal(field)),
        })
    }
}

fn find_field<'a>(object: &'a SObject, path: &Path) -> Result<&'a Field, SoqlError> {
    let name = path.parts.last().map_or("", String::as_str);
    object.field(name).ok_or_else(|| {
        SoqlError::new(
            "INVALID_FIELD",
            format!(
                "No such column '{name}' on entity '{}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
                object.name
            ),
            path.at,
        )
    })
}

/// A literal as a parameter, when its type fits the field.
fn cell(field: &Field, literal: &Literal) -> Result<Cell, SoqlError> {
    let kind = field.kind;
    Ok(match literal {
        Literal::Null => Cell::Null,
        Literal::Text(text) if kind.is_text() => {
            if text.is_empty() {
                Cell::Null
            } else {
                Cell::Text(text.clone())
            }
        }
        Literal::Text(id) if kind.is_id() => {
            if id.is_empty() {
                Cell::Null
            } else {
                Cell::Text(ids::canonical(id).ok_or_else(|| SoqlError {
                    code: "INVALID_QUERY_FILTER_OPERATOR",
                    message: format!("invalid ID field: {id}"),
                    at: None,
                })?)
            }
        }
        Literal::Number(number) if kind.is_number() => Cell::Real(*number),
        Literal::Boolean(flag) if kind == FieldType::Boolean => Cell::Integer(i64::from(*flag)),
        Literal::Date(day) if kind == FieldType::Date => Cell::Text(day.clone()),
        Literal::DateTime(at) if kind == FieldType::DateTime => Cell::Text(at.clone()),
        _ => return Err(wrong_literal(field)),
    })
}

fn wrong_literal(field: &Field) -> SoqlError {
    let quoted = if field.kind.is_text() || field.kind.is_id() {
        "should be enclosed in quotes"
    } else {
        "should not be enclosed in quotes"
    };
    let kind = match field.kind {
        kind if kind.is_text() => "string",
        FieldType::DateTime => "dateTime",
        FieldType::Id | FieldType::Reference => "ID",
        FieldType::Currency | FieldType::Percent => "double",
        kind => kind.name(),
    };
    SoqlError {
        code: "INVALID_FIELD",
        message: format!(
            "value of filter criterion for field '{}' must be of type {kind} and {quoted}",
            field.name
        ),
        at: None,
    }
}
