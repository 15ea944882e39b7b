//! Which addresses may be opened in the person's browser.

use url::Url;

use crate::browser;
use crate::error::Result;
use crate::view::{ConnectionView, ErrorCode, ErrorView};

/// Hosts of the products themselves, where their pages and guides are.
const PRODUCTS: [&str; 6] = [
    "salesforce.com",
    "force.com",
    "alguna.io",
    "alguna.com",
    "profitwell.com",
    "paddle.com",
];

/// Opens an address, if it leads to a connected org or to one of the products.
pub fn open_allowed(address: &str, connections: &[ConnectionView]) -> Result<()> {
    if !is_allowed(address, connections) {
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

fn is_allowed(address: &str, connections: &[ConnectionView]) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    let origin = url.origin().ascii_serialization();
    let connected = connections
        .iter()
        .filter_map(|connection| connection.org.as_ref())
        .any(|org| {
            Url::parse(&org.instance_url)
                .is_ok_and(|instance| instance.origin().ascii_serialization() == origin)
        });
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
