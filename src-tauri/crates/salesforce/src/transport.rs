//! One call to the org and its answer: bearer, origin check, renewal, repetition of reads.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use drawbridge_model::{ApiUsage, AskingAgain, TargetError};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use url::Url;

use crate::rest::failure::{self, Effect, Verdict};
use crate::session::Session;
use crate::{Error, Retry, Tokens, limits, soap, urls};

/// Settings of the connection to an org.
#[derive(Clone, Debug)]
pub struct Options {
    /// Newest API version to use, such as 67 for `67.0`.
    pub api_version_ceiling: u16,
    /// How long one call may take in all.
    pub timeout: Duration,
    /// How often and how patiently reads are asked again.
    pub retry: Retry,
    /// How long a deployment is watched.
    pub deploy_patience: Duration,
    /// A certificate authority to trust besides the system's, as PEM.
    pub extra_ca: Option<Vec<u8>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            api_version_ceiling: 67,
            timeout: Duration::from_mins(2),
            retry: Retry::default(),
            deploy_patience: Duration::from_mins(30),
            extra_ca: None,
        }
    }
}

/// An HTTP client that follows no redirect and repeats nothing by itself. For this computer's own
/// addresses it uses neither a proxy nor, over http, certificates.
pub(crate) fn http_client(options: &Options, origin: &Url) -> Result<reqwest::Client, Error> {
    let tls = |error: reqwest::Error| Error::Tls {
        reason: failure::reason(&error),
    };
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("Drawbridge/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_secs(10).min(options.timeout))
        .timeout(options.timeout)
        // Servers close idle connections; a write on a closed one would count as lost.
        .pool_idle_timeout(Duration::from_secs(15))
        .tcp_nodelay(true);
    if urls::is_loopback(origin) {
        builder = builder.no_proxy();
    }
    let certificates = match &options.extra_ca {
        Some(pem) => reqwest::Certificate::from_pem_bundle(pem).map_err(tls)?,
        None => Vec::new(),
    };
    if options.extra_ca.is_some() && certificates.is_empty() {
        return Err(Error::Tls {
            reason: "the file holds no certificate".to_owned(),
        });
    }
    builder = if origin.scheme() == "http" {
        builder.tls_certs_only(certificates)
    } else {
        builder.tls_certs_merge(certificates)
    };
    builder.build().map_err(tls)
}

/// What goes along with a call.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Json(Bytes),
    /// The file of a Bulk job. Repeated sending after a renewed session shares it.
    Csv(Bytes),
    /// The parts of a deployment: options and zip.
    Deploy {
        options: Bytes,
        zip: Bytes,
    },
    /// An operation of SOAP without arguments, in an envelope that holds the session.
    Soap(&'static str),
}

/// What takes the answer to a call while it arrives.
pub(crate) trait Pieces: Send {
    /// The first piece is the next: the call was made for the first time, or again.
    fn begin(&mut self);

    /// The next piece.
    fn take(&mut self, piece: &[u8]);
}

/// One call. `path` begins with `/` and may have a query.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Body,
    pub(crate) effect: Effect,
    /// Whether duplicate rules that only warn are to let it through.
    pub(crate) allow_duplicates: bool,
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: Body::None,
            effect: Effect::Reads,
            allow_duplicates: false,
        }
    }

    pub(crate) fn write(method: Method, path: impl Into<String>, body: Body) -> Self {
        Self {
            method,
            path: path.into(),
            body,
            effect: Effect::Writes,
            allow_duplicates: false,
        }
    }

    /// A read that needs a body.
    pub(crate) fn read_with(path: impl Into<String>, json: Bytes) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            body: Body::Json(json),
            effect: Effect::Reads,
            allow_duplicates: false,
        }
    }

    /// A question by SOAP.
    pub(crate) fn soap(path: impl Into<String>, operation: &'static str) -> Self {
        Self {
            method: Method::POST,
            path: path.into(),
            body: Body::Soap(operation),
            effect: Effect::Reads,
            allow_duplicates: false,
        }
    }

    /// Method and path, without the query, for messages.
    pub(crate) fn name(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

pub(crate) struct Http {
    client: reqwest::Client,
    pub(crate) session: Arc<Session>,
    retry: Retry,
    calls: AtomicU32,
    usage: Mutex<Option<ApiUsage>>,
    pub(crate) asking_again: Arc<AskingAgain>,
}

impl Http {
    pub(crate) fn new(client: reqwest::Client, session: Arc<Session>, retry: Retry) -> Self {
        Self {
            client,
            session,
            retry,
            calls: AtomicU32::new(0),
            usage: Mutex::new(None),
            asking_again: Arc::default(),
        }
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(crate) fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(crate) fn usage(&self) -> Option<ApiUsage> {
        *self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Host and port of the org.
    pub(crate) fn host(&self) -> String {
        urls::host_and_port(&self.session.peek().instance_url)
    }

    /// Makes the call. A read is asked again while that may help; a write is sent once.
    pub(crate) async fn send(&self, call: &Call) -> Result<Bytes, TargetError> {
        self.send_into(call, None).await
    }

    /// As [`Http::send`], of a call whose answer is a file, which is taken while it arrives.
    pub(crate) async fn read(
        &self,
        call: &Call,
        pieces: &mut dyn Pieces,
    ) -> Result<(), TargetError> {
        let rest = self.send_into(call, Some(pieces)).await?;
        if rest.is_empty() {
            return Ok(());
        }
        Err(TargetError::NotTheApi {
            host: self.host(),
            what: "something else where a file of results was asked for".to_owned(),
        })
    }

    async fn send_into(
        &self,
        call: &Call,
        mut pieces: Option<&mut dyn Pieces>,
    ) -> Result<Bytes, TargetError> {
        let mut failed = 0;
        let mut read = self.asking_again.begin();
        loop {
            let error = match self.send_once(call, &mut pieces).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failed += 1;
            let wait = match call.effect {
                Effect::Reads => self.retry.wait(&error, failed, fastrand::f64()),
                Effect::Writes => None,
            };
            let Some(wait) = wait else {
                return Err(error);
            };
            tracing::debug!(call = %call.name(), %error, ?wait, "asking again");
            read.again(error.to_string());
            tokio::time::sleep(wait).await;
        }
    }

    /// Makes the call once, and once more with a renewed session when Salesforce answers that the
    /// session is over: that answer says that nothing was done.
    async fn send_once(
        &self,
        call: &Call,
        pieces: &mut Option<&mut dyn Pieces>,
    ) -> Result<Bytes, TargetError> {
        let ready = self.session.current().await;
        let mut tokens = ready.map_err(failure::before_sending)?;
        let mut renewed = false;
        loop {
            match self.exchange(call, &tokens, pieces).await? {
                Verdict::Fine(body) => return Ok(body),
                Verdict::Failed(error) => return Err(error),
                Verdict::SessionOver(message) if renewed || tokens.refresh_token.is_none() => {
                    return Err(TargetError::SignInNeeded { message });
                }
                Verdict::SessionOver(_) => {
                    let renewal = self.session.renew(&tokens).await;
                    tokens = renewal.map_err(failure::before_sending)?;
                    renewed = true;
                }
            }
        }
    }

    async fn exchange(
        &self,
        call: &Call,
        tokens: &Tokens,
        pieces: &mut Option<&mut dyn Pieces>,
    ) -> Result<Verdict, TargetError> {
        let host = urls::host_and_port(&tokens.instance_url);
        let Some(url) = urls::on_origin(&tokens.instance_url, &call.path) else {
            return Err(TargetError::NotTheApi {
                host,
                what: "an address outside the org, which the login is not sent to".to_owned(),
            });
        };
        let mut request = self
            .client
            .request(call.method.clone(), url)
            .bearer_auth(tokens.access_token.expose());
        if call.allow_duplicates {
            request = request.header("Sforce-Duplicate-Rule-Header", "allowSave=true");
        }
        request = match &call.body {
            Body::None => request,
            Body::Json(json) => request
                .header(CONTENT_TYPE, "application/json; charset=UTF-8")
                .body(json.clone()),
            Body::Csv(csv) => request.header(CONTENT_TYPE, "text/csv").body(csv.clone()),
            Body::Deploy { options, zip } => request.multipart(deploy_form(options, zip)?),
            Body::Soap(operation) => request
                .header(CONTENT_TYPE, "text/xml; charset=UTF-8")
                .header("SOAPAction", "\"\"")
                .body(soap::envelope(operation, tokens.access_token.expose())),
        };
        let answer = request.send().await;
        let refused = matches!(&answer, Ok(response) if response.status() == 401);
        let answer = answer.map_err(|error| failure::broken(&error, &host));
        let unsent = matches!(answer, Err(TargetError::Unreachable { .. }));
        let counts = ["/services/data/v", "/services/Soap/"];
        if counts.iter().any(|api| call.path.starts_with(api)) && !refused && !unsent {
            self.calls.fetch_add(1, Ordering::Relaxed);
        }
        let mut response = answer?;
        let status = response.status().as_u16();
        self.note(response.headers());
        let is_csv = is_csv(response.headers());
        let broken = |error| failure::broken(&error, &host);
        if status == 200
            && is_csv
            && let Some(pieces) = pieces
        {
            pieces.begin();
            while let Some(piece) = response.chunk().await.map_err(broken)? {
                pieces.take(&piece);
            }
            return Ok(Verdict::Fine(Bytes::new()));
        }
        let body = response.bytes().await.map_err(broken)?;
        if let Body::Soap(_) = call.body {
            return Ok(soap::judge(&call.name(), &host, status, body));
        }
        Ok(failure::judge(
            &call.name(),
            &host,
            call.effect,
            status,
            body,
        ))
    }

    fn note(&self, headers: &HeaderMap) {
        let usage = headers
            .get("Sforce-Limit-Info")
            .and_then(|value| value.to_str().ok())
            .and_then(limits::usage);
        if usage.is_some() {
            *self.usage.lock().unwrap_or_else(PoisonError::into_inner) = usage;
        }
    }
}

/// The results of a Bulk job come as CSV; nothing else does.
fn is_csv(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/csv"))
}

fn deploy_form(options: &Bytes, zip: &Bytes) -> Result<reqwest::multipart::Form, TargetError> {
    use reqwest::multipart::{Form, Part};
    let part = |bytes: &Bytes, mime: &str| {
        Part::stream_with_length(bytes.clone(), bytes.len() as u64)
            .mime_str(mime)
            .map_err(|error| TargetError::Unreachable {
                host: "the org".to_owned(),
                reason: error.to_string(),
            })
    };
    Ok(Form::new()
        .part("json", part(options, "application/json")?)
        .part(
            "file",
            part(zip, "application/zip")?.file_name("deploy.zip"),
        ))
}
