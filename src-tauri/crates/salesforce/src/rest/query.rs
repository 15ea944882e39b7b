//! Answers with records: a page of a query, or records by id.

use std::collections::BTreeMap;
use std::fmt;

use drawbridge_model::{Describe, FieldKind, FieldName, Record, RecordId, Value};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::values;

/// A record's fields and what stands in them, as they come: as they were asked for.
pub(crate) struct RawRecord<'a>(Vec<(&'a str, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for RawRecord<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Vec<(&'de str, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(32);
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(fields)
            }
        }

        json.deserialize_map(Fields).map(Self)
    }
}

/// The path of the page after this one, without a look at its records.
pub(crate) fn next_page(body: &[u8]) -> serde_json::Result<Option<String>> {
    #[derive(Deserialize)]
    struct Head {
        #[serde(rename = "nextRecordsUrl", default)]
        next: Option<String>,
    }
    let head: Head = serde_json::from_slice(body)?;
    Ok(head.next)
}

/// One page of a query.
#[derive(Deserialize)]
pub(crate) struct RawPage<'a> {
    #[serde(borrow)]
    pub(crate) records: Vec<RawRecord<'a>>,
    #[serde(rename = "nextRecordsUrl", default)]
    next: Option<String>,
    /// Records of all its pages.
    #[serde(rename = "totalSize", default)]
    total: Option<u64>,
}

impl RawPage<'_> {
    /// How many records came, and how many there are, where some are missing once this page at
    /// `path` is read. A locator ends with the number of records before its page
    /// (facts/salesforce.md §4); where it does not, nothing is known.
    pub(crate) fn missing(&self, path: Option<&str>) -> Option<(u64, u64)> {
        let passed = |path: &str| path.rsplit_once('-')?.1.parse::<u64>().ok();
        let before = path.map_or(Some(0), passed)?;
        let given = before + u64::try_from(self.records.len()).ok()?;
        let total = match &self.next {
            Some(next) => passed(next)?,
            None => self.total?,
        };
        (given < total).then_some((given, total))
    }
}

/// Where a value stood that could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) field: String,
    pub(crate) record: String,
}

impl Unreadable {
    pub(crate) fn text(&self) -> String {
        format!(
            "the value of {} on record {} is not of the kind the field has",
            self.field, self.record
        )
    }
}

/// The records of a query's page.
pub(crate) fn records(
    raw: &[RawRecord<'_>],
    fields: &[FieldName],
    describe: &Describe,
) -> Result<Vec<Record>, Unreadable> {
    let kinds = kinds(fields, describe);
    raw.iter()
        .map(|raw| record(raw, &kinds, describe))
        .collect()
}

fn kinds<'f>(fields: &'f [FieldName], describe: &Describe) -> Vec<(&'f FieldName, FieldKind)> {
    fields
        .iter()
        .map(|name| {
            let kind = describe
                .field(name)
                .map_or(FieldKind::Other, |field| field.kind);
            (name, kind)
        })
        .collect()
}

/// The value of that name; Salesforce answers in the field's own upper and lower case.
fn find<'a>(raw: &RawRecord<'a>, name: &str) -> Option<&'a RawValue> {
    let is = |same: fn(&str, &str) -> bool| raw.0.iter().find(move |(found, _)| same(found, name));
    is(|found, name| found == name)
        .or_else(|| is(str::eq_ignore_ascii_case))
        .map(|(_, value)| *value)
}

fn typed(raw: &RawRecord<'_>, name: &str, kind: FieldKind) -> Option<Value> {
    find(raw, name).map_or(Some(Value::Blank), |value| values::read(value, kind))
}

fn id_of(raw: &RawRecord<'_>, name: &str) -> Option<RecordId> {
    match typed(raw, name, FieldKind::Reference)? {
        Value::Text(id) => RecordId::parse(&id).ok(),
        _ => None,
    }
}

