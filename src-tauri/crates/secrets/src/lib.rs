//! Where secrets are kept: the keychain of the operating system, environment variables on machines
//! without one, or the memory of this process. Nothing here writes a secret to a file.

mod environment;
mod keychain;
mod memory;
mod open;

pub use drawbridge_model::{SecretError, SecretPlace, Secrets, Sensitive};
pub use environment::{EnvironmentSecrets, variable_name};
pub use keychain::{Keychain, LONGEST_SECRET};
pub use memory::MemorySecrets;
pub use open::open;

/// The service all of Drawbridge's entries in the keychain stand under: its bundle identifier.
pub const SERVICE: &str = "app.drawbridge.desktop";
