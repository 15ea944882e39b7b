//! The sign-in page and what its buttons do (facts/salesforce.md §1.2). Mistakes in the request end
//! on a page that leads nowhere: the application is never told.

use crate::reply::{Reply, Request};
use crate::salesforce::oauth::grants::{CLI_APP, Pending};
use crate::salesforce::oauth::parameters;
use crate::salesforce::org::Org;
use crate::salesforce::pages;

/// Scopes the External Client App offers.
pub(super) const SCOPES: [&str; 8] = [
    "api",
    "refresh_token",
    "offline_access",
    "id",
    "openid",
    "profile",
    "email",
    "web",
];

fn dead_end(code: &str, text: &str) -> Reply {
    Reply::html(400, &pages::dead_end(code, text)).with("cache-control", "no-store")
}

/// `GET` or `POST /services/oauth2/authorize`.
pub(super) fn authorize(org: &mut Org, request: &Request) -> Reply {
    let parameters = parameters(request);
    let param = |name: &str| parameters.get(name).cloned();
    if let Some(error) = org.oauth.page_errors.pop_front() {
        return dead_end(&error.error, &error.error_description);
    }
    let client_id = param("client_id").unwrap_or_default();
    if !org.oauth.knows(&client_id) {
        return dead_end("invalid_client_id", "client identifier invalid");
    }
    let redirect_uri = param("redirect_uri").unwrap_or_default();
    if !org.oauth.may_redirect(&client_id, &redirect_uri) {
        return dead_end(
            "redirect_uri_mismatch",
            "redirect_uri must match configuration",
        );
    }
    if param("response_type").as_deref() != Some("code") {
        return dead_end("unsupported_response_type", "response type not supported");
    }
    let scope = param("scope")
        .filter(|scope| !scope.trim().is_empty())
        .unwrap_or_else(|| "api refresh_token".to_owned());
    if scope
        .split_whitespace()
        .any(|scope| !SCOPES.contains(&scope))
    {
        return dead_end("invalid_scope", "the requested scope is not allowed");
    }
    let challenge = match param("code_challenge") {
        Some(challenge) if is_challenge(&challenge) => challenge,
        Some(challenge) if !challenge.is_empty() => {
            return dead_end("invalid_request", "invalid code challenge");
        }
        _ => return dead_end("invalid_request", "missing required code challenge"),
    };
    // An absent method means S256 here, unlike RFC 7636.
    if param("code_challenge_method").is_some_and(|method| method != "S256") {
        return dead_end("invalid_request", "code challenge method not supported");
    }
    let app = if client_id == CLI_APP {
        "Salesforce CLI"
    } else {
        "Drawbridge"
    };
    let ticket = org.oauth.ask(Pending {
        client_id,
        redirect_uri,
        state: param("state"),
        nonce: param("nonce"),
        challenge,
        scope: scope.clone(),
    });
    Reply::html(200, &pages::approval(&org.identity, app, &ticket, &scope))
        .with("cache-control", "no-store")
}

/// A SHA-256 in base64url is 43 characters; some clients pad it.
fn is_challenge(text: &str) -> bool {
    let text = text.trim_end_matches('=');
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
}

/// *Allow* or *Deny* was pressed.
pub(super) fn decision(org: &mut Org, request: &Request) -> Reply {
    let parameters = parameters(request);
    let field = |name: &str| parameters.get(name).map_or("", String::as_str);
    let Some(pending) = org.oauth.asked(field("ticket")) else {
        return dead_end("invalid_request", "this approval page was used before");
    };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let (redirect_uri, state) = (pending.redirect_uri.clone(), pending.state.clone());
    if field("decision") == "allow" {
        query.append_pair("code", &org.oauth.issue_code(pending));
    } else {
        query.append_pair("error", "access_denied");
        query.append_pair("error_description", "end-user denied authorization");
    }
    if let Some(state) = &state {
        query.append_pair("state", state);
    }
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    Reply::empty(302).with(
        "location",
        format!("{redirect_uri}{joint}{}", query.finish()),
    )
}
