//! The client against HTTP servers on loopback: scripted ones for what goes over the wire, the
//! simulated org for whole stories.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod bulk;
mod deploys;
mod login;
mod scripted;
mod simulated;
mod troubles;
mod wire;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use drawbridge_model::SecretError;
use drawbridge_salesforce::{Options, Retry, TokenKeeper, Tokens};

/// Keeps what it is given, in order.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) Mutex<Vec<Tokens>>);

impl TokenKeeper for Kept {
    fn save(&self, tokens: &Tokens) -> Result<(), SecretError> {
        self.0.lock().unwrap().push(tokens.clone());
        Ok(())
    }

    fn load(&self) -> Result<Option<Tokens>, SecretError> {
        Ok(self.0.lock().unwrap().last().cloned())
    }
}

impl Kept {
    /// A keeper that has kept nothing yet.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// The refresh tokens kept so far.
    pub(crate) fn refresh_tokens(&self) -> Vec<String> {
        let kept = self.0.lock().unwrap();
        kept.iter()
            .map(|tokens| tokens.refresh_token.as_ref().unwrap().expose().clone())
            .collect()
    }
}

/// Settings with short waits.
pub(crate) fn quick() -> Options {
    Options {
        timeout: Duration::from_secs(5),
        retry: Retry {
            first: Duration::from_millis(5),
            ..Retry::default()
        },
        ..Options::default()
    }
}
