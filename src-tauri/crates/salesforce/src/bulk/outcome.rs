//! The result files of a Bulk job, read row by row (facts/salesforce.md §6).

use drawbridge_model::{
    BulkOutcome, BulkResults, BulkRow, BulkWrite, Problem, RecordId, RowResult, WriteKind,
};

use super::pieces::{Row, Rows};
use crate::transport::Pieces;

/// A result file as it arrives, or what is wrong with it. Rows are found by the key column.
pub(crate) struct Reading<'a, F> {
    write: &'a BulkWrite,
    which: BulkResults,
    each: F,
    rows: Rows,
    heading: Vec<String>,
    columns: Option<Columns>,
    problem: Option<String>,
}

/// Where the columns are that matter.
#[derive(Clone, Copy)]
struct Columns {
    key: usize,
    id: usize,
    said: usize,
}

impl<'a, F: FnMut(BulkRow)> Reading<'a, F> {
    pub(crate) fn new(write: &'a BulkWrite, which: BulkResults, each: F) -> Self {
        Self {
            write,
            which,
            each,
            rows: Rows::new(),
            heading: Vec::new(),
            columns: None,
            problem: None,
        }
    }

    /// What is wrong with the file, once all of it arrived.
    pub(crate) fn end(self) -> Result<(), String> {
        match self.problem {
            Some(problem) => Err(problem),
            None if !self.rows.is_whole() => Err("its last line has no end".to_owned()),
            None => Ok(()),
        }
    }
}

impl<F: FnMut(BulkRow) + Send> Pieces for Reading<'_, F> {
    fn begin(&mut self) {
        self.rows = Rows::new();
        self.heading.clear();
        (self.columns, self.problem) = (None, None);
    }

    fn take(&mut self, piece: &[u8]) {
        if self.problem.is_some() {
            return;
        }
        let Self {
            write,
            which,
            each,
            heading,
            columns,
            ..
        } = self;
        let taken = self.rows.take(piece, |row| {
            if heading.is_empty() {
                heading.extend(row.cells().map(str::to_owned));
                return Ok(());
            }
            if row.len() != heading.len() {
                let (cells, columns) = (row.len(), heading.len());
                return Err(format!("a row has {cells} cells of {columns}"));
            }
            // A job that never got its file has no columns to tell of, and no rows.
            let columns = match columns {
                Some(columns) => *columns,
                None => *columns.insert(Columns::of(write, *which, heading)?),
            };
            each(result(write, *which, columns, row)?);
            Ok(())
        });
        self.problem = taken.err();
    }
}

impl Columns {
    fn of(write: &BulkWrite, which: BulkResults, heading: &[String]) -> Result<Self, String> {
        let column = |wanted: &str| {
            heading
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
        Ok(Self { key, id, said })
    }
}

/// What a row says.
fn result(
    write: &BulkWrite,
    which: BulkResults,
    columns: Columns,
    row: &Row<'_>,
) -> Result<BulkRow, String> {
    let key = row.cell(columns.key).to_owned();
    let said = row.cell(columns.said);
    let outcome = match which {
        BulkResults::Successful => BulkOutcome::Processed(RowResult::Written {
            record: record_id(write, row.cell(columns.id), &key)?,
            created: said.eq_ignore_ascii_case("true"),
        }),
        BulkResults::Failed => BulkOutcome::Processed(RowResult::Refused(problem(said))),
        BulkResults::Unprocessed => BulkOutcome::NotProcessed,
    };
    Ok(BulkRow { key, outcome })
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
            let mut reading = Reading::new(&write, BulkResults::Successful, |_| rows += 1);
            reading.take(body);
            reading.end().map(|()| rows)
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
