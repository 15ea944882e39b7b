//! `ProfitWell`'s REST API, version 2.

mod client;
mod cursor;
mod customers;
mod endpoints;
mod error;
mod metrics;
mod operations;
mod subscriptions;
mod wire;

use drawbridge_model::{
    Currency, Customer, CustomerId, Page, Source, SourceError, SourceIdentity, Subscription,
    SubscriptionId, Which,
};
use jiff::Timestamp;

use cursor::Cursor;

pub use client::{BASE_URL, ProfitWell, lane};
pub use endpoints::ENDPOINTS;

impl Source for ProfitWell {
    /// The status call proves the token; the company's settings name who it belongs to.
    async fn identity(&self) -> Result<SourceIdentity, SourceError> {
        self.transport.touch(&["v2", "api-status"]).await?;
        let company = self.company().await?;
        Ok(SourceIdentity {
            company: company.name,
            account: company.id,
            currency: company
                .currency
                .and_then(|code| Currency::parse(&code).ok()),
        })
    }

    async fn now(&self) -> Result<Option<Timestamp>, SourceError> {
        self.transport.time(&["v2", "api-status"], &[]).await
    }

    async fn customers(
        &self,
        which: Which<'_, CustomerId>,
        cursor: Option<&str>,
    ) -> Result<Page<Customer>, SourceError> {
        match which {
            Which::All => self.customer_page(Cursor::FIRST, cursor).await,
            Which::ChangedSince(since) => self.customer_page(Cursor::since(since), cursor).await,
            Which::Only(ids) => self.single_customers(ids).await,
        }
    }

    async fn subscriptions(
        &self,
        _which: Which<'_, SubscriptionId>,
        _cursor: Option<&str>,
    ) -> Result<Page<Subscription>, SourceError> {
        Ok(subscriptions::none())
    }
}
