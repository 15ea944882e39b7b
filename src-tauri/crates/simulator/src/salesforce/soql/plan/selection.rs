//! The select list of a query of records.

use std::sync::Arc;

use super::records::{self, Column, Member, Output, Parent, Shape};
use super::scope::{Holder, Scope, field};
use super::target::target;
use super::{Context, children};
use crate::salesforce::read::address_parts;
use crate::salesforce::schema::{Field, FieldType};
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::function::Function;
use crate::salesforce::soql::tree::{FieldSet, Operand, Path, Place, Query, Selected};

/// Most records `FIELDS(ALL)` and `FIELDS(CUSTOM)` may be asked for.
const MAX_WITH_FIELDS: u64 = 200;

/// The select list while it is read.
pub(super) struct Selection<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) columns: Vec<String>,
    pub(super) shape: Shape,
    pub(super) outputs: Vec<Output>,
}

impl<'a> Selection<'a> {
    pub(super) fn new(scope: Scope<'a>) -> Self {
        // Some Tooling objects have no Id of their own.
        let id = if scope.object.any_field("Id").is_some() {
            "t0.\"Id\""
        } else {
            "NULL"
        };
        let shape = Shape {
            sobject: scope.object.name.clone(),
            id: 0,
            members: Vec::new(),
            parents: Vec::new(),
        };
        Self {
            scope,
            columns: vec![id.to_owned()],
            shape,
            outputs: Vec::new(),
        }
    }

    pub(super) fn operand(
        &mut self,
        operand: &Operand,
        alias: Option<&str>,
    ) -> Result<(), SoqlError> {
        match operand {
            Operand::Field(path) if alias.is_none() => self.field(path, None, false),
            Operand::Call {
                function,
                argument: Some(argument),
                ..
            } if function.is_display() => {
                let formatted = *function == Function::Format;
                match &**argument {
                    Operand::Field(path) => self.field(path, alias, formatted),
                    // FORMAT(convertCurrency(AnnualRevenue))
                    Operand::Call {
                        function: inner,
                        argument: Some(argument),
                        ..
                    } if formatted && inner.is_display() => match &**argument {
                        Operand::Field(path) => self.field(path, alias, formatted),
                        Operand::Call { .. } => Err(SoqlError::malformed("unexpected token: '('")),
                    },
                    Operand::Call { .. } => Err(SoqlError::malformed("unexpected token: '('")),
                }
            }
            Operand::Field(path) => Err(SoqlError::new(
                "MALFORMED_QUERY",
                "only aggregate expressions use field aliasing",
                path.at.0,
            )),
            Operand::Call { .. } => {
                // Its own error first: an unknown field, or a function that is not for it.
                let target = target(&mut self.scope, operand, false)?;
                Err(SoqlError::new(
                    "MALFORMED_QUERY",
                    format!("Field must be grouped or aggregated: {}", target.name),
                    target.at,
                ))
            }
        }
    }

    fn field(
        &mut self,
        path: &Path,
        alias: Option<&str>,
        formatted: bool,
    ) -> Result<(), SoqlError> {
        let holder = self.scope.holder(path)?;
        let field = field(holder.object, path)?;
        let name = alias.unwrap_or(&field.name);
        let shape = self.shape_of(&holder);
        let known = shape.members.iter().any(|member| match member {
            Member::Column(column) => column.name.eq_ignore_ascii_case(name),
            Member::Parent(_) | Member::Children { .. } => false,
        });
        if known {
            return Err(SoqlError::new(
                "INVALID_FIELD",
                format!("duplicate field selected: {name}"),
                path.at.0,
            ));
        }
        let position = self.columns.len();
        let parts = if field.kind == FieldType::Address {
            address_parts(holder.object, &field.name)
        } else {
            Vec::new()
        };
        let column = Column {
            name: name.to_owned(),
            kind: field.kind,
            formatted,
            position,
            parts: parts.clone(),
            custom: field.custom,
            createable: field.createable,
            updateable: field.updateable,
        };
        self.shape_of(&holder).members.push(Member::Column(column));
        let mut header = String::new();
        for &join in &holder.joins {
            header.push_str(relationship(self.scope.joins[join].field));
            header.push('.');
        }
        header.push_str(name);
        self.outputs.push(Output {
            header,
            kind: field.kind,
            compound: !field.stored(),
            position,
        });
        if field.kind == FieldType::Address {
            let stem = field.name.trim_end_matches("Address");
            let column = |part: &str| match holder.object.field(&[stem, part].concat()) {
                Some(field) => format!("{}.\"{}\"", holder.table, field.name),
                None => "NULL".to_owned(),
            };
            self.columns.extend(parts.iter().map(|part| column(part)));
        } else if field.stored() {
            self.columns
                .push(format!("{}.\"{}\"", holder.table, field.name));
        } else {
            self.columns.push("NULL".to_owned());
        }
        Ok(())
    }

