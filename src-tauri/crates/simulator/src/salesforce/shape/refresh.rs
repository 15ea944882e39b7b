//! A sandbox refresh: the sandbox becomes a copy of production with an org id of its own, and
//! everybody has to sign in again (facts/salesforce.md §2).

use rusqlite::backup::Backup;
use rusqlite::params;

use crate::error::Error;
use crate::salesforce::ids::{base62, to18};
use crate::salesforce::metadata::Deploys;
use crate::salesforce::org::Org;

/// Copies production into the sandbox: records with their ids, fields, features. Gives the new org id.
pub(crate) fn refresh(sandbox: &mut Org, production: &Org) -> Result<String, Error> {
    sandbox.db.flush_prepared_statement_cache();
    Backup::new(&production.db, &mut sandbox.db)?.run_to_completion(
        i32::MAX,
        std::time::Duration::ZERO,
        None,
    )?;
    sandbox.schema = production.schema.clone();
    sandbox.ids = production.ids.clone();
    sandbox.setup.refreshes += 1;
    let short = format!(
        "00D9V0000{}",
        base62(40_000_000 + sandbox.setup.refreshes * 7919, 6)
    );
    let org_id = to18(&short).unwrap_or(short);
    sandbox.identity.org_id.clone_from(&org_id);
    let mut shape = production.setup.shape.clone();
    shape.trial_expiration = None;
    sandbox.setup.shape = shape;
    sandbox
        .setup
        .record_types
        .clone_from(&production.setup.record_types);
    sandbox.deploys = Deploys::default();
    // Work under way belongs to the org that was, and what may be done is as in production.
    sandbox.bulk = sandbox.bulk.renewed(production.bulk.hard_delete_permitted);
    sandbox.setup.described.clear();
    sandbox.locators = crate::salesforce::soql::Locators::default();
    sandbox.calls_today = 0;
    sandbox.calls_from = None;
    sandbox.oauth.end_all();
    rename(sandbox, production)?;
    sandbox.refresh_field_access()?;
    Ok(org_id)
}

/// What a copy does not take over: the org's own row, and names and e-mails of people.
fn rename(sandbox: &Org, production: &Org) -> rusqlite::Result<()> {
    let identity = &sandbox.identity;
    sandbox.db.execute(
        "UPDATE Organization SET Id = ?1, Name = ?2, InstanceName = ?3, IsSandbox = 1, TrialExpirationDate = NULL",
        params![identity.org_id, identity.org_name, identity.instance],
    )?;
    let suffix = identity
        .username
        .strip_prefix(production.identity.username)
        .unwrap_or_default();
    sandbox.db.execute(
        "UPDATE User SET Username = Username || ?1, Email = Email || '.invalid'",
        [suffix],
    )?;
    Ok(())
}
