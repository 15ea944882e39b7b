//! Calls written by hand: guarded, sent once, shown as they came.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::response::IntoResponse;
use drawbridge_billing::alguna::{Alguna, Options};
use drawbridge_billing::console::{Console, LARGEST_ANSWER};
use drawbridge_billing::profitwell::ProfitWell;
use drawbridge_model::{ApiAnswer, ApiCall, ApiCallError, ApiMethod};
use drawbridge_simulator::{Config, Fault, FaultKind, Server};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::server::{self, nobody, serve, serve_bytes};

const KEY: &str = "kid.very-secret/key";

fn profitwell(url: &str) -> ProfitWell {
    ProfitWell::new(url, KEY.into(), None).unwrap()
}

fn alguna(url: &str) -> Alguna {
    Alguna::new(url, KEY.into(), Options::default()).unwrap()
}

fn call(method: ApiMethod, path: &str) -> ApiCall {
    ApiCall {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        query: Vec::new(),
        body: None,
    }
}

async fn send(console: &Console<'_>, call: &ApiCall) -> Result<ApiAnswer, ApiCallError> {
    console.send(console.ready(call)?).await
}

fn words(answer: &ApiAnswer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn a_call_reaches_both_systems_with_their_own_key_and_headers() {
    let config = Config {
        customers: 20,
        ..Config::default()
    };
    let simulator = drawbridge_simulator::start(config).await.unwrap();
    let (urls, credentials) = (simulator.urls(), simulator.credentials());
    let source = ProfitWell::new(
        &urls.profitwell,
        credentials.profitwell_token.as_str().into(),
        None,
    )
    .unwrap();
    let console = source.console();
    let mut plan = call(ApiMethod::Post, "/v2/plans");
    plan.body = Some(r#"{"id": "by-hand", "name": "By hand"}"#.to_owned());
    let made = send(&console, &plan).await.unwrap();
    assert_eq!(made.status, 201);
    assert!(made.content_type.unwrap().contains("json"));
    let read = send(&console, &call(ApiMethod::Get, "/v2/plans/by-hand"))
        .await
        .unwrap();
    assert_eq!(words(&read), json!({"id": "by-hand", "name": "By hand"}));
    let none = send(&console, &call(ApiMethod::Get, "/v2/plans/none/"))
        .await
        .unwrap();
    assert_eq!(none.status, 404, "a refusal is an answer");

    let source = Alguna::new(
        &urls.alguna,
        credentials.alguna_api_key.as_str().into(),
        Options::default(),
    )
    .unwrap();
    let mut list = call(ApiMethod::Get, "/customers?limit=3");
    list.query = vec![("offset".to_owned(), "0".to_owned())];
    let listed = send(&source.console(), &list).await.unwrap();
    assert_eq!(listed.status, 200);
    assert_eq!(words(&listed)["data"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_is_sent_is_what_was_written_and_the_key_alone_is_added() {
    let served = serve(|_| server::json(&json!([]))).await;
    let source = alguna(&served.url);
    let mut wanted = call(ApiMethod::Get, "/customers/a b?x=1");
    wanted.query = vec![("y".to_owned(), "ü&".to_owned())];
    wanted.headers = vec![
        ("X-Note".to_owned(), "by hand".to_owned()),
        ("Alguna-Version".to_owned(), "2025-01-01".to_owned()),
    ];
    send(&source.console(), &wanted).await.unwrap();
    let asked = served.log.lock().unwrap()[0].clone();
    assert_eq!(asked.path, "/customers/a%20b");
    assert_eq!(
        (asked.param("x"), asked.param("y")),
        (Some("1"), Some("ü&"))
    );
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(asked.headers["x-note"], "by hand");
    assert_eq!(asked.headers.get_all("alguna-version").iter().count(), 1);
    assert_eq!(asked.headers["alguna-version"], "2025-01-01");
}

#[tokio::test]
async fn nothing_is_sent_that_a_guard_refuses() {
    let served = serve(|_| server::json(&json!([]))).await;
    let source = profitwell(&served.url);
    let console = source.console();
    let mut own_key = call(ApiMethod::Get, "/v2/plans/");
    own_key.headers = vec![("authorization".to_owned(), "another".to_owned())];
    let mut body = call(ApiMethod::Put, "/v2/plans/x/");
    body.body = Some("{".to_owned());
    for refused in [
        call(ApiMethod::Get, "https://evil.example/v2/plans/"),
        call(ApiMethod::Get, "//evil.example/v2/plans/"),
        call(ApiMethod::Delete, "/v2/users/%2e%2e/plans/"),
        own_key,
        body,
    ] {
        let error = send(&console, &refused).await.unwrap_err();
        assert!(matches!(error, ApiCallError::Refused(_)), "{error}");
    }
    assert_eq!(served.paths(), [""; 0]);
}

#[tokio::test]
async fn a_redirect_is_shown_and_not_followed() {
    let elsewhere = serve(|_| server::json(&json!([]))).await;
    let to = format!("{}/v2/plans/", elsewhere.url);
    let served = serve(move |_| {
        (
            axum::http::StatusCode::MOVED_PERMANENTLY,
            [(LOCATION, to.clone())],
        )
            .into_response()
    })
    .await;
    let answer = send(
        &profitwell(&served.url).console(),
        &call(ApiMethod::Get, "/v2/plans/"),
    )
    .await
    .unwrap();
    assert_eq!(answer.status, 301);
    assert!(
        answer
            .headers
            .iter()
            .any(|(name, value)| name == "location" && value.contains("/v2/plans/"))
    );
    assert_eq!(elsewhere.paths(), [""; 0]);
}

#[tokio::test]
async fn the_key_is_in_nothing_that_comes_back_or_is_kept() {
    let served = serve(|asked| {
        let said = asked.headers["authorization"].to_str().unwrap().to_owned();
        let escaped = said.replace('/', "\\/");
        (
            [
                (CONTENT_TYPE, "application/json".to_owned()),
                (SET_COOKIE, "session=1".to_owned()),
                ("x-echo".parse().unwrap(), said.clone()),
            ],
            format!(r#"{{"you": "{said}", "and": "{escaped}"}}"#),
        )
            .into_response()
    })
    .await;
    let source = profitwell(&served.url);
    let console = source.console();
    let mut wanted = call(ApiMethod::Post, &format!("/v2/plans/{KEY}/"));
    wanted.body = Some(format!(r#"{{"id": "{KEY}"}}"#));
    wanted.query = vec![("key".to_owned(), KEY.to_owned())];
    let ready = console.ready(&wanted).unwrap();
    let kept = format!("{:?} {}", ready.kept, ready.path);
    assert!(
        kept.contains("<redacted>") && !kept.contains("very-secret"),
        "{kept}"
    );
    for path in [format!("https://x.example/{KEY}"), KEY.to_owned()] {
        let refused = console.ready(&call(ApiMethod::Get, &path)).err().unwrap();
        assert!(!refused.to_string().contains("very-secret"), "{refused}");
    }
    let answer = console.send(ready).await.unwrap();
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert_eq!(text, r#"{"you": "<redacted>", "and": "<redacted>"}"#);
    let headers = format!("{:?}", answer.headers);
    assert!(
        !headers.contains("very-secret") && !headers.contains("session"),
        "{headers}"
    );
}

#[tokio::test]
async fn whatever_comes_is_asked_for_once() {
    for status in [429, 500, 502, 503, 504, 408] {
        for method in [ApiMethod::Get, ApiMethod::Post] {
            let served = serve(move |_| {
                let status = axum::http::StatusCode::from_u16(status).unwrap();
                (status, [(RETRY_AFTER, "1")], "{}").into_response()
            })
            .await;
            let path = call(method, "/v2/plans/");
            let answer = send(&profitwell(&served.url).console(), &path)
                .await
                .unwrap();
            assert_eq!(answer.status, status);
            assert!(
                answer
                    .headers
                    .contains(&("retry-after".to_owned(), "1".to_owned()))
            );
            assert_eq!(served.count("/"), 1, "{status}");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_said_to_be_lost_and_nothing_is_sent_twice() {
    for (method, kind) in [
        (ApiMethod::Post, FaultKind::DropAfterCommit),
        (ApiMethod::Post, FaultKind::DropBeforeCommit),
        (ApiMethod::Get, FaultKind::Reset),
    ] {
        let config = Config {
            customers: 10,
            ..Config::default()
        };
        let simulator = drawbridge_simulator::start(config).await.unwrap();
        let state = simulator.state();
        state.arm(Fault::new(Server::Profitwell, "/v2/plans", kind.clone()));
        let token = simulator.credentials().profitwell_token.as_str();
        let source = ProfitWell::new(&simulator.urls().profitwell, token.into(), None).unwrap();
        let mut wanted = call(method, "/v2/plans/");
        wanted.body = method
            .changes()
            .then(|| r#"{"id":"p","name":"P"}"#.to_owned());
        let error = send(&source.console(), &wanted).await.unwrap_err();
        let ApiCallError::Lost { changes, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(*changes, method.changes());
        let asked = state
            .request_log()
            .iter()
            .filter(|it| it.path.contains("/v2/plans"))
            .count();
        assert_eq!(asked, 1, "{kind:?}");
    }
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent() {
    let url = nobody().await;
    let wanted = call(ApiMethod::Post, "/v2/retain/stop/");
    let error = send(&profitwell(&url).console(), &wanted)
        .await
        .unwrap_err();
    assert!(matches!(error, ApiCallError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn half_an_answer_is_told_with_what_was_read() {
    let url = serve_bytes(
        b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"id\":",
    )
    .await;
    let error = send(
        &profitwell(&url).console(),
        &call(ApiMethod::Post, "/v2/plans/"),
    )
    .await
    .unwrap_err();
    let ApiCallError::Cut { status, read, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!((*status, *read), (201, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_huge_answer_is_taken_whole_and_a_larger_one_is_refused_with_its_size() {
    let config = Config {
        customers: 10,
        ..Config::default()
    };
    let simulator = drawbridge_simulator::start(config).await.unwrap();
    let state = simulator.state();
    let token = simulator.credentials().profitwell_token.as_str();
    let source = ProfitWell::new(&simulator.urls().profitwell, token.into(), None).unwrap();
    let console = source.console();
    let list = call(ApiMethod::Get, "/v2/customers/");
    let strike = |bytes| {
        Fault::new(
            Server::Profitwell,
            "/v2/customers",
            FaultKind::HugeAnswer(bytes),
        )
    };
    state.arm(strike(50_000_000));
    let whole = send(&console, &list).await.unwrap();
    assert!(whole.body.len() >= 50_000_000);
    serde_json::from_slice::<serde::de::IgnoredAny>(&whole.body).unwrap();
    drop(whole);
    state.arm(strike(LARGEST_ANSWER as u64 + 1));
    let error = send(&console, &list).await.unwrap_err();
    let ApiCallError::Cut {
        status: 200, read, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert!(*read > LARGEST_ANSWER as u64);
    assert!(error.to_string().contains("larger than 64 MiB"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_is_lost_after_a_minute() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let source = profitwell(&url);
    let console = source.console();
    let wanted = call(ApiMethod::Put, "/v2/unchurn/s/");
    let error = tokio::time::timeout(Duration::from_mins(10), send(&console, &wanted))
        .await
        .expect("it ends by itself")
        .unwrap_err();
    assert!(
        matches!(error, ApiCallError::Lost { changes: true, .. }),
        "{error}"
    );
}

/// The same client for every case: making one takes longer than all guards.
fn pinned(base: &'static str) -> &'static ProfitWell {
    static PINNED: std::sync::OnceLock<[ProfitWell; 2]> = std::sync::OnceLock::new();
    let all = PINNED.get_or_init(|| BASES.map(|(base, _)| profitwell(base)));
    &all[usize::from(base != BASES[0].0)]
}

const BASES: [(&str, &str); 2] = [
    ("https://api.profitwell.com", "/"),
    ("http://127.0.0.1:8080/prefix", "/prefix/"),
];

/// Pieces of which hostile paths are made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("/".to_owned()),
        Just("//".to_owned()),
        Just("\\".to_owned()),
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just("%2e".to_owned()),
        Just("%2f".to_owned()),
        Just("%5c".to_owned()),
        Just("%252e".to_owned()),
        Just("@".to_owned()),
        Just(":".to_owned()),
        Just("https:".to_owned()),
        Just("evil.example".to_owned()),
        Just("?".to_owned()),
        Just("#".to_owned()),
        Just("%".to_owned()),
        Just("\r\n".to_owned()),
        Just("\t".to_owned()),
        Just(";".to_owned()),
        Just("v2".to_owned()),
        Just("[::1]".to_owned()),
        Just("．．".to_owned()),
        Just("／".to_owned()),
        Just(" ".to_owned()),
        any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    /// Whatever is typed, a call that passes the guards goes to the pinned host, below the pinned
    /// path, by the shown path, and carries no key but the connection's own.
    #[test]
    fn no_path_leaves_the_pinned_host(
        pieces in prop::collection::vec(piece(), 0..10),
        rooted in any::<bool>(),
        header in ".{0,12}",
    ) {
        let path = format!("{}{}", if rooted { "/" } else { "" }, pieces.concat());
        for (base, below) in BASES {
            let source = pinned(base);
            let mut wanted = call(ApiMethod::Get, &path);
            wanted.query = vec![(path.clone(), path.clone())];
            wanted.headers = vec![("x-typed".to_owned(), header.clone())];
            let console = source.console();
            let Ok(ready) = console.ready(&wanted) else { continue };
            let url = url::Url::parse(&ready.address()).unwrap();
            let base = url::Url::parse(base).unwrap();
            prop_assert_eq!(url.origin(), base.origin(), "{}", path);
            prop_assert!(url.username().is_empty() && url.password().is_none());
            prop_assert!(url.path().starts_with(below) && url.path().ends_with('/'), "{}", path);
            prop_assert!(url.fragment().is_none());
            let mut read = url.path().to_owned();
            for _ in 0..4 {
                prop_assert!(
                    !read.split(['/', '\\']).any(|part| part == ".." || part == "."),
                    "{} leads up", path
                );
                read = percent_encoding::percent_decode_str(&read).decode_utf8_lossy().into_owned();
            }
            prop_assert!(ready.kept.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
        }
    }
}
