//! The simulated org's readers by themselves, for fuzzing and for tools that only want to know
//! whether a text would be understood.

use bytes::Bytes;

use crate::salesforce::{BulkDialect, BulkUpload, Checker};

thread_local! {
    static CHECKER: Result<Checker, String> = Checker::new().map_err(|error| error.to_string());
}

/// Reads a SOQL query as a fresh org would, and translates it.
///
/// # Errors
/// What the org would answer, as `CODE: message`. A code `UNKNOWN_EXCEPTION` is a fault of the
/// simulator: the query was accepted, and its translation is not good SQL.
pub fn soql(query: &str) -> Result<(), String> {
    CHECKER.with(|checker| {
        checker
            .as_ref()
            .map_err(Clone::clone)?
            .check(query)
            .map_err(|error| format!("{}: {}", error.code, error.message))
    })
}

/// Reads a file as the upload of a Bulk API 2.0 job (comma, LF) and gives its number of rows.
///
/// ```
/// use drawbridge_simulator::syntax::bulk_csv;
///
/// assert_eq!(bulk_csv(b"Id,Name\n,Fern\n,Moss\n"), Ok(2));
/// assert!(bulk_csv(b"Id,Name\n,Fern,Moss\n").is_err());
/// ```
///
/// # Errors
/// What the job's `errorMessage` would say.
pub fn bulk_csv(file: &[u8]) -> Result<usize, String> {
    let upload = BulkUpload::read(Bytes::copy_from_slice(file), BulkDialect::default())?;
    let mut rows = 0;
    upload.each(0..upload.len(), |_, _| rows += 1);
    Ok(rows)
}
