//! Fills a fresh org: organization, users, permissions, and the book's Accounts and Contacts.

use rusqlite::types::Value as Cell;
use serde_json::Value;

use crate::book::Record;
use crate::error::Error;
use crate::salesforce::clock;
use crate::salesforce::ids::canonical;
use crate::salesforce::org::Org;
use crate::salesforce::schema::FieldType;
use crate::salesforce::values::{Refusal, to_cell};
use crate::salesforce::write::composed_name;

/// Fills an org.
pub(crate) struct Fill<'a> {
    org: &'a mut Org,
}

/// Other people who work in the org: first name, last name, id.
const COLLEAGUES: [(&str, &str, &str); 2] = [
    ("Tom", "Okafor", "0055f000001TkfQ"),
    ("Priya", "Nair", "0055f000001PrnW"),
];

impl<'a> Fill<'a> {
    /// Pseudo field that carries the CSV line of a record into error messages.
    pub(crate) const LINE: &'static str = "\u{1}line";

    pub(crate) fn new(org: &'a mut Org) -> Self {
        Self { org }
    }

    fn row(&mut self, sobject: &str, cells: &[(&str, Value)]) -> Result<(), Error> {
        let Some(object) = self.org.schema.object(sobject) else {
            return Ok(());
        };
        let mut stored = Vec::new();
        for (name, value) in cells {
            let cell = match (object.any_field(name).map(|field| field.kind), value) {
                (_, Value::Null) | (None, _) => Cell::Null,
                (_, Value::Bool(flag)) => Cell::Integer(i64::from(*flag)),
                (_, Value::String(text)) => Cell::Text(text.clone()),
                (_, Value::Number(number)) => Cell::Integer(number.as_i64().unwrap_or_default()),
                _ => Cell::Null,
            };
            stored.push(((*name).to_owned(), cell));
        }
        self.org.insert(sobject, &stored)?;
        Ok(())
    }

    /// Organization, users, profile and what the signed-in user may do.
    pub(crate) fn setup(&mut self) -> Result<(), Error> {
        let identity = self.org.identity.clone();
        let stamp = Value::from("2023-03-06T09:12:44.000+0000");
        self.row(
            "Organization",
            &[
                ("Id", Value::from(identity.org_id.clone())),
                ("Name", Value::from(identity.org_name)),
                ("InstanceName", Value::from(identity.instance)),
                ("IsSandbox", Value::from(identity.is_sandbox)),
                ("OrganizationType", Value::from("Enterprise Edition")),
                ("LanguageLocaleKey", Value::from("en_US")),
                ("DefaultLocaleSidKey", Value::from("en_GB")),
                ("TimeZoneSidKey", Value::from("Europe/Madrid")),
                ("FiscalYearStartMonth", Value::from(1)),
                ("DefaultAccountAccess", Value::from("Edit")),
                ("DefaultContactAccess", Value::from("ControlledByParent")),
                ("PrimaryContact", Value::from("Ana Ruiz")),
                ("Country", Value::from("ES")),
                ("CreatedDate", stamp.clone()),
                ("SystemModstamp", stamp.clone()),
            ],
        )?;
        let profile = canonical("00e5f000001SysA").unwrap_or_default();
        self.row(
            "Profile",
            &[
                ("Id", Value::from(profile.clone())),
                ("Name", Value::from("System Administrator")),
                ("UserType", Value::from("Standard")),
            ],
        )?;
        let suffix = identity
            .username
            .strip_prefix("ana.ruiz")
            .unwrap_or_default()
            .to_owned();
        let mut users = vec![("Ana", "Ruiz", identity.user_id.clone())];
        users.extend(
            COLLEAGUES.map(|(first, last, id)| (first, last, canonical(id).unwrap_or_default())),
        );
        for (first, last, id) in users {
            let username = format!("{}.{}{suffix}", first.to_lowercase(), last.to_lowercase());
            let mail = username.replace(".uat", if identity.is_sandbox { ".invalid" } else { "" });
            self.row(
                "User",
                &[
                    ("Id", Value::from(id)),
                    ("Username", Value::from(username)),
                    ("Name", Value::from(format!("{first} {last}"))),
                    ("FirstName", Value::from(first)),
                    ("LastName", Value::from(last)),
                    ("Email", Value::from(mail)),
                    (
                        "Alias",
                        Value::from(format!(
                            "{}{}",
                            &first[..1].to_lowercase(),
                            last.to_lowercase()
                        )),
                    ),
                    ("IsActive", Value::from(true)),
                    ("ProfileId", Value::from(profile.clone())),
                    ("UserType", Value::from("Standard")),
                    ("TimeZoneSidKey", Value::from("Europe/Madrid")),
                    ("LocaleSidKey", Value::from("en_GB")),
                    ("LanguageLocaleKey", Value::from("en_US")),
                    ("CreatedDate", stamp.clone()),
                    ("LastModifiedDate", stamp.clone()),
                    ("SystemModstamp", stamp.clone()),
                ],
            )?;
        }
        let permissions = self
            .org
            .schema
            .object("UserPermissionAccess")
            .map(|object| {
                object
                    .fields
                    .iter()
                    .filter(|field| field.kind == FieldType::Boolean)
                    .map(|field| field.name.clone())
                    .collect::<Vec<_>>()
            });
        let mut row = vec![(
            "Id".to_owned(),
            Value::from(canonical("1Pk5f0000000001").unwrap_or_default()),
        )];
        row.extend(
            permissions
                .unwrap_or_default()
                .into_iter()
                .map(|name| (name, Value::from(true))),
        );
        let row: Vec<(&str, Value)> = row
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        self.row("UserPermissionAccess", &row)?;
        for (index, sobject) in ["Account", "Contact"].into_iter().enumerate() {
            self.row(
                "DuplicateRule",
                &[
                    (
                        "Id",
                        Value::from(
                            canonical(&format!("0Bm5f000000000{}", index + 1)).unwrap_or_default(),
                        ),
                    ),
                    (
                        "DeveloperName",
                        Value::from(format!("Standard_{sobject}_Duplicate_Rule")),
                    ),
                    (
                        "MasterLabel",
                        Value::from(format!("Standard {sobject} Duplicate Rule")),
                    ),
                    ("SobjectType", Value::from(sobject)),
                    ("IsActive", Value::from(false)),
                    ("Language", Value::from("en_US")),
                    ("CreatedDate", stamp.clone()),
                    ("SystemModstamp", stamp.clone()),
                ],
            )?;
            // The Tooling API writes the whole table; relations name an object by its durable id.
            self.row(
                "EntityDefinition",
                &[
                    ("Id", Value::from(sobject)),
                    ("QualifiedApiName", Value::from(sobject)),
                    ("DeveloperName", Value::from(sobject)),
                    ("Label", Value::from(sobject)),
                    (
                        "KeyPrefix",
                        Value::from(if index == 0 { "001" } else { "003" }),
                    ),
                    ("DurableId", Value::from(sobject)),
                ],
            )?;
        }
        Ok(())
    }

