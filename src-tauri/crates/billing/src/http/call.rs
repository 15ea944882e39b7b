//! Calls that a person wrote: sent once, answered with whatever came.

use std::time::Duration;

use drawbridge_model::{ApiAnswer, ApiCallError, ApiMethod};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use tokio::time::{Instant, timeout};

use super::{TIMEOUT, Transport, innermost};
use crate::console::{Ground, LARGEST_ANSWER, Mask, ReadyCall, shown};

/// How long a large answer may take to its last byte.
const LONGEST: Duration = Duration::from_mins(5);

impl Transport {
    /// Takes the key out of texts.
    pub(crate) fn mask(&self) -> Mask {
        Mask::new(self.key.expose())
    }

    /// Where paths begin.
    pub(crate) fn ground(&self, example: &'static str) -> Ground<'_> {
        Ground {
            base: &self.base,
            trailing_slash: self.dialect.trailing_slash,
            example,
        }
    }

    /// The sentence for a person in an error body.
    pub(crate) fn message(&self, body: &serde_json::Value) -> Option<String> {
        (self.dialect.message)(body)
    }

    /// Sends a call once: no read is repeated and no redirect followed.
    pub(crate) async fn call(&self, call: ReadyCall) -> Result<ApiAnswer, ApiCallError> {
        let _place = self.lane.place().await;
        self.lane.turn().await;
        let named = format!("{} {}", call.method.word(), call.path);
        let changes = call.method.changes();
        let begun = Instant::now();
        let lost = |reason: String| ApiCallError::Lost {
            source_name: self.dialect.name,
            call: named.clone(),
            changes,
            seconds: begun.elapsed().as_secs(),
            reason,
        };
        // What a person gives stands for what every call has, but for the key, which is checked.
        let mut headers = self.headers.clone();
        for name in call.headers.keys() {
            headers.remove(name);
        }
        headers.extend(call.headers);
        let mut request = self
            .client
            .request(method(call.method), call.url)
            .headers(headers)
            .timeout(LONGEST);
        if let Some(body) = call.body {
            request = request.body(body);
        }
        let mut response = match timeout(TIMEOUT, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_connect() => {
                return Err(ApiCallError::Unreachable {
                    source_name: self.dialect.name,
                    host: self.host.clone(),
                    reason: innermost(&error),
                });
            }
            Ok(Err(error)) => return Err(lost(innermost(&error))),
            Err(_) => return Err(lost(format!("no answer within {} s", TIMEOUT.as_secs()))),
        };
        let status = response.status().as_u16();
        let cut = |read: usize, reason: String| ApiCallError::Cut {
            source_name: self.dialect.name,
            call: named.clone(),
            changes,
            status,
            read: read as u64,
            reason,
        };
        let mask = self.mask();
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .map(|kind| mask.text(kind));
        let shown = shown(response.headers(), &mask);
        let announced = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        let mut body: Vec<u8> = Vec::with_capacity(announced.unwrap_or(0).min(LARGEST_ANSWER));
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_ANSWER => {
                    let most = LARGEST_ANSWER / (1024 * 1024);
                    return Err(cut(
                        body.len() + chunk.len(),
                        format!("the answer is larger than {most} MiB"),
                    ));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    return Err(cut(
                        body.len(),
                        format!("the answer ended early ({})", innermost(&error)),
                    ));
                }
            }
        }
        body.shrink_to_fit();
        tracing::info!(
            source = self.dialect.name,
            call = named,
            status,
            "called by hand"
        );
        Ok(ApiAnswer {
            status,
            headers: shown,
            elapsed_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            content_type,
            body: mask.bytes(body),
        })
    }
}

fn method(method: ApiMethod) -> Method {
    match method {
        ApiMethod::Get => Method::GET,
        ApiMethod::Head => Method::HEAD,
        ApiMethod::Post => Method::POST,
        ApiMethod::Put => Method::PUT,
        ApiMethod::Patch => Method::PATCH,
        ApiMethod::Delete => Method::DELETE,
    }
}
