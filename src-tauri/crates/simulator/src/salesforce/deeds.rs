//! What somebody with more rights does in the org by hand, beside records: fields hidden, shown and
//! deleted, permissions given and taken away.

use crate::error::Error;
use crate::salesforce::org::Org;

/// The permission to delete by Bulk past the recycle bin, by Salesforce's name.
const HARD_DELETE: &str = "PermissionsBulkApiHardDelete";

impl Org {
    /// A field is gone from describe, queries and writes.
    pub(crate) fn remove_field(&mut self, sobject: &str, field: &str) -> Result<(), Error> {
        let unknown = || unknown_field(sobject, field);
        let object = self.schema.object_mut(sobject).ok_or_else(unknown)?;
        if object.any_field(field).ok_or_else(unknown)?.custom {
            return self.delete_custom_field(sobject, field);
        }
        object.remove(field).map(|_| ()).ok_or_else(unknown)
    }

    /// A field exists and is not seen by the signed-in user, or is seen again.
    pub(crate) fn set_hidden(
        &mut self,
        sobject: &str,
        field: &str,
        hidden: bool,
    ) -> Result<(), Error> {
        let unknown = || unknown_field(sobject, field);
        let object = self.schema.object_mut(sobject).ok_or_else(unknown)?;
        object.any_field_mut(field).ok_or_else(unknown)?.hidden = hidden;
        Ok(())
    }

    /// Gives the signed-in user a permission or takes it away: `PermissionsBulkApiHardDelete`, or
    /// one of `UserPermissionAccess`.
    pub(crate) fn set_permission(&mut self, permission: &str, granted: bool) -> Result<(), Error> {
        if permission.eq_ignore_ascii_case(HARD_DELETE) {
            self.bulk.hard_delete_permitted = granted;
            return Ok(());
        }
        let known = self
            .schema
            .object("UserPermissionAccess")
            .and_then(|object| object.field(permission))
            .filter(|field| field.name.starts_with("Permissions"))
            .map(|field| field.name.clone())
            .ok_or_else(|| Error::Unknown {
                what: "permission",
                name: permission.to_owned(),
            })?;
        self.db.execute(
            &format!("UPDATE UserPermissionAccess SET \"{known}\" = ?1"),
            [granted],
        )?;
        self.refresh_field_access()?;
        Ok(())
    }
}

fn unknown_field(sobject: &str, field: &str) -> Error {
    Error::Unknown {
        what: "field",
        name: format!("{sobject}.{field}"),
    }
}
