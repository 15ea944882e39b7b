//! The headers a person may give, and those that are Drawbridge's own.

use drawbridge_model::{ApiCallRefusal, ApiMethod};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::mask::Mask;

/// Names that may not be given, and why.
const REFUSED: &[(&[&str], &str)] = &[
    (
        &["authorization"],
        "Drawbridge sends the key of the connection by itself, and no other",
    ),
    (
        &[
            "host",
            "forwarded",
            "x-forwarded-host",
            "x-host",
            "x-forwarded-server",
        ],
        "calls go to the connection's own host",
    ),
    (
        &["x-original-url", "x-rewrite-url"],
        "it would make another path of the one that is shown",
    ),
    (
        &[
            "x-http-method-override",
            "x-http-method",
            "x-method-override",
        ],
        "it would make another method of the one that is shown",
    ),
    (
        &["cookie", "set-cookie"],
        "there is no session, only the key",
    ),
    (
        &[
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "expect",
            "content-encoding",
        ],
        "it follows from the body",
    ),
    (
        &["connection", "keep-alive", "upgrade", "http2-settings"],
        "it belongs to the connection over the network",
    ),
    (&["accept-encoding"], "answers are unpacked by Drawbridge"),
];

/// The history keeps bodies whole, so that a call can be seen and used again.
const LONGEST_BODY: usize = 1024 * 1024;
/// What a header may hold that is not kept in the history.
const SECRET_WORDS: &[&str] = &[
    "auth",
    "token",
    "secret",
    "password",
    "cookie",
    "credential",
    "api-key",
    "apikey",
];

/// The headers as they are sent.
pub(crate) fn headers(
    given: &[(String, String)],
    mask: &Mask,
) -> Result<HeaderMap, ApiCallRefusal> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let (name, value) = (trimmed(name), trimmed(value));
        if name.is_empty() && value.is_empty() {
            continue;
        }
        let broken = |what: String| ApiCallRefusal::BrokenHeader { what };
        // A name may hold a line break; it is not repeated.
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| broken("The name of a header holds what no name has".to_owned()))?;
        let refused = REFUSED
            .iter()
            .find(|(names, _)| names.contains(&name.as_str()))
            .map(|(_, why)| *why)
            .or_else(|| {
                (name.as_str().starts_with("proxy-"))
                    .then_some("it belongs to the proxy's settings")
            });
        if let Some(why) = refused {
            return Err(ApiCallRefusal::Header {
                name: name.to_string(),
                why,
            });
        }
        if mask.is_in(value) {
            return Err(ApiCallRefusal::KeyInside { place: "a header" });
        }
        let value = HeaderValue::from_str(value).map_err(|_| {
            broken(format!(
                "The header {name} holds a line break or a character no header has"
            ))
        })?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// Without spaces around it; a line break is none of them.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The body as it is sent, checked where it should be JSON.
pub(crate) fn body(
    method: ApiMethod,
    body: Option<&str>,
    headers: &mut HeaderMap,
) -> Result<Option<Vec<u8>>, ApiCallRefusal> {
    let Some(body) = body.filter(|body| !body.trim().is_empty()) else {
        return Ok(None);
    };
    if body.len() > LONGEST_BODY {
        return Err(ApiCallRefusal::LongBody {
            bytes: body.len(),
            most: LONGEST_BODY,
        });
    }
    if !method.changes() {
        return Err(ApiCallRefusal::BodyOfRead {
            method: method.word(),
        });
    }
    let json = match headers.get(CONTENT_TYPE) {
        None => true,
        Some(kind) => kind
            .to_str()
            .is_ok_and(|kind| kind.to_ascii_lowercase().contains("json")),
    };
    if json {
        serde_json::from_str::<serde::de::IgnoredAny>(body).map_err(|error| {
            ApiCallRefusal::NotJson {
                reason: error.to_string(),
            }
        })?;
        headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("application/json"));
    }
    Ok(Some(body.as_bytes().to_vec()))
}

