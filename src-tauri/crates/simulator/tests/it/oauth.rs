//! Signing in: PKCE, rotation, denial, dead ends, revocation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use drawbridge_simulator::{Error, approve, deny};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::client::{Org, org};

pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";

/// A loopback listener that answers one redirect; gives the address and what it will have received.
pub(crate) async fn listener() -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = vec![0; 4096];
        let length = stream.read(&mut text).await.unwrap();
        let page = "You may close this page.";
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
            page.len()
        );
        stream.write_all(answer.as_bytes()).await.unwrap();
        let line = String::from_utf8_lossy(&text[..length])
            .lines()
            .next()
            .unwrap()
            .to_owned();
        line.split(' ').nth(1).unwrap().to_owned()
    });
    (format!("http://localhost:{port}/OauthRedirect"), received)
}

pub(crate) fn authorize_url(org: &Org, redirect: &str, change: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", org.simulator.credentials().client_id.as_str()),
        ("redirect_uri", redirect),
        ("scope", "api refresh_token"),
        ("state", "s t&te"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in change {
        parameters.retain(|(known, _)| known != name);
        if !value.is_empty() {
            parameters.push((name, value));
        }
    }
    let base = format!(
        "{}/services/oauth2/authorize",
        org.simulator.urls().salesforce_sandbox
    );
    url::Url::parse_with_params(&base, parameters)
        .unwrap()
        .to_string()
}

pub(crate) async fn token(org: &Org, form: &[(&str, &str)]) -> (u16, Value) {
    let address = format!(
        "{}/services/oauth2/token",
        org.simulator.urls().salesforce_sandbox
    );
    let answer = org.http.post(address).form(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

pub(crate) async fn sign_in(org: &Org) -> Value {
    let (redirect, code) = approved(org, &[]).await;
    let form = code_form(org, &redirect, &code);
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let (status, answer) = token(org, &form).await;
    assert_eq!(status, 200, "{answer}");
    // A code works once.
    let (status, again) = token(org, &form).await;
    assert_eq!(
        (status, again["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    answer
}

/// The fields that redeem a code.
pub(crate) fn code_form(org: &Org, redirect: &str, code: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.to_owned()),
        ("client_id", org.simulator.credentials().client_id.clone()),
        ("redirect_uri", redirect.to_owned()),
        ("code_verifier", VERIFIER.to_owned()),
    ]
}

/// Signs in up to the code; gives the redirect address and the code.
pub(crate) async fn approved(org: &Org, change: &[(&str, &str)]) -> (String, String) {
    let (redirect, received) = listener().await;
    org.simulator.state().register_redirect_uri(&redirect);
    let page = approve(&authorize_url(org, &redirect, change))
        .await
        .unwrap();
    assert_eq!(page, "You may close this page.");
    let target = url::Url::parse(&format!("http://x{}", received.await.unwrap())).unwrap();
    let query: std::collections::HashMap<_, _> = target.query_pairs().into_owned().collect();
    assert_eq!(query["state"], "s t&te");
    (redirect, query["code"].clone())
}

#[tokio::test]
async fn signing_in_refreshing_and_revoking() {
    let org = org().await;
    let answer = sign_in(&org).await;
    let instance = answer["instance_url"].as_str().unwrap();
    assert_eq!(instance, org.simulator.urls().salesforce_sandbox);
    assert!(answer["issued_at"].is_string() && answer.get("expires_in").is_none());
    let userinfo = |token: String| {
        org.http
            .get(format!("{instance}/services/oauth2/userinfo"))
            .bearer_auth(token)
            .send()
    };
    let first = answer["access_token"].as_str().unwrap().to_owned();
    let person: Value = userinfo(first.clone()).await.unwrap().json().await.unwrap();
    assert_eq!(person["preferred_username"], "ana.ruiz@fernhill.com.uat");

    let client_id = org.simulator.credentials().client_id.clone();
    let old = answer["refresh_token"].as_str().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", old),
        ("client_id", &client_id),
    ];
    let (status, refreshed) = token(&org, &form).await;
    assert_eq!(status, 200);
    assert_ne!(refreshed["refresh_token"], answer["refresh_token"]);
    let revoke = format!("{instance}/services/oauth2/revoke");
    let new = refreshed["refresh_token"].as_str().unwrap();
    assert_eq!(
        org.http
            .post(&revoke)
            .form(&[("token", new)])
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let access = refreshed["access_token"].as_str().unwrap().to_owned();
    assert_eq!(userinfo(access).await.unwrap().status(), 403);
    assert_eq!(userinfo(first).await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_wrong_verifier_is_refused() {
    let org = org().await;
    let (redirect, received) = listener().await;
    org.simulator.state().register_redirect_uri(&redirect);
    approve(&authorize_url(
        &org,
        &redirect,
        &[("code_challenge_method", "")],
    ))
    .await
    .unwrap();
    let target = url::Url::parse(&format!("http://x{}", received.await.unwrap())).unwrap();
    let code = target
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    let client_id = org.simulator.credentials().client_id.clone();
    let (status, answer) = token(
        &org,
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("client_id", &client_id),
            ("redirect_uri", &redirect),
            (
                "code_verifier",
                "another-verifier-of-forty-three-characters-000",
            ),
        ],
    )
    .await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (400, Some("invalid_grant"))
    );
}

#[tokio::test]
async fn denial_reaches_the_application() {
    let org = org().await;
    let (redirect, received) = listener().await;
    org.simulator.state().register_redirect_uri(&redirect);
    deny(&authorize_url(&org, &redirect, &[])).await.unwrap();
    assert!(received.await.unwrap().contains("error=access_denied"));
}

#[tokio::test]
async fn wrong_requests_end_on_a_page() {
    let org = org().await;
    let redirect = "http://localhost:17171/OauthRedirect";
    for (change, text) in [
        (("client_id", "nobody"), "client identifier invalid"),
        (
            ("redirect_uri", "http://localhost:17171/OauthRedirect/"),
            "redirect_uri must match configuration",
        ),
        (("scope", "api full"), "the requested scope is not allowed"),
        (("code_challenge", ""), "missing required code challenge"),
    ] {
        let result = approve(&authorize_url(&org, redirect, &[change])).await;
        assert!(
            matches!(&result, Err(Error::DeadEnd { text: page, .. }) if page.contains(text)),
            "{result:?}"
        );
    }
}

#[tokio::test]
async fn data_needs_a_session_and_localhost_works_too() {
    let org = org().await;
    let versions = format!("{}/services/data", org.simulator.urls().salesforce_sandbox);
    let list: Value = org
        .http
        .get(versions)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        list.as_array().unwrap().last().unwrap()["label"],
        "Summer '26"
    );
    let limits = org.data("/limits").replace("127.0.0.1", "localhost");
    let answer = org
        .http
        .get(&limits)
        .bearer_auth("00D!no")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error[0]["errorCode"], "INVALID_SESSION_ID");
    let answer = org
        .http
        .get(&limits)
        .bearer_auth(&org.simulator.credentials().sandbox.access_token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["sforce-limit-info"], "api-usage=1/5000000");
    org.simulator.state().expire_sessions();
    assert_eq!(org.get("/limits").await.0, 401);
}
