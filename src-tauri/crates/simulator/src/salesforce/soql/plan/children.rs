//! Child relationships: the names under which a parent's children are selected.

use crate::salesforce::schema::{Field, SObject, Schema};

/// Standard ones: parent, relationship, child, the child's field.
const STANDARD: [(&str, &str, &str, &str); 6] = [
    ("Account", "ChildAccounts", "Account", "ParentId"),
    ("Account", "Contacts", "Contact", "AccountId"),
    (
        "PermissionSet",
        "Assignments",
        "PermissionSetAssignment",
        "PermissionSetId",
    ),
    (
        "PermissionSet",
        "FieldPerms",
        "FieldPermissions",
        "ParentId",
    ),
    (
        "PermissionSet",
        "ObjectPerms",
        "ObjectPermissions",
        "ParentId",
    ),
    (
        "User",
        "PermissionSetAssignments",
        "PermissionSetAssignment",
        "AssigneeId",
    ),
];

/// The relationship's proper name, the child sObject and its reference field behind a child
/// relationship of `parent`.
pub(super) fn child<'a>(
    schema: &'a Schema,
    parent: &SObject,
    relationship: &str,
) -> Option<(String, &'a SObject, &'a Field)> {
    let standard =
        STANDARD
            .iter()
            .filter(|(of, ..)| *of == parent.name)
            .map(|(_, name, child, field)| {
                ((*name).to_owned(), (*child).to_owned(), (*field).to_owned())
            });
    let custom = schema
        .children(&parent.name)
        .filter_map(|child| Some((child.relationship?, child.sobject, child.field)));
    let (name, child, field) = standard
        .chain(custom)
        .find(|(name, ..)| name.eq_ignore_ascii_case(relationship))?;
    let child = schema.object(&child)?;
    Some((name, child, child.field(&field)?))
}
