//! `/sim/oauth`: policies, tokens that live, and errors to come.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::{read, wrong};
use crate::reply::{Reply, Request};
use crate::salesforce::oauth::policy::{KNOWN, TokenError};
use crate::salesforce::org::Org;

/// What the index says of them.
pub(crate) const ROUTES: [(&str, &str); 2] = [
    (
        "GET /sim/oauth",
        "policies of sign-ins, and the sessions and grants that live",
    ),
    (
        "POST /sim/oauth",
        "changes policies, ends sessions, or makes the next calls fail",
    ),
];

/// Body of `POST /sim/oauth`; what is left out stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Change {
    session_minutes: Option<u64>,
    refresh_idle_days: Option<u64>,
    /// 0 for none.
    refresh_lifetime_days: Option<u64>,
    rotation: Option<bool>,
    reuse_ends_grant: Option<bool>,

    introspection: Option<bool>,
    /// The next token call answers this.
    next_error: Option<Wanted>,
    /// The next sign-in page ends with this.
    next_page_error: Option<Wanted>,
    /// Sessions end, grants stay.
    end_sessions: bool,
    /// Sessions, grants and codes end.
    end_all: bool,
    /// One more callback address.
    redirect_uri: Option<String>,
    /// Certificate of the JWT bearer flow, PEM.
    jwt_certificate: Option<String>,
}

/// An error: a description from the known ones, or both texts.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Wanted {
    Known(String),
    Any {
        error: String,
        error_description: String,
        #[serde(default = "once")]
        times: u8,
    },
}

fn once() -> u8 {
    1
}

impl Wanted {
    fn errors(self) -> Result<Vec<TokenError>, Reply> {
        match self {
            Self::Known(description) => {
                let error = TokenError::known(&description).ok_or_else(|| {
                    let known: Vec<&str> = KNOWN.iter().map(|(_, text)| *text).collect();
                    wrong(400, &format!("Known errors: {}", known.join(", ")))
                })?;
                Ok(vec![error])
            }
            Self::Any {
                error,
                error_description,
                times,
            } => Ok(vec![
                TokenError::new(&error, &error_description);
                usize::from(times)
            ]),
        }
    }
}

/// Answers `/sim/oauth`.
pub(crate) fn control(org: &mut Org, request: &Request) -> Option<Reply> {
    match request.method.as_str() {
        "GET" => Some(Reply::json(200, &state(org))),
        "POST" | "PATCH" => Some(match change(org, request) {
            Ok(()) => Reply::json(200, &state(org)),
            Err(reply) => reply,
        }),
        _ => None,
    }
}

fn state(org: &Org) -> Value {
    let (sessions, grants) = org.oauth.living();
    let grants: Vec<Value> = grants
        .iter()
        .map(|grant| {
            json!({
                "id": grant.id, "app": grant.client_id, "scope": grant.scope,
                "approved": grant.approved.to_string(), "used": grant.used.to_string()
            })
        })
        .collect();
    json!({
        "policy": org.oauth.policy, "sessions": sessions, "grants": grants,
        "redirect_uris": org.oauth.redirect_uris, "next_errors": org.oauth.token_errors,
        "next_page_errors": org.oauth.page_errors,
        "jwt_certificate": org.oauth.jwt_certificate.is_some()
    })
}

fn change(org: &mut Org, request: &Request) -> Result<(), Reply> {
    let change: Change = read(request)?;
    // Everything that may be refused comes first, so that a refused change changes nothing.
    let next = change.next_error.map(Wanted::errors).transpose()?;
    let next_page = change.next_page_error.map(Wanted::errors).transpose()?;
    if let Some(pem) = &change.jwt_certificate {
        org.oauth
            .register_jwt_certificate(pem)
            .map_err(|problem| wrong(400, problem))?;
    }
    let oauth = &mut org.oauth;
    let policy = &mut oauth.policy;
    let number = |old: &mut u64, new: Option<u64>| *old = new.unwrap_or(*old);
    let flag = |old: &mut bool, new: Option<bool>| *old = new.unwrap_or(*old);
    number(&mut policy.session_minutes, change.session_minutes);
    number(&mut policy.refresh_idle_days, change.refresh_idle_days);
    if let Some(days) = change.refresh_lifetime_days {
        policy.refresh_lifetime_days = (days > 0).then_some(days);
    }
    flag(&mut policy.rotation, change.rotation);
    flag(&mut policy.reuse_ends_grant, change.reuse_ends_grant);
    flag(&mut policy.introspection, change.introspection);
    oauth.token_errors.extend(next.into_iter().flatten());
    oauth.page_errors.extend(next_page.into_iter().flatten());
    oauth.redirect_uris.extend(change.redirect_uri);
    if change.end_sessions {
        oauth.expire_sessions();
    }
    if change.end_all {
        oauth.end_all();
    }
    Ok(())
}
