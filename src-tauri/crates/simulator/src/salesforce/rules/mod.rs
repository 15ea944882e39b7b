//! Rules an administrator defines: validation rules refuse a record, duplicate rules refuse one that
//! resembles another (facts/salesforce.md §5, §9), field updates change what is stored.

mod duplicates;
mod flows;
mod validation;

use rusqlite::types::Value as Cell;
use serde::{Deserialize, Serialize};

pub(crate) use duplicates::check as check_duplicates;
pub(crate) use flows::run as run_flows;
pub(crate) use validation::{check as check_validation, try_new_rules};

use crate::error::Error;
use crate::salesforce::cells::text;
use crate::salesforce::ids::is_api_name;
use crate::salesforce::org::Org;
use crate::salesforce::shape::OrgShape;

/// A validation rule: a record that matches the condition after a write is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidationRule {
    /// The sObject it guards.
    pub sobject: String,
    /// Its API name, one of a kind in the sObject.
    pub name: String,
    /// The error's text.
    pub message: String,
    /// The field the error is shown at; none shows it at the top of the page.
    #[serde(default)]
    pub display_field: Option<String>,
    /// Whether it works.
    #[serde(default = "yes")]
    pub active: bool,
    /// A SOQL condition, as it stands after `WHERE`; it sees the fields the signed-in user sees.
    pub condition: String,
}

/// A field update, as of a Flow that runs before the save: whenever a write gives the field a value,
/// another one is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldUpdate {
    /// The sObject it belongs to.
    pub sobject: String,
    /// Its API name.
    pub name: String,
    /// The field.
    pub field: String,
    /// What is stored.
    pub value: serde_json::Value,
    /// Only where this was sent; anything when absent.
    #[serde(default)]
    pub from: Option<serde_json::Value>,
    /// Whether it works.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A duplicate rule: a record that has the same values in all its fields as another is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateRule {
    /// The sObject it guards.
    pub sobject: String,
    /// Its API name.
    pub name: String,
    /// Fields that must all be equal, and not empty.
    pub fields: Vec<String>,
    /// What happens to a duplicate.
    #[serde(default)]
    pub action: DuplicateAction,
    /// The error's text.
    #[serde(default = "use_one_of_these")]
    pub message: String,
    /// Whether it works.
    #[serde(default = "yes")]
    pub active: bool,
}

/// What a duplicate rule does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateAction {
    /// Refuses duplicates always.
    #[default]
    Block,
    /// Refuses them unless the call says `Sforce-Duplicate-Rule-Header: allowSave=true`.
    Allow,
}

fn yes() -> bool {
    true
}

fn use_one_of_these() -> String {
    "Use one of these records?".to_owned()
}

/// What is wrong with the rules, if anything.
pub(crate) fn problem(org: &Org, shape: &OrgShape) -> Option<String> {
    let sobjects = shape
        .validation_rules
        .iter()
        .map(|rule| (&rule.name, &rule.sobject));
    let others = shape
        .duplicate_rules
        .iter()
        .map(|rule| (&rule.name, &rule.sobject));
    let updates = shape
        .field_updates
        .iter()
        .map(|rule| (&rule.name, &rule.sobject));
    for (name, sobject) in sobjects.chain(others).chain(updates) {
        if !is_api_name(name) {
            return Some(format!("{name:?} is no API name"));
        }
        if org.schema.object(sobject).is_none() {
            return Some(format!("rule {name}: there is no sObject {sobject}"));
        }
    }
    None
}

/// Makes the rules show up in queries of `DuplicateRule` and `ValidationRule`.
pub(crate) fn list_rules(org: &mut Org, shape: &OrgShape) -> Result<(), Error> {
    org.db.execute(
        "DELETE FROM DuplicateRule WHERE DeveloperName NOT LIKE 'Standard!_%' ESCAPE '!'",
        [],
    )?;
    org.db
        .execute("UPDATE DuplicateRule SET IsActive = 0", [])?;
    org.db.execute("DELETE FROM ValidationRule", [])?;
    for rule in &shape.duplicate_rules {
        let standard = org.db.execute(
            "UPDATE DuplicateRule SET IsActive = ?2 WHERE DeveloperName = ?1",
            rusqlite::params![rule.name, rule.active],
        )?;
        if standard == 0 {
            let cells = [
                ("DeveloperName", text(rule.name.clone())),
                ("MasterLabel", text(rule.name.replace('_', " "))),
                ("SobjectType", text(canonical_name(org, &rule.sobject))),
                ("IsActive", Cell::Integer(i64::from(rule.active))),
                ("Language", text("en_US")),
            ];
            list(org, "DuplicateRule", "0Bm", &cells)?;
        }
    }
    for rule in &shape.validation_rules {
        let sobject = canonical_name(org, &rule.sobject);
        let definition: Option<String> = org
            .db
            .query_row(
                "SELECT Id FROM EntityDefinition WHERE QualifiedApiName = ?1",
                [&sobject],
                |row| row.get(0),
            )
            .ok();
        let cells = [
            ("ValidationName", text(rule.name.clone())),
            ("Active", Cell::Integer(i64::from(rule.active))),
            ("ErrorMessage", text(rule.message.clone())),
            (
                "ErrorDisplayField",
                rule.display_field.clone().map_or(Cell::Null, Cell::Text),
            ),
            // Where no row says otherwise, a standard sObject's definition goes by its name.
            (
                "EntityDefinitionId",
                text(definition.unwrap_or_else(|| sobject.clone())),
            ),
        ];
        list(org, "ValidationRule", "03d", &cells)?;
    }
    Ok(())
}

fn canonical_name(org: &Org, sobject: &str) -> String {
    org.schema
        .object(sobject)
        .map_or_else(|| sobject.to_owned(), |object| object.name.clone())
}

fn list(
    org: &mut Org,
    sobject: &str,
    prefix: &str,
    cells: &[(&str, Cell)],
) -> rusqlite::Result<()> {
    let (id, now) = (org.ids.next(prefix), org.clock.now());
    let mut row = vec![("Id".to_owned(), text(id))];
    row.extend(
        cells
            .iter()
            .map(|(name, cell)| ((*name).to_owned(), cell.clone())),
    );
    for stamp in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
        row.push((stamp.to_owned(), text(now.clone())));
    }
    org.insert(sobject, &row)
}
