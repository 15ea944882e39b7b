//! What `ProfitWell` says when it refuses.

use serde_json::Value;

/// The sentence for a person: `detail`, else `non_field_errors`, else each field with its texts.
pub(super) fn message(body: &Value) -> Option<String> {
    let fields = body.as_object()?;
    if let Some(detail) = fields.get("detail").and_then(Value::as_str) {
        return Some(detail.to_owned());
    }
    if let Some(rules) = fields
        .get("non_field_errors")
        .map(texts)
        .filter(|rules| !rules.is_empty())
    {
        return Some(rules);
    }
    let fields: Vec<String> = fields
        .iter()
        .map(|(field, reasons)| (field, texts(reasons)))
        .filter(|(_, reasons)| !reasons.is_empty())
        .map(|(field, reasons)| format!("{field}: {reasons}"))
        .collect();
    (!fields.is_empty()).then(|| fields.join("; "))
}

fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join("; "),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_three_shapes_are_read() {
        for (body, words) in [
            (json!({"detail": "Invalid token."}), Some("Invalid token.")),
            (
                json!({"non_field_errors": ["Subscription is already scheduled to churn."]}),
                Some("Subscription is already scheduled to churn."),
            ),
            (
                json!({"plan_interval": ["\"week\" is not a valid choice."], "value": ["Required."]}),
                Some("plan_interval: \"week\" is not a valid choice.; value: Required."),
            ),
            (json!({}), None),
            (json!(["x"]), None),
        ] {
            assert_eq!(message(&body).as_deref(), words, "{body}");
        }
    }
}
