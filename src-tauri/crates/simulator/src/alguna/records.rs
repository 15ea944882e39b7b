//! All the state of Alguna, and the indexes that keep it quick.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::Timestamp;
use jiff::civil::Date;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::invoices::Invoice;
use crate::book::{Book, Customer, Subscription};

/// A link between a customer and a record of another system.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) id: String,
    pub(crate) customer_id: String,
    pub(crate) integration_id: String,
    pub(crate) external_id: String,
}

/// Everything known.
pub(crate) struct Records {
    pub(crate) customers: Vec<Customer>,
    by_id: FxHashMap<String, usize>,
    by_alias: FxHashMap<String, usize>,
    pub(crate) subscriptions: Vec<Subscription>,
    subscription_by_id: FxHashMap<String, usize>,
    /// Places of subscriptions, by place of their customer.
    subscriptions_of: Vec<Vec<usize>>,
    /// Orders of lists by what they were sorted by, made when first asked for.
    customer_orders: FxHashMap<String, Vec<usize>>,
    pub(crate) subscription_orders: FxHashMap<String, Vec<usize>>,
    /// A removed link leaves its place empty.
    links: Vec<Option<Link>>,
    /// Places of links, by place of their customer.
    links_of: Vec<Vec<usize>>,
    links_by_external: FxHashMap<String, Vec<usize>>,
    /// E-mail preferences of contacts that were given some, by contact id.
    pub(crate) preferences: FxHashMap<String, Vec<String>>,
    /// Subscriptions to be canceled, by day.
    pub(crate) to_cancel: BTreeMap<Date, Vec<usize>>,
    /// Invoices, made when first asked for.
    pub(crate) invoices: Option<Vec<Invoice>>,
    random: Rng,
}

/// A stored moment, for order and comparison: text order is wrong where fractions differ in length.
pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}

impl Records {
    pub(crate) fn new(book: Book) -> Self {
        let places = |ids: &mut dyn Iterator<Item = String>| -> FxHashMap<String, usize> {
            ids.enumerate().map(|(place, id)| (id, place)).collect()
        };
        let mut records = Self {
            by_id: places(&mut book.customers.iter().map(|customer| customer.id.clone())),
            by_alias: FxHashMap::default(),
            subscription_by_id: places(&mut book.subscriptions.iter().map(|s| s.id.clone())),
            subscriptions_of: vec![Vec::new(); book.customers.len()],
            customer_orders: FxHashMap::default(),
            subscription_orders: FxHashMap::default(),
            links: Vec::with_capacity(book.links.len()),
            links_of: vec![Vec::new(); book.customers.len()],
            links_by_external: FxHashMap::with_capacity_and_hasher(book.links.len(), FxBuildHasher),
            preferences: FxHashMap::default(),
            to_cancel: BTreeMap::new(),
            invoices: None,
            random: Rng::with_seed(0xA160_04A1),
            customers: book.customers,
            subscriptions: book.subscriptions,
        };
        for (place, subscription) in records.subscriptions.iter().enumerate() {
            if let Some(owner) = records.by_id.get(&subscription.customer_id) {
                records.subscriptions_of[*owner].push(place);
            }
        }
        for (place, customer) in records.customers.iter().enumerate() {
            for alias in &customer.aliases {
                records.by_alias.entry(alias.clone()).or_insert(place);
            }
        }
        for (customer, integration, external) in book.links {
            records.add_link(customer, integration, external);
        }
        records
    }

    /// A new 8-character base-62 id, as Alguna's are.
    pub(crate) fn new_id(&mut self) -> String {
        loop {
            let id: String = (0..8).map(|_| self.random.alphanumeric()).collect();
            if !self.by_id.contains_key(&id) && !self.preferences.contains_key(&id) {
                return id;
            }
        }
    }

    pub(crate) fn add_customer(&mut self, customer: Customer) -> usize {
        let place = self.customers.len();
        self.by_id.insert(customer.id.clone(), place);
        for alias in &customer.aliases {
            self.by_alias.insert(alias.clone(), place);
        }
        // The newest stands last in creation order; by name it may stand anywhere.
        self.customer_orders.remove("name");
        for order in self.customer_orders.values_mut() {
            order.push(place);
        }
        self.customers.push(customer);
        self.subscriptions_of.push(Vec::new());
        self.links_of.push(Vec::new());
        place
    }

    /// Gives a customer another id, as one has that was deleted and made anew: its links and
    /// aliases are gone, its subscriptions go along. False where there is none, or the id is taken.
    pub(crate) fn reissue(&mut self, id: &str, new: &str, at: &str) -> bool {
        if self.by_id.contains_key(new) {
            return false;
        }
        let links: Vec<String> = self.links_of(id).map(|link| link.id.clone()).collect();
        for link in links {
            self.remove_link(id, &link);
        }
        let Some(place) = self.by_id.remove(id) else {
            return false;
        };
        self.by_id.insert(new.to_owned(), place);
        let Some(mut changed) = self.customers.get(place).cloned() else {
            return false;
        };
        new.clone_into(&mut changed.id);
        at.clone_into(&mut changed.created_at);
        at.clone_into(&mut changed.updated_at);
        changed.aliases.clear();
        self.replace_customer(place, changed);
        self.customer_orders.clear();
        for at in &self.subscriptions_of[place] {
            if let Some(subscription) = self.subscriptions.get_mut(*at) {
                new.clone_into(&mut subscription.customer_id);
            }
        }
        self.forget_subscription_orders();
        true
    }

