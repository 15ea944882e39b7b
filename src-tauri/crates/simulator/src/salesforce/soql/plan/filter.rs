//! Conditions as SQL. In SOQL a comparison with an empty field is false, and `!=` holds for it.

use rusqlite::types::Value as Cell;

use super::Context;
use super::scope::Scope;
use super::target::{Target, target};
use crate::salesforce::clock;
use crate::salesforce::schema::FieldType;
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::days::Days;
use crate::salesforce::soql::lexer::unescape;
use crate::salesforce::soql::tree::{Expr, Literal, Operand, Operator};

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
    pub(super) fn target(&mut self, operand: &Operand) -> Result<Target<'a>, SoqlError> {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crate::salesforce::schema::{Field, FieldType};
    use crate::salesforce::soql::cursors::row_ids;
    use crate::salesforce::soql::plan::Plan;
    use crate::salesforce::soql::{Checker, planned};

    #[test]
    fn multiselects_and_empty_fields() {
        let mut org = Checker::new().unwrap();
        org.db
            .execute_batch(
                "ALTER TABLE Account ADD COLUMN Colours__c COLLATE CASELESS;
                 INSERT INTO Account (Id, IsDeleted, Colours__c) VALUES
                   ('A1', 0, 'Red;Green;Blue'), ('A2', 0, 'Green'), ('A3', 0, NULL)",
            )
            .unwrap();
        let field = Field::new("Colours__c", "Colours", FieldType::Multipicklist);
        org.schema.object_mut("Account").unwrap().add(field);
        let found = |condition: &str| {
            let soql = format!("SELECT Id FROM Account WHERE {condition}");
            let plan = planned(&org.schema, &soql, false, jiff::Timestamp::UNIX_EPOCH).unwrap();
            let Plan::Records(records) = plan else {
                panic!("a query of records");
            };
            row_ids(&org.db, &records.find, None).unwrap()
        };
        assert_eq!(found("Colours__c INCLUDES ('blue;RED')"), [1]);
        assert_eq!(found("Colours__c INCLUDES ('Red', 'Green')"), [1, 2]);
        assert_eq!(found("Colours__c EXCLUDES ('Red')"), [2, 3]);
        assert_eq!(found("Colours__c = 'green'"), [2]);
        assert_eq!(found("Colours__c != 'Green'"), [1, 3]);
        assert_eq!(found("NOT Colours__c = 'Green'"), [1, 3]);
        assert_eq!(found("Colours__c NOT IN ('Green')"), [1, 3]);
        assert_eq!(found("Colours__c NOT IN ('Green', null)"), [1]);
        assert_eq!(found("Colours__c IN ('Green', null)"), [2, 3]);
        assert_eq!(found("Colours__c = ''"), [3]);
    }

    #[test]
    fn times_of_day_compare() {
        let mut org = Checker::new().unwrap();
        org.db
            .execute_batch(
                "ALTER TABLE Account ADD COLUMN Opens__c COLLATE BINARY;
                 INSERT INTO Account (Id, IsDeleted, Opens__c) VALUES
                   ('A1', 0, '08:30:00.000Z'), ('A2', 0, '12:00:00.000Z'), ('A3', 0, NULL)",
            )
            .unwrap();
        let field = Field::new("Opens__c", "Opens", FieldType::Time);
        org.schema.object_mut("Account").unwrap().add(field);
        let plan = |condition: &str| {
            let soql = format!("SELECT Id FROM Account WHERE {condition}");
            planned(&org.schema, &soql, false, jiff::Timestamp::UNIX_EPOCH)
        };
        let found = |condition: &str| {
            let Ok(Plan::Records(records)) = plan(condition) else {
                panic!("a query of records");
            };
            row_ids(&org.db, &records.find, None).unwrap()
        };
        assert_eq!(found("Opens__c = 12:00:00.000Z"), [2]);
        assert_eq!(found("Opens__c = 12:00:00Z"), [2]);
        assert_eq!(found("Opens__c < 12:00:00Z"), [1]);
        assert_eq!(found("Opens__c != 12:00:00Z"), [1, 3]);
        assert_eq!(found("Opens__c IN (08:30:00.000Z, null)"), [1, 3]);
        assert!(plan("Opens__c = '12:00:00.000Z'").is_err());
        assert!(plan("Name = 12:00:00.000Z").is_err());
    }

    #[test]
    fn a_search_makes_its_index() {
        let org = Checker::new().unwrap();
        for (condition, index) in [
            ("Contact WHERE Email = 'a@b.example'", "Contact by Email"),
            ("Account WHERE Name IN ('A', 'B')", "Account by Name"),
        ] {
            let soql = format!("SELECT Id FROM {condition}");
            let plan = planned(&org.schema, &soql, false, jiff::Timestamp::UNIX_EPOCH).unwrap();
            let Plan::Records(records) = plan else {
                panic!("a query of records");
            };
            let way = || -> String {
                let text = format!("EXPLAIN QUERY PLAN {}", records.find.text);
                let cells = rusqlite::params_from_iter(&records.find.parameters);
                org.db.query_row(&text, cells, |row| row.get(3)).unwrap()
            };
            assert!(way().starts_with("SCAN"), "{}", way());
            row_ids(&org.db, &records.find, None).unwrap();
            assert!(way().contains(index), "{}", way());
        }
    }
}
