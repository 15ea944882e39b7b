//! The loop every simulated server runs: read, strike a fault or answer, log.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::connection::{Cut, CuttableListener};
use crate::faults::{Fault, FaultKind, Faults, Server};
use crate::log::{Log, LoggedRequest};
use crate::reply::{Reply, Request, RowErrors};

/// Largest request body read, in bytes (a Bulk upload may have 150 MB).
const MAX_BODY: usize = 160 * 1024 * 1024;

/// What one simulated server does; everything else is common to all.
pub(crate) trait Endpoint: Send + Sync + 'static {
    fn server(&self) -> Server;
    /// Does the work. Runs on a blocking thread.
    fn answer(&self, request: &Request) -> Reply;
    /// Whether the request asks to change something, as far as method and path tell.
    fn is_write(&self, request: &Request) -> bool;
    /// API calls the request uses up.
    fn api_calls(&self, request: &Request) -> usize;
    /// The answer to a session or key that is not accepted.
    fn expired(&self) -> Reply;
    /// The answer when the quota is used up.
    fn quota_exceeded(&self) -> Reply;
    /// Readable state for `GET /sim/state`.
    fn state(&self) -> Value;
}

/// Faults and log, shared by all servers of one simulation.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) faults: Faults,
    pub(crate) log: Log,
}

#[derive(Clone)]
struct Running {
    endpoint: Arc<dyn Endpoint>,
    shared: Arc<Shared>,
    shutdown: watch::Receiver<bool>,
}

/// Serves until `shutdown` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    endpoint: Arc<dyn Endpoint>,
    shared: Arc<Shared>,
    mut shutdown: watch::Receiver<bool>,
) {
    let running = Running {
        endpoint,
        shared,
        shutdown: shutdown.clone(),
    };
    let router = Router::new().fallback(receive).with_state(running);
    let with_cut = router.into_make_service_with_connect_info::<Cut>();
    let served = axum::serve(CuttableListener(listener), with_cut)
        .with_graceful_shutdown(async move {
            let _ = shutdown.wait_for(|stop| *stop).await;
        })
        .await;
    if let Err(error) = served {
        tracing::warn!(%error, "a simulated server stopped");
    }
}

async fn receive(
    State(running): State<Running>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: axum::extract::Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return respond(Reply::text(
            413,
            "The request body is too large or was cut off.",
        ));
    };
    let mut request = Request::new(
        parts.method.as_str(),
        parts.uri.path(),
        parts.uri.query().unwrap_or_default(),
        parts.headers,
        body,
    );
    if request.segments.first().is_some_and(|part| part == "sim") {
        return respond(control(&running, &request));
    }
    let server = running.endpoint.server();
    let fault = running
        .shared
        .faults
        .take(server, &request.method, &request.path);
    if let Some(FaultKind::RowErrors {
        status_code,
        message,
        every_nth,
    }) = &fault
    {
        request.row_errors = Some(RowErrors {
            status_code: status_code.clone(),
            message: message.clone(),
            every_nth: (*every_nth).max(1),
        });
    }
    match fault {
        None | Some(FaultKind::RowErrors { .. }) => respond(work(&running, request, None).await),
        Some(
            kind @ (FaultKind::RowLocks(_) | FaultKind::BulkFailure(_) | FaultKind::SlowBulk(_)),
        ) => {
            request.fault = Some(kind);
            respond(work(&running, request, None).await)
        }
        Some(FaultKind::Status(status, body)) => {
            let reply = Reply::json(status, &body);
            respond(work(&running, request, Some(reply)).await)
        }
        Some(FaultKind::Html503) => {
            let reply = Reply::html(503, MAINTENANCE);
            respond(work(&running, request, Some(reply)).await)
        }
        Some(FaultKind::Html200) => {
            let reply = Reply::html(200, MAINTENANCE);
            respond(work(&running, request, Some(reply)).await)
        }
        Some(FaultKind::QuotaExceeded) => {
            let reply = running.endpoint.quota_exceeded();
            respond(work(&running, request, Some(reply)).await)
        }
        Some(FaultKind::ExpiredSession) => {
            let reply = running.endpoint.expired();
            respond(work(&running, request, Some(reply)).await)
        }
        Some(FaultKind::Slow(milliseconds)) => {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            respond(work(&running, request, None).await)
        }
        Some(FaultKind::Hang) => {
            log(&running, &request, 0, None);
            let mut shutdown = running.shutdown.clone();
            let _ = shutdown.wait_for(|stop| *stop).await;
            cut.now();
            respond(Reply::empty(503))
        }
        Some(FaultKind::DropBeforeCommit) => {
            log(&running, &request, 0, None);
            cut.now();
            respond(Reply::empty(500))
        }
        Some(FaultKind::DropAfterCommit) => {
            let reply = work_unlogged(&running, &request).await;
            log(&running, &request, 0, reply.is_write);
            cut.now();
            respond(Reply::empty(500))
        }
        Some(FaultKind::Truncate) => truncated(work(&running, request, None).await),
    }
}

