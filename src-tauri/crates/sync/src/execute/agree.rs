//! Whose records agree with them after a run: the next preview does not compare these again.

use drawbridge_model::{Cache, CustomerBundle, CustomerId, Journal, Opposite};

use super::{Input, Ports};
use crate::Error;
use crate::plan::{Comparison, ahead};

/// Compares the customers whose records the run wrote with what was read back of these.
pub(super) fn agree<T, J: Journal + Cache>(ports: &Ports<'_, T, J>) -> Result<(), Error> {
    let ledger = ports.journal;
    let Input {
        run,
        sync,
        mapping,
        mask_emails,
        ..
    } = ports.input;
    // A row that is made from several customers is compared each time.
    if sync.pack.rolls_up() {
        return Ok(());
    }
    let Some(snapshot) = ledger.snapshot(sync.id)? else {
        return Ok(());
    };
    // A field that was not read would look empty.
    let mut rules = mapping.active_rules();
    if !rules.all(|rule| snapshot.fields.contains(&rule.field)) {
        return Ok(());
    }
    let comparison = Comparison::by(sync, mapping, mask_emails, &snapshot);
    let touched = ledger.touched()?;
    let both_sides = |customers: Vec<CustomerId>| {
        let bundles = ledger.bundles_of(sync.source, &customers)?;
        let opposites = ledger.opposites(sync.id, &bundles)?;
        Ok(bundles.into_iter().zip(opposites).collect())
    };
    let compare = |chunk: Vec<(CustomerBundle, Opposite)>| {
        let mut agreed = Vec::with_capacity(chunk.len());
        for (bundle, opposite) in &chunk {
            let facts = comparison.facts(bundle);
            let row = comparison.row(ledger, facts, opposite)?;
            let amounts = comparison.amounts(&row, &facts, opposite);
            agreed.extend(comparison.agreed(&row, amounts));
        }
        ledger.put_agreed(sync.id, comparison.terms(), touched, &agreed)?;
        Ok(())
    };
    ahead::chunks(
        |after| ledger.customers_written(run, after, ahead::CHUNK),
        |customer| customer,
        both_sides,
        compare,
    )
}
