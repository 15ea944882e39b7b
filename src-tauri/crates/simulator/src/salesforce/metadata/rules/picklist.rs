//! The values of a picklist.

use super::super::custom_field::ValueSet;
use super::super::reading::Problem;
use super::too_long;
use crate::salesforce::schema::{Field, SObject};

/// Checks the values and gives them to the field.
pub(super) fn values(set: &ValueSet, object: &SObject, field: &mut Field) -> Result<(), Problem> {
    if let Some(name) = &set.value_set_name {
        return Err(Problem::new(format!(
            "In field: valueSet - no GlobalValueSet named {name} found"
        )));
    }
    if let Some(name) = &set.controlling_field
        && object.any_field(name).is_none()
    {
        return Err(Problem::new(format!(
            "In field: controllingField - no CustomField named {}.{name} found",
            object.name
        )));
    }
    let Some(definition) = &set.value_set_definition else {
        return Err(Problem::new(
            "Must specify 'valueSetDefinition' for a valueSet",
        ));
    };
    if definition.value.len() > 1000 {
        return Err(Problem::new("A picklist can have at most 1,000 values"));
    }
    let mut seen: Vec<String> = Vec::with_capacity(definition.value.len());
    for value in &definition.value {
        if value.full_name.is_empty() {
            return Err(Problem::new("Required field is missing: fullName"));
        }
        if value.full_name.chars().count() > 255 {
            return Err(too_long("PicklistValue", 255));
        }
        let key = value.full_name.to_lowercase();
        if seen.contains(&key) {
            return Err(Problem::new(format!(
                "Duplicate label or value: {}",
                value.full_name
            )));
        }
        seen.push(key);
    }
    if definition
        .value
        .iter()
        .filter(|value| value.default)
        .count()
        > 1
    {
        return Err(Problem::new("A picklist can have only one default value"));
    }
    field.restricted_picklist = set.restricted == Some(true);
    field.picklist = definition
        .value
        .iter()
        .filter(|value| value.is_active)
        .map(|value| value.full_name.clone())
        .collect();
    Ok(())
}
