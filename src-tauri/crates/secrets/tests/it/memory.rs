use drawbridge_secrets::{MemorySecrets, Secrets, Sensitive};

#[test]
fn memory_keeps_and_forgets() {
    crate::keeps_and_forgets(&MemorySecrets::default());
}

#[test]
fn nothing_prints_a_secret() {
    let secrets = MemorySecrets::default();
    secrets
        .set("name", &Sensitive::from("very-secret"))
        .unwrap();
    let printed = format!("{secrets:?} {:?}", secrets.get("name").unwrap());
    assert!(!printed.contains("very-secret"), "{printed}");
}
