//! Everything the file holds as text, for the test that looks for secrets in it.

use std::io::Write;

use rusqlite::types::ValueRef;

use crate::error::{Inside, Trouble};
use crate::{Store, StoreError};

impl Store {
    /// Writes every text and binary cell of every table, one per line. For tests alone: it is
    /// neither quick nor readable.
    #[doc(hidden)]
    pub fn dump_text(&self, out: &mut dyn Write) -> Result<(), StoreError> {
        self.read("writing out all it holds", |db| {
            let tables: Vec<String> = db
                .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for table in tables {
                let mut statement = db.prepare(&format!("SELECT * FROM \"{table}\""))?;
                let columns = statement.column_count();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    for column in 0..columns {
                        if let ValueRef::Text(bytes) | ValueRef::Blob(bytes) =
                            row.get_ref(column)?
                        {
                            write_line(out, &table, bytes)?;
                        }
                    }
                }
            }
            Ok(())
        })
    }
}

fn write_line(out: &mut dyn Write, table: &str, bytes: &[u8]) -> Inside<()> {
    let text = String::from_utf8_lossy(bytes);
    writeln!(out, "{table}: {text}").map_err(|error| Trouble::unreadable(table, error))
}
