//! Making, changing and ending subscriptions (facts/profitwell.md §2.2-§2.5).

use jiff::Timestamp;

use super::answer::{not_found, rule};
use super::fields::Fields;
use super::ledger::{Ledger, Who};
use super::manual::{Churn, Event, Subscription, User};
use crate::reply::{Reply, Request};

/// Longest alias, plan id and customer id, in characters.
const MAX_ALIAS: usize = 36;
pub(crate) const MAX_PLAN: usize = 48;
/// Longest text of an e-mail address.
pub(crate) const MAX_EMAIL: usize = 254;
/// Largest price, in cents.
const MAX_VALUE: i64 = 999_999_999_999;
/// 9999-12-30, the last moment dates reach everywhere.
const MAX_DATE: i64 = 253_402_128_000;

/// The currencies of facts/profitwell.md §2.10.
#[rustfmt::skip]
const CURRENCIES: [&str; 160] = [
    "aed", "afn", "all", "amd", "ang", "aoa", "ars", "aud", "awg", "azn", "bam", "bbd", "bdt", "bgn", "bhd", "bif",
    "bmd", "bnd", "bob", "brl", "bsd", "btc", "btn", "bwp", "bzd", "cad", "cdf", "chf", "clf", "clp", "cny", "cop",
    "crc", "cup", "cve", "czk", "djf", "dkk", "dop", "dzd", "egp", "ern", "etb", "eur", "fjd", "fkp", "gbp", "gel",
    "ghs", "gip", "gmd", "gnf", "gtq", "gyd", "hkd", "hnl", "hrk", "htg", "huf", "idr", "ils", "inr", "iqd", "irr",
    "isk", "jep", "jmd", "jod", "jpy", "kes", "kgs", "khr", "kmf", "kpw", "krw", "kwd", "kyd", "kzt", "lak", "lbp",
    "lkr", "lrd", "lsl", "lyd", "mad", "mdl", "mga", "mkd", "mmk", "mnt", "mop", "mro", "mur", "mvr", "mwk", "mxn",
    "myr", "mzn", "nad", "ngn", "nio", "nok", "npr", "nzd", "omr", "pab", "pen", "pgk", "php", "pkr", "pln", "pyg",
    "qar", "ron", "rsd", "rub", "rwf", "sar", "sbd", "scr", "sdg", "sek", "sgd", "shp", "sll", "sos", "srd", "std",
    "svc", "syp", "szl", "thb", "tjs", "tmt", "tnd", "top", "try", "ttd", "twd", "tzs", "uah", "ugx", "usd", "uyu",
    "uzs", "vef", "vnd", "vuv", "wst", "xaf", "xag", "xau", "xcd", "xdr", "xof", "xpf", "yer", "zar", "zmw", "zwl",
];

const INTERVALS: [&str; 2] = ["month", "year"];

