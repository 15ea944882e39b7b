//! Calls that change something: sent once, and never again where an answer was lost.

use drawbridge_model::SourceError;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;
use tokio::time::sleep;

use super::{Transport, innermost};
use crate::answer::{self, Answer};
use crate::base_url::join;
use crate::retry;

/// The header by which a system does a call once, however often it comes.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

impl Transport {
    /// Sends a call that changes something. It is sent again only where the system says that it
    /// did nothing (429). Whatever else leaves open whether it was done is
    /// [`SourceError::LostAnswer`]: no answer, half an answer, a gateway's error, or a call with
    /// the same key that is still under way.
    pub(crate) async fn send(
        &self,
        method: Method,
        segments: &[&str],
        body: &impl Serialize,
        key: &str,
    ) -> Result<Value, SourceError> {
        self.send_once(method, segments, &[], body, Some(key)).await
    }

    /// As [`Transport::send`], with a query, and without a key for a system that knows none.
    pub(crate) async fn send_once(
        &self,
        method: Method,
        segments: &[&str],
        query: &[(&str, &str)],
        body: &impl Serialize,
        key: Option<&str>,
    ) -> Result<Value, SourceError> {
        let path = join(&self.base, segments, self.dialect.trailing_slash);
        let mut url = path.map_err(|segment| {
            self.asked("")
                .not_the_api(format!("“{segment}” cannot be an id"))
        })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let call = format!("{method} {}", url.path());
        let lost = |reason: String| SourceError::LostAnswer {
            source_name: self.dialect.name,
            call: call.clone(),
            reason,
        };
        let body = serde_json::to_vec(body)
            .map_err(|error| self.asked(&call).not_the_api(error.to_string()))?;
        let _place = self.lane.place().await;
        let mut under_way = self.asking_again.begin();
        let mut attempt = 1;
        loop {
            self.lane.turn().await;
            let mut request = self
                .client
                .request(method.clone(), url.clone())
                .headers(self.headers.clone());
            if let Some(Ok(key)) = key.map(HeaderValue::from_str) {
                request = request.header(KEY, key);
            }
            if body != b"null" {
                request = request
                    .header(CONTENT_TYPE, "application/json")
                    .body(body.clone());
            }
            let response = match request.send().await {
                Ok(response) => response,
                // Nothing was sent where nobody could be reached.
                Err(error) if error.is_connect() => {
                    return Err(self.unreachable(innermost(&error)));
                }
                Err(error) => return Err(lost(innermost(&error))),
            };
            let (status, headers) = (response.status(), response.headers().clone());
            if status == StatusCode::TOO_MANY_REQUESTS
                && let Some(wait) =
                    retry::after(self.dialect.rule, Some(status.as_u16()), &headers, attempt)
            {
                under_way.again(self.throttled(wait).to_string());
                sleep(wait).await;
                attempt += 1;
                continue;
            }
            if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
                return Err(lost(format!("HTTP {}", status.as_u16())));
            }
            if status == StatusCode::CONFLICT && headers.contains_key(RETRY_AFTER) {
                return Err(lost("the same call is still under way there".to_owned()));
            }
            let wait = retry::asked_for(&headers).map_or(super::LAST_WAIT, |wait| wait.as_secs());
            let body = match response.bytes().await {
                Ok(body) => body.to_vec(),
                Err(_) if status.is_success() => {
                    return Err(lost("the answer ended early".to_owned()));
                }
                // A refusal is one, whatever became of its words.
                Err(_) => Vec::new(),
            };
            let answer = Answer {
                status,
                headers,
                body,
            };
            let wait = u32::try_from(wait).unwrap_or(u32::MAX);
            let read = answer::success(self.asked(&call), answer, self.dialect.message, wait)
                .map_err(|error| self.without_key(error));
            return match read {
                Ok(body) if body.iter().all(u8::is_ascii_whitespace) => Ok(Value::Null),
                Ok(body) => serde_json::from_slice(&body)
                    .map_err(|_| lost("the answer ended early".to_owned())),
                Err(SourceError::NotTheApi { what, .. }) if status.is_success() => Err(lost(what)),
                Err(error) => Err(error),
            };
        }
    }
}
