//! What the simulated org says about the form of what it is sent, without an org.

use bytes::Bytes;

use crate::salesforce::{BulkDialect, BulkUpload};

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
