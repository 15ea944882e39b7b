//! What an armed fault makes of one request.

use std::fmt::Write;
use std::time::Duration;

use crate::faults::{FaultKind, Struck};
use crate::reply::{Reply, Request, RowErrors};
use crate::server::Endpoint;

/// Whether the work is done, and what is answered.
pub(crate) enum Answer {
    /// The work is done and its answer given.
    Work,
    /// The work is done this much later.
    Late(Duration),
    /// Nothing is done and this is answered.
    Instead(Reply),
    /// The work is done and this is answered all the same.
    AfterWork(Reply),
    /// The request's session ends, and this is answered.
    AfterSession(Reply),
}

/// How an answer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    /// Its body stops half-way.
    Half,
    /// The last so many rows of its list are left out.
    LessRows(usize),
    /// Its body comes at this many bytes per second.
    Paced(u64),
    /// The connection closes instead.
    Closed,
    /// The connection closes before the work is done.
    Abandoned,
    /// The connection is reset instead.
    Reset,
    /// It never leaves.
    Never,
}

/// How a request is treated.
pub(crate) struct Treatment {
    pub(crate) delay: Duration,
    pub(crate) answer: Answer,
    pub(crate) delivery: Delivery,
}

impl Treatment {
    fn new(answer: Answer, delivery: Delivery) -> Self {
        Self {
            delay: Duration::ZERO,
            answer,
            delivery,
        }
    }

    fn instead(reply: Reply) -> Self {
        Self::new(Answer::Instead(reply), Delivery::Whole)
    }

    /// The treatment of a request that goes no further.
    pub(crate) fn refused(reply: Reply) -> Self {
        Self::instead(reply)
    }

    /// The treatment of a request struck by this fault, or by none.
    pub(crate) fn of(
        struck: Option<Struck>,
        endpoint: &dyn Endpoint,
        request: &mut Request,
    ) -> Self {
        let nothing = || Answer::Instead(Reply::empty(500));
        let Some(Struck { kind: fault, rows }) = struck else {
            return Self::new(Answer::Work, Delivery::Whole);
        };
        match fault {
            FaultKind::RowLocks(_)
            | FaultKind::BulkFailure(_)
            | FaultKind::SlowBulk(_)
            | FaultKind::MissingResults { .. } => {
                request.fault = Some(fault);
                Self::new(Answer::Work, Delivery::Whole)
            }
            FaultKind::RowErrors {
                status_code,
                message,
                every_nth,
            } => {
                request.row_errors = Some(RowErrors {
                    status_code,
                    message,
                    every_nth: every_nth.max(1),
                    rows,
                });
                Self::new(Answer::Work, Delivery::Whole)
            }
            FaultKind::Status(status, body) => Self::instead(Reply::json(status, &body)),
            FaultKind::Answer {
                status,
                headers,
                body,
            } => {
                let reply = match body {
                    serde_json::Value::Null => Reply::empty(status),
                    serde_json::Value::String(text) => Reply::text(status, &text),
                    body => Reply::json(status, &body),
                };
                let reply = headers
                    .into_iter()
                    .fold(reply, |reply, (name, value)| reply.with_any(&name, value));
                Self::instead(reply)
            }
            FaultKind::Gateway {
                status,
                after_commit,
            } => {
                let reply = Reply::html(status, &gateway_page(status));
                if after_commit {
                    Self::new(Answer::AfterWork(reply), Delivery::Whole)
                } else {
                    Self::instead(reply)
                }
            }
            FaultKind::TooManyRequests { retry_after } => {
                Self::instead(endpoint.too_many_requests(retry_after))
            }
            FaultKind::ConcurrentLimit => Self::instead(endpoint.concurrent_limit()),
            FaultKind::Html503 => Self::instead(Reply::html(503, MAINTENANCE)),
            FaultKind::Html200 => Self::instead(Reply::html(200, MAINTENANCE)),
            FaultKind::HugeAnswer(bytes) => Self::instead(huge(bytes)),
            FaultKind::QuotaExceeded => Self::instead(endpoint.quota_exceeded()),
            FaultKind::ExpiredSession => Self::instead(endpoint.expired()),
            FaultKind::TokenExpired => {
                Self::new(Answer::AfterSession(endpoint.expired()), Delivery::Whole)
            }
            FaultKind::Slow(milliseconds) => Self {
                delay: Duration::from_millis(milliseconds),
                ..Self::new(Answer::Work, Delivery::Whole)
            },
            FaultKind::SlowBody(rate) => Self::new(Answer::Work, Delivery::Paced(rate.max(1))),
            FaultKind::Truncate => Self::new(Answer::Work, Delivery::Half),
            FaultKind::LessRows(rows) => Self::new(Answer::Work, Delivery::LessRows(rows)),
            FaultKind::Hang => Self::new(nothing(), Delivery::Never),
            FaultKind::DropBeforeCommit => Self::new(nothing(), Delivery::Closed),
            FaultKind::Reset => Self::new(nothing(), Delivery::Reset),
            FaultKind::DropAfterCommit => Self::new(Answer::Work, Delivery::Closed),
            FaultKind::LateCommit(milliseconds) => {
                let late = Duration::from_millis(milliseconds);
                Self::new(Answer::Late(late), Delivery::Abandoned)
            }
        }
    }
}

/// The body without the last so many rows of its list: `records`, `data`, or itself.
pub(crate) fn less_rows(body: &[u8], rows: usize) -> Option<Vec<u8>> {
    let mut json: serde_json::Value = serde_json::from_slice(body).ok()?;
    let list = match &mut json {
        serde_json::Value::Array(list) => list,
        other => {
            let name = ["records", "data"]
                .into_iter()
                .find(|name| other.get(name).is_some_and(serde_json::Value::is_array))?;
            other.get_mut(name)?.as_array_mut()?
        }
    };
    list.truncate(list.len().saturating_sub(rows));
    serde_json::to_vec(&json).ok()
}

/// A list of customers that goes on for so many bytes.
fn huge(bytes: u64) -> Reply {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut list = String::with_capacity(bytes.saturating_add(256));
    let mut number = 0_u32;
    while list.len() < bytes {
        number += 1;
        list.push(if number == 1 { '[' } else { ',' });
        let _ = write!(
            list,
            r#"{{"customer_id":"cus_{number:08}","email":"customer{number}@example.com","mrr_cents":{},"plans":["Starter","Seats"],"status":"active","churned_on":null,"meta":{{"note":"made up to fill an answer"}}}}"#,
            number % 9_000
        );
    }
    list.push(']');
    Reply::text(200, &list).with_any("content-type", "application/json".to_owned())
}

const MAINTENANCE: &str = "<!DOCTYPE html><html><head><title>Down for maintenance</title></head>\
<body><h1>We are down for maintenance.</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>";

fn gateway_page(status: u16) -> String {
    let title = match status {
        502 => "502 Bad Gateway",
        504 => "504 Gateway Time-out",
        _ => "Gateway error",
    };
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
}
