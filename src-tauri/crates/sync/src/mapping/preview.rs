//! A mapping on sample customers, while it is being written.

use drawbridge_model::{CustomerBundle, Describe, FieldName, Mapping, Pack, Reason, SpeakerRule};

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
