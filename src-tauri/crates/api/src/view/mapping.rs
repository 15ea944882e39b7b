//! The mapping of a sync.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ErrorView;

/// When a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WritePolicyView {
    /// Whenever it differs.
    Always,
    /// Only while it is empty in Salesforce.
    IfEmpty,
    /// Only if nobody changed it since the last sync.
    IfUnchanged,
    /// Never: switched off.
    Never,
}

/// What a blank source value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BlankPolicyView {
    /// The field keeps its value.
    Leave,
    /// The field becomes empty.
    Clear,
}

/// What a text that is too long does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LengthPolicyView {
    /// The record is blocked.
    Block,
    /// The text is shortened, visibly.
    Shorten,
}

/// How far a problem reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SeverityView {
    /// No plan is made until it is solved.
    Stops,
    /// Plans are made; the records it touches are blocked or rejected.
    Blocks,
    /// It works, and may not be what was meant.
    Warns,
}

/// One thing wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingProblemView {
    /// How far it reaches.
    pub severity: SeverityView,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do about it, as a sentence.
    pub next_step: String,
}

/// A field rule as a person writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleDraft {
    /// API name of the field.
    pub field: String,
    /// Name of a source value, or an expression; empty while nothing feeds the field.
    pub source: String,
    /// When it is written.
    pub write: WritePolicyView,
    /// What blank does.
    pub blank: BlankPolicyView,
    /// What too long does.
    pub length: LengthPolicyView,
}

/// One field rule with what a person needs to judge it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing a row shows"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleView {
    /// Name of the source value, such as `subscription.value`, or the expression.
    pub source: String,
    /// Whether the source is an expression.
    pub expression: bool,
    /// Its label, such as `Value per interval`.
    pub source_label: String,
    /// One sentence on how it is derived.
    pub explanation: String,
    /// Kind of the source value: `Text`, `Date`, `Date/Time`, `Decimal`, `Expression`.
    pub source_kind: String,
    /// The value for the sample customer; `null` when the source does not say.
    pub sample: Option<CellView>,
    /// Why the sample customer's value cannot be written.
    pub sample_problem: Option<String>,
    /// API name of the field.
    pub field: String,
    /// Label of the field, as the org has it.
    pub field_label: String,
    /// Type of the field, as the org has it: `Text 255`, `Currency 8, 2`; `null` when missing.
    pub field_kind: Option<String>,
    /// Whether it is the external ID, whose rule cannot be switched.
    pub external_id: bool,
    /// Whether texts can be too long at all.
    pub has_length: bool,
    /// Whether new records need the field.
    pub required: bool,
    /// When it is written.
    pub write: WritePolicyView,
    /// What blank does.
    pub blank: BlankPolicyView,
    /// What too long does.
    pub length: LengthPolicyView,
    /// Everything wrong with the rule against the org's describe.
    pub problems: Vec<MappingProblemView>,
}

/// One value for people: its text, and how to set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CellView {
    /// `blank`, `text`, `number`, `money`, `flag`, `date` or `moment`.
    pub kind: CellKind,
    /// Text, decimal text, or ISO date; empty when blank.
    pub text: String,
}

/// How to set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// There is no value.
    Blank,
    /// Text.
    Text,
    /// A decimal number.
    Number,
    /// An amount: two decimals always.
    Money,
    /// A checkbox.
    Flag,
    /// A day: `2027-03-01`.
    Date,
    /// An instant: `2027-03-01T00:00:00Z`.
    Moment,
}

/// The mapping of a sync, saved or as it is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingView {
    /// The version that is saved.
    pub version: u32,
    /// The sObject it fills.
    pub sobject: String,
    /// Its rules.
    pub rules: Vec<RuleView>,
    /// What is wrong with the mapping as a whole.
    pub problems: Vec<MappingProblemView>,
    /// The customer the samples are of.
    pub sample_customer: Option<SampleCustomer>,
    /// How many customers there are to sample.
    pub sample_total: u32,
    /// What stands in place of the org's answer, where there is none: nothing is checked then.
    pub unreached: Option<UnreachedView>,
}

/// What is shown in place of an org's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnreachedView {
    /// Why the org could not be asked; `null` when only what is stored was wanted.
    pub why: Option<ErrorView>,
    /// When the fields that are shown were read; `null` when they never were.
    pub fields_at: Option<String>,
}

/// What became of a mapping file that was read in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedMappingView {
    /// Whether it made a new version: not where it says what was saved already.
    pub saved: bool,
    /// The mapping as it is saved now.
    #[serde(flatten)]
    pub mapping: MappingView,
}

/// The customer samples are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SampleCustomer {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its place in the list, from 0.
    pub index: u32,
}

/// Asks for the mapping.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingRequest {
    /// Which sync.
    pub sync: u32,
    /// Which customer to sample, by place in the list.
    pub sample: u32,
    /// Only what is stored, without asking the org.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub stored: bool,
}

/// Asks how rules that are not saved would do.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingCheckRequest {
    /// Which sync.
    pub sync: u32,
    /// All rules, in their order.
    pub rules: Vec<RuleDraft>,
    /// Which customer to sample, by place in the list.
    pub sample: u32,
}

/// Saves rules as a new version.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingSaveRequest {
    /// Which sync.
    pub sync: u32,
    /// The version the changes were made on: another one is refused.
    pub based_on: u32,
    /// All rules, in their order.
    pub rules: Vec<RuleDraft>,
}
