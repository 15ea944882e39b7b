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

/// The relationship's proper name, the child sObject and its reference field behind a child relationship of `parent`.
pub(super) fn child<'a>(
    schema: &'a Schema,
    parent: &SObject,
    relationship: &str,
) -> Option<(&'static str, &'a SObject, &'a Field)> {
    let (_, name, child, field) = STANDARD
        .iter()
        .find(|(of, name, ..)| *of == parent.name && name.eq_ignore_ascii_case(relationship))?;
    let child = schema.object(child)?;
    Some((name, child, child.field(field)?))
}