/// What a create and an update have in common.
fn event(fields: &mut Fields, statuses: &[&'static str]) -> Option<Event> {
    let plan_id = fields.text("plan_id", MAX_PLAN);
    let interval = fields.choice("plan_interval", &INTERVALS, None);
    let status = fields.choice("status", statuses, Some("active"));
    let value = fields.whole("value", MAX_VALUE);
    let effective = fields.whole("effective_date", MAX_DATE);
    Some(Event {
        plan_id: plan_id?,
        yearly: interval? == "year",
        value: value?,
        trialing: status? == "trialing",
        effective: effective?,
    })
}

/// `POST /v2/subscriptions/`.
pub(crate) fn create(
    ledger: &mut Ledger,
    request: &Request,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let mut fields = Fields::of_body(request)?;
    let user_id = fields.optional_text("user_id", MAX_ALIAS);
    let user_alias = fields.optional_text("user_alias", MAX_ALIAS);
    let alias = fields.optional_text("subscription_alias", MAX_ALIAS);
    let email = fields.text("email", MAX_EMAIL);
    let currency = fields.choice("plan_currency", &CURRENCIES, Some("usd"));
    let provider_user = fields.optional_text("data_provider_user_id", MAX_EMAIL);
    let event = event(&mut fields, &["active", "trialing"]);
    fields.check()?;
    let (Some(email), Some(currency), Some(event)) = (email, currency, event) else {
        return Err(rule("Invalid data."));
    };
    if event.trialing && event.value != 0 {
        return Err(rule("A trialing subscription must have a value of 0."));
    }
    if alias
        .as_deref()
        .is_some_and(|alias| ledger.alias_taken(alias))
    {
        return Err(rule("Subscription with this alias already exists."));
    }
    let by_alias = user_alias
        .as_deref()
        .and_then(|alias| ledger.find_user(alias));
    let known = match user_id.as_deref() {
        None => by_alias,
        Some(id) => {
            let Some(Who::Manual(place)) = ledger.customer(id) else {
                return Err(rule("User with this id does not exist."));
            };
            if by_alias.is_some_and(|other| other != place) {
                return Err(rule("User with this alias already exists."));
            }
            Some(place)
        }
    };
    let subscription = Subscription {
        id: ledger.new_id("pws_"),
        alias,
        currency,
        provider_user,
        events: vec![event.clone()],
        churn: None,
    };
    let user = if let Some(place) = known {
        ledger.touch(Who::Manual(place), now);
        place
    } else {
        let id = ledger.new_id("pwu_");
        ledger.add_user(User {
            id,
            alias: user_alias,
            email: Some(email),
            updated: now,
            excluded: false,
            subscriptions: Vec::new(),
        })
    };
    let place = ledger.user_mut(user).map(|user| {
        user.subscriptions.push(subscription);
        user.subscriptions.len() - 1
    });
    let place = place.ok_or_else(not_found)?;
    ledger.index_subscription(user, place);
    name_plan(ledger, &event.plan_id);
    let answer = ledger
        .user(user)
        .and_then(|user| Some(user.subscriptions.get(place)?.shape(user, &event)));
    answer
        .map(|shape| Reply::json(201, &shape))
        .ok_or_else(not_found)
}

/// A plan id used for the first time is a plan from then on.
fn name_plan(ledger: &mut Ledger, id: &str) {
    if !ledger.plans.contains_key(id) {
        ledger.plans.insert(id.to_owned(), id.to_owned());
    }
}

/// `PUT /v2/subscriptions/{id or alias}/`: another plan or price from a day on.
pub(crate) fn update(
    ledger: &mut Ledger,
    handle: &str,
    request: &Request,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let at = ledger.find_subscription(handle).ok_or_else(not_found)?;
    let mut fields = Fields::of_body(request)?;
    let event = event(&mut fields, &["active"]);
    fields.check()?;
    let event = event.ok_or_else(|| rule("Invalid data."))?;
    let shape = change(ledger, at, now, |subscription| {
        if subscription
            .churn
            .is_some_and(|churn| event.effective >= churn.effective)
        {
            return Err(rule(
                "The effective date must be before the subscription churns.",
            ));
        }
        let first = subscription.events.first().map(|first| first.effective);
        if first.is_some_and(|first| event.effective < first) {
            return Err(rule(
                "The effective date must not be before the subscription starts.",
            ));
        }
        let events = &mut subscription.events;
        let place = events.partition_point(|known| known.effective < event.effective);
        match events
            .get_mut(place)
            .filter(|known| known.effective == event.effective)
        {
            Some(same) => *same = event.clone(),
            None => events.insert(place, event.clone()),
        }
        Ok(())
    })?;
    name_plan(ledger, &event.plan_id);
    let (user, place) = shape;
    let answer = ledger
        .user(user)
        .and_then(|user| Some(user.subscriptions.get(place)?.shape(user, &event)));
    answer
        .map(|shape| Reply::json(200, &shape))
        .ok_or_else(not_found)
}

/// `DELETE /v2/subscriptions/{id or alias}/?effective_date=&churn_type=`.
pub(crate) fn churn(
    ledger: &mut Ledger,
    handle: &str,
    request: &Request,
    now: Timestamp,
) -> Result<Reply, Reply> {
    let at = ledger.find_subscription(handle).ok_or_else(not_found)?;
    let mut fields = Fields::of_query(request);
    let effective = fields.whole("effective_date", MAX_DATE);
    let word = fields.choice(
        "churn_type",
        &["voluntary", "delinquent"],
        Some("voluntary"),
    );
    fields.check()?;
    let (Some(effective), Some(word)) = (effective, word) else {
        return Err(rule("Invalid data."));
    };
    let churn = Churn {
        effective,
        delinquent: word == "delinquent",
    };
    let (user, place) = change(ledger, at, now, |subscription| {
        if subscription.churn.is_some() {
            return Err(rule("Subscription is already scheduled to churn."));
        }
        let last = subscription.events.last().map(|last| last.effective);
        if last.is_some_and(|last| effective < last) {
            return Err(rule("The churn date must not be before the latest update."));
        }
        subscription.churn = Some(churn);
        Ok(())
    })?;
    let answer = ledger
        .user(user)
        .and_then(|user| Some(user.subscriptions.get(place)?.churn_shape(user, churn)));
    answer
        .map(|shape| Reply::json(200, &shape))
        .ok_or_else(not_found)
}

/// `PUT /v2/unchurn/{id or alias}/`: as if the churn had never been. The body is not looked at.
pub(crate) fn unchurn(ledger: &mut Ledger, handle: &str, now: Timestamp) -> Result<Reply, Reply> {
    let at = ledger.find_subscription(handle).ok_or_else(not_found)?;
    change(ledger, at, now, |subscription| {
        let churn = subscription.churn.take();
        churn
            .map(|_| ())
            .ok_or_else(|| rule("Subscription was not churned in the first place."))
    })?;
    Ok(Reply::empty(200))
}

/// Changes a subscription, and with it the last change of its user; nothing happens on an error.
fn change(
    ledger: &mut Ledger,
    (user, place): (usize, usize),
    now: Timestamp,
    change: impl FnOnce(&mut Subscription) -> Result<(), Reply>,
) -> Result<(usize, usize), Reply> {
    let subscription = ledger
        .user_mut(user)
        .and_then(|user| user.subscriptions.get_mut(place))
        .ok_or_else(not_found)?;
    change(subscription)?;
    ledger.touch(Who::Manual(user), now);
    Ok((user, place))
}
