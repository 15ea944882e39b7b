//! The result files of a Bulk job, read row by row (facts/salesforce.md §6).

use drawbridge_model::{
    BulkOutcome, BulkResults, BulkRow, BulkWrite, Problem, RecordId, RowResult, WriteKind,
};

/// Rows handed on at a time.
const WINDOW: usize = 2_000;

/// Reads a result file, or says what is wrong with it. Rows are found by the key column.
pub(crate) fn read(
    write: &BulkWrite,
    which: BulkResults,
    body: &[u8],
    mut each: impl FnMut(Vec<BulkRow>),
) -> Result<(), String> {
    if body.last().is_some_and(|last| *last != b'\n') {
        return Err("its last line has no end".to_owned());
    }
    let mut reader = csv::Reader::from_reader(body);
    // A job that never got its file has no columns to tell of, and no rows.
    let heading = body.iter().position(|byte| *byte == b'\n');
    if heading.is_none_or(|end| end + 1 == body.len()) {
        return Ok(());
    }
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |wanted: &str| {
        header
            .iter()
            .position(|name| name.eq_ignore_ascii_case(wanted))
            .ok_or_else(|| format!("it has no column {wanted}"))
    };
    let key = column(write.key())?;
    let (id, said) = match which {
        BulkResults::Successful => (column("sf__Id")?, column("sf__Created")?),
        BulkResults::Failed => (column("sf__Id")?, column("sf__Error")?),
        BulkResults::Unprocessed => (key, key),
    };
    let mut window = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let key = cell(key).to_owned();
        let outcome = match which {
            BulkResults::Successful => BulkOutcome::Processed(RowResult::Written {
                record: record_id(write, cell(id), &key)?,
                created: cell(said).eq_ignore_ascii_case("true"),
            }),
            BulkResults::Failed => BulkOutcome::Processed(RowResult::Refused(problem(cell(said)))),
            BulkResults::Unprocessed => BulkOutcome::NotProcessed,
        };
        window.push(BulkRow { key, outcome });
        if window.len() == WINDOW {
            each(std::mem::take(&mut window));
        }
    }
    if !window.is_empty() {
        each(window);
    }
    Ok(())
}

fn record_id(write: &BulkWrite, id: &str, key: &str) -> Result<RecordId, String> {
    let known = match write.kind {
        WriteKind::Update if id.is_empty() => key,
        WriteKind::Update | WriteKind::Upsert(_) => id,
    };
    RecordId::parse(known).map_err(|_| "a row was done, and it does not say on which record".into())
}

/// `CODE:message:Field1, Field2 --`. The message may hold colons and commas: the code is read from
/// the front, the fields from the end.
pub(crate) fn problem(cell: &str) -> Problem {
    let is_code = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let (code, rest) = match cell.split_once(':') {
        Some((code, rest)) if is_code(code) => (code, rest),
        _ => ("refused_without_reason", cell),
    };
    let named = rest
        .strip_suffix("--")
        .and_then(|rest| rest.rsplit_once(':'))
        .and_then(|(message, fields)| Some((message, names(fields)?)));
    let (message, fields) = named.unwrap_or((rest, Vec::new()));
    Problem {
        code: code.to_owned(),
        message: message.to_owned(),
        fields,
        twin: None,
    }
}

/// A list of field names; `None` when it is something else.
fn names(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
    };
    text.split(',')
        .map(|name| {
            Some(name.trim())
                .filter(|name| is_name(name))
                .map(str::to_owned)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use drawbridge_model::SObjectName;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_without_rows_tells_of_none_whatever_its_heading() {
        let write = BulkWrite {
            sobject: SObjectName::from("Account"),
            kind: WriteKind::Update,
        };
        let count = |body: &[u8]| {
            let mut rows = 0;
            read(&write, BulkResults::Successful, body, |window| {
                rows += window.len();
            })
            .map(|()| rows)
        };
        assert_eq!(count(b""), Ok(0));
        assert_eq!(count(b"\"sf__Id\",\"sf__Created\"\n"), Ok(0));
        assert_eq!(count(b"\"sf__Id\",\"sf__Created\",Id\n"), Ok(0));
        assert!(count(b"\"sf__Id\",\"sf__Created\"\n\"1\",\"true\"\n").is_err());
        assert!(count(b"\"sf__Id\",\"sf__Created\",Id").is_err(), "cut off");
    }

    proptest! {
        #[test]
        fn code_message_and_fields_come_back(
            code in "[A-Z][A-Z_0-9]{0,20}",
            message in "[ -~]{0,40}",
            fields in prop::collection::vec("[A-Za-z][A-Za-z_]{0,9}", 0..4),
        ) {
            let names = fields.join(", ");
            let gap = if fields.is_empty() { "" } else { " " };
            let found = problem(&format!("{code}:{message}:{names}{gap}--"));
            prop_assert_eq!(found, Problem { code, message, fields, twin: None });
        }
    }
}
