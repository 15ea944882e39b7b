//! The stamp the records of one transaction have in common.

use crate::salesforce::org::Org;

/// Kept by an org between the records of a transaction.
#[derive(Debug, Default)]
pub(crate) struct Stamps {
    /// The moment all its records are stamped with.
    held: Option<String>,
}

impl Org {
    /// The stamp of a change: its transaction's, or a new moment outside of one.
    pub(crate) fn stamp(&mut self) -> String {
        match &self.stamps.held {
            Some(stamp) => stamp.clone(),
            None => self.clock.now(),
        }
    }

    /// From here on all changes have one stamp. One for each record would run ahead of the clock
    /// when more than a thousand a second are written.
    pub(crate) fn hold_stamp(&mut self) {
        self.stamps.held = Some(self.clock.now());
    }

    pub(crate) fn release_stamp(&mut self) {
        self.stamps.held = None;
    }

    /// Runs `write` in a transaction of its own, under one stamp.
    pub(crate) fn in_transaction<T>(
        &mut self,
        write: impl FnOnce(&mut Self) -> T,
    ) -> rusqlite::Result<T> {
        self.db.execute_batch("BEGIN")?;
        self.hold_stamp();
        let written = write(self);
        self.release_stamp();
        if let Err(error) = self.db.execute_batch("COMMIT") {
            self.db.execute_batch("ROLLBACK")?;
            return Err(error);
        }
        Ok(written)
    }
}
