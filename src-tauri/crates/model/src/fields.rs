//! Custom fields Drawbridge can create in an org, with the permission set that makes them visible.

use serde::{Deserialize, Serialize};

use crate::{FieldName, SObjectName};

/// One custom field to be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// Which sObject it belongs to.
    pub sobject: SObjectName,
    /// API name, ending in `__c`.
    pub name: FieldName,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: CustomFieldKind,
    /// What it is for. Drawbridge adds its marker: only fields that carry it may ever be deleted.
    pub description: String,
}

/// What a custom field holds, with the limits the Metadata API wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CustomFieldKind {
    /// Text of at most `length` characters.
    Text {
        /// Longest text, 1 to 255.
        length: u32,
        /// Unique, case-sensitive and usable for upsert.
        external_id: bool,
    },
    /// A web address (always 255 characters).
    Url,
    /// An instant.
    DateTime,
    /// An amount: `precision` digits in all, `scale` of them after the point.
    Currency {
        /// Digits in all, at most 18.
        precision: u32,
        /// Digits after the point.
        scale: u32,
    },
}

/// Fields that are created together, with their permission set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldPackage {
    /// API name of the permission set; Drawbridge owns it alone.
    pub permission_set: String,
    /// Its label.
    pub permission_set_label: String,
    /// The fields to create.
    pub fields: Vec<CustomField>,
    /// Fields that are there: the permission set names them too, and they are left as they are,
    /// whatever an admin made of them.
    pub existing: Vec<CustomField>,
}
