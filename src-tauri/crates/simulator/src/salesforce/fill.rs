//! Fills a fresh org: organization, users, permissions, and the book's Accounts and Contacts.

use std::borrow::Cow;

use rusqlite::params_from_iter;
use rusqlite::types::{ToSqlOutput, Value as Cell, ValueRef};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::book::{Record, Records};
use crate::error::Error;
use crate::salesforce::clock;
use crate::salesforce::ids::canonical;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{Field, FieldType, SObject};
use crate::salesforce::values::{Refusal, kept_text, to_cell};

/// Fills an org.
pub(crate) struct Fill<'a> {
    org: &'a mut Org,
}

/// How many records an org was filled with so far.
#[derive(Debug, Default)]
pub(crate) struct Filled {
    pub(crate) accounts: usize,
    pub(crate) contacts: usize,
}

/// Other people who work in the org: first name, last name, id.
const COLLEAGUES: [(&str, &str, &str); 2] = [
    ("Tom", "Okafor", "0055f000001TkfQ"),
    ("Priya", "Nair", "0055f000001PrnW"),
];

impl<'a> Fill<'a> {
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

    /// Records of the book; `filled` counts those of earlier calls.
    pub(crate) fn records(&mut self, records: &Records, filled: &mut Filled) -> Result<(), Error> {
        let Records { accounts, contacts } = records;
        self.sobject("Account", "accounts.csv", accounts, filled.accounts)?;
        self.sobject(
            "Contact",
            "salesforce_contacts.csv",
            contacts,
            filled.contacts,
        )?;
        filled.accounts += accounts.len();
        filled.contacts += contacts.len();
        Ok(())
    }

