//! Calls and answers as the screens see them, in words.

use drawbridge_billing::console::{Endpoint, ReadyCall};
use drawbridge_billing::{alguna, profitwell};
use drawbridge_model::{ApiCall, ApiCallOutcome, ApiCallRecord, ApiMethod, Connection, Provider};
use jiff::{SignedDuration, Timestamp};

use super::answers::Kept;
use crate::connection_views::domain;
use crate::convert;
use crate::view::{
    ApiAnswerView, ApiCallStateView, ApiCallView, ApiMethodView, ConsoleCheckView, ConsoleRequest,
    EndpointView, ErrorView, PairView, ParameterView,
};

/// A call without an end is under way for no longer than this.
const LONGEST: SignedDuration = SignedDuration::from_mins(6);

fn method(method: ApiMethodView) -> ApiMethod {
    match method {
        ApiMethodView::Get => ApiMethod::Get,
        ApiMethodView::Head => ApiMethod::Head,
        ApiMethodView::Post => ApiMethod::Post,
        ApiMethodView::Put => ApiMethod::Put,
        ApiMethodView::Patch => ApiMethod::Patch,
        ApiMethodView::Delete => ApiMethod::Delete,
    }
}

fn method_view(method: ApiMethod) -> ApiMethodView {
    match method {
        ApiMethod::Get => ApiMethodView::Get,
        ApiMethod::Head => ApiMethodView::Head,
        ApiMethod::Post => ApiMethodView::Post,
        ApiMethod::Put => ApiMethodView::Put,
        ApiMethod::Patch => ApiMethodView::Patch,
        ApiMethod::Delete => ApiMethodView::Delete,
    }
}

pub(super) fn call(request: &ConsoleRequest) -> ApiCall {
    let pairs = |pairs: &[PairView]| {
        pairs
            .iter()
            .map(|pair| (pair.name.clone(), pair.value.clone()))
            .collect()
    };
    ApiCall {
        method: method(request.method),
        path: request.path.clone(),
        headers: pairs(&request.headers),
        query: pairs(&request.query),
        body: request.body.clone(),
    }
}

fn pair_views(pairs: Vec<(String, String)>) -> Vec<PairView> {
    pairs
        .into_iter()
        .map(|(name, value)| PairView { name, value })
        .collect()
}

pub(super) fn endpoints() -> Vec<EndpointView> {
    let of = |provider: Provider, endpoints: &'static [Endpoint]| {
        endpoints
            .iter()
            .map(move |endpoint| endpoint_view(provider, endpoint))
    };
    of(Provider::Profitwell, profitwell::ENDPOINTS)
        .chain(of(Provider::Alguna, alguna::ENDPOINTS))
        .collect()
}

fn endpoint_view(provider: Provider, endpoint: &Endpoint) -> EndpointView {
    EndpointView {
        provider: convert::provider(provider),
        method: method_view(endpoint.method),
        path: endpoint.path.to_owned(),
        does: endpoint.does.to_owned(),
        query: endpoint
            .query
            .iter()
            .map(|parameter| ParameterView {
                name: parameter.name.to_owned(),
                means: parameter.means.to_owned(),
                required: parameter.required,
            })
            .collect(),
        body: endpoint.body.map(str::to_owned),
        changes: endpoint.method.changes(),
        irreversible: endpoint.irreversible.map(sentence_of),
        limit: endpoint.limit.map(str::to_owned),
    }
}

fn sentence_of(text: &str) -> String {
    format!("{text}.")
}

/// What a call does, in one sentence.
pub(super) fn sentence(
    connection: &Connection,
    ready: &ReadyCall,
    endpoint: Option<&Endpoint>,
) -> String {
    let provider = connection.provider.name();
    let place = if connection.name == provider {
        format!("In {provider}")
    } else {
        format!("In {provider}, through “{}”", connection.name)
    };
    match endpoint {
        Some(endpoint) => format!(
            "{place}: {}.{}",
            decapitalised(endpoint.does),
            advice(endpoint, ready)
        ),
        None if ready.method.changes() => format!(
            "{place}: sends {} {}. It is not among the documented calls, so what it changes is not \
             known here.",
            ready.method.word(),
            ready.path
        ),
        None => format!(
            "{place}: reads {}. It is not among the documented calls.",
            ready.path
        ),
    }
}

/// `ProfitWell` has no other way to tell a repeated subscription from a second one
/// (facts/profitwell.md §6).
fn advice(endpoint: &Endpoint, ready: &ReadyCall) -> &'static str {
    let creates = endpoint.method == ApiMethod::Post && endpoint.path == "/v2/subscriptions/";
    let body = ready.kept.body.as_deref().unwrap_or_default();
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let alias = body.get("subscription_alias").and_then(|it| it.as_str());
    if creates && alias.is_none_or(|alias| alias.trim().is_empty()) {
        " Give it a subscription_alias: without one nobody can tell later whether a lost call was done."
    } else {
        ""
    }
}

fn decapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// What cannot be taken back, where something cannot: what is documented as such, and whatever
/// deletes.
pub(super) fn irreversible(method: ApiMethod, endpoint: Option<&Endpoint>) -> Option<String> {
    match endpoint.and_then(|endpoint| endpoint.irreversible) {
        Some(what) => Some(sentence_of(what)),
        None => {
            (method == ApiMethod::Delete).then(|| "What is deleted may not come back.".to_owned())
        }
    }
}

