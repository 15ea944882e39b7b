//! What an administrator or a colleague does in an org, for tests: features, rules, merges.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::salesforce::RowError;
use crate::salesforce::{DuplicateRule, FieldUpdate, OrgShape, ValidationRule};
use crate::state::State;

fn refused(sobject: &str, id: &str, error: RowError) -> Error {
    Error::Refused {
        sobject: sobject.to_owned(),
        id: id.to_owned(),
        code: error.status_code,
        message: error.message,
    }
}

impl State {
    /// How this handle's org is set up.
    pub fn shape(&self) -> OrgShape {
        self.org().lock().setup.shape.clone()
    }

    /// Turns switches of this handle's org. Nothing changes when the outcome makes no sense.
    pub fn reshape(&self, change: impl FnOnce(&mut OrgShape)) -> Result<(), Error> {
        let mut org = self.org().lock();
        let mut shape = org.setup.shape.clone();
        change(&mut shape);
        org.reshape(shape)
    }

    /// Adds a validation rule, in place of the one of its name.
    pub fn add_validation_rule(&self, rule: ValidationRule) -> Result<(), Error> {
        self.reshape(|shape| shape.put_validation_rule(rule))
    }

    /// Adds a duplicate rule, in place of the one of its name.
    pub fn add_duplicate_rule(&self, rule: DuplicateRule) -> Result<(), Error> {
        self.reshape(|shape| shape.put_duplicate_rule(rule))
    }

    /// Adds a field update, in place of the one of its name.
    pub fn add_field_update(&self, rule: FieldUpdate) -> Result<(), Error> {
        self.reshape(|shape| shape.put_field_update(rule))
    }

    /// Removes the rules of this name.
    pub fn remove_rule(&self, name: &str) -> Result<(), Error> {
        self.reshape(|shape| shape.remove_rules(Some(name)))
    }

    /// Sets the API calls used today and the daily limit of this handle's org.
    pub fn set_api_calls(&self, used: u64, limit: u64) {
        let mut org = self.org().lock();
        org.daily_calls = limit;
        org.set_calls(used);
    }

    /// Refreshes the sandbox from production: it is a copy of production afterwards, with a new org
    /// id, which is given; all sessions and refresh tokens of the sandbox are dead.
    pub fn refresh_sandbox(&self) -> Result<String, Error> {
        self.sandbox.refresh()
    }

    /// A new access token of this handle's org, as if its user had just signed in.
    pub fn new_session(&self) -> String {
        let mut org = self.org().lock();
        let org_id = org.identity.org_id.clone();
        org.oauth.issue_access(&org_id)
    }

    /// Somebody creates a record in Salesforce; gives its id.
    pub fn create_record(
        &self,
        sobject: &str,
        values: &Map<String, Value>,
        by_user_name: &str,
    ) -> Result<String, Error> {
        let mut org = self.org().lock();
        let writer = org.somebody(by_user_name)?.ok_or_else(|| Error::Unknown {
            what: "user",
            name: by_user_name.to_owned(),
        })?;
        org.create_as(sobject, values, &writer)
            .map_err(|error| refused(sobject, "", error))
    }

    /// Somebody merges records: the losers are deleted, what belonged to them belongs to the winner.
    pub fn merge_records(&self, sobject: &str, winner: &str, losers: &[&str]) -> Result<(), Error> {
        let losers: Vec<String> = losers.iter().map(|&id| id.to_owned()).collect();
        let mut org = self.org().lock();
        let writer = org.somebody("Tom Okafor")?.ok_or_else(|| Error::Unknown {
            what: "user",
            name: "Tom Okafor".to_owned(),
        })?;
        org.merge(sobject, winner, &losers, &writer)
            .map_err(|error| refused(sobject, winner, error))
    }

    /// Somebody takes a record out of the recycle bin.
    pub fn undelete_record(&self, sobject: &str, id: &str) -> Result<(), Error> {
        self.org()
            .lock()
            .undelete(sobject, id)
            .map(|_| ())
            .map_err(|error| refused(sobject, id, error))
    }
}
