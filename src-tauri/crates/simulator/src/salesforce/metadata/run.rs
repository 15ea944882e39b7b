//! Runs a deploy. Everything is really done, inside a savepoint: a check, or a failure that must
//! roll back, undoes it all, so what a check says is what a deploy would do.

use std::collections::HashSet;

use super::custom_field::CustomField;
use super::custom_object::CustomObject;
use super::fields::{self, Effect, Refused};
use super::options::Options;
use super::package::{Deletions, File, Member, Package};
use super::reading::Problem;
use super::{field_deletion, grants, objects};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;

/// One line of a deploy's result.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the real answer's shape")]
pub(crate) struct Component {
    pub(crate) kind: String,
    pub(crate) file: String,
    pub(crate) full_name: String,
    pub(crate) id: Option<String>,
    pub(crate) problem: Option<Problem>,
    /// The problem is one that may be ignored.
    pub(crate) warning: bool,
    pub(crate) created: bool,
    pub(crate) changed: bool,
    pub(crate) deleted: bool,
}

impl Component {
    pub(crate) fn new(kind: &str, file: &str, full_name: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            file: file.to_owned(),
            full_name: full_name.to_owned(),
            ..Self::default()
        }
    }

    /// The line about the manifest, which every result has.
    pub(crate) fn manifest(problem: Option<Problem>) -> Self {
        Self {
            problem,
            ..Self::new("", "package.xml", "package.xml")
        }
    }

    pub(crate) fn failed(&self) -> bool {
        self.problem.is_some() && !self.warning
    }
}

/// Metadata types that exist and that this org does not hold.
const ELSEWHERE: [&str; 28] = [
    "ApexClass",
    "ApexComponent",
    "ApexPage",
    "ApexTrigger",
    "AuraDefinitionBundle",
    "CompactLayout",
    "CustomApplication",
    "CustomLabel",
    "CustomLabels",
    "CustomMetadata",
    "CustomPermission",
    "CustomTab",
    "Dashboard",
    "DuplicateRule",
    "EmailTemplate",
    "FieldSet",
    "FlexiPage",
    "Flow",
    "GlobalValueSet",
    "Layout",
    "LightningComponentBundle",
    "ListView",
    "PermissionSetGroup",
    "Profile",
    "RecordType",
    "Report",
    "StaticResource",
    "ValidationRule",
];

/// How often deletions are tried that something else in the list keeps.
const DELETE_PASSES: usize = 5;

/// Runs the package; gives its components. The org keeps the changes only when it should.
pub(crate) fn run(
    org: &mut Org,
    package: &Package,
    options: &Options,
) -> Result<Vec<Component>, CallError> {
    if let Some(problem) = &package.manifest.problem {
        return Ok(vec![Component::manifest(Some(problem.clone()))]);
    }
    let (schema, ids) = (org.schema.clone(), org.ids.clone());
    let done = org.atomically(|org| {
        let mut run = Run {
            org,
            package,
            options,
            components: vec![Component::manifest(None)],
        };
        run.all().map_err(TakenBack::Broken)?;
        let components = run.components;
        let failed = components.iter().any(Component::failed);
        if options.check_only || (failed && options.rollback_on_error) {
            return Err(TakenBack::Meant(components));
        }
        Ok(components)
    });
    if done.is_err() {
        org.schema = schema;
        org.ids = ids;
    }
    org.refresh_field_access()?;
    match done {
        Ok(components) => Ok(components),
        Err(TakenBack::Broken(error)) => Err(error),
        Err(TakenBack::Meant(mut components)) => {
            for component in components.iter_mut().filter(|component| component.created) {
                component.id = None;
            }
            Ok(components)
        }
    }
}

/// Why nothing of a run stays: it was a check or failed, or the database did.
enum TakenBack {
    Meant(Vec<Component>),
    Broken(CallError),
}

impl From<rusqlite::Error> for TakenBack {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(error.into())
    }
}

struct Run<'a> {
    org: &'a mut Org,
    package: &'a Package,
    options: &'a Options,
    components: Vec<Component>,
}

