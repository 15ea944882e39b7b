//! Writing a mapping: one rule on samples, what may be used, proposals, other versions, files.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CellView, MappingProblemView, RuleDraft};

/// Tries one rule on customers as they were last read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingTryRequest {
    /// Which sync.
    pub sync: u32,
    /// The rule.
    pub rule: RuleDraft,
    /// Only customers with a word that begins so; empty for all.
    pub search: String,
    /// How many customers to pass over.
    pub offset: u32,
}

/// What a rule comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingTryView {
    /// What is wrong with the rule, by place in its expression.
    pub problems: Vec<TryProblem>,
    /// What it gives for up to five customers.
    pub samples: Vec<TrySample>,
    /// How many customers there are.
    pub total: u32,
    /// What the field takes, as the org has it; `null` when the org lacks it.
    pub field_kind: Option<String>,
}

/// One thing wrong with a rule, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TryProblem {
    /// The problem.
    pub problem: MappingProblemView,
    /// The line of the expression, from 1.
    pub line: Option<u32>,
    /// The character of the line, from 1.
    pub column: Option<u32>,
}

/// What a rule gives for one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrySample {
    /// The customer's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What would be written; `null` when nothing is.
    pub value: Option<CellView>,
    /// Why nothing is written.
    pub why_not: Option<String>,
    /// Whether the record is blocked for that reason, rather than the field left alone.
    pub blocked: bool,
}

/// Everything a rule may be made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingTermsView {
    /// The source's values, by name.
    pub values: Vec<SourceValueView>,
    /// Names an expression may use.
    pub names: Vec<TermView>,
    /// Filters an expression may use.
    pub filters: Vec<TermView>,
    /// Tests an expression may use.
    pub tests: Vec<TermView>,
}

/// A value the source gives by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceValueView {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// One sentence on how it is derived.
    pub explanation: String,
    /// Its kind: `Text`, `Date`, `Date/Time`, `Decimal`.
    pub kind: String,
}

/// A word of expressions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TermView {
    /// Its name.
    pub name: String,
    /// How it is written.
    pub usage: String,
    /// One line on what it is or does.
    pub explanation: String,
}

/// A field a rule may fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldChoiceView {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Type, as the org has it.
    pub kind: String,
    /// Whether the org made it.
    pub custom: bool,
    /// Whether new records need it.
    pub required: bool,
}

/// Asks which rules the describe invites, besides these.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingProposalsRequest {
    /// Which sync.
    pub sync: u32,
    /// The rules there are.
    pub rules: Vec<RuleDraft>,
}

/// A rule that could be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleProposalView {
    /// The rule.
    pub rule: RuleDraft,
    /// Label of its field.
    pub field_label: String,
    /// Type of its field.
    pub field_kind: String,
    /// Label of its source value.
    pub source_label: String,
    /// Why it is proposed, in one sentence.
    pub because: String,
}

/// One version of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingVersionView {
    /// Its number.
    pub version: u32,
    /// When it was saved, where that was noted.
    pub saved_at: Option<String>,
    /// How many rules it has.
    pub rules: u32,
    /// What changed from the version before; empty for the first.
    pub differences: Vec<RuleDifferenceView>,
}

/// A field whose rule differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleDifferenceView {
    /// API name of the field.
    pub field: String,
    /// How it differs.
    pub kind: DifferenceKindView,
    /// What differs, one short sentence each.
    pub sentences: Vec<String>,
}

/// How a rule differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKindView {
    /// It was added.
    Added,
    /// It was removed.
    Removed,
    /// It is another one.
    Changed,
}

/// Asks for an earlier version.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingVersionRequest {
    /// Which sync.
    pub sync: u32,
    /// Which version.
    pub version: u32,
}

/// Reads a mapping file without saving it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MappingReadRequest {
    /// Which sync it is for.
    pub sync: u32,
    /// The file's text.
    pub text: String,
}

/// Another mapping beside the saved one: an earlier version, or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OtherMappingView {
    /// Its rules; none when a file could not be read.
    pub rules: Vec<RuleDraft>,
    /// What would change if it took the place of the saved one.
    pub differences: Vec<RuleDifferenceView>,
    /// What is wrong with it, in this org.
    pub problems: Vec<MappingProblemView>,
    /// Whether it can take the place of the saved one.
    pub usable: bool,
}

/// A mapping as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingFileView {
    /// The text.
    pub text: String,
    /// Where it was saved, when it was.
    pub path: Option<String>,
}
