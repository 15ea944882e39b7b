//! Why a change is held back, in words.

use drawbridge_model::{Change, Decision, Mapping, WritePolicy};

/// Why a change of a plan is held back, without a full stop.
pub(crate) fn why(change: &Change, mapping: &Mapping) -> String {
    if change.decision == Decision::Write {
        return "Held back with its record".to_owned();
    }
    if let Some(drift) = &change.drift {
        let by = drift.by.as_deref().unwrap_or("somebody");
        let at = drift.at.map_or_else(String::new, |at| {
            format!(", {} UTC", at.strftime("%Y-%m-%d %H:%M"))
        });
        return format!("Changed in Salesforce by {by} since it was last written{at}");
    }
    let only_own = mapping
        .rules
        .iter()
        .any(|rule| rule.field == change.field && rule.write == WritePolicy::IfUnchanged);
    if only_own && change.base.is_none() && !change.before.is_blank() {
        "Salesforce holds a value that Drawbridge did not write".to_owned()
    } else {
        "By a person, in the preview".to_owned()
    }
}