/// The headers as the history keeps them: those that look like secrets without their values.
pub(crate) fn kept(given: &[(String, String)], mask: &Mask) -> Vec<(String, String)> {
    given
        .iter()
        .filter(|(name, _)| !name.trim().is_empty())
        .map(|(name, value)| {
            let folded = name.to_ascii_lowercase();
            let secret = SECRET_WORDS.iter().any(|word| folded.contains(word));
            let value = if secret {
                super::mask::REDACTED.to_owned()
            } else {
                mask.text(trimmed(value))
            };
            (trimmed(name).to_owned(), value)
        })
        .collect()
}

/// The headers of an answer that are shown.
pub(crate) fn shown(headers: &HeaderMap, mask: &Mask) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| {
            !matches!(
                name.as_str(),
                "set-cookie" | "set-cookie2" | "authorization"
            ) && !name.as_str().starts_with("proxy-")
        })
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), mask.text(&value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(name: &str, value: &str) -> Result<HeaderMap, ApiCallRefusal> {
        headers(
            &[(name.to_owned(), value.to_owned())],
            &Mask::new("kid.very-secret"),
        )
    }

    #[test]
    fn what_is_drawbridges_own_is_refused_in_any_case_of_letters() {
        for name in [
            "Authorization",
            "AUTHORIZATION",
            " authorization ",
            "Host",
            "Cookie",
            "Content-Length",
            "transfer-encoding",
            "Proxy-Authorization",
            "proxy-anything",
            "X-HTTP-Method-Override",
            "X-Forwarded-Host",
            "Accept-Encoding",
            "Connection",
        ] {
            let refused = given(name, "x").unwrap_err().to_string();
            assert!(refused.contains("cannot be given:"), "{name}: {refused}");
        }
    }

    #[test]
    fn a_header_cannot_smuggle_another_one_or_the_key() {
        for (name, value) in [
            ("X-A", "b\r\nAuthorization: c"),
            ("X-A", "b\nc"),
            ("X-A", "b\0c"),
            ("X-A\r\nAuthorization", "b"),
            ("X A", "b"),
            ("", "b"),
        ] {
            let refused = given(name, value).unwrap_err();
            assert!(
                matches!(refused, ApiCallRefusal::BrokenHeader { .. }),
                "{name}: {refused}"
            );
            assert!(!refused.to_string().contains('\n'), "{refused}");
        }
        let refused = given("X-Note", "my key is kid.very-secret")
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("stands in a header") && !refused.contains("kid."),
            "{refused}"
        );
        assert_eq!(
            given("Idempotency-Key", "a-1").unwrap()["idempotency-key"],
            "a-1"
        );
        assert!(given("", "").unwrap().is_empty(), "an empty row is none");
    }

    #[test]
    fn a_body_is_json_unless_said_otherwise() {
        let mut none = HeaderMap::new();
        assert_eq!(body(ApiMethod::Post, Some("  "), &mut none).unwrap(), None);
        assert!(body(ApiMethod::Get, Some("{}"), &mut none).is_err());
        let refused = body(ApiMethod::Put, Some("{\"a\": }"), &mut none)
            .unwrap_err()
            .to_string();
        assert!(refused.contains("line 1 column 7"), "{refused}");
        assert!(
            body(ApiMethod::Put, Some("[1]"), &mut none)
                .unwrap()
                .is_some()
        );
        assert_eq!(none[CONTENT_TYPE], "application/json");
        let mut csv = given("Content-Type", "text/csv").unwrap();
        assert!(
            body(ApiMethod::Put, Some("a;b"), &mut csv)
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn the_history_keeps_no_value_that_looks_like_a_secret() {
        let given = [
            ("X-Api-Key", "s3"),
            ("X-Auth-Token", "s4"),
            ("X-Note", "plain"),
            ("", "gone"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let kept = format!("{:?}", kept(&given, &Mask::new("k")));
        assert!(
            !kept.contains("s3") && !kept.contains("s4") && !kept.contains("gone"),
            "{kept}"
        );
        assert!(kept.contains("plain"), "{kept}");
    }
}
