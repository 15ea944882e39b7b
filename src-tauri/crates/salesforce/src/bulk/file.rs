//! The file of a Bulk job: UTF-8 without BOM, LF, every cell quoted, `#N/A`
//! clears, an empty cell leaves its field alone (facts/salesforce.md §6).

use std::collections::HashSet;

use bytes::Bytes;
use drawbridge_model::{BulkWrite, FieldName, Problem, Value, WriteKind, WriteRow};

use crate::rest::values;

/// What a cell says to clear its field.
const CLEAR: &str = "#N/A";

/// A job's file and the rows that are not in it.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    /// Rows in it.
    pub(crate) rows: usize,
    /// Rows that were left out, by index, and why.
    pub(crate) refused: Vec<(usize, Problem)>,
}

/// Writes the file. Two rows of one key cannot be told apart in the results: the later is refused.
pub(crate) fn write(write: &BulkWrite, rows: &[WriteRow]) -> Result<File, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    let by_id = write.kind == WriteKind::Update;
    let id = by_id.then_some("Id");
    writer.write_record(
        id.into_iter()
            .chain(write.fields.iter().map(FieldName::as_str)),
    )?;
    let mut seen = HashSet::new();
    let mut refused = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match cells(write, row) {
            Ok((key, _)) if seen.contains(&key) => {
                let message = "An earlier row of the job has the same key";
                refused.push((index, problem("same_key_twice", message, write.key())));
            }
            Ok((key, cells)) => {
                seen.insert(key);
                writer.write_record(&cells)?;
            }
            Err(problem) => refused.push((index, problem)),
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(File {
        bytes: Bytes::from(bytes),
        rows: seen.len(),
        refused,
    })
}

/// Most bytes a row takes: every byte may be a quote, which is written twice.
pub(crate) fn row_size(write: &BulkWrite, row: &WriteRow) -> usize {
    let cell = |value: &Value| 2 * values::plain(value).len().max(CLEAR.len()) + 3;
    let id = row.record.as_ref().map_or(0, |id| id.as_str().len() + 3);
    let cells = write.fields.iter().map(|field| row.values.get(field));
    // A field the row does not set takes two quotes and what parts it from the next.
    id + cells.map(|value| value.map_or(3, cell)).sum::<usize>()
}

/// The row's key and its cells.
fn cells(write: &BulkWrite, row: &WriteRow) -> Result<(String, Vec<String>), Problem> {
    let mut cells = Vec::with_capacity(write.fields.len() + 1);
    let mut key = String::new();
    if write.kind == WriteKind::Update {
        let Some(record) = &row.record else {
            return Err(problem(
                "no_record",
                "The row names no record to change",
                "Id",
            ));
        };
        record.as_str().clone_into(&mut key);
        cells.push(key.clone());
    }
    if let Some(extra) = row.values.keys().find(|name| !write.fields.contains(name)) {
        let message = "The row sets a field that is no column of the job";
        return Err(problem("other_columns", message, extra.as_str()));
    }
    for field in &write.fields {
        let Some(value) = row.values.get(field) else {
            cells.push(String::new());
            continue;
        };
        let text = lines(values::plain(value));
        if text == CLEAR {
            let message = "The text #N/A cannot be written by a Bulk job, where it clears a field";
            return Err(problem("clears_in_bulk", message, field.as_str()));
        }
        if matches!(&write.kind, WriteKind::Upsert(id) if id.0.eq_ignore_ascii_case(&field.0)) {
            text.clone_into(&mut key);
        }
        // An empty cell would leave the field alone.
        cells.push(if text.is_empty() {
            CLEAR.to_owned()
        } else {
            text
        });
    }
    if key.trim().is_empty() {
        let message = "The row has no key, so it could make a second record";
        return Err(problem("no_external_id", message, write.key()));
    }
    Ok((key, cells))
}

/// The line ending of a job counts inside its cells too.
fn lines(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

fn problem(code: &str, message: &str, field: &str) -> Problem {
    Problem {
        code: code.to_owned(),
        message: message.to_owned(),
        fields: vec![field.to_owned()],
        twin: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use drawbridge_model::{CustomerId, RecordId, SObjectName};
    use proptest::prelude::*;

    use super::*;

    fn shape() -> BulkWrite {
        BulkWrite {
            sobject: SObjectName::from("Account"),
            kind: WriteKind::Upsert(FieldName::from("Key__c")),
            fields: vec![FieldName::from("Key__c"), FieldName::from("Name")],
        }
    }

    fn row(key: &str, name: Value) -> WriteRow {
        WriteRow {
            customer: CustomerId::from(key),
            record: None::<RecordId>,
            values: [
                (FieldName::from("Key__c"), Value::text(key)),
                (FieldName::from("Name"), name),
            ]
            .into(),
        }
    }

    #[test]
    fn blank_clears_absence_leaves_alone_and_what_cannot_be_said_is_refused() {
        let mut short = row("d", Value::Blank);
        short.values.remove(&FieldName::from("Name"));
        let mut wide = row("e", Value::Blank);
        wide.values.insert(FieldName::from("Site"), Value::Blank);
        let rows = [
            row("a", Value::Blank),
            row("b", Value::Text("#N/A".to_owned())),
            row("a", Value::Flag(true)),
            row("c", Value::Text("=1 \"x\"\r\ny ".to_owned())),
            short,
            row("", Value::Flag(true)),
            wide,
        ];
        let file = write(&shape(), &rows).unwrap();
        assert_eq!(
            file.bytes,
            "\"Key__c\",\"Name\"\n\"a\",\"#N/A\"\n\"c\",\"=1 \"\"x\"\"\ny \"\n\"d\",\"\"\n"
        );
        let refused: Vec<_> = file
            .refused
            .iter()
            .map(|(at, p)| (*at, p.code.as_str()))
            .collect();
        assert_eq!(
            refused,
            [
                (1, "clears_in_bulk"),
                (2, "same_key_twice"),
                (5, "no_external_id"),
                (6, "other_columns")
            ]
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(names in prop::collection::vec("[ -~é\n\",=]{1,12}", 1..20)) {
            prop_assume!(names.iter().all(|name| name != CLEAR));
            let rows: Vec<_> = names
                .iter()
                .enumerate()
                .map(|(at, name)| row(&at.to_string(), Value::Text(name.clone())))
                .collect();
            let file = write(&shape(), &rows).unwrap();
            prop_assert_eq!(file.rows, rows.len());
            let sizes: usize = rows.iter().map(|row| row_size(&shape(), row)).sum();
            prop_assert!(file.bytes.len() <= sizes + "\"Key__c\",\"Name\"\n".len());
            prop_assert_eq!(drawbridge_simulator::syntax::bulk_csv(&file.bytes), Ok(rows.len()));
            let mut reader = csv::Reader::from_reader(&*file.bytes);
            let read: Vec<_> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
            prop_assert_eq!(read, names);
        }
    }
}