    /// Puts a changed customer in the place of the old.
    pub(crate) fn replace_customer(&mut self, place: usize, changed: Customer) {
        let Some(old) = self.customers.get_mut(place) else {
            return;
        };
        if old.name != changed.name {
            self.customer_orders.remove("name");
        }
        let before = std::mem::replace(old, changed);
        for alias in &before.aliases {
            if self.by_alias.get(alias) == Some(&place) {
                self.by_alias.remove(alias);
            }
        }
        for alias in self
            .customers
            .get(place)
            .map_or(&[][..], |new| &new.aliases)
        {
            self.by_alias.entry(alias.clone()).or_insert(place);
        }
    }

    /// The customer an alias belongs to.
    pub(crate) fn owner_of_alias(&self, alias: &str) -> Option<usize> {
        self.by_alias.get(alias).copied()
    }

    /// A customer by Alguna id, alias or external id of a link.
    pub(crate) fn resolve(&self, id: &str) -> Option<usize> {
        let direct = self
            .by_id
            .get(id)
            .or_else(|| self.by_alias.get(id))
            .copied();
        direct.or_else(|| {
            let places = self.links_by_external.get(id)?;
            let link = places.iter().find_map(|at| self.link(*at))?;
            self.by_id.get(&link.customer_id).copied()
        })
    }

    pub(crate) fn subscription(&self, id: &str) -> Option<usize> {
        self.subscription_by_id.get(id).copied()
    }

    /// Places of a customer's subscriptions.
    pub(crate) fn subscriptions_of(&self, customer: &str) -> &[usize] {
        let place = self.by_id.get(customer);
        place.map_or(&[], |place| &self.subscriptions_of[*place])
    }

    /// Makes an order of customers: "" as they came, `name` or `created_at`.
    pub(crate) fn customer_order(&mut self, key: &str) {
        let customers = &self.customers;
        self.customer_orders
            .entry(key.to_owned())
            .or_insert_with(|| {
                let mut order: Vec<usize> = (0..customers.len()).collect();
                match key {
                    "name" => order.sort_by_cached_key(|at| {
                        (customers[*at].name.to_lowercase(), &customers[*at].id)
                    }),
                    "created_at" => order.sort_by_cached_key(|at| {
                        (instant(&customers[*at].created_at), &customers[*at].id)
                    }),
                    _ => {}
                }
                order
            });
    }

    /// An order made by [`Records::customer_order`].
    pub(crate) fn known_customer_order(&self, key: &str) -> &[usize] {
        self.customer_orders.get(key).map_or(&[], Vec::as_slice)
    }

    /// A subscription changed: orders and invoices made from it no longer hold.
    pub(crate) fn forget_subscription_orders(&mut self) {
        self.subscription_orders.clear();
        self.invoices = None;
    }

    fn link(&self, place: usize) -> Option<&Link> {
        self.links.get(place)?.as_ref()
    }

    pub(crate) fn link_count(&self) -> usize {
        self.links.iter().flatten().count()
    }

    /// A customer's links, oldest first.
    pub(crate) fn links_of(&self, customer: &str) -> impl Iterator<Item = &Link> {
        let place = self.by_id.get(customer);
        let places = place.into_iter().flat_map(|place| &self.links_of[*place]);
        places.filter_map(|at| self.link(*at))
    }

    /// Whether an external id is linked through an integration.
    pub(crate) fn is_linked(&self, integration: &str, external: &str) -> bool {
        let places = self.links_by_external.get(external).into_iter().flatten();
        places
            .filter_map(|at| self.link(*at))
            .any(|link| link.integration_id == integration)
    }

    pub(crate) fn add_link(
        &mut self,
        customer: String,
        integration: String,
        external: String,
    ) -> &Link {
        let place = self.links.len();
        let link = Link {
            id: format!("ca_{:06}", place + 1),
            customer_id: customer,
            integration_id: integration,
            external_id: external,
        };
        if let Some(owner) = self.by_id.get(&link.customer_id) {
            self.links_of[*owner].push(place);
        }
        let same = self.links_by_external.entry(link.external_id.clone());
        same.or_default().push(place);
        self.links.push(None);
        self.links[place].insert(link)
    }

    /// Removes one link of a customer; false when he has none with that id.
    pub(crate) fn remove_link(&mut self, customer: &str, id: &str) -> bool {
        let Some(owner) = self.by_id.get(customer) else {
            return false;
        };
        let own = &mut self.links_of[*owner];
        let is = |at: &usize| {
            let link = self.links.get(*at).and_then(Option::as_ref);
            link.is_some_and(|link| link.id == id)
        };
        let Some(place) = own.iter().copied().find(is) else {
            return false;
        };
        own.retain(|at| *at != place);
        if let Some(link) = self.links.get_mut(place).and_then(Option::take)
            && let Some(same) = self.links_by_external.get_mut(&link.external_id)
        {
            same.retain(|at| *at != place);
        }
        true
    }
}
