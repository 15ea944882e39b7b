//! A mapping on sample customers, while it is being written.

use drawbridge_model::{
    CustomerBundle, Describe, FieldName, Mapping, Pack, Reason, SpeakerRule, WritePolicy,
};

use super::validate::{MappingProblem, ProblemKind};
use super::wanted::{Ready, Wanted};
use crate::pack::Facts;
use crate::speaks;

/// One rule on every sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePreview {
    /// The rule's place in the mapping, from 0.
    pub rule: usize,
    /// The field it fills.
    pub field: FieldName,
    /// What it comes to per sample, in their order; `None` when the org lacks the field.
    pub samples: Option<Vec<Result<Wanted, Reason>>>,
}

/// Customers that must give a value before anything is said of all.
const ENOUGH: usize = 3;

/// The active rules whose value fits for none of these customers, though every one gives a value:
/// what only trying shows of an expression.
pub fn never_fitting(
    mapping: &Mapping,
    describe: &Describe,
    pack: Pack,
    customers: &[Facts<'_>],
) -> Vec<MappingProblem> {
    let rules = mapping.rules.iter().enumerate();
    rules
        .filter(|(_, rule)| rule.write != WritePolicy::Never)
        .filter_map(|(index, rule)| {
            let ready = Ready::new(rule, describe.field(&rule.field)?, pack);
            let mut reasons = Vec::new();
            for facts in customers {
                match ready.look(facts) {
                    Ok(Wanted::Write(value)) if !value.is_blank() => return None,
                    Ok(_) => {}
                    Err(reason) => reasons.push(reason),
                }
            }
            let first = reasons.first().filter(|_| reasons.len() >= ENOUGH)?;
            Some(MappingProblem {
                rule: Some(index),
                field: Some(rule.field.clone()),
                kind: ProblemKind::NeverFits {
                    tried: reasons.len(),
                    reason: first.to_string(),
                },
            })
        })
        .collect()
}

/// What every rule, those set to Never too, would write for each sample. It compares with nothing
/// in Salesforce: that is what a plan does.
pub fn preview(
    mapping: &Mapping,
    describe: &Describe,
    pack: Pack,
    samples: &[CustomerBundle],
    rule: &SpeakerRule,
    mask_emails: bool,
) -> Vec<RulePreview> {
    let facts: Vec<Facts<'_>> = samples
        .iter()
        .map(|bundle| Facts {
            customer: &bundle.customer,
            subscription: speaks::choose(bundle, rule).map(|speaker| speaker.chosen),
            members: &bundle.members,
            mask_emails,
        })
        .collect();
    mapping
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| RulePreview {
            rule: index,
            field: rule.field.clone(),
            samples: describe.field(&rule.field).map(|field| {
                let rule = Ready::new(rule, field, pack);
                facts.iter().map(|facts| rule.look(facts)).collect()
            }),
        })
        .collect()
}
