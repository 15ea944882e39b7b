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
    Address, Customer, CustomerContact, Derived, Pack, RevenueStatus, Subscription,
    SubscriptionStatus, Value as FieldValue,
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
    values: BTreeMap<&'static str, Option<Value>>,
    ledger: Arc<Ledger>,
}

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let value = self.values.get(key.as_str()?)?;
        Some(value.clone().unwrap_or_else(|| self.ledger.open()))
    }
}

/// The whole context for one customer; groups the text does not mention are left out.
pub(super) fn context(text: &str, pack: Pack, facts: &Facts<'_>, ledger: &Arc<Ledger>) -> Value {
    let group = |values: Vec<(&'static str, Option<Value>)>| {
        Value::from_object(Names {
            values: values.into_iter().collect(),
            ledger: Arc::clone(ledger),
        })
    };
    let mut roots = Vec::new();
    if text.contains("customer") {
        let mut values = customer(facts.customer, facts.mask_emails);
        let absent = Address::default();
        let at = facts.customer.billing_address.as_ref().unwrap_or(&absent);
        values.push(("address", Some(group(address(at)))));
        let people = facts.customer.contacts.iter();
        let people: Vec<Value> = people
            .map(|it| group(contact(Some(it), facts.mask_emails)))
            .collect();
        values.push(("contacts", Some(Value::from(people))));
        let first = facts.customer.contacts.iter().find(|it| it.is_primary);
        let first = first.or(facts.customer.contacts.first());
        values.push(("contact", Some(group(contact(first, facts.mask_emails)))));
        roots.push(("customer", Some(group(values))));
    }
    if text.contains("subscription") {
        roots.push((
            "subscription",
            Some(group(subscription(facts.subscription))),
        ));
    }
    if text.contains("pack") {
        let mut groups: BTreeMap<&'static str, Vec<(&'static str, Option<Value>)>> =
            BTreeMap::new();
        for derivation in pack::derivations(pack) {
            if let Some((first, rest)) = derivation.name.split_once('.') {
                let value = known((derivation.derive)(facts));
                groups.entry(first).or_default().push((rest, value));
            }
        }
        let groups = groups
            .into_iter()
            .map(|(name, values)| (name, Some(group(values))));
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

fn customer(it: &Customer, mask: bool) -> Vec<(&'static str, Option<Value>)> {
    let active = matches!(it.status.as_deref(), Some("active" | "trialing"));
    vec![
        ("id", text(Some(&it.id))),
        ("name", word(it.name.as_ref())),
        ("email", masked(it.email.as_ref(), mask)),
        ("first_name", word(it.first_name.as_ref())),
        ("last_name", word(it.last_name.as_ref())),
        ("currency", text(it.currency)),
        ("aliases", Some(list(&it.aliases))),
        ("tax_rate", text(it.tax_rate)),
        ("status", word(it.status.as_ref())),
        ("plans", it.plans.as_deref().map(list)),
        ("mrr", text(it.mrr.map(|money| money.amount))),
        (
            "total_spend",
            text(it.total_spend.map(|money| money.amount)),
        ),
        ("created_at", text(it.created_at)),
        ("activated_at", text(it.activated_at)),
        // An active customer is stated not to have churned.
        (
            "churned_at",
            text(it.churned_at).or(active.then(|| Value::from(""))),
        ),
        ("updated_at", text(it.updated_at)),
    ]
}

fn address(it: &Address) -> Vec<(&'static str, Option<Value>)> {
    vec![
        ("line1", word(it.line1.as_ref())),
        ("line2", word(it.line2.as_ref())),
        ("city", word(it.city.as_ref())),
        ("state", word(it.state.as_ref())),
        ("postal_code", word(it.postal_code.as_ref())),
        ("country", word(it.country.as_ref())),
    ]
}

fn contact(it: Option<&CustomerContact>, mask: bool) -> Vec<(&'static str, Option<Value>)> {
    vec![
        ("id", text(it.map(|it| &it.id))),
        ("email", masked(it.and_then(|it| it.email.as_ref()), mask)),
        ("first_name", word(it.and_then(|it| it.first_name.as_ref()))),
        ("last_name", word(it.and_then(|it| it.last_name.as_ref()))),
        ("is_primary", it.map(|it| Value::from(it.is_primary))),
    ]
}

fn subscription(it: Option<&Subscription>) -> Vec<(&'static str, Option<Value>)> {
    let revenue = it.and_then(|it| it.revenue);
    // A figure the source does not vouch for is not known.
    let revenue = revenue.filter(|revenue| revenue.status == RevenueStatus::Complete);
    let runs = it.is_some_and(|it| it.status != SubscriptionStatus::Ended);
    let renews = it
        .and_then(|it| it.renews_on)
        .map(|day| text(day).unwrap_or_else(|| "".into()));
    vec![
        ("id", text(it.map(|it| &it.id))),
        ("name", word(it.map(|it| &it.name))),
        ("plan", word(it.and_then(|it| it.plan.as_ref()))),
        ("status", it.map(|it| Value::from(speaks::word(&it.status)))),
        ("currency", text(it.map(|it| it.currency))),
        (
            "interval",
            it.and_then(|it| it.interval).map(|it| it.word().into()),
        ),
        ("mrr", text(revenue.map(|it| it.mrr.amount))),
        ("arr", text(revenue.map(|it| it.arr.amount))),
        ("started_at", text(it.and_then(|it| it.started_at))),
        ("renews_on", renews),
        // One that runs is stated not to have ended.
        (
            "ended_at",
            if runs {
                Some("".into())
            } else {
                text(it.and_then(|it| it.ended_at))
            },
        ),
        ("created_at", text(it.and_then(|it| it.created_at))),
        ("updated_at", text(it.and_then(|it| it.updated_at))),
    ]
}

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
    let nobody = Customer::new("".into());
    let under = |prefix: &str, values: &[(&'static str, Option<Value>)]| -> Vec<String> {
        values
            .iter()
            .map(|(name, _)| format!("{prefix}.{name}"))
            .collect()
    };
    let derived = pack::derivations(pack)
        .iter()
        .map(|it| format!("pack.{}", it.name));
    [
        under("customer", &customer(&nobody, false)),
        under("customer.address", &address(&Address::default())),
        under("customer.contact", &contact(None, false)),
        vec!["customer.contacts".to_owned()],
        under("subscription", &subscription(None)),
        derived.collect(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
