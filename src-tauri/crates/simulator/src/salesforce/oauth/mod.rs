//! Signing in to the org (facts/salesforce.md §1).

mod authorize;
mod grants;
mod jwt;
mod keys;
#[cfg(test)]
mod laws;
mod person;
mod policy;
mod switches;
mod token;

pub(crate) use grants::{OAuth, RestAccess};
pub use policy::OAuthPolicy;
pub(crate) use policy::TokenError;
pub(crate) use switches::{ROUTES, control};

use std::collections::HashMap;

use crate::reply::{Reply, Request};
use crate::salesforce::org::Org;
use crate::salesforce::pages;

/// Parameters of the form, or of the query where the form has none of the name.
fn parameters(request: &Request) -> HashMap<String, String> {
    let mut parameters: HashMap<String, String> = HashMap::new();
    for (name, value) in request.form() {
        parameters.entry(name).or_insert(value);
    }
    for (name, value) in &request.query {
        parameters
            .entry(name.clone())
            .or_insert_with(|| value.clone());
    }
    parameters
}

/// Routes under `/services/oauth2`.
pub(crate) fn route(org: &mut Org, request: &Request) -> Reply {
    let rest: Vec<&str> = request
        .segments
        .iter()
        .skip(2)
        .map(String::as_str)
        .collect();
    match (request.method.as_str(), &rest[..]) {
        ("GET" | "POST", ["authorize"]) => authorize::authorize(org, request),
        ("POST", ["authorize", "decision"]) => authorize::decision(org, request),
        (_, ["token"]) => token::token(org, request),
        ("POST" | "GET", ["revoke"]) => token::revoke(org, request),
        ("GET" | "POST", ["userinfo"]) => person::userinfo(org, request),
        ("POST", ["introspect"]) => token::introspect(org, request),
        _ => Reply::html(
            404,
            &pages::dead_end("NOT_FOUND", "This page does not exist."),
        ),
    }
}

/// Routes under `/id`: `GET /id/{org}/{user}` and `GET /id/keys`.
pub(crate) fn identity(org: &mut Org, request: &Request, rest: &[&str]) -> Reply {
    match rest {
        ["keys"] => keys::published(org),
        [org_id, user_id] => person::identity(org, request, org_id, user_id),
        _ => Reply::text(404, "Bad_Id"),
    }
}

/// `GET /.well-known/openid-configuration`.
pub(crate) fn discovery(request: &Request) -> Reply {
    Reply::json(200, &person::discovery(request))
}
