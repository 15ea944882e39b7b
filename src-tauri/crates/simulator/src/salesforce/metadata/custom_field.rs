//! A custom field as its metadata states it (`CustomField` of the Metadata API).

use serde::Serialize;

use super::reading::{Problem, boolean, known, number, once, text, word};
use crate::salesforce::xml::Node;

/// The field types of the Metadata API.
const TYPES: [&str; 30] = [
    "AutoNumber",
    "Lookup",
    "MasterDetail",
    "Checkbox",
    "Currency",
    "Date",
    "DateTime",
    "Email",
    "Number",
    "Percent",
    "Phone",
    "Picklist",
    "MultiselectPicklist",
    "Text",
    "TextArea",
    "LongTextArea",
    "Html",
    "EncryptedText",
    "Url",
    "Summary",
    "Hierarchy",
    "Location",
    "Time",
    "File",
    "MetadataRelationship",
    "ExternalLookup",
    "IndirectLookup",
    "CustomDataType",
    "Address",
    "Array",
];

/// Every element a field may have.
const ELEMENTS: [&str; 64] = [
    "fullName",
    "businessOwnerGroup",
    "businessOwnerUser",
    "businessStatus",
    "caseSensitive",
    "complianceGroup",
    "customDataType",
    "defaultValue",
    "deleteConstraint",
    "deprecated",
    "description",
    "displayFormat",
    "displayLocationInDecimal",
    "encryptionScheme",
    "escapeMarkup",
    "externalDeveloperName",
    "externalId",
    "fieldManageability",
    "formula",
    "formulaTreatBlanksAs",
    "inlineHelpText",
    "isAIPredictionField",
    "isConvertLeadDisabled",
    "isFilteringDisabled",
    "isNameField",
    "isSortingDisabled",
    "label",
    "length",
    "lookupFilter",
    "maskChar",
    "maskType",
    "metadataFilterConstraint",
    "metadataRelationshipControllingField",
    "picklist",
    "populateExistingRows",
    "precision",
    "readOnlyProxy",
    "referenceTargetField",
    "referenceTo",
    "relationshipLabel",
    "relationshipName",
    "relationshipOrder",
    "reparentableMasterDetail",
    "required",
    "restrictedAdminField",
    "scale",
    "securityClassification",
    "startingNumber",
    "stripMarkup",
    "summarizedField",
    "summaryFilterItems",
    "summaryForeignKey",
    "summaryOperation",
    "trackFeedHistory",
    "trackHistory",
    "trackTrending",
    "translateData",
    "type",
    "unique",
    "valueSet",
    "visibleLines",
    "writeRequiresMasterRead",
    "globalPicklist",
    "defaultLogicalRole",
];

/// A field as its metadata states it. What is not stated is `None`, so that "stated and wrong for
/// this type" can be told from "not stated".
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomField {
    #[serde(skip)]
    pub(crate) full_name: String,
    /// Line and column of the `<fields>` element.
    #[serde(skip)]
    pub(crate) place: (usize, usize),
    pub(crate) case_sensitive: Option<bool>,
    pub(crate) default_value: Option<String>,
    pub(crate) delete_constraint: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) display_format: Option<String>,
    pub(crate) display_location_in_decimal: Option<bool>,
    pub(crate) external_id: Option<bool>,
    pub(crate) formula: Option<String>,
    pub(crate) formula_treat_blanks_as: Option<String>,
    pub(crate) inline_help_text: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) length: Option<u32>,
    pub(crate) mask_char: Option<String>,
    pub(crate) mask_type: Option<String>,
    pub(crate) precision: Option<u32>,
    pub(crate) reference_to: Option<String>,
    pub(crate) relationship_label: Option<String>,
    pub(crate) relationship_name: Option<String>,
    pub(crate) relationship_order: Option<u32>,
    pub(crate) reparentable_master_detail: Option<bool>,
    pub(crate) required: Option<bool>,
    pub(crate) scale: Option<u32>,
    pub(crate) starting_number: Option<u32>,
    pub(crate) summarized_field: Option<String>,
    pub(crate) summary_foreign_key: Option<String>,
    pub(crate) summary_operation: Option<String>,
    pub(crate) track_history: Option<bool>,
    /// Empty when the type is not stated, as for a change to a standard field.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) unique: Option<bool>,
    pub(crate) value_set: Option<ValueSet>,
    pub(crate) visible_lines: Option<u32>,
    pub(crate) write_requires_master_read: Option<bool>,
}

