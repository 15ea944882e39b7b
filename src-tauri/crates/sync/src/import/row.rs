//! What would become of one Account. Pure.

use std::collections::{BTreeMap, HashMap};

use drawbridge_model::{
    Address, Currency, Customer, CustomerId, Evidence, FieldName, ImportAction, ImportReason,
    ImportRow, KnownBy, LikelyCustomer, MatchKey, NewContact, NewCustomer, Record, RecordId, Value,
};
use isocountry::CountryCode;

use crate::matching::{
    domain_keys, email_key, keys_of_address, keys_of_record, name_key, score, weight,
};

/// A person looks at so many likely customers; more would not help.
const MOST: usize = 5;

/// What is known of the customers there are.
#[derive(Debug, Default)]
pub struct Known {
    names: BTreeMap<CustomerId, String>,
    by_record: HashMap<RecordId, CustomerId>,
    by_key: HashMap<MatchKey, Vec<CustomerId>>,
}

impl Known {
    /// Takes one more customer into account.
    pub fn add(&mut self, customer: &Customer) {
        let name = customer.display_name();
        let mut keys: Vec<MatchKey> = name_key(&name).into_iter().collect();
        let own = customer.email.iter();
        let contacts = customer.contacts.iter();
        for address in own.chain(contacts.filter_map(|contact| contact.email.as_ref())) {
            keys.extend(email_key(address));
            keys.extend(domain_keys(address));
        }
        for key in keys {
            let ids = self.by_key.entry(key).or_default();
            if !ids.contains(&customer.id) {
                ids.push(customer.id.clone());
            }
        }
        for text in customer.connected_accounts.iter().chain(&customer.aliases) {
            if let Ok(record) = RecordId::parse(text) {
                self.by_record.insert(record, customer.id.clone());
            }
        }
        self.names.insert(customer.id.clone(), name);
    }

    fn likely(&self, keys: &[MatchKey]) -> Vec<LikelyCustomer> {
        let mut found: BTreeMap<&CustomerId, Vec<Evidence>> = BTreeMap::new();
        for key in keys {
            for id in self.by_key.get(key).into_iter().flatten() {
                let evidence = match key {
                    MatchKey::Email(address) => Evidence::Email {
                        address: address.clone(),
                    },
                    MatchKey::Domain(domain) => Evidence::Domain {
                        domain: domain.clone(),
                    },
                    MatchKey::Name(_) => Evidence::Name {
                        name: self.names.get(id).cloned().unwrap_or_default(),
                    },
                    MatchKey::ExternalId(_) | MatchKey::RecordId(_) => continue,
                };
                let known = found.entry(id).or_default();
                if !known.iter().any(|it| weight(it) == weight(&evidence)) {
                    known.push(evidence);
                }
            }
        }
        let mut likely: Vec<LikelyCustomer> = found
            .into_iter()
            .map(|(id, mut evidence)| {
                evidence.sort_by_key(|it| std::cmp::Reverse(weight(it)));
                LikelyCustomer {
                    customer: id.clone(),
                    name: self.names.get(id).cloned().unwrap_or_default(),
                    score: score(&evidence),
                    evidence,
                }
            })
            .collect();
        likely.sort_by_key(|it| std::cmp::Reverse(it.score));
        likely.truncate(MOST);
        likely
    }
}

/// What one row is computed from.
#[derive(Clone, Copy, Debug)]
pub struct RowInput<'a> {
    /// The Account.
    pub record: &'a Record,
    /// Its Contacts that have an e-mail address.
    pub contacts: &'a [NewContact],
    /// The customer the sync linked it to.
    pub linked: Option<&'a CustomerId>,
    /// The field that holds the customer's id.
    pub external_id: &'a FieldName,
    /// Only Accounts of these types; empty means all.
    pub types: &'a [String],
    /// The currency of Accounts that do not say theirs.
    pub currency: Option<Currency>,
}

