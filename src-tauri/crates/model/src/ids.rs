//! Identifiers. Each is its own type, so that a run number cannot be passed for a plan number and a
//! billing id cannot be passed for a Salesforce id.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )*};
}

number_id! {
    /// A configured connection to an org or a billing source.
    ConnectionId,
    /// A configured pair of source and org.
    SyncId,
    /// One computed plan.
    PlanId,
    /// One execution of an approved plan.
    RunId,
    /// One import of Accounts into a billing system.
    ImportId,
    /// One or more operations in a billing system, carried out together.
    BatchId,
    /// One call made by hand to a billing system's API.
    ApiCallId,
}

text_id! {
    /// The billing system's id of a customer. Opaque and case-sensitive.
    CustomerId,
    /// The billing system's id of a subscription. Opaque and case-sensitive.
    SubscriptionId,
    /// The API name of a Salesforce object type, such as `Account`.
    SObjectName,
    /// The API name of a field, such as `Alguna_Customer_ID__c`.
    FieldName,
}

/// Why a text is not a Salesforce id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” is not a Salesforce id: it needs 15 or 18 letters and digits")]
pub struct IdError(pub String);

/// A Salesforce record id, always kept in its 18-character form.
///
/// The 15-character form is case-sensitive; the last three characters of the long form are a
/// checksum of the case of the first fifteen. Two ids are equal exactly when their first fifteen
/// characters are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// Reads a 15- or 18-character id. The checksum of a long one is computed anew, because some
    /// tools change its case.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let bytes = text.as_bytes();
        let well_formed =
            matches!(bytes.len(), 15 | 18) && bytes.iter().all(u8::is_ascii_alphanumeric);
        if !well_formed {
            return Err(IdError(text.to_owned()));
        }
        Ok(Self(format!("{}{}", &text[..15], checksum(&bytes[..15]))))
    }

    /// The 18-character form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the id of an Account (key prefix `001`).
    pub fn is_account(&self) -> bool {
        self.0.starts_with("001")
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn checksum(fifteen: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    fifteen
        .chunks(5)
        .map(|chunk| {
            let bits = chunk.iter().enumerate().fold(0, |bits, (at, byte)| {
                bits | (usize::from(byte.is_ascii_uppercase()) << at)
            });
            char::from(ALPHABET[bits])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_id_gets_its_checksum() {
        assert_eq!(
            RecordId::parse("0017e00001W4GYR").unwrap().as_str(),
            "0017e00001W4GYRAA3"
        );
        assert_eq!(
            RecordId::parse("012000000000000").unwrap().as_str(),
            "012000000000000AAA"
        );
    }

    #[test]
    fn ids_that_differ_only_in_case_differ() {
        assert_ne!(
            RecordId::parse("0017e00001W4GYR").unwrap(),
            RecordId::parse("0017e00001w4gyr").unwrap()
        );
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "001",
            "0017e00001W4GY!",
            "0017e00001W4GYRA",
            "ä017e00001W4GY",
        ] {
            assert!(RecordId::parse(text).is_err(), "{text}");
        }
    }
}
