//! Sign-in state: codes, access tokens, rotating refresh tokens (facts/salesforce.md §1).

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::reply::{Reply, Request};
use crate::salesforce::org::{Identity, Org};
use crate::salesforce::pages;

/// Scopes the External Client App offers.
const SCOPES: [&str; 6] = [
    "api",
    "refresh_token",
    "offline_access",
    "id",
    "openid",
    "web",
];
/// Refresh tokens a user may hold for one app; the oldest goes first.
const MAX_GRANTS: usize = 5;

/// A sign-in waiting for the person's answer, or a code waiting to be redeemed.
#[derive(Debug, Clone)]
struct Pending {
    redirect_uri: String,
    state: Option<String>,
    challenge: String,
    scope: String,
}

/// Everything an org knows about sign-ins.
#[derive(Debug)]
pub(crate) struct OAuth {
    pub(crate) client_id: String,
    pub(crate) redirect_uris: Vec<String>,
    random: fastrand::Rng,
    asked: HashMap<String, Pending>,
    codes: HashMap<String, Pending>,
    used_codes: HashSet<String>,
    access: HashSet<String>,
    /// Refresh tokens that live, oldest first, each with the access tokens it gave.
    refresh: Vec<(String, String, Vec<String>)>,
}

impl OAuth {
    pub(crate) fn new(client_id: &str, redirect_uris: Vec<String>, seed: u64) -> Self {
        Self {
            client_id: client_id.to_owned(),
            redirect_uris,
            random: fastrand::Rng::with_seed(seed ^ 0x00A1_17B0_55C0_FFEE),
            asked: HashMap::new(),
            codes: HashMap::new(),
            used_codes: HashSet::new(),
            access: HashSet::new(),
            refresh: Vec::new(),
        }
    }

    fn secret(&mut self, length: usize) -> String {
        (0..length).map(|_| self.random.alphanumeric()).collect()
    }

    pub(crate) fn issue_access(&mut self, org_id: &str) -> String {
        let token = format!(
            "{}!AQ0AQ{}.{}",
            &org_id[..15],
            self.secret(48),
            self.secret(30)
        );
        self.access.insert(token.clone());
        token
    }

    pub(crate) fn issue_refresh(&mut self, scope: &str, access: &str) -> String {
        let token = format!("5Aep861{}.{}", self.secret(50), self.secret(24));
        if self.refresh.len() >= MAX_GRANTS {
            self.refresh.remove(0);
        }
        self.refresh
            .push((token.clone(), scope.to_owned(), vec![access.to_owned()]));
        token
    }

    pub(crate) fn accepts(&self, access_token: &str) -> bool {
        self.access.contains(access_token)
    }

    /// Ends one session.
    pub(crate) fn end_session(&mut self, access_token: &str) {
        self.access.remove(access_token);
    }

    /// Ends all sessions; refresh tokens stay good.
    pub(crate) fn expire_sessions(&mut self) {
        self.access.clear();
    }
}

/// Routes under `/services/oauth2`.
pub(crate) fn route(org: &mut Org, request: &Request) -> Reply {
    let last = request.segments.get(2).map_or("", String::as_str);
    match (
        request.method.as_str(),
        last,
        request.segments.get(3).map(String::as_str),
    ) {
        ("GET", "authorize", None) => authorize(org, request),
        ("POST", "authorize", Some("decision")) => decision(org, request),
        ("POST", "token", None) => token(org, request),
        ("POST" | "GET", "revoke", None) => revoke(org, request),
        ("GET" | "POST", "userinfo", None) => match request.bearer() {
            Some(token) if org.oauth.accepts(token) => {
                Reply::json(200, &person(&org.identity, &request.origin(), false))
            }
            Some(_) => Reply::text(403, "Bad_OAuth_Token"),
            None => Reply::text(403, "Missing_OAuth_Token"),
        },
        _ => Reply::html(
            404,
            &pages::dead_end("NOT_FOUND", "This page does not exist."),
        ),
    }
}

/// `GET /id/{org}/{user}`.
pub(crate) fn identity(org: &Org, request: &Request) -> Reply {
    match request.bearer().or_else(|| request.param("oauth_token")) {
        Some(token) if org.oauth.accepts(token) => {
            Reply::json(200, &person(&org.identity, &request.origin(), true))
        }
        Some(_) => Reply::text(403, "Bad_OAuth_Token"),
        None => Reply::text(403, "Missing_OAuth_Token"),
    }
}

