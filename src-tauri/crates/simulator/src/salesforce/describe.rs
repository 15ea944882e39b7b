//! Describe answers (facts/salesforce.md §3): a field has 57 keys, in this order.

use base64::Engine;
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::reply::{Reply, Request};
use crate::salesforce::errors::CallError;
use crate::salesforce::freshness;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject, Schema};
use crate::salesforce::shape::places::{self, Place};
use crate::salesforce::shape::record_types;

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
    controller_name: Option<String>,
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

fn field_describe<'a>(field: &'a Field, places: Option<&'a [Place]>) -> FieldDescribe<'a> {
    let depends = field
        .name
        .strip_suffix("StateCode")
        .filter(|_| places.is_some());
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
        controller_name: depends.map(|stem| format!("{stem}CountryCode")),
        createable: field.createable && by_user,
        custom: field.custom,
        default_value: match field.kind {
            FieldType::Boolean => Some(Value::Bool(field.default_value.as_deref() == Some("true"))),
            _ => None,
        },
        default_value_formula: None,
        defaulted_on_create: field.defaulted_on_create,
        dependent_picklist: depends.is_some(),
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
        picklist_values: picklist_values(field, places),
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

fn picklist_values<'a>(field: &'a Field, places: Option<&'a [Place]>) -> Vec<PicklistValue<'a>> {
    let plain = |value: &'a str| PicklistValue {
        active: true,
        default_value: false,
        label: value,
        valid_for: None,
        value,
    };
    match places {
        Some(places) => places
            .iter()
            .map(|place| PicklistValue {
                label: place.label,
                valid_for: place.valid_for.as_deref(),
                ..plain(place.value)
            })
            .collect(),
        None => field.picklist.iter().map(|value| plain(value)).collect(),
    }
}

/// The short entry of an sObject in the list of all.
pub(crate) fn entry(object: &SObject, version: &str) -> Value {
    let base = format!("/services/data/v{version}/sobjects/{}", object.name);
    let rights = object.rights;
    json!({
        "activateable": false, "associateEntityType": null, "associateParentEntity": null,
        "createable": object.writable && rights.create, "custom": object.custom(), "customSetting": false,
        "deepCloneable": false, "deletable": object.writable && rights.delete, "deprecatedAndHidden": false,
        "feedEnabled": object.name == "Account" || object.name == "Contact",
        "hasSubtypes": false, "isInterface": false, "isSubtype": false,
        "keyPrefix": object.prefix, "label": object.label, "labelPlural": object.plural,
        "layoutable": object.has_recycle_bin(), "mergeable": object.has_recycle_bin(),
        "mruEnabled": object.has_recycle_bin(), "name": object.name, "queryable": true,
        "replicateable": object.has_recycle_bin(), "retrieveable": true,
        "searchable": object.has_recycle_bin(), "triggerable": object.has_recycle_bin(),
        "undeletable": object.has_recycle_bin(), "updateable": object.writable && rights.edit,
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

/// The list of all sObjects.
pub(crate) fn global(org: &Org, version: &str) -> Reply {
    let list: Vec<Value> = org
        .schema
        .objects
        .iter()
        .filter(|object| object.readable && !object.tooling_only)
        .map(|object| entry(object, version))
        .collect();
    Reply::json(
        200,
        &json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": list}),
    )
}

/// `GET …/describe`, or 304 when the client has the newest.
pub(crate) fn answer(
    org: &mut Org,
    request: &Request,
    sobject: &str,
    version: &str,
) -> Result<Reply, CallError> {
    let object = org
        .schema
        .object(sobject)
        .ok_or_else(CallError::not_found)?;
    let reply = Reply::json(200, &full(org, object, version)?);
    let digest = Sha256::digest(&reply.body);
    let tag = format!(
        "\"{}\"",
        base64::engine::general_purpose::STANDARD.encode(&digest[..9])
    );
    let now = org.clock.moment();
    let key = format!("{version} {sobject}");
    let since = match org.setup.described.get(&key) {
        Some((known, since)) if *known == tag => *since,
        // HTTP dates have whole seconds: a change never shares one with what it replaces.
        Some((_, before)) => now.max(*before + SignedDuration::from_secs(1)),
        None => now,
    };
    org.setup.described.insert(key, (tag.clone(), since));
    Ok(freshness::conditional(request, reply, &tag, since))
}

/// The full describe of an sObject: the entry plus fields (only those the user sees).
pub(crate) fn full(org: &Org, object: &SObject, version: &str) -> Result<Value, serde_json::Error> {
    let mut describe = entry(object, version);
    let fields: Result<Vec<Value>, serde_json::Error> = object
        .fields
        .iter()
        .filter(|field| field.visible())
        .map(|field| {
            let places = places::picklist(object, &field.name);
            serde_json::to_value(field_describe(field, places.as_deref()))
        })
        .collect();
    let more = json!({
        "actionOverrides": [], "childRelationships": children(&org.schema, &object.name),
        "compactLayoutable": true, "defaultImplementation": null, "extendedBy": null,
        "extendsInterfaces": null, "implementedBy": null, "implementsInterfaces": null,
        "listviewable": null, "lookupLayoutable": null, "namedLayoutInfos": [],
        "networkScopeFieldName": null, "searchLayoutable": true, "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": format!("All {}", object.plural), "name": "everything"}],
        "recordTypeInfos": record_type_infos(org, object, version),
    });
    if let (Value::Object(describe), Value::Object(more)) = (&mut describe, more) {
        describe.extend(more);
        describe.insert("fields".to_owned(), Value::Array(fields?));
    }
    Ok(describe)
}

/// Active record types and, last, the one every sObject has.
fn record_type_infos(org: &Org, object: &SObject, version: &str) -> Vec<Value> {
    let info = |id: &str, developer_name: &str, name: &str, active: bool, default: bool| {
        let layouts = format!(
            "/services/data/v{version}/sobjects/{}/describe/layouts/{id}",
            object.name
        );
        json!({
            "active": active, "available": active, "defaultRecordTypeMapping": default,
            "developerName": developer_name, "master": developer_name == "Master", "name": name,
            "recordTypeId": id, "urls": {"layout": layouts}
        })
    };
    let default = record_types::default_of(org, &object.name).map(|kind| kind.id.as_str());
    let mut infos: Vec<Value> = record_types::of(org, &object.name)
        .map(|kind| {
            let is = &kind.is;
            info(
                &kind.id,
                &is.developer_name,
                &is.name,
                is.is_active,
                default == Some(&kind.id),
            )
        })
        .collect();
    infos.push(info(
        "012000000000000AAA",
        "Master",
        "Master",
        true,
        default.is_none(),
    ));
    infos
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
