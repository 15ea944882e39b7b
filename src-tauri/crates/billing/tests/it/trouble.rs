//! What goes wrong on the way, and the words it is told in.

use std::time::Instant;

use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use drawbridge_billing::alguna::{Alguna, Options};
use drawbridge_billing::profitwell::ProfitWell;
use drawbridge_model::{Source, SourceError, Which};
use serde_json::json;

use crate::server::{self, fixture, nobody, serve, serve_bytes};

const KEY: &str = "kid.very-secret";

fn alguna(url: &str) -> Alguna {
    Alguna::new(url, KEY.into(), Options::default()).unwrap()
}

fn profitwell(url: &str) -> ProfitWell {
    ProfitWell::new(url, KEY.into(), None).unwrap()
}

/// What both say when every call is answered like this.
async fn both(answer: impl Fn() -> Response + Send + Sync + 'static) -> [SourceError; 2] {
    let served = serve(move |_| answer()).await;
    [
        alguna(&served.url).identity().await.unwrap_err(),
        profitwell(&served.url).identity().await.unwrap_err(),
    ]
}

#[tokio::test]
async fn a_wrong_key_is_told_in_the_systems_own_words() {
    let [gateway, _] = both(|| server::status(401, &fixture("alguna-gateway-error"))).await;
    assert_eq!(
        gateway.to_string(),
        "Alguna refused the key: missing or invalid API key"
    );
    let [alguna, profitwell] =
        both(|| server::status(401, &json!({"status": 401, "detail": "Invalid token."}))).await;
    assert_eq!(alguna.to_string(), "Alguna refused the key: Invalid token.");
    assert_eq!(
        profitwell.to_string(),
        "ProfitWell refused the key: Invalid token."
    );
    for error in both(|| server::status(403, &json!({"detail": "Forbidden"}))).await {
        assert!(
            matches!(&error, SourceError::KeyRefused { message, .. } if message.starts_with("Forbidden (GET /")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_key_is_never_repeated() {
    for error in
        both(|| server::status(401, &json!({"detail": format!("the key {KEY} is unknown")}))).await
    {
        assert!(
            error.to_string().ends_with("the key <redacted> is unknown"),
            "{error}"
        );
        assert!(!format!("{error:?}").contains(KEY));
    }
    assert!(
        !format!(
            "{:?} {:?}",
            alguna("https://x.example"),
            profitwell("https://x.example")
        )
        .contains("secret")
    );
    for key in ["", "  ", "a\nb"] {
        let error = Alguna::new("https://x.example", key.into(), Options::default()).unwrap_err();
        assert!(matches!(error, SourceError::KeyRefused { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_web_page_is_recognised() {
    let page = || {
        (
            [(CONTENT_TYPE, "text/html")],
            "<html><head><title>Sign in</title></head></html>",
        )
            .into_response()
    };
    for error in both(page).await {
        let text = error.to_string();
        assert!(matches!(error, SourceError::NotTheApi { .. }), "{text}");
        assert!(
            text.contains("a web page (HTML “Sign in”, HTTP 200)"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_says_where_reading_stopped() {
    let text = alguna(
        &serve(|_| server::json(&json!({"pageCount": 1, "items": []})))
            .await
            .url,
    )
    .identity()
    .await
    .unwrap_err()
    .to_string();
    assert!(
        text.contains("did not answer as Alguna does") && text.contains("missing field `data`"),
        "{text}"
    );
    let served = serve(|asked| match asked.path.as_str() {
        "/v2/company/settings/" => server::json(&fixture("profitwell-company")),
        _ => server::json(&json!({"data": []})),
    })
    .await;
    let text = profitwell(&served.url)
        .customers(Which::All, None)
        .await
        .unwrap_err()
        .to_string();
    assert!(text.contains("expected a sequence"), "{text}");
    let text = alguna(&serve(|_| server::json(&json!({"data": 7}))).await.url)
        .identity()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("cannot be read at data: invalid type"),
        "{text}"
    );
    let text = alguna(&serve(|_| "".into_response()).await.url)
        .identity()
        .await
        .unwrap_err()
        .to_string();
    assert!(text.contains("an empty answer"), "{text}");
}

#[tokio::test]
async fn half_an_answer_is_not_taken_for_a_whole_one() {
    // Cut where the server itself believes the page to end.
    let whole = serve(|_| {
        (
            [(CONTENT_TYPE, "application/json")],
            r#"{"data":[{"id":"a"},{"id""#,
        )
            .into_response()
    })
    .await;
    // Cut on the way: the server announced more.
    let cut = serve_bytes(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"data\":[").await;
    for url in [whole.url, cut] {
        let error = alguna(&url).identity().await.unwrap_err();
        assert!(matches!(error, SourceError::NotTheApi { .. }), "{error}");
        assert!(
            error.to_string().contains("the answer ended early"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_named_with_its_port() {
    let url = nobody().await;
    let host = url.strip_prefix("http://").unwrap();
    let (alguna, profitwell) = (alguna(&url), profitwell(&url));
    let (one, two) = tokio::join!(alguna.identity(), profitwell.identity());
    for error in [one.unwrap_err(), two.unwrap_err()] {
        let text = error.to_string();
        assert!(
            text.contains(&format!("cannot be reached at {host}")),
            "{text}"
        );
        assert!(text.contains("refused"), "{text}");
    }
}

#[tokio::test]
async fn a_server_that_throttles_gets_the_wait_it_asks_for() {
    let served = serve(|asked| match asked.before {
        0 => (
            axum::http::StatusCode::TOO_MANY_REQUESTS,
            [(RETRY_AFTER, "1")],
        )
            .into_response(),
        _ => server::json(&json!({"data": [], "currency": "usd"})),
    })
    .await;
    let begin = Instant::now();
    alguna(&served.url).identity().await.unwrap();
    assert!(begin.elapsed().as_millis() >= 1_000);
    assert_eq!(served.paths().len(), 2);
}

#[tokio::test]
async fn a_server_that_never_stops_throttling_is_given_up_with_its_wait() {
    let throttled = || {
        (
            axum::http::StatusCode::TOO_MANY_REQUESTS,
            [(RETRY_AFTER, "0")],
        )
            .into_response()
    };
    let served = serve(move |_| throttled()).await;
    let error = profitwell(&served.url).identity().await.unwrap_err();
    assert!(
        matches!(error, SourceError::Throttled { seconds: 0, .. }),
        "{error}"
    );
    assert_eq!(served.paths().len(), 5);
    let tomorrow = serve(|_| {
        (
            axum::http::StatusCode::TOO_MANY_REQUESTS,
            [(RETRY_AFTER, "80000")],
        )
            .into_response()
    })
    .await;
    let text = profitwell(&tomorrow.url)
        .identity()
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(text, "ProfitWell asks to wait 80000 s before the next call");
    assert_eq!(tomorrow.paths().len(), 1);
}

#[tokio::test]
async fn trouble_is_asked_again_where_it_may_pass_and_not_where_it_will_not() {
    let page = "<h1>Server Error (500)</h1>";
    for (status, tries) in [(500, 1), (503, 3)] {
        let served = serve(move |_| {
            (
                axum::http::StatusCode::from_u16(status).unwrap(),
                [(RETRY_AFTER, "0"), (CONTENT_TYPE, "text/html")],
                page,
            )
                .into_response()
        })
        .await;
        let error = alguna(&served.url).identity().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("Alguna is in trouble (HTTP {status}) at GET /customers")
        );
        assert_eq!(served.paths().len(), tries);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = || {
        (
            axum::http::StatusCode::MOVED_PERMANENTLY,
            [(LOCATION, "https://elsewhere.example/x?k=1")],
        )
            .into_response()
    };
    for error in both(moved).await {
        let text = error.to_string();
        assert!(
            text.contains("was sent on to https://elsewhere.example/x (HTTP 301)"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_cursor_of_another_source_is_refused_before_anything_is_sent() {
    let served = serve(|_| server::json(&json!({"data": []}))).await;
    assert!(
        alguna(&served.url)
            .customers(Which::All, Some("2026#1"))
            .await
            .is_err()
    );
    assert!(
        profitwell(&served.url)
            .customers(Which::All, Some("100"))
            .await
            .is_err()
    );
    assert_eq!(served.count("customers"), 0);
}

#[tokio::test]
async fn other_refusals_name_the_call() {
    let [alguna, profitwell] = both(|| {
        server::status(
            400,
            &json!({"plan_interval": ["\"week\" is not a valid choice."]}),
        )
    })
    .await;
    assert_eq!(
        alguna.to_string(),
        "Alguna refused GET /customers: Bad Request (HTTP 400)"
    );
    assert_eq!(
        profitwell.to_string(),
        "ProfitWell refused GET /v2/api-status/: plan_interval: \"week\" is not a valid choice. (HTTP 400)"
    );
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_the_end() {
    let served = serve(|_| vec![b' '; 33 * 1024 * 1024].into_response()).await;
    let text = alguna(&served.url)
        .identity()
        .await
        .unwrap_err()
        .to_string();
    assert!(text.contains("larger than 32 MiB"), "{text}");
    assert_eq!(served.paths().len(), 1);
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer_is_told() {
    let error = alguna(&serve_bytes(b"").await)
        .identity()
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::Unreachable { .. }), "{error}");
}
