//! Which Salesforce Account a customer is, as Alguna keeps it: connected accounts of its Salesforce
//! integrations, and aliases (facts/alguna.md §2.1, §2.2).

use drawbridge_model::{
    ConnectedAccount, CustomerId, CustomerLinks, Integration, RecordId, SourceError, SourceLinks,
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Alguna, wire};
use crate::lenient;

/// A customer's aliases. One that cannot be read is an error and never left out: the list is
/// replaced as a whole when one is added.
#[derive(Deserialize)]
struct Aliased {
    #[serde(deserialize_with = "lenient::id")]
    id: String,
    #[serde(default)]
    aliases: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Connected {
    #[serde(deserialize_with = "lenient::id")]
    id: String,
    integration_id: String,
    external_id: String,
}

impl SourceLinks for Alguna {
    async fn integrations(&self) -> Result<Vec<Integration>, SourceError> {
        let rows = self.salesforce_integration_rows().await?;
        Ok(rows
            .into_iter()
            .map(|row| Integration {
                id: row.id,
                label: row.description.filter(|text| !text.trim().is_empty()),
            })
            .collect())
    }

    async fn links(&self, customer: &CustomerId) -> Result<Option<CustomerLinks>, SourceError> {
        let id = customer.as_str();
        let read: Option<Aliased> = self.transport.get_if_any(&["customers", id], &[]).await?;
        // The address takes aliases as well as ids: only the same customer will do.
        let Some(read) = read.filter(|read| read.id == id) else {
            return Ok(None);
        };
        let mut links = CustomerLinks {
            connected: Vec::new(),
            aliases: read.aliases.unwrap_or_default(),
        };
        let integrations = self.salesforce_integrations(false).await?;
        if integrations.is_empty() {
            return Ok(Some(links));
        }
        let path = ["customers", id, "connected-accounts"];
        let listing: Option<wire::Listing> = self.transport.get_if_any(&path, &[]).await?;
        let call = format!("GET /customers/{id}/connected-accounts");
        let rows = listing.map(|listing| listing.data).unwrap_or_default();
        for (position, row) in rows.iter().enumerate() {
            let row: Connected =
                self.transport
                    .row(&call, "connected account", position, row, "id")?;
            if integrations.contains(&row.integration_id) {
                links.connected.push(ConnectedAccount {
                    id: row.id,
                    integration: row.integration_id,
                    external: row.external_id,
                });
            }
        }
        Ok(Some(links))
    }

    async fn connect(
        &self,
        customer: &CustomerId,
        integration: &str,
        record: &RecordId,
        key: &str,
    ) -> Result<Option<String>, SourceError> {
        let path = ["customers", customer.as_str(), "connected-accounts"];
        let body = json!({"external_id": record.as_str(), "integration_id": integration});
        let made = self.transport.send(Method::POST, &path, &body, key).await?;
        Ok(made.get("id").and_then(Value::as_str).map(str::to_owned))
    }

    async fn disconnect(
        &self,
        customer: &CustomerId,
        connected: &str,
        key: &str,
    ) -> Result<(), SourceError> {
        let path = [
            "customers",
            customer.as_str(),
            "connected-accounts",
            connected,
        ];
        self.transport
            .send(Method::DELETE, &path, &Value::Null, key)
            .await?;
        Ok(())
    }

    async fn set_aliases(
        &self,
        customer: &CustomerId,
        aliases: &[String],
        key: &str,
    ) -> Result<(), SourceError> {
        let path = ["customers", customer.as_str()];
        // Lists that are not named stay: contacts are none of our business here.
        let body = json!({ "aliases": aliases });
        self.transport
            .send(Method::PATCH, &path, &body, key)
            .await?;
        Ok(())
    }
}
