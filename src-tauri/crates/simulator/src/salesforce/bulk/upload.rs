//! The CSV of a Bulk job (facts/salesforce.md §6): a pure reader that is as strict as Salesforce's,
//! and the quoting of its results.
//!
//! An uploaded file is kept as the bytes that came; a row is where it starts in them.

use std::ops::Range;

use bytes::Bytes;
use csv::{ReaderBuilder, StringRecord, Terminator};

/// Longest heading line, in characters.
const MAX_HEADER: usize = 32_000;
/// Longest record, in characters.
const MAX_RECORD: usize = 400_000;
/// Longest value, in characters.
const MAX_FIELD: usize = 32_000;
/// Most columns.
const MAX_COLUMNS: usize = 5_000;

/// What separates values and lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: Delimiter,
    pub(crate) line_ending: LineEnding,
}

/// `columnDelimiter` of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    Comma,
    Tab,
    Semicolon,
    Pipe,
    Backquote,
    Caret,
}

impl Delimiter {
    const ALL: [(Self, &'static str, u8); 6] = [
        (Self::Comma, "COMMA", b','),
        (Self::Tab, "TAB", b'\t'),
        (Self::Semicolon, "SEMICOLON", b';'),
        (Self::Pipe, "PIPE", b'|'),
        (Self::Backquote, "BACKQUOTE", b'`'),
        (Self::Caret, "CARET", b'^'),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == name);
        found.map(|(delimiter, ..)| *delimiter)
    }

    pub(crate) const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub(crate) const fn byte(self) -> u8 {
        Self::ALL[self as usize].2
    }
}

/// `lineEnding` of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnding {
    Lf,
    CrLf,
}

impl LineEnding {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "LF" => Some(Self::Lf),
            "CRLF" => Some(Self::CrLf),
            _ => None,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::CrLf => "CRLF",
        }
    }

    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: Delimiter::Comma,
            line_ending: LineEnding::Lf,
        }
    }
}

/// An uploaded file whose form is sound: every row has as many values as the heading line.
#[derive(Debug)]
pub(crate) struct Upload {
    bytes: Bytes,
    dialect: Dialect,
    header: Vec<String>,
    /// Where each row starts, and the end of the last.
    bounds: Vec<u32>,
}

impl Upload {
    /// Reads a file. The error is the `errorMessage` of its job.
    pub(crate) fn read(bytes: Bytes, dialect: Dialect) -> Result<Self, String> {
        if std::str::from_utf8(&bytes).is_err() {
            return Err("ClientInputError : The CSV file is not encoded in UTF-8".to_owned());
        }
        let mut bounds = scan(&bytes, dialect)?;
        let first_row = if bounds.len() > 1 { bounds[1] } else { 0 };
        let first_line = bytes.get(..first_row as usize).unwrap_or_default();
        let mut header = StringRecord::new();
        let found = reader(first_line, dialect).read_record(&mut header);
        if !found.is_ok_and(|found| found) {
            return Err(
                "InvalidBatch : Failed to parse CSV header. Error: the CSV file is empty"
                    .to_owned(),
            );
        }
        let mut header: Vec<String> = header.iter().map(str::to_owned).collect();
        // The reader of the `csv` crate drops a byte order mark; Salesforce takes it for a letter.
        if bytes.starts_with(b"\xEF\xBB\xBF")
            && let Some(name) = header.first_mut()
        {
            name.insert(0, '\u{FEFF}');
        }
        bounds.remove(0);
        Ok(Self {
            bytes,
            dialect,
            header,
            bounds,
        })
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// Calls `visit` with the values of each row of a range, in order.
    pub(crate) fn each(&self, rows: Range<usize>, mut visit: impl FnMut(usize, &StringRecord)) {
        let (Some(&start), Some(&end)) = (self.bounds.get(rows.start), self.bounds.get(rows.end))
        else {
            return;
        };
        // One byte earlier stands the end of the line before, which keeps the `csv` crate from
        // taking a value's first letter for a byte order mark.
        let start = (start as usize).saturating_sub(1);
        let bytes = self.bytes.get(start..end as usize).unwrap_or_default();
        let mut reader = reader(bytes, self.dialect);
        let mut record = StringRecord::new();
        for row in rows {
            match reader.read_record(&mut record) {
                Ok(true) => visit(row, &record),
                Ok(false) | Err(_) => return,
            }
        }
    }
}

fn reader(bytes: &[u8], dialect: Dialect) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(dialect.delimiter.byte())
        .terminator(match dialect.line_ending {
            LineEnding::Lf => Terminator::Any(b'\n'),
            LineEnding::CrLf => Terminator::CRLF,
        })
        .from_reader(bytes)
}

