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
        let mentioned = table.iter().filter(|(name, ..)| text.contains(name));
        mentioned
            .map(|(name, _, read)| (*name, read(facts)))
            .collect()
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

/// A name, one line on what it is, and how its value is read; `None` is not known.
type Name = (&'static str, &'static str, fn(&Facts<'_>) -> Option<Value>);

const CUSTOMER: &[Name] = &[
    ("id", "The customer's id.", |it| text(Some(&it.customer.id))),
    ("name", "The customer's name.", |it| {
        word(it.customer.name.as_ref())
    }),
    (
        "email",
        "The customer's e-mail address; masked where the sync masks addresses.",
        |it| masked(it.customer.email.as_ref(), it.mask_emails),
    ),
    ("first_name", "The customer's first name.", |it| {
        word(it.customer.first_name.as_ref())
    }),
    ("last_name", "The customer's last name.", |it| {
        word(it.customer.last_name.as_ref())
    }),
    ("currency", "The customer's currency, as USD.", |it| {
        text(it.customer.currency)
    }),
    (
        "aliases",
        "List: the ids other systems have for the customer.",
        |it| Some(list(&it.customer.aliases)),
    ),
    (
        "tax_rate",
        "The tax rate as a fraction: 0.0725 is 7.25%.",
        |it| text(it.customer.tax_rate),
    ),
    (
        "status",
        "The customer's status word, as the source has it.",
        |it| word(it.customer.status.as_ref()),
    ),
    ("plans", "List: the names of the customer's plans.", |it| {
        it.customer.plans.as_deref().map(list)
    }),
    ("mrr", "The customer's monthly recurring revenue.", |it| {
        text(it.customer.mrr.map(|it| it.amount))
    }),
    ("total_spend", "Everything the customer ever paid.", |it| {
        text(it.customer.total_spend.map(|it| it.amount))
    }),
    ("created_at", "When the customer was created.", |it| {
        text(it.customer.created_at)
    }),
    ("activated_at", "When the customer first paid.", |it| {
        text(it.customer.activated_at)
    }),
    (
        "churned_at",
        "When the customer churned; blank while it is active.",
        |it| {
            // An active customer is stated not to have churned.
            let active = matches!(it.customer.status.as_deref(), Some("active" | "trialing"));
            text(it.customer.churned_at).or(active.then(|| Value::from("")))
        },
    ),
    (
        "updated_at",
        "When the customer last changed in the source.",
        |it| text(it.customer.updated_at),
    ),
];

fn address<'a>(facts: &Facts<'a>) -> Option<&'a Address> {
    facts.customer.billing_address.as_ref()
}

const ADDRESS: &[Name] = &[
    ("line1", "First line of the billing address.", |it| {
        word(address(it)?.line1.as_ref())
    }),
    ("line2", "Second line of the billing address.", |it| {
        word(address(it)?.line2.as_ref())
    }),
    ("city", "City of the billing address.", |it| {
        word(address(it)?.city.as_ref())
    }),
    ("state", "State or province of the billing address.", |it| {
        word(address(it)?.state.as_ref())
    }),
    ("postal_code", "Postal code of the billing address.", |it| {
        word(address(it)?.postal_code.as_ref())
    }),
    (
        "country",
        "Country of the billing address, as the source writes it.",
        |it| word(address(it)?.country.as_ref()),
    ),
];

/// What stands under each name of a contact.
const CONTACT: &[(&str, &str)] = &[
    ("id", "The primary contact's id, else the first contact's."),
    (
        "email",
        "The contact's e-mail address; masked where the sync masks addresses.",
    ),
    ("first_name", "The contact's first name."),
    ("last_name", "The contact's last name."),
    ("is_primary", "Whether it is the primary contact."),
];

fn contact(it: Option<&CustomerContact>, mask: bool) -> Vec<(&'static str, Option<Value>)> {
    let value = |name: &str| match name {
        "id" => text(it.map(|it| &it.id)),
        "email" => masked(it.and_then(|it| it.email.as_ref()), mask),
        "first_name" => word(it.and_then(|it| it.first_name.as_ref())),
        "last_name" => word(it.and_then(|it| it.last_name.as_ref())),
        _ => it.map(|it| Value::from(it.is_primary)),
    };
    CONTACT
        .iter()
        .map(|(name, _)| (*name, value(name)))
        .collect()
}

