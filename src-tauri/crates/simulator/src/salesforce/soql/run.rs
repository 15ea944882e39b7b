//! Runs queries: records in Salesforce's shape, pages of 2,000 with locators.

use std::collections::VecDeque;

use rusqlite::params_from_iter;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::ast::Select;
use super::parser::parse;
use super::sql::{ADDRESS_PARTS, Output, Statement, build};
use crate::reply::Reply;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::FieldType;
use crate::salesforce::values::to_json;

/// Records per page unless `Sforce-Query-Options` asks for fewer.
pub(crate) const PAGE: usize = 2000;
/// Results kept for paging; the oldest is forgotten first.
const KEPT: usize = 24;

/// Results of queries with more than one page.
#[derive(Debug, Default)]
pub(crate) struct Locators {
    results: VecDeque<(String, usize, Vec<Box<RawValue>>)>,
}

/// A JSON object whose keys keep their order.
struct Ordered(Vec<(String, Node)>);

enum Node {
    Value(Value),
    Object(Ordered),
}

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, node) in &self.0 {
            match node {
                Node::Value(value) => map.serialize_entry(key, value)?,
                Node::Object(object) => map.serialize_entry(key, object)?,
            }
        }
        map.end()
    }
}

fn attributes(version: &str, sobject: &str, id: &str) -> Node {
    Node::Object(Ordered(vec![
        ("type".to_owned(), Node::Value(Value::from(sobject))),
        (
            "url".to_owned(),
            Node::Value(Value::from(format!(
                "/services/data/v{version}/sobjects/{sobject}/{id}"
            ))),
        ),
    ]))
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    total_size: usize,
    done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_records_url: Option<String>,
    records: &'a [Box<RawValue>],
}

/// Answers `query` or `queryAll`.
pub(crate) fn query(
    org: &mut Org,
    version: &str,
    soql: &str,
    with_deleted: bool,
    page_size: usize,
) -> Result<Reply, CallError> {
    let tree = parse(soql).map_err(|error| error.into_call(soql))?;
    let statement =
        build(&org.schema, &tree, with_deleted).map_err(|error| error.into_call(soql))?;
    if statement.is_count {
        let count: i64 = org
            .db
            .prepare_cached(&statement.sql)?
            .query_row(params_from_iter(&statement.parameters), |row| row.get(0))?;
        return Ok(Reply::json(
            200,
            &json!({"totalSize": count, "done": true, "records": []}),
        ));
    }
    let records = records(org, version, &statement)?;
    if records.len() <= page_size {
        let page = Page {
            total_size: records.len(),
            done: true,
            next_records_url: None,
            records: &records,
        };
        return Ok(Reply::json(200, &page));
    }
    let locator = org.ids.next("01g");
    org.locators
        .results
        .push_back((locator.clone(), page_size, records));
    if org.locators.results.len() > KEPT {
        org.locators.results.pop_front();
    }
    more(org, version, &format!("{locator}-0"))
}

/// Answers a continuation: `01g…-2000`.
pub(crate) fn more(org: &Org, version: &str, locator: &str) -> Result<Reply, CallError> {
    let invalid = || CallError::bad("INVALID_QUERY_LOCATOR", "invalid query locator");
    let (id, offset) = locator.rsplit_once('-').ok_or_else(invalid)?;
    let offset: usize = offset.parse().map_err(|_| invalid())?;
    let (_, page_size, records) = org
        .locators
        .results
        .iter()
        .find(|(known, ..)| known == id)
        .ok_or_else(invalid)?;
    if offset >= records.len() {
        return Err(invalid());
    }
    let end = (offset + page_size).min(records.len());
    let done = end == records.len();
    let page = Page {
        total_size: records.len(),
        done,
        next_records_url: (!done).then(|| format!("/services/data/v{version}/query/{id}-{end}")),
        records: &records[offset..end],
    };
    Ok(Reply::json(200, &page))
}

fn records(
    org: &Org,
    version: &str,
    statement: &Statement,
) -> Result<Vec<Box<RawValue>>, CallError> {
    let mut prepared = org.db.prepare_cached(&statement.sql)?;
    let mut rows = prepared.query(params_from_iter(&statement.parameters))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let mut record = Ordered(vec![(
            "attributes".to_owned(),
            attributes(version, &statement.sobject, &id),
        )]);
        for output in &statement.outputs {
            place(&mut record, version, output, row)?;
        }
        records.push(serde_json::value::to_raw_value(&record)?);
    }
    Ok(records)
}

