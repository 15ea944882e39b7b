//! Somebody at work in Alguna, beside Drawbridge.

use std::sync::atomic::{AtomicU32, Ordering};

use drawbridge_billing::alguna::{Alguna, Options};
use drawbridge_model::{Customer, CustomerId, CustomerLinks, RecordId, Source, SourceLinks, Which};

use crate::Workbench;

/// Somebody who sees and changes links in the simulated Alguna.
pub struct SomebodyAtAlguna {
    alguna: Alguna,
    calls: AtomicU32,
}

impl Workbench {
    /// Somebody at work in the simulated Alguna.
    pub fn somebody_at_alguna(&self) -> SomebodyAtAlguna {
        let (urls, credentials) = (self.simulator.urls(), self.simulator.credentials());
        let key = credentials.alguna_api_key.as_str().into();
        SomebodyAtAlguna {
            alguna: Alguna::new(&urls.alguna, key, Options::default()).unwrap(),
            calls: AtomicU32::new(0),
        }
    }
}

impl SomebodyAtAlguna {
    fn key(&self) -> String {
        format!("somebody-{}", self.calls.fetch_add(1, Ordering::Relaxed))
    }

    /// Every customer.
    pub async fn customers(&self) -> Vec<Customer> {
        let (mut rows, mut cursor) = (Vec::new(), None);
        loop {
            let page = self
                .alguna
                .customers(Which::All, cursor.as_deref())
                .await
                .unwrap();
            rows.extend(page.rows);
            cursor = page.next;
            if cursor.is_none() {
                return rows;
            }
        }
    }

    /// The links of a customer.
    pub async fn links(&self, customer: &str) -> CustomerLinks {
        let links = self.alguna.links(&CustomerId::from(customer)).await;
        links.unwrap().expect("the customer is there")
    }

    /// Gives a customer these aliases and no others.
    pub async fn set_aliases(&self, customer: &str, aliases: &[String]) {
        let customer = CustomerId::from(customer);
        let key = self.key();
        let set = self.alguna.set_aliases(&customer, aliases, &key);
        set.await.unwrap();
    }

    /// Makes a connected account of the Salesforce integration.
    pub async fn connect(&self, customer: &str, record: &str) {
        let integration = self.alguna.integrations().await.unwrap().remove(0).id;
        let (customer, record) = (CustomerId::from(customer), RecordId::parse(record).unwrap());
        self.alguna
            .connect(&customer, &integration, &record, &self.key())
            .await
            .unwrap();
    }

    /// Removes a connected account.
    pub async fn disconnect(&self, customer: &str, connected: &str) {
        let customer = CustomerId::from(customer);
        let key = self.key();
        let gone = self.alguna.disconnect(&customer, connected, &key);
        gone.await.unwrap();
    }
}
