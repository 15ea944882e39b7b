use drawbridge_secrets::{
    EnvironmentSecrets, SecretError, SecretPlace, Secrets, Sensitive, variable_name,
};

fn with_one(variable: &'static str, value: &'static str) -> EnvironmentSecrets {
    EnvironmentSecrets::new(move |asked| (asked == variable).then(|| value.to_owned()))
}

#[test]
fn names_become_variables() {
    assert_eq!(
        variable_name("Acme sandbox-2"),
        "DRAWBRIDGE_SECRET_ACME_SANDBOX_2"
    );
}

#[test]
fn the_variable_is_read() {
    let secrets = with_one("DRAWBRIDGE_SECRET_MY_ORG", "token");
    assert_eq!(secrets.place(), SecretPlace::Environment);
    assert_eq!(secrets.get("my-org").unwrap().unwrap().expose(), "token");
    assert!(secrets.get("other").unwrap().is_none());
}

#[test]
fn an_empty_variable_is_no_secret_and_the_error_names_it() {
    let secrets = with_one("DRAWBRIDGE_SECRET_MY_ORG", "");
    assert!(secrets.get("my-org").unwrap().is_none());
    let error = secrets.require("my-org").unwrap_err();
    assert!(matches!(error, SecretError::NotInEnvironment { .. }));
    assert!(error.to_string().contains("DRAWBRIDGE_SECRET_MY_ORG"));
}

#[test]
fn a_newer_token_goes_before_the_variable() {
    let secrets = with_one("DRAWBRIDGE_SECRET_MY_ORG", "old");
    secrets.set("my-org", &Sensitive::from("new")).unwrap();
    assert_eq!(secrets.get("my-org").unwrap().unwrap().expose(), "new");
}

#[test]
fn what_is_deleted_does_not_come_back_from_the_variable() {
    let secrets = with_one("DRAWBRIDGE_SECRET_MY_ORG", "revoked");
    secrets.delete("my-org").unwrap();
    assert!(secrets.get("my-org").unwrap().is_none());
    secrets.set("my-org", &Sensitive::from("again")).unwrap();
    assert_eq!(secrets.get("my-org").unwrap().unwrap().expose(), "again");
}

#[test]
fn the_environment_keeps_and_forgets() {
    crate::keeps_and_forgets(&EnvironmentSecrets::new(|_| None));
}
