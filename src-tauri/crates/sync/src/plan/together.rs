//! Values that belong together: a record never holds half of one subscription and half of another,
//! nor half of one address and half of another.

use std::collections::BTreeMap;

use drawbridge_model::{
    Change, Decision, FieldName, FieldRule, Mapping, PlanRow, Record, RuleSource, Value,
    WritePolicy,
};

use super::row::compare;
use crate::mapping::{Ready, Wanted, same};

/// The value that names the subscription of a record.
const NAMES_SUBSCRIPTION: &str = "subscription.id";

/// In a sentence, that another subscription comes to speak for the record of a row.
pub fn another_speaks(mapping: &Mapping, row: &PlanRow) -> Option<String> {
    let rule = mapping
        .active_rules()
        .find(|rule| rule.reads() == RuleSource::Value(NAMES_SUBSCRIPTION))?;
    let change = row.changes.iter().find(|it| it.field == rule.field)?;
    let (before, after) = (&change.before, &change.after);
    (!before.is_blank() && !after.is_blank()).then(|| {
        format!(
            "So far {before} spoke for this record. What was said of it goes, also where the same \
             is not known of {after}."
        )
    })
}

/// What each rule comes to for one record, beside what stands there and what was last written.
pub(super) struct Together<'a> {
    pub(super) wanted: Vec<(&'a Ready<'a>, Wanted)>,
    pub(super) record: &'a Record,
    pub(super) base: &'a BTreeMap<FieldName, Value>,
}

impl Together<'_> {
    /// The changes to the record, in the order of the rules.
    pub(super) fn changes(&self) -> Vec<Change> {
        let other_speaks = self.another_subscription_speaks();
        let addresses = self.addresses_that_stand();
        self.wanted
            .iter()
            .filter_map(|(ready, wanted)| {
                let rule = ready.rule;
                if other_speaks && ready.reads_subscription() {
                    return self.replace(rule, wanted);
                }
                let stands = rule.write == WritePolicy::IfEmpty
                    && address_of(&rule.field).is_some_and(|it| addresses.contains(&it));
                if stands {
                    return None;
                }
                self.change(rule, wanted)
            })
            .collect()
    }

    /// The change of a rule by itself.
    fn change(&self, rule: &FieldRule, wanted: &Wanted) -> Option<Change> {
        let Wanted::Write(after) = wanted else {
            return None;
        };
        compare(rule, rule.write, self.record, after, self.base)
    }

    /// The same where the value that stands there is another subscription's: it goes, also where
    /// nothing is known of this one. What somebody wrote over ours stays theirs.
    fn replace(&self, rule: &FieldRule, wanted: &Wanted) -> Option<Change> {
        let after = match wanted {
            Wanted::Write(after) => after,
            Wanted::NotKnown | Wanted::BlankLeft => &Value::Blank,
        };
        let is_ours = |base: &Value| same(base, self.record.value(&rule.field));
        let policy = match rule.write {
            WritePolicy::IfEmpty if self.base.get(&rule.field).is_none_or(is_ours) => {
                WritePolicy::Always
            }
            other => other,
        };
        compare(rule, policy, self.record, after, self.base)
    }

    /// Whether the record names a subscription, and will name another one.
    fn another_subscription_speaks(&self) -> bool {
        self.wanted
            .iter()
            .filter(|(ready, _)| ready.rule.reads() == RuleSource::Value(NAMES_SUBSCRIPTION))
            .filter_map(|(ready, wanted)| self.change(ready.rule, wanted))
            .any(|change| {
                let is_named = !change.before.is_blank() && !change.after.is_blank();
                is_named && change.decision == Decision::Write
            })
    }

    /// Addresses of which the record will still have another part than the rules give.
    fn addresses_that_stand(&self) -> Vec<&'static str> {
        self.wanted
            .iter()
            .filter_map(|(ready, wanted)| {
                let address = address_of(&ready.rule.field)?;
                let before = self.record.value(&ready.rule.field);
                let differs = match wanted {
                    Wanted::Write(after) => {
                        let change = self.change(ready.rule, wanted);
                        let goes = change.is_some_and(|it| it.decision == Decision::Write);
                        !goes && !same(before, after)
                    }
                    Wanted::NotKnown | Wanted::BlankLeft => true,
                };
                (!before.is_blank() && differs).then_some(address)
            })
            .collect()
    }
}

/// The standard address of an Account or Contact that a field is a part of.
fn address_of(field: &FieldName) -> Option<&'static str> {
    const ADDRESSES: [&str; 4] = ["Billing", "Shipping", "Mailing", "Other"];
    const PARTS: [&str; 7] = [
        "Street",
        "City",
        "State",
        "StateCode",
        "PostalCode",
        "Country",
        "CountryCode",
    ];
    ADDRESSES.into_iter().find(|address| {
        field
            .as_str()
            .strip_prefix(address)
            .is_some_and(|part| PARTS.contains(&part))
    })
}
