//! All the state of `ProfitWell`: a payment provider's customers, and users made through the API.

use std::borrow::Cow;
use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::life::{Life, Plans, of_book, of_row};
use super::manual::User;
use super::metrics::Lives;
use super::traits::Traits;
use crate::book::{Book, ProfitwellCustomer, profitwell};

/// The company's time zone: metrics count its days (facts/profitwell.md §2.9).
pub(crate) const TIME_ZONE: &str = "Europe/Madrid";

/// A customer of either kind, by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Provider(usize),
    Manual(usize),
}

/// A customer of the payment provider: to read, not to change.
#[derive(Debug)]
struct Provider {
    row: ProfitwellCustomer,
    life: Life,
    excluded: bool,
}

/// Everything known.
pub(crate) struct Ledger {
    providers: Vec<Provider>,
    /// Deleted users leave their place empty.
    users: Vec<Option<User>>,
    /// Every customer by its last change.
    order: Vec<(Timestamp, Who)>,
    customer_by_id: FxHashMap<String, Who>,
    user_by_alias: FxHashMap<String, usize>,
    /// Subscriptions by id and by alias: places of user and subscription.
    subscription_by_id: FxHashMap<String, (usize, usize)>,
    subscription_by_alias: FxHashMap<String, (usize, usize)>,
    /// Plans made through the API: names by id.
    pub(crate) plans: BTreeMap<String, String>,
    pub(crate) traits: Traits,
    plan_numbers: Plans,
    zone: TimeZone,
    random: Rng,
}

/// A stored moment, for order and comparison.
pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}

