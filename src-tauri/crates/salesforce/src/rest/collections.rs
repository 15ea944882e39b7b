//! sObject Collections: up to 200 rows in one call, one result a row, in order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytes::Bytes;
use drawbridge_model::{
    DeleteResult, Problem, RecordId, RowResult, TargetError, Twin, WriteBatch, WriteKind, WriteRow,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{soql, values};

/// Path and body of a batch. A batch that could make a second record, or that has no record to
/// change, is refused here, before anything is sent.
pub(crate) fn request(batch: &WriteBatch, version: &str) -> Result<(String, Bytes), TargetError> {
    let sobject = soql::name(batch.sobject.as_str())?;
    let path = match &batch.kind {
        WriteKind::Update => format!("/services/data/v{version}/composite/sobjects"),
        WriteKind::Upsert(field) => format!(
            "/services/data/v{version}/composite/sobjects/{sobject}/{}",
            soql::name(field.as_str())?
        ),
    };
    if batch.rows.len() > WriteBatch::MAX_ROWS {
        return Err(not_sent(
            &path,
            "too_many_rows",
            format!(
                "a batch has {} rows, and Salesforce takes {}. Nothing was sent",
                batch.rows.len(),
                WriteBatch::MAX_ROWS
            ),
        ));
    }
    let mut records = Vec::with_capacity(batch.rows.len());
    for row in &batch.rows {
        check(batch, row, &path)?;
        records.push(record(sobject, batch, row).map_err(|error| {
            not_sent(
                &path,
                "unwritable_value",
                format!(
                    "a value of customer {} cannot be written as JSON ({error}). Nothing was sent",
                    row.customer
                ),
            )
        })?);
    }
    let body = serde_json::to_vec(&Records {
        all_or_none: false,
        records,
    })
    .map_err(|error| {
        not_sent(
            &path,
            "unwritable_value",
            format!("{error}. Nothing was sent"),
        )
    })?;
    Ok((path, Bytes::from(body)))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Records {
    all_or_none: bool,
    records: Vec<BTreeMap<String, Box<RawValue>>>,
}

fn not_sent(path: &str, code: &str, message: String) -> TargetError {
    TargetError::Refused {
        call: format!("PATCH {path}"),
        code: code.to_owned(),
        message,
    }
}

fn check(batch: &WriteBatch, row: &WriteRow, path: &str) -> Result<(), TargetError> {
    match &batch.kind {
        WriteKind::Update if row.record.is_none() => Err(not_sent(
            path,
            "no_record",
            format!(
                "the row of customer {} names no record to change. Nothing was sent",
                row.customer
            ),
        )),
        WriteKind::Upsert(field)
            if !row.values.iter().any(|(name, value)| {
                name.0.eq_ignore_ascii_case(&field.0) && !value.is_blank()
            }) =>
        {
            Err(not_sent(
                path,
                "no_external_id",
                format!(
                    "the row of customer {} has no value for {field}, so it could make a second \
                 record. Nothing was sent",
                    row.customer
                ),
            ))
        }
        WriteKind::Update | WriteKind::Upsert(_) => Ok(()),
    }
}

fn record(
    sobject: &str,
    batch: &WriteBatch,
    row: &WriteRow,
) -> Result<BTreeMap<String, Box<RawValue>>, serde_json::Error> {
    let mut record = BTreeMap::new();
    let attributes = format!("{{\"type\":{}}}", serde_json::to_string(sobject)?);
    record.insert("attributes".to_owned(), RawValue::from_string(attributes)?);
    for (name, value) in &row.values {
        record.insert(name.0.clone(), values::write(value)?);
    }
    if let (WriteKind::Update, Some(id)) = (&batch.kind, &row.record) {
        let id = RawValue::from_string(serde_json::to_string(id.as_str())?)?;
        record.insert("Id".to_owned(), id);
    }
    Ok(record)
}

#[derive(Deserialize)]
struct RawResult {
    #[serde(default)]
    id: Option<String>,
    success: bool,
    #[serde(default)]
    created: bool,
    #[serde(default)]
    errors: Vec<RowError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RowError {
    #[serde(alias = "errorCode", default)]
    status_code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    fields: Vec<String>,
    /// What a duplicate rule found. Salesforce's own spelling, and the documented one.
    #[serde(rename = "duplicateResut", alias = "duplicateResult", default)]
    duplicates: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Duplicates {
    #[serde(default)]
    allow_save: bool,
    #[serde(default)]
    duplicate_rule: Option<String>,
    match_results: Vec<MatchResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MatchResult {
    #[serde(default)]
    match_records: Vec<MatchRecord>,
}

#[derive(Deserialize)]
struct MatchRecord {
    record: Matched,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Matched {
    id: String,
}

/// The path that deletes these records. Too many of them are refused here, before anything is sent.
pub(crate) fn deletion(records: &[RecordId], version: &str) -> Result<String, TargetError> {
    let path = format!("/services/data/v{version}/composite/sobjects");
    if records.len() > WriteBatch::MAX_ROWS {
        return Err(TargetError::Refused {
            call: format!("DELETE {path}"),
            code: "too_many_rows".to_owned(),
            message: format!(
                "{} records are to be deleted, and Salesforce takes {} in a call. Nothing was sent",
                records.len(),
                WriteBatch::MAX_ROWS
            ),
        });
    }
    let ids: Vec<&str> = records.iter().map(RecordId::as_str).collect();
    Ok(format!("{path}?ids={}&allOrNone=false", ids.join(",")))
}

/// The results of a deletion, or why the answer says nothing about its records.
pub(crate) fn deleted(records: &[RecordId], body: &[u8]) -> Result<Vec<DeleteResult>, String> {
    let results = raw_results(records.len(), body)?;
    Ok(results
        .into_iter()
        .map(|result| {
            if result.success {
                DeleteResult::Deleted
            } else {
                DeleteResult::Refused(refusal(result))
            }
        })
        .collect())
}

/// The results of a batch, or why the answer says nothing about its rows.
pub(crate) fn results(batch: &WriteBatch, body: &[u8]) -> Result<Vec<RowResult>, String> {
    raw_results(batch.rows.len(), body)?
        .into_iter()
        .zip(&batch.rows)
        .map(|(result, row)| one(result, row))
        .collect()
}

fn raw_results(sent: usize, body: &[u8]) -> Result<Vec<RawResult>, String> {
    let raw: Vec<RawResult> = serde_json::from_slice(body).map_err(|error| {
        format!(
            "its list of results cannot be read (line {}, column {})",
            error.line(),
            error.column()
        )
    })?;
    if raw.len() == sent {
        return Ok(raw);
    }
    Err(format!(
        "{sent} rows were sent and {} results came",
        raw.len()
    ))
}

fn refusal(result: RawResult) -> Problem {
    let Some(error) = result.errors.into_iter().next() else {
        return Problem::new(
            "refused_without_reason",
            "Salesforce refused the row and gave no reason",
        );
    };
    let found = error
        .duplicates
        .and_then(|found| serde_json::from_value::<Duplicates>(found).ok());
    let mut problem = Problem {
        fields: error.fields,
        ..Problem::new(error.status_code, error.message)
    };
    if let Some(found) = found {
        name_duplicates(&mut problem, found);
    }
    problem
}

/// Says which records a duplicate rule found, beside Salesforce's own words.
fn name_duplicates(problem: &mut Problem, found: Duplicates) {
    let ids: Vec<RecordId> = found
        .match_results
        .into_iter()
        .flat_map(|result| result.match_records)
        .filter_map(|matched| RecordId::parse(&matched.record.id).ok())
        .collect();
    let Some(record) = ids.first().cloned() else {
        return;
    };
    let others = match ids.len() {
        1 => String::new(),
        2 => " and another one".to_owned(),
        many => format!(" and {} others", many - 1),
    };
    let rule = found
        .duplicate_rule
        .map_or_else(String::new, |rule| format!(" by duplicate rule {rule}"));
    let _ = write!(problem.message, " Found {record}{others}{rule}.");
    problem.twin = Some(Twin {
        record,
        allowable: found.allow_save,
    });
}

fn one(result: RawResult, row: &WriteRow) -> Result<RowResult, String> {
    if !result.success {
        return Ok(RowResult::Refused(refusal(result)));
    }
    let id = result.id.as_deref().and_then(|id| RecordId::parse(id).ok());
    match id.or_else(|| row.record.clone()) {
        Some(record) => Ok(RowResult::Written {
            record,
            created: result.created,
        }),
        None => Err(format!(
            "the row of customer {} was done, and the answer does not say on which record",
            row.customer
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use drawbridge_model::{CustomerId, FieldName, SObjectName, Value};

    use super::*;

    fn row(record: Option<&str>, values: &[(&str, Value)]) -> WriteRow {
        WriteRow {
            customer: CustomerId::from("cus_1"),
            record: record.map(|id| RecordId::parse(id).unwrap()),
            values: values
                .iter()
                .map(|(name, value)| (FieldName::from(*name), value.clone()))
                .collect(),
        }
    }

    fn batch(kind: WriteKind, rows: Vec<WriteRow>) -> WriteBatch {
        WriteBatch {
            sobject: SObjectName::from("Account"),
            kind,
            rows,
            allow_duplicates: false,
        }
    }

    fn upsert() -> WriteKind {
        WriteKind::Upsert(FieldName::from("Ext__c"))
    }

    #[test]
    fn numbers_are_sent_digit_by_digit() {
        let mrr = Value::Number("12345678901234567.10".parse().unwrap());
        let rows = vec![row(
            Some("0017e00001W4GYR"),
            &[("MRR__c", mrr), ("Plan__c", Value::Blank)],
        )];
        let (path, body) = request(&batch(WriteKind::Update, rows), "67.0").unwrap();
        assert_eq!(path, "/services/data/v67.0/composite/sobjects");
        assert_eq!(
            String::from_utf8(body.to_vec()).unwrap(),
            r#"{"allOrNone":false,"records":[{"Id":"0017e00001W4GYRAA3","MRR__c":12345678901234567.10,"Plan__c":null,"attributes":{"type":"Account"}}]}"#
        );
    }

    #[test]
    fn what_could_make_a_second_record_is_not_sent() {
        for values in [vec![], vec![("Ext__c", Value::Blank)]] {
            let refused = request(&batch(upsert(), vec![row(None, &values)]), "67.0").unwrap_err();
            assert!(refused.to_string().contains("cus_1"), "{refused}");
        }
        assert!(request(&batch(WriteKind::Update, vec![row(None, &[])]), "67.0").is_err());
        let (path, _) = request(
            &batch(upsert(), vec![row(None, &[("Ext__c", Value::text("a"))])]),
            "67.0",
        )
        .unwrap();
        assert_eq!(
            path,
            "/services/data/v67.0/composite/sobjects/Account/Ext__c"
        );
    }

    #[test]
    fn results_in_order() {
        let rows = vec![row(None, &[]), row(None, &[])];
        let body = br#"[{"id":"0017e00001W4GYRAA3","success":true,"errors":[],"created":true},
            {"success":false,"errors":[{"statusCode":"STRING_TOO_LONG","message":"too long","fields":["Name"]}]}]"#;
        let results = results(&batch(upsert(), rows), body).unwrap();
        assert!(matches!(
            &results[0],
            RowResult::Written { created: true, .. }
        ));
        assert!(
            matches!(&results[1], RowResult::Refused(problem) if problem.code == "STRING_TOO_LONG" && problem.fields == ["Name"])
        );
    }

    #[test]
    fn a_deletion_names_each_record_and_takes_its_results_in_order() {
        let ids: Vec<RecordId> = ["0017e00001W4GYR", "0017e00001W4GYS"]
            .into_iter()
            .map(|id| RecordId::parse(id).unwrap())
            .collect();
        let path = deletion(&ids, "67.0").unwrap();
        assert_eq!(
            path,
            format!(
                "/services/data/v67.0/composite/sobjects?ids={},{}&allOrNone=false",
                ids[0], ids[1]
            )
        );
        let body = br#"[{"id":"0017e00001W4GYRAA3","success":true,"errors":[]},
            {"success":false,"errors":[{"statusCode":"ENTITY_IS_DELETED","message":"entity is deleted","fields":[]}]}]"#;
        let results = deleted(&ids, body).unwrap();
        assert_eq!(results[0], DeleteResult::Deleted);
        assert!(
            matches!(&results[1], DeleteResult::Refused(problem) if problem.code == "ENTITY_IS_DELETED")
        );
        assert!(deleted(&ids, b"[]").is_err());
        let many = vec![ids[0].clone(); WriteBatch::MAX_ROWS + 1];
        assert!(deletion(&many, "67.0").is_err());
    }

    #[test]
    fn answers_that_say_nothing() {
        let batch = batch(upsert(), vec![row(None, &[])]);
        for body in [
            "[]",
            "{}",
            r#"[{"success":true}]"#,
            r#"[{"id":"001"#,
            "[{},{}]",
        ] {
            assert!(results(&batch, body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn what_a_duplicate_rule_found_is_named() {
        let batch = batch(WriteKind::Update, vec![row(Some("0017e00001W4GYR"), &[])]);
        let answer = |key: &str| {
            format!(
                r#"[{{"success":false,"errors":[{{"statusCode":"DUPLICATES_DETECTED","message":"Use one of these records?","fields":[],"{key}":{{"allowSave":true,"duplicateRule":"Same_Name","matchResults":[{{"matchRecords":[{{"record":{{"Id":"0017e00001W4GYRAA3"}}}},{{"record":{{"Id":"0017e00001W4GYSAA3"}}}}]}}]}}}}]}}]"#
            )
        };
        for key in ["duplicateResut", "duplicateResult"] {
            let results = results(&batch, answer(key).as_bytes()).unwrap();
            let RowResult::Refused(problem) = &results[0] else {
                unreachable!("{results:?}")
            };
            assert_eq!(
                problem.message,
                "Use one of these records? Found 0017e00001W4GYRAA3 and another one by duplicate \
                 rule Same_Name."
            );
            let twin = problem.twin.as_ref().unwrap();
            assert!(twin.allowable);
            assert_eq!(twin.record.as_str(), "0017e00001W4GYRAA3");
        }
        // Another shape than this says nothing, and does no harm.
        let odd = r#"[{"success":false,"errors":[{"statusCode":"DUPLICATES_DETECTED","message":"Use one?","duplicateResut":7}]}]"#;
        let results = results(&batch, odd.as_bytes()).unwrap();
        assert!(matches!(&results[0], RowResult::Refused(problem)
            if problem.message == "Use one?" && problem.twin.is_none()));
    }
}
