//! The start of a login and its end.

use std::future::Future;
use std::time::Duration;

use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use url::Url;

use super::exchange;
use super::listener::{self, Loopback};
use super::redirect_uri;
use crate::transport::{Options, http_client};
use crate::{Error, Tokens, urls};

/// What a login needs to know.
#[derive(Clone, Debug)]
pub struct LoginRequest {
    /// Where the person signs in; see [`crate::parse_login_url`].
    pub login_url: Url,
    /// Consumer key of the org's External Client App.
    pub client_id: String,
    /// Port the browser comes back to. It must stand in the app's callback URLs.
    pub port: u16,
}

/// A login that waits for the browser.
pub struct PendingLogin {
    request: LoginRequest,
    loopback: Loopback,
    authorize_url: Url,
    redirect: RedirectUrl,
    verifier: PkceCodeVerifier,
    state: CsrfToken,
    http: reqwest::Client,
}

impl std::fmt::Debug for PendingLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingLogin")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

/// Starts a login: listens first, then makes the address for the browser.
pub fn begin(request: LoginRequest) -> Result<PendingLogin, Error> {
    begin_with(request, &Options::default())
}

/// [`begin`], with settings for the connection to the login address.
pub fn begin_with(mut request: LoginRequest, options: &Options) -> Result<PendingLogin, Error> {
    let client_id = request.client_id.trim().to_owned();
    request.client_id = client_id;
    if request.client_id.is_empty() {
        return Err(Error::NoClientId);
    }
    urls::secure(&request.login_url)?;
    let http = http_client(options, &request.login_url)?;
    let loopback = Loopback::bind(request.port)?;
    request.port = loopback.port;
    let redirect = redirect_uri(request.port);
    let redirect =
        RedirectUrl::new(redirect.clone()).map_err(|_| Error::NotAnAddress { text: redirect })?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let client = exchange::oauth_client(&request.login_url, &request.client_id, None)?
        .set_redirect_uri(redirect.clone());
    let (authorize_url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("api".to_owned()))
        .add_scope(Scope::new("refresh_token".to_owned()))
        .add_extra_param("prompt", "login")
        .set_pkce_challenge(challenge)
        .url();
    Ok(PendingLogin {
        request,
        loopback,
        authorize_url,
        redirect,
        verifier,
        state,
        http,
    })
}

impl PendingLogin {
    /// The address to open in the system's browser.
    pub fn authorize_url(&self) -> &Url {
        &self.authorize_url
    }

    /// The callback address, exactly as the External Client App must know it.
    pub fn redirect_uri(&self) -> &str {
        self.redirect.as_str()
    }

    /// Waits until the browser comes back, at most for `timeout`
    /// ([`super::DEFAULT_TIMEOUT`] suits people) or until `cancel` is done, and trades the code
    /// for a login. Whatever comes with another `state` is shown a page that says so and does
    /// not end the wait: otherwise any page could end it.
    pub async fn finish(
        self,
        timeout: Duration,
        cancel: impl Future<Output = ()> + Send,
    ) -> Result<Tokens, Error> {
        let mut strays = 0;
        let callback = tokio::select! {
            found = listener::wait(self.loopback, self.state.secret(), &mut strays) => found,
            () = tokio::time::sleep(timeout) => Err(Error::TimedOut { seconds: timeout.as_secs(), strays: 0 }),
            () = cancel => Err(Error::Cancelled),
        };
        let mut callback = match callback {
            Err(Error::TimedOut { seconds, .. }) => {
                return Err(Error::TimedOut { seconds, strays });
            }
            other => other?,
        };
        let answer = std::mem::replace(&mut callback.answer, Ok(String::new()));
        let result = match answer {
            Ok(code) => {
                exchange::trade_code(
                    &self.http,
                    &self.request.login_url,
                    &self.request.client_id,
                    self.redirect,
                    code,
                    self.verifier,
                )
                .await
            }
            Err(refusal) if refusal.code == "access_denied" => Err(Error::Denied),
            Err(refusal) => Err(Error::Refused {
                advice: exchange::advice(&refusal.code, &refusal.description),
                code: refusal.code,
                description: refusal.description,
            }),
        };
        callback.show(result.is_ok()).await;
        result
    }
}
