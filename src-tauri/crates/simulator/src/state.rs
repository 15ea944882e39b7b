//! A handle on running servers for tests: what was asked, what is stored, and changes made by
//! somebody else.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::alguna::Alguna;
use crate::error::Error;
use crate::faults::{ArmedFault, Fault, Server};
use crate::log::{LoggedRequest, Totals};
use crate::salesforce::{OAuthPolicy, SharedOrg, TokenError};
use crate::server::Shared;

/// A cheap handle. Record methods look at the sandbox org, or at production by
/// [`State::production`].
#[derive(Clone)]
pub struct State {
    pub(crate) shared: Arc<Shared>,
    pub(crate) sandbox: Arc<SharedOrg>,
    pub(crate) production: Arc<SharedOrg>,
    pub(crate) on_production: bool,
    pub(crate) alguna: Arc<Alguna>,
}

impl State {
    pub(crate) fn org(&self) -> &SharedOrg {
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

    /// The requests any server received, oldest first: the newest 100,000.
    pub fn request_log(&self) -> Vec<LoggedRequest> {
        self.shared.log.since(0, None)
    }

    /// Sums over all requests a server received since start.
    pub fn totals(&self, server: Server) -> Totals {
        self.shared.log.totals(server)
    }

    /// Requests since start that asked to change a record, a field or billing data, on any server.
    pub fn write_calls(&self) -> usize {
        self.shared.log.writes()
    }

    /// API calls used on this handle's org since start.
    pub fn api_calls(&self) -> usize {
        self.totals(self.org_server()).api_calls
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
        let writer = org.somebody(by_user_name)?.ok_or_else(|| Error::Unknown {
            what: "user",
            name: by_user_name.to_owned(),
        })?;
        let refused = |code: String, message: String| Error::Refused {
            sobject: sobject.to_owned(),
            id: id.to_owned(),
            code,
            message,
        };
        org.update_as(sobject, id, values, &writer)
            .map_err(|error| refused(error.code, error.message))?
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

    /// Somebody deletes a customer in Alguna and makes it anew, with the same facts under another
    /// id. False where there is no such customer, or the new id is taken.
    pub fn reissue_customer(&self, id: &str, new: &str) -> bool {
        self.alguna.reissue(id, new, self.now())
    }

    /// Somebody deletes a field: it is gone from describe, queries and writes.
    pub fn delete_field(&self, sobject: &str, field: &str) -> Result<(), Error> {
        self.org().lock().remove_field(sobject, field)
    }

    /// Somebody gives a permission to the signed-in user or takes it away. The name is one of
    /// `UserPermissionAccess`, such as `PermissionsModifyAllData`, or `PermissionsBulkApiHardDelete`.
    pub fn set_permission(&self, permission: &str, granted: bool) -> Result<(), Error> {
        self.org().lock().set_permission(permission, granted)
    }

    /// Another user of the org signs in, by name: every session is that user's from now on.
    pub fn sign_in_as(&self, user_name: &str) -> Result<(), Error> {
        self.org().lock().sign_in_as(user_name)
    }

    /// Somebody takes the signed-in user's access to a field away: it exists and is not seen.
    pub fn hide_field(&self, sobject: &str, field: &str) -> Result<(), Error> {
        self.org().lock().set_hidden(sobject, field, true)
    }

    /// Whether the signed-in user may delete by Bulk past the recycle bin (`hardDelete`).
    pub fn permit_hard_delete(&self, permitted: bool) {
        self.org().lock().bulk.hard_delete_permitted = permitted;
    }

    /// All sessions of this handle's org end at once; refresh tokens stay good.
    pub fn expire_sessions(&self) {
        self.org().lock().oauth.expire_sessions();
    }

    /// Policies of sign-ins to this handle's org.
    pub fn oauth_policy(&self) -> OAuthPolicy {
        self.org().lock().oauth.policy.clone()
    }

    /// Changes them; what was issued before obeys them too.
    pub fn set_oauth_policy(&self, policy: OAuthPolicy) {
        self.org().lock().oauth.policy = policy;
    }

    /// The next token call of this handle's org answers this error, as `invalid_grant` with
    /// `inactive user`; calls queue up.
    pub fn refuse_next_token(&self, error: &str, description: &str) {
        let error = TokenError::new(error, description);
        self.org().lock().oauth.refuse_next(error);
    }

    /// All sessions, refresh tokens and codes of this handle's org end.
    pub fn end_sign_ins(&self) {
        self.org().lock().oauth.end_all();
    }

    /// Registers the certificate (PEM, RSA) of the JWT bearer flow with both orgs; an error says what
    /// is wrong with it.
    pub fn register_jwt_certificate(&self, pem: &str) -> Result<(), Error> {
        for org in [&self.sandbox, &self.production] {
            let registered = org.lock().oauth.register_jwt_certificate(pem);
            registered.map_err(|problem| Error::Certificate(problem.to_owned()))?;
        }
        Ok(())
    }

    /// Registers one more callback address with the External Client App of both orgs.
    pub fn register_redirect_uri(&self, uri: &str) {
        for org in [&self.sandbox, &self.production] {
            org.lock().oauth.redirect_uris.push(uri.to_owned());
        }
    }

    /// Moves the clock of the whole simulation forward: tokens, locators and kept results of all
    /// servers grow older by as much.
    pub fn advance_clock(&self, by: Duration) {
        self.shared.clock.advance(by);
    }

    /// The present moment of the simulation.
    pub fn now(&self) -> jiff::Timestamp {
        self.shared.clock.now()
    }

    /// Switches a fault on and gives its number.
    pub fn arm(&self, fault: Fault) -> u64 {
        self.shared.faults.arm(fault)
    }

    /// Switches one fault off; false when it is used up or was never armed.
    pub fn disarm(&self, id: u64) -> bool {
        self.shared.faults.disarm(id)
    }

    /// The faults that are armed, with what is left of them.
    pub fn faults(&self) -> Vec<ArmedFault> {
        self.shared.faults.list()
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }
}
