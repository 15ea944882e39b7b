//! Customers as the pack of a sync looks at them: alone, or added up with those that share their
//! record.

use drawbridge_model::{Cache, CustomerBundle, RecordId, Sync};
use drawbridge_sync::rollup;

use crate::context::Workspace;
use crate::error::Result;

impl Workspace {
    /// The customer with those that share its record added up in it, where the sync rolls up.
    pub(crate) fn together(
        &self,
        sync: &Sync,
        bundle: CustomerBundle,
        record: Option<&RecordId>,
    ) -> Result<CustomerBundle> {
        if !sync.pack.rolls_up() {
            return Ok(bundle);
        }
        let members = match record {
            Some(record) => self.store.sharing(sync.id, record)?,
            None => Vec::new(),
        };
        Ok(rollup::together(&bundle, members))
    }

    /// The same for a sample: with those that share the record matching last found for it.
    pub(crate) fn sampled(&self, sync: &Sync, bundle: CustomerBundle) -> Result<CustomerBundle> {
        if !sync.pack.rolls_up() {
            return Ok(bundle);
        }
        let record = self
            .store
            .record_of_customer(sync.id, &bundle.customer.id)?;
        self.together(sync, bundle, record.as_ref())
    }
}