/// Computes the row.
pub fn row(input: &RowInput<'_>, known: &Known) -> ImportRow {
    let record = input.record;
    let text = |field: &str| text(record, field);
    let name = text("Name");
    let mut row = ImportRow {
        record: record.id.clone(),
        name: name.clone().unwrap_or_else(|| record.id.to_string()),
        action: ImportAction::Skip,
        reason: None,
        customer: None,
        notes: Vec::new(),
    };
    let skip = |reason| ImportRow {
        reason: Some(reason),
        ..row.clone()
    };
    let blocked = |reason| ImportRow {
        action: ImportAction::Blocked,
        ..skip(reason)
    };
    let customer = |customer: &CustomerId, by| {
        skip(ImportReason::Customer {
            customer: customer.clone(),
            by,
        })
    };
    if let Value::Text(id) = record.value(input.external_id) {
        let id = CustomerId::from(id.as_str());
        return if known.names.contains_key(&id) {
            customer(&id, KnownBy::ExternalId)
        } else {
            blocked(ImportReason::NoSuchCustomer { customer: id })
        };
    }
    if let Some(id) = known.by_record.get(&record.id) {
        return customer(id, KnownBy::BillingLink);
    }
    if let Some(id) = input.linked.filter(|id| known.names.contains_key(id)) {
        return customer(id, KnownBy::Link);
    }
    if *record.value(&FieldName::from("IsPersonAccount")) == Value::Flag(true) {
        return skip(ImportReason::Person);
    }
    let kind = text("Type");
    let asked = |kind: &str| input.types.iter().any(|it| it.eq_ignore_ascii_case(kind));
    if !input.types.is_empty() && !kind.as_deref().is_some_and(asked) {
        return skip(ImportReason::OtherType { of: kind });
    }
    let Some(name) = name else {
        return blocked(ImportReason::NoName);
    };
    let own = text("CurrencyIsoCode").and_then(|code| Currency::parse(&code).ok());
    let Some(currency) = own.or(input.currency) else {
        return blocked(ImportReason::NoCurrency);
    };
    let mut keys = keys_of_record(record, input.external_id);
    for contact in input.contacts {
        keys.extend(keys_of_address(&contact.email));
    }
    let likely = known.likely(&keys);
    let (billing_address, left_out) = address(record);
    row.notes.extend(left_out);
    row.customer = Some(NewCustomer {
        record: record.id.clone(),
        name,
        currency,
        billing_address,
        contacts: input.contacts.to_vec(),
    });
    if likely.is_empty() {
        row.action = ImportAction::Create;
    } else {
        row.action = ImportAction::Blocked;
        row.reason = Some(ImportReason::MayBe { customers: likely });
    }
    row
}

pub(super) fn text(record: &Record, field: &str) -> Option<String> {
    match record.value(&FieldName::from(field)) {
        Value::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// The billing address as Alguna takes it, or a sentence about why it is left out. Street, city and
/// country must be there.
fn address(record: &Record) -> (Option<Address>, Option<String>) {
    let part = |field: &str| text(record, field);
    let (street, city) = (part("BillingStreet"), part("BillingCity"));
    let country = part("BillingCountryCode").or_else(|| part("BillingCountry"));
    if street.is_none() && city.is_none() && country.is_none() {
        return (None, None);
    }
    let (Some(street), Some(city), Some(country)) = (street, city, country) else {
        let words = "The billing address is left out: it lacks a street, a city or a country.";
        return (None, Some(words.to_owned()));
    };
    let Some(code) = country_code(&country) else {
        let words = format!("The billing address is left out: “{country}” is no country we know.");
        return (None, Some(words));
    };
    let mut lines = street
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let first = lines.next().map(str::to_owned);
    let rest: Vec<&str> = lines.collect();
    let address = Address {
        line1: first,
        line2: (!rest.is_empty()).then(|| rest.join(", ")),
        city: Some(city),
        state: part("BillingState"),
        postal_code: part("BillingPostalCode"),
        country: Some(code.alpha3().to_owned()),
    };
    (Some(address), None)
}

/// A country by its codes or its English name.
fn country_code(text: &str) -> Option<CountryCode> {
    let text = text.trim();
    let code = match text.len() {
        2 => CountryCode::for_alpha2_caseless(text).ok(),
        3 => CountryCode::for_alpha3_caseless(text).ok(),
        _ => None,
    };
    let usual = || match text.to_ascii_lowercase().as_str() {
        "united states" | "usa" | "u.s.a." | "u.s." => Some(CountryCode::USA),
        "united kingdom" | "uk" | "great britain" | "england" => Some(CountryCode::GBR),
        _ => None,
    };
    code.or_else(usual).or_else(|| {
        CountryCode::iter()
            .find(|code| code.name().eq_ignore_ascii_case(text))
            .copied()
    })
}
