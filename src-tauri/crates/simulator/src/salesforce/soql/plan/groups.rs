//! Queries that give aggregates: one row for each group, or one in all.

use rusqlite::types::Value as Cell;

use super::filter::{Filter, not_grouped};
use super::scope::{Scope, object};
use super::target::{Target, target};
use super::{Context, Sql, live, where_text, window};
use crate::salesforce::schema::{FieldType, Schema};
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::function::Function;
use crate::salesforce::soql::tree::{Operand, Query, Selected};

/// A column of the groups.
#[derive(Debug)]
pub(crate) struct GroupColumn {
    /// Its key: the alias, the field's name, or `expr0`.
    pub(crate) name: String,
    /// The expression with its function in lower case: `avg(Amount)`.
    pub(crate) shown: String,
    pub(crate) kind: FieldType,
    pub(crate) aggregate: bool,
    pub(crate) custom: bool,
}

/// A grouped query, ready to run.
#[derive(Debug)]
pub(crate) struct Groups {
    pub(crate) sobject: String,
    pub(crate) key_prefix: String,
    pub(crate) sql: Sql,
    pub(crate) columns: Vec<GroupColumn>,
    pub(crate) grouped: bool,
}

pub(super) fn plan(schema: &Schema, query: &Query, context: Context) -> Result<Groups, SoqlError> {
    let object = object(schema, &query.from)?;
    let mut scope = Scope::new(schema, object, query.alias.as_deref());
    let groups = groups(&mut scope, query)?;
    let (columns, selected) = columns(&mut scope, query, &groups)?;

    let mut parameters: Vec<Cell> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    conditions.extend(live(object, context.with_deleted));
    let mut filter = |groups, expr| {
        Filter {
            scope: &mut scope,
            parameters: &mut parameters,
            context,
            groups,
            in_semi_join: false,
        }
        .all(expr)
    };
    if let Some(expr) = &query.filter {
        conditions.push(filter(None, expr)?);
    }
    let having = match &query.having {
        Some(expr) => [" HAVING ", &filter(Some(&groups), expr)?].concat(),
        None => String::new(),
    };
    let mut keys = Vec::new();
    for key in &query.order {
        let target = target(&mut scope, &key.operand, true)?;
        if !key.operand.is_aggregate() && !groups.contains(&target.sql) {
            return Err(not_grouped(&target));
        }
        let direction = if key.descending { "DESC" } else { "ASC" };
        let nulls = if key.nulls_last { "LAST" } else { "FIRST" };
        keys.push(format!("{} {direction} NULLS {nulls}", target.sql));
    }
    let clause = |word: &str, entries: &[String]| {
        if entries.is_empty() {
            String::new()
        } else {
            [word, &entries.join(", ")].concat()
        }
    };
    let text = format!(
        "SELECT {} FROM {}{}{}{having}{}{}",
        selected.join(", "),
        scope.sql(),
        where_text(&conditions),
        clause(" GROUP BY ", &groups),
        clause(" ORDER BY ", &keys),
        window(query)?
    );
    Ok(Groups {
        sobject: object.name.clone(),
        key_prefix: object.prefix.clone(),
        sql: Sql { text, parameters },
        columns,
        grouped: !query.group.is_empty(),
    })
}

/// The SQL of what is grouped by.
fn groups(scope: &mut Scope<'_>, query: &Query) -> Result<Vec<String>, SoqlError> {
    let mut groups = Vec::new();
    for operand in &query.group {
        let target = target(scope, operand, false)?;
        let plain = matches!(operand, Operand::Field(_));
        if plain
            && target
                .field
                .is_some_and(|field| !field.groupable || !field.stored())
        {
            return Err(SoqlError::new(
                "MALFORMED_QUERY",
                format!("field '{}' can not be grouped in a query call", target.name),
                target.at,
            ));
        }
        groups.push(target.sql);
    }
    Ok(groups)
}

/// The columns and their SQL.
fn columns(
    scope: &mut Scope<'_>,
    query: &Query,
    groups: &[String],
) -> Result<(Vec<GroupColumn>, Vec<String>), SoqlError> {
    let mut columns: Vec<GroupColumn> = Vec::new();
    let mut sql = Vec::new();
    let mut expressions = 0;
    for selected in &query.select {
        let Selected::Operand { operand, alias } = selected else {
            return Err(SoqlError::malformed(
                "The SOQL FIELDS function and child relationship sub-selects are not supported with aggregate queries",
            ));
        };
        let target = column(scope, operand)?;
        if !operand.is_aggregate() && !groups.contains(&target.sql) {
            return Err(not_grouped(&target));
        }
        let name = match (alias, target.key) {
            (Some(alias), _) => alias.text.clone(),
            (None, Some(key)) => key,
            (None, None) => {
                expressions += 1;
                format!("expr{}", expressions - 1)
            }
        };
        if columns
            .iter()
            .any(|known| known.name.eq_ignore_ascii_case(&name))
        {
            return Err(SoqlError::new(
                "MALFORMED_QUERY",
                format!("duplicate alias: {name}"),
                target.at,
            ));
        }
        columns.push(GroupColumn {
            name,
            shown: shown(operand),
            kind: target.kind,
            aggregate: target.sql.contains('('),
            custom: target.field.is_some_and(|field| field.custom),
        });
        sql.push(target.sql);
    }
    Ok((columns, sql))
}

/// An expression as column metadata shows it.
fn shown(operand: &Operand) -> String {
    match operand {
        Operand::Field(path) => path.to_string(),
        Operand::Call {
            function, argument, ..
        } => format!(
            "{}({})",
            function.name().to_lowercase(),
            argument.as_deref().map(shown).unwrap_or_default()
        ),
    }
}

/// A selected operand; display functions change nothing here.
fn column<'a>(scope: &mut Scope<'a>, operand: &Operand) -> Result<Target<'a>, SoqlError> {
    match operand {
        Operand::Call {
            function,
            argument: Some(argument),
            ..
        } if function.is_display() => Ok(Target {
            key: None,
            ..target(scope, argument, true)?
        }),
        Operand::Call {
            function: Function::Count,
            argument: None,
            at,
        } => Ok(Target {
            sql: "count(*)".to_owned(),
            kind: FieldType::Int,
            field: None,
            name: "count()".to_owned(),
            key: None,
            at: at.0,
        }),
        other => target(scope, other, true),
    }
}
