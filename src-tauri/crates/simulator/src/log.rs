//! The record of every request the simulated servers received.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::faults::Server;

/// How many requests are kept, the newest; the totals know of all.
const KEPT: usize = 100_000;

/// One request as a server saw it. Bodies and headers are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// Number of the request since start, over all servers, counted from 0.
    pub index: u64,
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
    /// When it came, by the simulation's clock.
    pub at: Timestamp,
    /// From the whole request to the answer, in milliseconds.
    pub duration_ms: u64,
}

/// Sums over all requests since start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Requests.
    pub requests: usize,
    /// API calls they used up.
    pub api_calls: usize,
    /// Requests that asked to change records, fields or billing data.
    pub writes: usize,
}

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<LoggedRequest>,
    next: u64,
    totals: HashMap<Server, Totals>,
}

/// The newest requests, oldest first, and the totals of all.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Kept>);

impl Log {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a request; its index is given here.
    pub(crate) fn add(&self, mut request: LoggedRequest) {
        let mut kept = self.lock();
        request.index = kept.next;
        kept.next += 1;
        let totals = kept.totals.entry(request.server).or_default();
        totals.requests += 1;
        totals.api_calls += request.api_calls;
        totals.writes += usize::from(request.is_write);
        if kept.requests.len() >= KEPT {
            kept.requests.pop_front();
        }
        kept.requests.push_back(request);
    }

    /// The kept requests from an index on, of one server or of all.
    pub(crate) fn since(&self, index: u64, server: Option<Server>) -> Vec<LoggedRequest> {
        let kept = self.lock();
        let first = kept.requests.front().map_or(0, |request| request.index);
        let skip = usize::try_from(index.saturating_sub(first)).unwrap_or(usize::MAX);
        kept.requests
            .iter()
            .skip(skip)
            .filter(|request| server.is_none_or(|server| request.server == server))
            .cloned()
            .collect()
    }

    /// The sums of one server.
    pub(crate) fn totals(&self, server: Server) -> Totals {
        self.lock().totals.get(&server).copied().unwrap_or_default()
    }

    /// Requests of any server that asked to change something.
    pub(crate) fn writes(&self) -> usize {
        self.lock()
            .totals
            .values()
            .map(|totals| totals.writes)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(is_write: bool) -> LoggedRequest {
        LoggedRequest {
            index: 0,
            server: Server::Alguna,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            query: String::new(),
            status: 200,
            api_calls: 1,
            is_write,
            at: Timestamp::UNIX_EPOCH,
            duration_ms: 0,
        }
    }

    #[test]
    fn the_newest_are_kept_and_all_are_counted() {
        let log = Log::default();
        for number in 0..KEPT + 10 {
            log.add(request(number < 3));
        }
        let kept = log.since(0, None);
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept.first().map(|request| request.index), Some(10));
        let last = u64::try_from(KEPT).unwrap_or_default() + 8;
        assert_eq!(log.since(last, Some(Server::Alguna)).len(), 2);
        assert_eq!(log.since(last, Some(Server::Profitwell)).len(), 0);
        assert_eq!(log.totals(Server::Alguna).requests, KEPT + 10);
        assert_eq!(
            (log.writes(), log.totals(Server::Profitwell).requests),
            (3, 0)
        );
    }
}
