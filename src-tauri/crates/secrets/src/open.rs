//! Choosing the place: the keychain where it works, else the environment.

use std::sync::Arc;

use crate::{EnvironmentSecrets, Keychain, Secrets};

/// The keychain of that service if it works; else the environment, with the reason why, for the
/// standing warning.
pub fn open(service: &str) -> (Arc<dyn Secrets>, Option<String>) {
    match Keychain::probe(service) {
        Ok(keychain) => (Arc::new(keychain), None),
        Err(error) => {
            let reason = error.to_string();
            tracing::warn!(%reason, "secrets are read from the environment");
            (Arc::new(EnvironmentSecrets::of_process()), Some(reason))
        }
    }
}
