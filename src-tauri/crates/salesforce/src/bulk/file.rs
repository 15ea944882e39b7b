//! The file of a Bulk job: UTF-8 without BOM, LF, every cell quoted, `#N/A`
//! clears, an empty cell leaves its field alone (facts/salesforce.md §6).

use std::collections::HashSet;

use bytes::Bytes;
use drawbridge_model::{BulkFile, BulkWrite, Problem, WriteKind, WriteRow};

use crate::rest::values;

/// What a cell says to clear its field.
const CLEAR: &str = "#N/A";
/// What the quotes of a cell take, and what parts it from the next.
const FRAME: usize = 3;

/// The rows of a job's file. Which columns it has is known when the last of them is there; until
/// then each row is kept as the texts of its own cells, which take little more than the file will.
#[derive(Debug)]
pub struct File {
    write: BulkWrite,
    /// What any row ever sets, in the order it was met.
    columns: Vec<String>,
    rows: Vec<Row>,
    keys: HashSet<String>,
    /// Bytes of the names of the columns and of the texts of the rows, as the file has them.
    bytes: usize,
}

/// What one row sets.
#[derive(Debug)]
struct Row {
    cells: Box<[Cell]>,
    /// The texts of its cells, one after the other.
    texts: Box<str>,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    column: u32,
    length: u32,
}

impl Row {
    /// Its cells: the column and the text.
    fn cells(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut rest = &*self.texts;
        self.cells.iter().map(move |cell| {
            let (text, following) = rest.split_at(cell.length as usize);
            rest = following;
            (cell.column as usize, text)
        })
    }
}

impl BulkFile for File {
    /// Two rows of one key cannot be told apart in the results: the later is refused.
    fn add(&mut self, row: &WriteRow) -> Result<bool, Problem> {
        let (key, said) = said(&self.write, row)?;
        if self.keys.contains(&key) {
            let message = "An earlier row of the job has the same key";
            return Err(problem("same_key_twice", message, self.write.key()));
        }
        let (columns, bytes) = (self.columns.len(), self.bytes);
        let texts: String = said.iter().map(|(_, text)| text.as_str()).collect();
        let cells = said
            .into_iter()
            .map(|(field, text)| Cell {
                column: count(self.column(field)),
                length: count(text.len()),
            })
            .collect();
        self.bytes += quoted(&texts);
        if !self.rows.is_empty() && self.size(self.rows.len() + 1) > BulkWrite::MAX_BYTES {
            self.columns.truncate(columns);
            self.bytes = bytes;
            return Ok(false);
        }
        self.keys.insert(key);
        self.rows.push(Row {
            cells,
            texts: texts.into_boxed_str(),
        });
        Ok(true)
    }

    fn retain(&mut self, mut stays: impl FnMut(usize) -> bool) {
        let mut numbers = 0..;
        self.rows.retain(|_| numbers.next().is_some_and(&mut stays));
    }
}

impl File {
    /// An empty file.
    pub(crate) fn new(write: &BulkWrite) -> Self {
        Self {
            write: write.clone(),
            columns: Vec::new(),
            rows: Vec::new(),
            keys: HashSet::new(),
            bytes: 0,
        }
    }

    /// The columns: what any of its rows sets.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        let set = self.set();
        let columns = self.columns.iter().zip(set);
        columns.filter_map(|(name, is_set)| is_set.then_some(name.as_str()))
    }

    /// Writes the file. The rows go as they are written.
    pub(crate) fn write(self) -> Result<Bytes, csv::Error> {
        let mut writer = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Always)
            .from_writer(Vec::with_capacity(self.size(self.rows.len())));
        let set = self.set();
        writer.write_record(self.columns())?;
        let mut line = vec![String::new(); set.len()];
        for row in self.rows {
            line.iter_mut().for_each(String::clear);
            for (column, text) in row.cells() {
                line[column].push_str(text);
            }
            let cells = line.iter().zip(&set);
            writer.write_record(cells.filter_map(|(text, is_set)| is_set.then_some(text)))?;
        }
        writer
            .into_inner()
            .map(Bytes::from)
            .map_err(|error| csv::Error::from(error.into_error()))
    }

    /// Which columns any row sets.
    fn set(&self) -> Vec<bool> {
        let mut set = vec![false; self.columns.len()];
        for cell in self.rows.iter().flat_map(|row| &row.cells) {
            set[cell.column as usize] = true;
        }
        set
    }

    /// Bytes of the file with so many rows, as long as none was taken out.
    fn size(&self, rows: usize) -> usize {
        self.bytes + (rows + 1) * self.columns.len() * FRAME
    }

    /// Where the field's column is.
    fn column(&mut self, field: &str) -> usize {
        if let Some(found) = self.columns.iter().position(|known| known == field) {
            return found;
        }
        self.bytes += field.len();
        self.columns.push(field.to_owned());
        self.columns.len() - 1
    }
}

/// What a row says in which column.
type Said<'a> = (&'a str, String);

