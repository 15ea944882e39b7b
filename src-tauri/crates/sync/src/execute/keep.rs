//! What a run reads back is known of its records from then on: a preview that asks nobody does not
//! propose the same again, and the next reading finds them as they are kept.

use std::collections::HashMap;

use drawbridge_model::{
    Cache, CustomerId, FieldName, Journal, Matched, MatchedBy, Opposite, OrgIdentity, ReadBasis,
    Record, RecordId, Snapshot, Value, Written,
};

use super::{Input, Ports};
use crate::Error;
use crate::matching::{KEYS, keys_of_record};
use crate::plan::Comparison;

/// What the last reading of the org read, where records read back can be kept as if it had.
pub(super) struct Kept<'a> {
    basis: Option<ReadBasis>,
    /// By what the next preview will compare them.
    comparison: Option<Comparison<'a>>,
}

impl<'a> Kept<'a> {
    pub(super) fn of<T, J: Cache>(
        ports: &Ports<'a, T, J>,
        snapshot: Option<&'a Snapshot>,
    ) -> Result<Self, Error> {
        let Input {
            sync,
            mapping,
            mask_emails,
            ..
        } = ports.input;
        let mark = ports.journal.read_mark(sync.id)?;
        let is_visible = |field: &FieldName| ports.describe.field(field).is_some();
        let basis = mark.map(|mark| mark.basis).filter(|basis| {
            basis.org == ports.input.pinned.org_id
                && basis.sobject == mapping.sobject
                && basis.keys == KEYS
                && basis.fields.iter().all(is_visible)
        });
        // A field that is not read would look empty.
        let is_read = |basis: &ReadBasis| {
            let mut rules = mapping.active_rules();
            rules.all(|rule| basis.fields.contains(&rule.field))
        };
        let comparison = snapshot
            .filter(|_| !sync.pack.rolls_up() && basis.as_ref().is_some_and(is_read))
            .map(|snapshot| Comparison::by(sync, mapping, mask_emails, snapshot));
        Ok(Self { basis, comparison })
    }

    /// The fields a reading reads.
    pub(super) fn fields(&self) -> &[FieldName] {
        self.basis.as_ref().map_or(&[], |basis| &basis.fields)
    }

    /// Keeps records that were read back, that those who carry their customer's id belong to it, and
    /// which customers agree with their records now.
    pub(super) fn keep<T, J: Journal + Cache>(
        &self,
        ports: &Ports<'_, T, J>,
        written: &[Written],
        records: impl Iterator<Item = Record>,
    ) -> Result<(), Error> {
        let Some(basis) = &self.basis else {
            return Ok(());
        };
        let records: Vec<Record> = records
            .map(|record| as_read(record, basis, ports.input.pinned))
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
        let sync = ports.input.sync.id;
        let keys = |record: &Record| keys_of_record(record, &basis.external_id);
        let touched = ports.journal.put_read_back(sync, &records, &keys, &found)?;
        self.agree(ports, &found, records, touched)
    }

    /// Compares customers with the records they have found by their ids, kept a moment ago.
    fn agree<T, J: Cache>(
        &self,
        ports: &Ports<'_, T, J>,
        found: &[(CustomerId, RecordId)],
        records: Vec<Record>,
        touched: i64,
    ) -> Result<(), Error> {
        let Some(comparison) = &self.comparison else {
            return Ok(());
        };
        let customers: Vec<CustomerId> =
            found.iter().map(|(customer, _)| customer.clone()).collect();
        let whose: HashMap<&CustomerId, &RecordId> = found
            .iter()
            .map(|(customer, record)| (customer, record))
            .collect();
        let mut records: HashMap<RecordId, Record> = records
            .into_iter()
            .map(|record| (record.id.clone(), record))
            .collect();
        let mut agreed = Vec::with_capacity(found.len());
        let source = ports.input.sync.source;
        for bundle in ports.journal.bundles_of(source, &customers)? {
            let Some(record) = whose.get(&bundle.customer.id) else {
                continue;
            };
            let opposite = Opposite {
                matched: Matched::Found {
                    record: (*record).clone(),
                    by: MatchedBy::ExternalId,
                },
                record: records.remove(*record),
            };
            let facts = comparison.facts(&bundle);
            let row = comparison.row(ports.journal, facts, &opposite)?;
            let amounts = comparison.amounts(&row, &facts, &opposite);
            agreed.extend(comparison.agreed(&row, amounts));
        }
        let sync = ports.input.sync.id;
        ports
            .journal
            .put_agreed(sync, comparison.terms(), touched, &agreed)?;
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
