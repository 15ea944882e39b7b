//! The package: package.xml, one file for each sObject, one for the permission set.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Write as _};

use drawbridge_model::{CustomField, CustomFieldKind, FieldPackage};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::xml::Xml;

/// Stands in the description of everything Drawbridge creates. Only fields that carry it may ever
/// be deleted.
pub const MARKER: &str = "Created by Drawbridge";

/// The longest description Salesforce takes, in characters.
const MAX_DESCRIPTION: usize = 1_000;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// The files of a package in Metadata API form.
pub fn entries(package: &FieldPackage, version: &str) -> io::Result<Vec<Entry>> {
    let mut entries = vec![Entry {
        path: "package.xml".to_owned(),
        text: manifest(package, version)?,
    }];
    for (sobject, fields) in by_sobject(package) {
        entries.push(Entry {
            path: format!("objects/{sobject}.object"),
            text: Xml::document("CustomObject", |xml| {
                fields
                    .iter()
                    .try_for_each(|custom| xml.group("fields", |xml| field(xml, custom)))
            })?,
        });
    }
    entries.push(Entry {
        path: format!("permissionsets/{}.permissionset", package.permission_set),
        text: permission_set(package)?,
    });
    Ok(entries)
}

/// The same as a zip. It is the same bytes for the same package.
pub fn zip(entries: &[Entry]) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        zip.start_file(entry.path.as_str(), SimpleFileOptions::default())
            .map_err(io::Error::other)?;
        zip.write_all(entry.text.as_bytes())?;
    }
    Ok(zip.finish().map_err(io::Error::other)?.into_inner())
}

pub(super) fn by_sobject(package: &FieldPackage) -> BTreeMap<&str, Vec<&CustomField>> {
    let mut found: BTreeMap<&str, Vec<&CustomField>> = BTreeMap::new();
    for field in &package.fields {
        found.entry(field.sobject.as_str()).or_default().push(field);
    }
    found
}

fn manifest(package: &FieldPackage, version: &str) -> io::Result<String> {
    let mut members: Vec<String> = package.fields.iter().map(full_name).collect();
    members.sort();
    Xml::document("Package", |xml| {
        if !members.is_empty() {
            xml.group("types", |xml| {
                for member in &members {
                    xml.text("members", member)?;
                }
                xml.text("name", "CustomField")
            })?;
        }
        xml.group("types", |xml| {
            xml.text("members", &package.permission_set)?;
            xml.text("name", "PermissionSet")
        })?;
        xml.text("version", version)
    })
}

fn full_name(field: &CustomField) -> String {
    format!("{}.{}", field.sobject, field.name)
}

/// The elements of one field, in the order Salesforce writes them itself.
pub(super) fn field(xml: &mut Xml, field: &CustomField) -> io::Result<()> {
    let external = matches!(
        field.kind,
        CustomFieldKind::Text {
            external_id: true,
            ..
        }
    );
    xml.text("fullName", field.name.as_str())?;
    if external {
        xml.text("caseSensitive", "true")?;
    }
    xml.text("description", &marked(&field.description))?;
    if external {
        xml.text("externalId", "true")?;
    }
    xml.text("label", &field.label)?;
    match field.kind {
        CustomFieldKind::Text { length, .. } => {
            xml.text("length", &length.to_string())?;
            xml.text("required", "false")?;
            xml.text("type", "Text")?;
        }
        CustomFieldKind::Url => {
            xml.text("required", "false")?;
            xml.text("type", "Url")?;
        }
        CustomFieldKind::DateTime => {
            xml.text("required", "false")?;
            xml.text("type", "DateTime")?;
        }
        CustomFieldKind::Currency { precision, scale } => {
            xml.text("precision", &precision.to_string())?;
            xml.text("required", "false")?;
            xml.text("scale", &scale.to_string())?;
            xml.text("type", "Currency")?;
        }
    }
    if external {
        xml.text("unique", "true")?;
    }
    Ok(())
}

