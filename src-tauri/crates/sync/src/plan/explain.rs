//! Why a row is as it is, for one customer at a time.

use drawbridge_model::{CustomerBundle, FieldName, Mapping, Pack, Subscription};

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
            let derivation = pack::derivation(pack, &rule.source)?;
            Some(FieldExplanation {
                field: rule.field.clone(),
                sentence: derivation.explanation,
                steps: (derivation.steps)(&facts),
            })
        })
        .collect();
    (sentences, fields)
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
