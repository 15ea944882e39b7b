//! The keys records are found by.

use drawbridge_model::{FieldName, MatchKey, Record, Value};

/// An e-mail address as a key: trimmed, in lower case, and without the `.invalid` that a sandbox
/// adds. `None` for what is no address.
pub fn email_key(address: &str) -> Option<MatchKey> {
    let address = address.trim().to_lowercase();
    let address = address.strip_suffix(".invalid").unwrap_or(&address);
    let (local, domain) = address.split_once('@')?;
    (!local.is_empty() && domain.contains('.')).then(|| MatchKey::Email(address.to_owned()))
}

/// The keys a record carries itself: its external ID, and its own e-mail address if it has one.
pub fn keys_of_record(record: &Record, external_id: &FieldName) -> Vec<MatchKey> {
    let mut keys = Vec::new();
    if let Value::Text(id) = record.value(external_id) {
        keys.push(MatchKey::ExternalId(id.clone()));
    }
    if let Value::Text(address) = record.value(&FieldName::from("Email")) {
        keys.extend(email_key(address));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching_sees_through_case_and_the_sandbox_mask() {
        assert_eq!(
            email_key(" Rose@Edge.example.invalid "),
            email_key("rose@edge.example")
        );
        assert_eq!(email_key("not an address"), None);
        assert_eq!(email_key("@edge.example"), None);
    }
}
