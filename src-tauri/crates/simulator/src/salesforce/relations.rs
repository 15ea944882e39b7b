//! Relationships seen from the parent: which sObjects have records that point here, and what becomes
//! of those records when the parent is deleted or comes back.

use crate::salesforce::errors::RowError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::Schema;

/// Deepest chain of details followed; Salesforce allows three levels.
const MAX_DEPTH: usize = 8;

/// Standard relationships: parent, child, the child's field, name for child queries.
const STANDARD: [(&str, &str, &str, &str); 6] = [
    ("Account", "Account", "ParentId", "ChildAccounts"),
    ("Account", "Contact", "AccountId", "Contacts"),
    (
        "PermissionSet",
        "PermissionSetAssignment",
        "PermissionSetId",
        "Assignments",
    ),
    (
        "PermissionSet",
        "FieldPermissions",
        "ParentId",
        "FieldPerms",
    ),
    (
        "PermissionSet",
        "ObjectPermissions",
        "ParentId",
        "ObjectPerms",
    ),
    (
        "User",
        "PermissionSetAssignment",
        "AssigneeId",
        "PermissionSetAssignments",
    ),
];

/// A field of another sObject that points here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) sobject: String,
    pub(crate) field: String,
    /// Name for child queries: `Contacts`, `Invoices__r`. A lookup need not have one.
    pub(crate) relationship: Option<String>,
    /// Deleted with the parent.
    pub(crate) cascade: bool,
    /// Keeps the parent from being deleted.
    pub(crate) restricted: bool,
}

impl Schema {
    /// The relationships whose parent is this sObject: the standard ones as the real describe has
    /// them, then every custom one the signed-in user sees.
    pub(crate) fn children<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = Child> + 'a {
        let standard = STANDARD.iter().filter(move |(of, ..)| *of == parent).map(
            |&(_, sobject, field, relationship)| Child {
                sobject: sobject.to_owned(),
                field: field.to_owned(),
                relationship: Some(relationship.to_owned()),
                // A child account stays when its parent goes.
                cascade: relationship != "ChildAccounts",
                restricted: false,
            },
        );
        standard.chain(
            self.custom_children(parent)
                .filter(|(visible, _)| *visible)
                .map(|(_, child)| child),
        )
    }

    /// Custom relationships, each with whether the signed-in user sees it.
    fn custom_children<'a>(&'a self, parent: &'a str) -> impl Iterator<Item = (bool, Child)> + 'a {
        self.objects
            .iter()
            .flat_map(|object| object.fields.iter().map(move |field| (object, field)))
            .filter(move |(object, field)| {
                object.has_recycle_bin()
                    && field.custom
                    && field.reference_to.iter().any(|target| target == parent)
            })
            .map(|(object, field)| {
                let metadata = field.metadata();
                let constraint =
                    metadata.and_then(|metadata| metadata.delete_constraint.as_deref());
                let child = Child {
                    sobject: object.name.clone(),
                    field: field.name.clone(),
                    relationship: metadata
                        .and_then(|metadata| metadata.relationship_name.as_ref())
                        .map(|name| format!("{name}__r")),
                    cascade: field.master_detail() || constraint == Some("Cascade"),
                    restricted: constraint == Some("Restrict"),
                };
                (object.readable && field.visible(), child)
            })
    }
}

