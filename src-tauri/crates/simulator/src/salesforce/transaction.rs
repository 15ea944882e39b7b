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
                self.settle_access()?;
                Ok(done)
            }
            Err(error) => {
                self.db.execute_batch("ROLLBACK TO w; RELEASE w")?;
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use crate::faults::Server;
    use crate::salesforce::shape::{OrgShape, laws};
    use crate::salesforce::{Org, SharedOrg};

    fn orgs(org: &Org) -> usize {
        org.count("Organization").unwrap()
    }

    #[test]
    fn a_panic_takes_its_transaction_back() {
        let shared = SharedOrg::new(Server::SalesforceSandbox, laws::org(OrgShape::default()));
        assert_eq!(orgs(&shared.lock()), 1);
        let working = shared.clone();
        let work = move || {
            let mut org = working.lock();
            let written: rusqlite::Result<()> = org.in_transaction(|org| {
                assert_eq!(org.db.execute("DELETE FROM Organization", []), Ok(1));
                panic!("in the middle of a write");
            });
            written
        };
        assert!(std::thread::spawn(work).join().is_err());
        let mut org = shared.lock();
        assert_eq!(orgs(&org), 1);
        assert_ne!(org.stamp(), org.stamp(), "the stamp is free");
    }
}