    /// The shape of the record a path's field lives in; makes the parents on the way.
    fn shape_of(&mut self, holder: &Holder<'a>) -> &mut Shape {
        let mut shape = &mut self.shape;
        for &join in &holder.joins {
            let join = &self.scope.joins[join];
            let wanted = relationship(join.field);
            let known = shape
                .parents
                .iter()
                .position(|parent| parent.name == wanted);
            let position = known.unwrap_or_else(|| {
                self.columns.push(format!("{}.\"Id\"", join.table));
                shape.members.push(Member::Parent(shape.parents.len()));
                shape.parents.push(Parent {
                    name: wanted.to_owned(),
                    foreign_key: join.field.name.clone(),
                    shape: Shape {
                        sobject: join.object.name.clone(),
                        id: self.columns.len() - 1,
                        members: Vec::new(),
                        parents: Vec::new(),
                    },
                });
                shape.parents.len() - 1
            });
            shape = &mut shape.parents[position].shape;
        }
        shape
    }

    /// `FIELDS(…)`, Id first.
    pub(super) fn fields(
        &mut self,
        set: FieldSet,
        at: usize,
        limit: Option<u64>,
    ) -> Result<(), SoqlError> {
        if set != FieldSet::Standard && limit.is_none_or(|limit| limit > MAX_WITH_FIELDS) {
            return Err(SoqlError::malformed(format!(
                "The SOQL FIELDS function must have a LIMIT of at most {MAX_WITH_FIELDS}"
            )));
        }
        let object = self.scope.object;
        let of_set = |field: &&Field| {
            field.visible()
                && match set {
                    FieldSet::All => true,
                    FieldSet::Standard => !field.custom,
                    FieldSet::Custom => field.custom,
                }
        };
        let (ids, others): (Vec<&Field>, Vec<&Field>) = object
            .fields
            .iter()
            .filter(of_set)
            .partition(|field| field.kind == FieldType::Id);
        for field in ids.into_iter().chain(others) {
            let path = Path {
                parts: vec![field.name.clone()],
                at: Place(at),
            };
            self.field(&path, None, false)?;
        }
        Ok(())
    }

    pub(super) fn children(&mut self, query: &Query, context: Context) -> Result<(), SoqlError> {
        let name = &query.from.text;
        let child = children::child(self.scope.schema, self.scope.object, name);
        let Some((relationship, object, field)) = child else {
            return Err(SoqlError::new(
                "INVALID_TYPE",
                format!(
                    "Didn't understand relationship '{name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names."
                ),
                query.from.at.0,
            ));
        };
        let aggregate = !query.group.is_empty()
            || query.select.iter().any(|selected| {
                matches!(selected, Selected::Operand { operand, .. } if operand.is_aggregate())
            });
        if aggregate {
            return Err(SoqlError::new(
                "MALFORMED_QUERY",
                "Aggregate functions are not supported in child relationship sub-selects",
                query.from.at.0,
            ));
        }
        let records = records::of(self.scope.schema, object, Some(field), query, context)?;
        self.shape.members.push(Member::Children {
            name: relationship.clone(),
            records: Arc::new(records),
        });
        Ok(())
    }
}

/// The name a reference field's parent goes by.
fn relationship(field: &Field) -> &str {
    field.relationship.as_deref().unwrap_or(&field.name)
}
