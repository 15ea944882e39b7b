//! A table as one JSON array.

use std::io::{self, Write};

use serde::Serialize;

/// An array that is written object by object.
pub(crate) struct Array<'a> {
    out: &'a mut (dyn Write + Send),
    rows: u32,
}

impl<'a> Array<'a> {
    /// Begins it.
    pub(crate) fn new(out: &'a mut (dyn Write + Send)) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { out, rows: 0 })
    }

    /// One more object.
    pub(crate) fn row(&mut self, row: &impl Serialize) -> io::Result<()> {
        let before = if self.rows == 0 { "\n" } else { ",\n" };
        let mut line = before.as_bytes().to_vec();
        serde_json::to_writer(&mut line, row)?;
        self.rows += 1;
        self.out.write_all(&line)
    }

    /// Ends it.
    pub(crate) fn end(self) -> io::Result<()> {
        let end: &[u8] = if self.rows == 0 { b"]\n" } else { b"\n]\n" };
        self.out.write_all(end)?;
        self.out.flush()
    }
}
