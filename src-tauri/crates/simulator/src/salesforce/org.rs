//! One simulated org: its database, schema and counters. Everything that touches records goes
//! through here, under one lock.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use crate::error::Error;
use crate::now::MovableClock;
use crate::salesforce::bulk::Bulk;
use crate::salesforce::clock::Clock;
use crate::salesforce::ids::IdMint;
use crate::salesforce::metadata::Deploys;
use crate::salesforce::oauth::OAuth;
use crate::salesforce::schema::{FieldType, Schema};
use crate::salesforce::shape::Setup;
use crate::salesforce::soql::Locators;
use crate::salesforce::stamps::Stamps;

/// What tells one org from another.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) org_id: String,
    pub(crate) org_name: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) instance: &'static str,
    pub(crate) is_sandbox: bool,
    pub(crate) username: &'static str,
    pub(crate) email: &'static str,
    pub(crate) user_id: String,
}

/// A colleague who signs in in place of the user the org was set up with.
#[derive(Debug, Clone)]
pub(crate) struct Colleague {
    pub(crate) username: String,
    pub(crate) name: String,
}

/// What an org is set up with.
pub(crate) struct Setting {
    pub(crate) identity: Identity,
    pub(crate) oauth: OAuth,
    pub(crate) daily_calls: u64,
    /// Of the user, for SOAP `login`.
    pub(crate) password: String,
    pub(crate) time: MovableClock,
}

/// An org's whole state.
pub(crate) struct Org {
    pub(crate) identity: Identity,
    /// Who is signed in, when it is a colleague; then the identity has that one's id.
    pub(crate) colleague: Option<Colleague>,
    pub(crate) db: Connection,
    pub(crate) schema: Schema,
    pub(crate) ids: IdMint,
    pub(crate) clock: Clock,
    pub(crate) oauth: OAuth,
    pub(crate) deploys: Deploys,
    /// Password of the user, for SOAP `login`.
    pub(crate) password: String,
    pub(crate) locators: Locators,
    pub(crate) bulk: Bulk,
    pub(crate) stamps: Stamps,
    /// Calls since `calls_from`, which starts anew after 24 hours.
    pub(crate) calls_today: u64,
    pub(crate) calls_from: Option<Timestamp>,
    pub(crate) daily_calls: u64,
    pub(crate) setup: Setup,
}

/// An empty database.
fn open() -> rusqlite::Result<Connection> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(
        "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;",
    )?;
    db.set_prepared_statement_cache_capacity(128);
    super::text::register(&db)?;
    Ok(db)
}

impl Org {
    /// An org without records.
    pub(crate) fn new(setting: Setting) -> Result<Self, Error> {
        let db = open()?;
        let schema = Schema::standard()?;
        for object in &schema.objects {
            db.execute_batch(&object.table())?;
        }
        // The first records come in the order of these: a row is put behind the last one.
        db.execute_batch(
            "CREATE INDEX contact_account ON Contact (AccountId);
             CREATE INDEX account_stamp ON Account (SystemModstamp);
             CREATE INDEX contact_stamp ON Contact (SystemModstamp);",
        )?;
        Ok(Self::of(setting, db, schema, IdMint::default()))
    }

    /// Another org with the same schema and records, as a full-copy sandbox has.
    pub(crate) fn copy(&self, setting: Setting) -> Result<Self, Error> {
        let mut db = open()?;
        Backup::new(&self.db, &mut db)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
        let (schema, ids) = (self.schema.clone(), self.ids.clone());
        Ok(Self::of(setting, db, schema, ids))
    }

    fn of(setting: Setting, db: Connection, schema: Schema, ids: IdMint) -> Self {
        Self {
            identity: setting.identity,
            colleague: None,
            db,
            schema,
            ids,
            clock: Clock::new(setting.time),
            oauth: setting.oauth,
            deploys: Deploys::default(),
            password: setting.password,
            locators: Locators::default(),
            bulk: Bulk::default(),
            stamps: Stamps::default(),
            calls_today: 0,
            calls_from: None,
            daily_calls: setting.daily_calls,
            setup: Setup::default(),
        }
    }

    /// Makes the index whose order is not that of the first records: after these, because that is
    /// several times faster. Columns of text are indexed when first searched in
    /// ([`super::searched`]).
    pub(crate) fn index(&self) -> Result<(), Error> {
        self.db.execute_batch(
            "CREATE INDEX account_parent ON Account (ParentId) WHERE ParentId IS NOT NULL;",
        )?;
        Ok(())
    }

    /// As if so many calls had been made since now.
    pub(crate) fn set_calls(&mut self, used: u64) {
        self.calls_from = Some(self.clock.moment());
        self.calls_today = used;
    }

    /// Counts API calls; false when the daily allocation is used up. The count starts anew 24
    /// hours after its first call, a simple form of the rolling window (facts/salesforce.md §2).
    pub(crate) fn count_calls(&mut self, calls: u64) -> bool {
        let now = self.clock.moment();
        let is_over = |from: Timestamp| now.duration_since(from) >= SignedDuration::from_hours(24);
        if self.calls_from.is_none_or(is_over) {
            self.calls_from = Some(now);
            self.calls_today = 0;
        }
        self.calls_today += calls;
        self.calls_today <= self.daily_calls
    }

