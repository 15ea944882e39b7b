//! The person signed in, as `userinfo` and the identity address give them, and what describes the
//! sign-in to programs (facts/salesforce.md §1.4).

use serde_json::{Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::canonical;
use crate::salesforce::oauth::authorize::SCOPES;
use crate::salesforce::org::{Identity, Org};

/// `/services/oauth2/userinfo`.
pub(super) fn userinfo(org: &Org, request: &Request) -> Reply {
    known(org, request).unwrap_or_else(|| Reply::json(200, &signed_in(org, request, false)))
}

/// `GET /id/{org}/{user}`.
pub(super) fn identity(org: &Org, request: &Request, org_id: &str, user_id: &str) -> Reply {
    if let Some(refused) = known(org, request) {
        return refused;
    }
    let is = |given: &str, own: &str| canonical(given).is_some_and(|given| given == own);
    if !is(org_id, &org.identity.org_id) {
        return Reply::text(403, "Wrong_Org");
    }
    if !is(user_id, &org.identity.user_id) {
        return Reply::text(404, "Bad_Id");
    }
    Reply::json(200, &signed_in(org, request, true))
}

/// Whoever is signed in as JSON.
fn signed_in(org: &Org, request: &Request, full: bool) -> Value {
    let mut person = person(&org.identity, &request.origin(), full);
    if let Some(colleague) = &org.colleague {
        person["preferred_username"] = json!(colleague.username);
        person["name"] = json!(colleague.name);
        person["nickname"] = json!(colleague.username);
        if full {
            person["username"] = json!(colleague.username);
            person["display_name"] = json!(colleague.name);
        }
    }
    person
}

/// The refusal of a request without a session that lives: plain text, not JSON.
fn known(org: &Org, request: &Request) -> Option<Reply> {
    let form = request.form();
    let in_form = form
        .iter()
        .find(|(name, _)| name == "access_token")
        .map(|(_, value)| value.as_str());
    let given = request
        .bearer()
        .or_else(|| request.param("oauth_token"))
        .or_else(|| request.param("access_token"))
        .or(in_form);
    match given {
        Some(token) if org.oauth.accepts(token) => None,
        Some(_) => Some(Reply::text(403, "Bad_OAuth_Token")),
        None => Some(Reply::text(403, "Missing_OAuth_Token")),
    }
}

/// `/.well-known/openid-configuration`.
pub(super) fn discovery(request: &Request) -> Value {
    let origin = request.origin();
    let at = |path: &str| format!("{origin}/services/oauth2/{path}");
    json!({
        "issuer": origin, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
        "revocation_endpoint": at("revoke"), "userinfo_endpoint": at("userinfo"),
        "introspection_endpoint": at("introspect"), "jwks_uri": format!("{origin}/id/keys"),
        "scopes_supported": SCOPES, "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"], "display_values_supported": ["page", "popup", "touch"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
        "code_challenge_methods_supported": ["S256"]
    })
}

/// The person as JSON; the identity address gives more than `userinfo`.
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
