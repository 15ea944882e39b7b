//! The keychain of the operating system: the Secret Service on Linux, the macOS Keychain, the
//! Windows Credential Manager.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use keyring::v1::{Entry, Error};
use zeroize::Zeroizing;

use crate::{SecretError, SecretPlace, Secrets, Sensitive};

/// The longest secret in bytes. Windows takes no more; the others are held to it, so that a
/// connection that works on one machine works on all.
pub const LONGEST_SECRET: usize = 2_560;

/// Begins the name of the entry that a probe writes and deletes. The number of the process and of
/// the probe follow, so that two probes at a time do not delete each other's entry.
const PROBE: &str = "drawbridge-probe";

/// The keychain, proven to work.
#[derive(Clone, Debug)]
pub struct Keychain {
    service: String,
}

impl Keychain {
    /// Proves that the keychain works by writing, reading and deleting an entry: a locked one
    /// answers every reading with “there is no such entry” and fails at the first writing only.
    pub fn probe(service: &str) -> Result<Self, SecretError> {
        static PROBES: AtomicU32 = AtomicU32::new(0);
        let keychain = Self {
            service: service.to_owned(),
        };
        let number = PROBES.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PROBE}-{}-{number}", std::process::id());
        keychain.set(&name, &Sensitive::from("probe"))?;
        let read = keychain.get(&name);
        keychain.delete(&name)?;
        match read? {
            Some(secret) if secret.expose() == "probe" => Ok(keychain),
            _ => Err(SecretError::NoKeychain {
                reason: "it does not give back what is put into it".to_owned(),
            }),
        }
    }

    /// Does something with an entry, on a thread of its own: the client of the Secret Service
    /// waits for the bus in a way that must not happen inside an asynchronous runtime.
    fn with_entry<T: Send>(
        &self,
        name: &str,
        work: impl FnOnce(&Entry) -> Result<T, Error> + Send,
    ) -> Result<Result<T, Error>, SecretError> {
        let on_its_own = || -> Result<Result<T, Error>, SecretError> {
            if let Err(error) = Entry::store_status() {
                return Err(unusable(error));
            }
            Entry::new(&self.service, name)
                .map(|entry| work(&entry))
                .map_err(|error| unusable(&error))
        };
        thread::scope(|scope| scope.spawn(on_its_own).join()).unwrap_or_else(|_| {
            Err(SecretError::NoKeychain {
                reason: "its client broke off".to_owned(),
            })
        })
    }
}

impl Secrets for Keychain {
    fn place(&self) -> SecretPlace {
        SecretPlace::Keychain
    }

    fn get(&self, name: &str) -> Result<Option<Sensitive<String>>, SecretError> {
        match self.with_entry(name, Entry::get_password)? {
            Ok(secret) => Ok(Some(Sensitive::new(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(Error::BadEncoding(bytes) | Error::BadDataFormat(bytes, _)) => {
                drop(Zeroizing::new(bytes));
                Err(SecretError::Damaged {
                    name: name.to_owned(),
                })
            }
            Err(other) => Err(unusable(&other)),
        }
    }

    fn set(&self, name: &str, secret: &Sensitive<String>) -> Result<(), SecretError> {
        let secret = secret.expose();
        if secret.len() > LONGEST_SECRET {
            return Err(SecretError::NoKeychain {
                reason: format!(
                    "the secret of “{name}” has {} bytes and a keychain takes {LONGEST_SECRET}; \
                     nothing was kept",
                    secret.len()
                ),
            });
        }
        self.with_entry(name, |entry| entry.set_password(secret))?
            .map_err(|error| unusable(&error))
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        match self.with_entry(name, Entry::delete_credential)? {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(other) => Err(unusable(&other)),
        }
    }
}

/// The keychain's own words, without the data some of its errors carry.
fn unusable(error: &Error) -> SecretError {
    let reason = match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            "an entry is not what was put there".to_owned()
        }
        Error::Ambiguous(entries) => {
            format!("{} entries have the same name", entries.len())
        }
        other => other.to_string(),
    };
    SecretError::NoKeychain { reason }
}
