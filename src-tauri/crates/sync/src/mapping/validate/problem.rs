//! One thing wrong with a mapping: which rule, which field, what, and what to do.

use std::fmt;

use drawbridge_model::FieldName;

use crate::mapping::expression;

/// How far a problem reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// No plan is made until it is solved.
    Stops,
    /// Plans are made; the records it touches are blocked, or rejected by Salesforce.
    Blocks,
    /// It works, and may not be what was meant.
    Warns,
}

/// One thing wrong with a mapping. [`fmt::Display`] gives the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingProblem {
    /// The rule's place in the mapping, from 0; none for the mapping as a whole.
    pub rule: Option<usize>,
    /// The field it is about.
    pub field: Option<FieldName>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What can be wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The field does not exist, or the user cannot see it.
    FieldMissing {
        /// The nearest field there is.
        nearest: Option<FieldName>,
    },
    /// The org writes the field's name with other capitals. What is read from it is found by the
    /// exact name.
    SpelledOtherwise {
        /// As the org writes it.
        exact: FieldName,
    },
    /// The user may not edit the field.
    ReadOnly,
    /// The user may edit the field, but not set it on a new record, and records may be created.
    NotCreateable,
    /// Records may be created, but the user may not create any.
    ObjectNotCreateable,
    /// The field takes another kind of value.
    WrongKind {
        /// What the rule gives.
        gives: &'static str,
        /// What the field takes.
        takes: &'static str,
    },
    /// The text may be longer than the field.
    MayBeLong {
        /// Longest text, where there is a limit.
        longest: Option<u32>,
        /// Characters the field takes.
        max: u32,
    },
    /// The field has too few decimals for cents.
    CutsDecimals {
        /// Decimals the field has.
        scale: u32,
    },
    /// The field has few digits before the point.
    FewDigits {
        /// Digits it has before the point.
        digits: u32,
    },
    /// The restricted picklist lacks words the source uses.
    PicklistLacks {
        /// The words.
        words: Vec<String>,
    },
    /// An earlier rule fills the field too.
    FilledTwice,
    /// The rule names a value this version does not know.
    SourceUnknown {
        /// The name.
        name: String,
        /// The nearest known one.
        nearest: Option<&'static str>,
    },
    /// Something is wrong with the rule's expression.
    Expression(expression::Problem),
    /// New records need the field, and no rule fills it.
    RequiredUnfilled,
    /// The rule may empty a field that must not be empty.
    ClearsRequired,
    /// Records cannot be found by the external ID field.
    NotExternalId {
        /// What it is not, in words.
        lacks: Vec<&'static str>,
    },
    /// No rule always writes the customer's id as it is.
    IdNotWritten,
    /// What the rule gives did not fit the field for any of the customers it was tried on.
    NeverFits {
        /// How many customers.
        tried: usize,
        /// Why not, for the first of them.
        reason: String,
    },
}

impl MappingProblem {
    /// Which field it is about.
    pub fn field(&self) -> Option<&FieldName> {
        self.field.as_ref()
    }

    /// How far it reaches.
    pub fn severity(&self) -> Severity {
        match self.kind {
            ProblemKind::FieldMissing { .. }
            | ProblemKind::SpelledOtherwise { .. }
            | ProblemKind::ReadOnly
            | ProblemKind::FilledTwice
            | ProblemKind::SourceUnknown { .. }
            | ProblemKind::Expression(_)
            | ProblemKind::NotExternalId { .. }
            | ProblemKind::IdNotWritten => Severity::Stops,
            ProblemKind::NotCreateable
            | ProblemKind::ObjectNotCreateable
            | ProblemKind::WrongKind { .. }
            | ProblemKind::PicklistLacks { .. }
            | ProblemKind::RequiredUnfilled
            | ProblemKind::ClearsRequired
            | ProblemKind::NeverFits { .. } => Severity::Blocks,
            ProblemKind::MayBeLong { .. }
            | ProblemKind::CutsDecimals { .. }
            | ProblemKind::FewDigits { .. } => Severity::Warns,
        }
    }

