//! Making and changing customers (facts/alguna.md §2.1).

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::answer::{body, invalid, optional_text, problem, text, texts};
use super::customers::shape;
use super::records::Records;
use crate::book::{Address, Contact, Customer};
use crate::reply::{Reply, Request};

/// Preferences of the contacts of one write: contact id and words.
type Preferences = Vec<(String, Vec<String>)>;

/// `POST /customers`.
pub(crate) fn create(
    records: &mut Records,
    request: &Request,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let body = body(request)?;
    let name = text(&body, "", "name")?;
    let currency = currency(&body)?.ok_or_else(|| invalid("currency is required"))?;
    let stamp = now.to_string();
    let customer = Customer {
        id: records.new_id(),
        name,
        currency: currency.into(),
        created_at: stamp.clone(),
        updated_at: stamp,
        aliases: Vec::new(),
        address: None,
        contacts: Vec::new(),
        tax: None,
    };
    let (customer, preferences) = apply(records, customer, &body, None)?;
    records.preferences.extend(preferences);
    let place = records.add_customer(customer);
    Ok(Reply::json(
        201,
        &shape(records, &records.customers[place], true),
    ))
}

/// `PATCH /customers/{id}`: what is given replaces what was there, lists as a whole.
pub(crate) fn patch(
    records: &mut Records,
    place: usize,
    request: &Request,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let body = body(request)?;
    let mut changed = records.customers[place].clone();
    if body.contains_key("name") {
        changed.name = text(&body, "", "name")?;
    }
    if let Some(currency) = currency(&body)? {
        changed.currency = currency.into();
    }
    let (mut changed, preferences) = apply(records, changed, &body, Some(place))?;
    changed.updated_at = now.to_string();
    records.preferences.extend(preferences);
    records.replace_customer(place, changed);
    Ok(Reply::json(
        200,
        &shape(records, &records.customers[place], true),
    ))
}

/// ISO 4217: three capital letters.
fn currency(body: &Map<String, Value>) -> Result<Option<String>, Reply> {
    match optional_text(body, "", "currency")? {
        Some(code) if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
            Ok(Some(code))
        }
        None => Ok(None),
        Some(_) => Err(invalid("currency must be an ISO 4217 code")),
    }
}

/// Puts aliases, address and contacts of a body into a customer. Unknown keys are ignored.
fn apply(
    records: &mut Records,
    mut customer: Customer,
    body: &Map<String, Value>,
    own: Option<usize>,
) -> Result<(Customer, Preferences), Reply> {
    match body.get("aliases") {
        None => {}
        Some(Value::Null) if own.is_none() => {}
        Some(list) => {
            customer.aliases.clear();
            for alias in texts(list, "aliases")? {
                if !customer.aliases.contains(&alias) {
                    customer.aliases.push(alias);
                }
            }
        }
    }
    let mut taken = customer.aliases.iter().filter(|alias| {
        let owner = records.owner_of_alias(alias);
        owner.is_some() && owner != own
    });
    if let Some(alias) = taken.next() {
        let detail = format!("alias {alias} is already used by another customer");
        return Err(problem(409, &detail));
    }
    match body.get("billing_address") {
        None => {}
        Some(Value::Null) => customer.address = None,
        Some(Value::Object(given)) => customer.address = Some(address(given)?),
        Some(_) => return Err(invalid("billing_address must be an object")),
    }
    let mut preferences = Vec::new();
    match body.get("contacts") {
        None => {}
        Some(Value::Null) if own.is_none() => {}
        Some(Value::Array(list)) => {
            let contacts = list.iter().enumerate().map(|(index, given)| {
                let at = format!("contacts[{index}]");
                let wrong = || invalid(&format!("{at} must be an object"));
                contact(
                    records,
                    &customer,
                    given.as_object().ok_or_else(wrong)?,
                    &at,
                )
            });
            let contacts: Vec<(Contact, Option<Vec<String>>)> =
                contacts.collect::<Result<_, _>>()?;
            customer.contacts.clear();
            for (contact, words) in contacts {
                if customer.contacts.iter().any(|known| known.id == contact.id) {
                    return Err(invalid("contacts name one id twice"));
                }
                preferences.extend(words.map(|words| (contact.id.clone(), words)));
                customer.contacts.push(contact);
            }
        }
        Some(_) => return Err(invalid("contacts must be a list")),
    }
    Ok((customer, preferences))
}

fn address(given: &Map<String, Value>) -> Result<Address, Reply> {
    let at = "billing_address.";
    // The parts must be there, but some places have no state or postal code.
    let part = |name: &str| match optional_text(given, at, name)? {
        Some(text) => Ok(text),
        None => Err(invalid(&format!("{at}{name} is required"))),
    };
    let country = part("country")?;
    if !matches!(country.len(), 2 | 3) || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(invalid(
            "billing_address.country must be an ISO 3166-1 code",
        ));
    }
    Ok(Address {
        line1: part("line1")?,
        line2: optional_text(given, at, "line2")?,
        city: part("city")?,
        state: part("state")?,
        postal_code: part("postal_code")?,
        country: country.into(),
    })
}

/// A contact of a write. An id must be one of the customer's; without one the contact is new.
fn contact(
    records: &mut Records,
    customer: &Customer,
    given: &Map<String, Value>,
    at: &str,
) -> Result<(Contact, Option<Vec<String>>), Reply> {
    let prefix = format!("{at}.");
    let email = text(given, &prefix, "email")?;
    if !email.contains('@') {
        return Err(invalid(&format!("{prefix}email is not an e-mail address")));
    }
    let is_primary = match given.get("is_primary") {
        Some(Value::Bool(flag)) => *flag,
        None | Some(Value::Null) => {
            return Err(invalid(&format!("{prefix}is_primary is required")));
        }
        Some(_) => {
            return Err(invalid(&format!(
                "{prefix}is_primary must be true or false"
            )));
        }
    };
    let words = match given.get("email_preferences") {
        None | Some(Value::Null) => None,
        Some(list) => Some(texts(list, &format!("{prefix}email_preferences"))?),
    };
    let (first_name, last_name) = (
        optional_text(given, &prefix, "first_name")?,
        optional_text(given, &prefix, "last_name")?,
    );
    let id = match optional_text(given, &prefix, "id")?.filter(|id| !id.is_empty()) {
        None => records.new_id(),
        Some(id) if customer.contacts.iter().any(|known| known.id == id) => id,
        Some(_) => {
            return Err(invalid(&format!(
                "{prefix}id is not a contact of this customer"
            )));
        }
    };
    let contact = Contact {
        id,
        email,
        first_name,
        last_name,
        is_primary,
    };
    Ok((contact, words))
}
