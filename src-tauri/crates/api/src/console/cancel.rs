//! A person who no longer waits for a call.

use std::sync::Arc;

use drawbridge_model::{ApiCallError, Provider};
use jiff::SignedDuration;
use tokio::sync::Notify;

use crate::context::{Workspace, locked};
use crate::error::Result;
use crate::view::ErrorView;

/// The longest ticket: a random id and room to spare.
const LONGEST: usize = 100;

/// By this a call under way is found; it is given back when the call has ended.
pub(super) struct Ticket {
    workspace: Arc<Workspace>,
    held: Option<(String, Arc<Notify>)>,
}

impl Ticket {
    /// Takes the ticket of a call, where it has one.
    pub(super) fn take(workspace: &Arc<Workspace>, ticket: Option<String>) -> Result<Self> {
        let held = match ticket {
            None => None,
            Some(ticket) => {
                let mut calls = locked(&workspace.calls);
                if ticket.is_empty() || ticket.len() > LONGEST || calls.contains_key(&ticket) {
                    return Err(ErrorView::bad_request(
                        "The ticket of a call is a word of its own. Nothing was sent.",
                    ));
                }
                let stop = Arc::new(Notify::new());
                calls.insert(ticket.clone(), stop.clone());
                Some((ticket, stop))
            }
        };
        Ok(Self {
            workspace: workspace.clone(),
            held,
        })
    }

    /// Waits until the call is cancelled; for ever where it cannot be.
    pub(super) async fn cancelled(&self) {
        match &self.held {
            Some((_, stop)) => stop.notified().await,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some((ticket, _)) = &self.held {
            locked(&self.workspace.calls).remove(ticket);
        }
    }
}

/// What is told of a call that was cancelled.
pub(super) struct UnderWay {
    pub(super) provider: Provider,
    pub(super) call: String,
    pub(super) changes: bool,
}

impl UnderWay {
    /// As a lost answer: it was sent, and nobody waited for what came of it.
    pub(super) fn cancelled(self, after: SignedDuration) -> ApiCallError {
        ApiCallError::Lost {
            source_name: self.provider.name(),
            call: self.call,
            changes: self.changes,
            seconds: u64::try_from(after.as_secs()).unwrap_or(0),
            reason: "it was cancelled before an answer came".to_owned(),
        }
    }
}
