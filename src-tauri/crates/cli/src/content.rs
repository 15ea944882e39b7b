//! A file's content on stdout, written as it comes.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Stdout, Write};

use crate::visible;

/// Tells spreadsheets that a file is UTF-8; a terminal, or the program behind a pipe, needs no such
/// mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Stdout where a file would be: exactly as the file for the program behind a pipe, harmless on a
/// terminal, or a string of a JSON document.
pub(crate) struct Content {
    out: BufWriter<Stdout>,
    terminal: bool,
    /// The name of the string in a document.
    within: Option<&'static str>,
    begun: bool,
    left: bool,
}

impl Content {
    /// Content by itself, or as the one string of a document.
    pub(crate) fn new(within: Option<&'static str>) -> Self {
        let out = io::stdout();
        Self {
            terminal: out.is_terminal(),
            out: BufWriter::new(out),
            within,
            begun: false,
            left: false,
        }
    }

    /// Ends it.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if self.within.is_some() {
            self.begin()?;
            self.put(b"\"}\n")?;
        }
        self.flush()
    }

    /// Whether the reader has gone away.
    pub(crate) fn is_left(&self) -> bool {
        self.left
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        match self.within {
            Some(name) => self.put(format!("{{\"{name}\":\"").as_bytes()),
            None => Ok(()),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let done = self.out.write_all(bytes);
        self.left |= done
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
        done
    }
}

impl Write for Content {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len();
        let bytes = match bytes.strip_prefix(MARK) {
            Some(rest) if !self.begun => rest,
            _ => bytes,
        };
        self.begin()?;
        // Tables of text come line by line, so no letter is cut in two.
        if self.within.is_some() {
            let text = serde_json::to_string(&String::from_utf8_lossy(bytes))?;
            let text = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
            self.put(text.unwrap_or_default().as_bytes())?;
        } else if self.terminal {
            self.put(visible::plain(&String::from_utf8_lossy(bytes)).as_bytes())?;
        } else {
            self.put(bytes)?;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.out.flush();
        self.left |= done
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
        done
    }
}
