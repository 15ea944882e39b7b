//! What an expression sees: `customer`, `subscription` (the one that speaks) and `pack` (every
//! derivation by its name).
//!
//! A value the source did not state is *not known*. Looking it up is written down, and makes the
//! whole expression not known, unless the expression itself says what then stands: by `default`,
//! or by asking `is known`. So an expression never writes a blank the source did not state.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use drawbridge_model::{
    Address, CustomerContact, Derived, Interval, Pack, Revenue, RevenueStatus, SubscriptionStatus,
    Value as FieldValue,
};
use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};

use crate::pack::{self, Facts};
use crate::speaks;

/// The lookups of not-known values an expression has not answered for.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Lookups>);

#[derive(Debug, Default)]
struct Lookups {
    next: u64,
    open: BTreeSet<u64>,
}

impl Ledger {
    fn lookups(&self) -> MutexGuard<'_, Lookups> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(self: &Arc<Self>) -> Value {
        let mut lookups = self.lookups();
        lookups.next += 1;
        let number = lookups.next;
        lookups.open.insert(number);
        Value::from_object(NotKnown {
            number,
            ledger: Arc::clone(self),
        })
    }

    /// Whether a not-known value was used.
    pub(super) fn any_open(&self) -> bool {
        !self.lookups().open.is_empty()
    }
}

/// A value the source did not state: blank and false to look at.
#[derive(Debug)]
pub(super) struct NotKnown {
    number: u64,
    ledger: Arc<Ledger>,
}

impl NotKnown {
    /// The expression says itself what stands in its place.
    pub(super) fn answered(&self) {
        self.ledger.lookups().open.remove(&self.number);
    }

    /// It is used after all.
    pub(super) fn used(&self) {
        self.ledger.lookups().open.insert(self.number);
    }
}

impl Object for NotKnown {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// A group of names, with what stands under each; `None` is not known.
#[derive(Debug)]
struct Names {
    values: Vec<(&'static str, Option<Value>)>,
    ledger: Arc<Ledger>,
}

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let (_, value) = self.values.iter().find(|(name, _)| *name == key)?;
        Some(value.clone().unwrap_or_else(|| self.ledger.open()))
    }
}

/// The context for one customer. Only what the text mentions is computed: a name it does not
/// mention cannot be looked up, because names are never put together while rendering.
pub(super) fn context(text: &str, pack: Pack, facts: &Facts<'_>, ledger: &Arc<Ledger>) -> Value {
    let group = |values: Vec<(&'static str, Option<Value>)>| {
        Value::from_object(Names {
            values,
            ledger: Arc::clone(ledger),
        })
    };
    let read = |table: &[Name]| -> Vec<(&'static str, Option<Value>)> {
        let mentioned = table.iter().filter(|(name, _)| text.contains(name));
        mentioned.map(|(name, read)| (*name, read(facts))).collect()
    };
    let contact = |it: Option<&CustomerContact>| group(contact(it, facts.mask_emails));
    let mut roots = Vec::new();
    if text.contains("customer") {
        let mut values = read(CUSTOMER);
        if text.contains("address") {
            values.push(("address", Some(group(read(ADDRESS)))));
        }
        if text.contains("contact") {
            let people = &facts.customer.contacts;
            let all: Vec<Value> = people.iter().map(|it| contact(Some(it))).collect();
            values.push(("contacts", Some(Value::from(all))));
            let first = people.iter().find(|it| it.is_primary).or(people.first());
            values.push(("contact", Some(contact(first))));
        }
        roots.push(("customer", Some(group(values))));
    }
    if text.contains("subscription") {
        roots.push(("subscription", Some(group(read(SUBSCRIPTION)))));
    }
    if text.contains("pack") {
        let mut groups: BTreeMap<&'static str, Vec<_>> = BTreeMap::new();
        for derivation in pack::derivations(pack) {
            if let Some((first, rest)) = derivation.name.split_once('.')
                && text.contains(rest)
            {
                let value = known((derivation.derive)(facts));
                groups.entry(first).or_default().push((rest, value));
            }
        }
        let groups = groups.into_iter();
        let groups = groups.map(|(name, values)| (name, Some(group(values))));
        roots.push(("pack", Some(group(groups.collect()))));
    }
    group(roots)
}

fn known(derived: Derived) -> Option<Value> {
    match derived {
        Derived::NotKnown => None,
        Derived::Known(FieldValue::Blank) => Some(Value::from("")),
        Derived::Known(FieldValue::Flag(flag)) => Some(Value::from(flag)),
        // Figures as their exact text: minijinja's own numbers would go through binary fractions.
        Derived::Known(other) => Some(Value::from(other.to_string())),
    }
}

fn text<T: Display>(value: Option<T>) -> Option<Value> {
    value.map(|it| Value::from(it.to_string()))
}

/// A text a source leaves empty says nothing.
fn word(value: Option<&String>) -> Option<Value> {
    value
        .filter(|it| !it.trim().is_empty())
        .map(|it| Value::from(it.as_str()))
}

fn list(texts: &[String]) -> Value {
    Value::from(
        texts
            .iter()
            .map(|it| Value::from(it.as_str()))
            .collect::<Vec<_>>(),
    )
}

fn masked(address: Option<&String>, mask: bool) -> Option<Value> {
    let address = address.map(|it| it.trim()).filter(|it| !it.is_empty())?;
    Some(Value::from(if mask {
        format!("{address}.invalid")
    } else {
        address.to_owned()
    }))
}

