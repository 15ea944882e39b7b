//! A handle on running servers for tests: what was asked, what is stored, and changes made by
//! somebody else.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::faults::{Fault, Server};
use crate::log::LoggedRequest;
use crate::salesforce::{SharedOrg, Writer};
use crate::server::Shared;

/// A cheap handle. Record methods look at the sandbox org, or at production by
/// [`State::production`].
#[derive(Clone)]
pub struct State {
    pub(crate) shared: Arc<Shared>,
    pub(crate) sandbox: Arc<SharedOrg>,
    pub(crate) production: Arc<SharedOrg>,
    pub(crate) on_production: bool,
}

impl State {
    fn org(&self) -> &SharedOrg {
        if self.on_production {
            &self.production
        } else {
            &self.sandbox
        }
    }

    fn org_server(&self) -> Server {
        if self.on_production {
            Server::SalesforceProduction
        } else {
            Server::SalesforceSandbox
        }
    }

    /// The same handle, looking at the production org.
    #[must_use]
    pub fn production(&self) -> Self {
        Self {
            on_production: true,
            ..self.clone()
        }
    }

    /// Every request any server received since start, oldest first.
    pub fn request_log(&self) -> Vec<LoggedRequest> {
        self.shared.log.read(<[LoggedRequest]>::to_vec)
    }

    /// Requests since start that asked to change a record, a field or billing data, on any server.
    pub fn write_calls(&self) -> usize {
        self.shared
            .log
            .read(|log| log.iter().filter(|request| request.is_write).count())
    }

    /// API calls used on this handle's org since start.
    pub fn api_calls(&self) -> usize {
        let server = self.org_server();
        self.shared.log.read(|log| {
            log.iter()
                .filter(|request| request.server == server)
                .map(|request| request.api_calls)
                .sum()
        })
    }

    /// Live records of an sObject; 0 for an unknown one.
    pub fn count(&self, sobject: &str) -> usize {
        self.org().lock().count(sobject).unwrap_or_default()
    }

    /// Live records of an sObject with every stored field, in order of creation; also fields the
    /// signed-in user does not see.
    pub fn records(&self, sobject: &str) -> Vec<Map<String, Value>> {
        self.org().lock().all_records(sobject).unwrap_or_default()
    }

    /// Somebody edits a record in Salesforce: new stamp, last modified by this person.
    pub fn update_record(
        &self,
        sobject: &str,
        id: &str,
        values: &Map<String, Value>,
        by_user_name: &str,
    ) -> Result<(), Error> {
        let mut org = self.org().lock();
        let user_id = org.db.query_row(
            "SELECT Id FROM User WHERE Name = ?1",
            [by_user_name],
            |row| row.get(0),
        );
        let user_id = user_id.map_err(|_| Error::Unknown {
            what: "user",
            name: by_user_name.to_owned(),
        })?;
        let writer = Writer {
            user_id,
            restricted: false,
        };
        let refused = |code: String, message: String| Error::Refused {
            sobject: sobject.to_owned(),
            id: id.to_owned(),
            code,
            message,
        };
        let object = org.schema.object(sobject).ok_or_else(|| Error::Unknown {
            what: "sObject",
            name: sobject.to_owned(),
        })?;
        let name = object.name.clone();
        let checked = org
            .check(object, values, false, &writer)
            .map_err(|error| refused(error.code, error.message))?
            .map_err(|error| refused(error.status_code, error.message))?;
        org.update(&name, id, checked, &writer)
            .map_err(|error| refused(error.status_code, error.message))?;
        Ok(())
    }

    /// Somebody deletes a record in Salesforce.
    pub fn delete_record(&self, sobject: &str, id: &str) -> Result<(), Error> {
        self.org()
            .lock()
            .delete(sobject, id)
            .map(|_| ())
            .map_err(|error| Error::Refused {
                sobject: sobject.to_owned(),
                id: id.to_owned(),
                code: error.status_code,
                message: error.message,
            })
    }

    /// Somebody deletes a field: it is gone from describe, queries and writes.
    pub fn delete_field(&self, sobject: &str, field: &str) -> Result<(), Error> {
        let unknown = || Error::Unknown {
            what: "field",
            name: format!("{sobject}.{field}"),
        };
        let mut org = self.org().lock();
        let object = org.schema.object_mut(sobject).ok_or_else(unknown)?;
        if object.any_field(field).ok_or_else(unknown)?.custom {
            return org.delete_custom_field(sobject, field);
        }
        object.remove(field).map(|_| ()).ok_or_else(unknown)
    }

    /// Somebody gives a permission to the signed-in user or takes it away. The name is one of
    /// `UserPermissionAccess`, such as `PermissionsModifyAllData`.
    pub fn set_permission(&self, permission: &str, granted: bool) -> Result<(), Error> {
        let mut org = self.org().lock();
        let known = org
            .schema
            .object("UserPermissionAccess")
            .and_then(|object| object.field(permission))
            .map(|field| field.name.clone())
            .ok_or_else(|| Error::Unknown {
                what: "permission",
                name: permission.to_owned(),
            })?;
        org.db.execute(
            &format!("UPDATE UserPermissionAccess SET \"{known}\" = ?1"),
            [granted],
        )?;
        org.refresh_field_access()?;
        Ok(())
    }

    /// Somebody takes the signed-in user's access to a field away: it exists and is not seen.
    pub fn hide_field(&self, sobject: &str, field: &str) -> Result<(), Error> {
        let unknown = || Error::Unknown {
            what: "field",
            name: format!("{sobject}.{field}"),
        };
        let mut org = self.org().lock();
        let object = org.schema.object_mut(sobject).ok_or_else(unknown)?;
        object.any_field_mut(field).ok_or_else(unknown)?.hidden = true;
        Ok(())
    }

    /// All sessions of this handle's org end at once; refresh tokens stay good.
    pub fn expire_sessions(&self) {
        self.org().lock().oauth.expire_sessions();
    }

    /// Registers one more callback address with the External Client App of both orgs.
    pub fn register_redirect_uri(&self, uri: &str) {
        for org in [&self.sandbox, &self.production] {
            org.lock().oauth.redirect_uris.push(uri.to_owned());
        }
    }

    /// Switches a fault on.
    pub fn arm(&self, fault: Fault) {
        self.shared.faults.arm(fault);
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }
}
