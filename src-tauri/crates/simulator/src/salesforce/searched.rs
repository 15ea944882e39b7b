//! Indexes over text, made when the first statement searches in the column: to sort 100,000 names
//! without regard to case takes a tenth of a second, which a start should not wait for.

use rusqlite::Connection;

/// Columns that clients search in, with their sObject.
const SEARCHED: [(&str, &str); 2] = [("Contact", "Email"), ("Account", "Name")];

/// Makes the indexes that a statement can use. One too many does no harm, so its text decides.
pub(crate) fn index(db: &Connection, statement: &str) -> rusqlite::Result<()> {
    for (sobject, column) in SEARCHED {
        let named = |name: &str| statement.contains(&format!("\"{name}\""));
        if named(sobject) && named(column) {
            db.prepare_cached(&format!(
                "CREATE INDEX IF NOT EXISTS \"{sobject} by {column}\" ON \"{sobject}\" (\"{column}\")"
            ))?
            .execute([])?;
        }
    }
    Ok(())
}
