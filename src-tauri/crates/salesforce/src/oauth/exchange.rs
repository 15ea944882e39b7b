//! The token endpoint: code and refresh token in, login out.

use drawbridge_model::{Sensitive, TargetError};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpClientError, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse,
    TokenUrl,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::rest::failure;
use crate::{Error, Tokens, urls};

/// What Salesforce adds to a token answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Extra {
    instance_url: Url,
    id: Option<Url>,
    /// Milliseconds since 1970, as text.
    issued_at: Option<String>,
}

impl ExtraTokenFields for Extra {}

type Answer = StandardTokenResponse<Extra, BasicTokenType>;
type Failure = RequestTokenError<HttpClientError<reqwest::Error>, BasicErrorResponse>;
pub(crate) type OauthClient = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A client for the login address. A public app has no secret.
pub(crate) fn oauth_client(
    login_url: &Url,
    client_id: &str,
    secret: Option<&Sensitive<String>>,
) -> Result<OauthClient, Error> {
    let endpoint = |name: &str| {
        urls::on_origin(login_url, &format!("/services/oauth2/{name}")).ok_or_else(|| {
            Error::NotSecure {
                host: urls::host_and_port(login_url),
            }
        })
    };
    let client = oauth2::Client::new(ClientId::new(client_id.to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(endpoint("authorize")?))
        .set_token_uri(TokenUrl::from_url(endpoint("token")?));
    Ok(match secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().clone())),
        None => client,
    })
}

async fn fetch(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, HttpClientError<reqwest::Error>> {
    let response = client
        .execute(request.try_into().map_err(Box::new)?)
        .await
        .map_err(Box::new)?;
    let mut builder = oauth2::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        builder = builder.header(name, value);
    }
    let body = response.bytes().await.map_err(Box::new)?;
    Ok(builder.body(body.to_vec())?)
}

/// Trades the code of a callback for a login.
pub(crate) async fn trade_code(
    http: &reqwest::Client,
    login_url: &Url,
    client_id: &str,
    redirect: RedirectUrl,
    code: String,
    verifier: PkceCodeVerifier,
) -> Result<Tokens, Error> {
    let client = oauth_client(login_url, client_id, None)?.set_redirect_uri(redirect);
    let answer = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&|request| fetch(http.clone(), request))
        .await
        .map_err(|failure| login_error(failure, login_url))?;
    let tokens = Tokens {
        access_token: Sensitive::new(answer.access_token().secret().clone()),
        refresh_token: answer
            .refresh_token()
            .map(|token| Sensitive::new(token.secret().clone())),
        instance_url: answer.extra_fields().instance_url.clone(),
        identity_url: answer.extra_fields().id.clone(),
        login_url: login_url.clone(),
        client_id: Some(client_id.to_owned()),
        client_secret: None,
    };
    urls::secure(&tokens.instance_url)?;
    tracing::debug!(issued_at = answer.extra_fields().issued_at, "signed in");
    Ok(tokens)
}

/// Renews a login. The answer may carry a new refresh token; the old one is dead then.
pub(crate) async fn renew(http: &reqwest::Client, tokens: &Tokens) -> Result<Tokens, TargetError> {
    let (Some(client_id), Some(refresh)) = (&tokens.client_id, &tokens.refresh_token) else {
        return Err(TargetError::SignInNeeded {
            message: "the session is over, and this login cannot be renewed".to_owned(),
        });
    };
    let host = urls::host_and_port(&tokens.login_url);
    let not_secure = |error: Error| TargetError::NotTheApi {
        host: host.clone(),
        what: error.to_string(),
    };
    let client = oauth_client(&tokens.login_url, client_id, tokens.client_secret.as_ref())
        .map_err(not_secure)?;
    let answer = client
        .exchange_refresh_token(&RefreshToken::new(refresh.expose().clone()))
        .request_async(&|request| fetch(http.clone(), request))
        .await
        .map_err(|failure| renewal_error(failure, &host))?;
    let extra = answer.extra_fields();
    urls::secure(&extra.instance_url).map_err(not_secure)?;
    Ok(Tokens {
        access_token: Sensitive::new(answer.access_token().secret().clone()),
        refresh_token: answer
            .refresh_token()
            .map(|token| Sensitive::new(token.secret().clone()))
            .or_else(|| tokens.refresh_token.clone()),
        instance_url: extra.instance_url.clone(),
        identity_url: extra.id.clone().or_else(|| tokens.identity_url.clone()),
        ..tokens.clone()
    })
}

