//! What an org says about an object type: its fields and what the signed-in user may do with them.

use serde::{Deserialize, Serialize};

use crate::{FieldName, SObjectName};

/// The describe of one sObject, as the signed-in user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Describe {
    /// Which sObject.
    pub sobject: SObjectName,
    /// Its label.
    pub label: String,
    /// Whether the user may create records.
    pub createable: bool,
    /// Whether the user may change records.
    pub updateable: bool,
    /// The fields the user can see. A field without read access is absent.
    pub fields: Vec<Field>,
}

impl Describe {
    /// The field of that API name; Salesforce does not tell upper from lower case here.
    pub fn field(&self, name: &FieldName) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.name.0.eq_ignore_ascii_case(&name.0))
    }
}

/// One field.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the flags are Salesforce's, one word each"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// API name.
    pub name: FieldName,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Longest text it takes, in characters; 0 for other kinds.
    pub length: u32,
    /// Digits in all, for numbers.
    pub precision: u32,
    /// Digits after the point, for numbers.
    pub scale: u32,
    /// Whether the user may set it on a new record.
    pub createable: bool,
    /// Whether the user may change it.
    pub updateable: bool,
    /// Whether it may be empty.
    pub nillable: bool,
    /// Whether Salesforce fills it on a new record.
    pub defaulted_on_create: bool,
    /// Whether records can be found by it.
    pub external_id: bool,
    /// Whether no two records may share a value.
    pub unique: bool,
    /// Whether `a` and `A` are different values to [`Field::unique`].
    pub case_sensitive: bool,
    /// Whether the org made it (its name ends in `__c`).
    pub custom: bool,
    /// The only values it takes, for a restricted picklist.
    pub restricted_values: Option<Vec<String>>,
}

impl Field {
    /// Whether a new record must carry it.
    pub fn required_on_create(&self) -> bool {
        self.createable && !self.nillable && !self.defaulted_on_create
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Plain text, including text areas and phone numbers.
    Text,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// One value of a list.
    Picklist,
    /// A whole or decimal number, or a percentage.
    Number,
    /// An amount of money.
    Currency,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// A checkbox.
    Boolean,
    /// A record id: the record's own or another's.
    Reference,
    /// A kind Drawbridge does not write.
    Other,
}