    /// Records of one sObject, in one transaction and by one statement: this is the long part of a
    /// start.
    fn sobject(
        &mut self,
        sobject: &str,
        file: &str,
        records: &[Record],
        before: usize,
    ) -> Result<(), Error> {
        let Org {
            schema,
            db,
            ids,
            identity,
            ..
        } = &mut *self.org;
        let Some(object) = schema.object(sobject) else {
            return Ok(());
        };
        let users = [&identity.user_id]
            .into_iter()
            .cloned()
            .chain(COLLEAGUES.map(|(_, _, id)| canonical(id).unwrap_or_default()))
            .collect::<Vec<_>>();
        let row = RowOf::new(object, records);
        let transaction = db.transaction()?;
        {
            let mut insert = transaction.prepare(&row.insert())?;
            for (index, record) in (before..).zip(records) {
                let line = record.line.unwrap_or(index as u64 + 2);
                let wrong = |(column, problem): (String, String)| Error::Data {
                    file: file.to_owned(),
                    line,
                    column,
                    problem,
                };
                let stamp = stamp(index);
                let mut cells = row.cells(record).map_err(wrong)?;
                row.complete(&mut cells, &stamp, &users[index % 3], || {
                    ids.next(&object.prefix)
                })
                .map_err(wrong)?;
                insert
                    .execute(params_from_iter(cells))
                    .map_err(|error| wrong(("Id".to_owned(), error.to_string())))?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

/// When the record with this number came: stamps lie in the past, one minute apart, so that order by
/// stamp is order of creation.
fn stamp(index: usize) -> String {
    let moment =
        1_740_000_000_000_i64 + i64::try_from(index).unwrap_or_default() * 60_000 % 50_000_000_000;
    clock::format(jiff::Timestamp::from_millisecond(moment).unwrap_or_default())
}

fn null<'r>() -> ToSqlOutput<'r> {
    ToSqlOutput::Owned(Cell::Null)
}

fn bound(text: Cow<'_, str>) -> ToSqlOutput<'_> {
    match text {
        Cow::Borrowed(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Cow::Owned(text) => ToSqlOutput::Owned(Cell::Text(text)),
    }
}

/// How records of one sObject become rows: which columns are filled, and where each stands.
struct RowOf<'a> {
    object: &'a SObject,
    fields: Vec<&'a Field>,
    places: FxHashMap<&'a str, usize>,
    /// Where the parts of a Contact's name and the name itself stand.
    name_parts: Option<(usize, usize, usize)>,
    /// What a record without a value gets.
    empty: Vec<ToSqlOutput<'static>>,
}

/// Columns the org fills in where a record has none.
const COMPLETED: [&str; 8] = [
    "Id",
    "Name",
    "CreatedDate",
    "LastModifiedDate",
    "SystemModstamp",
    "OwnerId",
    "CreatedById",
    "LastModifiedById",
];

impl<'a> RowOf<'a> {
    fn new(object: &'a SObject, records: &'a [Record]) -> Self {
        let given: FxHashSet<&str> = records
            .iter()
            .flat_map(|record| record.values.iter().map(|(name, _)| name.as_ref()))
            .collect();
        let used = |field: &&Field| {
            field.kind == FieldType::Boolean
                || COMPLETED.contains(&field.name.as_str())
                || given
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(&field.name))
        };
        let stored = object.fields.iter().filter(|field| field.stored());
        let fields: Vec<&Field> = stored.filter(used).collect();
        let at = |name: &str| fields.iter().position(|field| field.name == name);
        let name_parts = (object.name == "Contact")
            .then(|| {
                Some((
                    at("FirstName").unwrap_or(usize::MAX),
                    at("LastName")?,
                    at("Name")?,
                ))
            })
            .flatten();
        let places = given
            .into_iter()
            .filter_map(|name| {
                let same = |field: &&Field| field.name.eq_ignore_ascii_case(name);
                Some((name, fields.iter().position(same)?))
            })
            .collect();
        let empty = fields
            .iter()
            .map(|field| match field.kind {
                FieldType::Boolean => {
                    ToSqlOutput::from(i64::from(field.default_value.as_deref() == Some("true")))
                }
                _ => null(),
            })
            .collect();
        Self {
            object,
            fields,
            places,
            name_parts,
            empty,
        }
    }

    fn insert(&self) -> String {
        let names: Vec<String> = self
            .fields
            .iter()
            .map(|field| format!("\"{}\"", field.name))
            .collect();
        let marks = vec!["?"; names.len()].join(", ");
        format!(
            "INSERT INTO \"{}\" ({}) VALUES ({marks})",
            self.object.name,
            names.join(", ")
        )
    }

    /// The record's own values, or the column that is wrong and why.
    fn cells<'r>(&self, record: &'r Record) -> Result<Vec<ToSqlOutput<'r>>, (String, String)> {
        let mut cells = self.empty.clone();
        for (name, text) in &record.values {
            let Some(&place) = self.places.get(name.as_ref()) else {
                let problem = format!("{} has no such field", self.object.name);
                return Err((name.to_string(), problem));
            };
            let field = self.fields[place];
            // Text is bound where it lies.
            let kept = if field.kind.is_text() {
                kept_text(field, text)
                    .map(|kept| kept.map_or_else(null, bound))
                    .map_err(Refusal::Row)
            } else {
                to_cell(field, &Value::from(text.as_ref())).map(ToSqlOutput::Owned)
            };
            // Shipped sample data holds e-mails today's rules would refuse; it is kept.
            cells[place] = match kept {
                Ok(cell) => cell,
                Err(Refusal::Row(error)) if error.status_code == "INVALID_EMAIL_ADDRESS" => {
                    bound(text.as_ref().into())
                }
                Err(Refusal::Row(error)) => return Err((name.to_string(), error.message)),
                Err(Refusal::Call(error)) => return Err((name.to_string(), error.message)),
            };
        }
        Ok(cells)
    }

    /// Fills in what the org itself knows.
    fn complete<'r>(
        &self,
        cells: &mut [ToSqlOutput<'r>],
        stamp: &'r str,
        user: &'r str,
        id: impl FnOnce() -> String,
    ) -> Result<(), (String, String)> {
        if let Some((first, last, name)) = self.name_parts {
            let part = |place: usize| match cells.get(place) {
                Some(ToSqlOutput::Borrowed(ValueRef::Text(text))) => std::str::from_utf8(text).ok(),
                Some(ToSqlOutput::Owned(Cell::Text(text))) => Some(text.as_str()),
                _ => None,
            };
            let Some(last) = part(last) else {
                return Err(("LastName".to_owned(), "a value is needed here".to_owned()));
            };
            let whole =
                part(first).map_or_else(|| last.to_owned(), |first| [first, " ", last].concat());
            cells[name] = bound(whole.into());
        }
        let mut id = Some(id);
        for (field, cell) in self.fields.iter().zip(cells) {
            if *cell != null() {
                continue;
            }
            match field.name.as_str() {
                "Id" => {
                    *cell = bound(id.take().map(|next| next()).unwrap_or_default().into());
                }
                "Name" => {
                    return Err(("Name".to_owned(), "a value is needed here".to_owned()));
                }
                "CreatedDate" | "LastModifiedDate" | "SystemModstamp" => {
                    *cell = bound(stamp.into());
                }
                "OwnerId" | "CreatedById" | "LastModifiedById" => {
                    *cell = bound(user.into());
                }
                _ => {}
            }
        }
        Ok(())
    }
}
