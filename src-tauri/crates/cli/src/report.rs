//! What goes to the terminal: words on stderr and stdout for people, or one JSON document on
//! stdout for programs.
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

pub(crate) use drawbridge_api::grouped;
use drawbridge_api::view::CountsView;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::places::spoken;
use crate::visible;

/// The most characters of a cell.
const WIDEST: usize = 80;
/// The most characters of a line of a cell that nothing stands behind: what is longer goes on in the
/// next line, below itself.
const WIDEST_LAST: usize = 120;
/// The most characters of such a cell in all.
const LONGEST_LAST: usize = 2_000;

/// How to speak.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    /// One JSON document on stdout, everything else on stderr.
    pub(crate) json: bool,
}

impl Report {
    /// The answer: `document` for programs, `text` for people.
    pub(crate) fn answer(self, document: &impl Serialize, text: impl FnOnce() -> String) {
        if self.json {
            // No replacement needs escaping, so the places can be put in the text of the document.
            out(&spoken(&json(document)));
        } else {
            out(&visible::plain(&spoken(&text())));
        }
    }

    /// The answer where it is a file's content: exactly as it is for the program behind a pipe, and
    /// harmless on a terminal.
    pub(crate) fn content(self, document: &impl Serialize, text: impl FnOnce() -> String) {
        if self.json {
            out(&json(document));
        } else if std::io::stdout().is_terminal() {
            out(&visible::plain(&text()));
        } else {
            out(&text());
        }
    }

    /// Begins an answer whose rows are written as they are fetched: `head` and its rows as one
    /// document for programs. `None` where nobody reads it.
    pub(crate) fn list(self, head: &serde_json::Value) -> Option<List> {
        if self.json {
            let head = head.to_string();
            let open = head.strip_suffix('}').unwrap_or(&head);
            let comma = if open.len() > 1 { "," } else { "" };
            write!(std::io::stdout(), "{open}{comma}\"rows\":[").ok()?;
        }
        Some(List {
            json: self.json,
            rows: 0,
        })
    }

    /// Something a person may want to know meanwhile.
    #[expect(clippy::unused_self, reason = "all speaking goes through the report")]
    pub(crate) fn say(self, text: &str) {
        aside(&visible::plain(&spoken(text)));
    }

    /// What went wrong and what to do next.
    pub(crate) fn failure(self, failure: &Failure) {
        let error = &failure.0;
        let (message, hint) = (spoken(&error.message), error.hint.as_deref().map(spoken));
        if self.json {
            let document = serde_json::json!({"error": {
                "code": error.code,
                "message": message,
                "hint": hint,
            }});
            out(&document.to_string());
            return;
        }
        aside(&format!("error: {}", visible::one_line(&message)));
        if let Some(hint) = &hint {
            aside(&format!("hint: {}", visible::one_line(hint)));
        }
    }
}

fn json(document: &impl Serialize) -> String {
    serde_json::to_string(document).unwrap_or_else(|error| {
        aside(&format!("the answer cannot be written as JSON: {error}"));
        String::new()
    })
}

/// A line of the answer. Whoever stops reading it, as `head` does, stops nothing that is done; that
/// it cannot be written for another reason is said.
fn out(line: &str) {
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            aside(&format!("the answer could not be written: {error}"));
        }
        _ => {}
    }
}

/// A line beside the answer; where nobody listens, it is not said.
fn aside(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// An answer that is written row by row.
#[derive(Debug)]
pub(crate) struct List {
    json: bool,
    rows: usize,
}

impl List {
    /// One more row. `false` where nobody reads any further.
    pub(crate) fn row(
        &mut self,
        document: &serde_json::Value,
        text: impl FnOnce() -> String,
    ) -> bool {
        let mut out = std::io::stdout().lock();
        let written = if self.json {
            let comma = if self.rows > 0 { "," } else { "" };
            write!(out, "{comma}{}", spoken(&document.to_string()))
        } else {
            writeln!(out, "{}", visible::plain(&spoken(&text())))
        };
        self.rows += 1;
        written.is_ok()
    }

    /// Ends it, with a last line for people.
    pub(crate) fn end(self, text: impl FnOnce() -> String) {
        let mut out = std::io::stdout().lock();
        // Where nobody reads any further, there is nobody to tell either.
        let _ = if self.json {
            writeln!(out, "]}}")
        } else {
            writeln!(out, "{}", visible::plain(&text()))
        };
    }
}

/// Wrong usage, help and version, as clap words them; as a JSON document where `--json` is given.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let wrong = error.use_stderr();
    if wrong && std::env::args().any(|word| word == "--json") {
        let text = error.to_string();
        let failure = Failure::usage(text.trim().trim_start_matches("error: "));
        Report { json: true }.failure(&failure);
        return failure.exit().into();
    }
    if let Err(error) = error.print() {
        aside(&error.to_string());
    }
    if wrong {
        Exit::Usage.into()
    } else {
        ExitCode::SUCCESS
    }
}

