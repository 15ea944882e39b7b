//! The way to a billing system and back: one client, the same care for both. Reads are repeated
//! where that helps; [`send`] says what holds for calls that change something.

mod call;
mod send;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use drawbridge_model::{AskingAgain, Sensitive, SourceError};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, redirect};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use url::Url;

use crate::answer::{self, Answer, Asked};
use crate::base_url::{check_base_url, host_and_port, is_loopback, join};
use crate::pace::Lane;
use crate::retry;

/// How long one call may take, from connecting to the last byte.
const TIMEOUT: Duration = Duration::from_mins(1);
/// No page of either system comes near this size, unpacked.
const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// What differs between the systems.
pub(crate) struct Dialect {
    pub(crate) name: &'static str,
    pub(crate) rule: retry::Rule,
    /// The sentence for a person in an error body.
    pub(crate) message: fn(&serde_json::Value) -> Option<String>,
    pub(crate) trailing_slash: bool,
    /// What stands before the key.
    pub(crate) authorization_prefix: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
}

pub(crate) struct Transport {
    client: Client,
    base: Url,
    host: String,
    key: Sensitive<String>,
    headers: HeaderMap,
    dialect: Dialect,
    lane: Arc<Lane>,
    asking_again: Arc<AskingAgain>,
}

/// Why there is no whole answer.
enum Broken {
    Unreachable(String),
    EndedEarly,
    TooLarge,
}

