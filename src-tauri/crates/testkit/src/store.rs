//! What stands in the database of a workspace, past the screens.

use std::path::Path;

use drawbridge_model::{Cache, Customer, CustomerId};
use drawbridge_store::Store;

/// Every customer of the billing source of that name, from the unencrypted database of a data
/// folder.
pub fn stored_customers(data_dir: &Path, source: &str) -> Vec<Customer> {
    let store = Store::open(&data_dir.join("drawbridge.db"), None).unwrap();
    let connection = store
        .connection_by_name(source)
        .unwrap()
        .expect("the source");
    let mut customers: Vec<Customer> = Vec::new();
    loop {
        let after: Option<CustomerId> = customers.last().map(|last| last.id.clone());
        let chunk = store
            .customers(connection.id, after.as_ref(), 1_000)
            .unwrap();
        if chunk.is_empty() {
            return customers;
        }
        customers.extend(chunk.into_iter().map(|bundle| bundle.customer));
    }
}
