//! How long codes, sessions and refresh tokens live, and what refuses them.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use drawbridge_simulator::{Error, OAuthPolicy, approve};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize, SigningKey};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::{Org, org};
use crate::oauth::{approved, authorize_url, code_form, sign_in, token};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

async fn redeem(org: &Org, redirect: &str, code: &str) -> (u16, Value) {
    let form = code_form(org, redirect, code);
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    token(org, &form).await
}

async fn refresh(org: &Org, refresh_token: &Value) -> (u16, Value) {
    let client_id = org.simulator.credentials().client_id.clone();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str().unwrap()),
        ("client_id", &client_id),
    ];
    token(org, &form).await
}

/// Status of a REST call with this access token, and its message.
async fn rest(org: &Org, access_token: &Value) -> (u16, Value) {
    let answer = org
        .http
        .get(org.data("/limits"))
        .bearer_auth(access_token.as_str().unwrap())
        .send()
        .await
        .unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body[0]["message"].clone())
}

async fn switch(org: &Org, change: &Value) -> (u16, Value) {
    let address = format!("{}/sim/oauth", org.simulator.urls().salesforce_sandbox);
    let answer = org.http.post(address).json(change).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn codes_wait_fifteen_minutes() {
    let org = org().await;
    let (redirect, code) = approved(&org, &[]).await;
    org.simulator.state().advance_clock(Duration::from_mins(14));
    assert_eq!(redeem(&org, &redirect, &code).await.0, 200);
    let (redirect, code) = approved(&org, &[]).await;
    org.simulator
        .state()
        .advance_clock(Duration::from_secs(15 * 60 + 1));
    let (status, error) = redeem(&org, &redirect, &code).await;
    assert_eq!(
        (status, &error["error_description"]),
        (400, &json!("expired authorization code"))
    );
    let (_, error) = redeem(&org, &redirect, "aPrxNone").await;
    assert_eq!(error["error_description"], "invalid authorization code");
    let (other, code) = approved(&org, &[]).await;
    let (_, error) = redeem(&org, &format!("{other}/"), &code).await;
    assert_eq!(error["error"], "redirect_uri_mismatch");
}

#[tokio::test]
async fn sessions_slide_and_end() {
    let org = org().await;
    let state = org.simulator.state();
    let signed_in = sign_in(&org).await;
    let access = &signed_in["access_token"];
    for _ in 0..3 {
        state.advance_clock(HOUR + HOUR / 2);
        assert_eq!(rest(&org, access).await.0, 200, "used within two hours");
    }
    state.advance_clock(2 * HOUR + Duration::from_secs(1));
    assert_eq!(
        rest(&org, access).await,
        (401, json!("Session expired or invalid"))
    );
    let (status, refreshed) = refresh(&org, &signed_in["refresh_token"]).await;
    assert_eq!(status, 200);
    assert_eq!(rest(&org, &refreshed["access_token"]).await.0, 200);
}

#[tokio::test]
async fn refresh_tokens_die_of_idleness_age_and_reuse() {
    let org = org().await;
    let state = org.simulator.state();
    let first = sign_in(&org).await;
    state.advance_clock(29 * DAY);
    let (status, second) = refresh(&org, &first["refresh_token"]).await;
    assert_eq!(status, 200, "used within thirty days");
    state.advance_clock(30 * DAY + Duration::from_secs(1));
    let (status, error) = refresh(&org, &second["refresh_token"]).await;
    assert_eq!(
        (status, &error["error_description"]),
        (400, &json!("expired access/refresh token"))
    );

    let first = sign_in(&org).await;
    let (_, second) = refresh(&org, &first["refresh_token"]).await;
    assert_eq!(rest(&org, &second["access_token"]).await.0, 200);
    let (_, error) = refresh(&org, &first["refresh_token"]).await;
    assert_eq!(error["error_description"], "expired access/refresh token");
    assert_eq!(rest(&org, &second["access_token"]).await.0, 401);
    assert_eq!(refresh(&org, &second["refresh_token"]).await.0, 400);

    state.set_oauth_policy(OAuthPolicy {
        refresh_lifetime_days: Some(10),
        rotation: false,
        ..state.oauth_policy()
    });
    let signed_in = sign_in(&org).await;
    let (_, refreshed) = refresh(&org, &signed_in["refresh_token"]).await;
    assert!(refreshed.get("refresh_token").is_none(), "no rotation");
    state.advance_clock(9 * DAY);
    assert_eq!(refresh(&org, &signed_in["refresh_token"]).await.0, 200);
    state.advance_clock(DAY + HOUR);
    let (_, error) = refresh(&org, &signed_in["refresh_token"]).await;
    assert_eq!(error["error_description"], "token validity expired");
}

#[tokio::test]
async fn the_sixth_sign_in_ends_the_oldest() {
    let org = org().await;
    // The org starts with one grant, so these are the second to the sixth.
    let own = json!(org.simulator.credentials().sandbox.refresh_token);
    let own_access = json!(org.simulator.credentials().sandbox.access_token);
    let mut grants = Vec::new();
    for _ in 0..4 {
        grants.push(sign_in(&org).await);
    }
    assert_eq!(rest(&org, &own_access).await.0, 200);
    grants.push(sign_in(&org).await);
    assert_eq!(rest(&org, &own_access).await.0, 401);
    assert_eq!(refresh(&org, &own).await.0, 400);
    for grant in &grants {
        assert_eq!(rest(&org, &grant["access_token"]).await.0, 200);
        assert_eq!(refresh(&org, &grant["refresh_token"]).await.0, 200);
    }
}

#[tokio::test]
async fn the_command_line_is_an_app_of_its_own() {
    let org = org().await;
    let (redirect, verifier) = ("http://localhost:1717/OauthRedirect", "v".repeat(171));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let change = [
        ("client_id", "PlatformCLI"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", ""),
        ("scope", "refresh_token api web"),
    ];
    // Plays the browser, as nobody listens on the command line's port.
    let page = org.http.get(authorize_url(&org, redirect, &change));
    let page = page.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Salesforce CLI is asking to"));
    let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap();
    let form = [("ticket", &ticket[..32]), ("decision", "allow")];
    let base = &org.simulator.urls().salesforce_sandbox;
    let pressed = org
        .http
        .post(format!("{base}/services/oauth2/authorize/decision"))
        .form(&form)
        .send()
        .await
        .unwrap();
    let location = url::Url::parse(pressed.headers()["location"].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(redirect));
    let code = location.query_pairs().find(|(name, _)| name == "code");
    let code = code.unwrap().1.into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("client_id", "PlatformCLI"),
        ("redirect_uri", redirect),
        ("code_verifier", &verifier),
    ];
    let (status, signed_in) = token(&org, &form).await;
    assert_eq!(status, 200, "{signed_in}");
    let kept = signed_in["refresh_token"].as_str().unwrap();
    assert_eq!(
        refresh(&org, &signed_in["refresh_token"]).await.0,
        400,
        "another app's token"
    );
    for _ in 0..3 {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", kept),
            ("client_id", "PlatformCLI"),
        ];
        let (status, again) = token(&org, &form).await;
        assert_eq!(status, 200);
        assert!(again.get("refresh_token").is_none(), "it does not rotate");
    }
    let elsewhere = authorize_url(&org, "http://localhost:17171/OauthRedirect", &change);
    assert!(matches!(
        approve(&elsewhere).await,
        Err(Error::DeadEnd { .. })
    ));
}

