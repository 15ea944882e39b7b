//! Conditions as SQL. In SOQL a comparison with an empty field is false, and `!=` holds for it.

use rusqlite::types::Value as Cell;

use super::scope::{Scope, object};
use super::target::{Target, target};
use super::{Context, live};
use crate::salesforce::clock;
use crate::salesforce::schema::FieldType;
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::days::Days;
use crate::salesforce::soql::lexer::unescape;
use crate::salesforce::soql::tree::{Expr, Literal, Operand, Operator, Query, Selected};

/// Where conditions stand.
pub(super) struct Filter<'s, 'a> {
    pub(super) scope: &'s mut Scope<'a>,
    pub(super) parameters: &'s mut Vec<Cell>,
    pub(super) context: Context,
    /// In `HAVING`: the SQL of what is grouped by. There aggregates stand, and grouped fields.
    pub(super) groups: Option<&'s [String]>,
    /// Inside a semi-join, where no other may stand.
    pub(super) in_semi_join: bool,
}

impl<'a> Filter<'_, 'a> {
    /// The SQL of a condition that stands for itself.
    pub(super) fn all(&mut self, expr: &Expr) -> Result<String, SoqlError> {
        self.condition(expr, true)
    }

    /// `top` tells whether only `AND` stands above: semi-joins stand nowhere else.
    fn condition(&mut self, expr: &Expr, top: bool) -> Result<String, SoqlError> {
        match expr {
            Expr::And(terms) => self.joined(terms, " AND ", top),
            Expr::Or(terms) => self.joined(terms, " OR ", false),
            // A comparison with null is false, so its NOT is true.
            Expr::Not(inner) => Ok(format!(
                "NOT coalesce({}, 0)",
                self.condition(inner, false)?
            )),
            Expr::Compare {
                left,
                operator,
                value,
            } => self.compare(left, *operator, value),
            Expr::In {
                left,
                negated,
                values,
            } => self.among(left, *negated, values),
            Expr::SemiJoin {
                left,
                negated,
                query,
            } => self.semi_join(left, *negated, query, top),
            Expr::Includes {
                left,
                negated,
                values,
            } => self.includes(left, *negated, values),
        }
    }

    fn joined(&mut self, terms: &[Expr], word: &str, top: bool) -> Result<String, SoqlError> {
        let terms: Result<Vec<String>, SoqlError> =
            terms.iter().map(|term| self.condition(term, top)).collect();
        Ok(format!("({})", terms?.join(word)))
    }

    /// The operand, when it may be filtered on here.
    fn target(&mut self, operand: &Operand) -> Result<Target<'a>, SoqlError> {
        let mut target = target(self.scope, operand, self.groups.is_some())?;
        let filterable = target
            .field
            .is_none_or(|field| field.filterable && field.stored());
        if !filterable {
            return Err(SoqlError::new(
                "INVALID_FIELD",
                format!(
                    "field '{}' can not be filtered in a query call",
                    target.name
                ),
                target.at,
            ));
        }
        if let Some(groups) = self.groups
            && !operand.is_aggregate()
            && !groups.contains(&target.sql)
        {
            return Err(not_grouped(&target));
        }
        if target.kind == FieldType::Boolean {
            target.sql = format!("coalesce({}, 0)", target.sql);
        }
        // A sum or average of whole numbers compares with any number.
        if operand.is_aggregate() && target.kind == FieldType::Int {
            target.kind = FieldType::Double;
        }
        Ok(target)
    }

    fn compare(
        &mut self,
        left: &Operand,
        operator: Operator,
        value: &Literal,
    ) -> Result<String, SoqlError> {
        let target = self.target(left)?;
        let fits = match operator {
            Operator::Equal | Operator::NotEqual => true,
            Operator::Like => target.kind.is_text() && target.kind != FieldType::Multipicklist,
            _ => !matches!(target.kind, FieldType::Boolean | FieldType::Multipicklist),
        };
        if !fits {
            return Err(wrong_operator(&target));
        }
        if let Literal::Days(days) = value {
            return self.compare_days(&target, operator, *days);
        }
        let column = &target.sql;
        if let (Operator::Like, Literal::Text(raw)) = (operator, value) {
            let pattern = unescape(raw, true).unwrap_or_default();
            self.parameters.push(Cell::Text(pattern));
            return Ok(format!("soql_like({column}, ?)"));
        }
        let cell = target.cell(value)?;
        if cell == Cell::Null {
            return Ok(match operator {
                Operator::Equal => format!("{column} IS NULL"),
                Operator::NotEqual => format!("{column} IS NOT NULL"),
                _ => "0".to_owned(),
            });
        }
        self.parameters.push(cell);
        Ok(match operator {
            Operator::NotEqual => format!("({column} IS NULL OR {column} <> ?)"),
            Operator::Like => return Err(wrong_operator(&target)),
            other => format!("{column} {} ?", other.text()),
        })
    }

    /// A comparison with days: a range, not a point.
    fn compare_days(
        &mut self,
        target: &Target<'_>,
        operator: Operator,
        days: Days,
    ) -> Result<String, SoqlError> {
        let column = &target.sql;
        let (first, end) = days.range(self.context.today).ok_or_else(|| {
            SoqlError::new(
                "INVALID_FIELD",
                format!("date literal out of range: {days}"),
                target.at,
            )
        })?;
        let shown = |day: jiff::civil::Date| match target.kind {
            FieldType::Date => Ok(day.to_string()),
            FieldType::DateTime => Ok(clock::format(clock::start_of(day))),
            _ => Err(target.wrong_literal()),
        };
        let (first, end) = (shown(first)?, shown(end)?);
        let (bounds, sql): (&[&String], String) = match operator {
            Operator::Equal => (&[&first, &end], format!("({column} >= ? AND {column} < ?)")),
            Operator::NotEqual => (
                &[&first, &end],
                format!("({column} IS NULL OR {column} < ? OR {column} >= ?)"),
            ),
            Operator::Less => (&[&first], format!("{column} < ?")),
            Operator::LessOrEqual => (&[&end], format!("{column} < ?")),
            Operator::Greater => (&[&end], format!("{column} >= ?")),
            Operator::GreaterOrEqual => (&[&first], format!("{column} >= ?")),
            Operator::Like => return Err(wrong_operator(target)),
        };
        self.parameters
            .extend(bounds.iter().map(|&bound| Cell::Text(bound.clone())));
        Ok(sql)
    }

    fn among(
        &mut self,
        left: &Operand,
        negated: bool,
        values: &[Literal],
    ) -> Result<String, SoqlError> {
        let target = self.target(left)?;
        let column = &target.sql;
        if values.iter().any(|value| matches!(value, Literal::Days(_))) {
            let terms: Result<Vec<String>, SoqlError> = values
                .iter()
                .map(|value| self.compare(left, Operator::Equal, value))
                .collect();
            let any = terms?.join(" OR ");
            return Ok(if negated {
                format!("NOT coalesce(({any}), 0)")
            } else {
                format!("({any})")
            });
        }
        let mut marks = Vec::with_capacity(values.len());
        let mut with_null = false;
        for value in values {
            match target.cell(value)? {
                Cell::Null => with_null = true,
                cell => {
                    self.parameters.push(cell);
                    marks.push("?");
                }
            }
        }
        let inside = format!("{column} IN ({})", marks.join(", "));
        Ok(match (negated, with_null) {
            (false, false) => inside,
            (false, true) => format!("({inside} OR {column} IS NULL)"),
            (true, false) => format!("({column} IS NULL OR NOT {inside})"),
            (true, true) => format!("({column} IS NOT NULL AND NOT {inside})"),
        })
    }

    fn includes(
        &mut self,
        left: &Operand,
        negated: bool,
        values: &[Literal],
    ) -> Result<String, SoqlError> {
        let target = self.target(left)?;
        if target.kind != FieldType::Multipicklist {
            return Err(SoqlError::new(
                "INVALID_QUERY_FILTER_OPERATOR",
                "includes/excludes operators only valid on multipicklist fields",
                target.at,
            ));
        }
        let mut terms = Vec::with_capacity(values.len());
        for value in values {
            let cell = target.cell(value)?;
            if cell == Cell::Null {
                terms.push(format!("{} IS NULL", target.sql));
            } else {
                self.parameters.push(cell);
                terms.push(format!("soql_includes({}, ?)", target.sql));
            }
        }
        let any = format!("coalesce(({}), 0)", terms.join(" OR "));
        Ok(if negated { format!("NOT {any}") } else { any })
    }

    fn semi_join(
        &mut self,
        left: &Operand,
        negated: bool,
        query: &Query,
        top: bool,
    ) -> Result<String, SoqlError> {
        let malformed = |text: String, at| SoqlError::new("MALFORMED_QUERY", text, at);
        if self.in_semi_join || self.groups.is_some() {
            return Err(malformed(
                "Nesting of semi join sub-selects is not supported".to_owned(),
                left.at(),
            ));
        }
        if !top {
            return Err(malformed(
                "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.".to_owned(),
                left.at(),
            ));
        }
        let outer = self.target(left)?;
        if !outer.kind.is_id() {
            return Err(malformed(
                format!(
                    "The left operand field in the where expression for outer query should be an id field, cannot use: '{}'",
                    outer.name
                ),
                outer.at,
            ));
        }
        let [
            Selected::Operand {
                operand: Operand::Field(path),
                alias: None,
            },
        ] = query.select.as_slice()
        else {
            return Err(malformed(
                "Semi join sub-selects can only select one field".to_owned(),
                query.from.at.0,
            ));
        };
        if !query.order.is_empty()
            || !query.group.is_empty()
            || query.limit.is_some()
            || query.offset.is_some()
        {
            return Err(malformed(
                "Semi join sub-selects can not be grouped, sorted or limited".to_owned(),
                query.from.at.0,
            ));
        }
        let inner_object = object(self.scope.schema, &query.from)?;
        let mut scope = Scope::new(self.scope.schema, inner_object, query.alias.as_deref());
        let (column, field) = scope.resolve(path)?;
        if !field.kind.is_id() {
            return Err(malformed(
                format!(
                    "Semi join sub-selects can only query id fields, cannot use: '{}'",
                    field.name
                ),
                path.at.0,
            ));
        }
        let points_to = |kind: FieldType, own: &str, to: &[String]| {
            if kind == FieldType::Id {
                vec![own.to_owned()]
            } else {
                to.to_vec()
            }
        };
        let outer_types = outer.field.map_or_else(Vec::new, |field| {
            points_to(field.kind, &self.owner(left), &field.reference_to)
        });
        let inner_owner = scope.holder(path)?.object.name.clone();
        let inner_types = points_to(field.kind, &inner_owner, &field.reference_to);
        if !outer_types.iter().any(|name| inner_types.contains(name)) {
            return Err(malformed(
                format!(
                    "The selected field '{}' in the subquery and the left operand field in the where expression in the outer query '{}' should point to the same object type",
                    field.name, outer.name
                ),
                path.at.0,
            ));
        }
        let mut conditions = vec![format!("{column} IS NOT NULL")];
        conditions.extend(live(inner_object, self.context.with_deleted));
        if let Some(filter) = &query.filter {
            conditions.push(
                Filter {
                    scope: &mut scope,
                    parameters: self.parameters,
                    context: self.context,
                    groups: None,
                    in_semi_join: true,
                }
                .all(filter)?,
            );
        }
        let inside = format!(
            "{} IN (SELECT {column} FROM {} WHERE {})",
            outer.sql,
            scope.sql(),
            conditions.join(" AND ")
        );
        Ok(if negated {
            format!("({} IS NULL OR NOT {inside})", outer.sql)
        } else {
            inside
        })
    }

    /// The sObject whose field an operand is.
    fn owner(&mut self, operand: &Operand) -> String {
        match operand {
            Operand::Field(path) => self
                .scope
                .holder(path)
                .map(|holder| holder.object.name.clone())
                .unwrap_or_default(),
            Operand::Call { .. } => String::new(),
        }
    }
}

fn wrong_operator(target: &Target<'_>) -> SoqlError {
    SoqlError::new(
        "INVALID_QUERY_FILTER_OPERATOR",
        format!("invalid operator on {} field", target.kind.name()),
        target.at,
    )
}

/// The error for a field that stands alone in a grouped query.
pub(super) fn not_grouped(target: &Target<'_>) -> SoqlError {
    SoqlError::new(
        "MALFORMED_QUERY",
        format!("Field must be grouped or aggregated: {}", target.name),
        target.at,
    )
}