    /// Adds the column (and, for external ids and unique fields, the index) of a new field.
    pub(crate) fn add_column(
        &self,
        sobject: &str,
        field: &crate::salesforce::schema::Field,
    ) -> rusqlite::Result<()> {
        let exists: bool = self.db.query_row(
            "SELECT count(*) > 0 FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE",
            [sobject, &field.name],
            |row| row.get(0),
        )?;
        if !exists {
            self.db.execute_batch(&format!(
                "ALTER TABLE \"{sobject}\" ADD COLUMN {}",
                field.column()
            ))?;
            if field.kind == FieldType::Boolean {
                let value = i64::from(field.default_value.as_deref() == Some("true"));
                self.db.execute(
                    &format!("UPDATE \"{sobject}\" SET \"{}\" = ?1", field.name),
                    [value],
                )?;
            }
        }
        let is_reference = field.kind == crate::salesforce::schema::FieldType::Reference;
        if field.external_id || field.unique || is_reference {
            self.db.execute_batch(&format!(
                "CREATE INDEX IF NOT EXISTS \"{sobject}_{0}\" ON \"{sobject}\" (\"{0}\")",
                field.name
            ))?;
        }
        Ok(())
    }

    /// Works out anew which custom fields the signed-in user may read and edit: those granted by a
    /// permission set assigned to them (facts/salesforce.md §0 point 6).
    pub(crate) fn refresh_field_access(&mut self) -> rusqlite::Result<()> {
        #[cfg(test)]
        {
            self.stamps.worked_out += 1;
        }
        let mut granted: HashMap<(String, String), bool> = HashMap::new();
        {
            let mut statement = self.db.prepare_cached(
                "SELECT f.SobjectType, f.Field, f.PermissionsEdit FROM FieldPermissions f
                 JOIN PermissionSetAssignment a ON a.PermissionSetId = f.ParentId
                 WHERE a.AssigneeId = ?1 AND f.PermissionsRead = 1",
            )?;
            let rows = statement.query_map([&self.identity.user_id], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, bool>(2)?,
                ))
            })?;
            for row in rows {
                let (sobject, field, edit) = row?;
                let name = field
                    .split_once('.')
                    .map_or(field.as_str(), |(_, name)| name);
                let key = (sobject.to_ascii_lowercase(), name.to_ascii_lowercase());
                *granted.entry(key).or_default() |= edit;
            }
        }
        for object in &mut self.schema.objects {
            let sobject = object.name.to_ascii_lowercase();
            for field in object.fields.iter_mut().filter(|field| field.custom) {
                // A part of a location goes with the whole.
                let name = field.compound.as_ref().unwrap_or(&field.name);
                let key = (sobject.clone(), name.to_ascii_lowercase());
                let grant = granted.get(&key).copied();
                // A required field is always visible and editable; a checkbox is never empty and
                // yet not required.
                let required = !field.nillable && field.kind != FieldType::Boolean;
                field.readable = grant.is_some() || required;
                field.editable = grant.unwrap_or(required);
            }
        }
        self.refresh_object_access()?;
        self.follow_schema()
    }

    /// Whoever is signed in from now on is this user of the org, with that user's access to fields.
    pub(crate) fn sign_in_as(&mut self, name: &str) -> Result<(), Error> {
        let found: Option<(String, String)> = self
            .db
            .query_row(
                "SELECT Id, Username FROM User WHERE Name = ?1",
                [name],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let (id, username) = found.ok_or_else(|| Error::Unknown {
            what: "user",
            name: name.to_owned(),
        })?;
        self.identity.user_id = id;
        self.colleague = Some(Colleague {
            username,
            name: name.to_owned(),
        });
        Ok(self.refresh_field_access()?)
    }

    /// All live records of an sObject as JSON, with every stored field.
    pub(crate) fn all_records(
        &self,
        sobject: &str,
    ) -> Result<Vec<serde_json::Map<String, Value>>, Error> {
        self.some_records(sobject, usize::MAX)
    }

    /// As [`Org::all_records`], the first `limit` of them.
    pub(crate) fn some_records(
        &self,
        sobject: &str,
        limit: usize,
    ) -> Result<Vec<serde_json::Map<String, Value>>, Error> {
        let object = self.schema.object(sobject).ok_or_else(|| Error::Unknown {
            what: "sObject",
            name: sobject.to_owned(),
        })?;
        let fields: Vec<_> = object
            .fields
            .iter()
            .filter(|field| field.stored())
            .collect();
        let columns: Vec<String> = fields
            .iter()
            .map(|field| format!("\"{}\"", field.name))
            .collect();
        let live = if object.has_recycle_bin() {
            " WHERE IsDeleted = 0"
        } else {
            ""
        };
        let sql = format!(
            "SELECT {} FROM \"{}\"{live} ORDER BY rowid LIMIT {}",
            columns.join(", "),
            object.name,
            i64::try_from(limit).unwrap_or(i64::MAX)
        );
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let mut record = serde_json::Map::new();
            for (index, field) in fields.iter().enumerate() {
                let cell = row.get::<_, rusqlite::types::Value>(index)?;
                record.insert(
                    field.name.clone(),
                    crate::salesforce::values::to_json(field.kind, cell),
                );
            }
            records.push(record);
        }
        Ok(records)
    }

    pub(crate) fn count(&self, sobject: &str) -> Result<usize, Error> {
        let object = self.schema.object(sobject).ok_or_else(|| Error::Unknown {
            what: "sObject",
            name: sobject.to_owned(),
        })?;
        let live = if object.has_recycle_bin() {
            " WHERE IsDeleted = 0"
        } else {
            ""
        };
        let count: i64 = self.db.query_row(
            &format!("SELECT count(*) FROM \"{}\"{live}", object.name),
            [],
            |row| row.get(0),
        )?;
        Ok(usize::try_from(count).unwrap_or_default())
    }
}
