//! Calls a person writes by hand, to either system: guarded, then made once and shown as they came.
//!
//! Nothing is repeated here, neither a read nor a write: a person sees what happened and decides.

mod address;
mod endpoint;
mod headers;
mod mask;

use drawbridge_model::{ApiAnswer, ApiCall, ApiCallError, ApiCallRefusal, ApiMethod};
use reqwest::header::HeaderMap;
use url::Url;

use crate::http::Transport;
pub(crate) use address::Ground;
pub use endpoint::{Endpoint, Parameter, confirmation, documented};
pub(crate) use endpoint::{endpoint, optional, required};
pub(crate) use headers::shown;
pub(crate) use mask::Mask;

/// The largest answer that is taken, unpacked.
pub const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// A billing system, called by hand.
pub struct Console<'a> {
    transport: &'a Transport,
    endpoints: &'static [Endpoint],
    example: &'static str,
}

/// A call that passed the guards and can be sent, once.
pub struct ReadyCall {
    /// How.
    pub method: ApiMethod,
    /// Its path below the host as it will be sent, without the key.
    pub path: String,
    /// What the history keeps of it.
    pub kept: ApiCall,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

impl ReadyCall {
    /// Where it goes, whole.
    pub fn address(&self) -> String {
        self.url.to_string()
    }
}

impl<'a> Console<'a> {
    pub(crate) fn new(
        transport: &'a Transport,
        endpoints: &'static [Endpoint],
        example: &'static str,
    ) -> Self {
        Self {
            transport,
            endpoints,
            example,
        }
    }

    /// What is documented of the system's API.
    pub fn endpoints(&self) -> &'static [Endpoint] {
        self.endpoints
    }

    /// Looks whether a call may be sent. Sends nothing.
    pub fn ready(&self, call: &ApiCall) -> Result<ReadyCall, ApiCallRefusal> {
        let mask = self.transport.mask();
        let ground = self.transport.ground(self.example);
        let url = address::address(&ground, &call.path, &call.query)
            .map_err(|refusal| without_key(refusal, &mask))?;
        let mut headers = headers::headers(&call.headers, &mask)?;
        let body = headers::body(call.method, call.body.as_deref(), &mut headers)?;
        let prefix = ground.base.path().trim_end_matches('/');
        let path = mask.text(url.path().strip_prefix(prefix).unwrap_or(url.path()));
        // A query written into the path is kept as pairs, so that it is seen and used again as such.
        let query = url.query_pairs();
        let kept = ApiCall {
            method: call.method,
            path: path.clone(),
            headers: headers::kept(&call.headers, &mask),
            query: query
                .map(|(name, value)| (mask.text(&name), mask.text(&value)))
                .collect(),
            body: body
                .is_some()
                .then(|| mask.text(call.body.as_deref().unwrap_or_default())),
        };
        Ok(ReadyCall {
            method: call.method,
            path,
            kept,
            url,
            headers,
            body,
        })
    }

    /// What the system says for a person in an answer that refuses, without the key.
    pub fn message(&self, body: &[u8]) -> Option<String> {
        let body = serde_json::from_slice(body).ok()?;
        let words = self.transport.message(&body)?;
        Some(
            self.transport
                .mask()
                .text(&crate::answer::shortened(&words)),
        )
    }

    /// Sends a call once and gives what came, whatever its status. Redirects are not followed.
    pub async fn send(&self, call: ReadyCall) -> Result<ApiAnswer, ApiCallError> {
        self.transport.call(call).await
    }
}

/// A refusal quotes what was written, but not the key.
fn without_key(mut refusal: ApiCallRefusal, mask: &Mask) -> ApiCallRefusal {
    if let ApiCallRefusal::OtherHost { path: quoted, .. }
    | ApiCallRefusal::NoSlash { path: quoted, .. }
    | ApiCallRefusal::DotSegment { segment: quoted } = &mut refusal
    {
        *quoted = mask.text(quoted);
    }
    refusal
}
