//! Answers `query?columns=true`: what the columns are, without any row (facts/salesforce.md §4).

use serde_json::{Value, json};

use super::plan::{Column, GroupColumn, Member, Plan, Shape};
use super::{now, planned};
use crate::reply::Reply;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::FieldType;

pub(crate) fn columns(org: &Org, soql: &str) -> Result<Reply, CallError> {
    let (list, entity, prefix, grouped) = match planned(&org.schema, soql, false, now(org))? {
        Plan::Count { sobject, .. } => {
            let prefix = org
                .schema
                .object(&sobject)
                .map(|object| object.prefix.clone())
                .unwrap_or_default();
            (Vec::new(), sobject, prefix, false)
        }
        Plan::Groups(groups) => (
            groups.columns.iter().map(grouped_column).collect(),
            groups.sobject,
            groups.key_prefix,
            groups.grouped,
        ),
        Plan::Records(records) => (
            shape(&records.shape),
            records.sobject.clone(),
            records.key_prefix.clone(),
            false,
        ),
    };
    let id_selected = list.iter().any(|column| column["columnName"] == "Id");
    Ok(Reply::json(
        200,
        &json!({
            "columnMetadata": list, "entityName": entity, "groupBy": grouped,
            "idSelected": id_selected, "keyPrefix": prefix
        }),
    ))
}

/// The columns of a record: its own, one for each parent, one for each set of children.
fn shape(shape: &Shape) -> Vec<Value> {
    shape
        .members
        .iter()
        .map(|member| match member {
            Member::Column(column) => own(column),
            Member::Parent(position) => {
                let parent = &shape.parents[*position];
                joined(
                    false,
                    &parent.name,
                    Some(&parent.foreign_key),
                    &self::shape(&parent.shape),
                )
            }
            Member::Children { name, records } => {
                joined(true, name, None, &self::shape(&records.shape))
            }
        })
        .collect()
}

fn own(column: &Column) -> Value {
    let kind = column.kind;
    json!({
        "aggregate": false, "apexType": apex_type(kind), "booleanType": kind == FieldType::Boolean,
        "columnName": column.name, "custom": column.custom, "displayName": column.name,
        "foreignKeyName": null, "insertable": column.createable, "joinColumns": [],
        "numberType": kind.is_number(), "textType": kind.is_text(), "updatable": column.updateable
    })
}

fn joined(children: bool, name: &str, foreign_key: Option<&str>, columns: &[Value]) -> Value {
    json!({
        "aggregate": children, "apexType": null, "booleanType": false, "columnName": name,
        "custom": name.ends_with("__r"), "displayName": name, "foreignKeyName": foreign_key,
        "insertable": false, "joinColumns": columns, "numberType": false, "textType": false,
        "updatable": false
    })
}

fn grouped_column(column: &GroupColumn) -> Value {
    let kind = column.kind;
    let apex_type = (!column.aggregate).then(|| apex_type(kind));
    let shown = if column.aggregate {
        &column.shown
    } else {
        &column.name
    };
    json!({
        "aggregate": column.aggregate, "apexType": apex_type,
        "booleanType": kind == FieldType::Boolean, "columnName": column.name,
        "custom": column.custom, "displayName": shown, "foreignKeyName": null, "insertable": false,
        "joinColumns": [], "numberType": kind.is_number(), "textType": kind.is_text(),
        "updatable": false
    })
}

fn apex_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Id | FieldType::Reference => "Id",
        FieldType::Boolean => "Boolean",
        FieldType::Int => "Integer",
        FieldType::Double | FieldType::Currency | FieldType::Percent => "Double",
        FieldType::Date => "Date",
        FieldType::DateTime => "Datetime",
        _ => "String",
    }
}
