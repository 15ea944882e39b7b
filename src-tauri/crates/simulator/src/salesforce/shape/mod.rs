//! The shape of an org: edition, features and rules somebody has switched on. A switch brings
//! schema and stored rows in step at once; the functions `before_…` and `after_write` are what the
//! features do to each write.

mod alguna;
mod currency;
mod fields;
#[cfg(test)]
pub(crate) mod laws;
mod options;
mod persons;
pub(crate) mod places;
pub(crate) mod record_types;
mod refresh;

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params;

pub use alguna::ALGUNA_USER;
pub use options::{Edition, OrgCurrency, OrgRecordType, OrgShape};
pub(crate) use record_types::RecordType;
pub(crate) use refresh::refresh;

use crate::error::Error;
use crate::reply::Reply;
use crate::salesforce::cells::Cells;
use crate::salesforce::clock;
use crate::salesforce::errors::{CallError, RowError};
use crate::salesforce::org::Org;
use crate::salesforce::rules;

/// What an org knows about its own set-up.
#[derive(Debug, Default)]
pub(crate) struct Setup {
    pub(crate) shape: OrgShape,
    pub(crate) record_types: Vec<RecordType>,
    /// How often the org was refreshed from production.
    refreshes: u64,
    /// By sObject, its describe's tag and since when it says that.
    pub(crate) described: HashMap<String, (String, Timestamp)>,
}

impl Org {
    /// Sets the org up anew; when something about the shape is wrong, nothing changes.
    pub(crate) fn reshape(&mut self, shape: OrgShape) -> Result<(), Error> {
        let schema = self.schema.clone();
        let before = (
            std::mem::replace(&mut self.setup.shape, shape),
            self.setup.record_types.clone(),
        );
        let done = self.atomically(|org| switch_all(org, &before.0));
        if done.is_err() {
            self.schema = schema;
            (self.setup.shape, self.setup.record_types) = before;
        }
        done
    }

    /// The answer to every data call while the API is off or sessions may not use it.
    pub(crate) fn closed(&self) -> Option<Reply> {
        if !self.setup.shape.rest_sessions {
            let error = CallError::new(
                401,
                "INVALID_SESSION_ID",
                "This session is not valid for use with the REST API",
            );
            return Some(error.reply().with("www-authenticate", "Token"));
        }
        if self.setup.shape.has_api() {
            return None;
        }
        let error = CallError::new(
            403,
            "API_DISABLED_FOR_ORG",
            "The REST API is not enabled for this Organization.",
        );
        Some(error.reply())
    }

    /// What the features make of a new row.
    pub(crate) fn before_create(
        &self,
        sobject: &str,
        cells: &mut Cells,
        user_id: &str,
    ) -> Result<(), RowError> {
        let mut is_person = false;
        if self.setup.shape.person_accounts {
            match sobject {
                "Account" => is_person = persons::before_create(self, cells)?,
                "Contact" => persons::check_contact(self, None, cells)?,
                _ => {}
            }
        }
        record_types::settle(self, sobject, None, cells, is_person)?;
        currency::fill_in(self, sobject, cells, user_id)?;
        if self.setup.shape.state_and_country_picklists {
            places::settle(self, sobject, None, cells)?;
        }
        rules::run_flows(self, sobject, cells);
        Ok(())
    }

    /// What the features make of a change to a record.
    pub(crate) fn before_update(
        &self,
        sobject: &str,
        id: &str,
        cells: &mut Cells,
    ) -> Result<(), RowError> {
        if self.setup.shape.person_accounts {
            match sobject {
                "Account" => {
                    persons::before_update(self, id, cells)?;
                }
                "Contact" => persons::check_contact(self, Some(id), cells)?,
                _ => {}
            }
        }
        record_types::settle(self, sobject, Some(id), cells, false)?;
        if self.setup.shape.state_and_country_picklists {
            places::settle(self, sobject, Some(id), cells)?;
        }
        rules::run_flows(self, sobject, cells);
        Ok(())
    }

    /// What follows from a stored row: the pair of a person account, then the validation rules.
    pub(crate) fn after_write(&mut self, sobject: &str, id: &str) -> Result<(), RowError> {
        if self.setup.shape.person_accounts && matches!(sobject, "Account" | "Contact") {
            persons::after_write(self, sobject, id)?;
        }
        rules::check_validation(self, sobject, id)
    }

    /// Refuses deletions a feature forbids.
    pub(crate) fn before_delete(&self, sobject: &str, id: &str) -> Result<(), RowError> {
        if self.setup.shape.person_accounts {
            persons::check_delete(self, sobject, id)?;
        }
        Ok(())
    }

    /// Brings the features in step with fields and objects that came or went by a deploy.
    pub(crate) fn follow_schema(&mut self) -> rusqlite::Result<()> {
        if self.setup.shape.person_accounts {
            persons::follow_fields(self)?;
        }
        currency::follow_new_objects(self)
    }
}

fn switch_all(org: &mut Org, before: &OrgShape) -> Result<(), Error> {
    let shape = org.setup.shape.clone();
    let problem = currency::problem(&shape)
        .or_else(|| record_types::problem(org, &shape))
        .or_else(|| rules::problem(org, &shape));
    if let Some(problem) = problem {
        return Err(Error::Setup { problem });
    }
    let ends = shape.trial_expiration.map(clock::format);
    org.db.execute(
        "UPDATE Organization SET OrganizationType = ?1, TrialExpirationDate = ?2",
        params![shape.edition.organization_type(), ends],
    )?;
    if shape.state_and_country_picklists != before.state_and_country_picklists {
        places::switch(org, shape.state_and_country_picklists)?;
    }
    if (shape.multi_currency, &shape.currencies) != (before.multi_currency, &before.currencies) {
        currency::switch(org, &shape)?;
    }
    if shape.person_accounts || before.person_accounts {
        persons::switch(org, shape.person_accounts)?;
    }
    record_types::switch(org, &shape)?;
    if shape.alguna_integration != before.alguna_integration {
        alguna::switch(org, shape.alguna_integration)?;
    }
    rules::list_rules(org, &shape)?;
    rules::try_new_rules(org, &shape, before)?;
    Ok(())
}
