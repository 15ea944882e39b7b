//! A table row by row, whatever file it becomes.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::report::csv::{MARK, record};

/// A column of a table.
pub(crate) struct Column {
    /// What stands above it.
    pub(crate) title: &'static str,
    /// How wide it is shown, in characters.
    pub(crate) width: u8,
}

/// A column.
pub(crate) const fn column(title: &'static str, width: u8) -> Column {
    Column { title, width }
}

/// What stands in a cell, by its type.
pub(crate) enum Cell<'a> {
    /// Nothing, or not known.
    Blank,
    /// Words, never computed.
    Text(Cow<'a, str>),
    /// A count, or a number of its own.
    Number(u32),
    /// A decimal number as text, exact.
    Decimal(Cow<'a, str>),
    /// A day without a time zone.
    Day(Date),
    /// An instant, shown in UTC.
    Moment(Timestamp),
}

impl<'a> Cell<'a> {
    /// Words, or nothing.
    pub(crate) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Blank, |text| Self::Text(text.into()))
    }

    /// A number, or nothing.
    pub(crate) fn number(number: Option<u32>) -> Self {
        number.map_or(Self::Blank, Self::Number)
    }

    /// An instant as the boundary writes it, or nothing.
    pub(crate) fn moment(text: Option<&'a str>) -> Self {
        match text.map(|text| (text, text.parse())) {
            None => Self::Blank,
            Some((_, Ok(at))) => Self::Moment(at),
            Some((text, Err(_))) => Self::Text(text.into()),
        }
    }

    fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Blank => "".into(),
            Self::Text(text) | Self::Decimal(text) => text.as_ref().into(),
            Self::Number(number) => number.to_string().into(),
            Self::Day(day) => day.to_string().into(),
            Self::Moment(at) => at.to_string().into(),
        }
    }
}

/// A table under way.
pub(crate) trait Sheet {
    /// One more row, with a cell a column.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;
    /// Ends it.
    fn end(self: Box<Self>) -> io::Result<()>;
}

/// A table of text for a spreadsheet.
pub(crate) struct CsvSheet<'a> {
    out: &'a mut (dyn Write + Send),
}

impl<'a> CsvSheet<'a> {
    /// Begins it with its head.
    pub(crate) fn new(out: &'a mut (dyn Write + Send), head: &[Column]) -> io::Result<Self> {
        out.write_all(MARK)?;
        record(out, head.iter().map(|column| column.title))?;
        Ok(Self { out })
    }
}

impl Sheet for CsvSheet<'_> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        record(self.out, cells.iter().map(Cell::plain))
    }

    fn end(self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
