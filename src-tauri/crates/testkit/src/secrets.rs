//! Secrets in memory that also remember everything they were ever given.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use drawbridge_model::{SecretError, SecretPlace, Secrets, Sensitive};

/// Keeps secrets in memory, and every value there ever was, so that a test can look for each of
/// them in places where none may be.
#[derive(Default)]
pub struct SeenSecrets {
    kept: Mutex<HashMap<String, String>>,
    seen: Mutex<Vec<String>>,
}

impl SeenSecrets {
    /// Every secret ever kept, one by one: of an org's login, each of its tokens.
    pub fn ever_seen(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut secrets: Vec<String> = seen.iter().flat_map(|kept| single_secrets(kept)).collect();
        secrets.sort();
        secrets.dedup();
        secrets
    }

    /// Puts a secret in, as a person who replaces it does.
    pub fn put(&self, name: &str, secret: &str) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(name.to_owned(), secret.to_owned());
    }

    /// Forgets all, as a keychain does that is locked or was emptied.
    pub fn lose(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
    }
}

/// The secret parts of what is kept: an org's login is kept as lines `letter=value`, of which the
/// tokens (`a`, `r`) and the consumer secret (`s`) are secret; a key is secret whole.
fn single_secrets(kept: &str) -> Vec<String> {
    if kept.lines().count() < 2 {
        return vec![kept.to_owned()];
    }
    kept.lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(letter, _)| ["a", "r", "s"].contains(letter))
        .map(|(_, secret)| secret.to_owned())
        .collect()
}

impl Secrets for SeenSecrets {
    fn place(&self) -> SecretPlace {
        SecretPlace::Memory
    }

    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, SecretError> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kept.get(name).cloned().map(Sensitive::new))
    }

    fn set(&self, name: &str, secret: &Sensitive<String>) -> Result<(), SecretError> {
        self.put(name, secret.expose());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(secret.expose().clone());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(name);
        Ok(())
    }
}

/// The secret kept under a name at present.
pub fn kept(secrets: &SeenSecrets, name: &str) -> Option<String> {
    let kept = secrets.kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get(name).cloned()
}
