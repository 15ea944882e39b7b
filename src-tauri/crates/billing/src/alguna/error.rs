//! What Alguna says when it refuses.

use serde_json::Value;

/// The sentence for a person: `detail`, else `title`, else the gateway's `message`.
pub(super) fn message(body: &Value) -> Option<String> {
    ["detail", "title", "message"]
        .into_iter()
        .find_map(|field| body.get(field)?.as_str())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_three_shapes_are_read() {
        for (body, words) in [
            (
                json!({"status": 404, "detail": "customer not found"}),
                Some("customer not found"),
            ),
            (
                json!({"status": 400, "title": "Version", "detail": null}),
                Some("Version"),
            ),
            (
                json!({"code": "unauthenticated", "message": "missing or invalid API key"}),
                Some("missing or invalid API key"),
            ),
            (json!({"status": 404}), None),
            (json!([]), None),
        ] {
            assert_eq!(message(&body).as_deref(), words, "{body}");
        }
    }
}
