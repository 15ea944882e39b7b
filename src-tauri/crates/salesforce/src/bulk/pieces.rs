//! CSV that arrives piece by piece, read row by row: of ten thousand rows, one is held at a time.

use csv_core::{ReadRecordResult, Reader};

/// The rows of a file, as its pieces come in.
pub(crate) struct Rows {
    reader: Reader,
    /// The cells of the row under way, one after the other, and where each ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    ended: usize,
    last: Option<u8>,
}

impl Rows {
    pub(crate) fn new() -> Self {
        Self {
            reader: Reader::new(),
            cells: vec![0; 4096],
            ends: vec![0; 64],
            filled: 0,
            ended: 0,
            last: None,
        }
    }

    /// Takes the next piece, and hands every row that is whole with it to `each`, its heading first.
    pub(crate) fn take(
        &mut self,
        mut piece: &[u8],
        mut each: impl FnMut(&Row<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        self.last = piece.last().copied().or(self.last);
        // Without input the reader would take the file to be over.
        while !piece.is_empty() {
            let (state, read, filled, ended) = self.reader.read_record(
                piece,
                &mut self.cells[self.filled..],
                &mut self.ends[self.ended..],
            );
            piece = &piece[read..];
            self.filled += filled;
            self.ended += ended;
            match state {
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    let cells = std::str::from_utf8(&self.cells[..self.filled])
                        .map_err(|error| format!("a row is not UTF-8: {error}"))?;
                    let row = Row {
                        cells,
                        ends: &self.ends[..self.ended],
                    };
                    (self.filled, self.ended) = (0, 0);
                    each(&row)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the last row is whole: in such a file every line has an end.
    pub(crate) fn is_whole(&self) -> bool {
        self.last.is_none_or(|last| last == b'\n')
    }
}

/// One row.
pub(crate) struct Row<'a> {
    cells: &'a str,
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a cell; empty where there is none.
    pub(crate) fn cell(&self, number: usize) -> &'a str {
        let begin = match number {
            0 => Some(&0),
            _ => self.ends.get(number - 1),
        };
        let text = begin.zip(self.ends.get(number));
        text.and_then(|(begin, end)| self.cells.get(*begin..*end))
            .unwrap_or_default()
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(|number| self.cell(number))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn however_a_file_is_cut_its_rows_are_the_same(
            rows in prop::collection::vec(prop::collection::vec("[a-zé\" ,\n]{0,9}", 3), 1..20),
            cuts in prop::collection::vec(0.0..1.0_f64, 0..9),
        ) {
            let mut writer = csv::WriterBuilder::new()
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let file = writer.into_inner().unwrap();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share of a short file"
            )]
            let mut cuts: Vec<usize> =
                cuts.iter().map(|share| (share * file.len() as f64) as usize).collect();
            cuts.extend([0, file.len()]);
            cuts.sort_unstable();
            let (mut reading, mut read) = (Rows::new(), Vec::new());
            for piece in cuts.windows(2).map(|cut| &file[cut[0]..cut[1]]) {
                let keep = |row: &Row<'_>| {
                    read.push(row.cells().map(str::to_owned).collect::<Vec<_>>());
                    Ok(())
                };
                reading.take(piece, keep).unwrap();
            }
            prop_assert!(reading.is_whole());
            prop_assert_eq!(read, rows);
        }
    }

    #[test]
    fn long_cells_many_columns_and_a_file_that_is_cut_off() {
        let wide = format!("{}\n", vec!["x".repeat(300); 200].join(","));
        let mut reading = Rows::new();
        let mut widths = Vec::new();
        let mut count = |row: &Row<'_>| {
            widths.push((row.len(), row.cell(199).len(), row.cell(200).len()));
            Ok(())
        };
        assert!(reading.is_whole());
        reading.take(wide.as_bytes(), &mut count).unwrap();
        reading.take(b"a,b", &mut count).unwrap();
        assert!(!reading.is_whole());
        assert_eq!(widths, [(200, 300, 0)]);
        assert!(Rows::new().take(b"\xff\n", |_| Ok(())).is_err());
    }
}
