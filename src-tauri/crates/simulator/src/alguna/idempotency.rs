//! Idempotency keys: a repeated write gives the answer it gave before (facts/alguna.md §1).

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::reply::{Reply, Request};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Longest key, in characters.
const LONGEST: usize = 255;

/// What was asked: method, path, query and body.
type Print = [u8; 32];

/// The answer to a key, none while it is still being made.
#[derive(Debug)]
struct Known {
    print: Print,
    began: Timestamp,
    answer: Option<(u16, Vec<u8>)>,
}

/// The keys of the last 24 hours.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    known: HashMap<String, Known>,
    /// Keys by the time they came.
    ages: VecDeque<(Timestamp, String)>,
}

/// A key that was not used before: the request is to be done.
#[derive(Debug)]
pub(crate) struct Fresh(String);

/// The key of a request; a reading request has none. An empty one counts as missing.
pub(crate) fn key(request: &Request) -> Result<Option<&str>, Reply> {
    if request.method == "GET" {
        return Ok(None);
    }
    match request
        .header("idempotency-key")
        .filter(|key| !key.is_empty())
    {
        Some(key) if key.chars().count() > LONGEST => Err(refused(
            400,
            "Invalid idempotency key",
            "The Idempotency-Key is longer than 255 characters.",
        )),
        key => Ok(key),
    }
}

fn refused(status: u16, title: &str, detail: &str) -> Reply {
    Reply::json(
        status,
        &json!({"status": status, "type": "about:blank", "title": title, "detail": detail}),
    )
}

fn print(request: &Request) -> Print {
    let mut hash = Sha256::new();
    for part in [&request.method, &request.path, &request.query_string] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(&request.body);
    hash.finalize().into()
}

impl Keys {
    /// Takes a key for a request, or gives the answer without doing anything.
    pub(crate) fn begin(
        &mut self,
        key: &str,
        request: &Request,
        now: Timestamp,
    ) -> Result<Fresh, Reply> {
        while let Some((began, old)) = self.ages.front() {
            if now.duration_since(*began) < KEPT {
                break;
            }
            if self
                .known
                .get(old)
                .is_some_and(|known| known.began == *began)
            {
                self.known.remove(old);
            }
            self.ages.pop_front();
        }
        let print = print(request);
        match self.known.get(key) {
            None => {
                let known = Known {
                    print,
                    began: now,
                    answer: None,
                };
                self.known.insert(key.to_owned(), known);
                self.ages.push_back((now, key.to_owned()));
                Ok(Fresh(key.to_owned()))
            }
            Some(known) if known.print != print => Err(refused(
                422,
                "Idempotency key reused",
                "The Idempotency-Key was used before with other parameters.",
            )),
            Some(Known {
                answer: Some((status, body)),
                ..
            }) => {
                let reply = if body.is_empty() {
                    Reply::empty(*status)
                } else {
                    Reply::bytes(*status, "application/json;charset=UTF-8", body.clone())
                };
                Err(reply
                    .with("idempotency-key", key)
                    .with("idempotent-replayed", "true"))
            }
            Some(_) => Err(refused(
                409,
                "Request in progress",
                "A request with this Idempotency-Key is still running.",
            )
            .with("retry-after", "1")),
        }
    }

    /// Keeps the answer for the key; a passing trouble sets the key free again.
    pub(crate) fn finish(&mut self, Fresh(key): Fresh, reply: Reply) -> Reply {
        let passing = reply.status >= 500 || reply.status == 429;
        if passing {
            self.known.remove(&key);
        } else if let Some(known) = self.known.get_mut(&key) {
            known.answer = Some((reply.status, reply.body.clone()));
        }
        let reply = reply
            .with("idempotency-key", key)
            .with("idempotent-replayed", "false");
        if passing {
            reply.with("transient-error", "true")
        } else {
            reply
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use axum::http::HeaderMap;
    use bytes::Bytes;

    use super::*;

    fn asked(body: &'static str) -> Request {
        Request::new(
            "POST",
            "/customers",
            "",
            HeaderMap::new(),
            Bytes::from_static(body.as_bytes()),
        )
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
        let found = reply.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    #[test]
    fn an_answer_is_kept_for_24_hours() {
        let mut keys = Keys::default();
        let fresh = keys.begin("k", &asked("{}"), at(0)).unwrap();
        keys.finish(fresh, Reply::json(201, &json!({"id": 1})));
        let again = keys.begin("k", &asked("{}"), at(23)).unwrap_err();
        assert_eq!(
            (again.status, again.body.as_slice()),
            (201, &b"{\"id\":1}"[..])
        );
        assert_eq!(header(&again, "idempotent-replayed"), Some("true"));
        assert_eq!(
            keys.begin("k", &asked("[]"), at(23)).unwrap_err().status,
            422
        );
        assert!(
            keys.begin("k", &asked("[]"), at(24)).is_ok(),
            "the key is free after a day"
        );
        assert!(keys.known.len() == 1 && keys.ages.len() == 1);
    }

    #[test]
    fn a_running_request_holds_its_key_and_a_passing_trouble_frees_it() {
        let mut keys = Keys::default();
        let fresh = keys.begin("k", &asked("{}"), at(0)).unwrap();
        let second = keys.begin("k", &asked("{}"), at(0)).unwrap_err();
        assert_eq!(second.status, 409);
        assert_eq!(header(&second, "retry-after"), Some("1"));
        let reply = keys.finish(fresh, Reply::text(503, ""));
        assert_eq!(header(&reply, "transient-error"), Some("true"));
        assert!(keys.begin("k", &asked("other"), at(0)).is_ok());
    }
}
