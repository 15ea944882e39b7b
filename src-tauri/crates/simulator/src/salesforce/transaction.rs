//! All or nothing, at any depth: a single call, one row of it, or a composite of calls.

use crate::salesforce::org::Org;

impl Org {
    /// Does the work in a savepoint of its own: an error takes back everything the work stored.
    /// Savepoints nest, so a call inside a composite behaves as it does alone. After the outermost,
    /// what it said about permissions counts.
    pub(crate) fn atomically<T, E: From<rusqlite::Error>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.db.prepare_cached("SAVEPOINT w")?.execute([])?;
        match work(self) {
            Ok(done) => {
                self.db.prepare_cached("RELEASE w")?.execute([])?;
                if self.db.is_autocommit() {
                    self.settle_access()?;
                }
                Ok(done)
            }
            Err(error) => {
                self.db.execute_batch("ROLLBACK TO w; RELEASE w")?;
                Err(error)
            }
        }
    }
}
