//! One customer at a time: by place, for samples, and by id, as rows of the Subscriptions screen.

use drawbridge_model::{ConnectionId, CustomerBundle, CustomerId};
use rusqlite::{OptionalExtension, params};

use crate::search::full_text_query;
use crate::subscription_query::rows_of_customer;
use crate::{Store, StoreError, SubscriptionRow};

impl Store {
    /// The customer at a place, from 0, in the order of ids.
    pub fn nth_customer(
        &self,
        source: ConnectionId,
        place: u32,
    ) -> Result<Option<CustomerBundle>, StoreError> {
        let id: Option<String> = self.read("reading a customer", |db| {
            Ok(db
                .prepare_cached(
                    "SELECT id FROM customer WHERE source = ?1 ORDER BY id LIMIT 1 OFFSET ?2",
                )?
                .query_row(params![source.0, place], |row| row.get(0))
                .optional()?)
        })?;
        let Some(id) = id else { return Ok(None) };
        Ok(self
            .customer_detail(source, &CustomerId(id))?
            .map(|detail| detail.bundle))
    }

    /// Customers for samples, by name: those with a word that begins with each word typed, or all
    /// of them, `limit` from the one at `offset` on; and how many there are.
    pub fn sample_customers(
        &self,
        source: ConnectionId,
        search: &str,
        offset: u32,
        limit: u32,
    ) -> Result<(Vec<CustomerBundle>, u32), StoreError> {
        let (ids, total) = self.read("looking for customers", |db| {
            let text = full_text_query(search);
            let found = if text.is_some() {
                "source = ?1 AND id IN
                 (SELECT rowid FROM subscription_text WHERE subscription_text MATCH ?2)"
            } else {
                "source = ?1 AND ?2 IS NULL"
            };
            let total: u32 = db
                .prepare_cached(&format!(
                    "SELECT count(DISTINCT customer) FROM subscription_row WHERE {found}"
                ))?
                .query_row(params![source.0, text], |row| row.get(0))?;
            let ids: Vec<String> = db
                .prepare_cached(&format!(
                    "SELECT customer FROM subscription_row WHERE {found}
                     GROUP BY customer ORDER BY min(name_key), customer LIMIT ?3 OFFSET ?4"
                ))?
                .query_map(params![source.0, text, limit, offset], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok((ids, total))
        })?;
        let mut bundles = Vec::with_capacity(ids.len());
        for id in ids {
            let detail = self.customer_detail(source, &CustomerId(id))?;
            bundles.extend(detail.map(|detail| detail.bundle));
        }
        Ok((bundles, total))
    }

    /// The rows of one customer, as the Subscriptions screen shows them.
    pub fn customer_rows(
        &self,
        source: ConnectionId,
        customer: &CustomerId,
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.read("reading a customer's subscriptions", |db| {
            rows_of_customer(db, source, customer)
        })
    }
}
