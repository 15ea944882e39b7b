//! Reads the zip of a deploy: manifest, fields, permission sets, deletions.

use std::io::{Cursor, Read};

use serde::Deserialize;

/// What a deploy's zip holds.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) members: Vec<Types>,
    pub(crate) objects: Vec<ObjectFile>,
    pub(crate) permission_sets: Vec<PermissionSetFile>,
    pub(crate) deletions: Vec<Types>,
}

/// `objects/{name}.object`.
#[derive(Debug)]
pub(crate) struct ObjectFile {
    pub(crate) file: String,
    pub(crate) sobject: String,
    pub(crate) text: String,
    pub(crate) fields: Vec<CustomField>,
}

/// `permissionsets/{name}.permissionset`.
#[derive(Debug)]
pub(crate) struct PermissionSetFile {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) content: PermissionSet,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Types {
    #[serde(default)]
    pub(crate) members: Vec<String>,
    #[serde(default)]
    pub(crate) name: String,
}

#[derive(Debug, Default, Deserialize)]
struct Manifest {
    #[serde(default)]
    types: Vec<Types>,
}

#[derive(Debug, Default, Deserialize)]
struct CustomObject {
    #[serde(default)]
    fields: Vec<CustomField>,
}

/// A field as its metadata states it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "the real metadata type")]
pub(crate) struct CustomField {
    pub(crate) full_name: String,
    pub(crate) label: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) length: Option<usize>,
    pub(crate) precision: Option<u32>,
    pub(crate) scale: Option<u32>,
    pub(crate) visible_lines: Option<u32>,
    pub(crate) external_id: bool,
    pub(crate) unique: bool,
    pub(crate) case_sensitive: bool,
    pub(crate) required: bool,
    pub(crate) description: Option<String>,
    pub(crate) inline_help_text: Option<String>,
    pub(crate) default_value: Option<String>,
    pub(crate) value_set: Option<ValueSet>,
    pub(crate) reference_to: Option<String>,
    pub(crate) relationship_name: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ValueSet {
    pub(crate) restricted: bool,
    pub(crate) value_set_definition: ValueSetDefinition,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ValueSetDefinition {
    pub(crate) value: Vec<PicklistEntry>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PicklistEntry {
    pub(crate) full_name: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PermissionSet {
    pub(crate) label: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) field_permissions: Vec<FieldPermission>,
    pub(crate) object_permissions: Vec<ObjectPermission>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FieldPermission {
    pub(crate) field: String,
    pub(crate) editable: bool,
    pub(crate) readable: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "the real metadata type")]
pub(crate) struct ObjectPermission {
    pub(crate) object: String,
    pub(crate) allow_create: bool,
    pub(crate) allow_delete: bool,
    pub(crate) allow_edit: bool,
    pub(crate) allow_read: bool,
}

/// Reads the zip; an error is the text of the failed deploy.
pub(crate) fn read(bytes: &[u8]) -> Result<Package, String> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| "zip file is not valid".to_owned())?;
    let mut files: Vec<(String, String)> = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| error.to_string())?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().to_owned();
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|_| format!("{name} is not valid UTF-8"))?;
        files.push((name, text));
    }
    // package.xml may stand at the root or in one top folder.
    let root = files
        .iter()
        .find_map(|(name, _)| name.strip_suffix("package.xml").map(str::to_owned))
        .ok_or("No package.xml found")?;
    let mut package = Package::default();
    for (path, text) in files {
        let Some(name) = path.strip_prefix(root.as_str()) else {
            continue;
        };
        let bad = |error: quick_xml::DeError| format!("Error parsing file: {error} ({name})");
        if name == "package.xml" {
            package.members = parse::<Manifest>(&text).map_err(bad)?.types;
        } else if name.starts_with("destructiveChanges") {
            package
                .deletions
                .extend(parse::<Manifest>(&text).map_err(bad)?.types);
        } else if let Some(sobject) = between(name, "objects/", ".object") {
            let content: CustomObject = parse(&text).map_err(bad)?;
            package.objects.push(ObjectFile {
                file: name.to_owned(),
                sobject,
                fields: content.fields,
                text,
            });
        } else if let Some(set) = between(name, "permissionsets/", ".permissionset") {
            let content: PermissionSet = parse(&text).map_err(bad)?;
            package.permission_sets.push(PermissionSetFile {
                file: name.to_owned(),
                name: set,
                content,
                text,
            });
        }
    }
    Ok(package)
}

fn parse<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, quick_xml::DeError> {
    quick_xml::de::from_str(text)
}

fn between(name: &str, start: &str, end: &str) -> Option<String> {
    name.strip_prefix(start)?
        .strip_suffix(end)
        .map(str::to_owned)
}