/// A call that would not be sent.
pub(super) fn refused(
    connection: &Connection,
    request: &ConsoleRequest,
    refusal: ErrorView,
) -> ConsoleCheckView {
    ConsoleCheckView {
        path: request.path.clone(),
        host: domain(&connection.base_url),
        sentence: String::new(),
        changes: method(request.method).changes(),
        irreversible: None,
        type_this: None,
        limit: None,
        refusal: Some(refusal),
    }
}

/// The call as it is kept once a person was forgotten by it: without whom.
pub(super) fn forgotten(call: &ApiCall) -> ApiCall {
    let path = call.path.trim_end_matches('/');
    let (before, _) = path.rsplit_once('/').unwrap_or_default();
    ApiCall {
        method: call.method,
        path: format!("{before}/…/"),
        headers: Vec::new(),
        query: Vec::new(),
        body: None,
    }
}

pub(super) fn answer(
    connection: &Connection,
    method: ApiMethodView,
    kept: &Kept,
    said: Option<&str>,
) -> ApiAnswerView {
    let answer = &kept.answer;
    let header = |wanted: &str| {
        let mut headers = answer.headers.iter();
        headers
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    };
    let changes = self::method(method).changes();
    ApiAnswerView {
        call: kept.id.0,
        connection: connection.id.0,
        method,
        path: kept.path.clone(),
        status: answer.status,
        status_text: status_text(answer.status).to_owned(),
        sentence: outcome(connection, answer.status, changes, said),
        note: note(connection, kept, changes, header("location")),
        retry_after_seconds: header("retry-after").and_then(|wait| wait.trim().parse().ok()),
        headers: pair_views(answer.headers.clone()),
        elapsed_ms: convert::to_u32(answer.elapsed_ms),
        size: convert::to_u32(answer.body.len() as u64),
        content_type: answer.content_type.clone(),
        kind: kept.kind,
        text: kept.text.clone(),
        text_cut: kept.text_cut,
        rows: kept
            .table
            .as_ref()
            .map_or(0, |table| convert::to_u32(table.len() as u64)),
        columns: kept
            .table
            .as_ref()
            .map(|table| table.columns.clone())
            .unwrap_or_default(),
    }
}

/// What came of a call, in one sentence.
fn outcome(connection: &Connection, status: u16, changes: bool, said: Option<&str>) -> String {
    let provider = connection.provider.name();
    let said = said.map(|words| format!(": {}", words.trim_end_matches('.')));
    let said = said.unwrap_or_default();
    match status {
        200..=299 if changes => format!("{provider} has done it."),
        200..=299 => format!("{provider} answered."),
        300..=399 => format!("{provider} sends this call elsewhere. It was not followed."),
        401 => format!("{provider} refused the key{said}."),
        404 => format!("{provider} knows no such record or path{said}."),
        408 | 500.. if changes => {
            format!("{provider} is in trouble{said}. The call may have been done all the same.")
        }
        429 => format!("{provider} asks for fewer calls{said}. Nothing was done."),
        408 | 500.. => format!("{provider} is in trouble{said}."),
        _ => format!("{provider} refused the call{said}."),
    }
}

/// What to know or do next.
fn note(
    connection: &Connection,
    kept: &Kept,
    changes: bool,
    location: Option<&str>,
) -> Option<String> {
    let status = kept.answer.status;
    let by_hand = [
        "/v2/subscriptions/",
        "/v2/users/",
        "/v2/plans/",
        "/v2/unchurn/",
    ];
    match status {
        300..=399 => Some(format!(
            "It leads to {}. The key goes to {} alone.",
            location.unwrap_or("a place it does not name"),
            domain(&connection.base_url)
        )),
        401 => Some("Replace the key of the connection on the Connections screen.".to_owned()),
        404 if connection.provider == Provider::Profitwell
            && by_hand.iter().any(|path| kept.path.starts_with(path)) =>
        {
            Some(
                "This path knows only what was added by hand or by this API. What comes from a \
                 payment provider, such as Stripe, is changed there; /v2/customers/ shows it."
                    .to_owned(),
            )
        }
        408 | 500.. if changes => {
            Some("Read the record before you send this again: it may be done already.".to_owned())
        }
        _ => None,
    }
}

pub(crate) fn record(record: ApiCallRecord, now: Timestamp) -> ApiCallView {
    let state = match record.end.as_ref().map(|end| end.outcome) {
        Some(ApiCallOutcome::Answered) => ApiCallStateView::Answered,
        Some(ApiCallOutcome::Cut) => ApiCallStateView::Cut,
        Some(ApiCallOutcome::Lost) => ApiCallStateView::Lost,
        Some(ApiCallOutcome::NotSent) => ApiCallStateView::NotSent,
        None if now.duration_since(record.begun_at) < LONGEST => ApiCallStateView::UnderWay,
        None => ApiCallStateView::NotKnown,
    };
    let status = record.end.as_ref().and_then(|end| end.status);
    ApiCallView {
        call: record.id.0,
        connection: record.connection.0,
        connection_name: record.connection_name,
        who: record.who,
        provider: convert::provider(record.provider),
        method: method_view(record.call.method),
        path: record.call.path,
        query: pair_views(record.call.query),
        headers: pair_views(record.call.headers),
        body: record.call.body,
        changes: record.call.method.changes(),
        begun_at: record.begun_at.to_string(),
        state,
        status,
        status_text: status.map(|status| status_text(status).to_owned()),
        elapsed_ms: record
            .end
            .as_ref()
            .map_or(0, |end| convert::to_u32(end.elapsed_ms)),
        size: record
            .end
            .as_ref()
            .map_or(0, |end| convert::to_u32(end.size)),
        message: record.end.and_then(|end| end.message),
    }
}

/// The words of a status; nothing for one that has none.
fn status_text(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
