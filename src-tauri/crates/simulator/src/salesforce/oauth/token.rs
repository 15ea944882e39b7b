//! The token call and what ends tokens (facts/salesforce.md §1.3, §1.4).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::reply::{Reply, Request};
use crate::salesforce::oauth::grants::Issued;
use crate::salesforce::oauth::policy::TokenError;
use crate::salesforce::oauth::{jwt, keys, parameters};
use crate::salesforce::org::Org;

/// The answer to a refused call: 400 with a JSON object.
pub(super) fn refused(error: &TokenError) -> Reply {
    Reply::json(400, error)
        .with("cache-control", "no-store")
        .with("pragma", "no-cache")
}

/// `POST /services/oauth2/token`.
pub(super) fn token(org: &mut Org, request: &Request) -> Reply {
    match grant(org, request) {
        Ok(reply) => reply,
        Err(error) => refused(&error),
    }
}

fn grant(org: &mut Org, request: &Request) -> Result<Reply, TokenError> {
    if request.method != "POST" {
        return Err(TokenError::new("invalid_request", "must use HTTP POST"));
    }
    if let Some(error) = org.oauth.token_errors.pop_front() {
        return Err(error);
    }
    let parameters = parameters(request);
    let field = |name: &str| parameters.get(name).map_or("", String::as_str);
    let org_id = org.identity.org_id.clone();
    let issued = match field("grant_type") {
        "authorization_code" => {
            let client_id = client(org, request, field("client_id"))?;
            code(org, &org_id, &client_id, &field)?
        }
        "refresh_token" => {
            let client_id = client(org, request, field("client_id"))?;
            org.oauth
                .refresh(&org_id, &client_id, field("refresh_token"))?
        }
        // An app has neither of these two unless its admin switched it on.
        "client_credentials" => {
            client(org, request, field("client_id"))?;
            return Err(TokenError::grant("no client credentials user enabled"));
        }
        "password" => return Err(TokenError::grant("authentication failure")),
        jwt::GRANT_TYPE => {
            jwt::check(org, request, field("assertion"))?;
            org.oauth.sign_in_once(&org_id)
        }
        _ => {
            return Err(TokenError::new(
                "unsupported_grant_type",
                "grant type not supported",
            ));
        }
    };
    Ok(answer(org, request, issued))
}

/// The consumer key, in the form or as the user of Basic. A public app has no secret to check.
fn client(org: &Org, request: &Request, in_form: &str) -> Result<String, TokenError> {
    let basic = request.header("authorization").and_then(|value| {
        let encoded = value.strip_prefix("Basic ")?;
        let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        Some(text.split(':').next().unwrap_or_default().to_owned())
    });
    let given = if in_form.is_empty() {
        basic.unwrap_or_default()
    } else {
        in_form.to_owned()
    };
    if org.oauth.knows(&given) {
        Ok(given)
    } else {
        Err(TokenError::new(
            "invalid_client_id",
            "client identifier invalid",
        ))
    }
}

fn code<'a>(
    org: &mut Org,
    org_id: &str,
    client_id: &str,
    field: &impl Fn(&str) -> &'a str,
) -> Result<Issued, TokenError> {
    let pending = org.oauth.redeem(field("code"))?;
    if client_id != pending.client_id {
        return Err(TokenError::grant("invalid authorization code"));
    }
    if field("redirect_uri") != pending.redirect_uri {
        return Err(TokenError::new(
            "redirect_uri_mismatch",
            "redirect_uri must match configuration",
        ));
    }
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    if digest != pending.challenge.trim_end_matches('=') {
        return Err(TokenError::grant("invalid code verifier"));
    }
    Ok(org.oauth.sign_in(org_id, pending))
}

fn answer(org: &mut Org, request: &Request, issued: Issued) -> Reply {
    let origin = request.origin();
    let id = format!(
        "{origin}/id/{}/{}",
        org.identity.org_id, org.identity.user_id
    );
    let issued_at = org.oauth.now().as_millisecond().to_string();
    let signature = STANDARD.encode(Sha256::digest(format!("{id}{issued_at}").as_bytes()));
    let mut body = json!({
        "access_token": issued.access, "signature": signature, "scope": issued.scope, "instance_url": origin,
        "id": id, "token_type": "Bearer", "issued_at": issued_at
    });
    let id_token = issued
        .scope
        .split_whitespace()
        .any(|scope| scope == "openid")
        .then(|| keys::id_token(org, &origin, &id, &issued))
        .flatten();
    if let Some(body) = body.as_object_mut() {
        if let Some(refresh) = issued.refresh {
            body.insert("refresh_token".to_owned(), Value::String(refresh));
        }
        if let Some(id_token) = id_token {
            body.insert("id_token".to_owned(), Value::String(id_token));
        }
    }
    Reply::json(200, &body)
        .with("cache-control", "no-store")
        .with("pragma", "no-cache")
}

/// `POST` or `GET /services/oauth2/revoke`.
pub(super) fn revoke(org: &mut Org, request: &Request) -> Reply {
    let parameters = parameters(request);
    let token = parameters.get("token").map_or("", String::as_str);
    if org.oauth.revoke(token) {
        Reply::empty(200)
    } else {
        refused(&TokenError::new("invalid_token", "the token is invalid"))
    }
}

/// `POST /services/oauth2/introspect`: an app without the right learns that no token is active.
pub(super) fn introspect(org: &Org, request: &Request) -> Reply {
    let parameters = parameters(request);
    let field = |name: &str| parameters.get(name).map_or("", String::as_str);
    if let Err(error) = client(org, request, field("client_id")) {
        return Reply::json(401, &error).with("cache-control", "no-store");
    }
    let inactive = json!({"active": false});
    if !org.oauth.policy.introspection {
        return Reply::json(200, &inactive);
    }
    let about = |kind: &str, scope: &str, from: i64, until: i64| {
        json!({
            "active": true, "scope": scope, "client_id": org.oauth.client_id, "username": org.identity.username,
            "sub": format!("{}/id/{}/{}", request.origin(), org.identity.org_id, org.identity.user_id),
            "token_type": kind, "exp": until, "iat": from, "nbf": from
        })
    };
    let (token, policy) = (field("token"), &org.oauth.policy);
    let seconds = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let answer = if let Some(session) = org.oauth.session(token) {
        let from = session.issued.as_second();
        let until = session.used.get().as_second();
        let life = seconds(policy.session_minutes.saturating_mul(60));
        about(
            "access_token",
            &session.scope,
            from,
            until.saturating_add(life),
        )
    } else if let Some(grant) = org.oauth.grant(token) {
        let life = seconds(policy.refresh_idle_days.saturating_mul(86_400));
        let until = grant.used.as_second().saturating_add(life);
        about(
            "refresh_token",
            &grant.scope,
            grant.approved.as_second(),
            until,
        )
    } else {
        inactive
    };
    Reply::json(200, &answer)
}