fn value_of(output: &Output, row: &rusqlite::Row<'_>) -> rusqlite::Result<Node> {
    if output.kind != FieldType::Address {
        return Ok(Node::Value(to_json(output.kind, row.get(output.column)?)));
    }
    let mut parts = Vec::with_capacity(ADDRESS_PARTS.len());
    let mut any = false;
    for (index, part) in ADDRESS_PARTS.iter().enumerate() {
        let value = to_json(FieldType::Text, row.get(output.column + index)?);
        any |= !value.is_null();
        let mut key = (*part).to_owned();
        key[..1].make_ascii_lowercase();
        parts.push((key, Node::Value(value)));
    }
    Ok(if any {
        Node::Object(Ordered(parts))
    } else {
        Node::Value(Value::Null)
    })
}

/// Puts a value where it belongs: in the record, or in a parent's object, or null for no parent.
fn place(
    record: &mut Ordered,
    version: &str,
    output: &Output,
    row: &rusqlite::Row<'_>,
) -> rusqlite::Result<()> {
    let value = value_of(output, row)?;
    let mut target = record;
    let parent_id: Option<String> = match output.parent_id {
        Some(column) => row.get(column)?,
        None => None,
    };
    for (depth, name) in output.parents.iter().enumerate() {
        let last = depth + 1 == output.parents.len();
        if last && parent_id.is_none() {
            if !target.0.iter().any(|(key, _)| key == name) {
                target.0.push((name.clone(), Node::Value(Value::Null)));
            }
            return Ok(());
        }
        let position = target
            .0
            .iter()
            .position(|(key, _)| key == name)
            .unwrap_or_else(|| {
                let first = match (&parent_id, last) {
                    (Some(id), true) => {
                        vec![(
                            "attributes".to_owned(),
                            attributes(version, &output.sobject, id),
                        )]
                    }
                    _ => Vec::new(),
                };
                target.0.push((name.clone(), Node::Object(Ordered(first))));
                target.0.len() - 1
            });
        let Some((_, Node::Object(next))) = target.0.get_mut(position) else {
            return Ok(());
        };
        target = next;
    }
    if !target.0.iter().any(|(key, _)| *key == output.name) {
        target.0.push((output.name.clone(), value));
    }
    Ok(())
}

/// Answers `query?columns=true`: only what the columns are.
pub(crate) fn columns(org: &Org, soql: &str) -> Result<Reply, CallError> {
    let tree = parse(soql).map_err(|error| error.into_call(soql))?;
    let statement = build(&org.schema, &tree, false).map_err(|error| error.into_call(soql))?;
    let mut list: Vec<Value> = Vec::new();
    if let Select::Fields(_) = tree.select {
        for output in &statement.outputs {
            let own = column(output);
            let Some(parent) = output.parents.first() else {
                list.push(own);
                continue;
            };
            let known = list
                .iter_mut()
                .find(|entry| entry["columnName"] == parent.as_str());
            if let Some(joined) = known.and_then(|entry| entry["joinColumns"].as_array_mut()) {
                joined.push(own);
                continue;
            }
            list.push(json!({
                "aggregate": false, "apexType": output.sobject, "booleanType": false,
                "columnName": parent, "custom": false, "displayName": parent,
                "foreignKeyName": null, "insertable": false, "joinColumns": [own],
                "numberType": false, "textType": false, "updatable": false
            }));
        }
    }
    let prefix = org
        .schema
        .object(&statement.sobject)
        .map(|object| object.prefix.clone());
    Ok(Reply::json(
        200,
        &json!({
            "columnMetadata": list, "entityName": statement.sobject, "groupBy": false,
            "idSelected": statement.outputs.iter().any(|output| output.name == "Id"), "keyPrefix": prefix
        }),
    ))
}

fn column(output: &Output) -> Value {
    let apex = match output.kind {
        FieldType::Id | FieldType::Reference => "Id",
        FieldType::Boolean => "Boolean",
        FieldType::Int => "Integer",
        FieldType::Double | FieldType::Currency | FieldType::Percent => "Double",
        FieldType::Date => "Date",
        FieldType::DateTime => "Datetime",
        _ => "String",
    };
    json!({
        "aggregate": false, "apexType": apex, "booleanType": output.kind == FieldType::Boolean,
        "columnName": output.name, "custom": output.name.ends_with("__c"),
        "displayName": output.name, "foreignKeyName": null, "insertable": false, "joinColumns": [],
        "numberType": output.kind.is_number(), "textType": output.kind.is_text(), "updatable": false
    })
}
