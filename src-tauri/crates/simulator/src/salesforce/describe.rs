//! Describe answers (facts/salesforce.md §3): a field has 57 keys, in this order.

use serde::Serialize;
use serde_json::{Value, json};

use crate::salesforce::schema::{Field, FieldType, SObject, Schema};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the real answer's shape")]
struct FieldDescribe<'a> {
    aggregatable: bool,
    ai_prediction_field: bool,
    auto_number: bool,
    byte_length: usize,
    calculated: bool,
    calculated_formula: Option<&'a str>,
    cascade_delete: bool,
    case_sensitive: bool,
    compound_field_name: Option<&'a str>,
    controller_name: Option<&'a str>,
    createable: bool,
    custom: bool,
    default_value: Option<Value>,
    default_value_formula: Option<&'a str>,
    defaulted_on_create: bool,
    dependent_picklist: bool,
    deprecated_and_hidden: bool,
    digits: u32,
    display_location_in_decimal: bool,
    encrypted: bool,
    external_id: bool,
    extra_type_info: Option<&'a str>,
    filterable: bool,
    filtered_lookup_info: Option<&'a str>,
    formula_treat_null_number_as_zero: bool,
    groupable: bool,
    high_scale_number: bool,
    html_formatted: bool,
    id_lookup: bool,
    inline_help_text: Option<&'a str>,
    label: &'a str,
    length: usize,
    mask: Option<&'a str>,
    mask_type: Option<&'a str>,
    name: &'a str,
    name_field: bool,
    name_pointing: bool,
    nillable: bool,
    permissionable: bool,
    picklist_values: Vec<PicklistValue<'a>>,
    polymorphic_foreign_key: bool,
    precision: u32,
    query_by_distance: bool,
    reference_target_field: Option<&'a str>,
    reference_to: &'a [String],
    relationship_name: Option<&'a str>,
    relationship_order: Option<u32>,
    restricted_delete: bool,
    restricted_picklist: bool,
    scale: u32,
    search_prefilterable: bool,
    soap_type: &'a str,
    sortable: bool,
    #[serde(rename = "type")]
    kind: &'a str,
    unique: bool,
    updateable: bool,
    write_requires_master_read: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PicklistValue<'a> {
    active: bool,
    default_value: bool,
    label: &'a str,
    valid_for: Option<&'a str>,
    value: &'a str,
}

fn field_describe(field: &Field) -> FieldDescribe<'_> {
    let by_user = field.editable || !field.permissionable;
    FieldDescribe {
        aggregatable: field.groupable || field.kind.is_number(),
        ai_prediction_field: false,
        auto_number: field.number_format().is_some(),
        byte_length: field.length * if field.kind.is_id() { 1 } else { 3 },
        calculated: field.calculated(),
        calculated_formula: field
            .metadata()
            .and_then(|metadata| metadata.formula.as_deref()),
        cascade_delete: field.master_detail(),
        case_sensitive: field.case_sensitive,
        compound_field_name: field.compound.as_deref(),
        controller_name: None,
        createable: field.createable && by_user,
        custom: field.custom,
        default_value: match field.kind {
            FieldType::Boolean => Some(Value::Bool(field.default_value.as_deref() == Some("true"))),
            _ => None,
        },
        default_value_formula: None,
        defaulted_on_create: field.defaulted_on_create,
        dependent_picklist: false,
        deprecated_and_hidden: false,
        digits: field.digits,
        display_location_in_decimal: field
            .metadata()
            .is_some_and(|metadata| metadata.display_location_in_decimal == Some(true)),
        encrypted: field.kind == FieldType::Encrypted,
        external_id: field.external_id,
        extra_type_info: field.extra_type_info.as_deref(),
        filterable: field.filterable,
        filtered_lookup_info: None,
        formula_treat_null_number_as_zero: false,
        groupable: field.groupable,
        high_scale_number: false,
        html_formatted: field.extra_type_info.as_deref() == Some("richtextarea"),
        id_lookup: field.id_lookup,
        inline_help_text: field.help.as_deref(),
        label: &field.label,
        length: field.length,
        mask: field
            .metadata()
            .and_then(|metadata| metadata.mask_char.as_deref()),
        mask_type: field
            .metadata()
            .and_then(|metadata| metadata.mask_type.as_deref()),
        name: &field.name,
        name_field: field.name == "Name",
        name_pointing: false,
        nillable: field.nillable,
        permissionable: field.permissionable,
        picklist_values: field
            .picklist
            .iter()
            .map(|value| PicklistValue {
                active: true,
                default_value: false,
                label: value,
                valid_for: None,
                value,
            })
            .collect(),
        polymorphic_foreign_key: field.reference_to.len() > 1,
        precision: field.precision,
        query_by_distance: false,
        reference_target_field: None,
        reference_to: &field.reference_to,
        relationship_name: field.relationship.as_deref(),
        relationship_order: field.master_detail().then(|| {
            field
                .metadata()
                .and_then(|metadata| metadata.relationship_order)
                .unwrap_or(0)
        }),
        restricted_delete: field
            .metadata()
            .is_some_and(|metadata| metadata.delete_constraint.as_deref() == Some("Restrict")),
        restricted_picklist: field.restricted_picklist,
        scale: field.scale,
        search_prefilterable: field.kind.is_id(),
        soap_type: field.kind.soap_type(),
        sortable: field.sortable,
        kind: field.kind.name(),
        unique: field.unique,
        updateable: field.updateable && by_user,
        write_requires_master_read: field
            .metadata()
            .is_some_and(|metadata| metadata.write_requires_master_read == Some(true)),
    }
}