impl Transport {
    pub(crate) fn new(
        base_url: &str,
        key: Sensitive<String>,
        dialect: Dialect,
        lane: Arc<Lane>,
    ) -> Result<Self, SourceError> {
        let base = check_base_url(dialect.name, base_url)?;
        let host = host_and_port(&base);
        let mut builder = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(20))
            .redirect(redirect::Policy::none())
            .https_only(base.scheme() == "https")
            .user_agent(concat!("Drawbridge/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| SourceError::Unreachable {
            source_name: dialect.name,
            host: host.clone(),
            reason: innermost(&error),
        })?;
        let headers = headers(&key, &dialect)?;
        Ok(Self {
            client,
            base,
            host,
            key,
            headers,
            dialect,
            lane,
            asking_again: Arc::default(),
        })
    }

    /// From now on the calls go this way, with those of all others who go it.
    pub(crate) fn take(&mut self, lane: Arc<Lane>) {
        self.lane = lane;
    }

    /// Its calls that get no answer and are asked again.
    pub(crate) fn asking_again(&self) -> Arc<AskingAgain> {
        self.asking_again.clone()
    }

    /// Who is asked what, for errors.
    pub(crate) fn asked<'a>(&'a self, call: &'a str) -> Asked<'a> {
        Asked {
            source_name: self.dialect.name,
            host: &self.host,
            call,
        }
    }

    /// Reads JSON from a path of these segments.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, SourceError> {
        let (call, _, body) = self.bytes(segments, query).await?;
        answer::json(self.asked(&call), &body)
    }

    /// As [`Transport::get`], where the system may say that there is none (404, or 422 for a
    /// record that has none yet).
    pub(crate) async fn get_if_any<T: DeserializeOwned>(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Option<T>, SourceError> {
        match self.get(segments, query).await {
            Err(SourceError::Refused {
                status: 404 | 422, ..
            }) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Asks and takes any success, whatever its body.
    pub(crate) async fn touch(&self, segments: &[&str]) -> Result<(), SourceError> {
        self.bytes(segments, &[]).await.map(|_| ())
    }

    /// When the system answers by its own clock; `None` where its answer does not say.
    pub(crate) async fn time(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Option<Timestamp>, SourceError> {
        self.bytes(segments, query).await.map(|(_, at, _)| at)
    }

    /// Reads one row of a page.
    pub(crate) fn row<T: DeserializeOwned>(
        &self,
        call: &str,
        kind: &str,
        position: usize,
        row: &RawValue,
        id_field: &str,
    ) -> Result<T, SourceError> {
        answer::row(self.asked(call), kind, position, row, id_field)
    }

    async fn bytes(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
    ) -> Result<(String, Option<Timestamp>, Vec<u8>), SourceError> {
        let path = join(&self.base, segments, self.dialect.trailing_slash);
        let mut url = path.map_err(|segment| {
            self.asked("")
                .not_the_api(format!("“{segment}” cannot be an id"))
        })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let call = format!("GET {}", url.path());
        let asked = self.asked(&call);
        // A call that waits to be repeated keeps its place, so that the others slow down with it.
        let _place = self.lane.place().await;
        let mut read = self.asking_again.begin();
        let mut attempt = 1;
        loop {
            self.lane.turn().await;
            let got = self.once(&url).await;
            let none = HeaderMap::new();
            let (status, headers) = match &got {
                Ok(answer) => (Some(answer.status.as_u16()), &answer.headers),
                Err(Broken::TooLarge) => (Some(200), &none),
                Err(_) => (None, &none),
            };
            if let Some(wait) = retry::after(self.dialect.rule, status, headers, attempt) {
                tracing::info!(
                    source = self.dialect.name,
                    call,
                    ?status,
                    attempt,
                    ?wait,
                    "the call is repeated"
                );
                read.again(self.why(&call, &got, wait).to_string());
                tokio::time::sleep(wait).await;
                attempt += 1;
                continue;
            }
            let at = retry::answered(headers);
            let wait = retry::asked_for(headers).map_or(LAST_WAIT, |wait| wait.as_secs());
            let body = match got {
                Ok(answer) => answer::success(
                    asked,
                    answer,
                    self.dialect.message,
                    u32::try_from(wait).unwrap_or(u32::MAX),
                )
                .map_err(|error| self.without_key(error)),
                Err(Broken::Unreachable(reason)) => Err(self.unreachable(reason)),
                Err(Broken::EndedEarly) => Err(asked.not_the_api(format!(
                    "the answer ended early: {call} was cut off; try again"
                ))),
                Err(Broken::TooLarge) => {
                    Err(asked.not_the_api(format!("the answer to {call} is larger than 32 MiB")))
                }
            };
            return body.map(|body| (call.clone(), at, body));
        }
    }

    /// Why a call is repeated, after that wait.
    fn why(&self, call: &str, got: &Result<Answer, Broken>, wait: Duration) -> SourceError {
        match got {
            Ok(answer) if answer.status == StatusCode::TOO_MANY_REQUESTS => self.throttled(wait),
            Ok(answer) => SourceError::Trouble {
                source_name: self.dialect.name,
                call: call.to_owned(),
                status: answer.status.as_u16(),
            },
            Err(Broken::Unreachable(reason)) => self.unreachable(reason.clone()),
            Err(Broken::EndedEarly | Broken::TooLarge) => self
                .asked(call)
                .not_the_api(format!("the answer to {call} ended early")),
        }
    }

    fn throttled(&self, wait: Duration) -> SourceError {
        SourceError::Throttled {
            source_name: self.dialect.name,
            seconds: u32::try_from(wait.as_secs()).unwrap_or(u32::MAX),
        }
    }

    fn unreachable(&self, reason: String) -> SourceError {
        SourceError::Unreachable {
            source_name: self.dialect.name,
            host: self.host.clone(),
            reason,
        }
    }

    async fn once(&self, url: &Url) -> Result<Answer, Broken> {
        let sent = self
            .client
            .get(url.clone())
            .headers(self.headers.clone())
            .send()
            .await;
        let mut response = sent.map_err(|error| broken(&error))?;
        let (status, headers): (StatusCode, HeaderMap) =
            (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| {
            if error.is_timeout() {
                broken(&error)
            } else {
                Broken::EndedEarly
            }
        })? {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(Broken::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// A server may repeat the key in its words; the error must not.
    fn without_key(&self, mut error: SourceError) -> SourceError {
        let key = self.key.expose().trim();
        let (SourceError::KeyRefused { message: words, .. }
        | SourceError::Refused { message: words, .. }
        | SourceError::NotTheApi { what: words, .. }) = &mut error
        else {
            return error;
        };
        if words.contains(key) {
            *words = words.replace(key, "<redacted>");
        }
        error
    }
}

/// What is told where a system that throttles does not say how long, in seconds.
const LAST_WAIT: u64 = 60;

fn headers(key: &Sensitive<String>, dialect: &Dialect) -> Result<HeaderMap, SourceError> {
    let refused = |message: &str| SourceError::KeyRefused {
        source_name: dialect.name,
        message: format!("{message}. Nothing was sent; copy the key again"),
    };
    let text = key.expose().trim();
    if text.is_empty() {
        return Err(refused("the key is empty"));
    }
    let mut authorization =
        HeaderValue::from_str(&format!("{}{}", dialect.authorization_prefix, text))
            .map_err(|_| refused("the key holds a line break or a character no key has"))?;
    authorization.set_sensitive(true);
    let mut headers: HeaderMap = dialect
        .headers
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect();
    headers.insert(AUTHORIZATION, authorization);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(headers)
}

fn broken(error: &reqwest::Error) -> Broken {
    if error.is_timeout() {
        return Broken::Unreachable(format!("no answer within {} s", TIMEOUT.as_secs()));
    }
    Broken::Unreachable(innermost(error))
}

/// The last cause in the chain: what the network said. Never the URL.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(deeper) = cause.and_then(Error::source) {
        cause = Some(deeper);
    }
    cause.map_or_else(|| "the connection failed".to_owned(), ToString::to_string)
}
