//! Customers that share a record, added up: what the Account of several ProfitWell customers is
//! given. The order they come in decides nothing.
//!
//! A figure is known when every member's is: a customer whose amount is not known never counts as
//! zero. Amounts of several currencies are not added up ([`several_currencies`]).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use drawbridge_model::{Currency, Customer, CustomerBundle, Derived, Money, Reason, Value};
use jiff::Timestamp;

/// The customer with its members added up in it. Without members it stands for itself alone.
pub fn together(bundle: &CustomerBundle, mut members: Vec<Customer>) -> CustomerBundle {
    if members.is_empty() {
        members.push(bundle.customer.clone());
    }
    members.sort_by(|a, b| a.id.cmp(&b.id));
    members.dedup_by(|a, b| a.id == b.id);
    let of = |it: fn(&Customer) -> &Option<String>| agreed(&members, it);
    let customer = Customer {
        name: of(|it| &it.name),
        email: of(|it| &it.email),
        first_name: of(|it| &it.first_name),
        last_name: of(|it| &it.last_name),
        mrr: sum(&members, |it| it.mrr),
        total_spend: sum(&members, |it| it.total_spend),
        plans: plans(&members),
        status: status(&members),
        created_at: created(&members),
        activated_at: activated(&members),
        churned_at: match churned(&members) {
            Derived::Known(Value::Moment(at)) => Some(at),
            _ => None,
        },
        updated_at: members.iter().filter_map(|it| it.updated_at).max(),
        ..bundle.customer.clone()
    };
    CustomerBundle {
        customer,
        members,
        ..bundle.clone()
    }
}

/// Why the members cannot be added up, where their amounts are in several currencies.
pub fn several_currencies(members: &[Customer]) -> Option<Reason> {
    let currencies: BTreeSet<Currency> = members
        .iter()
        .flat_map(|it| [it.mrr, it.total_spend])
        .flatten()
        .map(|money| money.currency)
        .collect();
    (currencies.len() > 1).then(|| Reason::SeveralCurrencies {
        currencies: currencies.into_iter().collect(),
    })
}

/// The sum of an amount; `None` where one is not known, or of another currency.
pub fn sum(members: &[Customer], amount: fn(&Customer) -> Option<Money>) -> Option<Money> {
    let mut amounts = members.iter().map(amount);
    let first = amounts.next()??;
    amounts.try_fold(first, |sum, next| {
        let next = next.filter(|next| next.currency == sum.currency)?;
        Some(Money {
            amount: sum.amount.checked_add(next.amount)?,
            ..sum
        })
    })
}

/// The names of all plans, each once, in alphabetical order.
pub fn plans(members: &[Customer]) -> Option<Vec<String>> {
    let mut all = BTreeSet::new();
    for member in members {
        all.extend(member.plans.as_ref()?.iter().cloned());
    }
    Some(all.into_iter().collect())
}

/// The status word that speaks for all: of the one that goes on longest. Active comes before
/// trialing, that before cancelled (which still pays until its time is over), all of them before
/// the words for churned, of which the latest counts. Where a member's is not known, only active is
/// certain.
pub fn status(members: &[Customer]) -> Option<String> {
    let speaks = members
        .iter()
        .filter_map(|it| {
            let word = word(it)?;
            let standing = Standing::of(word);
            let churned = it.churned_at.filter(|_| standing == Standing::Churned);
            Some((standing, Reverse(churned), word))
        })
        .min()?;
    let certain = speaks.0 == Standing::Active || members.iter().all(|it| word(it).is_some());
    certain.then(|| speaks.2.to_owned())
}

/// The earliest creation; not known where one is not.
pub fn created(members: &[Customer]) -> Option<Timestamp> {
    let all: Option<Vec<Timestamp>> = members.iter().map(|it| it.created_at).collect();
    all?.into_iter().min()
}

/// The earliest activation known. Who never paid has none.
pub fn activated(members: &[Customer]) -> Option<Timestamp> {
    members.iter().filter_map(|it| it.activated_at).min()
}

/// The latest churn once all churned; blank while one goes on. Who has no history counts neither way.
pub fn churned(members: &[Customer]) -> Derived {
    let standings: Vec<Option<Standing>> = members
        .iter()
        .map(|it| word(it).map(Standing::of))
        .collect();
    let is = |wanted: &[Standing]| {
        let mut known = standings.iter().flatten();
        known.any(|it| wanted.contains(it))
    };
    if is(&[Standing::Active, Standing::Trialing, Standing::Cancelled]) {
        return Derived::Known(Value::Blank);
    }
    if standings.contains(&None) || is(&[Standing::Other]) {
        return Derived::NotKnown;
    }
    let churns: Option<Vec<Timestamp>> = members
        .iter()
        .zip(&standings)
        .filter(|(_, standing)| **standing == Some(Standing::Churned))
        .map(|(member, _)| member.churned_at)
        .collect();
    Derived::known_if(
        churns
            .and_then(|it| it.into_iter().max())
            .map(Value::Moment),
    )
}

/// The ids of all, joined with semicolons.
pub fn ids(members: &[Customer]) -> String {
    let mut ids: Vec<&str> = members.iter().map(|it| it.id.as_str()).collect();
    ids.sort_unstable();
    ids.join("; ")
}

/// Where a customer stands, the one that goes on longest first (facts/profitwell.md §2.8, §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Active,
    Trialing,
    Cancelled,
    /// A word this version does not know.
    Other,
    Churned,
    NoHistory,
}

impl Standing {
    fn of(word: &str) -> Self {
        match word {
            "active" => Self::Active,
            "trialing" => Self::Trialing,
            "cancelled" => Self::Cancelled,
            "no_history" => Self::NoHistory,
            word if word.starts_with("churned") => Self::Churned,
            _ => Self::Other,
        }
    }
}

fn word(customer: &Customer) -> Option<&str> {
    let word = customer.status.as_deref()?.trim();
    (!word.is_empty()).then_some(word)
}

/// What all members have alike.
fn agreed(members: &[Customer], of: fn(&Customer) -> &Option<String>) -> Option<String> {
    let mut all = members.iter().map(of);
    let first = all.next()?;
    all.all(|it| it == first).then(|| first.clone())?
}
