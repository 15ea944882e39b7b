//! Why a row is as it is, for one customer at a time.

use drawbridge_model::{
    Customer, CustomerBundle, FieldName, Mapping, Pack, RuleSource, SpeakerRule,
};

use crate::mapping::expression::Expression;
use crate::pack::{self, Facts, Step};
use crate::speaks::{self, Because, Speaker};

/// So many customers that share a record are named; the values list more.
const NAMED: usize = 5;

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

/// Who shares the customer's record, which subscription speaks for it and why the others do not, in sentences, and how
/// each field's value comes about.
pub fn explain(
    bundle: &CustomerBundle,
    mapping: &Mapping,
    pack: Pack,
    rule: &SpeakerRule,
    mask_emails: bool,
) -> (Vec<String>, Vec<FieldExplanation>) {
    let speaker = speaks::choose(bundle, rule);
    let sentences = speaker.as_ref().map_or_else(Vec::new, |speaker| {
        let why = speaker.lost.iter().map(|(_, why)| why.clone());
        match speaker.because {
            Because::Pinned(_) => vec![spoken(speaker)],
            _ => std::iter::once(spoken(speaker)).chain(why).collect(),
        }
    });
    let sentences = shared(bundle).into_iter().chain(sentences).collect();
    let facts = Facts {
        customer: &bundle.customer,
        subscription: speaker.as_ref().map(|speaker| speaker.chosen),
        members: &bundle.members,
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

/// Who is added up, where several share the record.
fn shared(bundle: &CustomerBundle) -> Option<String> {
    let names: Vec<String> = bundle.members.iter().map(Customer::display_name).collect();
    let (last, others) = names.split_last()?;
    let listed = others.get(..NAMED).unwrap_or(others);
    if listed.is_empty() {
        return None;
    }
    let listing = match others.len() - listed.len() {
        0 => format!("{} and {last}", listed.join(", ")),
        more => format!("{} and {} others", listed.join(", "), more + 1),
    };
    Some(format!(
        "These {} customers share the Account and add up: {listing}.",
        names.len()
    ))
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

fn spoken(speaker: &Speaker<'_>) -> String {
    let name = &speaker.chosen.name;
    let status = speaks::word(&speaker.chosen.status).to_lowercase();
    let others = match speaker.lost.len() {
        0 => String::new(),
        1 => " One other lost:".to_owned(),
        others => format!(" {others} others lost:"),
    };
    match &speaker.because {
        Because::Only => format!("From {name}, the only subscription."),
        Because::Rule => format!("From {name}, which is {status}.{others}"),
        Because::Pinned(_) => format!("From {name}, which a person chose."),
        Because::PinGone(gone) => format!(
            "From {name}, which is {status}; {gone}, which a person chose, is no longer there.{others}"
        ),
    }
}