    /// The book's records of one sObject, in one transaction.
    pub(crate) fn records(
        &mut self,
        sobject: &str,
        file: &str,
        records: &[Record],
    ) -> Result<(), Error> {
        self.org.db.execute_batch("BEGIN")?;
        for (index, record) in records.iter().enumerate() {
            self.record(sobject, file, index, record)?;
        }
        self.org.db.execute_batch("COMMIT")?;
        Ok(())
    }

    fn record(
        &mut self,
        sobject: &str,
        file: &str,
        index: usize,
        record: &Record,
    ) -> Result<(), Error> {
        let line = record
            .iter()
            .find(|(name, _)| name == Self::LINE)
            .and_then(|(_, line)| line.parse().ok())
            .unwrap_or(index as u64 + 2);
        let wrong = |column: &str, problem: String| Error::Data {
            file: file.to_owned(),
            line,
            column: column.to_owned(),
            problem,
        };
        let mut cells: Vec<(String, Cell)> = Vec::with_capacity(record.len() + 8);
        {
            let Some(object) = self.org.schema.object(sobject) else {
                return Ok(());
            };
            for (name, text) in record.iter().filter(|(name, _)| name != Self::LINE) {
                let field = object
                    .any_field(name)
                    .ok_or_else(|| wrong(name, format!("{sobject} has no such field")))?;
                // Shipped sample data holds e-mails today's rules would refuse; it is kept.
                let cell = match to_cell(field, &Value::from(text.as_str())) {
                    Ok(cell) => cell,
                    Err(Refusal::Row(error)) if error.status_code == "INVALID_EMAIL_ADDRESS" => {
                        Cell::Text(text.clone())
                    }
                    Err(Refusal::Row(error)) => return Err(wrong(name, error.message)),
                    Err(Refusal::Call(error)) => return Err(wrong(name, error.message)),
                };
                cells.push((field.name.clone(), cell));
            }
        }
        let given = |cells: &[(String, Cell)], wanted: &str| {
            cells
                .iter()
                .any(|(name, cell)| name == wanted && *cell != Cell::Null)
        };
        let key = if sobject == "Contact" {
            "LastName"
        } else {
            "Name"
        };
        if !given(&cells, key) {
            return Err(wrong(key, "a value is needed here".to_owned()));
        }
        if !given(&cells, "Id") {
            let prefix = if sobject == "Contact" { "003" } else { "001" };
            cells.push(("Id".to_owned(), Cell::Text(self.org.ids.next(prefix))));
        }
        // Stamps lie in the past, one minute apart, so that order by stamp is order of creation.
        let stamp = 1_740_000_000_000_i64
            + i64::try_from(index).unwrap_or_default() * 60_000 % 50_000_000_000;
        let stamp = clock::format(jiff::Timestamp::from_millisecond(stamp).unwrap_or_default());
        for name in ["CreatedDate", "LastModifiedDate", "SystemModstamp"] {
            if !given(&cells, name) {
                cells.push((name.to_owned(), Cell::Text(stamp.clone())));
            }
        }
        let user = match index % 3 {
            0 => self.org.identity.user_id.clone(),
            n => canonical(COLLEAGUES[n - 1].2).unwrap_or_default(),
        };
        for name in ["OwnerId", "CreatedById", "LastModifiedById"] {
            if !given(&cells, name) {
                cells.push((name.to_owned(), Cell::Text(user.clone())));
            }
        }
        if let Some(name) = composed_name(sobject, &cells, None) {
            cells.push(("Name".to_owned(), name));
        }
        self.org
            .insert(sobject, &cells)
            .map_err(|error| wrong("Id", error.to_string()))?;
        Ok(())
    }
}
