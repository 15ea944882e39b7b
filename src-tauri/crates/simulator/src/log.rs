//! The record of every request the simulated servers received.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::faults::Server;

/// One request as a server saw it. Bodies and headers are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// The server that received it.
    pub server: Server,
    /// HTTP method.
    pub method: String,
    /// Path with repeated slashes collapsed, still percent-encoded.
    pub path: String,
    /// Query string without `?`, still percent-encoded.
    pub query: String,
    /// HTTP status answered; 0 when the connection was closed without an answer.
    pub status: u16,
    /// API calls the request used up (0 or 1).
    pub api_calls: usize,
    /// Whether the request asks to change records, fields or billing data.
    pub is_write: bool,
}

/// All requests since start, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Vec<LoggedRequest>>);

impl Log {
    pub(crate) fn add(&self, request: LoggedRequest) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&[LoggedRequest]) -> T) -> T {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
