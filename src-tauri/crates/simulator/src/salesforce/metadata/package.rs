//! What a deploy's zip holds: the manifest, object files, permission sets and deletions.

use std::collections::HashSet;

use super::archive;
use super::custom_object::CustomObject;
use super::permission_set::PermissionSet;
use super::reading::Problem;
use crate::salesforce::xml::{self, Node};

/// A read package. Files that cannot be read carry their problem; they fail when deployed.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) manifest: Manifest,
    pub(crate) objects: Vec<File<CustomObject>>,
    pub(crate) permission_sets: Vec<File<PermissionSet>>,
    /// In the order they run: before the rest, or after it.
    pub(crate) deletions: Vec<Deletions>,
    /// Kind and lower-case name of everything the files hold.
    held: HashSet<(&'static str, String)>,
}

/// Most components one package may name or hold.
const MAX_COMPONENTS: usize = 10_000;

/// One metadata file.
#[derive(Debug)]
pub(crate) struct File<T> {
    /// Path from the folder of package.xml: `objects/Account.object`.
    pub(crate) path: String,
    /// Name without folder and suffix: `Account`.
    pub(crate) name: String,
    pub(crate) content: Result<T, Problem>,
}

/// One of the three files that delete.
#[derive(Debug)]
pub(crate) struct Deletions {
    pub(crate) path: String,
    /// `destructiveChangesPost.xml` runs after everything else.
    pub(crate) after: bool,
    pub(crate) manifest: Manifest,
}

/// `package.xml` and the destructive files: members by type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manifest {
    pub(crate) members: Vec<Member>,
    /// API version stated, 67.0 when none is.
    pub(crate) version: Option<f64>,
    pub(crate) problem: Option<Problem>,
    /// Kind and lower-case name of each member.
    names: HashSet<(String, String)>,
}

/// One `<members>` line.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) place: (usize, usize),
}

impl Manifest {
    fn read(bytes: &[u8]) -> Self {
        match xml::decode(bytes).and_then(|text| xml::parse(&text)) {
            Ok(root) if root.name == "Package" => Self::of(&root),
            Ok(root) => Self {
                problem: Some(
                    Problem::new(format!(
                        "Error parsing file: Element {} invalid at this location, expected Package",
                        root.name
                    ))
                    .at(root.line, root.column),
                ),
                ..Self::default()
            },
            Err(error) => Self {
                problem: Some(error.into()),
                ..Self::default()
            },
        }
    }

    fn of(root: &Node) -> Self {
        let mut manifest = Self::default();
        for types in root.all("types") {
            let kind = types.text_of("name").unwrap_or_default().to_owned();
            if kind.is_empty() {
                manifest.problem.get_or_insert(
                    Problem::new("Required field is missing: name").at(types.line, types.column),
                );
            }
            for node in types.all("members") {
                manifest
                    .names
                    .insert((kind.clone(), node.text.trim().to_ascii_lowercase()));
                manifest.members.push(Member {
                    kind: kind.clone(),
                    name: node.text.trim().to_owned(),
                    place: (node.line, node.column),
                });
            }
        }
        if let Some(node) = root.child("version") {
            let words = node.text.trim();
            match words.parse::<f64>() {
                Ok(version) if (7.0..=68.0).contains(&version) => manifest.version = Some(version),
                _ => {
                    manifest.problem.get_or_insert(
                        Problem::new(format!("Invalid version specified:{words}"))
                            .at(node.line, node.column),
                    );
                }
            }
        }
        manifest
    }

    /// Whether a component is named, by its name or by a wildcard.
    pub(crate) fn lists(&self, kind: &str, name: &str) -> bool {
        let named = |name: &str| {
            self.names
                .contains(&(kind.to_owned(), name.to_ascii_lowercase()))
        };
        named(name) || named("*")
    }
}

/// Why a zip is no package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackageError {
    /// `errorStatusCode` and `errorMessage`.
    Archive(&'static str, String),
    NoManifest,
}

