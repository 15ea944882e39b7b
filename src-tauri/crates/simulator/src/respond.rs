//! From an answer to what leaves by the connection.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use jiff::Timestamp;

use crate::reply::Reply;
use crate::strike::Delivery;

/// How often a paced body goes on.
const PACE: Duration = Duration::from_millis(50);

/// The response; to a `HEAD` without its body, with the length it would have. Its `Date` is the
/// moment by the simulation's clock.
pub(crate) fn respond(reply: Reply, delivery: Delivery, head: bool, at: Timestamp) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &reply.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            response.headers_mut().append(name, value);
        }
    }
    let date = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().entry("date").or_insert(date);
    }
    let body = Bytes::from(reply.body);
    // The body of these three sets no length by itself.
    let (length, body) = match delivery {
        _ if head => (Some(body.len()), Body::empty()),
        Delivery::Half => (Some(body.len()), half(&body)),
        Delivery::Paced(rate) => (Some(body.len()), paced(body, rate)),
        _ => (None, Body::from(body)),
    };
    let bodiless = matches!(response.status().as_u16(), 204 | 304);
    if let Some(length) = length.filter(|_| !bodiless) {
        response
            .headers_mut()
            .insert("content-length", HeaderValue::from(length));
    }
    *response.body_mut() = body;
    response
}

/// The first half, then an error.
fn half(body: &Bytes) -> Body {
    let first = body.slice(..body.len() / 2);
    Body::from_stream(futures::stream::unfold(Some(first), |state| async move {
        let Some(piece) = state else {
            // Let the first half reach the client before the connection closes.
            tokio::time::sleep(Duration::from_millis(50)).await;
            return Some((Err(std::io::ErrorKind::ConnectionAborted.into()), None));
        };
        Some((Ok::<Bytes, std::io::Error>(piece), None))
    }))
}

/// Everything, at so many bytes per second.
fn paced(body: Bytes, rate: u64) -> Body {
    let per_second = usize::try_from(rate).unwrap_or(usize::MAX);
    let piece = (per_second / 20).max(1);
    // A rate below one byte per pace waits longer instead.
    let wait = PACE.max(Duration::from_secs_f64(
        1.0 / f64::from(u32::try_from(rate.max(1)).unwrap_or(u32::MAX)),
    ));
    Body::from_stream(futures::stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(wait).await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok::<Bytes, std::io::Error>(next), rest))
    }))
}
