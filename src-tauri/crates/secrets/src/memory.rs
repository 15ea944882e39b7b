//! Secrets in the memory of this process: for tests, for the demo, and for what the environment
//! cannot keep.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use crate::{SecretError, SecretPlace, Secrets, Sensitive};

/// Secrets that are gone, and overwritten, when this is dropped.
#[derive(Default)]
pub struct MemorySecrets {
    kept: Mutex<HashMap<String, Zeroizing<String>>>,
}

impl MemorySecrets {
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Zeroizing<String>>> {
        // One insert or remove cannot leave the map half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemorySecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemorySecrets").finish_non_exhaustive()
    }
}

impl Secrets for MemorySecrets {
    fn place(&self) -> SecretPlace {
        SecretPlace::Memory
    }

    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, SecretError> {
        let kept = self.kept();
        Ok(kept
            .get(name)
            .map(|secret| Sensitive::new(secret.as_str().to_owned())))
    }

    fn set(&self, name: &str, secret: &Sensitive<String>) -> Result<(), SecretError> {
        let secret = Zeroizing::new(secret.expose().clone());
        self.kept().insert(name.to_owned(), secret);
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.kept().remove(name);
        Ok(())
    }
}