/// Reads the zip.
pub(crate) fn read(bytes: &[u8]) -> Result<Package, PackageError> {
    let files = archive::unpack(bytes).map_err(|error| {
        let (code, message) = error.words();
        PackageError::Archive(code, message)
    })?;
    let root = root(&files).ok_or(PackageError::NoManifest)?;
    let mut package = Package::default();
    for (path, bytes) in &files {
        let Some(name) = path.strip_prefix(root.as_str()) else {
            continue;
        };
        if name == "package.xml" {
            package.manifest = Manifest::read(bytes);
        } else if matches!(
            name,
            "destructiveChanges.xml" | "destructiveChangesPre.xml" | "destructiveChangesPost.xml"
        ) {
            package.deletions.push(Deletions {
                path: name.to_owned(),
                // A plain destructiveChanges.xml runs before what the package adds.
                after: name == "destructiveChangesPost.xml",
                manifest: Manifest::read(bytes),
            });
        } else if let Some(object) = between(name, "objects/", ".object") {
            package.objects.push(file(
                name,
                object,
                bytes,
                "CustomObject",
                CustomObject::read,
            ));
        } else if let Some(set) = between(name, "permissionsets/", ".permissionset") {
            package.permission_sets.push(file(
                name,
                set,
                bytes,
                "PermissionSet",
                PermissionSet::read,
            ));
        }
    }
    package.index();
    if package.size().max(package.held.len()) > MAX_COMPONENTS {
        return Err(PackageError::Archive(
            "LIMIT_EXCEEDED",
            format!("Maximum number of components exceeded. The maximum is {MAX_COMPONENTS}."),
        ));
    }
    Ok(package)
}

impl Package {
    fn index(&mut self) {
        let mut held = HashSet::new();
        for file in &self.objects {
            held.insert(("CustomObject", file.name.to_ascii_lowercase()));
            for field in file.content.iter().flat_map(|content| &content.fields) {
                let name = format!("{}.{}", file.name, field.full_name);
                held.insert(("CustomField", name.to_ascii_lowercase()));
            }
        }
        for file in &self.permission_sets {
            held.insert(("PermissionSet", file.name.to_ascii_lowercase()));
        }
        self.held = held;
    }

    /// Whether a file of the zip holds what the manifest names.
    pub(crate) fn holds(&self, member: &Member) -> bool {
        let name = member.name.to_ascii_lowercase();
        match member.kind.as_str() {
            "CustomField" => {
                self.held.contains(&("CustomField", name.clone()))
                    // A file that cannot be read says enough by its own failure.
                    || name.split_once('.').is_some_and(|(sobject, _)| {
                        self.held.contains(&("CustomObject", sobject.to_owned()))
                            && self.objects.iter().any(|file| {
                                file.content.is_err() && file.name.eq_ignore_ascii_case(sobject)
                            })
                    })
            }
            "CustomObject" => self.held.contains(&("CustomObject", name)),
            "PermissionSet" => self.held.contains(&("PermissionSet", name)),
            _ => false,
        }
    }

    /// How many components the manifests name, before the deploy has counted them.
    pub(crate) fn size(&self) -> usize {
        let deleted: usize = self
            .deletions
            .iter()
            .map(|list| list.manifest.members.len())
            .sum();
        deleted + self.manifest.members.len()
    }
}

/// The folder package.xml stands in: the root, or one top folder.
fn root(files: &[(String, Vec<u8>)]) -> Option<String> {
    if files.iter().any(|(path, _)| path == "package.xml") {
        return Some(String::new());
    }
    files.iter().find_map(|(path, _)| {
        let folder = path.strip_suffix("package.xml")?;
        let name = folder.strip_suffix('/')?;
        (!name.is_empty() && !name.contains('/')).then(|| folder.to_owned())
    })
}

fn file<T>(
    path: &str,
    name: String,
    bytes: &[u8],
    element: &str,
    read: impl Fn(&Node) -> Result<T, Problem>,
) -> File<T> {
    let content = xml::decode(bytes)
        .and_then(|text| xml::parse(&text))
        .map_err(Problem::from)
        .and_then(|root| {
            if root.name == element {
                read(&root)
            } else {
                Err(Problem::new(format!(
                    "Error parsing file: Element {} invalid at this location, expected {element}",
                    root.name
                ))
                .at(root.line, root.column))
            }
        });
    File {
        path: path.to_owned(),
        name,
        content,
    }
}

fn between(name: &str, start: &str, end: &str) -> Option<String> {
    name.strip_prefix(start)?
        .strip_suffix(end)
        .filter(|name| !name.contains('/'))
        .map(str::to_owned)
}
