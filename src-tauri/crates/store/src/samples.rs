//! One customer at a time: by place, for samples, and by id, as rows of the Subscriptions screen.

use drawbridge_model::{ConnectionId, CustomerBundle, CustomerId};
use rusqlite::{OptionalExtension, params};

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
