//! Customers that share a record: one row carries them all, the others say in whose row they are.

use std::collections::BTreeMap;

use drawbridge_model::{
    Action, Cache, Customer, CustomerBundle, CustomerId, LedgerError, Matched, PlanRow, Reason,
    RecordId, Sync,
};

use crate::rollup;

/// Who carries the row of each record that several share, as far as it was asked for.
pub(super) struct Sharing<'a, L> {
    ledger: &'a L,
    sync: &'a Sync,
    carriers: BTreeMap<RecordId, (CustomerId, String)>,
}

/// How one customer's row comes about.
#[derive(Debug, Default)]
pub(super) struct Share {
    /// The customer with those it carries added up in it, where it is not just itself.
    pub(super) together: Option<Box<CustomerBundle>>,
    /// Why nothing is written for it.
    aside: Option<(Action, Reason)>,
    name: Option<String>,
}

impl<'a, L: Cache> Sharing<'a, L> {
    pub(super) fn new(ledger: &'a L, sync: &'a Sync) -> Self {
        Self {
            ledger,
            sync,
            carriers: BTreeMap::new(),
        }
    }

    /// What a customer's row is computed from. Of the customers of a record the one with the
    /// smallest id carries the row.
    pub(super) fn of(
        &mut self,
        bundle: &CustomerBundle,
        matched: &Matched,
    ) -> Result<Share, LedgerError> {
        if !self.sync.pack.rolls_up() {
            return Ok(Share::default());
        }
        let mut share = Share {
            name: Some(bundle.customer.display_name()),
            ..Share::default()
        };
        let Matched::Found { record, .. } = matched else {
            return Ok(share);
        };
        if let Some((carrier, name)) = self.carriers.get(record) {
            share.aside = Some(counted_in(carrier, name));
            return Ok(share);
        }
        let members = self.ledger.sharing(self.sync.id, record)?;
        let carrier = members.first();
        if let Some(carrier) = carrier.filter(|_| members.len() > 1) {
            let known = (carrier.id.clone(), carrier.display_name());
            if carrier.id != bundle.customer.id {
                share.aside = Some(counted_in(&known.0, &known.1));
            }
            self.carriers.insert(record.clone(), known);
        }
        if share.aside.is_none() {
            share.aside = several_currencies(&members);
            share.together = Some(Box::new(rollup::together(bundle, members)));
        }
        Ok(share)
    }
}

impl Share {
    /// The row, once it is known who carries it. A shared record is never made.
    pub(super) fn settle(&self, row: PlanRow) -> PlanRow {
        let Some(name) = self.name.clone() else {
            return row;
        };
        let nowhere = row.action == Action::Create || row.reason == Some(Reason::NoRecord);
        let aside = self
            .aside
            .clone()
            .or(nowhere.then_some((Action::Skipped, Reason::NoAccount)));
        match aside {
            Some((action, reason)) => PlanRow {
                name,
                action,
                changes: Vec::new(),
                reason: Some(reason),
                ..row
            },
            None => PlanRow { name, ..row },
        }
    }
}

fn counted_in(customer: &CustomerId, name: &str) -> (Action, Reason) {
    let reason = Reason::CountedIn {
        customer: customer.clone(),
        name: name.to_owned(),
    };
    (Action::Skipped, reason)
}

fn several_currencies(members: &[Customer]) -> Option<(Action, Reason)> {
    rollup::several_currencies(members).map(|reason| (Action::Blocked, reason))
}
