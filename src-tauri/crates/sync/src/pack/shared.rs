//! Derivations both packs use.

use drawbridge_model::{Derived, Value};

use super::{Facts, Step};

pub(super) fn customer_id(facts: &Facts<'_>) -> Derived {
    Derived::Known(Value::text(facts.customer.id.as_str()))
}

pub(super) fn text(text: Option<&String>) -> Derived {
    Derived::known_if(
        text.map(|text| Value::text(text.as_str()))
            .filter(|value| !value.is_blank()),
    )
}

/// For values the source's API does not give: the field is left alone.
pub(super) fn not_given(_: &Facts<'_>) -> Derived {
    Derived::NotKnown
}

pub(super) fn no_steps(_: &Facts<'_>) -> Vec<Step> {
    Vec::new()
}
