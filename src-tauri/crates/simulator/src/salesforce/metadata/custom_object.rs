//! A custom object, or the file that adds fields to a standard one (`CustomObject`).

use serde::Serialize;

use super::custom_field::CustomField;
use super::reading::{Problem, boolean, known, text, word};
use crate::salesforce::xml::Node;

/// Elements that are components of their own, which this org cannot hold.
const NESTED: [(&str, &str); 12] = [
    ("recordTypes", "RecordType"),
    ("validationRules", "ValidationRule"),
    ("listViews", "ListView"),
    ("webLinks", "WebLink"),
    ("fieldSets", "FieldSet"),
    ("compactLayouts", "CompactLayout"),
    ("businessProcesses", "BusinessProcess"),
    ("sharingReasons", "SharingReason"),
    ("sharingRecalculations", "SharingRecalculation"),
    ("indexes", "Index"),
    ("namedFilters", "NamedFilter"),
    ("historyRetentionPolicy", "HistoryRetentionPolicy"),
];

/// Elements with settings of the object; accepted, and kept where they have a meaning here.
const SETTINGS: [&str; 47] = [
    "fullName",
    "actionOverrides",
    "allowInChatterGroups",
    "articleTypeChannelDisplay",
    "compactLayoutAssignment",
    "customHelp",
    "customHelpPage",
    "customSettingsType",
    "dataSources",
    "deploymentStatus",
    "deprecated",
    "description",
    "enableActivities",
    "enableBulkApi",
    "enableChangeDataCapture",
    "enableDivisions",
    "enableEnhancedLookup",
    "enableFeeds",
    "enableHistory",
    "enableLicensing",
    "enableReports",
    "enableSearch",
    "enableSharing",
    "enableStreamingApi",
    "eventType",
    "externalDataSource",
    "externalName",
    "externalRepository",
    "externalSharingModel",
    "fields",
    "gender",
    "household",
    "label",
    "nameField",
    "pluralLabel",
    "profileSearchLayouts",
    "publishBehavior",
    "recordTypeTrackFeedHistory",
    "recordTypeTrackHistory",
    "searchLayouts",
    "sharingModel",
    "startsWith",
    "visibility",
    "nestedObject",
    "isRecommended",
    "protected",
    "recordTypeTrackHistoryEnabled",
];

/// What an object file states about the object itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomObject {
    pub(crate) label: Option<String>,
    pub(crate) plural_label: Option<String>,
    pub(crate) name_field: Option<NameField>,
    pub(crate) deployment_status: Option<String>,
    pub(crate) sharing_model: Option<String>,
    pub(crate) description: Option<String>,
    #[serde(skip)]
    pub(crate) fields: Vec<CustomField>,
    /// Kind and name of components this org cannot hold.
    #[serde(skip)]
    pub(crate) nested: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NameField {
    pub(crate) label: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) display_format: Option<String>,
}

impl CustomObject {
    pub(crate) fn read(root: &Node) -> Result<Self, Problem> {
        let mut names = SETTINGS.to_vec();
        names.extend(NESTED.iter().map(|(element, _)| *element));
        known(root, "CustomObject", &names)?;
        let fields = root
            .all("fields")
            .map(CustomField::read)
            .collect::<Result<_, _>>()?;
        let name_field = match root.child("nameField") {
            None => None,
            Some(node) => Some(NameField {
                label: text(node, "label"),
                kind: word(node, "type", "FieldType", &["Text", "AutoNumber"])?,
                display_format: text(node, "displayFormat"),
            }),
        };
        boolean(root, "enableHistory")?;
        let nested = NESTED
            .iter()
            .flat_map(|(element, kind)| root.all(element).map(|node| (*kind, node)))
            .map(|(kind, node)| (kind, text(node, "fullName").unwrap_or_default()))
            .collect();
        Ok(Self {
            label: text(root, "label"),
            plural_label: text(root, "pluralLabel"),
            name_field,
            deployment_status: word(
                root,
                "deploymentStatus",
                "DeploymentStatus",
                &["InDevelopment", "Deployed"],
            )?,
            sharing_model: word(
                root,
                "sharingModel",
                "SharingModel",
                &[
                    "Private",
                    "Read",
                    "ReadWrite",
                    "ReadWriteTransfer",
                    "FullAccess",
                    "ControlledByParent",
                    "ControlledByCampaign",
                    "ControlledByLeadOrContact",
                ],
            )?,
            description: text(root, "description"),
            fields,
            nested,
        })
    }

    /// Whether the file says anything about the object itself.
    pub(crate) fn describes_object(&self) -> bool {
        self.label.is_some() || self.name_field.is_some() || self.sharing_model.is_some()
    }
}

/// A deployed object: its id and what it was deployed with.
#[derive(Debug, Clone)]
pub(crate) struct ObjectDefinition {
    /// `01I…`, 18 characters.
    pub(crate) id: String,
    pub(crate) metadata: CustomObject,
    /// Next number where the name is an auto-number.
    pub(crate) next_number: u64,
    pub(crate) created: String,
    pub(crate) modified: String,
}