/// A text in lines of at most so many characters, broken between words.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if width > 0 && width + 1 + long > most {
            lines.push(String::new());
            width = 0;
        }
        if let Some(line) = lines.last_mut() {
            if width > 0 {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += long;
        }
    }
    lines
}

/// A plain table: columns as wide as they need to be, and no wider than a person can read. What
/// stands in the last one is wrapped.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let last = head.len().saturating_sub(1);
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().enumerate();
            cells
                .map(|(column, cell)| {
                    let most = if column == last { LONGEST_LAST } else { WIDEST };
                    visible::cut(&spoken(cell), most)
                })
                .collect()
        })
        .collect();
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .take(last)
        .map(|(column, title)| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .chain([title.chars().count()])
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut lines = Vec::new();
    let titles = head.iter().map(ToString::to_string).collect();
    for row in std::iter::once(titles).chain(rows) {
        let cells = row.iter().zip(&widths);
        let padded: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}  "))
            .collect();
        let before = padded.concat();
        let indent = " ".repeat(before.chars().count());
        let end = row.get(last).map_or("", String::as_str);
        for (at, part) in wrapped(end, WIDEST_LAST).iter().enumerate() {
            let start = if at == 0 { &before } else { &indent };
            lines.push(format!("{start}{part}").trim_end().to_owned());
        }
    }
    lines.join("\n")
}

/// What was written, in a few words.
pub(crate) fn written(counts: CountsView) -> String {
    let mut said = vec![
        format!("{} created", grouped(counts.created)),
        format!("{} updated", grouped(counts.updated)),
    ];
    // Only an undo deletes.
    if counts.deleted > 0 {
        said.push(format!("{} deleted", grouped(counts.deleted)));
    }
    said.push(format!("{} rejected", grouped(counts.rejected)));
    said.join(", ")
}

/// A time to the minute, in UTC, without saying so.
pub(crate) fn moment(at: &str) -> String {
    at.get(..16).unwrap_or(at).replace('T', " ")
}

/// So many of something that takes an s: `1 record`, `2,400 records`.
pub(crate) fn counted(number: u32, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {one}{s}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_its_rows_and_its_widths_whatever_its_cells_hold() {
        let row = |name: &str| vec![name.to_owned(), "found".to_owned()];
        let rows = [row("Evil\u{1b}[2J\nLtd"), row(&"n".repeat(300)), row("Ä")];
        let text = table(&["NAME", "STATE"], &rows);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        assert!(lines[1].starts_with("Evil␛[2J⏎Ltd "), "{text}");
        assert!(lines[2].contains("n…  found"), "{text}");
        let state = |line: &str| line.chars().count();
        assert!(
            lines.iter().all(|line| state(line) == WIDEST + 2 + 5),
            "{text}"
        );
    }

    #[test]
    fn the_last_cell_is_shown_whole_below_itself() {
        let why = "Choose the right one, or merge the duplicates. ".repeat(8);
        let rows = [
            vec!["a".to_owned(), why.trim_end().to_owned()],
            vec!["b".to_owned(), "short".to_owned()],
        ];
        let text = table(&["CUSTOMER", "WHY"], &rows);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6, "{text}");
        assert!(lines[2].starts_with("          ") && !lines[2].starts_with("           "));
        assert!(
            lines
                .iter()
                .all(|it| it.chars().count() <= 10 + WIDEST_LAST)
        );
        let words: Vec<&str> = lines[1..5]
            .iter()
            .flat_map(|it| it.split_whitespace())
            .collect();
        assert_eq!(words[1..].join(" "), why.trim_end());
        assert_eq!(lines[5], "b         short");
    }
}
