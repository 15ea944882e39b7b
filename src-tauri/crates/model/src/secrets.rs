//! Secrets: how they are held in memory, and the port to where they are kept.

use std::fmt;

/// A secret in memory. It cannot be printed, compared or serialized by accident; whoever needs it
/// says so with [`Sensitive::expose`].
#[derive(Clone)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a secret.
    pub fn new(secret: T) -> Self {
        Self(secret)
    }

    /// The secret itself. Use it where it is sent, nowhere else.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl From<&str> for Sensitive<String> {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

/// Where secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// The operating system's keychain.
    Keychain,
    /// Environment variables, read only: for machines without a keychain.
    Environment,
    /// This process's memory: gone when it ends.
    Memory,
}

/// A place that keeps secrets by name.
pub trait Secrets: Send + Sync {
    /// Which kind of place this is.
    fn place(&self) -> SecretPlace;

    /// The secret of that name; `None` when there is none.
    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, SecretError>;

    /// Keeps a secret, in place of an older one of that name.
    fn set(&self, name: &str, secret: &Sensitive<String>) -> Result<(), SecretError>;

    /// Forgets a secret; one that is not there is no error.
    fn delete(&self, name: &str) -> Result<(), SecretError>;
}

/// Why a secret could not be kept or read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no keychain, or it is locked.
    #[error("The keychain cannot be used: {reason}")]
    NoKeychain {
        /// What the keychain said.
        reason: String,
    },
    /// The environment variable that should hold it is not set.
    #[error("The secret of “{name}” is not set: put it into the environment variable {variable}")]
    NotInEnvironment {
        /// Name of the secret.
        name: String,
        /// The variable.
        variable: String,
    },
    /// Secrets in the environment cannot be changed from here.
    #[error(
        "The secret of “{name}” cannot be kept: without a keychain it is read from the \
         environment variable {variable} only"
    )]
    ReadOnly {
        /// Name of the secret.
        name: String,
        /// The variable.
        variable: String,
    },
    /// What is kept under that name is not what was put there.
    #[error("The secret of “{name}” cannot be read: sign in again to replace it")]
    Damaged {
        /// Name of the secret.
        name: String,
    },
}
