//! Which sObjects point at which, seen from the parent.

use crate::salesforce::schema::{Field, SObject, Schema};

/// A reference field of a child sObject.
pub(crate) struct Child<'a> {
    pub(crate) sobject: &'a SObject,
    pub(crate) field: &'a Field,
    /// The name of the list at the parent, where there is one.
    pub(crate) name: Option<&'a str>,
}

impl Child<'_> {
    /// Whether deleting the parent deletes the child.
    pub(crate) fn cascades(&self) -> bool {
        (self.sobject.name.as_str(), self.field.name.as_str()) == ("Contact", "AccountId")
    }
}

/// Everything the signed-in user sees that points at an sObject.
pub(crate) fn children<'a>(schema: &'a Schema, parent: &str) -> Vec<Child<'a>> {
    schema
        .objects
        .iter()
        .flat_map(|sobject| sobject.fields.iter().map(move |field| (sobject, field)))
        .filter(|(_, field)| {
            field.visible()
                && field
                    .reference_to
                    .iter()
                    .any(|target| target.eq_ignore_ascii_case(parent))
        })
        .map(|(sobject, field)| Child {
            sobject,
            field,
            name: list_name(sobject, field),
        })
        .collect()
}

fn list_name(sobject: &SObject, field: &Field) -> Option<&'static str> {
    match (sobject.name.as_str(), field.name.as_str()) {
        ("Contact", "AccountId") => Some("Contacts"),
        ("Account", "ParentId") => Some("ChildAccounts"),
        _ => None,
    }
}
