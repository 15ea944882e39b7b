//! Rules a describe invites: by API name, by label, by the pack's own names.

use drawbridge_model::{
    BlankPolicy, CustomField, Describe, Field, FieldRule, LengthPolicy, Mapping, Pack, WritePolicy,
};

use super::source::kind_fits;
use super::validate::same_name;
use crate::pack::{self, Derivation};

/// A rule that could be added, and why, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProposal {
    /// The rule.
    pub rule: FieldRule,
    /// Why it is proposed.
    pub because: String,
}

/// One way a field of the org invites a rule, given the pack's own mapping.
type Reason = fn(&Field, &Mapping, Pack) -> Option<RuleProposal>;

/// Proposes rules for the fields no rule fills yet, in the describe's order. A rule that is there,
/// switched off or not, is never touched, and a value that already fills a field is proposed for
/// another only where the pack itself does so.
pub fn propose(mapping: &Mapping, pack: Pack, describe: &Describe) -> Vec<RuleProposal> {
    let ours = pack::default_mapping(pack);
    if ours.sobject != mapping.sobject || describe.sobject != mapping.sobject {
        return Vec::new();
    }
    let free: Vec<&Field> = describe
        .fields
        .iter()
        .filter(|field| field.updateable)
        .filter(|field| {
            !mapping
                .rules
                .iter()
                .any(|rule| same_name(&rule.field, &field.name))
        })
        .collect();
    let mut proposals: Vec<(usize, RuleProposal)> = Vec::new();
    // The surest reason first over all fields, so that a weaker one does not take its value away.
    let reasons: [Reason; 3] = [by_api_name, by_pack_label, by_value_name];
    for (rank, reason) in reasons.into_iter().enumerate() {
        for (at, field) in free.iter().enumerate() {
            if proposals.iter().any(|(taken, _)| *taken == at) {
                continue;
            }
            let Some(proposal) = reason(field, &ours, pack) else {
                continue;
            };
            let source = &proposal.rule.source;
            let used = mapping.rules.iter().any(|rule| rule.source == *source)
                || proposals
                    .iter()
                    .any(|(_, other)| other.rule.source == *source);
            if rank == 0 || !used {
                proposals.push((at, proposal));
            }
        }
    }
    proposals.sort_by_key(|(at, _)| *at);
    proposals
        .into_iter()
        .map(|(_, proposal)| proposal)
        .collect()
}

/// The pack's own rule for a field of that API name.
fn by_api_name(field: &Field, ours: &Mapping, pack: Pack) -> Option<RuleProposal> {
    let rule = ours
        .active_rules()
        .find(|rule| same_name(&rule.field, &field.name))?;
    let value = fitting(field, pack, &rule.source)?;
    let rule = FieldRule {
        field: field.name.clone(),
        ..rule.clone()
    };
    Some(RuleProposal {
        because: format!(
            "The {} pack fills {} from {}.",
            name(pack),
            field.name,
            value.label
        ),
        rule,
    })
}

/// A field labelled like one of the pack's, whatever its API name: made by hand, or by a package
/// with a namespace.
fn by_pack_label(field: &Field, ours: &Mapping, pack: Pack) -> Option<RuleProposal> {
    let package = pack::field_package(pack);
    let alike = |it: &&CustomField| {
        let label = plain(&it.label);
        label == plain(&field.label) || label == plain(bare(field.name.as_str()))
    };
    let custom = package.fields.iter().find(alike)?;
    let rule = ours
        .active_rules()
        .find(|rule| same_name(&rule.field, &custom.name))?;
    let value = fitting(field, pack, &rule.source)?;
    Some(RuleProposal {
        because: format!(
            "{} is labelled like the {} pack's field {}, which is filled from {}.",
            field.name,
            name(pack),
            custom.label,
            value.label
        ),
        rule: FieldRule {
            field: field.name.clone(),
            ..rule.clone()
        },
    })
}

/// A custom field named like one of the pack's values, with or without the source's name before it.
fn by_value_name(field: &Field, ours: &Mapping, pack: Pack) -> Option<RuleProposal> {
    if !field.custom {
        return None;
    }
    let provider = plain(name(pack));
    let words = [plain(&field.label), plain(bare(field.name.as_str()))];
    let value = pack::derivations(pack).iter().find(|value| {
        let given = !is_never_given(value, ours);
        let meant = [plain(value.label), plain(value.name)];
        given
            && words.iter().any(|word| {
                let short = word.strip_prefix(&provider).unwrap_or(word);
                meant.iter().any(|meant| meant == word || meant == short)
            })
    })?;
    let value = fitting(field, pack, value.name)?;
    Some(RuleProposal {
        because: format!("{} has the name of the value {}.", field.name, value.label),
        rule: FieldRule {
            source: value.name.to_owned(),
            field: field.name.clone(),
            write: WritePolicy::IfUnchanged,
            blank: BlankPolicy::Leave,
            length: LengthPolicy::Block,
        },
    })
}

/// Values the source's API does not give have their rule switched off in the pack.
fn is_never_given(value: &Derivation, ours: &Mapping) -> bool {
    ours.rules
        .iter()
        .any(|rule| rule.source == value.name && rule.write == WritePolicy::Never)
}

fn fitting(field: &Field, pack: Pack, source: &str) -> Option<&'static Derivation> {
    pack::derivation(pack, source).filter(|value| kind_fits(value.kind, field.kind))
}

pub(super) fn name(pack: Pack) -> &'static str {
    match pack {
        Pack::Alguna => "Alguna",
        Pack::Profitwell | Pack::ProfitwellAccount => "ProfitWell",
    }
}

/// An API name without its namespace and its `__c`.
fn bare(api_name: &str) -> &str {
    let name = api_name.strip_suffix("__c").unwrap_or(api_name);
    name.split_once("__").map_or(name, |(_, rest)| rest)
}

/// Letters and digits only, in lower case.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|it| it.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