#[tokio::test]
async fn admins_refuse_tokens_pages_and_sessions() {
    let org = org().await;
    let own = json!(org.simulator.credentials().sandbox.refresh_token);
    let (status, _) = switch(&org, &json!({"next_error": "inactive user"})).await;
    assert_eq!(status, 200);
    let (status, error) = refresh(&org, &own).await;
    assert_eq!(
        (status, error),
        (
            400,
            json!({"error": "invalid_grant", "error_description": "inactive user"})
        )
    );
    let (status, refreshed) = refresh(&org, &own).await;
    assert_eq!(status, 200, "only the next call was refused");
    let (status, known) = switch(&org, &json!({"next_error": "bad mood"})).await;
    assert_eq!(status, 400);
    assert!(known["error"].as_str().unwrap().contains("ip restricted"));

    switch(
        &org,
        &json!({"next_page_error": "app must be installed into org"}),
    )
    .await;
    let redirect = "http://localhost:17171/OauthRedirect";
    let result = approve(&authorize_url(&org, redirect, &[])).await;
    assert!(
        matches!(&result, Err(Error::DeadEnd { text, .. }) if text.contains("app must be installed")),
        "{result:?}"
    );

    let blocked = (
        401,
        json!("This session is not valid for use with the REST API"),
    );
    org.simulator
        .state()
        .reshape(|shape| shape.rest_sessions = false)
        .unwrap();
    assert_eq!(rest(&org, &refreshed["access_token"]).await, blocked);
    org.simulator
        .state()
        .reshape(|shape| shape.rest_sessions = true)
        .unwrap();
    assert_eq!(rest(&org, &refreshed["access_token"]).await.0, 200);
    let (redirect, code) = approved(&org, &[("scope", "id refresh_token")]).await;
    let (_, without_api) = redeem(&org, &redirect, &code).await;
    assert_eq!(rest(&org, &without_api["access_token"]).await, blocked);

    let state = org.simulator.state();
    state
        .production()
        .refuse_next_token("invalid_grant", "ip restricted");
    state.refuse_next_token("invalid_client", "invalid client credentials");
    let (_, error) = refresh(&org, &refreshed["refresh_token"]).await;
    assert_eq!(error["error"], "invalid_client", "the sandbox's own");
    let (status, again) = refresh(&org, &refreshed["refresh_token"]).await;
    assert_eq!(status, 200);
    state.end_sign_ins();
    assert_eq!(rest(&org, &again["access_token"]).await.0, 401);
    assert_eq!(refresh(&org, &again["refresh_token"]).await.0, 400);
    let (_, state) = switch(&org, &json!({"end_all": true})).await;
    assert_eq!(
        (&state["sessions"], &state["grants"]),
        (&json!(0), &json!([]))
    );
}

