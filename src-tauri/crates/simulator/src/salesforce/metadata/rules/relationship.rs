//! Relationships: lookups, master-detail fields and the sums over them.

use super::super::custom_field::CustomField;
use super::super::reading::Problem;
use super::{must, must_not};
use crate::salesforce::schema::{Field, SObject, Schema};

/// Checks what the field refers to, and makes it a reference.
pub(super) fn reference(
    metadata: &CustomField,
    stem: &str,
    object: &SObject,
    schema: &Schema,
    field: &mut Field,
) -> Result<(), Problem> {
    let target = metadata.reference_to.as_deref().unwrap_or_default();
    let Some(target) = schema
        .any_object(target)
        .filter(|object| !object.tooling_only)
    else {
        return Err(Problem::new(format!(
            "In field: referenceTo - no CustomObject named {target} found"
        )));
    };
    if metadata.kind == "MasterDetail" {
        if object.definition.is_none() {
            return Err(Problem::new(format!(
                "Cannot create a MasterDetail field on {}: a standard object cannot be on the detail side of a relationship",
                object.name
            )));
        }
        if target.name == "User" || target.name == object.name {
            return Err(Problem::new(format!(
                "In field: referenceTo - {} cannot be the master of a MasterDetail relationship",
                target.name
            )));
        }
        let others = object
            .fields
            .iter()
            .filter(|other| other.master_detail() && !other.name.eq_ignore_ascii_case(&field.name))
            .count();
        if others >= 2 {
            return Err(Problem::new(
                "An object can have at most 2 MasterDetail relationships",
            ));
        }
        field.nillable = false;
        field.permissionable = false;
        field.updateable = metadata.reparentable_master_detail == Some(true);
    } else if metadata.required() && metadata.delete_constraint.as_deref() == Some("SetNull") {
        return Err(Problem::new(
            "Can not specify deleteConstraint SetNull for a required Lookup field",
        ));
    }
    if let Some(name) = &metadata.relationship_name {
        let taken = schema.objects.iter().any(|child| {
            child.fields.iter().any(|other| {
                let same =
                    child.name == object.name && other.name.eq_ignore_ascii_case(&field.name);
                !same
                    && other.reference_to.contains(&target.name)
                    && other.metadata().is_some_and(|known| {
                        known
                            .relationship_name
                            .as_deref()
                            .is_some_and(|known| known.eq_ignore_ascii_case(name))
                    })
            })
        });
        if taken {
            return Err(Problem::new(format!(
                "The relationship name {name} is already in use on {}. Choose another.",
                target.name
            )));
        }
    }
    field.length = 18;
    field.reference_to = vec![target.name.clone()];
    field.relationship = Some(format!("{stem}__r"));
    Ok(())
}

/// Checks that there is something to sum.
pub(super) fn summary(
    metadata: &CustomField,
    object: &SObject,
    schema: &Schema,
) -> Result<(), Problem> {
    let path = metadata.summary_foreign_key.as_deref().unwrap_or_default();
    let (child, key) = path.split_once('.').unwrap_or((path, ""));
    let found = schema
        .any_object(child)
        .and_then(|child| child.any_field(key))
        .is_some_and(|field| field.master_detail() && field.reference_to == [object.name.clone()]);
    if !found {
        return Err(Problem::new(format!(
            "In field: summaryForeignKey - no CustomField named {path} found"
        )));
    }
    let counts = metadata.summary_operation.as_deref() == Some("count");
    if counts == metadata.summarized_field.is_some() {
        return Err(if counts {
            must_not("summarizedField", "Summary with operation count")
        } else {
            must("summarizedField", "Summary")
        });
    }
    Ok(())
}
