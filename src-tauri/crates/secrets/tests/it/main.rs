//! Keeping secrets, against the keychain of the machine where there is one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "tests"
)]

mod environment;
mod keychain;
mod memory;

use drawbridge_secrets::{Secrets, Sensitive};

/// What every place must do.
fn keeps_and_forgets(secrets: &dyn Secrets) {
    let text = |name: &str| secrets.get(name).unwrap().map(|s| s.expose().clone());
    assert_eq!(text("contract-none"), None);
    secrets.set("contract", &Sensitive::from("first")).unwrap();
    secrets
        .set("contract", &Sensitive::from("zweites „ü“"))
        .unwrap();
    assert_eq!(text("contract").as_deref(), Some("zweites „ü“"));
    secrets.delete("contract").unwrap();
    assert_eq!(text("contract"), None);
    secrets.delete("contract").unwrap();
}
