//! Exports: tables of what is kept here, as files for spreadsheets and programs. Rows are written as
//! they are read, however many there are.

mod json;
mod runs;
mod sheet;
mod subscriptions;
mod xlsx;

use std::io::{self, Write};
use std::path::PathBuf;

use jiff::Timestamp;
use json::Array;
use serde::Serialize;
use sheet::{Cell, Column, CsvSheet, Sheet};
pub use subscriptions::SubscriptionsWanted;
use xlsx::XlsxSheet;

use crate::context::Context;
use crate::view::{ErrorCode, ErrorView};

/// As what a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// UTF-8 with its mark, and no cell that a spreadsheet would take for a formula.
    Csv,
    /// A workbook whose numbers and days are numbers and days.
    Xlsx,
    /// One JSON array, an object a row.
    Json,
}

/// Where and when a table is made.
struct Place {
    /// Where what must wait until the end does so: this user's alone.
    folder: PathBuf,
    at: Timestamp,
}

impl Context {
    fn place(&self) -> Place {
        Place {
            folder: self.options().data_dir.clone(),
            at: self.clock().now(),
        }
    }
}

/// A table under way, as what was wanted.
enum Table<'a> {
    Cells(Box<dyn Sheet + Send + 'a>),
    Objects(Array<'a>),
}

impl<'a> Table<'a> {
    /// Begins it.
    fn begin(
        format: TableFormat,
        name: &'static str,
        head: &'static [Column],
        place: &Place,
        out: &'a mut (dyn Write + Send),
    ) -> io::Result<Self> {
        Ok(match format {
            TableFormat::Csv => Self::Cells(Box::new(CsvSheet::new(out, head)?)),
            TableFormat::Xlsx => Self::Cells(Box::new(XlsxSheet::new(out, name, head, place)?)),
            TableFormat::Json => Self::Objects(Array::new(out)?),
        })
    }

    /// One more row: an object for programs, cells for spreadsheets.
    fn row<R: Serialize>(&mut self, row: &R, cells: fn(&R) -> Vec<Cell<'_>>) -> io::Result<()> {
        match self {
            Self::Cells(sheet) => sheet.row(&cells(row)),
            Self::Objects(array) => array.row(row),
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Cells(sheet) => sheet.end(),
            Self::Objects(array) => array.end(),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unwritten(error: io::Error) -> ErrorView {
    let code = match error.kind() {
        io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::FileNotSaved,
    };
    ErrorView::new(
        code,
        format!("The table was not written to its end: {error}."),
    )
    .hint("Free some space, or write it elsewhere, then export again. What is kept is unchanged.")
}
