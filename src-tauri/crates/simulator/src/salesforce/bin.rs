//! The recycle bin: undelete, and merging records, which puts the losers there.

use rusqlite::types::Value as Cell;
use rusqlite::{OptionalExtension, params};

use crate::salesforce::errors::RowError;
use crate::salesforce::ids::canonical;
use crate::salesforce::org::Org;
use crate::salesforce::write::{Values, Writer, not_permitted};

/// Most losers of one merge.
const MAX_LOSERS: usize = 2;

impl Org {
    /// Creates a record as somebody with every right would.
    pub(crate) fn create_as(
        &mut self,
        sobject: &str,
        values: &Values,
        writer: &Writer,
    ) -> Result<String, RowError> {
        let object = self.known_object(sobject)?;
        let checked = self
            .check(&object, values, true, writer)
            .map_err(|error| RowError::new(&error.code, error.message, &[]))??;
        let written = self.create(&object.name, checked, writer)?;
        Ok(written.id)
    }

    fn known_object(&self, sobject: &str) -> Result<crate::salesforce::schema::SObject, RowError> {
        self.schema.object(sobject).cloned().ok_or_else(|| {
            RowError::new(
                "INVALID_TYPE",
                format!("sObject type '{sobject}' is not supported."),
                &[],
            )
        })
    }

    /// Takes a record, and what was deleted along with it, out of the recycle bin.
    pub(crate) fn undelete(&mut self, sobject: &str, id: &str) -> Result<String, RowError> {
        self.known_object(sobject)?;
        self.atomically(|org| org.restore(id))
    }

    /// As [`Org::undelete`], for the signed-in user, who needs the right to delete. A record of an
    /// object the user does not see is not there.
    pub(crate) fn undelete_signed_in(&mut self, id: &str) -> Result<String, RowError> {
        let object = canonical(id).and_then(|id| self.schema.by_prefix(&id));
        if object.is_some_and(|object| !object.rights.delete) {
            return Err(not_permitted());
        }
        self.atomically(|org| org.restore(id))
    }

    /// Merges records: what points at a loser points at the winner afterwards, and the losers lie in
    /// the recycle bin with `MasterRecordId` set (facts/salesforce.md §11).
    pub(crate) fn merge(
        &mut self,
        sobject: &str,
        winner: &str,
        losers: &[String],
        writer: &Writer,
    ) -> Result<(), RowError> {
        let object = self.known_object(sobject)?;
        if object.any_field("MasterRecordId").is_none() {
            return Err(RowError::new(
                "INVALID_TYPE_FOR_OPERATION",
                format!("entity type {} does not support merge", object.name),
                &[],
            ));
        }
        if losers.is_empty() || losers.len() > MAX_LOSERS {
            return Err(RowError::new(
                "INVALID_NUMBER_OF_RECORDS",
                "A merge takes one or two records besides the master.",
                &[],
            ));
        }
        let winner = self.living(&object.name, winner)?;
        let children: Vec<(String, String, bool)> = self
            .schema
            .objects
            .iter()
            .flat_map(|child| child.fields.iter().map(move |field| (child, field)))
            .filter(|(_, field)| {
                field.name != "MasterRecordId" && field.reference_to.contains(&object.name)
            })
            .map(|(child, field)| {
                let stamped = child.any_field("SystemModstamp").is_some();
                (child.name.clone(), field.name.clone(), stamped)
            })
            .collect();
        self.atomically(|org| {
            let now = org.stamp();
            for loser in losers {
                let loser = org.living(&object.name, loser)?;
                if loser == winner {
                    return Err(RowError::new(
                        "INVALID_CROSS_REFERENCE_KEY",
                        "A record cannot be merged with itself.",
                        &[],
                    ));
                }
                for (child, field, stamped) in &children {
                    let stamp = if *stamped { ", SystemModstamp = ?3" } else { "" };
                    let mut given = vec![winner.as_str(), loser.as_str()];
                    if *stamped {
                        given.push(&now);
                    }
                    org.db.execute(
                        &format!("UPDATE \"{child}\" SET \"{field}\" = ?1{stamp} WHERE \"{field}\" = ?2"),
                        rusqlite::params_from_iter(given),
                    )?;
                }
                org.db.execute(
                    &format!("UPDATE \"{}\" SET IsDeleted = 1, MasterRecordId = ?1, SystemModstamp = ?2, LastModifiedDate = ?2, LastModifiedById = ?3 WHERE Id = ?4", object.name),
                    params![winner, now, writer.user_id, loser],
                )?;
            }
            org.db.execute(
                &format!("UPDATE \"{}\" SET SystemModstamp = ?1, LastModifiedDate = ?1, LastModifiedById = ?2 WHERE Id = ?3", object.name),
                [&now, &writer.user_id, &winner],
            )?;
            Ok(())
        })
    }

    /// The user with this name, who works in the org with every right.
    pub(crate) fn somebody(&self, name: &str) -> rusqlite::Result<Option<Writer>> {
        let id: Option<Cell> = self
            .db
            .query_row("SELECT Id FROM User WHERE Name = ?1", [name], |row| {
                row.get(0)
            })
            .optional()?;
        Ok(match id {
            Some(Cell::Text(id)) => Some(Writer::unrestricted(id)),
            _ => None,
        })
    }
}