    /// What a person can do about it, as a sentence.
    pub fn next_step(&self) -> String {
        match &self.kind {
            ProblemKind::FieldMissing { nearest: Some(near) } => format!("Did you mean {near}?"),
            ProblemKind::FieldMissing { nearest: None } => {
                "Create it on the Fields tab, or ask an admin for access to it.".to_owned()
            }
            ProblemKind::SpelledOtherwise { exact } => format!("Write it as {exact}."),
            ProblemKind::ReadOnly => {
                "Ask an admin for edit access to the field, or set the rule to Never.".to_owned()
            }
            ProblemKind::NotCreateable => {
                "Ask an admin for access to the field, or let the sync only update existing records."
                    .to_owned()
            }
            ProblemKind::ObjectNotCreateable => {
                "Ask an admin for the Create permission, or let the sync only update existing \
                 records."
                    .to_owned()
            }
            ProblemKind::WrongKind { .. } => {
                "Choose another field or value, or write an expression that gives what the field \
                 takes."
                    .to_owned()
            }
            ProblemKind::MayBeLong { .. } => {
                "Set “If too long” to shorten, or give the field more characters if it is a custom one."
                    .to_owned()
            }
            ProblemKind::CutsDecimals { .. } => "Give the field 2 decimals.".to_owned(),
            ProblemKind::FewDigits { .. } => {
                "Give the field more digits if amounts can be larger.".to_owned()
            }
            ProblemKind::PicklistLacks { .. } => {
                "Add the words to the picklist in Salesforce, or translate them by an expression."
                    .to_owned()
            }
            ProblemKind::FilledTwice => "Remove one of the two, or set its rule to Never.".to_owned(),
            ProblemKind::SourceUnknown { nearest: Some(near), .. } => {
                format!("Did you mean {near}?")
            }
            ProblemKind::SourceUnknown { nearest: None, .. } => {
                "Choose a value of the list, or write an expression between {{ and }}.".to_owned()
            }
            ProblemKind::Expression(problem) => problem.next_step.clone(),
            ProblemKind::RequiredUnfilled => {
                "Add a rule that fills it, or let the sync only update existing records.".to_owned()
            }
            ProblemKind::ClearsRequired => "Set “If blank” to leave.".to_owned(),
            ProblemKind::NotExternalId { .. } => {
                "Tick External ID, Unique and “Treat upper and lower case as different values” on \
                 the field, or create it on the Fields tab."
                    .to_owned()
            }
            ProblemKind::IdNotWritten => {
                "Give it a rule from customer.id, written always.".to_owned()
            }
            ProblemKind::NeverFits { .. } => {
                "Choose another field, or let the expression give what the field takes.".to_owned()
            }
        }
    }
}

impl fmt::Display for MappingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.as_ref().map_or("The mapping", FieldName::as_str);
        match &self.kind {
            ProblemKind::FieldMissing { .. } => {
                write!(
                    f,
                    "{field} does not exist in this org, or you cannot see it."
                )
            }
            ProblemKind::SpelledOtherwise { exact } => {
                write!(f, "{field} is written {exact} in this org.")
            }
            ProblemKind::ReadOnly => {
                write!(
                    f,
                    "You cannot edit {field}: an admin needs to give you access."
                )
            }
            ProblemKind::NotCreateable => {
                write!(
                    f,
                    "You cannot set {field} on a new record, and the sync may create some."
                )
            }
            ProblemKind::ObjectNotCreateable => {
                f.write_str("The sync may create records, and you may not.")
            }
            ProblemKind::WrongKind { gives, takes } => {
                write!(f, "{field} takes {takes}; the rule gives {gives}.")
            }
            ProblemKind::MayBeLong {
                longest: Some(longest),
                max,
            } => {
                write!(
                    f,
                    "{field} takes {max} characters; the text may have up to {longest}."
                )
            }
            ProblemKind::MayBeLong { longest: None, max } => {
                write!(
                    f,
                    "{field} takes {max} characters; the text may have any number."
                )
            }
            ProblemKind::CutsDecimals { scale: 0 } => {
                write!(f, "{field} has no decimals; cents are rounded away.")
            }
            ProblemKind::CutsDecimals { scale } => {
                write!(f, "{field} has {scale} decimal; cents are rounded.")
            }
            ProblemKind::FewDigits { digits } => {
                write!(
                    f,
                    "{field} takes {digits} digits before the point; larger amounts block."
                )
            }
            ProblemKind::PicklistLacks { words } => {
                write!(f, "The picklist of {field} lacks {}.", words.join(", "))
            }
            ProblemKind::FilledTwice => write!(f, "Another rule fills {field} too."),
            ProblemKind::SourceUnknown { name, .. } if name.is_empty() => {
                write!(f, "Nothing feeds {field} yet.")
            }
            ProblemKind::SourceUnknown { name, .. } => {
                write!(f, "{name} is not a value this version of Drawbridge knows.")
            }
            ProblemKind::Expression(problem) => {
                let expression::Problem {
                    line,
                    column,
                    sentence,
                    ..
                } = problem;
                write!(
                    f,
                    "The expression for {field}, line {line}, character {column}: {sentence}"
                )
            }
            ProblemKind::RequiredUnfilled => {
                write!(f, "New records need {field}, and no rule fills it.")
            }
            ProblemKind::ClearsRequired => {
                write!(f, "{field} must not be empty, and the rule may clear it.")
            }
            ProblemKind::NotExternalId { lacks } => {
                write!(
                    f,
                    "{field} carries the customer's id and is not {}.",
                    lacks.join(", not ")
                )
            }
            ProblemKind::IdNotWritten => {
                write!(
                    f,
                    "Records are found by {field}: no rule always writes the customer's id there, \
                     as it is."
                )
            }
            ProblemKind::NeverFits { tried, reason } => {
                write!(
                    f,
                    "Of {tried} customers tried, {field} can take the value of none: {reason}"
                )
            }
        }
    }
}
