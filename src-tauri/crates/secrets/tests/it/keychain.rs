use drawbridge_secrets::{Keychain, LONGEST_SECRET, SecretError, SecretPlace, Secrets, Sensitive};

const SERVICE: &str = "app.drawbridge.desktop.test";

/// The keychain, where this machine can have one.
fn keychain() -> Option<Keychain> {
    let no_bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none();
    if cfg!(target_os = "linux") && no_bus {
        eprintln!("skipped: there is no session bus, so no keychain (DBUS_SESSION_BUS_ADDRESS)");
        return None;
    }
    Some(Keychain::probe(SERVICE).unwrap())
}

#[test]
fn the_keychain_keeps_and_forgets() {
    let Some(keychain) = keychain() else { return };
    assert_eq!(keychain.place(), SecretPlace::Keychain);
    crate::keeps_and_forgets(&keychain);
}

#[test]
fn secrets_up_to_the_limit_of_windows_are_kept_and_longer_ones_refused() {
    let Some(keychain) = keychain() else { return };
    let longest = Sensitive::new("x".repeat(LONGEST_SECRET));
    keychain.set("longest", &longest).unwrap();
    assert_eq!(
        keychain.get("longest").unwrap().unwrap().expose(),
        longest.expose()
    );
    keychain.delete("longest").unwrap();
    let error = keychain
        .set("longest", &Sensitive::new("y".repeat(LONGEST_SECRET + 1)))
        .unwrap_err();
    assert!(error.to_string().contains("2560"), "{error}");
    assert!(!error.to_string().contains("yyy"));
    assert!(keychain.get("longest").unwrap().is_none());
}

#[test]
fn without_a_keychain_the_probe_says_why() {
    let no_bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none();
    if !(cfg!(target_os = "linux") && no_bus) {
        eprintln!("skipped: this machine has a session bus");
        return;
    }
    let error = Keychain::probe(SERVICE).unwrap_err();
    assert!(matches!(error, SecretError::NoKeychain { .. }), "{error}");
    let (secrets, why) = drawbridge_secrets::open(SERVICE);
    assert_eq!(secrets.place(), SecretPlace::Environment);
    assert!(why.is_some_and(|why| why.contains("keychain")));
}