/// The values of a picklist.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the real metadata type")]
pub(crate) struct ValueSet {
    pub(crate) restricted: Option<bool>,
    pub(crate) controlling_field: Option<String>,
    /// Name of a global value set, in place of a definition.
    pub(crate) value_set_name: Option<String>,
    pub(crate) value_set_definition: Option<ValueSetDefinition>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct ValueSetDefinition {
    pub(crate) sorted: bool,
    pub(crate) value: Vec<PicklistEntry>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PicklistEntry {
    #[serde(rename = "valueName")]
    pub(crate) full_name: String,
    pub(crate) default: bool,
    pub(crate) label: String,
    pub(crate) is_active: bool,
}

impl CustomField {
    /// Reads a `<fields>` element, or the Tooling API's `Metadata`.
    pub(crate) fn read(node: &Node) -> Result<Self, Problem> {
        known(node, "CustomField", &ELEMENTS)?;
        let single: Vec<&str> = ELEMENTS
            .iter()
            .copied()
            .filter(|name| !matches!(*name, "summaryFilterItems" | "complianceGroup"))
            .collect();
        once(node, &single)?;
        Ok(Self {
            full_name: text(node, "fullName").unwrap_or_default(),
            place: (node.line, node.column),
            case_sensitive: boolean(node, "caseSensitive")?,
            default_value: text(node, "defaultValue"),
            delete_constraint: word(
                node,
                "deleteConstraint",
                "DeleteConstraint",
                &["Cascade", "Restrict", "SetNull"],
            )?,
            description: text(node, "description"),
            display_format: text(node, "displayFormat"),
            display_location_in_decimal: boolean(node, "displayLocationInDecimal")?,
            external_id: boolean(node, "externalId")?,
            formula: text(node, "formula"),
            formula_treat_blanks_as: word(
                node,
                "formulaTreatBlanksAs",
                "TreatBlanksAs",
                &["BlankAsBlank", "BlankAsZero"],
            )?,
            inline_help_text: text(node, "inlineHelpText"),
            label: text(node, "label"),
            length: number(node, "length")?,
            mask_char: word(
                node,
                "maskChar",
                "EncryptedFieldMaskChar",
                &["asterisk", "X"],
            )?,
            mask_type: word(
                node,
                "maskType",
                "EncryptedFieldMaskType",
                &["all", "creditCard", "ssn", "lastFour", "sin", "nino"],
            )?,
            precision: number(node, "precision")?,
            reference_to: text(node, "referenceTo"),
            relationship_label: text(node, "relationshipLabel"),
            relationship_name: text(node, "relationshipName"),
            relationship_order: number(node, "relationshipOrder")?,
            reparentable_master_detail: boolean(node, "reparentableMasterDetail")?,
            required: boolean(node, "required")?,
            scale: number(node, "scale")?,
            starting_number: number(node, "startingNumber")?,
            summarized_field: text(node, "summarizedField"),
            summary_foreign_key: text(node, "summaryForeignKey"),
            summary_operation: word(
                node,
                "summaryOperation",
                "SummaryOperations",
                &["count", "min", "max", "sum"],
            )?,
            track_history: boolean(node, "trackHistory")?,
            kind: word(node, "type", "FieldType", &TYPES)?.unwrap_or_default(),
            unique: boolean(node, "unique")?,
            value_set: node.child("valueSet").map(ValueSet::read).transpose()?,
            visible_lines: number(node, "visibleLines")?,
            write_requires_master_read: boolean(node, "writeRequiresMasterRead")?,
        })
    }

    /// Whether Salesforce works the value out.
    pub(crate) fn calculated(&self) -> bool {
        self.formula.is_some() || self.kind == "Summary"
    }

    /// Whether deploying the other in place of this one would change nothing. A flag that is
    /// stated as false says no more than one that is not stated.
    pub(crate) fn states_the_same(&self, other: &Self) -> bool {
        let plain = |metadata: &Self| {
            let mut metadata = metadata.clone();
            metadata.place = (0, 0);
            metadata.full_name = String::new();
            for flag in [
                &mut metadata.case_sensitive,
                &mut metadata.external_id,
                &mut metadata.reparentable_master_detail,
                &mut metadata.required,
                &mut metadata.track_history,
                &mut metadata.unique,
                &mut metadata.write_requires_master_read,
            ] {
                *flag = flag.filter(|on| *on);
            }
            metadata
        };
        plain(self) == plain(other)
    }

    pub(crate) fn required(&self) -> bool {
        self.required == Some(true)
    }
}

impl ValueSet {
    fn read(node: &Node) -> Result<Self, Problem> {
        known(
            node,
            "ValueSet",
            &[
                "controllingField",
                "restricted",
                "valueSetDefinition",
                "valueSetName",
                "valueSettings",
            ],
        )?;
        Ok(Self {
            restricted: boolean(node, "restricted")?,
            controlling_field: text(node, "controllingField"),
            value_set_name: text(node, "valueSetName"),
            value_set_definition: node
                .child("valueSetDefinition")
                .map(ValueSetDefinition::read)
                .transpose()?,
        })
    }
}

impl ValueSetDefinition {
    fn read(node: &Node) -> Result<Self, Problem> {
        known(node, "ValueSetValuesDefinition", &["sorted", "value"])?;
        let mut value = Vec::new();
        for entry in node.all("value") {
            known(
                entry,
                "CustomValue",
                &[
                    "fullName",
                    "valueName",
                    "default",
                    "label",
                    "isActive",
                    "color",
                    "description",
                ],
            )?;
            let full_name = text(entry, "fullName")
                .or_else(|| text(entry, "valueName"))
                .unwrap_or_default();
            value.push(PicklistEntry {
                label: text(entry, "label").unwrap_or_else(|| full_name.clone()),
                default: boolean(entry, "default")?.unwrap_or(false),
                is_active: boolean(entry, "isActive")?.unwrap_or(true),
                full_name,
            });
        }
        Ok(Self {
            sorted: boolean(node, "sorted")?.unwrap_or(false),
            value,
        })
    }
}

/// A deployed field: its id and what it was deployed with.
#[derive(Debug, Clone)]
pub(crate) struct FieldDefinition {
    /// `00N…`, 18 characters.
    pub(crate) id: String,
    pub(crate) metadata: CustomField,
    /// Next number of an auto-number.
    pub(crate) next_number: u64,
    pub(crate) created: String,
    pub(crate) modified: String,
}
