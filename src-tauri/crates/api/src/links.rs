//! Which addresses may be opened in the person's browser.

use url::Url;

use crate::browser;
use crate::context::{Context, locked};
use crate::error::Result;
use crate::view::{ErrorCode, ErrorView};

/// Hosts of the products themselves, where their pages and guides are.
const PRODUCTS: [&str; 6] = [
    "salesforce.com",
    "force.com",
    "alguna.io",
    "alguna.com",
    "profitwell.com",
    "paddle.com",
];

impl Context {
    /// Opens an address in the person's browser, if it leads to a connected org, to a sign-in that
    /// waits, or to one of the products.
    pub async fn link_open(&self, address: &str) -> Result<()> {
        let workspace = self.workspace();
        let orgs: Vec<String> = workspace
            .store
            .connections()?
            .into_iter()
            .filter_map(|connection| Some(connection.org?.instance_url))
            .collect();
        let waits = locked(&workspace.logins)
            .values()
            .any(|login| login.waits_at(address));
        if !waits && !is_allowed(address, &orgs) {
            return Err(ErrorView::new(
                ErrorCode::BadRequest,
                format!("{address} leads to none of the connected systems: it was not opened."),
            ));
        }
        if browser::open(address) {
            return Ok(());
        }
        Err(
            ErrorView::new(ErrorCode::Internal, "No browser could be opened.")
                .hint(format!("Open {address} yourself.")),
        )
    }
}

fn is_allowed(address: &str, orgs: &[String]) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    let origin = url.origin().ascii_serialization();
    let connected = orgs
        .iter()
        .any(|org| Url::parse(org).is_ok_and(|org| org.origin().ascii_serialization() == origin));
    let product = url.scheme() == "https"
        && PRODUCTS.iter().any(|product| {
            host == *product
                || host
                    .strip_suffix(product)
                    .is_some_and(|sub| sub.ends_with('.'))
        });
    connected || product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_products_pages_are_opened() {
        for address in [
            "https://acme.my.salesforce.com/001",
            "https://app.alguna.io/customers/1",
        ] {
            assert!(is_allowed(address, &[]), "{address}");
        }
        for address in [
            "https://evilsalesforce.com/",
            "https://salesforce.com.evil.example/",
            "http://acme.my.salesforce.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "not an address",
        ] {
            assert!(!is_allowed(address, &[]), "{address}");
        }
    }
}
