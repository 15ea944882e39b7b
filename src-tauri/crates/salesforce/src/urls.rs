//! Addresses of orgs: which are accepted, and what pasted ones mean.

use url::{Host, Url};

use crate::Error;

/// Domains Salesforce serves logins and APIs from (facts: sfdx-core `sfdcUrl`).
const SALESFORCE_DOMAINS: [&str; 4] = [
    ".salesforce.com",
    ".salesforce.mil",
    ".sfcrmproducts.cn",
    ".cloudforce.com",
];

/// Pasted addresses of pages, and the suffix of the My Domain they belong to.
const PAGE_DOMAINS: [(&str, &str); 5] = [
    (".lightning.force.com", ".my.salesforce.com"),
    (".my.salesforce-setup.com", ".my.salesforce.com"),
    (".lightning.crmforce.mil", ".my.salesforce.mil"),
    (".my.salesforce-setup.mil", ".my.salesforce.mil"),
    (".lightning.sfcrmapps.cn", ".my.sfcrmproducts.cn"),
];

/// Reads a login address as a person types or pastes it: a login host, a My Domain, or the
/// address of any Lightning or Setup page. What comes back has neither path nor query.
pub fn parse_login_url(text: &str) -> Result<Url, Error> {
    let text = text.trim();
    let not_an_address = || Error::NotAnAddress {
        text: text.to_owned(),
    };
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(not_an_address());
    }
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        let https = format!("https://{text}");
        match Url::parse(&https) {
            Ok(url) if is_loopback(&url) => format!("http://{text}"),
            _ => https,
        }
    };
    let mut url = Url::parse(&with_scheme).map_err(|_| not_an_address())?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() {
        return Err(not_an_address());
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    secure(&url)?;
    if is_loopback(&url) {
        return Ok(url);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    for (page, api) in PAGE_DOMAINS {
        if let Some(name) = host.strip_suffix(page) {
            url.set_host(Some(&format!("{name}{api}")))
                .map_err(|_| not_an_address())?;
            return Ok(url);
        }
    }
    if SALESFORCE_DOMAINS
        .iter()
        .any(|domain| host.ends_with(domain))
    {
        Ok(url)
    } else {
        Err(Error::NotSalesforce { host })
    }
}

/// Whether the address is one of this computer's own: `localhost`, `127.0.0.0/8` or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Refuses plain http to anywhere but this computer.
pub(crate) fn secure(url: &Url) -> Result<(), Error> {
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)) {
        Ok(())
    } else {
        Err(Error::NotSecure {
            host: host_and_port(url),
        })
    }
}

/// Host, and the port where it is not the scheme's own.
pub(crate) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// An address on the origin of `base`. Anything that would lead elsewhere is refused, because
/// the access token goes along.
pub(crate) fn on_origin(base: &Url, path_and_query: &str) -> Option<Url> {
    if !path_and_query.starts_with('/') || path_and_query.starts_with("//") {
        return None;
    }
    let url = base.join(path_and_query).ok()?;
    let encrypted = url.scheme() == "https" || is_loopback(&url);
    (url.origin() == base.origin() && encrypted).then_some(url)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    #[test]
    fn addresses_as_people_paste_them() {
        for (pasted, meant) in [
            ("login.salesforce.com", "https://login.salesforce.com/"),
            (
                " https://test.salesforce.com/ ",
                "https://test.salesforce.com/",
            ),
            (
                "https://acme.lightning.force.com/lightning/r/Account/001/view?x=1#y",
                "https://acme.my.salesforce.com/",
            ),
            (
                "https://acme--uat.sandbox.lightning.force.com/lightning/setup/SetupOneHome/home",
                "https://acme--uat.sandbox.my.salesforce.com/",
            ),
            (
                "acme.my.salesforce-setup.com/lightning/setup",
                "https://acme.my.salesforce.com/",
            ),
            ("ACME.my.salesforce.com", "https://acme.my.salesforce.com/"),
            (
                "acme.lightning.crmforce.mil",
                "https://acme.my.salesforce.mil/",
            ),
            ("localhost:8123/x", "http://localhost:8123/"),
            ("http://127.0.0.1:8123", "http://127.0.0.1:8123/"),
            ("http://[::1]:8123", "http://[::1]:8123/"),
        ] {
            assert_eq!(parse_login_url(pasted).unwrap().as_str(), meant, "{pasted}");
        }
    }

    #[test]
    fn addresses_that_are_refused() {
        assert!(matches!(
            parse_login_url("http://acme.my.salesforce.com"),
            Err(Error::NotSecure { .. })
        ));
        for elsewhere in [
            "https://salesforce.com.example.com",
            "https://evilsalesforce.com",
            "https://localhost.example.com",
        ] {
            assert!(
                matches!(parse_login_url(elsewhere), Err(Error::NotSalesforce { .. })),
                "{elsewhere}"
            );
        }
        for text in [
            "",
            "   ",
            "not an address",
            "ftp://acme.my.salesforce.com",
            "https://a@login.salesforce.com",
        ] {
            assert!(
                matches!(parse_login_url(text), Err(Error::NotAnAddress { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn the_token_stays_on_its_origin() {
        let base = Url::parse("https://acme.my.salesforce.com").unwrap();
        assert!(on_origin(&base, "/services/data/v67.0/query?q=x").is_some());
        for path in [
            "//evil.example/x",
            "https://evil.example/x",
            "services",
            "/\\evil.example/x",
        ] {
            assert!(on_origin(&base, path).is_none(), "{path}");
        }
        assert!(on_origin(&Url::parse("http://acme.my.salesforce.com").unwrap(), "/x").is_none());
    }
}
