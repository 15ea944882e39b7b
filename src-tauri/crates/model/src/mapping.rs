//! What goes where: a sync, its mapping, and the policies of each field rule.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, FieldName, SObjectName, SpeakerRule, SyncId};

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
    /// Which subscription speaks for a customer that has several.
    #[serde(default)]
    pub speaker: SpeakerRule,
}

/// A set of fields a source can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pack {
    /// Alguna's customer and subscription on Account.
    Alguna,
    /// ProfitWell's customer on Contact.
    Profitwell,
    /// ProfitWell's customers on Account, those that share one added up.
    ProfitwellAccount,
}

impl Pack {
    /// Whether customers may share a record, which then holds them added up. Such a record carries
    /// no single customer's id: it is found through its Contacts, and never made.
    pub fn rolls_up(self) -> bool {
        match self {
            Self::Alguna | Self::Profitwell => false,
            Self::ProfitwellAccount => true,
        }
    }
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
    /// The field that carries the customer's id; where customers are rolled up, the ids of all.
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
    /// What gives the value: the name of a derivation, such as `subscription.value`, or an
    /// expression, such as `{{ customer.name | trim }}`. [`FieldRule::reads`] tells which.
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

impl FieldRule {
    /// Whether the source is a name or an expression. No name has braces, so the text alone tells,
    /// and mappings stored before there were expressions read as they did.
    pub fn reads(&self) -> RuleSource<'_> {
        RuleSource::of(&self.source)
    }
}

/// What gives a field its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSource<'a> {
    /// A derivation, by its name.
    Value(&'a str),
    /// An expression: text with `{{ … }}`, `{% … %}` or `{# … #}` in it.
    Expression(&'a str),
}

impl<'a> RuleSource<'a> {
    /// Tells by the text.
    pub fn of(source: &'a str) -> Self {
        if ["{{", "{%", "{#"].iter().any(|open| source.contains(open)) {
            Self::Expression(source)
        } else {
            Self::Value(source)
        }
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// As versions before expressions stored it, byte for byte.
    const STORED_BEFORE: &str = r#"{"version":3,"sobject":"Account","external_id":"Alguna_Customer_ID__c","rules":[{"source":"customer.id","field":"Alguna_Customer_ID__c","write":"always","blank":"leave","length":"block"},{"source":"subscription.name","field":"Alguna_Subscription_Name__c","write":"if_empty","blank":"clear","length":"shorten"}]}"#;

    #[test]
    fn a_mapping_stored_before_expressions_still_loads() {
        let mapping: Mapping = serde_json::from_str(STORED_BEFORE).unwrap();
        assert_eq!(mapping.rules[1].write, WritePolicy::IfEmpty);
        assert_eq!(
            mapping.rules[1].reads(),
            RuleSource::Value("subscription.name")
        );
        assert_eq!(serde_json::to_string(&mapping).unwrap(), STORED_BEFORE);
    }

    #[test]
    fn braces_tell_an_expression_from_a_name() {
        for text in [
            "{{ customer.name }}",
            "Plan {{ x }}",
            "{% if x %}1{% endif %}",
            "{# why #}",
        ] {
            assert_eq!(RuleSource::of(text), RuleSource::Expression(text));
        }
        for text in ["customer.name", "", "{ customer }"] {
            assert_eq!(RuleSource::of(text), RuleSource::Value(text));
        }
    }
}
