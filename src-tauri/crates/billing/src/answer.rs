//! What came back over HTTP, told apart: data, a refusal, a web page, or half an answer.

use drawbridge_model::SourceError;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Longest part of a foreign text that is repeated in an error.
const LONGEST_QUOTE: usize = 300;

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Who was asked what; gives every error its names.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) source_name: &'static str,
    pub(crate) host: &'a str,
    pub(crate) call: &'a str,
}

impl Asked<'_> {
    pub(crate) fn not_the_api(&self, what: impl Into<String>) -> SourceError {
        SourceError::NotTheApi {
            source_name: self.source_name,
            host: self.host.to_owned(),
            what: what.into(),
        }
    }
}

/// Sorts an answer: a success goes on to be read, everything else becomes its error.
pub(crate) fn success(
    asked: Asked<'_>,
    answer: Answer,
    message: fn(&serde_json::Value) -> Option<String>,
    wait_seconds: u32,
) -> Result<Vec<u8>, SourceError> {
    let (status, call) = (answer.status, asked.call);
    let code = status.as_u16();
    if status.is_redirection() {
        let to = answer
            .headers
            .get(LOCATION)
            .and_then(|to| to.to_str().ok())
            .unwrap_or("elsewhere");
        let to = shortened(to.split(['?', '#']).next().unwrap_or(to));
        return Err(asked.not_the_api(format!(
            "{call} was sent on to {to} (HTTP {code}). It was not followed, so that the key goes nowhere \
             else; check the base URL"
        )));
    }
    if code == 429 {
        return Err(SourceError::Throttled {
            source_name: asked.source_name,
            seconds: wait_seconds,
        });
    }
    if status.is_server_error() || code == 408 {
        return Err(SourceError::Trouble {
            source_name: asked.source_name,
            call: call.to_owned(),
            status: code,
        });
    }
    if let Some(page) = web_page(&answer) {
        return Err(asked.not_the_api(format!(
            "{call} brought a web page (HTML{page}, HTTP {code}) instead of data; check the base URL, \
             and whether a proxy or a login page stands in between"
        )));
    }
    if status.is_success() {
        return Ok(answer.body);
    }
    let words = serde_json::from_slice(&answer.body)
        .ok()
        .and_then(|body| message(&body))
        .filter(|words| !words.trim().is_empty())
        .map_or_else(
            || {
                status
                    .canonical_reason()
                    .unwrap_or("no reason given")
                    .to_owned()
            },
            |words| shortened(&words),
        );
    Err(match code {
        401 => SourceError::KeyRefused {
            source_name: asked.source_name,
            message: words,
        },
        403 => SourceError::KeyRefused {
            source_name: asked.source_name,
            message: format!("{words} ({call})"),
        },
        _ => SourceError::Refused {
            source_name: asked.source_name,
            call: call.to_owned(),
            status: code,
            message: words,
        },
    })
}

/// Reads JSON; an error tells where reading stopped.
pub(crate) fn json<T: DeserializeOwned>(asked: Asked<'_>, body: &[u8]) -> Result<T, SourceError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(asked.not_the_api(format!("{} brought an empty answer", asked.call)));
    }
    decode(body).map_err(|stopped| {
        let call = asked.call;
        asked.not_the_api(match stopped {
            Stopped::Early(place) => format!("the answer ended early: {call} stops {place}"),
            Stopped::At(place, why) => format!("{call} cannot be read {place}: {why}"),
        })
    })
}

/// Reads one row of a page; an error names the row by its id.
pub(crate) fn row<T: DeserializeOwned>(
    asked: Asked<'_>,
    kind: &str,
    position: usize,
    row: &RawValue,
    id_field: &str,
) -> Result<T, SourceError> {
    decode(row.get().as_bytes()).map_err(|stopped| {
        let (Stopped::Early(place) | Stopped::At(place, _)) = &stopped;
        let why = match &stopped {
            Stopped::Early(_) => "it ends early",
            Stopped::At(_, why) => why,
        };
        let name = serde_json::from_str::<serde_json::Value>(row.get())
            .ok()
            .and_then(|row| row.get(id_field)?.as_str().map(shortened))
            .filter(|id| !id.trim().is_empty())
            .map_or_else(
                || format!("row {} of {}", position + 1, asked.call),
                |id| format!("{kind} {id}"),
            );
        asked.not_the_api(format!("{name} cannot be read {place}: {why}"))
    })
}

enum Stopped {
    Early(String),
    At(String, String),
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Stopped> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
    let read = T::deserialize(tracked).and_then(|value| reader.end().map(|()| value));
    read.map_err(|error| {
        let path = track.path().to_string();
        let place = match path.as_str() {
            "." | "" => format!("at line {}, column {}", error.line(), error.column()),
            path => format!("at {path}"),
        };
        if error.is_eof() {
            Stopped::Early(place)
        } else {
            Stopped::At(place, shortened(&error.to_string()))
        }
    })
}

/// `Some` for a web page, with its title where it has one.
fn web_page(answer: &Answer) -> Option<String> {
    let declared = answer
        .headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let looks = answer.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    if !looks && (!declared || answer.body.is_empty()) {
        return None;
    }
    let head =
        String::from_utf8_lossy(answer.body.get(..4096).unwrap_or(&answer.body)).into_owned();
    let title = ["title", "h1"].iter().find_map(|tag| inside(&head, tag));
    Some(
        title
            .map(|title| format!(" “{}”", shortened(title)))
            .unwrap_or_default(),
    )
}

fn inside<'a>(html: &'a str, tag: &str) -> Option<&'a str> {
    let lower = html.to_ascii_lowercase();
    let open = lower.find(&format!("<{tag}"))?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find(&format!("</{tag}"))?;
    let text = html[start..end].trim();
    (!text.is_empty()).then_some(text)
}

/// A foreign text, cut to a length a person still reads.
pub(crate) fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
