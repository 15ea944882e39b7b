//! Queries that give records.

use std::sync::Arc;

use rusqlite::types::Value as Cell;

use super::filter::Filter;
use super::scope::{Scope, object};
use super::selection::Selection;
use super::target::target;
use super::{Context, Sql, live, where_text, window};
use crate::salesforce::schema::{Field, FieldType, SObject, Schema};
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::tree::{Query, Selected};

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
    /// Of a compound address, what its columns hold one after the other.
    pub(crate) parts: Vec<&'static str>,
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
    /// Made of other fields, like an address.
    pub(crate) compound: bool,
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

impl Records {
    /// The queries of children inside.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Arc<Self>> {
        self.shape.members.iter().filter_map(|member| match member {
            Member::Children { records, .. } => Some(records),
            _ => None,
        })
    }

    /// Whether both read the same columns by the same statements.
    pub(crate) fn reads_as(&self, other: &Self) -> bool {
        self.fetch == other.fetch
            && self.find.text == other.find.text
            && self.children().count() == other.children().count()
            && self
                .children()
                .zip(other.children())
                .all(|(one, another)| one.reads_as(another))
    }
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
pub(super) fn of(
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
        if target
            .field
            .is_some_and(|field| !field.sortable || !field.stored())
        {
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