/// A name and how its value is read; `None` is not known.
type Name = (&'static str, fn(&Facts<'_>) -> Option<Value>);

const CUSTOMER: &[Name] = &[
    ("id", |it| text(Some(&it.customer.id))),
    ("name", |it| word(it.customer.name.as_ref())),
    ("email", |it| {
        masked(it.customer.email.as_ref(), it.mask_emails)
    }),
    ("first_name", |it| word(it.customer.first_name.as_ref())),
    ("last_name", |it| word(it.customer.last_name.as_ref())),
    ("currency", |it| text(it.customer.currency)),
    ("aliases", |it| Some(list(&it.customer.aliases))),
    ("tax_rate", |it| text(it.customer.tax_rate)),
    ("status", |it| word(it.customer.status.as_ref())),
    ("plans", |it| it.customer.plans.as_deref().map(list)),
    ("mrr", |it| text(it.customer.mrr.map(|it| it.amount))),
    ("total_spend", |it| {
        text(it.customer.total_spend.map(|it| it.amount))
    }),
    ("created_at", |it| text(it.customer.created_at)),
    ("activated_at", |it| text(it.customer.activated_at)),
    ("churned_at", |it| {
        // An active customer is stated not to have churned.
        let active = matches!(it.customer.status.as_deref(), Some("active" | "trialing"));
        text(it.customer.churned_at).or(active.then(|| Value::from("")))
    }),
    ("updated_at", |it| text(it.customer.updated_at)),
];

fn address<'a>(facts: &Facts<'a>) -> Option<&'a Address> {
    facts.customer.billing_address.as_ref()
}

const ADDRESS: &[Name] = &[
    ("line1", |it| word(address(it)?.line1.as_ref())),
    ("line2", |it| word(address(it)?.line2.as_ref())),
    ("city", |it| word(address(it)?.city.as_ref())),
    ("state", |it| word(address(it)?.state.as_ref())),
    ("postal_code", |it| word(address(it)?.postal_code.as_ref())),
    ("country", |it| word(address(it)?.country.as_ref())),
];

fn contact(it: Option<&CustomerContact>, mask: bool) -> Vec<(&'static str, Option<Value>)> {
    vec![
        ("id", text(it.map(|it| &it.id))),
        ("email", masked(it.and_then(|it| it.email.as_ref()), mask)),
        ("first_name", word(it.and_then(|it| it.first_name.as_ref()))),
        ("last_name", word(it.and_then(|it| it.last_name.as_ref()))),
        ("is_primary", it.map(|it| Value::from(it.is_primary))),
    ]
}

/// Only figures the source vouches for.
fn revenue(facts: &Facts<'_>) -> Option<Revenue> {
    let revenue = facts.subscription?.revenue?;
    (revenue.status == RevenueStatus::Complete).then_some(revenue)
}

const SUBSCRIPTION: &[Name] = &[
    ("id", |it| text(it.subscription.map(|it| &it.id))),
    ("name", |it| word(it.subscription.map(|it| &it.name))),
    ("plan", |it| word(it.subscription?.plan.as_ref())),
    ("status", |it| {
        text(it.subscription.map(|it| speaks::word(&it.status)))
    }),
    ("currency", |it| text(it.subscription.map(|it| it.currency))),
    ("interval", |it| {
        text(it.subscription?.interval.map(Interval::word))
    }),
    ("mrr", |it| text(revenue(it).map(|it| it.mrr.amount))),
    ("arr", |it| text(revenue(it).map(|it| it.arr.amount))),
    ("started_at", |it| text(it.subscription?.started_at)),
    ("renews_on", |it| {
        let stated = it.subscription?.renews_on?;
        Some(text(stated).unwrap_or_else(|| Value::from("")))
    }),
    ("ended_at", |it| {
        // One that runs is stated not to have ended.
        let subscription = it.subscription?;
        if subscription.status == SubscriptionStatus::Ended {
            text(subscription.ended_at)
        } else {
            Some(Value::from(""))
        }
    }),
    ("created_at", |it| text(it.subscription?.created_at)),
    ("updated_at", |it| text(it.subscription?.updated_at)),
];

/// Every name an expression may use with a pack, in full, such as `customer.address.city`; in
/// alphabetical order.
pub fn known_names(pack: Pack) -> &'static BTreeSet<String> {
    static ALGUNA: LazyLock<BTreeSet<String>> = LazyLock::new(|| collect(Pack::Alguna));
    static PROFITWELL: LazyLock<BTreeSet<String>> = LazyLock::new(|| collect(Pack::Profitwell));
    match pack {
        Pack::Alguna => &ALGUNA,
        Pack::Profitwell => &PROFITWELL,
    }
}

fn collect(pack: Pack) -> BTreeSet<String> {
    let under = |prefix: &'static str, table: &'static [Name]| {
        table
            .iter()
            .map(move |(name, _)| format!("{prefix}.{name}"))
    };
    let contact = contact(None, false).into_iter();
    under("customer", CUSTOMER)
        .chain(under("customer.address", ADDRESS))
        .chain(contact.map(|(name, _)| format!("customer.contact.{name}")))
        .chain(["customer.contacts".to_owned()])
        .chain(under("subscription", SUBSCRIPTION))
        .chain(
            pack::derivations(pack)
                .iter()
                .map(|it| format!("pack.{}", it.name)),
        )
        .collect()
}
