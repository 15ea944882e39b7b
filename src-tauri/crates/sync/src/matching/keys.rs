//! The keys records are found by.

use drawbridge_model::{Describe, FieldName, MatchKey, Record, Value};

use super::{domain_key, name_key};

/// Number of the rules by which keys are made here. It grows with every change of them, so that the
/// keys of records read before are made anew.
pub const KEYS: u32 = 1;

/// An e-mail address as a key: trimmed, in lower case, and without the `.invalid` that a sandbox
/// adds. `None` for what is no address.
pub fn email_key(address: &str) -> Option<MatchKey> {
    let address = address.trim().to_lowercase();
    let address = address.strip_suffix(".invalid").unwrap_or(&address);
    let (local, domain) = address.split_once('@')?;
    (!local.is_empty() && domain.contains('.')).then(|| MatchKey::Email(address.to_owned()))
}

/// Fields matching looks at, besides the external ID; those an org lacks are left out.
pub fn match_fields(describe: &Describe) -> Vec<FieldName> {
    let wanted: &[&str] = match describe.sobject.as_str() {
        "Account" => &["Name", "Website", "BillingCity", "BillingPostalCode"],
        "Contact" => &["Name", "Email", "MailingCity", "MailingPostalCode"],
        _ => &["Name"],
    };
    wanted
        .iter()
        .map(|name| FieldName::from(*name))
        .filter(|name| describe.field(name).is_some())
        .collect()
}

/// The field that names the parent of the sObject's records ([`Record::parent`]): the Account of a
/// Contact, where the org shows it.
pub fn parent_field(describe: &Describe) -> Option<FieldName> {
    let account = FieldName::from("AccountId");
    (describe.sobject.as_str() == "Contact" && describe.field(&account).is_some())
        .then_some(account)
}

/// The keys a record carries itself: its external ID, its name, and its own website and e-mail
/// address if it has any. Colleagues share a domain, so a Contact has no domain key.
pub fn keys_of_record(record: &Record, external_id: &FieldName) -> Vec<MatchKey> {
    let text = |field: &str| match record.value(&FieldName::from(field)) {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let mut keys = Vec::new();
    if let Value::Text(id) = record.value(external_id) {
        keys.push(MatchKey::ExternalId(id.clone()));
    }
    keys.extend(text("Email").and_then(email_key));
    keys.extend(text("Name").and_then(name_key));
    keys.extend(text("Website").and_then(domain_key));
    keys
}

/// The keys an Account has by the e-mail address of one of its Contacts.
pub fn keys_of_address(address: &str) -> Vec<MatchKey> {
    email_key(address)
        .into_iter()
        .chain(domain_key(address))
        .collect()
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
