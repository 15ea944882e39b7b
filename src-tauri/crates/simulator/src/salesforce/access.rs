//! Which custom objects the signed-in user may see and change (facts/salesforce.md §7.2): all of
//! them with *Modify All Data*, else those an assigned permission set grants.

use std::collections::HashMap;

use crate::salesforce::org::Org;
use crate::salesforce::schema::SObject;

/// Rights on the records of an object, as permission sets grant them.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four rights, each by itself")]
pub(crate) struct ObjectGrant {
    pub(crate) read: bool,
    pub(crate) create: bool,
    pub(crate) edit: bool,
    pub(crate) delete: bool,
}

impl ObjectGrant {
    pub(crate) const ALL: Self = Self {
        read: true,
        create: true,
        edit: true,
        delete: true,
    };
}

impl Org {
    /// Whether the signed-in user has a permission, by its name in `UserPermissionAccess`.
    pub(crate) fn permits(&self, permission: &str) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached(&format!(
                "SELECT coalesce(max(\"{permission}\"), 0) FROM UserPermissionAccess"
            ))?
            .query_row([], |row| row.get(0))
    }

    /// What a user's permission sets grant on each object, by lower-case name.
    pub(crate) fn object_grants(
        &self,
        user_id: &str,
    ) -> rusqlite::Result<HashMap<String, ObjectGrant>> {
        let mut grants: HashMap<String, ObjectGrant> = HashMap::new();
        let mut statement = self.db.prepare_cached(
            "SELECT o.SobjectType, o.PermissionsRead, o.PermissionsCreate, o.PermissionsEdit, o.PermissionsDelete
             FROM ObjectPermissions o JOIN PermissionSetAssignment a ON a.PermissionSetId = o.ParentId
             WHERE a.AssigneeId = ?1",
        )?;
        let mut rows = statement.query([user_id])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let grant = grants.entry(name.to_ascii_lowercase()).or_default();
            grant.read |= row.get::<_, bool>(1)?;
            grant.create |= row.get::<_, bool>(2)?;
            grant.edit |= row.get::<_, bool>(3)?;
            grant.delete |= row.get::<_, bool>(4)?;
        }
        Ok(grants)
    }

    /// Works out anew which custom objects the signed-in user sees.
    pub(crate) fn refresh_object_access(&mut self) -> rusqlite::Result<()> {
        if !self.schema.objects.iter().any(SObject::custom) {
            return Ok(());
        }
        let everything = self.permits("PermissionsModifyAllData")?;
        let grants = if everything {
            HashMap::new()
        } else {
            self.object_grants(&self.identity.user_id)?
        };
        for object in self.schema.objects.iter_mut().filter(|o| o.custom()) {
            let grant = if everything {
                ObjectGrant::ALL
            } else {
                grants
                    .get(&object.name.to_ascii_lowercase())
                    .copied()
                    .unwrap_or_default()
            };
            object.readable = grant.read;
            object.rights = grant;
        }
        Ok(())
    }
}
