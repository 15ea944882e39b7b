//! Each thing that goes wrong: its code, its words, its next step, and what was read before stays.

use std::sync::Arc;

use drawbridge_api::view::{
    ErrorCode, ErrorView, Nothing, PlanStatusView, ProviderView, SourceConnectRequest, SyncRequest,
};
use drawbridge_api::{Context, Options};
use drawbridge_model::{SecretError, SecretPlace, Secrets, Sensitive};
use drawbridge_testkit::Workbench;
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

/// Code, message and hint as a person gets them, without what differs from run to run.
fn shown(error: &ErrorView) -> String {
    assert!(!error.message.is_empty());
    let hint = error.hint.as_deref().unwrap_or("(no hint)");
    format!("{:?}\n{}\n{hint}", error.code, error.message)
}

fn assert_shown(name: &str, error: &ErrorView) {
    let next_step = error.hint.is_some() || error.message.contains("again");
    assert!(next_step, "no next step: {error:?}");
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d+", "HOST");
    settings.add_filter(r"localhost:\d+", "HOST");
    settings.bind(|| insta::assert_snapshot!(name.to_owned(), shown(error)));
}

/// After a good plan a fault is switched on: the next plan fails, and what was read stays.
async fn plan_fails(name: &str, fault: Fault, code: ErrorCode) {
    let bench = Workbench::with_customers(40).await;
    let sync = bench.alguna_sync().await;
    bench.plan(sync).await;
    let (before, writes) = (bench.snapshot().await, bench.state().write_calls());
    bench.state().arm(fault);
    let error = bench.try_plan(sync).await.unwrap_err();
    assert_eq!(error.code, code, "{error:?}");
    assert!(error.hint.is_some(), "{error:?}");
    assert_shown(name, &error);
    assert_eq!(bench.snapshot().await, before, "what was read before stays");
    assert_eq!(bench.state().write_calls(), writes);
    let view = bench.context.sync_get(SyncRequest { sync }).await.unwrap();
    let latest = view.latest_plan.unwrap();
    assert_eq!(latest.status, PlanStatusView::Failed);
    assert_eq!(latest.error.as_deref(), Some(error.message.as_str()));
    // When the trouble is over, it works again.
    bench.state().clear_faults();
    bench.plan(sync).await;
}

fn always(server: Server, path: &str, kind: FaultKind) -> Fault {
    Fault::new(server, path, kind).times(u32::MAX)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_instead_of_billing_data() {
    let fault = always(Server::Alguna, "/customers", FaultKind::Html200);
    plan_fails("billing_web_page", fault, ErrorCode::NotTheApi).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_customers_that_breaks_off() {
    let fault = always(Server::Alguna, "/customers", FaultKind::Truncate);
    plan_fails("billing_truncated", fault, ErrorCode::NotTheApi).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_withdrawn() {
    let fault = always(Server::Alguna, "", FaultKind::ExpiredSession);
    plan_fails("billing_key_withdrawn", fault, ErrorCode::NeedsSignIn).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_instead_of_the_org() {
    let fault = always(Server::SalesforceSandbox, "/query", FaultKind::Html200);
    plan_fails("org_web_page", fault, ErrorCode::NotTheApi).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_without_calls_left() {
    let fault = always(Server::SalesforceSandbox, "", FaultKind::QuotaExceeded);
    plan_fails("org_quota", fault, ErrorCode::QuotaUsedUp).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_that_lets_nobody_in() {
    let kind = FaultKind::salesforce_error(
        403,
        "API_DISABLED_FOR_ORG",
        "The REST API is not enabled for this Organization.",
    );
    let fault = always(Server::SalesforceSandbox, "", kind);
    plan_fails("org_api_disabled", fault, ErrorCode::BlockedByPolicy).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_addresses_that_do_not_work_connect_nothing() {
    let bench = Workbench::with_customers(20).await;
    let urls = bench.simulator.urls().clone();
    let key = bench.simulator.credentials().alguna_api_key.clone();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    for (name, base_url, key, code) in [
        (
            "wrong_key",
            urls.alguna.as_str(),
            "wrong.key",
            ErrorCode::NeedsSignIn,
        ),
        ("nobody_listens", &nobody, &key, ErrorCode::Unreachable),
        ("not_an_address", "alguna", &key, ErrorCode::Unreachable),
        (
            "not_secure",
            "http://api.alguna.example",
            &key,
            ErrorCode::Unreachable,
        ),
        (
            "another_product",
            &urls.salesforce_sandbox,
            &key,
            ErrorCode::Refused,
        ),
        ("empty_key", &urls.alguna, "  ", ErrorCode::BadRequest),
    ] {
        let refused = bench
            .connect_source(ProviderView::Alguna, "Alguna", base_url, key)
            .await;
        let error = refused.expect_err(name);
        assert_shown(name, &error);
        assert_eq!(error.code, code, "{name}: {error:?}");
        let left = bench.context.connection_list(Nothing {}).await.unwrap();
        assert!(left.is_empty(), "{name} left a connection");
        assert!(bench.secrets.ever_seen().is_empty(), "{name} left a secret");
    }
    bench.connect_alguna().await;
    let again = bench
        .connect_source(ProviderView::Alguna, "Alguna", &urls.alguna, &key)
        .await;
    let error = again.unwrap_err();
    assert_eq!(error.code, ErrorCode::NameTaken);
    assert_shown("name_taken", &error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_to_no_org() {
    use drawbridge_api::view::EnvironmentView::Sandbox;
    let bench = Workbench::with_customers(20).await;
    for (name, url) in [
        ("login_not_secure", "http://acme.my.salesforce.com"),
        ("login_not_salesforce", "https://example.com"),
    ] {
        let error = bench.sign_in("UAT", Sandbox, url).await.expect_err(name);
        assert_eq!(error.code, ErrorCode::BadRequest, "{name}");
        assert_shown(name, &error);
    }
}

/// A keychain that is locked.
struct Locked;

impl Locked {
    fn refused<T>() -> Result<T, SecretError> {
        Err(SecretError::NoKeychain {
            reason: "it is locked".to_owned(),
        })
    }
}

impl Secrets for Locked {
    fn place(&self) -> SecretPlace {
        SecretPlace::Memory
    }

    fn get(&self, _: &str) -> Result<Option<Sensitive<String>>, SecretError> {
        Self::refused()
    }

    fn set(&self, _: &str, _: &Sensitive<String>) -> Result<(), SecretError> {
        Self::refused()
    }

    fn delete(&self, _: &str) -> Result<(), SecretError> {
        Self::refused()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_nothing_is_connected() {
    let bench = Workbench::with_customers(20).await;
    let dir = tempfile::tempdir().unwrap();
    let context = Context::open(Options {
        secrets: Some(Arc::new(Locked)),
        ..Options::new(dir.path().to_owned())
    })
    .unwrap();
    let request = SourceConnectRequest {
        provider: ProviderView::Alguna,
        name: "Alguna".to_owned(),
        base_url: Some(bench.simulator.urls().alguna.clone()),
        key: bench.simulator.credentials().alguna_api_key.clone(),
    };
    let error = context.source_connect(request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoKeychain);
    assert_shown("no_keychain", &error);
    assert!(
        context
            .connection_list(Nothing {})
            .await
            .unwrap()
            .is_empty()
    );
}
