//! `ProfitWell` lists no subscriptions: what is known of them stands on the customer.

use drawbridge_model::{Page, Subscription};

/// The one, empty page.
pub(super) fn none() -> Page<Subscription> {
    Page {
        rows: Vec::new(),
        next: None,
    }
}
