//! What a run reads back is known of its records from then on: a preview that asks nobody does not
//! propose the same again, and the next reading finds them as they are kept.

use std::collections::HashMap;

use drawbridge_model::{
    Cache, CustomerId, FieldName, LedgerError, OrgIdentity, ReadBasis, Record, RecordId, SyncId,
    Value, Written,
};

use super::Ports;
use crate::Error;
use crate::matching::{KEYS, keys_of_record};

/// What the last reading of the org read, where records read back can be kept as if it had.
pub(super) struct Kept {
    sync: SyncId,
    us: OrgIdentity,
    basis: Option<ReadBasis>,
}

impl Kept {
    pub(super) fn of<T, J: Cache>(ports: &Ports<'_, T, J>) -> Result<Self, Error> {
        let mark = ports.journal.read_mark(ports.input.sync.id)?;
        let is_visible = |field: &FieldName| ports.describe.field(field).is_some();
        let basis = mark.map(|mark| mark.basis).filter(|basis| {
            basis.org == ports.input.pinned.org_id
                && basis.sobject == ports.input.mapping.sobject
                && basis.keys == KEYS
                && basis.fields.iter().all(is_visible)
        });
        Ok(Self {
            sync: ports.input.sync.id,
            us: ports.input.pinned.clone(),
            basis,
        })
    }

    /// The fields a reading reads.
    pub(super) fn fields(&self) -> &[FieldName] {
        self.basis.as_ref().map_or(&[], |basis| &basis.fields)
    }

    /// Keeps records that were read back, and that those who carry their customer's id belong to it.
    pub(super) fn keep<J: Cache>(
        &self,
        journal: &J,
        written: &[Written],
        records: impl Iterator<Item = Record>,
    ) -> Result<(), LedgerError> {
        let Some(basis) = &self.basis else {
            return Ok(());
        };
        let records: Vec<Record> = records
            .map(|record| as_read(record, basis, &self.us))
            .collect();
        let customers: HashMap<&RecordId, &CustomerId> = written
            .iter()
            .map(|row| (&row.record, &row.customer))
            .collect();
        let found: Vec<(CustomerId, RecordId)> = records
            .iter()
            .filter_map(|record| {
                let customer = *customers.get(&record.id)?;
                let carried = record.value(&basis.external_id);
                (*carried == Value::text(customer.as_str()))
                    .then(|| (customer.clone(), record.id.clone()))
            })
            .collect();
        let keys = |record: &Record| keys_of_record(record, &basis.external_id);
        journal.put_records(self.sync, &records, &keys)?;
        journal.found_by_id(self.sync, &found)?;
        Ok(())
    }
}

/// The record as a reading gives it. Who saved it is told by an id here: where it was not us, the
/// next reading will tell the name.
fn as_read(mut record: Record, basis: &ReadBasis, us: &OrgIdentity) -> Record {
    let is_ours = record.modified_by_id.as_ref() == Some(&us.user_id);
    record.modified_by = is_ours.then(|| us.user_name.clone());
    record
        .values
        .retain(|field, _| basis.fields.contains(field));
    record
}
