//! The loop every simulated server runs: read, strike a fault or answer, log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::connection::{Peer, PortListener};
use crate::control;
use crate::encoding;
use crate::faults::{Faults, Server};
use crate::log::{Log, LoggedRequest};
use crate::now::MovableClock;
use crate::refusal::{Limits, Refusal};
use crate::reply::{Reply, Request};
use crate::respond::respond;
use crate::strike::{self, Answer, Delivery, Treatment};

/// What one simulated server does; everything else is common to all.
pub(crate) trait Endpoint: Send + Sync + 'static {
    fn server(&self) -> Server;
    /// Does the work. Runs on a blocking thread.
    fn answer(&self, request: &Request) -> Reply;
    /// Does the work this much later.
    fn answer_late(&self, request: &Request, late: Duration) -> Reply {
        std::thread::sleep(late);
        self.answer(request)
    }
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

    /// How large a request may be.
    fn limits(&self, _request: &Request) -> Limits {
        Limits::default()
    }
    /// The answer to a request refused before it was looked at.
    fn refuse(&self, refusal: &Refusal) -> Reply {
        Reply::json(
            refusal.status(),
            &serde_json::json!({"error": refusal.text()}),
        )
    }
    /// The answer to too many requests in a short time.
    fn too_many_requests(&self, retry_after: Option<u64>) -> Reply {
        let reply = self.quota_exceeded().without("retry-after");
        match retry_after {
            Some(seconds) => reply.with("retry-after", seconds.to_string()),
            None => reply,
        }
    }
    /// The answer when too many requests run at the same time.
    fn concurrent_limit(&self) -> Reply {
        self.too_many_requests(None)
    }
    /// Ends the session of a request for good, where there are sessions.
    fn end_session(&self, _request: &Request) {}
    /// Routes under `/sim` of this server alone, for the index: method and path, and what they do.
    fn control_routes(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
    /// Answers those routes; `None` for a route it does not have.
    fn control(&self, _request: &Request) -> Option<Reply> {
        None
    }
}

/// What all servers of one simulation share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) clock: MovableClock,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    /// Public part of the authority that issued the certificate of the https side.
    pub(crate) certificate_pem: String,
}

#[derive(Clone)]
struct Running {
    endpoint: Arc<dyn Endpoint>,
    shared: Arc<Shared>,
    shutdown: watch::Receiver<bool>,
}

/// Serves http and https until `shutdown` turns true.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
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
    let with_peer = router.into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(PortListener::new(listener, tls), with_peer)
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
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: axum::extract::Request,
) -> Response {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let uri_length = parts
        .uri
        .path_and_query()
        .map_or(1, |uri| uri.as_str().len());
    let mut request = Request::new(
        parts.method.as_str(),
        parts.uri.path(),
        parts.uri.query().unwrap_or_default(),
        parts.headers,
        Bytes::new(),
    );
    request.secure = peer.secure;
    request.at = running.shared.clock.now();
    let (head, gzip) = (request.head, encoding::accepts_gzip(&request.headers));
    let limits = running.endpoint.limits(&request);
    let refusal = match limits.check(uri_length, headers_length(&request.headers)) {
        Some(refusal) => Some(refusal),
        None => match read(&request, body, limits.body).await {
            Ok(body) => {
                request.body = body;
                None
            }
            Err(refusal) => Some(refusal),
        },
    };
    let endpoint = Arc::clone(&running.endpoint);
    if request.segments.first().is_some_and(|part| part == "sim") {
        let reply = match refusal {
            Some(refusal) => endpoint.refuse(&refusal),
            None => control(&running, request).await,
        };
        return respond(reply, Delivery::Whole, head, running.shared.clock.now());
    }
    let treatment = if let Some(refusal) = refusal {
        Treatment::refused(endpoint.refuse(&refusal))
    } else {
        let fault = running.shared.faults.take(
            endpoint.server(),
            request.sent_method(),
            &request.path,
            &request.body,
        );
        Treatment::of(fault, endpoint.as_ref(), &mut request)
    };
    // A client that leaves while it is kept waiting has asked for nothing. No time at all would still
    // be up to a millisecond of the timer's.
    if !treatment.delay.is_zero() {
        tokio::time::sleep(treatment.delay).await;
    }
    let delivery = treatment.delivery;
    let packed = gzip && delivery != Delivery::Half;
    let done = work(
        &running,
        request,
        treatment.answer,
        delivery,
        packed,
        started,
    );
    let mut shutdown = running.shutdown.clone();
    // In a task of its own: from here on a leaving client stops neither the work nor its record.
    let task = tokio::spawn(async move {
        if delivery == Delivery::Abandoned {
            peer.cut.close();
        }
        let reply = done.await;
        match delivery {
            Delivery::Closed => peer.cut.close(),
            Delivery::Reset => peer.cut.reset(),
            Delivery::Never => {
                let _ = shutdown.wait_for(|stop| *stop).await;
                peer.cut.close();
            }
            // It is closed already, or stays open.
            Delivery::Abandoned
            | Delivery::Whole
            | Delivery::Half
            | Delivery::Paced(_)
            | Delivery::LessRows(_) => {}
        }
        reply
    });
    let reply = task
        .await
        .unwrap_or_else(|error| endpoint.refuse(&Refusal::Unexpected(error.to_string())));
    respond(reply, delivery, head, running.shared.clock.now())
}

