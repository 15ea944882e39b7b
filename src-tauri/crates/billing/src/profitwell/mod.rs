//! `ProfitWell`'s REST API, version 2.

mod client;
mod cursor;
mod customers;
mod error;
mod subscriptions;
mod wire;

use drawbridge_model::{
    Currency, Customer, Page, Source, SourceError, SourceIdentity, Subscription,
};

pub use client::{BASE_URL, ProfitWell};

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

    async fn customers(&self, cursor: Option<&str>) -> Result<Page<Customer>, SourceError> {
        self.customer_page(cursor).await
    }

    async fn subscriptions(
        &self,
        _cursor: Option<&str>,
    ) -> Result<Page<Subscription>, SourceError> {
        Ok(subscriptions::none())
    }
}
