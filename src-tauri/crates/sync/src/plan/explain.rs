//! Why a row is as it is, for one customer at a time.

use drawbridge_model::{CustomerBundle, FieldName, Mapping, Pack, RuleSource, Subscription};

use crate::mapping::expression::Expression;
use crate::pack::{self, Facts, Step};
use crate::speaks;

/// Why one field is given its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldExplanation {
    /// The field.
    pub field: FieldName,
    /// The rule's sentence.
    pub sentence: &'static str,
    /// How the value comes about, line by line.
    pub steps: Vec<Step>,
}

/// Which subscription speaks for the customer and why the others do not, in sentences, and how
/// each field's value comes about.
pub fn explain(
    bundle: &CustomerBundle,
    mapping: &Mapping,
    pack: Pack,
    mask_emails: bool,
) -> (Vec<String>, Vec<FieldExplanation>) {
    let speaker = speaks::choose(&bundle.subscriptions);
    let sentences = speaker.as_ref().map_or_else(Vec::new, |speaker| {
        std::iter::once(spoken(speaker.chosen, speaker.lost.len()))
            .chain(speaker.lost.iter().map(|(_, why)| why.clone()))
            .collect()
    });
    let facts = Facts {
        customer: &bundle.customer,
        subscription: speaker.as_ref().map(|speaker| speaker.chosen),
        mask_emails,
    };
    let fields = mapping
        .active_rules()
        .filter_map(|rule| {
            let (sentence, steps) = match rule.reads() {
                RuleSource::Value(name) => {
                    let derivation = pack::derivation(pack, name)?;
                    (derivation.explanation, (derivation.steps)(&facts))
                }
                RuleSource::Expression(text) => (
                    "Made by the rule's own expression.",
                    rendered(text, pack, &facts),
                ),
            };
            Some(FieldExplanation {
                field: rule.field.clone(),
                sentence,
                steps,
            })
        })
        .collect();
    (sentences, fields)
}

/// An expression and what it comes to.
fn rendered(text: &str, pack: Pack, facts: &Facts<'_>) -> Vec<Step> {
    let value = match Expression::parse(text).and_then(|it| it.render(pack, facts)) {
        Ok(Some(text)) => text.trim().to_owned(),
        Ok(None) => "not known".to_owned(),
        Err(problem) => problem.sentence,
    };
    let label = text.to_owned();
    vec![Step { label, value }]
}

fn spoken(chosen: &Subscription, others: usize) -> String {
    let status = speaks::word(&chosen.status).to_lowercase();
    match others {
        0 => format!("From {}, the only subscription.", chosen.name),
        1 => format!("From {}, which is {status}. One other lost:", chosen.name),
        _ => format!(
            "From {}, which is {status}. {others} others lost:",
            chosen.name
        ),
    }
}
