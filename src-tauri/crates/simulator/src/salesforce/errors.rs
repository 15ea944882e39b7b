//! Salesforce's two error shapes: of a whole call (`errorCode`) and of one row (`statusCode`).

use serde::Serialize;
use serde_json::Value;

use crate::reply::Reply;

/// An error that fails the whole call.
#[derive(Debug, Clone)]
pub(crate) struct CallError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) fields: Option<Vec<String>>,
    /// What a duplicate rule found.
    pub(crate) duplicates: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallErrorBody<'a> {
    message: &'a str,
    error_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<&'a [String]>,
    /// Salesforce's own spelling.
    #[serde(rename = "duplicateResut", skip_serializing_if = "Option::is_none")]
    duplicates: Option<&'a Value>,
}

impl CallError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            fields: None,
            duplicates: None,
        }
    }

    pub(crate) fn bad(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    /// The same error with the line and column of the value it names, as far as the body has it.
    pub(crate) fn located_in(mut self, body: &[u8]) -> Self {
        if self.code != "JSON_PARSER_ERROR" {
            return self;
        }
        let value = self
            .message
            .split_once(" value ")
            .and_then(|(_, rest)| rest.split_once(" or request may"))
            .map(|(value, _)| value);
        let place = value.and_then(|value| place_of(body, value));
        if let (Some((line, column)), Some(stem)) = (place, self.message.strip_suffix(NOWHERE)) {
            self.message = format!("{stem} at [line:{line}, column:{column}]");
        }
        self
    }

    pub(crate) fn reply(&self) -> Reply {
        let body = CallErrorBody {
            message: &self.message,
            error_code: &self.code,
            fields: self.fields.as_deref(),
            duplicates: self.duplicates.as_ref(),
        };
        Reply::json(self.status, &[body])
    }
}

/// How a text about an unreadable value ends before its place is looked up.
pub(crate) const NOWHERE: &str = " at [line:1, column:1]";

/// Line and column, counted from 1, of the first member with this value in a JSON text.
fn place_of(body: &[u8], value: &str) -> Option<(usize, usize)> {
    let text = std::str::from_utf8(body).ok()?;
    let quoted = serde_json::to_string(value).ok()?;
    let starts = |rest: &str, token: &str| {
        rest.strip_prefix(':')
            .is_some_and(|rest| rest.trim_start().starts_with(token))
    };
    let (colon, _) = text.char_indices().find(|(at, _)| {
        let rest = &text[*at..];
        starts(rest, &quoted) || starts(rest, value)
    })?;
    let rest = &text[colon + 1..];
    let at = colon + 1 + (rest.len() - rest.trim_start().len());
    let line_start = text[..at].rfind('\n').map_or(0, |position| position + 1);
    let line = text[..at].matches('\n').count() + 1;
    Some((line, text[line_start..at].chars().count() + 1))
}

impl From<rusqlite::Error> for CallError {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(
            500,
            "UNKNOWN_EXCEPTION",
            format!("An unexpected error occurred. {error}"),
        )
    }
}

impl From<serde_json::Error> for CallError {
    fn from(error: serde_json::Error) -> Self {
        let what = if error.is_eof() {
            "Unexpected end-of-input"
        } else {
            "Unexpected character, or a value of the wrong type,"
        };
        Self::bad(
            "JSON_PARSER_ERROR",
            format!(
                "{what} at [line:{}, column:{}]",
                error.line().max(1),
                error.column().max(1)
            ),
        )
    }
}

/// An error that fails one row.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RowError {
    pub(crate) status_code: String,
    pub(crate) message: String,
    pub(crate) fields: Vec<String>,
    /// What a duplicate rule found, under Salesforce's own spelling.
    #[serde(rename = "duplicateResut", skip_serializing_if = "Option::is_none")]
    pub(crate) duplicates: Option<Value>,
}

impl RowError {
    pub(crate) fn new(code: &str, message: impl Into<String>, fields: &[&str]) -> Self {
        Self {
            status_code: code.to_owned(),
            message: message.into(),
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
            duplicates: None,
        }
    }

    /// The same error as the answer of a call about a single record.
    pub(crate) fn into_call(self) -> CallError {
        let status = match self.status_code.as_str() {
            // The record itself is gone; a field that points at a deleted one is a bad request.
            "ENTITY_IS_DELETED" | "NOT_FOUND" if self.fields.is_empty() => 404,
            _ => 400,
        };
        CallError {
            status,
            code: self.status_code,
            message: self.message,
            fields: Some(self.fields),
            duplicates: self.duplicates,
        }
    }
}

impl From<rusqlite::Error> for RowError {
    fn from(error: rusqlite::Error) -> Self {
        Self::new("UNKNOWN_EXCEPTION", error.to_string(), &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_place_of_a_value() {
        let body = "{\"Name\": \"x\",\n \"MRR__c\": \"abc\"}";
        assert_eq!(place_of(body.as_bytes(), "abc"), Some((2, 12)));
        assert_eq!(place_of(b"{\"a\":12}", "12"), Some((1, 6)));
        assert_eq!(place_of(b"{}", "12"), None);
    }

    proptest! {
        #[test]
        fn never_panics(body in "[:\" a\né]{0,30}", value in "[:\" aé]{0,3}") {
            let _ = place_of(body.as_bytes(), &value);
        }
    }
}
