//! A mapping against an org's describe: every problem at once.

mod problem;

use drawbridge_model::{
    AccountPolicy, BlankPolicy, Describe, Field, FieldKind, FieldName, FieldRule, LengthPolicy,
    Mapping, Pack, RuleSource, WritePolicy,
};

pub use problem::{MappingProblem, ProblemKind, Severity};

use super::expression;
use super::nearest::nearest;
use super::source::{kind_fits, longest, names, takes, words};
use crate::pack::{self, Derivation, SourceKind};

/// Digits before the point that amounts need: what the packs' own fields have at least.
pub(super) const DIGITS: u32 = 8;

/// The problems that keep a plan from being made.
pub fn validate(mapping: &Mapping, pack: Pack, describe: &Describe) -> Vec<MappingProblem> {
    let mut problems = problems(mapping, pack, describe, AccountPolicy::UpdateExisting);
    problems.retain(|problem| problem.severity() == Severity::Stops);
    problems
}

/// Every problem of a mapping with an org, in the order of the rules, then those of the mapping as
/// a whole. Rules set to Never are not looked at.
pub fn problems(
    mapping: &Mapping,
    pack: Pack,
    describe: &Describe,
    policy: AccountPolicy,
) -> Vec<MappingProblem> {
    let creates = policy == AccountPolicy::SourceMayCreate;
    let active = || {
        let rules = mapping.rules.iter().enumerate();
        rules.filter(|(_, rule)| rule.write != WritePolicy::Never)
    };
    let mut found = Vec::new();
    for (index, rule) in active() {
        let field = describe.field(&rule.field);
        let mut kinds = source_problems(rule, pack);
        match field {
            None => kinds.push(ProblemKind::FieldMissing {
                nearest: nearest_field(&rule.field, describe),
            }),
            Some(field) => kinds.extend(field_problems(rule, field, pack, creates)),
        }
        if let Some(field) = field
            .filter(|_| !pack.rolls_up())
            .filter(|_| same_name(&rule.field, &mapping.external_id))
        {
            kinds.extend(not_external_id(field));
        }
        if active()
            .take_while(|(at, _)| *at < index)
            .any(|(_, it)| same_name(&it.field, &rule.field))
        {
            kinds.push(ProblemKind::FilledTwice);
        }
        found.extend(kinds.into_iter().map(|kind| MappingProblem {
            rule: Some(index),
            field: Some(rule.field.clone()),
            kind,
        }));
    }
    let whole = |field: Option<FieldName>, kind| MappingProblem {
        rule: None,
        field,
        kind,
    };
    if !writes_id(mapping) {
        found.push(whole(
            Some(mapping.external_id.clone()),
            ProblemKind::IdNotWritten,
        ));
    }
    if creates && !describe.createable {
        found.push(whole(None, ProblemKind::ObjectNotCreateable));
    }
    if creates {
        found.extend(
            required_unfilled(mapping, describe)
                .map(|field| whole(Some(field.name.clone()), ProblemKind::RequiredUnfilled)),
        );
    }
    found
}

/// Whether a rule always writes the customer's id, as it is, into the field records are found by.
/// A new record is made by that id whatever a rule says, and is found again by nothing else.
pub fn writes_id(mapping: &Mapping) -> bool {
    mapping.rules.iter().any(|rule| {
        same_name(&rule.field, &mapping.external_id)
            && rule.write == WritePolicy::Always
            && rule.reads() == RuleSource::Value("customer.id")
    })
}

/// Salesforce does not tell upper from lower case in API names.
pub(super) fn same_name(left: &FieldName, right: &FieldName) -> bool {
    left.0.eq_ignore_ascii_case(&right.0)
}

/// Fields a new record must carry and no active rule fills.
pub(super) fn required_unfilled<'a>(
    mapping: &'a Mapping,
    describe: &'a Describe,
) -> impl Iterator<Item = &'a Field> {
    describe.fields.iter().filter(|field| {
        field.required_on_create()
            && !mapping
                .active_rules()
                .any(|rule| same_name(&rule.field, &field.name))
    })
}