/// Only figures the source vouches for.
fn revenue(facts: &Facts<'_>) -> Option<Revenue> {
    let revenue = facts.subscription?.revenue?;
    (revenue.status == RevenueStatus::Complete).then_some(revenue)
}

const SUBSCRIPTION: &[Name] = &[
    (
        "id",
        "Id of the subscription that speaks for the customer.",
        |it| text(it.subscription.map(|it| &it.id)),
    ),
    ("name", "Its name.", |it| {
        word(it.subscription.map(|it| &it.name))
    }),
    ("plan", "The name of its plan.", |it| {
        word(it.subscription?.plan.as_ref())
    }),
    ("status", "Its status, in words.", |it| {
        text(it.subscription.map(|it| speaks::word(&it.status)))
    }),
    ("currency", "Its currency, as USD.", |it| {
        text(it.subscription.map(|it| it.currency))
    }),
    ("interval", "How often it is billed, in words.", |it| {
        text(it.subscription?.interval.map(Interval::word))
    }),
    (
        "mrr",
        "Its monthly recurring revenue, where the source vouches for it.",
        |it| text(revenue(it).map(|it| it.mrr.amount)),
    ),
    (
        "arr",
        "Its annual recurring revenue, where the source vouches for it.",
        |it| text(revenue(it).map(|it| it.arr.amount)),
    ),
    ("started_at", "When it began.", |it| {
        text(it.subscription?.started_at)
    }),
    (
        "renews_on",
        "The day it renews; blank when it does not.",
        |it| {
            let stated = it.subscription?.renews_on?;
            Some(text(stated).unwrap_or_else(|| Value::from("")))
        },
    ),
    ("ended_at", "When it ended; blank while it runs.", |it| {
        // One that runs is stated not to have ended.
        let subscription = it.subscription?;
        if subscription.status == SubscriptionStatus::Ended {
            text(subscription.ended_at)
        } else {
            Some(Value::from(""))
        }
    }),
    ("created_at", "When it was created.", |it| {
        text(it.subscription?.created_at)
    }),
    ("updated_at", "When it last changed in the source.", |it| {
        text(it.subscription?.updated_at)
    }),
];

/// Every name an expression may use with a pack, in full, such as `customer.address.city`, with
/// one line on what it is; in alphabetical order.
pub fn known_names(pack: Pack) -> &'static BTreeMap<String, &'static str> {
    static ALGUNA: LazyLock<BTreeMap<String, &'static str>> =
        LazyLock::new(|| collect(Pack::Alguna));
    static PROFITWELL: LazyLock<BTreeMap<String, &'static str>> =
        LazyLock::new(|| collect(Pack::Profitwell));
    static PROFITWELL_ACCOUNT: LazyLock<BTreeMap<String, &'static str>> =
        LazyLock::new(|| collect(Pack::ProfitwellAccount));
    match pack {
        Pack::Alguna => &ALGUNA,
        Pack::Profitwell => &PROFITWELL,
        Pack::ProfitwellAccount => &PROFITWELL_ACCOUNT,
    }
}

fn collect(pack: Pack) -> BTreeMap<String, &'static str> {
    let under = |prefix: &'static str, table: &'static [Name]| {
        table
            .iter()
            .map(move |(name, explanation, _)| (format!("{prefix}.{name}"), *explanation))
    };
    let contact = CONTACT.iter();
    let values = pack::derivations(pack).iter();
    under("customer", CUSTOMER)
        .chain(under("customer.address", ADDRESS))
        .chain(contact.map(|(name, it)| (format!("customer.contact.{name}"), *it)))
        .chain([(
            "customer.contacts".to_owned(),
            "List: every contact of the customer.",
        )])
        .chain(under("subscription", SUBSCRIPTION))
        .chain(values.map(|it| (format!("pack.{}", it.name), it.explanation)))
        .collect()
}
