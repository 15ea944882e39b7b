//! Queries that give records.

use std::sync::Arc;

use rusqlite::types::Value as Cell;

use super::filter::Filter;
use super::scope::{Holder, Scope, field, object};
use super::target::target;
use super::{Context, Sql, children, live, where_text, window};
use crate::salesforce::schema::{Field, FieldType, SObject, Schema};
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::function::Function;
use crate::salesforce::soql::tree::{FieldSet, Operand, Path, Place, Query, Selected};

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

/// Most records `FIELDS(ALL)` and `FIELDS(CUSTOM)` may be asked for.
const MAX_WITH_FIELDS: u64 = 200;

/// A selected value.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "describe has these flags")]
pub(crate) struct Column {
    /// Its key in the record.
    pub(crate) name: String,
    pub(crate) kind: FieldType,
    /// Shown as text by `FORMAT()`.
    pub(crate) formatted: bool,
    /// Position of its first column in the row.
    pub(crate) position: usize,
    pub(crate) custom: bool,
    pub(crate) createable: bool,
    pub(crate) updateable: bool,
}

/// A parent inside a record.
#[derive(Debug)]
pub(crate) struct Parent {
    pub(crate) name: String,
    /// The reference field that leads to it.
    pub(crate) foreign_key: String,
    pub(crate) shape: Shape,
}

/// A part of a record.
#[derive(Debug)]
pub(crate) enum Member {
    Column(Column),
    /// Position in the shape's parents.
    Parent(usize),
    Children {
        name: String,
        records: Arc<Records>,
    },
}

/// How a row becomes a record.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) sobject: String,
    /// Position of the column with the record's id.
    pub(crate) id: usize,
    pub(crate) members: Vec<Member>,
    pub(crate) parents: Vec<Parent>,
}

/// A value in the order of the select list, for tables: `Account.Owner.Name`.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) header: String,
    pub(crate) kind: FieldType,
    pub(crate) position: usize,
}

/// A query of records, ready to run.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) sobject: String,
    pub(crate) key_prefix: String,
    /// Gives row ids. For children, its first parameter is the parent's id.
    pub(crate) find: Sql,
    /// Gives the columns of the row with the id that is its only parameter.
    pub(crate) fetch: String,
    pub(crate) shape: Shape,
    pub(crate) outputs: Vec<Output>,
    pub(crate) has_children: bool,
}

pub(super) fn plan(schema: &Schema, query: &Query, context: Context) -> Result<Records, SoqlError> {
    let object = object(schema, &query.from)?;
    of(schema, object, None, query, context)
}

/// The name of the queried sObject and the statement that finds its rows.
pub(super) fn find(
    schema: &Schema,
    query: &Query,
    context: Context,
) -> Result<(String, Sql), SoqlError> {
    let object = object(schema, &query.from)?;
    let sql = find_in(schema, object, None, query, context)?;
    Ok((object.name.clone(), sql))
}

/// Plans a query of one sObject, or of the children behind a reference field.
fn of(
    schema: &Schema,
    object: &SObject,
    reference: Option<&Field>,
    query: &Query,
    context: Context,
) -> Result<Records, SoqlError> {
    let scope = Scope::new(schema, object, query.alias.as_deref());
    let mut selection = Selection::new(scope);
    for selected in &query.select {
        match selected {
            Selected::Operand { operand, alias } => {
                selection.operand(operand, alias.as_ref().map(|alias| alias.text.as_str()))?;
            }
            Selected::Fields { set, at } => selection.fields(*set, at.0, query.limit)?,
            Selected::Children(inner) => {
                if reference.is_some() {
                    return Err(SoqlError::malformed(
                        "Nesting of child relationship sub-selects is not supported",
                    ));
                }
                selection.children(inner, context)?;
            }
        }
    }
    let fetch = format!(
        "SELECT {} FROM {} WHERE t0.rowid = ?1",
        selection.columns.join(", "),
        selection.scope.sql()
    );
    Ok(Records {
        sobject: object.name.clone(),
        key_prefix: object.prefix.clone(),
        find: find_in(schema, object, reference, query, context)?,
        fetch,
        has_children: selection
            .shape
            .members
            .iter()
            .any(|member| matches!(member, Member::Children { .. })),
        shape: selection.shape,
        outputs: selection.outputs,
    })
}

fn find_in(
    schema: &Schema,
    object: &SObject,
    reference: Option<&Field>,
    query: &Query,
    context: Context,
) -> Result<Sql, SoqlError> {
    let mut scope = Scope::new(schema, object, query.alias.as_deref());
    let mut parameters: Vec<Cell> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    if let Some(reference) = reference {
        conditions.push(format!("t0.\"{}\" = ?", reference.name));
    }
    conditions.extend(live(object, context.with_deleted));
    if let Some(filter) = &query.filter {
        let condition = Filter {
            scope: &mut scope,
            parameters: &mut parameters,
            context,
            groups: None,
            in_semi_join: false,
        }
        .all(filter)?;
        conditions.push(condition);
    }
    let mut keys = Vec::new();
    for key in &query.order {
        let target = target(&mut scope, &key.operand, false)?;
        if target.field.is_some_and(|field| !field.sortable) {
            return Err(SoqlError::new(
                "MALFORMED_QUERY",
                format!("field '{}' can not be sorted in a query call", target.name),
                target.at,
            ));
        }
        let direction = if key.descending { "DESC" } else { "ASC" };
        let nulls = if key.nulls_last { "LAST" } else { "FIRST" };
        keys.push(format!("{} {direction} NULLS {nulls}", target.sql));
    }
    keys.push("t0.rowid".to_owned());
    let text = format!(
        "SELECT t0.rowid FROM {}{} ORDER BY {}{}",
        scope.sql(),
        where_text(&conditions),
        keys.join(", "),
        window(query)?
    );
    Ok(Sql { text, parameters })
}

/// The select list while it is read.
struct Selection<'a> {
    scope: Scope<'a>,
    columns: Vec<String>,
    shape: Shape,
    outputs: Vec<Output>,
}

impl<'a> Selection<'a> {
    fn new(scope: Scope<'a>) -> Self {
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

    fn operand(&mut self, operand: &Operand, alias: Option<&str>) -> Result<(), SoqlError> {
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
        let column = Column {
            name: name.to_owned(),
            kind: field.kind,
            formatted,
            position,
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
            position,
        });
        if field.kind == FieldType::Address {
            let stem = field.name.trim_end_matches("Address");
            let part = |part: &str| {
                let name = [stem, part].concat();
                match holder.object.field(&name) {
                    Some(field) => format!("{}.\"{}\"", holder.table, field.name),
                    None => "NULL".to_owned(),
                }
            };
            self.columns
                .extend(ADDRESS_PARTS.iter().map(|name| part(name)));
        } else {
            self.columns
                .push(format!("{}.\"{}\"", holder.table, field.name));
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
    fn fields(&mut self, set: FieldSet, at: usize, limit: Option<u64>) -> Result<(), SoqlError> {
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

    fn children(&mut self, query: &Query, context: Context) -> Result<(), SoqlError> {
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
        let records = of(self.scope.schema, object, Some(field), query, context)?;
        self.shape.members.push(Member::Children {
            name: relationship.to_owned(),
            records: Arc::new(records),
        });
        Ok(())
    }
}

/// The name a reference field's parent goes by.
fn relationship(field: &Field) -> &str {
    field.relationship.as_deref().unwrap_or(&field.name)
}
