//! Making customers (facts/alguna.md §2.1).

use drawbridge_model::{Address, CustomerId, NewCustomer, RecordId, SourceError, SourceImport};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Alguna;
use crate::lenient;

#[derive(Deserialize)]
struct Found {
    #[serde(deserialize_with = "lenient::id")]
    customer_id: String,
}

impl SourceImport for Alguna {
    async fn create_customer(
        &self,
        customer: &NewCustomer,
        key: &str,
    ) -> Result<CustomerId, SourceError> {
        let body = body(customer);
        let made = self
            .transport
            .send(Method::POST, &["customers"], &body, key)
            .await?;
        let id = made.get("id").and_then(Value::as_str);
        id.filter(|id| !id.trim().is_empty())
            .map(CustomerId::from)
            .ok_or_else(|| SourceError::LostAnswer {
                source_name: "Alguna",
                call: "POST /customers".to_owned(),
                reason: "it names no customer".to_owned(),
            })
    }

    async fn customer_of(&self, record: &RecordId) -> Result<Option<CustomerId>, SourceError> {
        // Somebody may have kept the short form.
        for alias in [record.as_str(), &record.as_str()[..15]] {
            let query = [("alias", alias)];
            let found: Option<Found> = self
                .transport
                .get_if_any(&["customers", "lookup"], &query)
                .await?;
            if let Some(found) = found {
                return Ok(Some(CustomerId(found.customer_id)));
            }
        }
        Ok(None)
    }
}

fn body(customer: &NewCustomer) -> Value {
    let contacts: Vec<Value> = customer
        .contacts
        .iter()
        .enumerate()
        .map(|(place, contact)| {
            let mut value = json!({"email": contact.email, "is_primary": place == 0});
            for (name, text) in [
                ("first_name", &contact.first_name),
                ("last_name", &contact.last_name),
            ] {
                if let Some(text) = text {
                    value[name] = json!(text);
                }
            }
            value
        })
        .collect();
    let mut body = json!({
        "name": customer.name,
        "currency": customer.currency.code(),
        "aliases": [customer.record.as_str()],
        "contacts": contacts,
    });
    if let Some(address) = &customer.billing_address {
        body["billing_address"] = billing_address(address);
    }
    body
}

/// All parts but the second line are required; an empty one stands for what a country lacks.
fn billing_address(address: &Address) -> Value {
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut value = json!({
        "line1": part(&address.line1),
        "city": part(&address.city),
        "state": part(&address.state),
        "postal_code": part(&address.postal_code),
        "country": part(&address.country),
    });
    if let Some(line2) = &address.line2 {
        value["line2"] = json!(line2);
    }
    value
}