/// The description with the marker, which is never cut off.
fn marked(description: &str) -> String {
    if description.contains(MARKER) {
        return description.to_owned();
    }
    let room = MAX_DESCRIPTION - MARKER.len() - 2;
    let kept: String = description.trim().chars().take(room).collect();
    if kept.is_empty() {
        format!("{MARKER}.")
    } else {
        format!("{kept} {MARKER}.")
    }
}

/// The permission set. Salesforce takes what is deployed as the whole of it.
pub(super) fn permission_set(package: &FieldPackage) -> io::Result<String> {
    let all = package.fields.iter().chain(&package.existing);
    let mut fields: Vec<String> = all.map(full_name).collect();
    fields.sort();
    Xml::document("PermissionSet", |xml| {
        xml.text(
            "description",
            &marked("Lets its users see and edit the synced fields."),
        )?;
        for name in &fields {
            xml.group("fieldPermissions", |xml| {
                xml.text("editable", "true")?;
                xml.text("field", name)?;
                xml.text("readable", "true")
            })?;
        }
        xml.text("hasActivationRequired", "false")?;
        xml.text("label", &package.permission_set_label)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::io::Read as _;

    use drawbridge_model::{FieldName, SObjectName};

    use super::*;

    fn package() -> FieldPackage {
        let field = |name: &str, label: &str, kind| CustomField {
            sobject: SObjectName::from("Account"),
            name: FieldName::from(name),
            label: label.to_owned(),
            kind,
            description: format!("{label} & more."),
        };
        FieldPackage {
            permission_set: "Drawbridge_Sync".to_owned(),
            permission_set_label: "Drawbridge <Sync>".to_owned(),
            existing: Vec::new(),
            fields: vec![
                field(
                    "Customer_ID__c",
                    "Customer ID",
                    CustomFieldKind::Text {
                        length: 255,
                        external_id: true,
                    },
                ),
                field(
                    "Plan__c",
                    "Plan",
                    CustomFieldKind::Text {
                        length: 100,
                        external_id: false,
                    },
                ),
                field(
                    "Value__c",
                    "Value",
                    CustomFieldKind::Currency {
                        precision: 10,
                        scale: 2,
                    },
                ),
                field("Link__c", "Link", CustomFieldKind::Url),
                field("Start__c", "Start", CustomFieldKind::DateTime),
            ],
        }
    }

    #[test]
    fn the_files_of_a_package() {
        let files: Vec<String> = entries(&package(), "67.0")
            .unwrap()
            .into_iter()
            .map(|entry| format!("== {}\n{}", entry.path, entry.text))
            .collect();
        insta::assert_snapshot!(files.join("\n"));
    }

    #[test]
    fn fields_that_are_there_are_in_the_permission_set_alone() {
        let mut some = package();
        some.existing = some.fields.split_off(1);
        let text = |of: &FieldPackage, path: &str| {
            let files = entries(of, "67.0").unwrap();
            let file = files.into_iter().find(|file| file.path.ends_with(path));
            file.map(|file| file.text)
        };
        let objects = text(&some, "Account.object").unwrap();
        assert!(objects.contains("Customer_ID__c") && !objects.contains("Value__c"));
        assert!(!text(&some, "package.xml").unwrap().contains("Value__c"));
        let set = |of: &FieldPackage| text(of, ".permissionset").unwrap();
        assert_eq!(set(&some), set(&package()));
        some.existing.append(&mut some.fields);
        assert_eq!(text(&some, "Account.object"), None);
        assert!(!text(&some, "package.xml").unwrap().contains("CustomField"));
    }

    #[test]
    fn the_zip_holds_them() {
        let entries = entries(&package(), "67.0").unwrap();
        let bytes = zip(&entries).unwrap();
        assert_eq!(bytes, zip(&entries).unwrap());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for entry in &entries {
            let mut text = String::new();
            archive
                .by_name(&entry.path)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            assert_eq!(text, entry.text);
        }
    }

    #[test]
    fn the_marker_is_never_cut_off() {
        for description in ["", "x", &"ä".repeat(2_000), "Created by Drawbridge: x"] {
            let marked = marked(description);
            assert!(marked.contains(MARKER));
            assert!(marked.chars().count() <= MAX_DESCRIPTION);
        }
    }
}
