//! Checks queries without an org: the schema of a fresh org over empty tables.

use rusqlite::{Connection, params_from_iter};

use super::plan::{Member, Plan, Records, Sql};
use super::planned;
use crate::error::Error;
use crate::salesforce::errors::CallError;
use crate::salesforce::schema::Schema;
use crate::salesforce::text;

/// A schema and its empty tables.
pub(crate) struct Checker {
    pub(super) schema: Schema,
    pub(super) db: Connection,
}

impl Checker {
    pub(crate) fn new() -> Result<Self, Error> {
        let db = Connection::open_in_memory()?;
        text::register(&db)?;
        let schema = Schema::standard()?;
        for object in &schema.objects {
            let columns: Vec<String> = object
                .fields
                .iter()
                .filter(|field| field.stored())
                .map(crate::salesforce::schema::Field::column)
                .collect();
            db.execute_batch(&format!(
                "CREATE TABLE \"{}\" ({})",
                object.name,
                columns.join(", ")
            ))?;
        }
        Ok(Self { schema, db })
    }

    /// What the org would say of a query. An `UNKNOWN_EXCEPTION` is a fault of the translation: the
    /// database refused its SQL.
    pub(crate) fn check(&self, soql: &str) -> Result<(), CallError> {
        match planned(&self.schema, soql, false, crate::now::now())? {
            Plan::Count { sql, .. } => self.run(&sql.text, &sql),
            Plan::Groups(groups) => self.run(&groups.sql.text, &groups.sql),
            Plan::Records(records) => self.records(&records, false),
        }
    }

    fn records(&self, records: &Records, of_parent: bool) -> Result<(), CallError> {
        self.db.prepare(&records.fetch)?;
        if of_parent {
            self.db.prepare(&records.find.text)?;
        } else {
            self.run(&records.find.text, &records.find)?;
        }
        for member in &records.shape.members {
            if let Member::Children { records, .. } = member {
                self.records(records, true)?;
            }
        }
        Ok(())
    }

    fn run(&self, text: &str, sql: &Sql) -> Result<(), CallError> {
        let mut statement = self.db.prepare(text)?;
        let mut rows = statement.query(params_from_iter(&sql.parameters))?;
        while rows.next()?.is_some() {}
        Ok(())
    }
}
