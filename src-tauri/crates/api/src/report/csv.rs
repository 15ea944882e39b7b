//! A report as a table for a spreadsheet: UTF-8 with its mark, one line a changed field, and no
//! cell that a spreadsheet would take for a formula.

use std::io::{self, Write};

use super::{Head, Line, Page, words};

/// Tells spreadsheets that the text is UTF-8.
pub(crate) const MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) struct Csv;

impl Page for Csv {
    fn begin(&self, head: &Head, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(MARK)?;
        for (label, value) in words::facts(&head.run, &head.made_at) {
            record(out, [label, &value])?;
        }
        record(out, ["Equation", &words::equation(&head.run)])?;
        record(out, ["Balance", words::balance(head.run.balance)])?;
        record(out, [""; 1])?;
        if !head.problems.is_empty() {
            record(
                out,
                [
                    "Problem",
                    "Rows",
                    "Outcome",
                    "Code",
                    "Message",
                    "What to do",
                ],
            )?;
            for problem in &head.problems {
                record(
                    out,
                    [
                        &problem.title,
                        &problem.rows.to_string(),
                        words::outcome(problem.outcome),
                        &problem.code,
                        &problem.message,
                        &problem.hint,
                    ],
                )?;
            }
            record(out, [""; 1])?;
        }
        record(
            out,
            [
                "Customer",
                "Name",
                "Outcome",
                "Record",
                "Link",
                "Code",
                "Problem",
                "Field",
                "Label",
                "Before",
                "After",
                "Held back",
            ],
        )
    }

    fn rows(&self, lines: &[Line], out: &mut dyn Write) -> io::Result<()> {
        for line in lines {
            let row = [
                line.customer.as_str(),
                &line.name,
                line.outcome,
                &line.record,
                &line.link,
                &line.code,
                &line.problem,
            ];
            if line.changes.is_empty() {
                record(out, row.into_iter().chain([""; 5]))?;
            }
            for change in &line.changes {
                let change = [
                    change.field.as_str(),
                    &change.label,
                    &change.before,
                    &change.after,
                    &change.held,
                ];
                record(out, row.into_iter().chain(change))?;
            }
        }
        Ok(())
    }

    fn end(&self, out: &mut dyn Write) -> io::Result<()> {
        out.flush()
    }
}

/// Begins a table with its head.
pub(super) fn begin(out: &mut dyn Write, head: &[&str]) -> io::Result<()> {
    out.write_all(MARK)?;
    record(out, head)
}

pub(crate) fn record<S: AsRef<str>>(
    out: &mut dyn Write,
    cells: impl IntoIterator<Item = S>,
) -> io::Result<()> {
    let mut line = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    line.write_record(cells.into_iter().map(|cell| safe(cell.as_ref())))
        .map_err(io::Error::other)?;
    let line = line
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))?;
    out.write_all(&line)
}

/// The cell with an apostrophe before what a spreadsheet would compute. A plain number stays one.
fn safe(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = cell
        .strip_prefix('-')
        .is_some_and(|rest| !rest.is_empty() && rest.parse::<rust_decimal::Decimal>().is_ok())
        && !cell.starts_with("--")
        && !cell.starts_with("-+");
    if formula && !number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        for cell in [
            "=1+1", "+1", "-1+2", "@sum", "\tx", "\r=1", "-", "--1", "-+1", "-=x",
        ] {
            assert_eq!(safe(cell), format!("'{cell}"));
        }
        for cell in ["", "-12.50", "12", "Acme = Co", "a@b.example", "O'Brien"] {
            assert_eq!(safe(cell), cell);
        }
    }
}
