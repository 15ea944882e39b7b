//! Relationships seen from the parent: which sObjects have records that point here, and what becomes
//! of those records when the parent is deleted or comes back.

use rusqlite::types::Value as Cell;

use crate::salesforce::errors::RowError;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{DELETED_WITH, Schema};

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

/// A deletion, as all records it takes along know it.
pub(crate) struct Deletion<'a> {
    /// Id of the record somebody deleted.
    pub(crate) root: &'a str,
    /// Stamp of the change.
    pub(crate) now: &'a str,
}

impl Org {
    /// Relationships to an sObject by which a parent's deletion reaches its children.
    fn bound_children(&self, parent: &str) -> Vec<Child> {
        let contacts = (parent == "Account").then(|| Child {
            sobject: "Contact".to_owned(),
            field: "AccountId".to_owned(),
            relationship: None,
            cascade: true,
            restricted: false,
        });
        let custom = self.schema.custom_children(parent);
        contacts
            .into_iter()
            .chain(custom.map(|(_, child)| child))
            .collect()
    }

    /// Moves a record to the recycle bin: its details and Contacts go along, lookups to it are
    /// emptied, and a lookup that restricts refuses.
    pub(crate) fn bin(
        &self,
        sobject: &str,
        id: &str,
        deletion: &Deletion<'_>,
        depth: usize,
    ) -> Result<(), RowError> {
        if depth <= MAX_DEPTH {
            for child in self.bound_children(sobject) {
                self.release(&child, id, deletion, depth)?;
            }
        }
        self.db
            .prepare_cached(&format!(
                "UPDATE \"{sobject}\" SET IsDeleted = 1, {DELETED_WITH} = ?1, SystemModstamp = ?2, LastModifiedDate = ?2 WHERE Id = ?3"
            ))?
            .execute([deletion.root, deletion.now, id])?;
        Ok(())
    }

    /// What becomes of the children behind one relationship when their parent goes.
    fn release(
        &self,
        child: &Child,
        parent: &str,
        deletion: &Deletion<'_>,
        depth: usize,
    ) -> Result<(), RowError> {
        let ids = self.living_children(child, parent)?;
        if child.restricted && !ids.is_empty() {
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
            if child.cascade {
                self.bin(&child.sobject, &id, deletion, depth + 1)?;
            } else {
                self.db
                    .prepare_cached(&format!(
                        "UPDATE \"{}\" SET \"{}\" = NULL, SystemModstamp = ?1, LastModifiedDate = ?1 WHERE Id = ?2",
                        child.sobject, child.field
                    ))?
                    .execute([deletion.now, &id])?;
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
        let root = self
            .db
            .query_row(
                &format!(
                    "SELECT {DELETED_WITH} FROM \"{name}\" WHERE Id = ?1 AND IsDeleted = 1{merged}"
                ),
                [&id],
                |row| row.get::<_, String>(0),
            )
            .map_err(|_| not_there())?;
        let now = self.stamp();
        let deletion = Deletion {
            root: &root,
            now: &now,
        };
        self.unbin(&name, &id, &deletion, 0)?;
        Ok(id)
    }

    /// The way back of [`Org::bin`], for what the same deletion took along.
    fn unbin(
        &self,
        sobject: &str,
        id: &str,
        deletion: &Deletion<'_>,
        depth: usize,
    ) -> Result<(), RowError> {
        self.check_unique_of(sobject, id)?;
        self.db
            .prepare_cached(&format!(
                "UPDATE \"{sobject}\" SET IsDeleted = 0, {DELETED_WITH} = NULL, SystemModstamp = ?1, LastModifiedDate = ?1 WHERE Id = ?2"
            ))?
            .execute([deletion.now, id])?;
        if depth > MAX_DEPTH {
            return Ok(());
        }
        let children = self.bound_children(sobject);
        for child in children.iter().filter(|child| child.cascade) {
            let ids: Vec<String> = self
                .db
                .prepare_cached(&format!(
                    "SELECT Id FROM \"{}\" WHERE \"{}\" = ?1 AND IsDeleted = 1 AND {DELETED_WITH} = ?2",
                    child.sobject, child.field
                ))?
                .query_map([id, deletion.root], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for id in ids {
                self.unbin(&child.sobject, &id, deletion, depth + 1)?;
            }
        }
        Ok(())
    }

    /// Refuses to bring back a record whose unique values others have taken meanwhile.
    fn check_unique_of(&self, sobject: &str, id: &str) -> Result<(), RowError> {
        let Some(object) = self.schema.any_object(sobject) else {
            return Ok(());
        };
        let unique = object.fields.iter().filter(|field| field.unique);
        for field in unique.filter(|field| field.stored()) {
            let value: Cell = self
                .db
                .prepare_cached(&format!(
                    "SELECT \"{}\" FROM \"{}\" WHERE Id = ?1",
                    field.name, object.name
                ))?
                .query_row([id], |row| row.get(0))?;
            self.check_unique(object, &[(field.name.clone(), value)], Some(id))?;
        }
        Ok(())
    }
}
