//! Requests and answers in the plain form all simulated servers work with.

use std::borrow::Cow;

use axum::http::HeaderMap;
use bytes::Bytes;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::faults::FaultKind;
use crate::locks::RowCount;

/// Which rows of a write are to be refused (`FaultKind::RowErrors`).
#[derive(Debug, Clone)]
pub(crate) struct RowErrors {
    pub(crate) status_code: String,
    pub(crate) message: String,
    pub(crate) every_nth: usize,
    pub(crate) rows: RowCount,
}

/// A received request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Upper case; a `HEAD` is a `GET` here whose body is dropped on the way out.
    pub(crate) method: String,
    /// Whether it came as `HEAD`.
    pub(crate) head: bool,
    /// Whether it came by https.
    pub(crate) secure: bool,
    /// When it came, by the simulation's clock.
    pub(crate) at: Timestamp,
    /// Repeated slashes collapsed, no trailing slash, percent-encoded.
    pub(crate) path: String,
    pub(crate) had_trailing_slash: bool,
    /// Percent-decoded parts of the path.
    pub(crate) segments: Vec<String>,
    pub(crate) query_string: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) row_errors: Option<RowErrors>,
    /// A fault that strikes rows or the work the request starts, not the request itself.
    pub(crate) fault: Option<FaultKind>,
}

impl Request {
    pub(crate) fn new(
        method: &str,
        raw_path: &str,
        query_string: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        let raw: Vec<&str> = raw_path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect();
        let segments = raw
            .iter()
            .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
            .collect();
        let head = method == "HEAD";
        Self {
            method: if head { "GET" } else { method }.to_owned(),
            head,
            secure: false,
            at: crate::now::now(),
            path: format!("/{}", raw.join("/")),
            had_trailing_slash: raw_path.len() > 1 && raw_path.ends_with('/'),
            segments,
            query_string: query_string.to_owned(),
            query: url::form_urlencoded::parse(query_string.as_bytes())
                .into_owned()
                .collect(),
            headers,
            body,
            row_errors: None,
            fault: None,
        }
    }

    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body)
            .into_owned()
            .collect()
    }

    /// The bearer token of the `Authorization` header.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let value = self.header("authorization")?;
        let (scheme, token) = value.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("oauth"))
            .then(|| token.trim())
    }

    /// The method as it was sent.
    pub(crate) fn sent_method(&self) -> &str {
        if self.head { "HEAD" } else { &self.method }
    }

    /// Scheme and host the client used, so that http and https, `localhost` and `127.0.0.1` all work.
    pub(crate) fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.header("host").unwrap_or("127.0.0.1"))
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(Cow<'static, str>, String)>,
    pub(crate) body: Vec<u8>,
    /// Set where only the body tells whether the request was a write (a `checkOnly` deploy).
    pub(crate) is_write: Option<bool>,
}

impl Reply {
    pub(crate) fn json<T: Serialize + ?Sized>(status: u16, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::bytes(status, "application/json;charset=UTF-8", body),
            Err(error) => Self::text(500, &error.to_string()),
        }
    }

    pub(crate) fn bytes(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![(Cow::Borrowed("content-type"), content_type.to_owned())],
            body,
            is_write: None,
        }
    }

    pub(crate) fn html(status: u16, page: &str) -> Self {
        Self::bytes(status, "text/html;charset=UTF-8", page.as_bytes().to_vec())
    }

    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self::bytes(status, "text/plain;charset=UTF-8", text.as_bytes().to_vec())
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            is_write: None,
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((Cow::Borrowed(name), value.into()));
        self
    }

    /// A header somebody names; it takes the place of one that is there.
    pub(crate) fn with_any(self, name: &str, value: String) -> Self {
        let name = name.to_ascii_lowercase();
        let mut reply = self.without(&name);
        reply.headers.push((Cow::Owned(name), value));
        reply
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn paths_are_tidied(path in "/[a-z/%0-9]{0,30}", query in ".{0,30}") {
            let request = Request::new("HEAD", &path, &query, HeaderMap::new(), Bytes::new());
            prop_assert!(!request.path.contains("//"));
            prop_assert!(request.path == "/" || !request.path.ends_with('/'));
            prop_assert_eq!(request.segments.len(), request.path.split('/').filter(|part| !part.is_empty()).count());
            prop_assert_eq!((request.method.as_str(), request.sent_method()), ("GET", "HEAD"));
        }
    }
}