/// Does the work on a blocking thread, as far as it is to be done, and logs the request there.
fn work(
    running: &Running,
    request: Request,
    answer: Answer,
    delivery: Delivery,
    packed: bool,
    started: Instant,
) -> impl Future<Output = Reply> + use<> {
    let endpoint = Arc::clone(&running.endpoint);
    let after = Arc::clone(&endpoint);
    let shared = Arc::clone(&running.shared);
    let done = tokio::task::spawn_blocking(move || {
        let (reply, is_write) = match answer {
            Answer::Work => {
                let reply = endpoint.answer(&request);
                let is_write = reply.is_write;
                (reply, is_write)
            }
            Answer::Late(late) => {
                let reply = endpoint.answer_late(&request, late);
                let is_write = reply.is_write;
                (reply, is_write)
            }
            Answer::Instead(reply) => (reply, None),
            Answer::AfterWork(reply) => (reply, endpoint.answer(&request).is_write),
            Answer::AfterSession(reply) => {
                endpoint.end_session(&request);
                (reply, None)
            }
        };
        let leaves = !matches!(
            delivery,
            Delivery::Closed | Delivery::Abandoned | Delivery::Reset | Delivery::Never
        );
        shared.log.add(LoggedRequest {
            index: 0,
            server: endpoint.server(),
            method: request.sent_method().to_owned(),
            api_calls: endpoint.api_calls(&request),
            is_write: is_write.unwrap_or_else(|| endpoint.is_write(&request)),
            path: request.path,
            query: request.query_string,
            status: if leaves { reply.status } else { 0 },
            at: request.at,
            duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        let mut reply = reply;
        if let Delivery::LessRows(rows) = delivery
            && let Some(body) = strike::less_rows(&reply.body, rows)
        {
            reply.body = body;
        }
        if packed { encoding::pack(reply) } else { reply }
    });
    async move {
        done.await
            .unwrap_or_else(|error| after.refuse(&Refusal::Unexpected(error.to_string())))
    }
}

/// The routes under `/sim`, which may have to wait for a lock too.
async fn control(running: &Running, request: Request) -> Reply {
    let endpoint = Arc::clone(&running.endpoint);
    let shared = Arc::clone(&running.shared);
    tokio::task::spawn_blocking(move || control::answer(endpoint.as_ref(), &shared, &request))
        .await
        .unwrap_or_else(|error| Reply::text(500, &error.to_string()))
}

/// Bytes of the headers as sent, with `: ` and the end of each line.
fn headers_length(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

/// How much of a body that is too large is still taken in before it is refused: a client that is
/// stopped while it sends sees a broken connection instead of the answer.
const TAKEN_IN: usize = 512 * 1024 * 1024;
/// How long that may last.
const TAKEN_IN_FOR: Duration = Duration::from_secs(20);

/// The body of a request, unpacked.
async fn read(request: &Request, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let announced = request
        .header("content-length")
        .and_then(|length| length.parse::<usize>().ok());
    let mut stream = body.into_data_stream();
    let mut whole = BytesMut::with_capacity(announced.unwrap_or_default().min(limit));
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| Refusal::BrokenBody(error.to_string()))?;
        if whole.len() + piece.len() > limit {
            let rest = async {
                let mut taken = whole.len();
                while let Some(Ok(piece)) = stream.next().await {
                    taken += piece.len();
                    if taken > TAKEN_IN {
                        break;
                    }
                }
            };
            let _ = tokio::time::timeout(TAKEN_IN_FOR, rest).await;
            return Err(Refusal::BodyTooLarge);
        }
        whole.extend_from_slice(&piece);
    }
    let body = whole.freeze();
    let encoding = request
        .header("content-encoding")
        .unwrap_or_default()
        .to_owned();
    if encoding.is_empty() {
        return Ok(body);
    }
    tokio::task::spawn_blocking(move || encoding::unpack(&encoding, body, limit))
        .await
        .unwrap_or_else(|error| Err(Refusal::Unexpected(error.to_string())))
}