fn authorize(org: &mut Org, request: &Request) -> Reply {
    let param = |name: &str| request.param(name).map(str::to_owned);
    let dead_end = |code: &str, text: &str| Reply::html(400, &pages::dead_end(code, text));
    if param("client_id").as_deref() != Some(org.oauth.client_id.as_str()) {
        return dead_end("invalid_client_id", "client identifier invalid");
    }
    let redirect_uri = param("redirect_uri").unwrap_or_default();
    if !org.oauth.redirect_uris.contains(&redirect_uri) {
        return dead_end(
            "redirect_uri_mismatch",
            "redirect_uri must match configuration",
        );
    }
    if param("response_type").as_deref() != Some("code") {
        return dead_end("unsupported_response_type", "response type not supported");
    }
    let scope = param("scope").unwrap_or_else(|| "api refresh_token".to_owned());
    if scope
        .split_whitespace()
        .any(|scope| !SCOPES.contains(&scope))
    {
        return dead_end("invalid_scope", "the requested scope is not allowed");
    }
    let challenge = match param("code_challenge") {
        Some(challenge) if (43..=128).contains(&challenge.len()) => challenge,
        _ => return dead_end("invalid_request", "missing required code challenge"),
    };
    // An absent method means S256 here, unlike RFC 7636 (facts/salesforce.md §1.2).
    if param("code_challenge_method").is_some_and(|method| method != "S256") {
        return dead_end("invalid_request", "code challenge method not supported");
    }
    let ticket = org.oauth.secret(32);
    let page = pages::approval(&org.identity, &ticket, &scope);
    org.oauth.asked.insert(
        ticket,
        Pending {
            redirect_uri,
            state: param("state"),
            challenge,
            scope,
        },
    );
    Reply::html(200, &page)
}

fn decision(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    };
    let Some(pending) = org.oauth.asked.remove(field("ticket")) else {
        return Reply::html(
            400,
            &pages::dead_end("invalid_request", "this approval page was used before"),
        );
    };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if field("decision") == "allow" {
        let code = format!("aPrx{}", org.oauth.secret(60));
        query.append_pair("code", &code);
        org.oauth.codes.insert(code, pending.clone());
    } else {
        query.append_pair("error", "access_denied");
        query.append_pair("error_description", "end-user denied authorization");
    }
    if let Some(state) = &pending.state {
        query.append_pair("state", state);
    }
    Reply::empty(302).with(
        "location",
        format!("{}?{}", pending.redirect_uri, query.finish()),
    )
}

fn refused(error: &str, description: &str) -> Reply {
    Reply::json(
        400,
        &json!({"error": error, "error_description": description}),
    )
    .with("cache-control", "no-store")
}

fn token(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let grant = field("grant_type").unwrap_or_default();
    if !matches!(grant, "authorization_code" | "refresh_token") {
        return refused("unsupported_grant_type", "grant type not supported");
    }
    if field("client_id") != Some(org.oauth.client_id.as_str()) {
        return refused("invalid_client_id", "client identifier invalid");
    }
    let org_id = org.identity.org_id.clone();
    let (access, refresh, scope) = if grant == "authorization_code" {
        let code = field("code").unwrap_or_default();
        let Some(pending) = org.oauth.codes.remove(code) else {
            let spent = org.oauth.used_codes.contains(code);
            return refused(
                "invalid_grant",
                if spent {
                    "expired authorization code"
                } else {
                    "invalid authorization code"
                },
            );
        };
        org.oauth.used_codes.insert(code.to_owned());
        if field("redirect_uri") != Some(pending.redirect_uri.as_str()) {
            return refused(
                "redirect_uri_mismatch",
                "redirect_uri must match configuration",
            );
        }
        let digest = Sha256::digest(field("code_verifier").unwrap_or_default().as_bytes());
        if URL_SAFE_NO_PAD.encode(digest) != pending.challenge.trim_end_matches('=') {
            return refused("invalid_grant", "invalid code verifier");
        }
        let access = org.oauth.issue_access(&org_id);
        let lasting = pending
            .scope
            .split_whitespace()
            .any(|s| s == "refresh_token" || s == "offline_access");
        let refresh = lasting.then(|| org.oauth.issue_refresh(&pending.scope, &access));
        (access, refresh, pending.scope)
    } else {
        let given = field("refresh_token").unwrap_or_default();
        let Some(position) = org
            .oauth
            .refresh
            .iter()
            .position(|(token, ..)| token == given)
        else {
            return refused("invalid_grant", "expired access/refresh token");
        };
        // Rotation: the token just used dies at once; its access tokens live on.
        let (_, scope, issued) = org.oauth.refresh.remove(position);
        let access = org.oauth.issue_access(&org_id);
        let refresh = org.oauth.issue_refresh(&scope, &access);
        if let Some((_, _, tokens)) = org.oauth.refresh.last_mut() {
            tokens.extend(issued);
        }
        (access, Some(refresh), scope)
    };
    let origin = request.origin();
    let id = format!(
        "{origin}/id/{}/{}",
        org.identity.org_id, org.identity.user_id
    );
    let issued_at = crate::now::now().as_millisecond().to_string();
    let signature = STANDARD.encode(Sha256::digest(format!("{id}{issued_at}").as_bytes()));
    let mut body = json!({
        "access_token": access, "signature": signature, "scope": scope, "instance_url": origin,
        "id": id, "token_type": "Bearer", "issued_at": issued_at
    });
    if let (Some(refresh), Some(body)) = (refresh, body.as_object_mut()) {
        body.insert("refresh_token".to_owned(), Value::String(refresh));
    }
    Reply::json(200, &body).with("cache-control", "no-store")
}

