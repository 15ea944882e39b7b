//! What matching finds for a customer, and what a person decides about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{CustomerId, MatchedBy, Reason, RecordId};

/// The record a customer found, or why it found none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Matched {
    /// Exactly one record.
    Found {
        /// The record.
        record: RecordId,
        /// How.
        by: MatchedBy,
    },
    /// None.
    NotFound,
    /// None for certain: a person must choose among these, best first.
    Proposed {
        /// What may be its record; never empty.
        proposals: Vec<Proposal>,
    },
    /// Something a person must settle.
    Conflict {
        /// What it is.
        reason: Reason,
    },
    /// None, because a person decided so.
    Decided {
        /// Which of the decisions that link nothing.
        apart: Apart,
    },
}

/// A decision that links a customer to no existing record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// The customer gets a record of its own, whatever the sync's policy says.
    CreateNew,
    /// The customer is left out of the sync.
    Ignore,
}

/// What a person decided about a customer's record; remembered until it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MatchDecision {
    /// It is this record.
    Accept {
        /// The record.
        record: RecordId,
    },
    /// It is none of them.
    Apart {
        /// What happens instead.
        apart: Apart,
    },
}

/// A record that may be the customer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The record.
    pub record: RecordId,
    /// Its name, as it was read.
    pub name: Option<String>,
    /// How likely, from 1 to 99: what the evidence leaves of the doubt, in percent.
    pub score: u8,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// The customer whose id the record already carries.
    pub taken_by: Option<CustomerId>,
}

/// One thing that speaks for a proposal. [`fmt::Display`] gives the words a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// The same e-mail address, which is no proof: other records have it too, or something else
    /// speaks for another.
    Email {
        /// The address.
        address: String,
    },
    /// The same website or e-mail domain.
    Domain {
        /// The domain.
        domain: String,
    },
    /// The same name but for legal form, case, punctuation and accents.
    Name {
        /// The record's name.
        name: String,
    },
    /// The same postal code.
    PostalCode {
        /// The code.
        code: String,
    },
    /// It was the customer's in the sandbox before the refresh.
    FormerLink,
    /// The same city.
    City {
        /// The city.
        city: String,
    },
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email { address } => write!(f, "the address {address}"),
            Self::Domain { domain } => write!(f, "the domain {domain}"),
            Self::Name { name } => write!(f, "the name “{name}”"),
            Self::PostalCode { code } => write!(f, "the postal code {code}"),
            Self::FormerLink => f.write_str("linked before the sandbox was refreshed"),
            Self::City { city } => write!(f, "the city {city}"),
        }
    }
}