/// What keeps records from being found by the field.
pub(super) fn not_external_id(field: &Field) -> Option<ProblemKind> {
    let lacks: Vec<&'static str> = [
        (field.external_id, "an External ID"),
        (field.unique, "unique"),
        (field.case_sensitive, "case-sensitive, as the ids are"),
    ]
    .into_iter()
    .filter_map(|(holds, word)| (!holds).then_some(word))
    .collect();
    (!lacks.is_empty()).then_some(ProblemKind::NotExternalId { lacks })
}

fn nearest_field(name: &FieldName, describe: &Describe) -> Option<FieldName> {
    nearest(
        name.as_str(),
        describe.fields.iter().map(|it| it.name.as_str()),
    )
    .map(FieldName::from)
}

fn source_problems(rule: &FieldRule, pack: Pack) -> Vec<ProblemKind> {
    match rule.reads() {
        RuleSource::Expression(text) => expression::check(text, pack)
            .into_iter()
            .map(ProblemKind::Expression)
            .collect(),
        RuleSource::Value(name) if pack::derivation(pack, name).is_none() => {
            vec![ProblemKind::SourceUnknown {
                name: name.to_owned(),
                nearest: nearest(name, names(pack)),
            }]
        }
        RuleSource::Value(_) => Vec::new(),
    }
}

fn field_problems(rule: &FieldRule, field: &Field, pack: Pack, creates: bool) -> Vec<ProblemKind> {
    let mut kinds = Vec::new();
    if rule.field != field.name {
        kinds.push(ProblemKind::SpelledOtherwise {
            exact: field.name.clone(),
        });
    }
    if !field.updateable {
        kinds.push(ProblemKind::ReadOnly);
    } else if creates && !field.createable {
        kinds.push(ProblemKind::NotCreateable);
    }
    if rule.blank == BlankPolicy::Clear && !field.nillable && field.kind != FieldKind::Boolean {
        kinds.push(ProblemKind::ClearsRequired);
    }
    match rule.reads() {
        RuleSource::Value(name) => {
            if let Some(derivation) = pack::derivation(pack, name) {
                kinds.extend(value_problems(derivation, field, pack, rule.length));
            }
        }
        RuleSource::Expression(_)
            if matches!(field.kind, FieldKind::Reference | FieldKind::Other) =>
        {
            kinds.push(ProblemKind::WrongKind {
                gives: "text",
                takes: takes(field.kind),
            });
        }
        RuleSource::Expression(_) => {}
    }
    kinds
}

/// What of a pack's value does not suit a field.
pub(super) fn value_problems(
    derivation: &Derivation,
    field: &Field,
    pack: Pack,
    length: LengthPolicy,
) -> Vec<ProblemKind> {
    if !kind_fits(derivation.kind, field.kind) {
        let gives = match derivation.kind {
            SourceKind::Text => "text",
            SourceKind::Decimal => "an amount",
            SourceKind::Date => "a date",
            SourceKind::DateTime => "a date and time",
        };
        return vec![ProblemKind::WrongKind {
            gives,
            takes: takes(field.kind),
        }];
    }
    let mut kinds = Vec::new();
    let longest = longest(pack, derivation);
    if let Some(allowed) = &field.restricted_values {
        let mut words = words(pack, derivation.name);
        words.retain(|word| !allowed.contains(word));
        if !words.is_empty() {
            kinds.push(ProblemKind::PicklistLacks { words });
        }
    } else if field.length > 0
        && length == LengthPolicy::Block
        && longest.is_none_or(|longest| longest > field.length)
    {
        kinds.push(ProblemKind::MayBeLong {
            longest,
            max: field.length,
        });
    }
    if matches!(field.kind, FieldKind::Number | FieldKind::Currency) {
        if field.scale < 2 {
            kinds.push(ProblemKind::CutsDecimals { scale: field.scale });
        }
        let digits = field.precision.saturating_sub(field.scale);
        if digits < DIGITS {
            kinds.push(ProblemKind::FewDigits { digits });
        }
    }
    kinds
}