/// Kills the login in the org: its refresh token, and every access token that came from it. One
/// that is dead already is no error.
pub(crate) async fn revoke(http: &reqwest::Client, tokens: &Tokens) -> Result<(), TargetError> {
    let host = urls::host_and_port(&tokens.login_url);
    let Some(url) = urls::on_origin(&tokens.login_url, "/services/oauth2/revoke") else {
        return Err(TargetError::NotTheApi {
            host,
            what: "a login address that is not secure".to_owned(),
        });
    };
    let token = tokens
        .refresh_token
        .as_ref()
        .unwrap_or(&tokens.access_token);
    let answer = http
        .post(url)
        .form(&[("token", token.expose())])
        .send()
        .await
        .map_err(|error| failure::broken(&error, &host))?;
    match answer.status().as_u16() {
        200..=299 | 400 => Ok(()),
        status => Err(TargetError::NotTheApi {
            host,
            what: format!("the request to end the login was answered with HTTP {status}"),
        }),
    }
}

fn login_error(failure: Failure, login_url: &Url) -> Error {
    let host = urls::host_and_port(login_url);
    match failure {
        RequestTokenError::ServerResponse(answer) => {
            let code = answer.error().as_ref().to_owned();
            let description = answer.error_description().cloned().unwrap_or_default();
            Error::Refused {
                advice: advice(&code, &description),
                code,
                description,
            }
        }
        RequestTokenError::Request(error) => Error::Unreachable {
            host,
            reason: network(&error),
        },
        // The body may hold tokens: it goes nowhere.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Error::NotTheApi {
            host,
            what: "its answer to the login is of another kind",
        },
    }
}

fn renewal_error(failure: Failure, host: &str) -> TargetError {
    let host = host.to_owned();
    match failure {
        RequestTokenError::ServerResponse(answer) => {
            let code = answer.error().as_ref();
            let description = answer.error_description().map_or("", String::as_str);
            refused_renewal(code, description)
        }
        RequestTokenError::Request(HttpClientError::Reqwest(error)) => {
            failure::broken(&error, &host)
        }
        RequestTokenError::Request(error) => TargetError::LostAnswer {
            host,
            reason: error.to_string(),
        },
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => TargetError::NotTheApi {
            host,
            what: "its answer to renewing the session is of another kind".to_owned(),
        },
    }
}

/// What a refusal to renew means (facts §1.3).
fn refused_renewal(code: &str, description: &str) -> TargetError {
    const POLICY: [&str; 6] = [
        "not admin approved",
        "must be installed",
        "ip restricted",
        "inactive",
        "login hours",
        "hasn't approved",
    ];
    let message = format!("{description} ({code})");
    match code {
        "server_error" | "temporarily_unavailable" => TargetError::Busy { status: 503 },
        _ if POLICY.iter().any(|text| description.contains(text)) => {
            TargetError::BlockedByPolicy { message }
        }
        _ => TargetError::SignInNeeded { message },
    }
}

fn network(error: &HttpClientError<reqwest::Error>) -> String {
    match error {
        HttpClientError::Reqwest(error) => failure::reason(error),
        other => other.to_string(),
    }
}

/// What to do about a refused login.
pub(crate) fn advice(code: &str, description: &str) -> &'static str {
    let has = |text: &str| description.contains(text);
    if has("not admin approved") || has("must be installed") || has("hasn't approved") {
        "An admin must approve the External Client App for your user, with a permission set."
    } else if has("ip restricted") {
        "The app's policy refuses this network: ask the admin to relax its IP restriction."
    } else if code == "invalid_client_id" || code == "invalid_client" {
        "Check the consumer key; a new app needs up to ten minutes before it works."
    } else if code == "redirect_uri_mismatch" {
        "Add the callback URL, exactly as Drawbridge shows it, to the app."
    } else if code == "invalid_scope" {
        "Add the scopes api and refresh_token to the app."
    } else {
        "Start the login again."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_to_renew() {
        for (code, description, sign_in) in [
            ("invalid_grant", "expired access/refresh token", true),
            ("invalid_grant", "token validity expired", true),
            (
                "invalid_grant",
                "user is not admin approved to access this app",
                false,
            ),
            ("invalid_grant", "ip restricted", false),
            ("invalid_client", "app must be installed into org", false),
            ("invalid_client_id", "client identifier invalid", true),
        ] {
            let error = refused_renewal(code, description);
            assert_eq!(
                matches!(error, TargetError::SignInNeeded { .. }),
                sign_in,
                "{error}"
            );
        }
        assert!(matches!(
            refused_renewal("server_error", ""),
            TargetError::Busy { .. }
        ));
    }
}