/// The row's key, and all that it says.
fn said<'a>(write: &BulkWrite, row: &'a WriteRow) -> Result<(String, Vec<Said<'a>>), Problem> {
    let mut said = Vec::with_capacity(row.values.len() + 1);
    let mut key = String::new();
    if write.kind == WriteKind::Update {
        let Some(record) = &row.record else {
            let message = "The row names no record to change";
            return Err(problem("no_record", message, write.key()));
        };
        record.as_str().clone_into(&mut key);
        said.push(("Id", key.clone()));
    }
    for (field, value) in &row.values {
        let text = lines(values::plain(value));
        if text == CLEAR {
            let message = "The text #N/A cannot be written by a Bulk job, where it clears a field";
            return Err(problem("clears_in_bulk", message, field.as_str()));
        }
        if matches!(&write.kind, WriteKind::Upsert(id) if id.0.eq_ignore_ascii_case(&field.0)) {
            text.clone_into(&mut key);
        }
        // An empty cell would leave the field alone.
        let text = if text.is_empty() {
            CLEAR.to_owned()
        } else {
            text
        };
        said.push((field.as_str(), text));
    }
    if key.trim().is_empty() {
        let message = "The row has no key, so it could make a second record";
        return Err(problem("no_external_id", message, write.key()));
    }
    Ok((key, said))
}

/// The line ending of a job counts inside its cells too.
fn lines(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

/// Bytes of texts in the file, where a quote is written twice.
fn quoted(texts: &str) -> usize {
    texts.len() + texts.bytes().filter(|byte| *byte == b'"').count()
}

/// Columns of a file, and bytes of a text in it: there are never more.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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

    use drawbridge_model::{CustomerId, FieldName, RecordId, SObjectName, Value};
    use proptest::prelude::*;

    use super::*;

    fn empty() -> File {
        File::new(&BulkWrite {
            sobject: SObjectName::from("Account"),
            kind: WriteKind::Upsert(FieldName::from("Key__c")),
        })
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
        let rows = [
            row("a", Value::Blank),
            row("b", Value::Text("#N/A".to_owned())),
            row("a", Value::Flag(true)),
            row("c", Value::Text("=1 \"x\"\r\ny ".to_owned())),
            short,
            row("", Value::Flag(true)),
        ];
        let mut file = empty();
        let refused: Vec<_> = rows
            .iter()
            .enumerate()
            .filter_map(|(at, row)| Some((at, file.add(row).err()?.code)))
            .collect();
        assert_eq!(
            file.write().unwrap(),
            "\"Key__c\",\"Name\"\n\"a\",\"#N/A\"\n\"c\",\"=1 \"\"x\"\"\ny \"\n\"d\",\"\"\n"
        );
        let codes = [
            (1, "clears_in_bulk"),
            (2, "same_key_twice"),
            (5, "no_external_id"),
        ];
        assert_eq!(refused, codes.map(|(at, code)| (at, code.to_owned())));
    }

    #[test]
    fn the_columns_are_what_the_rows_that_stay_set() {
        let mut rows = ["a", "b", "c"].map(|key| row(key, Value::text(key)));
        rows[1].values.insert(FieldName::from("City"), Value::Blank);
        rows[2].values.insert(FieldName::from("Site"), Value::Blank);
        let mut file = empty();
        assert!(rows.iter().all(|row| file.add(row) == Ok(true)));
        file.retain(|number| number != 1);
        assert_eq!(
            file.write().unwrap(),
            "\"Key__c\",\"Name\",\"Site\"\n\"a\",\"a\",\"\"\n\"c\",\"c\",\"#N/A\"\n"
        );
    }

    #[test]
    fn a_file_takes_what_fits_and_at_least_one_row() {
        let quotes = |key, count| row(key, Value::Text("\"".repeat(count)));
        let mut file = empty();
        assert_eq!(
            file.add(&quotes("a", BulkWrite::MAX_BYTES / 2 - 100)),
            Ok(true)
        );
        let before = file.size(1);
        let mut wide = quotes("b", 100);
        wide.values.insert(FieldName::from("Site"), Value::Blank);
        assert_eq!(file.add(&wide), Ok(false));
        assert_eq!((file.size(1), file.columns().count()), (before, 2));
        assert_eq!(file.add(&quotes("b", 10)), Ok(true));
        assert_eq!(empty().add(&quotes("a", BulkWrite::MAX_BYTES)), Ok(true));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(names in prop::collection::vec("[ -~é\n\",=]{1,12}", 1..20)) {
            prop_assume!(names.iter().all(|name| name != CLEAR));
            let mut file = empty();
            for (at, name) in names.iter().enumerate() {
                prop_assert_eq!(file.add(&row(&at.to_string(), Value::Text(name.clone()))), Ok(true));
            }
            let size = file.size(names.len());
            let bytes = file.write().unwrap();
            prop_assert_eq!(bytes.len(), size);
            prop_assert_eq!(drawbridge_simulator::syntax::bulk_csv(&bytes), Ok(names.len()));
            let mut reader = csv::Reader::from_reader(&*bytes);
            let read: Vec<_> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
            prop_assert_eq!(read, names);
        }
    }
}
