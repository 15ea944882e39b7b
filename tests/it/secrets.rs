//! A secret lives among the secrets and nowhere else.

use std::fs;
use std::path::Path;

use drawbridge_api::view::{ConnectionStatusView, ErrorCode, Nothing, SyncRequest};
use drawbridge_testkit::{Workbench, assert_adds_up};

/// Every file of a folder, with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

fn contains(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|part| part == secret.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_in_any_file_or_in_any_view() {
    let bench = Workbench::with_customers(60).await;
    let sync = bench.alguna_sync().await;
    bench.connect_profitwell().await;
    let plan = bench.plan(sync).await;
    // The session ends before the run: the refresh token is used, and rotates.
    bench.state().expire_sessions();
    assert_adds_up(&bench.run(plan.id).await.run);
    bench.state().expire_sessions();
    let again = bench.plan(sync).await;
    assert_adds_up(&bench.run(again.id).await.run);

    let credentials = bench.simulator.credentials();
    let mut secrets = bench.secrets.ever_seen();
    assert!(
        secrets.len() >= 8,
        "keys and rotated tokens were kept: {}",
        secrets.len()
    );
    secrets.extend([
        credentials.alguna_api_key.clone(),
        credentials.profitwell_token.clone(),
    ]);
    let mut places = files(bench.dir.path());
    assert!(
        places
            .iter()
            .any(|(_, bytes)| contains(bytes, "Alguna_Customer_ID__c")),
        "the files are looked through as they are, unencrypted"
    );
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bindings = root.join("ui/src/backend/bindings.ts");
    places.push(("bindings".into(), fs::read(bindings).unwrap()));
    let nothing = drawbridge_api::view::Nothing {};
    let connections = bench.context.connection_list(nothing).await.unwrap();
    places.push(("views".into(), serde_json::to_vec(&connections).unwrap()));
    places.push(("debug".into(), format!("{connections:?}").into_bytes()));
    for (place, bytes) in &places {
        for secret in &secrets {
            assert!(!contains(bytes, secret), "a secret is in {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_forgets_the_secret() {
    let bench = Workbench::with_customers(20).await;
    let org = bench.connect_sandbox().await;
    assert!(!bench.secrets.ever_seen().is_empty());
    let request = drawbridge_api::view::ConnectionRequest { connection: org.id };
    bench.context.connection_leave(request).await.unwrap();
    let left = drawbridge_testkit::kept(&bench.secrets, "UAT");
    assert_eq!(left, None);
}

/// How every connection stands, and why.
async fn standing(bench: &Workbench) -> Vec<(ConnectionStatusView, Option<String>)> {
    let all = bench.context.connection_list(Nothing {}).await.unwrap();
    all.into_iter()
        .map(|one| (one.status, one.status_reason))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_secret_is_gone_says_so() {
    let bench = Workbench::with_customers(20).await;
    bench.alguna_sync().await;
    let well = (ConnectionStatusView::Connected, None);
    assert_eq!(standing(&bench).await, [well.clone(), well]);
    // As somebody does who removes it from the keychain by hand.
    bench.secrets.lose();
    let gone = standing(&bench).await;
    assert_eq!(gone.len(), 2);
    for (status, reason) in gone {
        assert_eq!(status, ConnectionStatusView::NeedsSignIn);
        assert!(reason.unwrap().starts_with("There is no secret for"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_kept_whoever_met_it() {
    let bench = Workbench::with_customers(20).await;
    let sync = bench.alguna_sync().await;
    let state = bench.state();
    state.expire_sessions();
    state.refuse_next_token("invalid_grant", "expired access/refresh token");
    let asked = bench.context.fields_get(SyncRequest { sync }).await;
    let error = asked.unwrap_err();
    assert_eq!(error.code, ErrorCode::NeedsSignIn);
    let refused = (ConnectionStatusView::NeedsSignIn, Some(error.message));
    assert!(standing(&bench).await.contains(&refused));
}
