//! A table as a workbook: what is a number or a day there is one for the spreadsheet too, and what is
//! text is never computed.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Place;
use super::sheet::{Cell, Column, Sheet};

/// Rows of a sheet, its head included; Excel takes no more.
const MOST_ROWS: u32 = 1_048_576;
/// Characters of a cell; Excel takes no more.
const LONGEST: usize = 32_767;
/// Digits that a spreadsheet keeps of a number.
const EXACT_DIGITS: usize = 15;

/// A workbook whose rows go to a file of their own until it is saved, so that it takes little memory.
pub(crate) struct XlsxSheet<'a> {
    out: &'a mut (dyn Write + Send),
    book: Workbook,
    name: &'static str,
    head: &'a [Column],
    most_rows: u32,
    /// Sheets so far.
    sheets: u32,
    /// Rows of the last sheet.
    rows: u32,
    formats: Formats,
}

struct Formats {
    head: Format,
    day: Format,
    moment: Format,
    number: Format,
}

impl<'a> XlsxSheet<'a> {
    /// Begins it with its head.
    pub(crate) fn new(
        out: &'a mut (dyn Write + Send),
        name: &'static str,
        head: &'a [Column],
        place: &Place,
    ) -> io::Result<Self> {
        let mut book = Workbook::new();
        book.set_tempdir(&place.folder).map_err(failed)?;
        if let Some(at) = excel_moment(place.at) {
            book.set_properties(&DocProperties::new().set_creation_datetime(&at));
        }
        let mut sheet = Self {
            out,
            book,
            name,
            head,
            most_rows: MOST_ROWS,
            sheets: 0,
            rows: 0,
            formats: Formats {
                head: Format::new().set_bold(),
                day: Format::new().set_num_format("yyyy-mm-dd"),
                moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
                number: Format::new().set_num_format("#,##0.00##"),
            },
        };
        sheet.begin()?;
        Ok(sheet)
    }

    /// One more sheet: the first, or where the last is full.
    fn begin(&mut self) -> io::Result<()> {
        self.sheets += 1;
        let name = match self.sheets {
            1 => self.name.to_owned(),
            number => format!("{} {number}", self.name),
        };
        let (head, format) = (self.head, &self.formats.head);
        let sheet = self
            .book
            .add_worksheet_with_constant_memory()
            .map_err(failed)?;
        let mut title = || -> Result<(), XlsxError> {
            sheet.set_name(&name)?;
            sheet.set_freeze_panes(1, 0)?;
            for (at, column) in (0..).zip(head) {
                sheet.set_column_width(at, f64::from(column.width))?;
                sheet.write_string_with_format(0, at, column.title, format)?;
            }
            Ok(())
        };
        title().map_err(failed)?;
        self.rows = 1;
        Ok(())
    }
}

impl Sheet for XlsxSheet<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        if self.rows == self.most_rows {
            self.begin()?;
        }
        let last = usize::try_from(self.sheets - 1).unwrap_or(usize::MAX);
        let sheet = self.book.worksheet_from_index(last).map_err(failed)?;
        for (at, cell) in (0..).zip(cells) {
            write(sheet, (self.rows, at), cell, &self.formats).map_err(failed)?;
        }
        self.rows += 1;
        Ok(())
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.book.save_to_writer(&mut *self.out).map_err(failed)?;
        self.out.flush()
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => text_into(sheet, (row, column), text)?,
        Cell::Number(number) => {
            sheet.write_number(row, column, f64::from(*number))?;
        }
        Cell::Decimal(text) => match exact(text) {
            Some(number) => {
                sheet.write_number_with_format(row, column, number, &formats.number)?;
            }
            None => text_into(sheet, (row, column), text)?,
        },
        Cell::Day(day) => match excel_day(*day) {
            Some(at) => {
                sheet.write_datetime_with_format(row, column, &at, &formats.day)?;
            }
            None => text_into(sheet, (row, column), &day.to_string())?,
        },
        Cell::Moment(at) => match excel_moment(*at) {
            Some(moment) => {
                sheet.write_datetime_with_format(row, column, &moment, &formats.moment)?;
            }
            None => text_into(sheet, (row, column), &at.to_string())?,
        },
    }
    Ok(())
}

/// Text, cut where a cell holds no more.
fn text_into(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
) -> Result<(), XlsxError> {
    // Excel counts as UTF-16 does.
    let mut length = 0;
    let whole = text.char_indices().find_map(|(at, letter)| {
        length += letter.len_utf16();
        (length > LONGEST).then_some(at)
    });
    let text = whole.map_or(text, |end| &text[..end]);
    sheet.write_string(row, column, text)?;
    Ok(())
}

/// The number where a spreadsheet can hold all of its digits; else it stays text.
fn exact(text: &str) -> Option<f64> {
    let decimal: Decimal = text.parse().ok()?;
    let digits = decimal.normalize().mantissa().unsigned_abs().to_string();
    (digits.len() <= EXACT_DIGITS)
        .then(|| decimal.to_f64())
        .flatten()
}

/// A day a spreadsheet knows: from 1900 on.
fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let (month, number) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    ExcelDateTime::from_ymd(year, month, number).ok()
}

fn excel_moment(at: Timestamp) -> Option<ExcelDateTime> {
    let at: DateTime = at.to_zoned(TimeZone::UTC).datetime();
    let seconds = f64::from(at.second());
    excel_day(at.date())?
        .and_hms(
            u16::from(at.hour().unsigned_abs()),
            at.minute().unsigned_abs(),
            seconds,
        )
        .ok()
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sheet::column;

    #[test]
    fn only_what_a_spreadsheet_holds_exactly_is_a_number() {
        assert_eq!(exact("1234.56"), Some(1234.56));
        assert_eq!(exact("-0.1000"), Some(-0.1));
        assert_eq!(exact("999999999999999"), Some(999_999_999_999_999.0));
        assert_eq!(exact("1234567890123.456"), None);
        assert_eq!(exact("many"), None);
    }

    #[test]
    fn days_before_spreadsheets_stay_text() {
        assert!(excel_day("2026-02-28".parse().unwrap()).is_some());
        assert!(excel_day("1789-07-14".parse().unwrap()).is_none());
        assert!(excel_moment("2026-02-28T23:59:59.9Z".parse().unwrap()).is_some());
    }

    #[test]
    fn rows_beyond_a_sheet_go_to_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            folder: folder.path().to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        let head = [column("N", 8)];
        let mut bytes = Vec::new();
        let mut sheet = XlsxSheet::new(&mut bytes, "Rows", &head, &place).unwrap();
        sheet.most_rows = 3;
        for number in 0..5 {
            sheet.row(&[Cell::Number(number)]).unwrap();
        }
        assert_eq!((sheet.sheets, sheet.rows), (3, 2));
        Box::new(sheet).end().unwrap();
        assert!(bytes.starts_with(b"PK"));
    }
}
