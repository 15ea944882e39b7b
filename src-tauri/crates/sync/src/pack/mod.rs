//! Field packs: what a source can fill, and how each value comes about.
//!
//! A derivation is a named, pure function with a sentence that explains it. The mapping refers to
//! it by name.

mod alguna;
mod profitwell;
mod profitwell_account;
mod shared;

use drawbridge_model::{
    BlankPolicy, CustomField, Customer, Derived, FieldName, FieldPackage, FieldRule, LengthPolicy,
    Mapping, Pack, SObjectName, Subscription, WritePolicy,
};

/// What a derivation sees of one customer.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The customer.
    pub customer: &'a Customer,
    /// The subscription that speaks for it.
    pub subscription: Option<&'a Subscription>,
    /// Those whose figures are added up in the customer, by id; empty where it stands alone.
    pub members: &'a [Customer],
    /// Whether e-mail addresses are masked with `.invalid`.
    pub mask_emails: bool,
}

/// Kind of a derived value, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Text.
    Text,
    /// An amount or number.
    Decimal,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
}

impl SourceKind {
    /// The word on a badge.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Decimal => "Decimal",
            Self::Date => "Date",
            Self::DateTime => "Date/Time",
        }
    }
}

/// One line of how a value comes about: what it is, and its figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub label: String,
    /// Its figure or text.
    pub value: String,
}

impl Step {
    fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// A named way to get a value out of what the source knows.
#[derive(Clone, Copy, Debug)]
pub struct Derivation {
    /// Its name in mappings, such as `subscription.value`.
    pub name: &'static str,
    /// Its label, such as `Value per interval`.
    pub label: &'static str,
    /// One sentence on how it comes about.
    pub explanation: &'static str,
    /// What kind of value it gives.
    pub kind: SourceKind,
    /// The function.
    pub derive: fn(&Facts<'_>) -> Derived,
    /// The steps in between, for the explanation of one value.
    pub steps: fn(&Facts<'_>) -> Vec<Step>,
}

/// The derivations of a pack, in the order people read them.
pub fn derivations(pack: Pack) -> &'static [Derivation] {
    match pack {
        Pack::Alguna => alguna::DERIVATIONS,
        Pack::Profitwell => profitwell::DERIVATIONS,
        Pack::ProfitwellAccount => profitwell_account::DERIVATIONS,
    }
}

/// The derivation of that name.
pub fn derivation(pack: Pack, name: &str) -> Option<&'static Derivation> {
    derivations(pack)
        .iter()
        .find(|derivation| derivation.name == name)
}

/// The custom fields a pack needs, with their permission set.
pub fn field_package(pack: Pack) -> FieldPackage {
    match pack {
        Pack::Alguna => alguna::field_package(),
        Pack::Profitwell => profitwell::field_package(),
        Pack::ProfitwellAccount => profitwell_account::field_package(),
    }
}

/// The field of a Contact that carries a customer's id, where Accounts are filled with what their
/// Contacts' customers come to.
pub(crate) fn id_on_contact(pack: Pack) -> Option<FieldName> {
    pack.rolls_up()
        .then(|| profitwell::default_mapping().external_id)
}

/// The mapping a new sync begins with.
pub fn default_mapping(pack: Pack) -> Mapping {
    match pack {
        Pack::Alguna => alguna::default_mapping(),
        Pack::Profitwell => profitwell::default_mapping(),
        Pack::ProfitwellAccount => profitwell_account::default_mapping(),
    }
}

/// A compact table of default rules: source, field, write, blank, length.
type RuleTable = [(
    &'static str,
    &'static str,
    WritePolicy,
    BlankPolicy,
    LengthPolicy,
)];

fn rules(table: &RuleTable) -> Vec<FieldRule> {
    table
        .iter()
        .map(|(source, field, write, blank, length)| FieldRule {
            source: (*source).to_owned(),
            field: FieldName::from(*field),
            write: *write,
            blank: *blank,
            length: *length,
        })
        .collect()
}

fn custom_field(
    sobject: &str,
    name: &str,
    label: &str,
    kind: drawbridge_model::CustomFieldKind,
    description: &str,
) -> CustomField {
    CustomField {
        sobject: SObjectName::from(sobject),
        name: FieldName::from(name),
        label: label.to_owned(),
        kind,
        description: description.to_owned(),
    }
}
