//! Alguna's customers, completed with what the listing leaves out.

use drawbridge_model::{
    Address, Currency, Customer, CustomerContact, CustomerId, Page, SourceError, Which,
};
use futures::{StreamExt, TryStreamExt, stream};

use super::client::CUSTOMERS;
use super::{Alguna, wire};

/// Customers completed at a time.
const AT_A_TIME: usize = 4;

impl Alguna {
    /// Customers can be listed neither by when they changed nor from then on (facts/alguna.md
    /// §2.1), so a reading of changes lists all of them, 100 a call, and spares what costs most:
    /// the calls that complete each. A link that is made in Alguna does not count as a change of
    /// its customer there; the next full reading brings it.
    pub(super) async fn customer_page(
        &self,
        which: Which<'_, CustomerId>,
        cursor: Option<&str>,
    ) -> Result<Page<Customer>, SourceError> {
        let integrations = self.salesforce_integrations(cursor.is_none()).await?;
        let mut page: Page<wire::Customer> = match which {
            Which::Only(ids) => self.single_customers(ids).await?,
            Which::All | Which::ChangedSince(_) => self.page(&CUSTOMERS, cursor).await?,
        };
        if let Which::ChangedSince(since) = which {
            page.rows
                .retain(|row| row.updated_at.is_none_or(|changed| changed >= since));
        }
        let completed: Vec<_> = page
            .rows
            .into_iter()
            .map(|row| self.completed(row, &integrations))
            .collect();
        let rows = stream::iter(completed)
            .buffered(AT_A_TIME)
            .try_collect()
            .await?;
        Ok(Page {
            rows,
            next: page.next,
        })
    }

    async fn single_customers(
        &self,
        ids: &[CustomerId],
    ) -> Result<Page<wire::Customer>, SourceError> {
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row: Option<wire::Customer> = self
                .transport
                .get_if_any(&["customers", id.as_str()], &[])
                .await?;
            rows.extend(row.filter(|row| row.id == id.as_str()));
        }
        Ok(Page { rows, next: None })
    }

    /// The tax rate is promised by the single read only, links stand apart.
    async fn completed(
        &self,
        listed: wire::Customer,
        integrations: &[String],
    ) -> Result<Customer, SourceError> {
        let row = if listed.tax_rate.is_some() {
            listed
        } else {
            let single: Option<wire::Customer> = self
                .transport
                .get_if_any(&["customers", &listed.id], &[])
                .await?;
            // The address takes aliases as well as ids: only the same customer will do.
            single
                .filter(|single| single.id == listed.id)
                .unwrap_or(listed)
        };
        let connected_accounts = if integrations.is_empty() {
            Vec::new()
        } else {
            self.connected_accounts(&row.id, integrations).await?
        };
        Ok(Customer {
            connected_accounts,
            ..customer(row)
        })
    }

    async fn connected_accounts(
        &self,
        id: &str,
        integrations: &[String],
    ) -> Result<Vec<String>, SourceError> {
        let path = ["customers", id, "connected-accounts"];
        let listing: Option<wire::Listing> = self.transport.get_if_any(&path, &[]).await?;
        let call = format!("GET /customers/{id}/connected-accounts");
        let mut ids = Vec::new();
        for (position, row) in listing
            .map(|listing| listing.data)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            let row: wire::ConnectedAccount =
                self.transport
                    .row(&call, "connected account", position, row, "id")?;
            let linked = row
                .integration_id
                .is_some_and(|id| integrations.contains(&id));
            ids.extend(row.external_id.filter(|id| linked && !id.trim().is_empty()));
        }
        Ok(ids)
    }
}

/// A customer as the model has it, links apart.
pub(super) fn customer(row: wire::Customer) -> Customer {
    Customer {
        name: row.name,
        currency: row.currency.and_then(|code| Currency::parse(&code).ok()),
        aliases: row.aliases,
        billing_address: row.billing_address.map(address),
        contacts: row.contacts.into_iter().enumerate().map(contact).collect(),
        tax_rate: row.tax_rate,
        created_at: row.created_at,
        updated_at: row.updated_at,
        ..Customer::new(CustomerId(row.id))
    }
}

fn address(row: wire::Address) -> Address {
    Address {
        line1: row.line1,
        line2: row.line2,
        city: row.city,
        state: row.state,
        postal_code: row.postal_code,
        country: row.country,
    }
}

/// A contact without an id is known by its e-mail address, else by its place in the list.
fn contact((position, row): (usize, wire::Contact)) -> CustomerContact {
    let id = row
        .id
        .or_else(|| row.email.clone())
        .unwrap_or_else(|| format!("#{}", position + 1));
    CustomerContact {
        id,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        is_primary: row.is_primary.unwrap_or_default(),
    }
}
