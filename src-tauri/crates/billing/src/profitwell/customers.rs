//! `ProfitWell`'s customers, in the order they were changed.

use drawbridge_model::{
    Currency, Customer, CustomerId, CustomerQuery, Money, Page, SourceError, from_cents,
};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::cursor::{Cursor, Next, PER_PAGE};
use super::{ProfitWell, wire};

const CALL: &str = "GET /v2/customers/";

impl ProfitWell {
    /// A page of the listing, which begins at `first`.
    pub(super) async fn customer_page(
        &self,
        first: Cursor,
        cursor: Option<&str>,
    ) -> Result<Page<Customer>, SourceError> {
        let asked = self.transport.asked(CALL);
        let here = cursor.map_or(Ok(first), str::parse).map_err(|()| {
            asked.not_the_api(
                "the place to go on from is not one of this source; start the pull again",
            )
        })?;
        let currency = self.currency().await?;
        let (page, per_page) = (here.page.to_string(), PER_PAGE.to_string());
        let start = here.start.map(|start| start.to_string());
        let mut query = vec![
            ("date_field", "updated_on"),
            ("direction", "asc"),
            ("per_page", &per_page),
            ("page", &page),
        ];
        query.extend(start.as_deref().map(|start| ("start_date", start)));
        let listed: Vec<Box<RawValue>> = self.transport.get(&["v2", "customers"], &query).await?;
        let mut rows = Vec::with_capacity(listed.len());
        for (position, row) in listed.iter().enumerate() {
            let row: wire::Customer =
                self.transport
                    .row(CALL, "customer", position, row, "customer_id")?;
            rows.push(customer(row, currency));
        }
        let next = match here.after(rows.iter().map(|row| row.updated_at)) {
            Next::At(cursor) => Some(cursor.to_string()),
            Next::End => None,
            Next::OutOfReach => {
                return Err(asked.not_the_api(
                    "more than 100,000 customers were changed in the same second; the rest \
                     cannot be listed",
                ));
            }
        };
        Ok(Page { rows, next })
    }

    /// A page of customers as a person asks for it.
    pub(super) async fn customers_asked(
        &self,
        wish: &CustomerQuery,
    ) -> Result<Vec<Customer>, SourceError> {
        let currency = self.currency().await?;
        let (page, per_page) = (wish.page.to_string(), wish.per_page.to_string());
        let start = wish.start.map(|at| at.to_string());
        let end = wish.end.map(|at| at.to_string());
        let mut query = vec![
            ("date_field", "updated_on"),
            ("direction", if wish.descending { "desc" } else { "asc" }),
            ("per_page", &per_page),
            ("page", &page),
        ];
        query.extend(start.as_deref().map(|at| ("start_date", at)));
        query.extend(end.as_deref().map(|at| ("end_date", at)));
        query.extend(wish.email.as_deref().map(|email| ("email", email)));
        let listed: Vec<Box<RawValue>> = self.transport.get(&["v2", "customers"], &query).await?;
        let rows = listed.iter().enumerate().map(|(position, row)| {
            let row: wire::Customer =
                self.transport
                    .row(CALL, "customer", position, row, "customer_id")?;
            Ok(customer(row, currency))
        });
        rows.collect()
    }

    /// One customer, by id or alias.
    pub(super) async fn customer_asked(&self, id: &str) -> Result<Option<Customer>, SourceError> {
        let currency = self.currency().await?;
        let row: Option<wire::Customer> = self
            .transport
            .get_if_any(&["v2", "customers", id], &[])
            .await?;
        Ok(row.map(|row| customer(row, currency)))
    }

    pub(super) async fn single_customers(
        &self,
        ids: &[CustomerId],
    ) -> Result<Page<Customer>, SourceError> {
        let currency = self.currency().await?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row: Option<wire::Customer> = self
                .transport
                .get_if_any(&["v2", "customers", id.as_str()], &[])
                .await?;
            // The address takes aliases as well as ids: only the same customer will do.
            rows.extend(
                row.filter(|row| row.customer_id == id.as_str())
                    .map(|row| customer(row, currency)),
            );
        }
        Ok(Page { rows, next: None })
    }
}

/// A customer as the model has it. Amounts are in the company's currency.
pub(super) fn customer(row: wire::Customer, currency: Currency) -> Customer {
    Customer {
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        currency: Some(currency),
        status: row.status,
        plans: row.plans,
        mrr: row.mrr_cents.and_then(|cents| money(cents, currency)),
        total_spend: row
            .total_spend_cents
            .and_then(|cents| money(cents, currency)),
        created_at: row.created_on,
        activated_at: row.activated_on,
        churned_at: row.churned_on,
        updated_at: row.updated_on,
        ..Customer::new(CustomerId(row.customer_id))
    }
}

/// Hundredths in the major unit, nothing rounded. `None` for an amount that has no exact decimal;
/// then it is not known.
fn money(cents: Decimal, currency: Currency) -> Option<Money> {
    let amount = from_cents(cents)?;
    Some(Money { amount, currency })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_cent_is_lost(cents in any::<i64>()) {
            let json = format!(r#"{{"customer_id":"c","mrr_cents":{cents},"total_spend_cents":"{cents}"}}"#);
            let read = customer(serde_json::from_str(&json).unwrap(), Currency::USD);
            let (mrr, spend) = (read.mrr.unwrap(), read.total_spend.unwrap());
            prop_assert_eq!(mrr, Money::from_cents(cents, Currency::USD));
            prop_assert_eq!(mrr.amount * Decimal::ONE_HUNDRED, Decimal::from(cents));
            prop_assert_eq!(spend, mrr);
        }
    }

    #[test]
    fn an_amount_that_is_not_given_is_not_zero() {
        for json in [
            r#"{"customer_id":"c"}"#,
            r#"{"customer_id":"c","mrr_cents":{},"plans":["Pro",{"id":7}]}"#,
            r#"{"customer_id":"c","mrr_cents":null,"total_spend_cents":null,"plans":null}"#,
        ] {
            let read = customer(serde_json::from_str(json).unwrap(), Currency::USD);
            assert_eq!((read.mrr, read.total_spend, read.plans), (None, None, None));
        }
    }
}
