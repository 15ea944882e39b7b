//! Custom traits of customers, by category (facts/profitwell.md §2.11).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::answer::{invalid, not_found, rule};
use super::fields::Fields;
use super::ledger::Ledger;
use crate::reply::{Reply, Request};

/// Most traits of a category.
const MAX_TRAITS: usize = 100;
/// Longest category, trait and address, in characters.
const MAX_TEXT: usize = 254;
/// Categories the service fills itself, in lower case.
const RESERVED: [&str; 11] = [
    "age of account",
    "age range",
    "country",
    "location",
    "company industry",
    "company size",
    "gender",
    "job category",
    "mrr quartile",
    "twitter followers",
    "activity level",
];

/// A name as it was first written, and who has what is under it.
#[derive(Debug, Default)]
struct Category {
    name: String,
    /// By lower-case name: the name as first written, and ids of customers.
    traits: BTreeMap<String, (String, BTreeSet<String>)>,
}

/// All categories, by lower-case name.
#[derive(Debug, Default)]
pub(crate) struct Traits(BTreeMap<String, Category>);

impl Traits {
    /// Removes every trace of a customer.
    pub(crate) fn forget(&mut self, customer: &str) {
        for category in self.0.values_mut() {
            for (_, customers) in category.traits.values_mut() {
                customers.remove(customer);
            }
        }
    }

    fn of(&self, customer: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        for category in self.0.values() {
            for (name, customers) in category.traits.values() {
                if customers.contains(customer) {
                    rows.push(json!({"category": category.name, "trait": name}));
                }
            }
        }
        rows
    }
}

/// `GET /v2/customer_traits/customer/{customer_id}/`.
pub(crate) fn list(ledger: &Ledger, id: &str) -> Result<Reply, Reply> {
    let who = ledger.customer(id).ok_or_else(not_found)?;
    Ok(Reply::json(200, &ledger.traits.of(ledger.id(who))))
}

/// The category, the trait and the ids of the customers a body speaks of.
fn read(ledger: &Ledger, request: &Request) -> Result<(String, String, Vec<String>), Reply> {
    let mut fields = Fields::of_body(request)?;
    let category = fields.text("category", MAX_TEXT);
    let name = fields.text("trait", MAX_TEXT);
    let customer = fields.optional_text("customer_id", MAX_TEXT);
    let email = fields.optional_text("email", MAX_TEXT);
    fields.check()?;
    let customers = match (customer, email) {
        (Some(id), _) => ledger.customer(&id).into_iter().collect(),
        (None, Some(email)) => ledger.with_email(&email),
        (None, None) => return Err(rule("Either customer_id or email is required.")),
    };
    if customers.is_empty() {
        return Err(not_found());
    }
    let ids = customers.into_iter().map(|who| ledger.id(who).to_owned());
    let (category, name) = category.zip(name).ok_or_else(not_found)?;
    Ok((category, name, ids.collect()))
}

/// `PUT /v2/customer_traits/trait/`.
pub(crate) fn put(ledger: &mut Ledger, request: &Request) -> Result<Reply, Reply> {
    let (category, name, customers) = read(ledger, request)?;
    let key = category.to_lowercase();
    if RESERVED.contains(&key.as_str()) {
        return Err(invalid("category", "This category is reserved."));
    }
    let category = ledger.traits.0.entry(key).or_insert_with(|| Category {
        name: category,
        traits: BTreeMap::new(),
    });
    let key = name.to_lowercase();
    if category.traits.len() >= MAX_TRAITS && !category.traits.contains_key(&key) {
        return Err(rule("A category can have at most 100 traits."));
    }
    let kept = category.traits.entry(key);
    kept.or_insert_with(|| (name, BTreeSet::new()))
        .1
        .extend(customers);
    Ok(Reply::json(200, &json!({})))
}

/// `DELETE /v2/customer_traits/trait/`, with a body.
pub(crate) fn delete(ledger: &mut Ledger, request: &Request) -> Result<Reply, Reply> {
    let (category, name, customers) = read(ledger, request)?;
    let category = ledger.traits.0.get_mut(&category.to_lowercase());
    let category = category.ok_or_else(not_found)?;
    let key = name.to_lowercase();
    let (_, known) = category.traits.get_mut(&key).ok_or_else(not_found)?;
    for customer in &customers {
        known.remove(customer);
    }
    if known.is_empty() {
        category.traits.remove(&key);
    }
    Ok(Reply::json(200, &json!({})))
}

/// `DELETE /v2/customer_traits/category/`, with a body: gone from every customer.
pub(crate) fn delete_category(ledger: &mut Ledger, request: &Request) -> Result<Reply, Reply> {
    let mut fields = Fields::of_body(request)?;
    let category = fields.text("category", MAX_TEXT);
    fields.check()?;
    let removed = category.and_then(|name| ledger.traits.0.remove(&name.to_lowercase()));
    removed
        .map(|_| Reply::json(200, &json!({})))
        .ok_or_else(not_found)
}
