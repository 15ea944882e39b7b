//! The address of a call that a person wrote: below the base URL, or nowhere.
//!
//! The key goes with every call, so the host is never taken from what was typed. What servers and
//! proxies on the way may read differently from what stands there is refused, not repaired.

use drawbridge_model::ApiCallRefusal;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::answer::shortened;
use crate::base_url::host_and_port;

/// What a path is written below.
pub(crate) struct Ground<'a> {
    pub(crate) base: &'a Url,
    pub(crate) trailing_slash: bool,
    /// A path that works.
    pub(crate) example: &'static str,
}

/// The address of `path` with this query: the path's own first, then the pairs.
pub(crate) fn address(
    ground: &Ground<'_>,
    path: &str,
    query: &[(String, String)],
) -> Result<Url, ApiCallRefusal> {
    let path = path.trim();
    let (path, own_query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let own_query = own_query.unwrap_or_default();
    below(ground, path)?;
    plain(path)?;
    plain(own_query)?;
    for segment in path.split('/').skip(1) {
        step(segment)?;
    }
    let mut joined = format!("{}{path}", ground.base.path().trim_end_matches('/'));
    if ground.trailing_slash && !joined.ends_with('/') {
        joined.push('/');
    }
    let mut url = ground.base.clone();
    url.set_path(&joined);
    url.set_query(Some(own_query).filter(|query| !query.is_empty()));
    let named = query.iter().filter(|(name, _)| !name.trim().is_empty());
    let mut named = named.peekable();
    if named.peek().is_some() {
        url.query_pairs_mut()
            .extend_pairs(named.map(|(name, value)| (name.trim(), value.as_str())));
    }
    // What was checked above makes this true; what leaves with a key is looked at twice.
    if url.origin() != ground.base.origin() || !url.username().is_empty() {
        return Err(other_host(ground, path));
    }
    Ok(url)
}

/// The path begins at the base URL's host and names none of its own.
fn below(ground: &Ground<'_>, path: &str) -> Result<(), ApiCallRefusal> {
    if path.is_empty() {
        return Err(ApiCallRefusal::NoPath {
            example: ground.example,
        });
    }
    let head = path.split('/').next().unwrap_or_default();
    // `https:`, `mailto:`, `user:word@host`, `host:443`.
    if head.contains([':', '@']) || path.starts_with("//") || path.contains("://") {
        return Err(other_host(ground, path));
    }
    if !path.starts_with('/') {
        return Err(ApiCallRefusal::NoSlash {
            path: shortened(path),
            example: ground.example,
        });
    }
    Ok(())
}

fn other_host(ground: &Ground<'_>, path: &str) -> ApiCallRefusal {
    // What stands before an @ may be a password.
    let shown = path.rsplit('@').next().unwrap_or(path);
    ApiCallRefusal::OtherHost {
        path: shortened(shown),
        host: host_and_port(ground.base),
        example: ground.example,
    }
}

/// Nothing in it is read as something else on the way.
fn plain(text: &str) -> Result<(), ApiCallRefusal> {
    let refuse = |what: &str, instead| {
        Err(ApiCallRefusal::PathCharacter {
            what: what.to_owned(),
            instead,
        })
    };
    if text.contains('\\') {
        return refuse("a backslash", "Write / between parts, and %5C inside an id");
    }
    if text.contains('#') {
        return refuse(
            "a #, and what follows one is never sent",
            "Write %23 inside an id",
        );
    }
    if text.contains(['{', '}']) {
        return refuse(
            "a part in braces, which stands for an id",
            "Put the id in its place, or write %7B and %7D for the signs themselves",
        );
    }
    if text.chars().any(char::is_control) {
        return refuse("a line break or another control character", "Take it out");
    }
    for (at, _) in text.match_indices('%') {
        let digits = text.get(at + 1..at + 3).unwrap_or_default();
        if digits.len() < 2 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return refuse("a % that encodes nothing", "Write %25 for the sign itself");
        }
    }
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    if decoded.chars().any(char::is_control) {
        return refuse("an encoded control character", "Take it out");
    }
    Ok(())
}

