//! Semi-joins: `Id IN (SELECT AccountId FROM Contact WHERE …)`, and what Salesforce asks of them.

use super::filter::Filter;
use super::live;
use super::scope::{Scope, object};
use crate::salesforce::schema::FieldType;
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::tree::{Operand, Query, Selected};

impl Filter<'_, '_> {
    pub(super) fn semi_join(
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