impl Org {
    /// Prepares the deletion of a record: its details are deleted, lookups to it are emptied, and a
    /// lookup that restricts refuses. All get the stamp of the parent's deletion, by which they are
    /// found again when it is undone.
    pub(crate) fn release_children(
        &self,
        sobject: &str,
        id: &str,
        now: &str,
        depth: usize,
    ) -> Result<(), RowError> {
        if depth > MAX_DEPTH {
            return Ok(());
        }
        let children: Vec<Child> = self
            .schema
            .custom_children(sobject)
            .map(|(_, child)| child)
            .collect();
        for child in children {
            let ids = self.living_children(&child, id)?;
            if ids.is_empty() {
                continue;
            }
            if child.restricted {
                return Err(RowError::new(
                    "DELETE_FAILED",
                    format!(
                        "Your attempt to delete the record could not be completed because it is associated with the following records in {}: {}",
                        child.sobject,
                        ids.join(", ")
                    ),
                    &[],
                ));
            }
            for id in ids {
                let change = if child.cascade {
                    self.release_children(&child.sobject, &id, now, depth + 1)?;
                    "IsDeleted = 1".to_owned()
                } else {
                    format!("\"{}\" = NULL", child.field)
                };
                self.db.execute(
                    &format!(
                        "UPDATE \"{}\" SET {change}, SystemModstamp = ?1, LastModifiedDate = ?1 WHERE Id = ?2",
                        child.sobject
                    ),
                    [now, &id],
                )?;
            }
        }
        Ok(())
    }

    fn living_children(&self, child: &Child, parent: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT Id FROM \"{}\" WHERE \"{}\" = ?1 AND IsDeleted = 0",
            child.sobject, child.field
        ))?;
        statement
            .query_map([parent], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()
    }

    /// Brings a record back from the recycle bin, with the details and Contacts that went with it.
    pub(crate) fn restore(&mut self, id: &str) -> Result<String, RowError> {
        let not_there =
            || RowError::new("UNDELETE_FAILED", "Entity is not in the recycle bin", &[]);
        let Some(id) = crate::salesforce::ids::canonical(id) else {
            return Err(RowError::new("MALFORMED_ID", format!("bad id {id}"), &[]));
        };
        let object = self
            .schema
            .by_prefix(&id)
            .filter(|object| object.has_recycle_bin())
            .ok_or_else(not_there)?;
        let name = object.name.clone();
        // A record that was merged into another does not come back.
        let merged = match object.any_field("MasterRecordId") {
            Some(_) => " AND MasterRecordId IS NULL",
            None => "",
        };
        let deleted_at = self
            .db
            .query_row(
                &format!(
                    "SELECT SystemModstamp FROM \"{name}\" WHERE Id = ?1 AND IsDeleted = 1{merged}"
                ),
                [&id],
                |row| row.get::<_, String>(0),
            )
            .map_err(|_| not_there())?;
        let now = self.clock.now();
        self.restore_tree(&name, &id, &deleted_at, &now, 0)?;
        Ok(id)
    }

    fn restore_tree(
        &self,
        sobject: &str,
        id: &str,
        deleted_at: &str,
        now: &str,
        depth: usize,
    ) -> Result<(), RowError> {
        self.db.execute(
            &format!("UPDATE \"{sobject}\" SET IsDeleted = 0, SystemModstamp = ?1, LastModifiedDate = ?1 WHERE Id = ?2"),
            [now, id],
        )?;
        if depth > MAX_DEPTH {
            return Ok(());
        }
        if sobject == "Account" {
            self.db.execute(
                "UPDATE Contact SET IsDeleted = 0, SystemModstamp = ?1, LastModifiedDate = ?1 WHERE AccountId = ?2 AND IsDeleted = 1 AND SystemModstamp = ?3",
                [now, id, deleted_at],
            )?;
        }
        let children: Vec<Child> = self
            .schema
            .custom_children(sobject)
            .map(|(_, child)| child)
            .filter(|child| child.cascade)
            .collect();
        for child in children {
            let ids: Vec<String> = self
                .db
                .prepare_cached(&format!(
                    "SELECT Id FROM \"{}\" WHERE \"{}\" = ?1 AND IsDeleted = 1 AND SystemModstamp = ?2",
                    child.sobject, child.field
                ))?
                .query_map([id, deleted_at], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for id in ids {
                self.restore_tree(&child.sobject, &id, deleted_at, now, depth + 1)?;
            }
        }
        Ok(())
    }
}