fn revoke(org: &mut Org, request: &Request) -> Reply {
    let form = request.form();
    let given = form
        .iter()
        .find(|(key, _)| key == "token")
        .map(|(_, value)| value.as_str())
        .or_else(|| request.param("token"))
        .unwrap_or_default();
    if org.oauth.access.remove(given) {
        return Reply::empty(200);
    }
    match org
        .oauth
        .refresh
        .iter()
        .position(|(token, ..)| token == given)
    {
        Some(position) => {
            let (_, _, issued) = org.oauth.refresh.remove(position);
            for token in issued {
                org.oauth.access.remove(&token);
            }
            Reply::empty(200)
        }
        None => refused("invalid_token", "the token is invalid"),
    }
}

/// The person signed in, as `userinfo` and the identity address give them.
fn person(identity: &Identity, origin: &str, full: bool) -> Value {
    let (org, user) = (&identity.org_id, &identity.user_id);
    let sub = format!("{origin}/id/{org}/{user}");
    let rest = format!("{origin}/services/data/v{{version}}/");
    let mut person = json!({
        "sub": sub, "user_id": user, "organization_id": org, "preferred_username": identity.username,
        "nickname": "ana.ruiz", "name": "Ana Ruiz", "email": identity.email, "email_verified": true,
        "given_name": "Ana", "family_name": "Ruiz", "zoneinfo": "Europe/Madrid",
        "photos": {"picture": format!("{origin}/profilephoto/005/F"), "thumbnail": format!("{origin}/profilephoto/005/T")},
        "profile": format!("{origin}/{user}"), "picture": format!("{origin}/profilephoto/005/F"), "address": {},
        "urls": {
            "enterprise": format!("{origin}/services/Soap/c/{{version}}/{}", &org[..15]),
            "metadata": format!("{origin}/services/Soap/m/{{version}}/{}", &org[..15]),
            "partner": format!("{origin}/services/Soap/u/{{version}}/{}", &org[..15]),
            "rest": rest, "sobjects": format!("{rest}sobjects/"), "search": format!("{rest}search/"),
            "query": format!("{rest}query/"), "recent": format!("{rest}recent/"),
            "tooling_soap": format!("{origin}/services/Soap/T/{{version}}/{}", &org[..15]),
            "tooling_rest": format!("{rest}tooling/"), "profile": format!("{origin}/{user}"),
            "custom_domain": origin
        },
        "active": true, "user_type": "STANDARD", "language": "en_US", "locale": "en_GB",
        "utcOffset": 3_600_000, "updated_at": "2026-10-02T08:14:09Z", "is_app_installed": true
    });
    if let (true, Some(person)) = (full, person.as_object_mut()) {
        person.insert("id".to_owned(), Value::from(sub));
        person.insert("asserted_user".to_owned(), Value::from(true));
        person.insert("username".to_owned(), Value::from(identity.username));
        person.insert("display_name".to_owned(), Value::from("Ana Ruiz"));
        person.insert("first_name".to_owned(), Value::from("Ana"));
        person.insert("last_name".to_owned(), Value::from("Ruiz"));
        person.insert(
            "status".to_owned(),
            json!({"created_date": null, "body": null}),
        );
        person.insert("is_lightning_login_user".to_owned(), Value::from(false));
        person.insert("mobile_phone".to_owned(), Value::Null);
    }
    person
}
