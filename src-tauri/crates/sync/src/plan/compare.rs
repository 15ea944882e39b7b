//! Comparing customers with their records, and by what.

use std::collections::BTreeMap;

use drawbridge_model::{
    Action, Agreed, Cache, CustomerBundle, LedgerError, Mapping, MatchedBy, Opposite, PlanRow,
    Snapshot, Sync,
};
use sha2::{Digest, Sha256};

use super::{RowInput, row};
use crate::currencies::{Amounts, Currencies};
use crate::mapping::{Ready, ready};
use crate::pack::Facts;
use crate::speaks;

/// All that customers are compared with their records by, beside the two of them.
pub(crate) struct Comparison<'a> {
    sync: &'a Sync,
    mapping: &'a Mapping,
    mask_emails: bool,
    snapshot: &'a Snapshot,
    rules: Vec<Ready<'a>>,
    terms: String,
}

impl<'a> Comparison<'a> {
    pub(crate) fn by(
        sync: &'a Sync,
        mapping: &'a Mapping,
        mask_emails: bool,
        snapshot: &'a Snapshot,
    ) -> Self {
        Self {
            sync,
            mapping,
            mask_emails,
            snapshot,
            rules: ready(mapping, &snapshot.describe, sync.pack),
            terms: terms(sync, mapping, mask_emails, snapshot),
        }
    }

    /// A digest of it, and of the program that compares: where it is the same, the same customer and
    /// the same record give the same row.
    pub(crate) fn terms(&self) -> &str {
        &self.terms
    }

    /// The currencies of the rows, none yet.
    pub(crate) fn currencies(&self) -> Currencies {
        Currencies::of(&self.snapshot.describe, self.snapshot.currency)
    }

    /// What a customer's values are derived from.
    pub(crate) fn facts<'b>(&self, bundle: &'b CustomerBundle) -> Facts<'b> {
        Facts {
            customer: &bundle.customer,
            subscription: speaks::choose(bundle, &self.sync.speaker).map(|it| it.chosen),
            members: &bundle.members,
            mask_emails: self.mask_emails,
        }
    }

    /// The row of a customer.
    pub(crate) fn row<L: Cache>(
        &self,
        ledger: &L,
        facts: Facts<'_>,
        opposite: &Opposite,
    ) -> Result<PlanRow, LedgerError> {
        let record = opposite.record.as_ref();
        let against = |base: &BTreeMap<_, _>| {
            row(&RowInput {
                rules: &self.rules,
                describe: &self.snapshot.describe,
                policy: self.sync.account_policy,
                facts,
                matched: &opposite.matched,
                record,
                base,
            })
        };
        let row = against(&BTreeMap::new());
        // What was last written matters only where something differs: seldom, mostly.
        Ok(match record {
            Some(record) if !row.changes.is_empty() => {
                against(&ledger.base(self.sync.id, &record.id)?)
            }
            _ => row,
        })
    }

    /// What the row's amounts are in.
    pub(crate) fn amounts(
        &self,
        row: &PlanRow,
        facts: &Facts<'_>,
        opposite: &Opposite,
    ) -> Option<Amounts> {
        let record = opposite.record.as_ref();
        Amounts::of(row, facts, self.mapping, &self.snapshot.describe, record)
    }

    /// The row as one that need not be computed again while nothing changes that it is made from.
    /// Where customers are rolled up it is made from several, and none is.
    pub(crate) fn agreed(&self, row: &PlanRow, amounts: Option<Amounts>) -> Option<Agreed> {
        let agrees = row.action == Action::Unchanged
            && row.matched_by == Some(MatchedBy::ExternalId)
            && !self.sync.pack.rolls_up();
        agrees.then(|| Agreed {
            row: row.clone(),
            amounts: amounts.map(|amounts| amounts.of),
        })
    }
}

fn terms(sync: &Sync, mapping: &Mapping, mask_emails: bool, snapshot: &Snapshot) -> String {
    let Snapshot {
        describe, currency, ..
    } = snapshot;
    let Sync {
        pack,
        account_policy,
        speaker,
        ..
    } = sync;
    let all = (
        env!("CARGO_PKG_VERSION"),
        (pack, account_policy, speaker),
        (mapping, mask_emails),
        (describe, currency),
    );
    let all = serde_json::to_vec(&all).unwrap_or_default();
    format!("{:x}", Sha256::digest(all))
}
