//! The same package as a source folder, for teams that deploy through their own pipeline.

use std::io;

use drawbridge_model::FieldPackage;

use super::package::{self, Entry};
use super::xml::Xml;

/// The files of an SFDX project with the package in it: one file for each field, one for the
/// permission set, and `sfdx-project.json`.
pub fn source_files(package: &FieldPackage, version: &str) -> io::Result<Vec<Entry>> {
    let folder = "force-app/main/default";
    let project = serde_json::json!({
        "packageDirectories": [{"path": "force-app", "default": true}],
        "sourceApiVersion": version,
    });
    let mut files = vec![Entry {
        path: "sfdx-project.json".to_owned(),
        text: format!("{project:#}\n"),
    }];
    for field in &package.fields {
        files.push(Entry {
            path: format!(
                "{folder}/objects/{}/fields/{}.field-meta.xml",
                field.sobject, field.name
            ),
            text: Xml::document("CustomField", |xml| package::field(xml, field))?,
        });
    }
    files.push(Entry {
        path: format!(
            "{folder}/permissionsets/{}.permissionset-meta.xml",
            package.permission_set
        ),
        text: package::permission_set(package)?,
    });
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use drawbridge_model::{CustomField, CustomFieldKind, FieldName, SObjectName};

    use super::*;

    #[test]
    fn one_file_a_field() {
        let package = FieldPackage {
            permission_set: "Drawbridge_Sync".to_owned(),
            permission_set_label: "Drawbridge sync".to_owned(),
            existing: Vec::new(),
            fields: vec![CustomField {
                sobject: SObjectName::from("Account"),
                name: FieldName::from("Link__c"),
                label: "Link".to_owned(),
                kind: CustomFieldKind::Url,
                description: "Where it is.".to_owned(),
            }],
        };
        let files: Vec<String> = source_files(&package, "67.0")
            .unwrap()
            .into_iter()
            .map(|entry| format!("== {}\n{}", entry.path, entry.text))
            .collect();
        insta::assert_snapshot!(files.join("\n"));
    }
}
