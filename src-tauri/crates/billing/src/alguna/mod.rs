//! Alguna's REST API, version 2026-04-01.

mod client;
mod customers;
mod endpoints;
mod error;
mod imports;
mod interval;
mod links;
mod place;
mod subscriptions;
mod wire;

use drawbridge_model::{
    Customer, CustomerId, Page, Source, SourceError, SourceIdentity, Subscription, SubscriptionId,
    Which,
};
use jiff::Timestamp;

pub use client::{Alguna, LARGEST_PAGE, LIVE_URL, Options, SANDBOX_URL, VERSION, lane};
pub use endpoints::ENDPOINTS;

impl Source for Alguna {
    /// Alguna tells no company; reading one customer proves the key.
    async fn identity(&self) -> Result<SourceIdentity, SourceError> {
        let query = [("limit", "1"), ("offset", "0")];
        let _: wire::Listing = self.transport.get(&["customers"], &query).await?;
        Ok(SourceIdentity::default())
    }

    async fn now(&self) -> Result<Option<Timestamp>, SourceError> {
        let query = [("limit", "1"), ("offset", "0")];
        self.transport.time(&["customers"], &query).await
    }

    async fn customers(
        &self,
        which: Which<'_, CustomerId>,
        cursor: Option<&str>,
    ) -> Result<Page<Customer>, SourceError> {
        self.customer_page(which, cursor).await
    }

    async fn subscriptions(
        &self,
        which: Which<'_, SubscriptionId>,
        cursor: Option<&str>,
    ) -> Result<Page<Subscription>, SourceError> {
        self.subscription_page(which, cursor).await
    }
}
