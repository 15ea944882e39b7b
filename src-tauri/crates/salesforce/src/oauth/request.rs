//! What comes to the callback port, and what it means. Pure.

use url::Url;

use super::CALLBACK_PATH;

/// What a request to the callback port asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The callback of this login: a code, or Salesforce's refusal.
    Callback(Result<String, Refusal>),
    /// A callback with another state, or without one.
    Stray,
    /// A browser asking whether it may call.
    Preflight,
    /// Anything else, with the status it is answered with.
    Other(u16),
}

/// `error` and `error_description` of a callback.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) description: String,
}

/// Reads the head of a request. `port` and `state` are those of this login.
pub(super) fn read(head: &str, port: u16, state: &str) -> Asked {
    let mut lines = head.split("\r\n");
    let mut start = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version)) = (start.next(), start.next(), start.next())
    else {
        return Asked::Other(400);
    };
    if !version.starts_with("HTTP/1.") {
        return Asked::Other(400);
    }
    let hosts: Vec<&str> = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("host"))
        .map(|(_, value)| value.trim())
        .collect();
    // A page elsewhere can point its own name at this computer; its name gives it away.
    if !matches!(hosts.as_slice(), [host] if is_ours(host, port)) {
        return Asked::Other(403);
    }
    let path = target.split('?').next().unwrap_or_default();
    match method {
        _ if path != CALLBACK_PATH => Asked::Other(404),
        "OPTIONS" => Asked::Preflight,
        "GET" => callback(target, state),
        _ => Asked::Other(405),
    }
}

fn is_ours(host: &str, port: u16) -> bool {
    ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host.eq_ignore_ascii_case(&format!("{name}:{port}")))
}

fn callback(target: &str, state: &str) -> Asked {
    let Ok(url) = Url::parse(&format!("http://localhost{target}")) else {
        return Asked::Other(400);
    };
    let value = |name: &str| {
        url.query_pairs()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
    };
    if value("state").as_deref() != Some(state) {
        return Asked::Stray;
    }
    if let Some(code) = value("error") {
        return Asked::Callback(Err(Refusal {
            code,
            description: value("error_description").unwrap_or_default(),
        }));
    }
    match value("code") {
        Some(code) if !code.is_empty() => Asked::Callback(Ok(code)),
        _ => Asked::Stray,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str, host: &str) -> Asked {
        read(
            &format!("{line} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n"),
            17171,
            "st4te",
        )
    }

    #[test]
    fn the_callback_and_its_refusal() {
        let line = "GET /OauthRedirect?code=aPrx%3D%3D&state=st4te";
        assert_eq!(
            asked(line, "localhost:17171"),
            Asked::Callback(Ok("aPrx==".to_owned()))
        );
        let line = "GET /OauthRedirect?error=access_denied&error_description=end-user+denied+authorization&state=st4te";
        assert_eq!(
            asked(line, "LOCALHOST:17171"),
            Asked::Callback(Err(Refusal {
                code: "access_denied".to_owned(),
                description: "end-user denied authorization".to_owned(),
            }))
        );
    }

    #[test]
    fn everything_else() {
        let local = "localhost:17171";
        for (line, host, expected) in [
            ("GET /OauthRedirect?code=a&state=other", local, Asked::Stray),
            ("GET /OauthRedirect?code=a", local, Asked::Stray),
            ("GET /OauthRedirect?state=st4te", local, Asked::Stray),
            (
                "OPTIONS /OauthRedirect?code=a&state=st4te",
                local,
                Asked::Preflight,
            ),
            ("GET /favicon.ico", local, Asked::Other(404)),
            (
                "GET /OauthRedirect/?code=a&state=st4te",
                local,
                Asked::Other(404),
            ),
            (
                "GET /oauthredirect?code=a&state=st4te",
                local,
                Asked::Other(404),
            ),
            (
                "POST /OauthRedirect?code=a&state=st4te",
                local,
                Asked::Other(405),
            ),
            (
                "GET /OauthRedirect?code=a&state=st4te",
                "evil.example:17171",
                Asked::Other(403),
            ),
            (
                "GET /OauthRedirect?code=a&state=st4te",
                "localhost:80",
                Asked::Other(403),
            ),
            ("nonsense", local, Asked::Other(400)),
        ] {
            assert_eq!(asked(line, host), expected, "{line} {host}");
        }
    }
}