#[tokio::test]
async fn grants_an_app_does_not_have() {
    let org = org().await;
    let client_id = org.simulator.credentials().client_id.clone();
    for (grant, error, description) in [
        (
            "client_credentials",
            "invalid_grant",
            "no client credentials user enabled",
        ),
        ("password", "invalid_grant", "authentication failure"),
        (
            "telepathy",
            "unsupported_grant_type",
            "grant type not supported",
        ),
    ] {
        let form = [("grant_type", grant), ("client_id", client_id.as_str())];
        assert_eq!(
            token(&org, &form).await,
            (
                400,
                json!({"error": error, "error_description": description})
            )
        );
    }
    let form = [("grant_type", "refresh_token"), ("client_id", "nobody")];
    assert_eq!(token(&org, &form).await.1["error"], "invalid_client_id");
}

#[tokio::test]
async fn who_is_signed_in() {
    let org = org().await;
    let base = org.simulator.urls().salesforce_sandbox.clone();
    let access = org.simulator.credentials().sandbox.access_token.clone();
    let root: Value = org.get("").await.1;
    let identity = root["identity"].as_str().unwrap().to_owned();
    let get = async |address: String| {
        let answer = org.http.get(address).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, person) = get(format!("{identity}?format=json&oauth_token={access}")).await;
    assert_eq!(status, 200);
    let person: Value = serde_json::from_str(&person).unwrap();
    assert_eq!(person["username"], "ana.ruiz@fernhill.com.uat");
    assert_eq!(
        get(format!("{identity}?oauth_token=00Dx!no")).await,
        (403, "Bad_OAuth_Token".to_owned())
    );
    assert_eq!(get(identity).await, (403, "Missing_OAuth_Token".to_owned()));
    let elsewhere = format!("{base}/id/00D000000000001/005000000000001?oauth_token={access}");
    assert_eq!(get(elsewhere).await, (403, "Wrong_Org".to_owned()));
    let with_oauth = org
        .http
        .get(org.data("/limits"))
        .header("authorization", format!("OAuth {access}"));
    assert_eq!(with_oauth.send().await.unwrap().status(), 200);

    let client_id = org.simulator.credentials().client_id.clone();
    let introspect = async || {
        let form = [("token", access.as_str()), ("client_id", &client_id)];
        let address = format!("{base}/services/oauth2/introspect");
        let answer = org.http.post(address).form(&form).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    assert_eq!(introspect().await, json!({"active": false}));
    switch(&org, &json!({"introspection": true})).await;
    let about = introspect().await;
    assert_eq!(
        (&about["active"], &about["token_type"]),
        (&json!(true), &json!("access_token"))
    );

    let revoke = format!("{base}/services/oauth2/revoke?token={access}");
    assert_eq!(get(revoke.clone()).await.0, 200);
    let (status, error) = get(revoke).await;
    assert!(status == 400 && error.contains("invalid_token"));
    assert_eq!(org.get("/limits").await.0, 401);
}

#[tokio::test]
async fn openid_and_its_keys() {
    let org = org().await;
    let base = org.simulator.urls().salesforce_sandbox.clone();
    let json = async |address: String| {
        let answer = org.http.get(address).send().await.unwrap();
        answer.json::<Value>().await.unwrap()
    };
    let about = json(format!("{base}/.well-known/openid-configuration")).await;
    assert_eq!(about["issuer"], base.as_str());
    let keys = json(about["jwks_uri"].as_str().unwrap().to_owned()).await;
    let modulus = keys["keys"][0]["n"].as_str().unwrap();
    assert_eq!(URL_SAFE_NO_PAD.decode(modulus).unwrap().len(), 256);
    assert_eq!(keys["keys"][0]["e"], "AQAB");
    let change = [("scope", "api openid"), ("nonce", "n0nce")];
    let (redirect, code) = approved(&org, &change).await;
    let (_, answer) = redeem(&org, &redirect, &code).await;
    assert!(answer.get("refresh_token").is_none(), "not asked for");
    let parts: Vec<&str> = answer["id_token"].as_str().unwrap().split('.').collect();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    assert_eq!(claims["nonce"], "n0nce");
    assert_eq!(claims["sub"], answer["id"]);
    assert_eq!(URL_SAFE_NO_PAD.decode(parts[2]).unwrap().len(), 256);
}

#[tokio::test]
async fn jwt_bearer() {
    let org = org().await;
    let client_id = org.simulator.credentials().client_id.clone();
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let certificate = CertificateParams::default().self_signed(&key).unwrap();
    let soon = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap() + 120;
    let statement = |change: (&str, Value)| {
        let mut claims = json!({"iss": client_id, "sub": "ana.ruiz@fernhill.com.uat",
            "aud": "https://test.salesforce.com", "exp": soon});
        claims[change.0] = change.1;
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let ask = async |assertion: &str| {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        token(&org, &[("grant_type", grant), ("assertion", assertion)]).await
    };
    let good = statement(("exp", json!(soon)));
    assert_eq!(ask(&good).await.1["error_description"], "invalid assertion");
    let state = org.simulator.state();
    assert!(state.register_jwt_certificate("no PEM").is_err());
    state.register_jwt_certificate(&certificate.pem()).unwrap();
    let (status, answer) = ask(&good).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.get("refresh_token").is_none());
    assert_eq!(rest(&org, &answer["access_token"]).await.0, 200);
    for (change, expected) in [
        (("iss", json!("nobody")), "client identifier invalid"),
        (("aud", json!("https://example.com")), "audience is invalid"),
        (
            ("sub", json!("someone@example.com")),
            "user hasn't approved this consumer",
        ),
        (("exp", json!(soon - 300)), "assertion expired"),
    ] {
        assert_eq!(
            ask(&statement(change)).await.1["error_description"],
            expected
        );
    }
    let mut forged = good.clone();
    forged.replace_range(good.len() - 8..good.len() - 4, "AAAA");
    assert_eq!(
        ask(&forged).await.1["error_description"],
        "invalid assertion"
    );
    assert_eq!(ask("a.b").await.0, 400);
    let (status, _) = org.call(Method::GET, "/limits", None).await;
    assert_eq!(status, 200);
}
