//! A mapping against the org it is to be promoted to: a checklist, field by field.

mod checks;

use drawbridge_model::{
    CustomField, Describe, Field, FieldName, FieldPackage, FieldRule, Mapping, Pack,
};

use super::validate::{required_unfilled, same_name};
use checks::{external_id, good, length_fits, missing, picklist, type_fits, writable};

/// Everything that was looked at for one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistLine {
    /// The field.
    pub field: FieldName,
    /// Its label in the other org, else in the field package, else its API name.
    pub label: String,
    /// What was looked at. A field that does not exist has only that one.
    pub checks: Vec<Check>,
}

impl ChecklistLine {
    /// Whether nothing is in the way.
    pub fn ok(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub kind: CheckKind,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What was found, as a sentence.
    pub sentence: String,
    /// Who can set it right; none when it is.
    pub remedy: Option<Remedy>,
}

/// What a checklist looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckKind {
    /// The field is there, and the user sees it.
    Exists,
    /// It takes the kind of value the rule gives.
    TypeFits,
    /// It takes the longest text, or the largest amount, of the field it stands for.
    LengthFits,
    /// The user may write it.
    Writable,
    /// Records can be found by it, each by one.
    ExternalId,
    /// The org needs it on new records, and no rule fills it.
    RequiredElsewhere,
    /// Its picklist has the source's words.
    PicklistWords,
}

impl Check {
    /// Whether no plan could be made before it is set right. What does not block it blocks, or
    /// lets Salesforce reject, single records, and a preview shows which.
    pub fn blocks(&self) -> bool {
        !self.ok
            && matches!(
                self.kind,
                CheckKind::Exists
                    | CheckKind::TypeFits
                    | CheckKind::Writable
                    | CheckKind::ExternalId
            )
    }
}

/// Who can set a problem right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Drawbridge, by creating the field of its package, with access to it.
    CreateField(FieldName),
    /// An admin, in Setup: what to do, as a sentence.
    Admin(String),
    /// A person, in the mapping: what to do, as a sentence.
    Mapping(String),
}

/// Checks the fields of the active rules, then what the org needs besides.
pub fn checklist(
    mapping: &Mapping,
    pack: Pack,
    other: &Describe,
    package: &FieldPackage,
) -> Vec<ChecklistLine> {
    let mut lines: Vec<ChecklistLine> = mapping
        .active_rules()
        .map(|rule| {
            let planned = package
                .fields
                .iter()
                .find(|it| it.sobject == mapping.sobject && same_name(&it.name, &rule.field));
            let is_id = !pack.rolls_up() && same_name(&rule.field, &mapping.external_id);
            line(rule, pack, other.field(&rule.field), planned, is_id)
        })
        .collect();
    lines.extend(
        required_unfilled(mapping, other).map(|field| ChecklistLine {
            field: field.name.clone(),
            label: field.label.clone(),
            checks: vec![Check {
                kind: CheckKind::RequiredElsewhere,
                ok: false,
                sentence: format!(
                    "New records in this org need {}, and no rule fills it: none can be created.",
                    field.label
                ),
                remedy: Some(Remedy::Mapping(
                    "Add a rule that fills it, or let the sync only update existing records."
                        .to_owned(),
                )),
            }],
        }),
    );
    lines
}

fn line(
    rule: &FieldRule,
    pack: Pack,
    field: Option<&Field>,
    planned: Option<&CustomField>,
    is_id: bool,
) -> ChecklistLine {
    let label = field
        .map(|it| it.label.clone())
        .or_else(|| planned.map(|it| it.label.clone()))
        .unwrap_or_else(|| rule.field.to_string());
    let checks = match field {
        None => vec![missing(rule, planned)],
        Some(field) => {
            let kind = type_fits(rule, pack, field, planned);
            // Digits and characters say something only of the right type.
            let length = if kind.ok {
                length_fits(rule, pack, field, planned)
            } else {
                None
            };
            [
                Some(good(CheckKind::Exists, format!("{} exists.", field.name))),
                Some(kind),
                length,
                Some(writable(field)),
                is_id.then(|| external_id(field)),
                picklist(rule, pack, field),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
    };
    ChecklistLine {
        field: rule.field.clone(),
        label,
        checks,
    }
}
