//! The loopback listener and the trade of the code, browser and login server played by the test.

use std::time::Duration;

use drawbridge_salesforce::oauth::{self, LoginRequest, PendingLogin};
use drawbridge_salesforce::{Error, Tokens};
use tokio::task::JoinHandle;

use crate::scripted::{Answer, Scripted};

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

async fn login_server() -> Scripted {
    Scripted::start(|asked| {
        if !asked.body.contains("code=good") {
            let body = r#"{"error_description":"invalid authorization code","error":"invalid_grant"}"#;
            return Answer::Json(400, body.to_owned());
        }
        let body = r#"{"access_token":"00D!x","refresh_token":"5Aep","instance_url":"https://acme.my.salesforce.com","id":"https://login.salesforce.com/id/00Di0000000icUBEAY/005i0000002MUqLAAW","token_type":"Bearer","issued_at":"1790000000000","scope":"refresh_token api","signature":"x"}"#;
        Answer::Json(200, body.to_owned())
    })
    .await
}

struct Browser {
    port: u16,
    state: String,
    http: reqwest::Client,
}

impl Browser {
    async fn get(&self, path: &str) -> (u16, String) {
        let url = format!("http://localhost:{}{path}", self.port);
        let answer = self.http.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

fn start(server: &Scripted) -> (PendingLogin, Browser) {
    let port = free_port();
    let pending = oauth::begin(LoginRequest {
        login_url: server.url.clone(),
        client_id: " 3MVG9key ".to_owned(),
        port,
    })
    .unwrap();
    let state = pending
        .authorize_url()
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    (pending, Browser { port, state, http })
}

fn wait(pending: PendingLogin) -> JoinHandle<Result<Tokens, Error>> {
    tokio::spawn(pending.finish(Duration::from_secs(10), std::future::pending()))
}

#[tokio::test]
async fn a_login_goes_through_beside_what_else_browsers_do() {
    let server = login_server().await;
    let (pending, browser) = start(&server);
    let query: Vec<(String, String)> = pending.authorize_url().query_pairs().into_owned().collect();
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "3MVG9key"),
        ("scope", "api refresh_token"),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
        (
            "redirect_uri",
            &format!("http://localhost:{}/OauthRedirect", browser.port),
        ),
    ] {
        assert!(
            query.contains(&(name.to_owned(), value.to_owned())),
            "{name}: {query:?}"
        );
    }
    let login = wait(pending);
    // A connection that says nothing must not stand in the way.
    let _silent = tokio::net::TcpStream::connect(("127.0.0.1", browser.port))
        .await
        .unwrap();
    assert_eq!(browser.get("/favicon.ico").await.0, 404);
    let callback = format!("http://localhost:{}/OauthRedirect?code=good", browser.port);
    let preflight = browser
        .http
        .request(reqwest::Method::OPTIONS, &callback)
        .header("Access-Control-Request-Private-Network", "true")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status().as_u16(), 204);
    let rebound = browser
        .http
        .get(&callback)
        .header("Host", "evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(rebound.status().as_u16(), 403);
    assert_eq!(
        browser.get("/OauthRedirect?code=good&state=other").await.0,
        400
    );
    let (status, page) = browser
        .get(&format!("/OauthRedirect?code=good&state={}", browser.state))
        .await;
    assert_eq!(status, 200);
    assert!(
        page.contains("return to Drawbridge") && page.contains("Signed in"),
        "{page}"
    );
    let tokens = login.await.unwrap().unwrap();
    assert_eq!(tokens.refresh_token.unwrap().expose(), "5Aep");
    assert_eq!(
        tokens.instance_url.as_str(),
        "https://acme.my.salesforce.com/"
    );
    let sent = &server.asked("oauth2/token")[0].body;
    assert!(
        sent.contains("code_verifier=") && !sent.contains("client_secret"),
        "{sent}"
    );
    assert!(
        browser.http.get(&callback).send().await.is_err(),
        "the port must be closed after one use"
    );
}

#[tokio::test]
async fn denial_and_refusal_are_told_apart_and_the_page_says_so() {
    let server = login_server().await;
    let (pending, browser) = start(&server);
    let login = wait(pending);
    let denial = format!(
        "/OauthRedirect?error=access_denied&error_description=end-user+denied+authorization&state={}",
        browser.state
    );
    let (_, page) = browser.get(&denial).await;
    assert!(page.contains("Not signed in"), "{page}");
    assert!(matches!(login.await.unwrap(), Err(Error::Denied)));
    assert!(server.asked("").is_empty());

    let (pending, browser) = start(&server);
    let login = wait(pending);
    let (_, page) = browser
        .get(&format!("/OauthRedirect?code=bad&state={}", browser.state))
        .await;
    assert!(page.contains("Not signed in"), "{page}");
    let error = login.await.unwrap().unwrap_err();
    assert!(
        error.to_string().contains("invalid authorization code"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_state_does_not_sign_in_and_shows_in_the_timeout() {
    let server = login_server().await;
    let (pending, browser) = start(&server);
    let login = tokio::spawn(pending.finish(Duration::from_millis(400), std::future::pending()));
    assert_eq!(
        browser.get("/OauthRedirect?code=good&state=guess").await.0,
        400
    );
    let error = login.await.unwrap().unwrap_err();
    assert!(
        matches!(error, Error::TimedOut { strays: 1, .. }),
        "{error}"
    );
    let text = error.to_string();
    for dead_end in [
        "redirect_uri_mismatch",
        "invalid_client_id",
        "app must be installed into org",
        "belongs to another",
    ] {
        assert!(text.contains(dead_end), "{text}");
    }
    assert!(server.asked("").is_empty());
}

#[tokio::test]
async fn a_login_can_be_stopped() {
    let server = login_server().await;
    let (pending, _) = start(&server);
    let stopped = pending.finish(Duration::from_secs(10), async {}).await;
    assert!(matches!(stopped, Err(Error::Cancelled)));
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let server = login_server().await;
    let (pending, browser) = start(&server);
    let error = oauth::begin(LoginRequest {
        login_url: server.url.clone(),
        client_id: "key".to_owned(),
        port: browser.port,
    })
    .unwrap_err();
    assert!(matches!(error, Error::PortTaken { port } if port == browser.port));
    assert!(error.to_string().contains(&browser.port.to_string()));
    drop(pending);
}
