//! A mapping against the org it is to be promoted to: a checklist, field by field.

use drawbridge_model::{
    CustomField, CustomFieldKind, Describe, Field, FieldKind, FieldName, FieldPackage, FieldRule,
    LengthPolicy, Mapping, Pack, RuleSource,
};

use super::source::{kind_fits, longest, takes, words};
use super::validate::{not_external_id, required_unfilled, same_name};
use super::{MappingProblem, ProblemKind};
use crate::pack;

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
            let is_id = same_name(&rule.field, &mapping.external_id);
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
        Some(field) => [
            Some(good(CheckKind::Exists, format!("{} exists.", field.name))),
            Some(type_fits(rule, pack, field, planned)),
            length_fits(rule, pack, field, planned),
            Some(writable(field)),
            is_id.then(|| external_id(field)),
            picklist(rule, pack, field),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    ChecklistLine {
        field: rule.field.clone(),
        label,
        checks,
    }
}

fn good(kind: CheckKind, sentence: String) -> Check {
    Check {
        kind,
        ok: true,
        sentence,
        remedy: None,
    }
}

fn bad(kind: CheckKind, sentence: String, remedy: Remedy) -> Check {
    Check {
        kind,
        ok: false,
        sentence,
        remedy: Some(remedy),
    }
}

fn missing(rule: &FieldRule, planned: Option<&CustomField>) -> Check {
    let field = &rule.field;
    let remedy = match planned {
        Some(planned) => Remedy::CreateField(planned.name.clone()),
        None => Remedy::Admin(format!("Create {field}, or give the user access to it.")),
    };
    let sentence = format!("{field} does not exist in this org, or you cannot see it.");
    bad(CheckKind::Exists, sentence, remedy)
}

fn type_fits(rule: &FieldRule, pack: Pack, field: &Field, planned: Option<&CustomField>) -> Check {
    let takes_here = takes(field.kind);
    let as_planned = planned.map(|it| planned_kind(it.kind));
    let gives = match rule.reads() {
        RuleSource::Value(name) => pack::derivation(pack, name).map(|it| it.kind),
        RuleSource::Expression(_) => None,
    };
    let fits = match gives {
        Some(gives) => kind_fits(gives, field.kind),
        // What an expression gives is read as the field takes it.
        None => !matches!(field.kind, FieldKind::Reference | FieldKind::Other),
    };
    if !fits {
        let sentence = format!(
            "{} takes {takes_here}, which the rule does not give.",
            field.name
        );
        let remedy = "Choose another field for the rule, or have its type changed.".to_owned();
        return bad(CheckKind::TypeFits, sentence, Remedy::Mapping(remedy));
    }
    match as_planned {
        Some(planned) if planned != field.kind => {
            let sentence = format!(
                "{} takes {takes_here} here, and {} where Drawbridge makes it.",
                field.name,
                takes(planned)
            );
            let remedy = format!("Change the type of {} in Setup.", field.name);
            bad(CheckKind::TypeFits, sentence, Remedy::Admin(remedy))
        }
        _ => good(
            CheckKind::TypeFits,
            format!("{} takes {takes_here}.", field.name),
        ),
    }
}

fn planned_kind(kind: CustomFieldKind) -> FieldKind {
    match kind {
        CustomFieldKind::Text { .. } => FieldKind::Text,
        CustomFieldKind::Url => FieldKind::Url,
        CustomFieldKind::DateTime => FieldKind::DateTime,
        CustomFieldKind::Currency { .. } => FieldKind::Currency,
    }
}

fn length_fits(
    rule: &FieldRule,
    pack: Pack,
    field: &Field,
    planned: Option<&CustomField>,
) -> Option<Check> {
    let kind = CheckKind::LengthFits;
    let name = &field.name;
    if matches!(field.kind, FieldKind::Number | FieldKind::Currency) {
        let wants = match planned.map(|it| it.kind) {
            Some(CustomFieldKind::Currency { precision, scale }) => {
                (precision - scale.min(precision), scale)
            }
            _ => (8, 2),
        };
        let has = (field.precision.saturating_sub(field.scale), field.scale);
        let found = format!("{name} takes {} digits and {} decimals", has.0, has.1);
        if has.0 >= wants.0 && has.1 >= wants.1 {
            return Some(good(kind, format!("{found}.")));
        }
        let remedy = format!("Give {name} {} digits and {} decimals.", wants.0, wants.1);
        let sentence = format!("{found}; amounts need {} and {}.", wants.0, wants.1);
        return Some(bad(kind, sentence, Remedy::Admin(remedy)));
    }
    if field.length == 0 || field.restricted_values.is_some() {
        return None;
    }
    let planned = planned.map(|it| match it.kind {
        CustomFieldKind::Text { length, .. } => length,
        _ => 255,
    });
    let given = match rule.reads() {
        RuleSource::Value(name) => pack::derivation(pack, name).map(|it| longest(pack, it)),
        RuleSource::Expression(_) => None,
    };
    // What the package plans is enough by agreement; without a plan, the longest text counts.
    let wants = match (planned, given) {
        (Some(planned), _) => planned,
        (None, Some(Some(longest))) => longest,
        (None, _) => return None,
    };
    let found = format!("{name} takes {} characters", field.length);
    if field.length >= wants {
        return Some(good(kind, format!("{found}.")));
    }
    if rule.length == LengthPolicy::Shorten {
        return Some(good(kind, format!("{found}; longer texts are shortened.")));
    }
    let sentence =
        format!("{found}; the text may have up to {wants}, and a longer one blocks its record.");
    Some(bad(
        kind,
        sentence,
        Remedy::Admin(format!("Give {name} {wants} characters.")),
    ))
}

fn writable(field: &Field) -> Check {
    let name = &field.name;
    match (field.updateable, field.createable) {
        (true, true) => good(CheckKind::Writable, format!("You can write {name}.")),
        (true, false) => bad(
            CheckKind::Writable,
            format!("You can change {name}, but not set it on a new record."),
            Remedy::Admin(format!("Give the user access to {name} on new records.")),
        ),
        (false, _) => bad(
            CheckKind::Writable,
            format!("You cannot write {name}."),
            Remedy::Admin(format!("Give the user edit access to {name}.")),
        ),
    }
}

fn external_id(field: &Field) -> Check {
    match not_external_id(field) {
        None => good(
            CheckKind::ExternalId,
            format!(
                "{} is an External ID, unique and case-sensitive.",
                field.name
            ),
        ),
        Some(kind) => explained(CheckKind::ExternalId, field, kind),
    }
}

fn picklist(rule: &FieldRule, pack: Pack, field: &Field) -> Option<Check> {
    let allowed = field.restricted_values.as_ref()?;
    let RuleSource::Value(name) = rule.reads() else {
        return None;
    };
    let mut words = words(pack, name);
    if words.is_empty() {
        return None;
    }
    words.retain(|word| !allowed.contains(word));
    Some(if words.is_empty() {
        good(
            CheckKind::PicklistWords,
            format!("The picklist of {} has every word.", field.name),
        )
    } else {
        explained(
            CheckKind::PicklistWords,
            field,
            ProblemKind::PicklistLacks { words },
        )
    })
}

/// A problem that validation knows too, in its words.
fn explained(check: CheckKind, field: &Field, kind: ProblemKind) -> Check {
    let problem = MappingProblem {
        rule: None,
        field: Some(field.name.clone()),
        kind,
    };
    bad(
        check,
        problem.to_string(),
        Remedy::Admin(problem.next_step()),
    )
}
