//! What can go wrong while starting or driving the simulated servers.

use std::path::PathBuf;

/// An error of the simulator itself, as opposed to an error answer one of its servers gives.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A port could not be opened; no server was started.
    #[error(
        "Could not listen on port {port} for {server}: {source}. No simulated server was started. Choose another port, or 0 for any free one."
    )]
    Listen {
        /// The server the port was meant for.
        server: &'static str,
        /// The port asked for.
        port: u16,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A certificate could not be made or read.
    #[error("A certificate could not be used: {0}. Nothing was started or changed.")]
    Certificate(String),
    /// A file could not be written.
    #[error("Could not write {}: {source}. The simulated servers were stopped.", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The in-memory database refused a statement.
    #[error("The simulated org's database refused a statement: {0}. The change was not made.")]
    Database(#[from] rusqlite::Error),
    /// A data file could not be read.
    #[error("Could not read {}: {source}. Nothing was loaded.", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A cell of a data file is not usable.
    #[error("{file}, line {line}, column {column}: {problem}. Nothing was loaded.")]
    Data {
        /// File name without folder.
        file: String,
        /// Line in the file, counted from 1.
        line: u64,
        /// Column heading, or its position when it has none.
        column: String,
        /// What is wrong with the value.
        problem: String,
    },
    /// A field list compiled into the simulator is malformed.
    #[error(
        "The built-in field list is malformed at line {line}: {problem}. The org was not started."
    )]
    FieldList {
        /// Line in the list.
        line: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// The sign-in page is a dead end, as a real one would be.
    #[error(
        "The sign-in page ended with HTTP {status}: {text}. Nothing was sent to the application."
    )]
    DeadEnd {
        /// HTTP status of the page.
        status: u16,
        /// The visible text of the page.
        text: String,
    },
    /// The page has no approval form.
    #[error(
        "The page at the sign-in address has no approval form. Nothing was sent to the application."
    )]
    NoApprovalForm,
    /// A call to the sign-in page or the application's listener failed.
    #[error("A call while signing in failed: {0}. The sign-in was not finished.")]
    Http(#[from] reqwest::Error),
    /// No such record, sObject or field.
    #[error("There is no {what} named {name} in the simulated org. Nothing was changed.")]
    Unknown {
        /// The kind of thing looked for.
        what: &'static str,
        /// The name looked for.
        name: String,
    },
    /// The org cannot be set up like that.
    #[error("The simulated org cannot be set up like that: {problem}. Nothing was changed.")]
    Setup {
        /// What is wrong with the wish.
        problem: String,
    },
    /// A value the org would refuse.
    #[error(
        "The simulated org refused the change to {sobject} {id}: {code}: {message}. Nothing was changed."
    )]
    Refused {
        /// The sObject.
        sobject: String,
        /// The record.
        id: String,
        /// Salesforce's status code.
        code: String,
        /// Salesforce's text.
        message: String,
    },
}