impl Run<'_> {
    fn all(&mut self) -> Result<(), CallError> {
        let package = self.package;
        for deletions in package.deletions.iter().filter(|list| !list.after) {
            self.delete(deletions)?;
        }
        self.objects()?;
        self.fields()?;
        self.permission_sets()?;
        self.missing();
        for deletions in package.deletions.iter().filter(|list| list.after) {
            self.delete(deletions)?;
        }
        Ok(())
    }

    /// Does one component by itself: when it is refused, nothing of it stays.
    fn attempt(
        &mut self,
        mut component: Component,
        place: (usize, usize),
        work: impl FnOnce(&mut Org) -> Result<(Option<String>, Effect), Refused>,
    ) -> Result<(), CallError> {
        let schema = self.org.schema.clone();
        match self.org.atomically(work) {
            Ok((id, effect)) => {
                component.id = id;
                component.created = effect == Effect::Created && !component.deleted;
                component.changed = effect != Effect::Same;
            }
            Err(refused) => {
                self.org.schema = schema;
                match refused {
                    Refused::Call(error) => return Err(error),
                    Refused::Problem(problem) if place == (0, 0) => {
                        component.problem = Some(problem);
                    }
                    Refused::Problem(problem) => {
                        component.problem = Some(problem.at(place.0, place.1));
                    }
                }
            }
        }
        self.components.push(component);
        Ok(())
    }

    fn refuse(&mut self, kind: &str, file: &str, name: &str, problem: Problem) {
        self.components.push(Component {
            problem: Some(problem),
            ..Component::new(kind, file, name)
        });
    }

    fn lists(&self, kind: &str, name: &str) -> bool {
        self.options.auto_update_package || self.package.manifest.lists(kind, name)
    }

    /// The fields of a file the manifest names, themselves or with their object.
    fn listed_fields<'f>(
        &self,
        file: &File<CustomObject>,
        content: &'f CustomObject,
    ) -> Vec<&'f CustomField> {
        let whole = self.lists("CustomObject", &file.name);
        content
            .fields
            .iter()
            .filter(|field| {
                whole || self.lists("CustomField", &format!("{}.{}", file.name, field.full_name))
            })
            .collect()
    }

    fn objects(&mut self) -> Result<(), CallError> {
        let package = self.package;
        for file in &package.objects {
            let whole = self.lists("CustomObject", &file.name);
            match &file.content {
                Err(problem) => {
                    self.refuse("CustomObject", &file.path, &file.name, problem.clone());
                }
                Ok(content) => {
                    let fields = self.listed_fields(file, content);
                    if !whole {
                        if fields.is_empty() {
                            self.refuse(
                                "CustomObject",
                                &file.path,
                                &file.name,
                                Problem::new("Not in package.xml"),
                            );
                        }
                        continue;
                    }
                    let has_master = fields.iter().any(|field| field.kind == "MasterDetail");
                    let component = Component::new("CustomObject", &file.path, &file.name);
                    self.attempt(component, (1, 1), |org| {
                        objects::put(org, &file.name, content, has_master)
                    })?;
                    for (kind, name) in &content.nested {
                        let name = format!("{}.{name}", file.name);
                        self.refuse(kind, &file.path, &name, not_held(kind));
                    }
                }
            }
        }
        Ok(())
    }

    /// Fields in an order in which none needs a later one: plain, relationships, formulas, sums.
    fn fields(&mut self) -> Result<(), CallError> {
        let package = self.package;
        let mut all: Vec<(&File<CustomObject>, &CustomField)> = Vec::new();
        for file in &package.objects {
            if let Ok(content) = &file.content {
                let listed = self.listed_fields(file, content);
                all.extend(listed.into_iter().map(|field| (file, field)));
            }
        }
        all.sort_by_key(|(_, field)| match field.kind.as_str() {
            "Summary" => 3,
            _ if field.formula.is_some() => 2,
            "Lookup" | "MasterDetail" => 1,
            _ => 0,
        });
        let mut seen: HashSet<String> = HashSet::new();
        for (file, field) in all {
            let full_name = format!("{}.{}", file.name, field.full_name);
            if !seen.insert(full_name.to_ascii_lowercase()) {
                self.refuse(
                    "CustomField",
                    &file.path,
                    &full_name,
                    Problem::new(format!("Duplicate name '{full_name}' specified"))
                        .at(field.place.0, field.place.1),
                );
                continue;
            }
            let component = Component::new("CustomField", &file.path, &full_name);
            self.attempt(component, field.place, |org| {
                fields::put(org, &file.name, field)
            })?;
        }
        Ok(())
    }

    fn permission_sets(&mut self) -> Result<(), CallError> {
        let package = self.package;
        let version = package.manifest.version.unwrap_or(67.0);
        for file in &package.permission_sets {
            match &file.content {
                Err(problem) => {
                    self.refuse("PermissionSet", &file.path, &file.name, problem.clone());
                }
                Ok(_) if !self.lists("PermissionSet", &file.name) => {
                    self.refuse(
                        "PermissionSet",
                        &file.path,
                        &file.name,
                        Problem::new("Not in package.xml"),
                    );
                }
                Ok(set) => {
                    let component = Component::new("PermissionSet", &file.path, &file.name);
                    self.attempt(component, (1, 1), |org| {
                        grants::put(org, &file.name, set, version)
                    })?;
                }
            }
        }
        Ok(())
    }

    /// What package.xml names and the zip does not hold, or this org cannot.
    fn missing(&mut self) {
        let package = self.package;
        for member in &package.manifest.members {
            let (line, column) = member.place;
            let held = matches!(
                member.kind.as_str(),
                "CustomField" | "CustomObject" | "PermissionSet"
            );
            let problem = if !held {
                if ELSEWHERE.contains(&member.kind.as_str()) {
                    not_held(&member.kind)
                } else {
                    Problem::new(format!(
                        "Unknown type name '{}' specified in package.xml",
                        member.kind
                    ))
                }
            } else if member.name == "*"
                || package.holds(member)
                || self.options.allow_missing_files
            {
                continue;
            } else {
                Problem::new(format!(
                    "An object '{}' of type {} was named in package.xml, but was not found in zipped directory",
                    member.name, member.kind
                ))
            };
            self.refuse(
                &member.kind,
                "package.xml",
                &member.name,
                problem.at(line, column),
            );
        }
    }

    fn delete(&mut self, deletions: &Deletions) -> Result<(), CallError> {
        if let Some(problem) = &deletions.manifest.problem {
            self.refuse("", &deletions.path, &deletions.path, problem.clone());
            return Ok(());
        }
        // Fields go before the objects they stand on.
        let mut members: Vec<&Member> = deletions.manifest.members.iter().collect();
        members.sort_by_key(|member| match member.kind.as_str() {
            "PermissionSet" => 0,
            "CustomField" => 1,
            _ => 2,
        });
        // What something else of the list still uses is tried again when that is gone.
        for _ in 0..DELETE_PASSES {
            let before = members.len();
            let mut refused = Vec::new();
            for member in members {
                self.delete_member(deletions, member)?;
                if self.components.last().is_some_and(Component::failed) {
                    self.components.pop();
                    refused.push(member);
                }
            }
            members = refused;
            if members.len() == before {
                break;
            }
        }
        for member in members {
            self.delete_member(deletions, member)?;
        }
        Ok(())
    }

    fn delete_member(&mut self, deletions: &Deletions, member: &Member) -> Result<(), CallError> {
        let (line, column) = member.place;
        let purge = self.options.purge_on_delete;
        let mut component = Component::new(&member.kind, &deletions.path, &member.name);
        component.deleted = true;
        let unknown = match member.kind.as_str() {
            _ if member.name == "*" => {
                component.problem = Some(
                    Problem::new("Wildcards are not allowed in destructive changes")
                        .at(line, column),
                );
                component.deleted = false;
                self.components.push(component);
                return Ok(());
            }
            "CustomField" => !member.name.split_once('.').is_some_and(|(sobject, name)| {
                self.org
                    .schema
                    .any_object(sobject)
                    .and_then(|object| object.any_field(name))
                    .is_some_and(|field| field.custom && field.compound.is_none())
            }),
            "CustomObject" => !self
                .org
                .schema
                .any_object(&member.name)
                .is_some_and(crate::salesforce::schema::SObject::custom),
            "PermissionSet" => grants::id_of(self.org, &member.name)?.is_none(),
            // What this org does not hold is not there to delete.
            _ => true,
        };
        if unknown {
            component.deleted = false;
            component.warning = self.options.ignore_warnings;
            component.problem = Some(
                Problem::new(format!("No {} named: {} found", member.kind, member.name))
                    .at(line, column),
            );
            self.components.push(component);
            return Ok(());
        }
        let (kind, name) = (member.kind.clone(), member.name.clone());
        self.attempt(component, member.place, move |org| {
            let id = match kind.as_str() {
                "CustomField" => {
                    let (sobject, field) = name.split_once('.').unwrap_or_default();
                    field_deletion::delete(org, sobject, field, purge)?
                }
                "CustomObject" => objects::delete(org, &name, purge)?,
                _ => grants::delete(org, &name)?,
            };
            Ok((id, Effect::Changed))
        })
    }
}

fn not_held(kind: &str) -> Problem {
    Problem::new(format!(
        "This simulated org does not hold metadata of type {kind}: it deploys CustomField, CustomObject and PermissionSet"
    ))
}
