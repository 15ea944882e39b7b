//! Secrets from environment variables, for machines without a keychain.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::{MemorySecrets, SecretError, SecretPlace, Secrets, Sensitive};

/// Looks a variable up.
type Lookup = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Reads `DRAWBRIDGE_SECRET_<NAME>`. What is set here is remembered until this process ends and
/// goes before the variable, because Salesforce gives a new refresh token in place of the old one;
/// the variable itself is never changed.
pub struct EnvironmentSecrets {
    lookup: Lookup,
    newer: MemorySecrets,
    deleted: Mutex<BTreeSet<String>>,
}

impl EnvironmentSecrets {
    /// Secrets from the environment of this process.
    pub fn of_process() -> Self {
        Self::new(|variable| std::env::var(variable).ok())
    }

    /// Secrets from wherever `lookup` finds a variable.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            lookup: Box::new(lookup),
            newer: MemorySecrets::default(),
            deleted: Mutex::default(),
        }
    }

    /// Like `get`, for callers that cannot go on without the secret: the error names the variable
    /// to set.
    pub fn require(&self, name: &str) -> Result<Sensitive<String>, SecretError> {
        self.get(name)?
            .ok_or_else(|| SecretError::NotInEnvironment {
                name: name.to_owned(),
                variable: variable_name(name),
            })
    }
}

impl std::fmt::Debug for EnvironmentSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnvironmentSecrets").finish_non_exhaustive()
    }
}

impl Secrets for EnvironmentSecrets {
    fn place(&self) -> SecretPlace {
        SecretPlace::Environment
    }

    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, SecretError> {
        if let Some(newer) = self.newer.get(name)? {
            return Ok(Some(newer));
        }
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        if deleted.contains(name) {
            return Ok(None);
        }
        Ok((self.lookup)(&variable_name(name))
            .filter(|secret| !secret.is_empty())
            .map(Sensitive::new))
    }

    fn set(&self, name: &str, secret: &Sensitive<String>) -> Result<(), SecretError> {
        self.newer.set(name, secret)
    }

    /// Forgets what was set here and no longer looks at the variable.
    fn delete(&self, name: &str) -> Result<(), SecretError> {
        let mut deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.insert(name.to_owned());
        self.newer.delete(name)
    }
}

/// The variable that holds the secret of that name: `DRAWBRIDGE_SECRET_`, then the name in upper
/// case with `_` for everything that is neither letter nor digit.
pub fn variable_name(name: &str) -> String {
    let name: String = name
        .to_uppercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .collect();
    format!("DRAWBRIDGE_SECRET_{name}")
}
