//! Rows of a CSV file, whose errors name file, line and column.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::error::Error;

/// One row of a file, with what its errors need.
pub(crate) struct Row<'a> {
    pub(crate) file: &'a str,
    pub(crate) line: u64,
    pub(crate) columns: &'a HashMap<String, usize>,
    pub(crate) cells: &'a csv::StringRecord,
}

impl Row<'_> {
    pub(crate) fn error(&self, column: &str, problem: impl Into<String>) -> Error {
        Error::Data {
            file: self.file.to_owned(),
            line: self.line,
            column: column.to_owned(),
            problem: problem.into(),
        }
    }

    /// The cell of a column, none when the column or the value is missing.
    pub(crate) fn optional(&self, column: &str) -> Option<&str> {
        let cell = self
            .columns
            .get(column)
            .and_then(|index| self.cells.get(*index));
        cell.map(str::trim).filter(|cell| !cell.is_empty())
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, Error> {
        self.optional(column)
            .map(str::to_owned)
            .ok_or_else(|| self.error(column, "a value is needed here"))
    }

    pub(crate) fn owned(&self, column: &str) -> Option<String> {
        self.optional(column).map(str::to_owned)
    }

    pub(crate) fn flag(&self, column: &str, missing: bool) -> Result<bool, Error> {
        match self
            .optional(column)
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            None => Ok(missing),
            Some("true" | "yes" | "1") => Ok(true),
            Some("false" | "no" | "0") => Ok(false),
            Some(other) => {
                Err(self.error(column, format!("\"{other}\" is neither true nor false")))
            }
        }
    }

    pub(crate) fn date(&self, column: &str) -> Result<Option<Date>, Error> {
        let Some(text) = self.optional(column) else {
            return Ok(None);
        };
        let day = text.get(..10).unwrap_or(text).parse::<Date>();
        day.map(Some)
            .map_err(|_| self.error(column, format!("\"{text}\" is not a date like 2026-01-31")))
    }

    pub(crate) fn moment(&self, column: &str) -> Result<Option<String>, Error> {
        let Some(text) = self.optional(column) else {
            return Ok(None);
        };
        if text.len() == 10 && text.parse::<Date>().is_ok() {
            return Ok(Some(format!("{text}T00:00:00Z")));
        }
        if text.parse::<jiff::Timestamp>().is_ok() {
            return Ok(Some(text.to_owned()));
        }
        Err(self.error(
            column,
            format!("\"{text}\" is not a time like 2026-01-31T12:00:00Z"),
        ))
    }

    pub(crate) fn cents(&self, column: &str) -> Result<Option<i64>, Error> {
        let Some(text) = self.optional(column) else {
            return Ok(None);
        };
        let wrong = || self.error(column, format!("\"{text}\" is not an amount like 1250.50"));
        let amount: Decimal = text.parse().map_err(|_| wrong())?;
        let cents = amount.checked_mul(Decimal::ONE_HUNDRED).ok_or_else(wrong)?;
        if !cents.fract().is_zero() {
            return Err(self.error(column, format!("\"{text}\" has more than two decimals")));
        }
        cents.to_i64().map(Some).ok_or_else(wrong)
    }

    pub(crate) fn whole(&self, column: &str) -> Result<Option<i64>, Error> {
        let Some(text) = self.optional(column) else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| self.error(column, format!("\"{text}\" is not a whole number")))
    }
}

/// Reads a file row by row; a file that does not exist has no rows. Gives whether it exists.
pub(crate) fn each(
    folder: &Path,
    file: &'static str,
    known: Option<&[&str]>,
    mut take: impl FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<bool, Error> {
    let path = folder.join(file);
    let text = match std::fs::File::open(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(Error::Read { path, source }),
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(std::io::BufReader::new(text));
    let wrong = |error: &csv::Error, line: u64| Error::Data {
        file: file.to_owned(),
        line: error.position().map_or(line, csv::Position::line),
        column: "(row)".to_owned(),
        problem: error.to_string(),
    };
    let header = reader.headers().map_err(|error| wrong(&error, 1))?.clone();
    let mut columns = HashMap::new();
    for (index, name) in header.iter().enumerate() {
        let name = name.trim_start_matches('\u{feff}').trim().to_owned();
        if known.is_some_and(|known| !known.contains(&name.as_str())) {
            return Err(Error::Data {
                file: file.to_owned(),
                line: 1,
                column: name,
                problem: "this column is not known; DATA.md lists the columns".to_owned(),
            });
        }
        columns.insert(name, index);
    }
    let mut cells = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut cells) {
            Ok(false) => return Ok(true),
            Ok(true) => {
                let line = cells.position().map_or(0, csv::Position::line);
                take(&Row {
                    file,
                    line,
                    columns: &columns,
                    cells: &cells,
                })?;
            }
            Err(error) => return Err(wrong(&error, 0)),
        }
    }
}
