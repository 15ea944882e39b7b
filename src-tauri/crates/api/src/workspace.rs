//! Opening a workspace: its folder, its secrets, its database and the database's key.

use std::path::Path;
use std::sync::Arc;

use drawbridge_model::{SecretPlace, Secrets, Sensitive};
use drawbridge_store::{Store, StoreError};
use rand::Rng;

use crate::context::{Options, Workspace};
use crate::error::Result;

/// The bundle identifier, under which the keychain files our secrets.
pub(crate) const SERVICE: &str = "app.drawbridge.desktop";
const DATABASE: &str = "drawbridge.db";
/// Name of the database key among the secrets; no connection can have it, for the dot.
const KEY_NAME: &str = "database.key";

/// Opens the workspace in a folder. A database that its key does not open is set aside, never
/// deleted: the workspace begins anew and says so.
pub(crate) fn open(options: &Options) -> Result<Workspace> {
    let (dir, clock) = (options.data_dir.as_path(), options.clock.as_ref());
    let (secrets, no_keychain) = match &options.secrets {
        Some(given) => (given.clone(), None),
        None => drawbridge_secrets::open(SERVICE),
    };
    let path = dir.join(DATABASE);
    let key = match secrets.place() {
        SecretPlace::Keychain => Some(database_key(secrets.as_ref())?),
        SecretPlace::Environment | SecretPlace::Memory => None,
    };
    let mut encrypted = key.is_some();
    let mut warning = no_keychain.map(|reason| {
        format!(
            "{reason}. Secrets are read from the environment and never written to disk; customer \
             data in {} is not encrypted.",
            path.display()
        )
    });
    let store = match Store::open(&path, key.as_ref()) {
        Err(error) if error.can_set_aside() => {
            let aside = Store::set_aside(&path, clock.now())?;
            warning = Some(format!(
                "The database could not be opened with the key in the keychain. It was set aside \
                 as {}; the workspace begins anew.",
                aside.display()
            ));
            Store::open(&path, key.as_ref())?
        }
        Err(StoreError::NotEncrypted { .. }) => {
            encrypted = false;
            warning = Some(format!(
                "{} was made without a keychain and is not encrypted.",
                path.display()
            ));
            Store::open(&path, None)?
        }
        other => other?,
    };
    match store.interrupt_running(clock.now()) {
        // What is there can be read all the same; how a run stands is found again when it is asked.
        Err(StoreError::DiskFull { .. }) | Ok(_) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(Workspace::new(
        store, secrets, dir, encrypted, warning, None,
    ))
}

/// The database's key from the keychain; made on first use.
fn database_key(secrets: &dyn Secrets) -> Result<Sensitive<[u8; 32]>> {
    if let Some(kept) = secrets.get(KEY_NAME)?
        && let Some(key) = from_hex(kept.expose())
    {
        return Ok(Sensitive::new(key));
    }
    let key: [u8; 32] = rand::rng().random();
    secrets.set(KEY_NAME, &Sensitive::new(to_hex(&key)))?;
    Ok(Sensitive::new(key))
}

fn to_hex(key: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    key.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.trim();
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(key)
}

/// A workspace in memory secrets and a plain, throw-away database, for the demo.
pub(crate) fn open_throwaway(
    dir: &Path,
    secrets: Arc<dyn Secrets>,
    simulator: drawbridge_simulator::Simulator,
) -> Result<Workspace> {
    let store = Store::open(&dir.join(DATABASE), None)?;
    Ok(Workspace::new(
        store,
        secrets,
        dir,
        false,
        None,
        Some(simulator),
    ))
}