/// A moment as the customers list writes it: microseconds where there are any.
fn written(at: Timestamp) -> String {
    let micros = at.subsec_microsecond();
    if micros == 0 {
        at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        format!("{}.{micros:06}Z", at.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

fn seconds(at: i64) -> String {
    Timestamp::from_second(at).map(written).unwrap_or_default()
}

impl Ledger {
    pub(crate) fn new(book: &mut Book) -> Self {
        let mut plan_numbers = Plans::default();
        let provider = |(row, life)| Provider {
            row,
            life,
            excluded: false,
        };
        let providers: Vec<Provider> = if let Some(loaded) = book.profitwell.take() {
            let with_life = loaded.into_iter().map(|row| {
                let life = of_row(&row, &mut plan_numbers);
                (row, life)
            });
            with_life.map(provider).collect()
        } else {
            let with_life = book.owned().into_iter().map(|(customer, own)| {
                let row = profitwell(customer, &own);
                let life = of_book(&own, &row, &mut plan_numbers);
                (row, life)
            });
            with_life.map(provider).collect()
        };
        let mut order: Vec<(Timestamp, Who)> = providers
            .iter()
            .enumerate()
            .map(|(place, own)| (instant(&own.row.updated_on), Who::Provider(place)))
            .collect();
        let id = |who: Who| match who {
            Who::Provider(place) => providers[place].row.customer_id.as_str(),
            Who::Manual(_) => "",
        };
        order.sort_by(|a, b| (a.0, id(a.1)).cmp(&(b.0, id(b.1))));
        let customer_by_id = providers
            .iter()
            .enumerate()
            .map(|(place, own)| (own.row.customer_id.clone(), Who::Provider(place)))
            .collect();
        Self {
            providers,
            users: Vec::new(),
            order,
            customer_by_id,
            user_by_alias: FxHashMap::default(),
            subscription_by_id: FxHashMap::default(),
            subscription_by_alias: FxHashMap::default(),
            plans: BTreeMap::new(),
            traits: Traits::default(),
            plan_numbers,
            zone: TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC),
            random: Rng::with_seed(0x9072_F17E),
        }
    }

    /// Customers of both kinds.
    pub(crate) fn count(&self) -> usize {
        self.order.len()
    }

    /// Users made through the API.
    pub(crate) fn manual_count(&self) -> usize {
        self.users.iter().flatten().count()
    }

    /// Customers ordered by their last change.
    pub(crate) fn order(&self) -> &[(Timestamp, Who)] {
        &self.order
    }

    pub(crate) fn customer(&self, id: &str) -> Option<Who> {
        self.customer_by_id.get(id).copied()
    }

    pub(crate) fn email(&self, who: Who) -> Option<&str> {
        match who {
            Who::Provider(place) => self.providers.get(place)?.row.email.as_deref(),
            Who::Manual(place) => self.user(place)?.email.as_deref(),
        }
    }

    pub(crate) fn id(&self, who: Who) -> &str {
        match who {
            Who::Provider(place) => self.providers.get(place).map(|own| &own.row.customer_id),
            Who::Manual(place) => self.user(place).map(|user| &user.id),
        }
        .map_or("", String::as_str)
    }

    /// The 12 keys of a customer, as of `now`.
    pub(crate) fn row(&self, who: Who, now: Timestamp) -> Option<Cow<'_, ProfitwellCustomer>> {
        match who {
            Who::Provider(place) => self.providers.get(place).map(|own| Cow::Borrowed(&own.row)),
            Who::Manual(place) => {
                let user = self.user(place)?;
                let standing = user.standing(now.as_second());
                let named = |id: &String| self.plans.get(id).unwrap_or(id).clone();
                Some(Cow::Owned(ProfitwellCustomer {
                    customer_id: user.id.clone(),
                    email: user.email.clone(),
                    first_name: None,
                    last_name: None,
                    mrr_cents: Some(standing.mrr_cents),
                    plans: standing.plans.iter().map(named).collect(),
                    status: standing.status,
                    created_on: standing.created.map(seconds),
                    activated_on: standing.activated.map(seconds),
                    churned_on: standing.churned.map(seconds),
                    updated_on: written(user.updated),
                    total_spend_cents: Some(standing.total_spend_cents),
                }))
            }
        }
    }

    /// The date in the company's time zone.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// What every customer that is not excluded paid when, with the numbers of the plans.
    pub(crate) fn lives(&self) -> (Lives<'_>, Cow<'_, Plans>) {
        let mut lives: Lives<'_> = self
            .providers
            .iter()
            .filter(|own| !own.excluded)
            .map(|own| Cow::Borrowed(&own.life))
            .collect();
        if self.users.iter().all(Option::is_none) {
            return (lives, Cow::Borrowed(&self.plan_numbers));
        }
        let mut plans = self.plan_numbers.clone();
        let day = |at: i64| self.day(Timestamp::from_second(at).unwrap_or_default());
        for user in self.users.iter().flatten().filter(|user| !user.excluded) {
            lives.push(Cow::Owned(user.life(|plan| plans.number(plan), day)));
        }
        (lives, Cow::Owned(plans))
    }

    pub(crate) fn user(&self, place: usize) -> Option<&User> {
        self.users.get(place)?.as_ref()
    }

    pub(crate) fn user_mut(&mut self, place: usize) -> Option<&mut User> {
        self.users.get_mut(place)?.as_mut()
    }

    /// A user made through the API, by id or alias.
    pub(crate) fn find_user(&self, handle: &str) -> Option<usize> {
        match self.customer_by_id.get(handle) {
            Some(Who::Manual(place)) => Some(*place),
            _ => self.user_by_alias.get(handle).copied(),
        }
    }

    /// A subscription made through the API, by id or alias.
    pub(crate) fn find_subscription(&self, handle: &str) -> Option<(usize, usize)> {
        self.subscription_by_id
            .get(handle)
            .or_else(|| self.subscription_by_alias.get(handle))
            .copied()
    }

    pub(crate) fn alias_taken(&self, alias: &str) -> bool {
        self.subscription_by_alias.contains_key(alias)
    }

    /// A new id of a kind: its prefix and 12 characters.
    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        loop {
            let tail: String = (0..12).map(|_| self.random.alphanumeric()).collect();
            let id = format!("{prefix}{tail}");
            if !self.customer_by_id.contains_key(&id) && !self.subscription_by_id.contains_key(&id)
            {
                return id;
            }
        }
    }

    pub(crate) fn add_user(&mut self, user: User) -> usize {
        let place = self.users.len();
        self.customer_by_id
            .insert(user.id.clone(), Who::Manual(place));
        if let Some(alias) = &user.alias {
            self.user_by_alias.insert(alias.clone(), place);
        }
        self.insert_ordered(user.updated, Who::Manual(place));
        self.users.push(Some(user));
        place
    }

    /// Makes a subscription just added to a user findable.
    pub(crate) fn index_subscription(&mut self, user: usize, place: usize) {
        let Some(subscription) = self
            .users
            .get(user)
            .and_then(Option::as_ref)
            .and_then(|user| user.subscriptions.get(place))
        else {
            return;
        };
        self.subscription_by_id
            .insert(subscription.id.clone(), (user, place));
        if let Some(alias) = &subscription.alias {
            self.subscription_by_alias
                .insert(alias.clone(), (user, place));
        }
    }

    /// Removes a user with everything about him; his aliases are free again.
    pub(crate) fn remove_user(&mut self, place: usize) {
        let Some(user) = self.users.get_mut(place).and_then(Option::take) else {
            return;
        };
        self.take_from_order(user.updated, Who::Manual(place));
        self.customer_by_id.remove(&user.id);
        if let Some(alias) = &user.alias {
            self.user_by_alias.remove(alias);
        }
        for subscription in &user.subscriptions {
            self.subscription_by_id.remove(&subscription.id);
            if let Some(alias) = &subscription.alias {
                self.subscription_by_alias.remove(alias);
            }
        }
        self.traits.forget(&user.id);
    }

    /// A customer changed: it moves to the end of the list.
    pub(crate) fn touch(&mut self, who: Who, now: Timestamp) {
        let before = match who {
            Who::Provider(place) => self.providers.get_mut(place).map(|own| {
                let before = instant(&own.row.updated_on);
                own.row.updated_on = written(now);
                // The list shows microseconds, and is searched by what it shows.
                (before, instant(&own.row.updated_on))
            }),
            Who::Manual(place) => self.user_mut(place).map(|user| {
                let after = instant(&written(now));
                (std::mem::replace(&mut user.updated, after), after)
            }),
        };
        if let Some((before, after)) = before {
            self.take_from_order(before, who);
            self.insert_ordered(after, who);
        }
    }

    /// Drops a customer from the metrics.
    pub(crate) fn exclude(&mut self, who: Who) {
        match who {
            Who::Provider(place) => {
                if let Some(own) = self.providers.get_mut(place) {
                    own.excluded = true;
                }
            }
            Who::Manual(place) => {
                if let Some(user) = self.user_mut(place) {
                    user.excluded = true;
                }
            }
        }
    }

    /// Removes what identifies a person.
    pub(crate) fn anonymize(&mut self, who: Who) {
        match who {
            Who::Provider(place) => {
                if let Some(own) = self.providers.get_mut(place) {
                    own.row.email = None;
                    own.row.first_name = None;
                    own.row.last_name = None;
                }
            }
            Who::Manual(place) => {
                if let Some(user) = self.user_mut(place) {
                    user.email = None;
                }
            }
        }
    }

    /// Every customer with an e-mail address, whatever its case.
    pub(crate) fn with_email(&self, email: &str) -> Vec<Who> {
        let all = self.order.iter().map(|(_, who)| *who);
        all.filter(|who| {
            self.email(*who)
                .is_some_and(|own| own.eq_ignore_ascii_case(email))
        })
        .collect()
    }

    fn insert_ordered(&mut self, at: Timestamp, who: Who) {
        let place = self.order.partition_point(|(known, _)| *known <= at);
        self.order.insert(place, (at, who));
    }

    fn take_from_order(&mut self, at: Timestamp, who: Who) {
        let start = self.order.partition_point(|(known, _)| *known < at);
        let same = self
            .order
            .iter()
            .skip(start)
            .take_while(|(known, _)| *known == at);
        let found = same.enumerate().find(|(_, (_, known))| *known == who);
        if let Some((place, _)) = found {
            self.order.remove(start + place);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stamps_are_written_as_real_ones_are() {
        for text in [
            "2023-08-28T10:55:19.919563Z",
            "2024-06-02T00:00:00.000001Z",
            "2024-06-01T00:00:00Z",
        ] {
            assert_eq!(written(text.parse().unwrap()), text);
        }
    }

    proptest! {
        /// What the list shows is what it is ordered and searched by.
        #[test]
        fn a_stamp_reads_back_as_it_was(micros in 0_i64..4_102_444_800_000_000) {
            let at = Timestamp::from_microsecond(micros).unwrap();
            prop_assert_eq!(instant(&written(at)), at);
        }
    }
}
