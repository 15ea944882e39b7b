//! The address a billing system is reached at: checked before a key is sent anywhere.

use drawbridge_model::SourceError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

/// What stays as it is in a path segment: the unreserved characters of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Reads the base URL of a billing system. A path prefix is kept, a trailing slash is not.
///
/// Only `https` is taken, and plain `http` for this very computer: a key must not travel in the
/// clear. Names and passwords, queries and fragments are refused.
pub fn check_base_url(source_name: &'static str, text: &str) -> Result<Url, SourceError> {
    let refuse = |host: &str, reason: &str| SourceError::Unreachable {
        source_name,
        host: host.to_owned(),
        reason: reason.to_owned(),
    };
    let text = text.trim();
    let mut url = Url::parse(text).map_err(|error| {
        // The text may hold a password: it is not repeated.
        refuse(
            "the given address",
            &format!("it is not a web address ({error}); it needs the form https://host"),
        )
    })?;
    let host = host_and_port(&url);
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(refuse(
                &host,
                "plain http would send the key in the clear and is taken for this computer only; use https",
            ));
        }
        other => {
            return Err(refuse(
                &host,
                &format!("{other} is not https; the address needs the form https://host"),
            ));
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            &host,
            "the address holds a user name or password; leave it out, the key is enough",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse(
            &host,
            "the address holds a query or a fragment; give it up to the path only",
        ));
    }
    let prefix = url.path().trim_end_matches('/').to_owned();
    url.set_path(&prefix);
    Ok(url)
}

/// Host and port, the port also where the scheme implies it.
pub(crate) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or("the given address");
    url.port_or_known_default()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether the address is this very computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The address of these path segments below the base, each encoded whole. The error is a segment
/// no address can carry: nothing, or a step up or down, which stays one however it is encoded.
pub(crate) fn join<'a>(
    base: &Url,
    segments: &[&'a str],
    trailing_slash: bool,
) -> Result<Url, &'a str> {
    let mut path = base.path().trim_end_matches('/').to_owned();
    for segment in segments {
        if matches!(*segment, "" | "." | "..") {
            return Err(segment);
        }
        path.push('/');
        path.extend(utf8_percent_encode(segment, SEGMENT));
    }
    if trailing_slash {
        path.push('/');
    }
    let mut url = base.clone();
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_kept_and_a_trailing_slash_is_not() {
        for (given, kept) in [
            ("https://api.alguna.io", "https://api.alguna.io/"),
            ("https://api.alguna.io/", "https://api.alguna.io/"),
            (
                " https://api.alguna.io/beta/ ",
                "https://api.alguna.io/beta",
            ),
            ("http://127.0.0.1:8080/beta", "http://127.0.0.1:8080/beta"),
            ("http://localhost:1/", "http://localhost:1/"),
            ("http://[::1]:1", "http://[::1]:1/"),
        ] {
            assert_eq!(
                check_base_url("Alguna", given).unwrap().as_str(),
                kept,
                "{given}"
            );
        }
    }

    #[test]
    fn what_would_leak_a_key_is_refused_and_says_why() {
        for (given, reason) in [
            ("http://api.alguna.io", "use https"),
            ("http://127.0.0.1.example.com", "use https"),
            ("http://localhost.example.com", "use https"),
            ("ftp://127.0.0.1", "ftp is not https"),
            ("api.alguna.io", "not a web address"),
            ("", "not a web address"),
            ("https://me:hunter2@api.alguna.io", "user name or password"),
            ("https://api.alguna.io?x=1", "query"),
        ] {
            let text = check_base_url("Alguna", given).unwrap_err().to_string();
            assert!(text.contains(reason), "{given}: {text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn an_id_is_one_segment_whatever_it_holds() {
        let base = check_base_url("ProfitWell", "https://api.profitwell.com/x/").unwrap();
        for (id, path) in [
            ("Scale Up", "/x/v2/Scale%20Up/"),
            ("a/b?c#d%2F", "/x/v2/a%2Fb%3Fc%23d%252F/"),
            ("me@example.com", "/x/v2/me%40example.com/"),
            ("ä", "/x/v2/%C3%A4/"),
            ("../../etc", "/x/v2/..%2F..%2Fetc/"),
        ] {
            assert_eq!(join(&base, &["v2", id], true).unwrap().path(), path, "{id}");
        }
        for id in ["", ".", ".."] {
            assert_eq!(join(&base, &["v2", id], true), Err(id));
        }
    }
}
