//! A small HTTP server that answers as a test says and notes what it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use drawbridge_model::{Customer, Source, Subscription, Which};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A request as it came.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    /// How many came before it.
    pub(crate) before: usize,
}

impl Asked {
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn number(&self, name: &str) -> usize {
        self.param(name).unwrap().parse().unwrap()
    }
}

#[derive(Clone, Default)]
pub(crate) struct Served {
    pub(crate) url: String,
    pub(crate) log: Arc<Mutex<Vec<Asked>>>,
    pub(crate) most_at_once: Arc<AtomicUsize>,
}

impl Served {
    pub(crate) fn paths(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap()
            .iter()
            .map(|asked| asked.path.clone())
            .collect()
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        self.paths()
            .iter()
            .filter(|asked| asked.contains(path))
            .count()
    }
}

pub(crate) async fn serve(answer: impl Fn(&Asked) -> Response + Send + Sync + 'static) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = Served {
        url,
        ..Served::default()
    };
    let (answer, at_once) = (Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    let noted = served.clone();
    let app = Router::new().fallback(move |request: Request| {
        let (answer, at_once, noted) = (Arc::clone(&answer), Arc::clone(&at_once), noted.clone());
        async move {
            let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
            noted.most_at_once.fetch_max(now, Ordering::SeqCst);
            let asked = {
                let mut log = noted.log.lock().unwrap();
                let url = url::Url::parse("http://x")
                    .unwrap()
                    .join(&request.uri().to_string())
                    .unwrap();
                let before = log.len();
                log.push(Asked {
                    path: request.uri().path().to_owned(),
                    query: url.query_pairs().into_owned().collect(),
                    headers: request.headers().clone(),
                    before,
                });
                log.last().unwrap().clone()
            };
            // Long enough that calls in flight overlap.
            tokio::time::sleep(Duration::from_millis(2)).await;
            let response = answer(&asked);
            at_once.fetch_sub(1, Ordering::SeqCst);
            response
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    served
}

/// Writes these bytes to whoever connects and hangs up.
pub(crate) async fn serve_bytes(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(bytes).await;
        }
    });
    url
}

/// An address nobody listens at.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub(crate) fn json(value: &Value) -> Response {
    axum::Json(value).into_response()
}

pub(crate) fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn status(code: u16, value: &Value) -> Response {
    (StatusCode::from_u16(code).unwrap(), axum::Json(value)).into_response()
}

pub(crate) async fn all_customers(source: &impl Source) -> Vec<Customer> {
    let (mut rows, mut cursor) = (Vec::new(), None);
    for _ in 0..100 {
        let page = source
            .customers(Which::All, cursor.as_deref())
            .await
            .unwrap();
        rows.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
    panic!("the listing does not end");
}

pub(crate) async fn all_subscriptions(source: &impl Source) -> Vec<Subscription> {
    let (mut rows, mut cursor) = (Vec::new(), None);
    for _ in 0..100 {
        let page = source
            .subscriptions(Which::All, cursor.as_deref())
            .await
            .unwrap();
        rows.extend(page.rows);
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
    panic!("the listing does not end");
}
