//! What the records of one transaction have in common: their stamp, and what they leave to be worked
//! out anew.

use crate::salesforce::org::Org;

/// Kept by an org between the records of a transaction.
#[derive(Debug, Default)]
pub(crate) struct Stamps {
    /// The moment all its records are stamped with.
    held: Option<String>,
    /// Whether permissions changed since field access was worked out.
    access_is_stale: bool,
    /// How often field access was worked out.
    #[cfg(test)]
    pub(crate) worked_out: usize,
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
        self.hold_stamp();
        let written = self.atomically(|org| Ok(write(org)));
        self.release_stamp();
        written
    }

    /// After a panic: what the work at hand stored is taken back, and its stamp is free.
    pub(crate) fn recover(&mut self) {
        self.release_stamp();
        if !self.db.is_autocommit()
            && let Err(error) = self.db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction cannot be taken back");
        }
    }

    /// Notes a change to a record that may say who sees which field.
    pub(crate) fn note_change(&mut self, sobject: &str) {
        self.stamps.access_is_stale |= matches!(
            sobject,
            "FieldPermissions" | "ObjectPermissions" | "PermissionSet" | "PermissionSetAssignment"
        );
    }

    /// Works out anew who sees what, whether or not a change was noted.
    pub(crate) fn recompute_access(&mut self) -> rusqlite::Result<()> {
        self.stamps.access_is_stale = false;
        self.refresh_field_access()
    }

    /// After records were written: what permissions say counts at once, or, inside a transaction, as
    /// soon as it ends. So it is worked out once for all calls of a composite.
    pub(crate) fn settle_access(&mut self) -> rusqlite::Result<()> {
        if self.db.is_autocommit() && std::mem::take(&mut self.stamps.access_is_stale) {
            self.refresh_field_access()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use crate::reply::Request;
    use crate::salesforce::composite;
    use crate::salesforce::shape::{OrgShape, laws};

    #[test]
    fn access_is_worked_out_once_for_a_composite() {
        let mut org = laws::org(OrgShape::default());
        let set = |name: &str| {
            let url = "/services/data/v67.0/sobjects/PermissionSet";
            json!({"method": "POST", "url": url, "referenceId": name, "body": {"Name": name, "Label": name}})
        };
        let body = json!({"allOrNone": true, "compositeRequest": [set("a"), set("b"), set("c")]});
        let request = Request::new(
            "POST",
            "/services/data/v67.0/composite",
            "",
            axum::http::HeaderMap::new(),
            bytes::Bytes::from(body.to_string()),
        );
        let before = org.stamps.worked_out;
        let reply = composite::route(&mut org, "67.0", &request, &[]).unwrap();
        assert_eq!(reply.status, 200);
        assert_eq!(org.count("PermissionSet").unwrap(), 3);
        assert_eq!(org.stamps.worked_out - before, 1);
    }
}