/// The short entry of an sObject in the list of all.
pub(crate) fn entry(object: &SObject, version: &str) -> Value {
    let base = format!("/services/data/v{version}/sobjects/{}", object.name);
    json!({
        "activateable": false, "associateEntityType": null, "associateParentEntity": null,
        "createable": object.writable, "custom": object.custom(), "customSetting": false,
        "deepCloneable": false, "deletable": object.writable, "deprecatedAndHidden": false,
        "feedEnabled": object.name == "Account" || object.name == "Contact",
        "hasSubtypes": false, "isInterface": false, "isSubtype": false,
        "keyPrefix": object.prefix, "label": object.label, "labelPlural": object.plural,
        "layoutable": object.has_recycle_bin(), "mergeable": object.has_recycle_bin(),
        "mruEnabled": object.has_recycle_bin(), "name": object.name, "queryable": true,
        "replicateable": object.has_recycle_bin(), "retrieveable": true,
        "searchable": object.has_recycle_bin(), "triggerable": object.has_recycle_bin(),
        "undeletable": object.has_recycle_bin(), "updateable": object.writable,
        "urls": {
            "sobject": base, "describe": format!("{base}/describe"),
            "rowTemplate": format!("{base}/{{ID}}"), "layouts": format!("{base}/describe/layouts"),
            "compactLayouts": format!("{base}/describe/compactLayouts"),
            "quickActions": format!("{base}/quickActions"),
            "listviews": format!("{base}/listviews"),
            "approvalLayouts": format!("{base}/describe/approvalLayouts"),
        }
    })
}

/// The full describe of an sObject: the entry plus fields (only those the user sees).
pub(crate) fn full(
    schema: &Schema,
    object: &SObject,
    version: &str,
) -> Result<Value, serde_json::Error> {
    let mut describe = entry(object, version);
    let fields: Vec<FieldDescribe<'_>> = object
        .fields
        .iter()
        .filter(|field| field.visible())
        .map(field_describe)
        .collect();
    let more = json!({
        "actionOverrides": [], "childRelationships": children(schema, &object.name),
        "compactLayoutable": true, "defaultImplementation": null, "extendedBy": null,
        "extendsInterfaces": null, "implementedBy": null, "implementsInterfaces": null,
        "listviewable": null, "lookupLayoutable": null, "namedLayoutInfos": [],
        "networkScopeFieldName": null, "searchLayoutable": true, "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": format!("All {}", object.plural), "name": "everything"}],
        "recordTypeInfos": [{
            "active": true, "available": true, "defaultRecordTypeMapping": true,
            "developerName": "Master", "master": true, "name": "Master",
            "recordTypeId": "012000000000000AAA",
            "urls": {"layout": format!("/services/data/v{version}/sobjects/{}/describe/layouts/012000000000000AAA", object.name)}
        }],
    });
    if let (Value::Object(describe), Value::Object(more)) = (&mut describe, more) {
        describe.extend(more);
        describe.insert("fields".to_owned(), serde_json::to_value(fields)?);
    }
    Ok(describe)
}

fn children(schema: &Schema, object: &str) -> Vec<Value> {
    schema
        .children(object)
        .map(|child| {
            json!({
                "cascadeDelete": child.cascade, "childSObject": child.sobject,
                "deprecatedAndHidden": false, "field": child.field, "junctionIdListNames": [],
                "junctionReferenceTo": [], "relationshipName": child.relationship,
                "restrictedDelete": child.restricted
            })
        })
        .collect()
}
