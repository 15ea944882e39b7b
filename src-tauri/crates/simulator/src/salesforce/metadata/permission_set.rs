//! A permission set as its metadata states it (`PermissionSet`).

use super::reading::{Problem, boolean, known, text};
use crate::salesforce::xml::Node;

#[derive(Debug, Clone, Default)]
pub(crate) struct PermissionSet {
    pub(crate) label: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) fields: Vec<FieldGrant>,
    pub(crate) objects: Vec<ObjectGrant>,
    /// Kind and name of things it refers to and this org has none of (Apex classes, tabs…).
    pub(crate) foreign: Vec<(&'static str, String)>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct FieldGrant {
    pub(crate) place: (usize, usize),
    /// `Account.MRR__c`.
    pub(crate) field: String,
    pub(crate) readable: bool,
    pub(crate) editable: bool,
}

#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the real metadata type")]
pub(crate) struct ObjectGrant {
    pub(crate) place: (usize, usize),
    pub(crate) object: String,
    pub(crate) create: bool,
    pub(crate) read: bool,
    pub(crate) edit: bool,
    pub(crate) delete: bool,
    pub(crate) view_all: bool,
    pub(crate) modify_all: bool,
}

/// Elements that name something else: element, name element inside, and the words of the error.
const FOREIGN: [(&str, &str, &str); 10] = [
    (
        "applicationVisibilities",
        "application",
        "CustomApplication",
    ),
    ("classAccesses", "apexClass", "ApexClass"),
    ("customMetadataTypeAccesses", "name", "CustomObject"),
    ("customPermissions", "name", "CustomPermission"),
    ("customSettingAccesses", "name", "CustomObject"),
    (
        "externalDataSourceAccesses",
        "externalDataSource",
        "ExternalDataSource",
    ),
    ("flowAccesses", "flow", "Flow"),
    ("pageAccesses", "apexPage", "ApexPage"),
    ("recordTypeVisibilities", "recordType", "RecordType"),
    ("tabSettings", "tab", "CustomTab"),
];

impl PermissionSet {
    pub(crate) fn read(root: &Node) -> Result<Self, Problem> {
        let mut names = vec![
            "fullName",
            "description",
            "fieldPermissions",
            "hasActivationRequired",
            "label",
            "license",
            "objectPermissions",
            "userLicense",
            "userPermissions",
        ];
        names.extend(FOREIGN.iter().map(|(element, ..)| *element));
        known(root, "PermissionSet", &names)?;
        boolean(root, "hasActivationRequired")?;
        let flag =
            |node: &Node, name: &str| Ok::<bool, Problem>(boolean(node, name)?.unwrap_or(false));
        let mut set = Self {
            label: text(root, "label"),
            description: text(root, "description"),
            ..Self::default()
        };
        for node in root.all("fieldPermissions") {
            known(
                node,
                "PermissionSetFieldPermissions",
                &["editable", "field", "readable"],
            )?;
            set.fields.push(FieldGrant {
                place: (node.line, node.column),
                field: text(node, "field").unwrap_or_default(),
                readable: flag(node, "readable")?,
                editable: flag(node, "editable")?,
            });
        }
        for node in root.all("objectPermissions") {
            known(
                node,
                "PermissionSetObjectPermissions",
                &[
                    "allowCreate",
                    "allowDelete",
                    "allowEdit",
                    "allowRead",
                    "modifyAllRecords",
                    "object",
                    "viewAllFields",
                    "viewAllRecords",
                ],
            )?;
            set.objects.push(ObjectGrant {
                place: (node.line, node.column),
                object: text(node, "object").unwrap_or_default(),
                create: flag(node, "allowCreate")?,
                read: flag(node, "allowRead")?,
                edit: flag(node, "allowEdit")?,
                delete: flag(node, "allowDelete")?,
                view_all: flag(node, "viewAllRecords")?,
                modify_all: flag(node, "modifyAllRecords")?,
            });
        }
        for (element, name, kind) in FOREIGN {
            for node in root.all(element) {
                set.foreign
                    .push((kind, text(node, name).unwrap_or_default()));
            }
        }
        Ok(set)
    }
}
