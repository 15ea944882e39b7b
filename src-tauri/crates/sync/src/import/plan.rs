//! Reading both sides for an import. Nothing is written to either.

use std::collections::HashMap;

use drawbridge_model::{
    Cache, Clock, Currency, CustomerId, Describe, FieldName, ImportId, ImportLedger, Mapping,
    NewContact, NoReporter, ReadQuery, Record, RecordId, SObjectName, Source, Sync, Target, Value,
};

use super::row::{Known, RowInput, row, text};
use crate::Error;
use crate::matching::email_key;
use crate::pull::{Depth, pull};

/// Customers read from the cache at a time.
const CHUNK: usize = 500;
/// A customer gets so many contacts at most.
const CONTACTS: usize = 20;

/// What an import is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its number.
    pub import: ImportId,
    /// The sync whose two sides are meant.
    pub sync: &'a Sync,
    /// Its mapping, which says where the customer's id stands.
    pub mapping: &'a Mapping,
    /// Only Accounts of these types; empty means all.
    pub types: &'a [String],
    /// The currency of Accounts that do not say theirs.
    pub currency: Option<Currency>,
}

/// Computes a row for every Account of the org. Returns how many there are.
pub async fn plan<S: Source, T: Target, L: Cache + ImportLedger>(
    input: Input<'_>,
    source: &S,
    target: &T,
    ledger: &L,
    clock: &dyn Clock,
) -> Result<u32, Error> {
    let account = SObjectName::from("Account");
    let describe = target.describe(&account).await?;
    let external_id = &input.mapping.external_id;
    if describe.field(external_id).is_none() {
        return Err(Error::FieldsMissing {
            sobject: account.to_string(),
            fields: vec![external_id.clone()],
        });
    }
    // Everything: a customer that is not seen would be made a second time.
    let all = Depth::Everything;
    pull(input.sync.source, all, source, ledger, clock, &NoReporter).await?;
    let known = customers(&input, ledger)?;
    let contacts = contacts(target).await?;
    let query = ReadQuery {
        sobject: account,
        fields: fields(&describe, external_id),
        only: None,
        not_blank: None,
        changed_since: None,
    };
    let (mut read, mut cursor) = (0_u32, None::<String>);
    loop {
        let page = target.read(&query, &describe, cursor.as_deref()).await?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for record in &page.rows {
            let linked = ledger.customer_of_record(input.sync.id, &record.id)?;
            rows.push(row(
                &RowInput {
                    record,
                    contacts: contacts.get(&record.id).map_or(&[], Vec::as_slice),
                    linked: linked.as_ref(),
                    external_id,
                    types: input.types,
                    currency: input.currency,
                },
                &known,
            ));
        }
        ledger.put_import_rows(input.import, &rows)?;
        read = read.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(read);
        }
    }
}

fn customers<L: Cache>(input: &Input<'_>, ledger: &L) -> Result<Known, Error> {
    let mut known = Known::default();
    let mut after: Option<CustomerId> = None;
    loop {
        let chunk = ledger.customers(input.sync.source, after.as_ref(), CHUNK)?;
        let Some(last) = chunk.last() else {
            return Ok(known);
        };
        after = Some(last.customer.id.clone());
        for bundle in &chunk {
            known.add(&bundle.customer);
        }
    }
}

/// What the org has of these; a field that it lacks is left out.
fn fields(describe: &Describe, external_id: &FieldName) -> Vec<FieldName> {
    [
        "Name",
        "Type",
        "Website",
        "BillingStreet",
        "BillingCity",
        "BillingState",
        "BillingPostalCode",
        "BillingCountry",
        "BillingCountryCode",
        "CurrencyIsoCode",
        "IsPersonAccount",
    ]
    .into_iter()
    .map(FieldName::from)
    .chain([external_id.clone()])
    .filter(|name| describe.field(name).is_some())
    .collect()
}

/// Contacts with an e-mail address, by Account, each address once.
async fn contacts<T: Target>(target: &T) -> Result<HashMap<RecordId, Vec<NewContact>>, Error> {
    let contact = SObjectName::from("Contact");
    let describe = target.describe(&contact).await?;
    let email = FieldName::from("Email");
    let fields = ["FirstName", "LastName", "Email", "AccountId"];
    let query = ReadQuery {
        sobject: contact,
        fields: fields
            .into_iter()
            .map(FieldName::from)
            .filter(|name| describe.field(name).is_some())
            .collect(),
        only: None,
        not_blank: Some(email),
        changed_since: None,
    };
    let mut found: HashMap<RecordId, Vec<NewContact>> = HashMap::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = target.read(&query, &describe, cursor.as_deref()).await?;
        for (account, contact) in page.rows.iter().filter_map(new_contact) {
            let own = found.entry(account).or_default();
            let same = |known: &NewContact| known.email.eq_ignore_ascii_case(&contact.email);
            if own.len() < CONTACTS && !own.iter().any(same) {
                own.push(contact);
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}

fn new_contact(record: &Record) -> Option<(RecordId, NewContact)> {
    let Value::Text(account) = record.value(&FieldName::from("AccountId")) else {
        return None;
    };
    let email = text(record, "Email").filter(|email| email_key(email).is_some())?;
    let contact = NewContact {
        email,
        first_name: text(record, "FirstName"),
        last_name: text(record, "LastName"),
    };
    Some((RecordId::parse(account).ok()?, contact))
}
