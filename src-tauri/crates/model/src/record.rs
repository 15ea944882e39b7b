//! Salesforce records as they were read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{FieldName, RecordId, SObjectName, Value};

/// One record with the fields that were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which sObject.
    pub sobject: SObjectName,
    /// Its id.
    pub id: RecordId,
    /// The fields that were asked for; a field that is empty is [`Value::Blank`].
    pub values: BTreeMap<FieldName, Value>,
    /// `SystemModstamp`: moves with every save.
    pub modstamp: Timestamp,
    /// Name of the person who saved it last.
    pub modified_by: Option<String>,
    /// Id of that person.
    pub modified_by_id: Option<RecordId>,
    /// When that was.
    pub modified_at: Option<Timestamp>,
}

impl Record {
    /// A field's value; blank when it was not read.
    pub fn value(&self, field: &FieldName) -> &Value {
        self.values.get(field).unwrap_or(&Value::Blank)
    }

    /// The Account a Contact belongs to, where it was read.
    pub fn parent(&self) -> Option<RecordId> {
        match self.value(&FieldName::from("AccountId")) {
            Value::Text(id) if self.sobject.as_str() == "Contact" => RecordId::parse(id).ok(),
            _ => None,
        }
    }
}

/// Something a customer can find its record by. E-mail addresses are trimmed, in lower case and
/// without the `.invalid` a sandbox adds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum MatchKey {
    /// The customer's id in the external ID field; compared exactly.
    ExternalId(String),
    /// The record's own id.
    RecordId(RecordId),
    /// The e-mail address of the record, or of a Contact of the Account.
    Email(String),
    /// The host of the record's website or of such an e-mail address; never a free-mail host.
    Domain(String),
    /// The record's name in the form in which names are compared.
    Name(String),
}
