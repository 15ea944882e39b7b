//! What goes where: a sync, its mapping, and the policies of each field rule.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, FieldName, SObjectName, SyncId};

/// A configured pair of one source and one org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// Its number.
    pub id: SyncId,
    /// The name its user gave it; unique.
    pub name: String,
    /// Where the customers come from.
    pub source: ConnectionId,
    /// Where the records are.
    pub org: ConnectionId,
    /// Which fields it fills.
    pub pack: Pack,
    /// Whether the source may create records.
    pub account_policy: AccountPolicy,
    /// Whether e-mail addresses are written with `.invalid` in a sandbox, so that nobody gets mail.
    pub mask_emails: bool,
}

/// A set of fields a source can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pack {
    /// Alguna's customer and subscription on Account.
    Alguna,
    /// ProfitWell's customer on Contact.
    Profitwell,
}

/// What happens to a customer that has no record yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountPolicy {
    /// It is skipped.
    UpdateExisting,
    /// A record is created.
    SourceMayCreate,
}

/// How source values become one sObject's fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Its version; each save makes a new one.
    pub version: u32,
    /// Which sObject it fills.
    pub sobject: SObjectName,
    /// The field that carries the customer's id.
    pub external_id: FieldName,
    /// Its field rules, in the order people read them.
    pub rules: Vec<FieldRule>,
}

impl Mapping {
    /// The rules that may write.
    pub fn active_rules(&self) -> impl Iterator<Item = &FieldRule> {
        self.rules
            .iter()
            .filter(|rule| rule.write != WritePolicy::Never)
    }
}

/// One line of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    /// Name of the derivation that gives the value, such as `subscription.value`.
    pub source: String,
    /// The field it fills.
    pub field: FieldName,
    /// When it is written.
    pub write: WritePolicy,
    /// What a blank source value does.
    pub blank: BlankPolicy,
    /// What a text that is too long does.
    pub length: LengthPolicy,
}

/// When a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WritePolicy {
    /// Whenever it differs.
    Always,
    /// Only while the field is empty in Salesforce.
    IfEmpty,
    /// Only if Salesforce still holds what Drawbridge last wrote, or nothing.
    IfUnchanged,
    /// Never: the rule is switched off.
    Never,
}

/// What a value that the source states to be blank does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlankPolicy {
    /// The field keeps its value.
    Leave,
    /// The field becomes empty.
    Clear,
}

/// What a text longer than its field does. Never silently cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthPolicy {
    /// The record is blocked.
    Block,
    /// The text is shortened, and the preview shows it so.
    Shorten,
}