fn record(
    raw: &RawRecord<'_>,
    kinds: &[(&FieldName, FieldKind)],
    describe: &Describe,
) -> Result<Record, Unreadable> {
    let id = id_of(raw, "Id").ok_or_else(|| Unreadable {
        field: "Id".to_owned(),
        record: "(unknown)".to_owned(),
    })?;
    let unreadable = |field: &str| Unreadable {
        field: field.to_owned(),
        record: id.to_string(),
    };
    let mut found = BTreeMap::new();
    for (name, kind) in kinds {
        let value = typed(raw, name.as_str(), *kind).ok_or_else(|| unreadable(name.as_str()))?;
        found.insert((*name).clone(), value);
    }
    let moment = |name: &str| match typed(raw, name, FieldKind::DateTime) {
        Some(Value::Moment(moment)) => Some(moment),
        _ => None,
    };
    Ok(Record {
        sobject: describe.sobject.clone(),
        values: found,
        modstamp: moment("SystemModstamp").ok_or_else(|| unreadable("SystemModstamp"))?,
        modified_by: find(raw, "LastModifiedBy").and_then(person),
        modified_by_id: id_of(raw, "LastModifiedById"),
        modified_at: moment("LastModifiedDate"),
        id,
    })
}

fn person(raw: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Person {
        #[serde(rename = "Name")]
        name: Option<String>,
    }
    serde_json::from_str::<Option<Person>>(raw.get())
        .ok()??
        .name
}

/// Where a listing goes on: a position in the list of values, and the path of the next page of
/// the present part, if it has one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) start: usize,
    pub(crate) path: Option<String>,
}

impl Cursor {
    pub(crate) fn write(&self) -> String {
        format!(
            "{}|{}",
            self.start,
            self.path.as_deref().unwrap_or_default()
        )
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let (start, path) = text.split_once('|')?;
        Some(Self {
            start: start.parse().ok()?,
            path: (!path.is_empty()).then(|| path.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use drawbridge_model::SObjectName;

    use super::*;

    fn describe() -> Describe {
        let body = serde_json::json!({"name": "Account", "label": "Account", "fields": [
            {"name": "MRR__c", "type": "currency"},
            {"name": "Name", "type": "string"},
        ]});
        super::super::describe::read(body.to_string().as_bytes()).unwrap()
    }

    const PAGE: &str = r#"{"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/v67.0/query/01g-1",
        "records":[{"attributes":{"type":"Account","url":"/x"},"Id":"0017e00001W4GYR","Name":"Ä \"x\"",
        "SystemModstamp":"2026-01-31T12:34:56.000+0000","LastModifiedDate":"2026-01-30T12:34:56.000+0000",
        "LastModifiedById":"0057e00001W4GYR","MRR__c":15000.10,
        "LastModifiedBy":{"attributes":{"type":"User"},"Name":"Ann"}}]}"#;

    #[test]
    fn a_page_of_records() {
        let fields = [
            FieldName::from("mrr__c"),
            FieldName::from("Name"),
            FieldName::from("Missing__c"),
        ];
        let page: RawPage = serde_json::from_str(PAGE).unwrap();
        let records = records(&page.records, &fields, &describe()).unwrap();
        let record = &records[0];
        assert_eq!(record.sobject, SObjectName::from("Account"));
        assert_eq!(record.id.as_str(), "0017e00001W4GYRAA3");
        assert_eq!(
            record.value(&fields[0]),
            &Value::Number("15000.1".parse().unwrap())
        );
        assert_eq!(record.value(&fields[1]), &Value::Text("Ä \"x\"".to_owned()));
        assert_eq!(record.value(&fields[2]), &Value::Blank);
        assert_eq!(record.modified_by.as_deref(), Some("Ann"));
        assert!(record.modified_at.unwrap() < record.modstamp);
    }

    #[test]
    fn a_value_of_another_kind_is_named() {
        let text = PAGE.replace("15000.10", "\"much\"");
        let page: RawPage = serde_json::from_str(&text).unwrap();
        let error = records(&page.records, &[FieldName::from("MRR__c")], &describe()).unwrap_err();
        assert_eq!(error.field, "MRR__c");
        assert_eq!(error.record, "0017e00001W4GYRAA3");
    }

    #[test]
    fn cursors_survive() {
        for cursor in [
            Cursor {
                start: 450,
                path: None,
            },
            Cursor {
                start: 0,
                path: Some("/services/data/v67.0/query/01g-2000".to_owned()),
            },
        ] {
            assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        }
        assert_eq!(Cursor::read("garbage"), None);
    }
}