const MAINTENANCE: &str = "<!DOCTYPE html><html><head><title>Down for maintenance</title></head>\
<body><h1>We are down for maintenance.</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>";

async fn work_unlogged(running: &Running, request: &Request) -> Reply {
    let endpoint = Arc::clone(&running.endpoint);
    let request = request.clone();
    tokio::task::spawn_blocking(move || endpoint.answer(&request))
        .await
        .unwrap_or_else(|error| Reply::text(500, &error.to_string()))
}

/// Answers (or gives `instead`, without doing anything) and logs.
async fn work(running: &Running, request: Request, instead: Option<Reply>) -> Reply {
    let reply = match instead {
        Some(reply) => reply,
        None => work_unlogged(running, &request).await,
    };
    log(running, &request, reply.status, reply.is_write);
    reply
}

fn log(running: &Running, request: &Request, status: u16, is_write: Option<bool>) {
    running.shared.log.add(LoggedRequest {
        server: running.endpoint.server(),
        method: request.method.clone(),
        path: request.path.clone(),
        query: request.query_string.clone(),
        status,
        api_calls: running.endpoint.api_calls(request),
        is_write: is_write.unwrap_or_else(|| running.endpoint.is_write(request)),
    });
}

/// The routes under `/sim`: faults, state and log. They are not part of the simulated interface.
fn control(running: &Running, request: &Request) -> Reply {
    let name = request.segments.get(1).map_or("", String::as_str);
    let shared = &running.shared;
    match (request.method.as_str(), name) {
        ("GET", "state") => Reply::json(200, &running.endpoint.state()),
        ("GET", "faults") => Reply::json(200, &shared.faults.list()),
        ("GET", "log") => {
            let server = running.endpoint.server();
            shared.log.read(|log| {
                let own: Vec<&LoggedRequest> = log.iter().filter(|r| r.server == server).collect();
                Reply::json(200, &own)
            })
        }
        ("DELETE", "faults") => {
            shared.faults.clear();
            Reply::empty(204)
        }
        ("POST", "faults") => match serde_json::from_slice::<Fault>(&request.body) {
            Ok(fault) => {
                shared.faults.arm(fault);
                Reply::json(201, &json!({"armed": true}))
            }
            Err(error) => Reply::json(400, &json!({"error": error.to_string()})),
        },
        _ => Reply::json(
            404,
            &json!({"error": "Known: GET /sim/state, GET /sim/log, GET|POST|DELETE /sim/faults"}),
        ),
    }
}

fn respond(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
    response
}

/// The same answer with its full `Content-Length`, cut off half-way.
fn truncated(reply: Reply) -> Response {
    let full = reply.body.clone();
    let mut response = respond(reply);
    let half = Bytes::copy_from_slice(&full[..full.len() / 2]);
    let pieces = futures::stream::unfold(Some(half), |state| async move {
        let Some(piece) = state else {
            // Let the first half reach the client before the connection closes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            return Some((
                Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted)),
                None,
            ));
        };
        Some((Ok::<Bytes, std::io::Error>(piece), None))
    });
    response
        .headers_mut()
        .insert("content-length", HeaderValue::from(full.len()));
    *response.body_mut() = Body::from_stream(pieces);
    response
}