/// One part of the path leads down, however often it is decoded on the way.
fn step(segment: &str) -> Result<(), ApiCallRefusal> {
    let mut read = segment.to_owned();
    loop {
        for part in read.split(['/', '\\']) {
            // Some servers take what follows a semicolon off.
            if matches!(part.split(';').next().unwrap_or_default(), "." | "..") {
                return Err(ApiCallRefusal::DotSegment {
                    segment: shortened(segment),
                });
            }
        }
        let decoded = percent_decode_str(&read).decode_utf8_lossy().into_owned();
        if decoded == read {
            return Ok(());
        }
        read = decoded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(base: &str, slash: bool, path: &str) -> Result<String, ApiCallRefusal> {
        let base = Url::parse(base).unwrap();
        let ground = Ground {
            base: &base,
            trailing_slash: slash,
            example: "/v2/plans/",
        };
        address(&ground, path, &[]).map(String::from)
    }

    #[test]
    fn a_path_stands_below_the_base_and_ends_in_the_slash_its_system_wants() {
        for (path, url) in [
            ("/v2/plans/", "/v2/plans/"),
            ("/v2/plans", "/v2/plans/"),
            ("  /v2/plans?x=1 ", "/v2/plans/?x=1"),
            (
                "/v2/customers/?page=2&per_page=5",
                "/v2/customers/?page=2&per_page=5",
            ),
            ("/v2/plans/Scale Up", "/v2/plans/Scale%20Up/"),
            ("/v2/plans/Scale%20Up/", "/v2/plans/Scale%20Up/"),
            ("/v2/users/a%2Fb/", "/v2/users/a%2Fb/"),
            ("/v2/users/ä..b/", "/v2/users/%C3%A4..b/"),
            (
                "/v2/gdpr/anonymize_by_email/me@example.com",
                "/v2/gdpr/anonymize_by_email/me@example.com/",
            ),
            (
                "/v2/plans/?next=https://x.example",
                "/v2/plans/?next=https://x.example",
            ),
        ] {
            let whole = format!("https://api.profitwell.com{url}");
            assert_eq!(
                on("https://api.profitwell.com", true, path).unwrap(),
                whole,
                "{path}"
            );
        }
        assert_eq!(
            on("https://api.alguna.io/beta", false, "/customers").unwrap(),
            "https://api.alguna.io/beta/customers"
        );
    }

    #[test]
    fn the_query_follows_the_paths_own_and_is_encoded() {
        let base = Url::parse("http://127.0.0.1:1").unwrap();
        let ground = Ground {
            base: &base,
            trailing_slash: true,
            example: "/v2/plans/",
        };
        let pairs = [("a b", "c&d"), ("", "left out"), ("m", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let url = address(&ground, "/v2/x?own=1", &pairs).unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:1/v2/x/?own=1&a+b=c%26d&m=");
    }

    #[test]
    fn a_path_to_elsewhere_is_refused_and_says_why() {
        for (path, words) in [
            ("", "A path is missing"),
            ("https://evil.example/v2/plans/", "names a host"),
            ("HTTPS:/evil.example", "names a host"),
            ("https:evil.example", "names a host"),
            ("//evil.example/v2/plans/", "names a host"),
            ("///evil.example", "names a host"),
            ("me:hunter2@evil.example/v2", "names a host"),
            ("evil.example:443/v2", "names a host"),
            ("/redirect/https://evil.example", "names a host"),
            ("evil.example/v2", "begins with a slash"),
            ("\\\\evil.example", "begins with a slash"),
            ("/\\evil.example", "a backslash"),
            ("/v2\\..\\..", "a backslash"),
            ("/v2/../v1/", "leads to another place"),
            ("/v2/%2e%2E/", "leads to another place"),
            ("/v2/.%2e/", "leads to another place"),
            ("/v2/%252e%252e/", "leads to another place"),
            ("/v2/%25252e./", "leads to another place"),
            ("/v2/..%2f..%2fadmin/", "leads to another place"),
            ("/v2/..%5cadmin/", "leads to another place"),
            ("/v2/..;/admin", "leads to another place"),
            ("/v2/./plans", "leads to another place"),
            ("/..", "leads to another place"),
            ("/v2/plans/#/x", "a #"),
            ("/v2/plans/\r\nHost: evil.example", "a line break"),
            ("/v2/pl\tans/", "a line break"),
            ("/v2/plans/%0d%0aX:1/", "encoded control"),
            ("/v2/plans/?x=%00", "encoded control"),
            ("/v2/%zz/", "encodes nothing"),
            ("/v2/100%", "encodes nothing"),
            ("/v2/users/{user}/", "a part in braces"),
        ] {
            let refused = on("https://api.profitwell.com", true, path)
                .unwrap_err()
                .to_string();
            assert!(refused.contains(words), "{path}: {refused}");
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }
}
