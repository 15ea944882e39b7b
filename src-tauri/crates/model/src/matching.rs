//! What matching finds for a customer, and what a person decides about it.

use std::fmt;

use jiff::Timestamp;
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
    /// That customer, where the billing system no longer has it: then this one may be the same
    /// under a new id, and a person may have it take over the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<FormerCustomer>,
}

impl Proposal {
    /// Whether what speaks for the record is as good as what links a customer without a person: the
    /// billing system names it, or it is the only one with the address.
    pub fn is_exact(&self) -> bool {
        self.evidence
            .iter()
            .any(|clue| matches!(clue, Evidence::Named | Evidence::Email { .. }))
    }
}

/// A customer that the billing system gave once, and did not when everything was last read.
/// [`fmt::Display`] gives the words a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerCustomer {
    /// Its id.
    pub id: CustomerId,
    /// The words a person knew it by, where they are known.
    pub name: Option<String>,
    /// When it was found to be gone, where that is known.
    pub gone_at: Option<Timestamp>,
}

impl fmt::Display for FormerCustomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        if let Some(name) = self.name.as_ref().filter(|name| **name != self.id.0) {
            write!(f, " ({name})")?;
        }
        match self.gone_at {
            Some(at) => write!(
                f,
                ", which was in the billing system until {} and is not any more",
                at.strftime("%Y-%m-%d")
            ),
            None => f.write_str(", which is not in the billing system any more"),
        }
    }
}

/// A person's decision that a customer is a former one under a new id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takeover {
    /// The record that goes over.
    pub record: RecordId,
    /// Whose it was.
    pub former: FormerCustomer,
    /// Whose it is from then on.
    pub customer: CustomerId,
    /// When that was decided.
    pub at: Timestamp,
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
    /// The billing system names it as the customer's.
    Named,
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
            Self::Named => f.write_str("named by the billing system"),
            Self::City { city } => write!(f, "the city {city}"),
        }
    }
}
