//! One thing looked at in one field.

use drawbridge_model::{
    CustomField, CustomFieldKind, Field, FieldKind, FieldRule, LengthPolicy, Pack, RuleSource,
};

use super::{Check, CheckKind, Remedy};
use crate::mapping::source::{kind_fits, longest, takes, words};
use crate::mapping::validate::{DIGITS, not_external_id};
use crate::mapping::{MappingProblem, ProblemKind};
use crate::pack;

pub(super) fn good(kind: CheckKind, sentence: String) -> Check {
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

pub(super) fn missing(rule: &FieldRule, planned: Option<&CustomField>) -> Check {
    let field = &rule.field;
    let remedy = match planned {
        Some(planned) => Remedy::CreateField(planned.name.clone()),
        None => Remedy::Admin(format!("Create {field}, or give the user access to it.")),
    };
    let sentence = format!("{field} does not exist in this org, or you cannot see it.");
    bad(CheckKind::Exists, sentence, remedy)
}

pub(super) fn type_fits(
    rule: &FieldRule,
    pack: Pack,
    field: &Field,
    planned: Option<&CustomField>,
) -> Check {
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

pub(super) fn length_fits(
    rule: &FieldRule,
    pack: Pack,
    field: &Field,
    planned: Option<&CustomField>,
) -> Option<Check> {
    let kind = CheckKind::LengthFits;
    let name = &field.name;
    let given = match rule.reads() {
        RuleSource::Value(name) => pack::derivation(pack, name),
        RuleSource::Expression(_) => None,
    };
    if matches!(field.kind, FieldKind::Number | FieldKind::Currency) {
        let (digits, scale) = match (planned.map(|it| it.kind), given) {
            (Some(CustomFieldKind::Currency { precision, scale }), _) => {
                (precision.saturating_sub(scale), scale)
            }
            (_, Some(_)) => (DIGITS, 2),
            // Nobody knows how large the figures of an expression are.
            (_, None) => return None,
        };
        let has = (field.precision.saturating_sub(field.scale), field.scale);
        let found = format!(
            "{name} takes {} digits before the point and {} after it",
            has.0, has.1
        );
        if has.0 >= digits && has.1 >= scale {
            return Some(good(kind, format!("{found}.")));
        }
        let remedy = format!("Give {name} {digits} digits before the point and {scale} after it.");
        let sentence = format!("{found}; amounts need {digits} and {scale}.");
        return Some(bad(kind, sentence, Remedy::Admin(remedy)));
    }
    if field.length == 0 || field.restricted_values.is_some() {
        return None;
    }
    let found = format!("{name} takes {} characters", field.length);
    let wants = match (planned.map(|it| it.kind), given) {
        // What the package plans is enough by agreement.
        (Some(CustomFieldKind::Text { length, .. }), _) => Some(length),
        (Some(_), _) | (None, None) => None,
        (None, Some(given)) => longest(pack, given),
    };
    let too_short = wants.filter(|wants| *wants > field.length);
    Some(match too_short {
        None => good(kind, format!("{found}.")),
        Some(_) if rule.length == LengthPolicy::Shorten => {
            good(kind, format!("{found}; longer texts are shortened."))
        }
        // Standard fields are as long in every org, and nobody can change that.
        Some(_) if !field.custom => good(
            kind,
            format!("{found}, as in every org; a longer text blocks its record."),
        ),
        Some(wants) => bad(
            kind,
            format!(
                "{found}; the text may have up to {wants}, and a longer one blocks its record."
            ),
            Remedy::Admin(format!("Give {name} {wants} characters.")),
        ),
    })
}

pub(super) fn writable(field: &Field) -> Check {
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

pub(super) fn external_id(field: &Field) -> Check {
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

pub(super) fn picklist(rule: &FieldRule, pack: Pack, field: &Field) -> Option<Check> {
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
