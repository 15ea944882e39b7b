//! Child relationships: the names under which a parent's children are selected.

use crate::salesforce::schema::{Field, SObject, Schema};

/// The relationship's proper name, the child sObject and its reference field behind a child
/// relationship of `parent`.
pub(super) fn child<'a>(
    schema: &'a Schema,
    parent: &SObject,
    relationship: &str,
) -> Option<(String, &'a SObject, &'a Field)> {
    let (name, sobject, field) = schema
        .children(&parent.name)
        .filter_map(|child| Some((child.relationship?, child.sobject, child.field)))
        .find(|(name, ..)| name.eq_ignore_ascii_case(relationship))?;
    let child = schema.object(&sobject)?;
    Some((name, child, child.field(&field)?))
}
