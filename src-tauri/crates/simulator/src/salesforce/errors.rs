//! Salesforce's two error shapes: of a whole call (`errorCode`) and of one row (`statusCode`).

use serde::Serialize;

use crate::reply::Reply;

/// An error that fails the whole call.
#[derive(Debug, Clone)]
pub(crate) struct CallError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) fields: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallErrorBody<'a> {
    message: &'a str,
    error_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<&'a [String]>,
}

impl CallError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            fields: None,
        }
    }

    pub(crate) fn bad(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    pub(crate) fn reply(&self) -> Reply {
        let body = CallErrorBody {
            message: &self.message,
            error_code: &self.code,
            fields: self.fields.as_deref(),
        };
        Reply::json(self.status, &[body])
    }
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
        Self::bad(
            "JSON_PARSER_ERROR",
            format!(
                "{error} at [line:{}, column:{}]",
                error.line(),
                error.column()
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
}

impl RowError {
    pub(crate) fn new(code: &str, message: impl Into<String>, fields: &[&str]) -> Self {
        Self {
            status_code: code.to_owned(),
            message: message.into(),
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
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
        }
    }
}

impl From<rusqlite::Error> for RowError {
    fn from(error: rusqlite::Error) -> Self {
        Self::new("UNKNOWN_EXCEPTION", error.to_string(), &[])
    }
}
