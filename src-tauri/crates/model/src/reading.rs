//! How far the records of a sync were read, and what is known of those that are gone.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{FieldName, RecordId, SObjectName};

/// What a reading read. Another basis needs a reading of everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadBasis {
    /// Which org.
    pub org: RecordId,
    /// Which sObject.
    pub sobject: SObjectName,
    /// Which fields of it, in order.
    pub fields: Vec<FieldName>,
    /// The field customers are found by.
    pub external_id: FieldName,
    /// Number of the rules by which match keys are made of records.
    pub keys: u32,
}

/// How far the records of a sync were read. Kept only once everything it covers is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// What was read.
    pub basis: ReadBasis,
    /// Everything saved up to here is in the cache; by the org's clock.
    pub through: Timestamp,
    /// When everything was last read; by our clock.
    pub full_at: Timestamp,
}

impl ReadMark {
    /// A save may become visible so much later than its stamp says, because a transaction takes
    /// its time (facts/salesforce.md §10).
    pub const OVERLAP: SignedDuration = SignedDuration::from_mins(5);
    /// How long changes alone are read. What leaves no trace (a record shared no longer, an emptied
    /// recycle bin) is found when everything is read.
    pub const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);

    /// The moment from which changes are to be read; `None` when everything is: it was another
    /// basis, or too long ago.
    pub fn since(&self, basis: &ReadBasis, now: Timestamp) -> Option<Timestamp> {
        let age = now.duration_since(self.full_at);
        let fresh = !age.is_negative() && age < Self::GOOD_FOR;
        (fresh && self.basis == *basis)
            .then(|| self.through.checked_sub(Self::OVERLAP).ok())
            .flatten()
    }
}

/// A record that was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneRecord {
    /// Its id.
    pub id: RecordId,
    /// When, by the org's clock.
    pub at: Timestamp,
    /// The record it was merged into (`MasterRecordId`), when that is why.
    pub merged_into: Option<RecordId>,
}

/// The record a customer was linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedLink {
    /// The record.
    pub record: RecordId,
    /// By whom.
    pub by: LinkedBy,
}

/// Who linked a customer to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkedBy {
    /// A run, or matching: what was found, and is remembered.
    Run,
    /// A person, on purpose.
    Person,
    /// Somebody, in the sandbox before it was refreshed, and the record was not found again for
    /// certain.
    BeforeRefresh,
}

/// The keys that one record gives to others, such as a Contact to its Account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenKeys {
    /// The giving record.
    pub by: RecordId,
    /// Which record carries which key because of it.
    pub keys: Vec<(crate::MatchKey, RecordId)>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn basis(field: &str) -> ReadBasis {
        ReadBasis {
            org: RecordId::parse("00D5e0000000001").unwrap(),
            sobject: SObjectName::from("Account"),
            fields: vec![FieldName::from(field)],
            external_id: FieldName::from("Id__c"),
            keys: 1,
        }
    }

    #[test]
    fn changes_alone_are_read_while_the_mark_holds() {
        let mark = ReadMark {
            basis: basis("Name"),
            through: "2026-11-20T12:00:00Z".parse().unwrap(),
            full_at: "2026-11-20T13:00:00Z".parse().unwrap(),
        };
        let since = |basis: &ReadBasis, now: &str| mark.since(basis, now.parse().unwrap());
        let overlapped = "2026-11-20T11:55:00Z".parse().ok();
        assert_eq!(since(&basis("Name"), "2026-11-21T12:59:59Z"), overlapped);
        assert_eq!(since(&basis("Name"), "2026-11-21T13:00:00Z"), None, "a day");
        assert_eq!(
            since(&basis("Name"), "2026-11-20T12:59:59Z"),
            None,
            "clock set back"
        );
        assert_eq!(
            since(&basis("Phone"), "2026-11-20T14:00:00Z"),
            None,
            "fields"
        );
        let mut copy = basis("Name");
        copy.org = RecordId::parse("00D5e0000000002").unwrap();
        assert_eq!(since(&copy, "2026-11-20T14:00:00Z"), None, "org");
    }
}
