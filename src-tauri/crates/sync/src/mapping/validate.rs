//! A mapping against an org's describe: every problem at once.

use drawbridge_model::{Describe, FieldName, Mapping, Pack};

use crate::pack;

/// What is wrong with one rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    /// The field does not exist, or the user cannot see it.
    #[error("{field} does not exist in this org, or you cannot see it.")]
    FieldMissing {
        /// The field.
        field: FieldName,
    },
    /// The user may not edit the field.
    #[error("You cannot edit {field}: an admin needs to give you access.")]
    ReadOnly {
        /// The field.
        field: FieldName,
    },
    /// Two rules fill the same field.
    #[error("Another rule fills {field} too.")]
    FilledTwice {
        /// The field.
        field: FieldName,
    },
    /// The rule names a value this version does not know.
    #[error("{source_name} is not a value this version of Drawbridge knows.")]
    SourceUnknown {
        /// The name.
        source_name: String,
    },
    /// Records cannot be found by the field.
    #[error("{field} is not an External ID that is unique and case-sensitive.")]
    NotExternalId {
        /// The field.
        field: FieldName,
    },
}

impl RuleProblem {
    /// Which field it is about.
    pub fn field(&self) -> Option<&FieldName> {
        match self {
            Self::FieldMissing { field }
            | Self::ReadOnly { field }
            | Self::FilledTwice { field }
            | Self::NotExternalId { field } => Some(field),
            Self::SourceUnknown { .. } => None,
        }
    }
}

/// Checks the active rules of a mapping; rules set to Never are not looked at.
pub fn validate(mapping: &Mapping, pack: Pack, describe: &Describe) -> Vec<RuleProblem> {
    let mut problems = Vec::new();
    let mut seen: Vec<&FieldName> = Vec::new();
    for rule in mapping.active_rules() {
        if pack::derivation(pack, &rule.source).is_none() {
            problems.push(RuleProblem::SourceUnknown {
                source_name: rule.source.clone(),
            });
        }
        match describe.field(&rule.field) {
            None => problems.push(RuleProblem::FieldMissing {
                field: rule.field.clone(),
            }),
            Some(field) if !field.updateable => {
                problems.push(RuleProblem::ReadOnly {
                    field: rule.field.clone(),
                });
            }
            Some(field)
                if rule.field == mapping.external_id
                    && !(field.external_id && field.unique && field.case_sensitive) =>
            {
                problems.push(RuleProblem::NotExternalId {
                    field: rule.field.clone(),
                });
            }
            Some(_) => {}
        }
        if seen.contains(&&rule.field) {
            problems.push(RuleProblem::FilledTwice {
                field: rule.field.clone(),
            });
        }
        seen.push(&rule.field);
    }
    problems
}