/// Checks the form of a file and gives the start of every record (the heading line is the first),
/// then the end of the last.
fn scan(bytes: &[u8], dialect: Dialect) -> Result<Vec<u32>, String> {
    let mut scan = Scan {
        bytes,
        at: 0,
        delimiter: dialect.delimiter.byte(),
        line_ending: dialect.line_ending,
    };
    let mut bounds = Vec::new();
    let mut columns = None;
    loop {
        scan.skip_blank_lines();
        bounds
            .push(u32::try_from(scan.at).map_err(|_| "ClientInputError : The file is too large")?);
        if scan.at == bytes.len() {
            return Ok(bounds);
        }
        let start = scan.at;
        let found = scan.record()?;
        let (limit, what) = match columns {
            None => (MAX_HEADER, "header"),
            Some(_) => (MAX_RECORD, "record"),
        };
        let ending = dialect.line_ending.text().as_bytes();
        let record = &bytes[start..scan.at];
        if longer(record.strip_suffix(ending).unwrap_or(record), limit) {
            return Err(format!(
                "ClientInputError : The {what} is longer than {limit} characters"
            ));
        }
        let row = bounds.len() - 1;
        match columns {
            None if found > MAX_COLUMNS => {
                return Err(format!(
                    "ClientInputError : A record may have {MAX_COLUMNS} fields, the header has {found}"
                ));
            }
            None => columns = Some(found),
            Some(columns) if columns != found => {
                return Err(format!(
                    "ClientInputError : Row {row} has {found} columns, the header has {columns}"
                ));
            }
            Some(_) => {}
        }
    }
}

/// Whether a text has more characters than the limit.
fn longer(text: &[u8], limit: usize) -> bool {
    text.len() > limit && text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() > limit
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    delimiter: u8,
    line_ending: LineEnding,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blank_lines(&mut self) {
        let ending = self.line_ending.text().as_bytes();
        while self.bytes[self.at..].starts_with(ending) {
            self.at += ending.len();
        }
    }

    fn wrong_line_ending(&self) -> String {
        format!(
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {}",
            self.line_ending.name()
        )
    }

    /// Steps over one record and its line ending; gives its number of values.
    fn record(&mut self) -> Result<usize, String> {
        let mut columns = 1;
        loop {
            let start = self.at;
            if self.peek() == Some(b'"') {
                self.quoted()?;
            } else {
                self.plain()?;
            }
            if longer(&self.bytes[start..self.at], MAX_FIELD) {
                return Err(format!(
                    "ClientInputError : A field is longer than {MAX_FIELD} characters"
                ));
            }
            match self.peek() {
                None => return Ok(columns),
                Some(byte) if byte == self.delimiter => {
                    self.at += 1;
                    columns += 1;
                }
                Some(_) => {
                    self.at += self.line_ending.text().len();
                    return Ok(columns);
                }
            }
        }
    }

    /// Whether a line ends here; a line ending of the other kind is an error.
    fn line_ends(&self) -> Result<bool, String> {
        let next = self.bytes.get(self.at + 1).copied();
        match (self.line_ending, self.peek(), next) {
            (LineEnding::Lf, Some(b'\n'), _) | (LineEnding::CrLf, Some(b'\r'), Some(b'\n')) => {
                Ok(true)
            }
            (LineEnding::Lf, Some(b'\r'), Some(b'\n'))
            | (LineEnding::CrLf, Some(b'\n' | b'\r'), _) => Err(self.wrong_line_ending()),
            _ => Ok(false),
        }
    }

    fn plain(&mut self) -> Result<(), String> {
        while let Some(byte) = self.peek() {
            if byte == self.delimiter {
                return Ok(());
            }
            match byte {
                b'"' => return Err(unescaped_quote()),
                b'\r' | b'\n' if self.line_ends()? => return Ok(()),
                _ => self.at += 1,
            }
        }
        Ok(())
    }

    fn quoted(&mut self) -> Result<(), String> {
        self.at += 1;
        loop {
            let Some(byte) = self.peek() else {
                return Err(
                    "ClientInputError : A quoted value is not closed before the end of the file"
                        .to_owned(),
                );
            };
            self.at += 1;
            match byte {
                b'"' if self.peek() == Some(b'"') => self.at += 1,
                b'"' => break,
                b'\n' => {
                    let after_return = self.bytes.get(self.at.wrapping_sub(2)) == Some(&b'\r');
                    if after_return != (self.line_ending == LineEnding::CrLf) {
                        return Err(self.wrong_line_ending());
                    }
                }
                _ => {}
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(byte) if byte == self.delimiter => Ok(()),
            Some(_) if self.line_ends()? => Ok(()),
            Some(_) => Err(unescaped_quote()),
        }
    }
}

fn unescaped_quote() -> String {
    "ClientInputError : Found unescaped quote. A value with quote should be within a quote"
        .to_owned()
}

/// Appends a value in quotes.
pub(crate) fn push_quoted(line: &mut Vec<u8>, value: &str) {
    line.push(b'"');
    // Values are short and seldom hold a quote.
    if value.bytes().any(|byte| byte == b'"') {
        line.extend_from_slice(value.replace('"', "\"\"").as_bytes());
    } else {
        line.extend_from_slice(value.as_bytes());
    }
    line.push(b'"');
}

/// Appends a heading as it came: in quotes only where it needs them.
pub(crate) fn push_heading(line: &mut Vec<u8>, name: &str, dialect: Dialect) {
    let delimiter = char::from(dialect.delimiter.byte());
    if name.contains(['"', '\r', '\n', delimiter]) {
        push_quoted(line, name);
    } else {
        line.extend_from_slice(name.as_bytes());
    }
}

#[cfg(test)]
#[path = "upload_tests.rs"]
mod tests;
