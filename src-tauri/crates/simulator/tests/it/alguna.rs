//! Alguna: writes, keys, links and cancelations.

use drawbridge_simulator::{Fault, FaultKind, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

async fn send(
    org: &Org,
    method: Method,
    path: &str,
    body: Option<&Value>,
    key: Option<&str>,
) -> (u16, Value, reqwest::header::HeaderMap) {
    let mut request = org
        .http
        .request(method, format!("{}{path}", org.simulator.urls().alguna))
        .bearer_auth(&org.simulator.credentials().alguna_api_key)
        .header("Alguna-Version", "2026-04-01");
    if let Some(body) = body {
        request = request.json(body);
    }
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::Null),
        headers,
    )
}

async fn call(org: &Org, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let (status, body, _) = send(org, method, path, Some(body), None).await;
    (status, body)
}

pub(crate) async fn get(org: &Org, path: &str) -> (u16, Value) {
    let (status, body, _) = send(org, Method::GET, path, None, None).await;
    (status, body)
}

fn gojo() -> Value {
    json!({
        "name": "GoJo GmbH", "currency": "EUR", "aliases": ["cus_stripe1"],
        "billing_address": {"line1": "Weg 1", "city": "Bonn", "state": "NW", "postal_code": "53111", "country": "DEU"},
        "contacts": [
            {"email": "finance@gojo.example", "is_primary": true},
            {"email": "ada@gojo.example", "first_name": "Ada", "last_name": "L", "is_primary": false, "email_preferences": ["legal"]}
        ]
    })
}

#[tokio::test]
async fn a_customer_is_made_and_changed_list_by_list() {
    let org = org().await;
    let (_, before) = get(&org, "/customers?limit=1&offset=0&sort=created_at:desc").await;
    let (status, made) = call(&org, Method::POST, "/customers", &gojo()).await;
    assert_eq!(status, 201);
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["billing_address"], gojo()["billing_address"]);
    assert_eq!(made["contacts"][1]["email_preferences"], json!(["legal"]));
    assert_eq!(
        get(&org, "/customers/cus_stripe1").await,
        (200, made.clone())
    );
    let (_, newest) = get(&org, "/customers?limit=2&offset=0&sort=created_at:desc").await;
    assert_eq!(
        (&newest["data"][0]["id"], &newest["data"][1]),
        (&json!(id), &before["data"][0])
    );
    let (_, by_name) = get(&org, "/customers?limit=100&offset=0&sort=name").await;
    let names: Vec<String> = by_name["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_lowercase())
        .collect();
    assert!(names.is_sorted() && names.contains(&"gojo gmbh".to_owned()));

    // One contact kept by its id, one new, one gone: the list is the list.
    let path = format!("/customers/{id}");
    let keep = made["contacts"][1]["id"].clone();
    let contacts = json!({"contacts": [{"id": keep, "email": "ada@gojo.example", "is_primary": true}, {"email": "new@gojo.example", "is_primary": false}]});
    let (status, patched) = call(&org, Method::PATCH, &path, &contacts).await;
    assert_eq!(status, 200);
    assert_eq!(patched["contacts"].as_array().unwrap().len(), 2);
    assert_eq!(patched["contacts"][0]["id"], keep);
    assert_eq!(patched["contacts"][0].get("first_name"), None);
    assert_eq!(
        patched["aliases"],
        json!(["cus_stripe1"]),
        "what is not named stays"
    );
    assert!(patched["updated_at"].as_str().unwrap() > made["updated_at"].as_str().unwrap());
    let (_, moved) = call(&org, Method::PATCH, &path, &json!({"aliases": ["a-2"]})).await;
    assert_eq!(moved["aliases"], json!(["a-2"]));
    assert_eq!(get(&org, "/customers/cus_stripe1").await.0, 404);
    assert_eq!(
        get(&org, "/customers/lookup?alias=a-2").await,
        (200, json!({"customer_id": id}))
    );
    let (status, taken) = call(
        &org,
        Method::POST,
        "/customers",
        &json!({"name": "B", "currency": "USD", "aliases": ["a-2"]}),
    )
    .await;
    assert_eq!((status, &taken["status"]), (409, &json!(409)));
}

#[tokio::test]
async fn wrong_bodies_are_refused_in_words() {
    let org = org().await;
    let (_, page) = get(&org, "/customers?limit=1&offset=0").await;
    let patch = format!("/customers/{}", page["data"][0]["id"].as_str().unwrap());
    let post = "/customers".to_owned();
    let with = |key: &str, value: Value| {
        let mut body = gojo();
        body[key] = value;
        body
    };
    for (method, path, body, word) in [
        (
            Method::POST,
            &post,
            json!({"currency": "EUR"}),
            "name is required",
        ),
        (
            Method::POST,
            &post,
            json!({"name": "A"}),
            "currency is required",
        ),
        (Method::POST, &post, with("name", json!("  ")), "name"),
        (
            Method::POST,
            &post,
            with("currency", json!("euro")),
            "ISO 4217",
        ),
        (Method::POST, &post, with("aliases", json!("x")), "aliases"),
        (
            Method::POST,
            &post,
            with("billing_address", json!({"line1": "x"})),
            "country is required",
        ),
        (
            Method::POST,
            &post,
            with("contacts", json!([{"email": "a@b.example"}])),
            "is_primary is required",
        ),
        (
            Method::POST,
            &post,
            with("contacts", json!([{"email": "nobody", "is_primary": true}])),
            "email",
        ),
        (
            Method::PATCH,
            &patch,
            json!({"contacts": [{"id": "zzz", "email": "a@b.example", "is_primary": true}]}),
            "not a contact",
        ),
        (
            Method::PATCH,
            &patch,
            json!({"name": null}),
            "name is required",
        ),
        (Method::PATCH, &patch, json!([]), "JSON object"),
    ] {
        let (status, answer) = call(&org, method, path, &body).await;
        assert_eq!((status, &answer["status"]), (400, &json!(400)), "{body}");
        let detail = answer["detail"].as_str().unwrap();
        assert!(
            detail.starts_with("Validation failed: ") && detail.contains(word),
            "{detail}"
        );
    }
    assert_eq!(
        get(&org, "/customers?limit=1&offset=0").await.1,
        page,
        "nothing was changed"
    );
}

#[tokio::test]
async fn an_idempotency_key_answers_once() {
    let org = org().await;
    let send = |body: Value, key: &'static str| {
        let org = &org;
        async move { send(org, Method::POST, "/customers", Some(&body), Some(key)).await }
    };
    let (status, made, headers) = send(gojo(), "k").await;
    assert_eq!(
        (
            status,
            headers["idempotent-replayed"].as_bytes(),
            headers["idempotency-key"].as_bytes()
        ),
        (201, &b"false"[..], &b"k"[..])
    );
    let (status, again, headers) = send(gojo(), "k").await;
    assert_eq!(
        (status, &again, headers["idempotent-replayed"].as_bytes()),
        (201, &made, &b"true"[..])
    );
    let mut other = gojo();
    other["name"] = json!("Other");
    let (status, refused, _) = send(other, "k").await;
    assert_eq!((status, &refused["type"]), (422, &json!("about:blank")));
    let lose = async |kind: FaultKind, body: &Value, key: &str| {
        let fault = Fault::new(Server::Alguna, "/customers", kind);
        org.simulator.state().arm(fault);
        let answer = org
            .http
            .post(format!("{}/customers", org.simulator.urls().alguna))
            .bearer_auth(&org.simulator.credentials().alguna_api_key)
            .header("Alguna-Version", "2026-04-01")
            .header("Idempotency-Key", key)
            .json(body)
            .send()
            .await;
        assert!(answer.is_err());
    };
    // A lost answer: the work was done, and the repetition gets the same.
    let alone = json!({"name": "Alone", "currency": "USD"});
    lose(FaultKind::DropAfterCommit, &alone, "lost").await;
    let (status, _, headers) = send(alone, "lost").await;
    assert_eq!(
        (status, headers["idempotent-replayed"].as_bytes()),
        (201, &b"true"[..])
    );
    let (_, found) = get(&org, "/customers?limit=100&offset=0&sort=created_at:desc").await;
    let alone = found["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["name"] == "Alone")
        .count();
    assert_eq!(alone, 1);

    // The answer is lost before the work is done: meanwhile the repetition is told to wait.
    let slow = json!({"name": "Slow", "currency": "USD"});
    lose(FaultKind::LateCommit(500), &slow, "slow").await;
    assert_eq!(send(slow.clone(), "slow").await.0, 409);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(send(slow, "slow").await.0, 201);
}

#[tokio::test]
async fn links_come_and_go() {
    let org = org().await;
    let (_, made) = call(&org, Method::POST, "/customers", &gojo()).await;
    let path = format!(
        "/customers/{}/connected-accounts",
        made["id"].as_str().unwrap()
    );
    let (_, integrations) = get(&org, "/integrations?provider=salesforce").await;
    let link = json!({"external_id": "0015g00000AbCdEAAV", "integration_id": integrations["data"][0]["id"]});
    let (status, row) = call(&org, Method::POST, &path, &link).await;
    assert_eq!(status, 201);
    assert_eq!(get(&org, &path).await.1, json!({"data": [row]}));
    assert_eq!(
        get(&org, "/customers/0015g00000AbCdEAAV").await.1["id"],
        made["id"]
    );
    let (_, email) = get(&org, "/customers?email=FINANCE@gojo.example").await;
    assert_eq!(email["data"][0]["id"], made["id"]);
    let one = format!("{path}/{}", row["id"].as_str().unwrap());
    assert_eq!(
        send(&org, Method::DELETE, &one, None, Some("d")).await.0,
        204
    );
    let (status, _, headers) = send(&org, Method::DELETE, &one, None, Some("d")).await;
    assert_eq!(
        (status, headers["idempotent-replayed"].as_bytes()),
        (204, &b"true"[..])
    );
    assert_eq!(send(&org, Method::DELETE, &one, None, None).await.0, 404);
    assert_eq!(get(&org, &path).await.1, json!({"data": []}));
    assert_eq!(get(&org, "/customers/0015g00000AbCdEAAV").await.0, 404);
    let (status, _) = call(&org, Method::POST, &path, &link).await;
    assert_eq!(status, 201, "the external id is free again");
}

#[tokio::test]
async fn a_subscription_is_canceled_now_or_later() {
    let org = org().await;
    let (_, page) = get(&org, "/subscriptions?status=active&limit=2&offset=0").await;
    let id = |at: usize| page["data"][at]["id"].as_str().unwrap().to_owned();
    let (first, second) = (id(0), id(1));
    let path = format!("/subscriptions/{first}/cancel");
    assert_eq!(
        call(&org, Method::POST, &path, &json!({"reason": "bored"}))
            .await
            .0,
        400
    );
    assert_eq!(
        call(
            &org,
            Method::POST,
            &path,
            &json!({"reason": "other", "effective": "2001-01-01"})
        )
        .await
        .0,
        422
    );
    let (status, ended) = call(
        &org,
        Method::POST,
        &path,
        &json!({"reason": "pricing", "effective": "immediate"}),
    )
    .await;
    assert_eq!((status, &ended["status"]), (200, &json!("canceled")));
    assert_eq!(ended["renewal"]["auto_renew"], false);
    assert_eq!(
        get(&org, &format!("/subscriptions/{first}/versions/current"))
            .await
            .0,
        404
    );
    let (_, versions) = get(&org, &format!("/subscriptions/{first}/versions")).await;
    let last = versions["data"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|row| row["status"] == "published")
        .unwrap()
        .clone();
    assert!(last["end_date"].is_string());
    assert_eq!(
        call(&org, Method::POST, &path, &json!({"reason": "pricing"}))
            .await
            .0,
        409
    );
    let path = format!("/subscriptions/{second}/cancel");
    let (status, later) = call(
        &org,
        Method::POST,
        &path,
        &json!({"reason": "other", "effective": "2999-01-01"}),
    )
    .await;
    assert_eq!((status, &later["status"]), (200, &json!("active")));
    let (_, dates) = get(&org, &format!("/subscriptions/{second}/billing-dates")).await;
    assert_eq!(dates.get("next_renewal_date"), None);
}

#[tokio::test]
async fn writes_are_counted_and_reads_are_not() {
    let org = org().await;
    let state = org.simulator.state();
    get(&org, "/customers").await;
    get(&org, "/invoices").await;
    assert_eq!(state.write_calls(), 0);
    call(&org, Method::POST, "/customers", &gojo()).await;
    call(
        &org,
        Method::POST,
        "/subscriptions/nobody/cancel",
        &json!({}),
    )
    .await;
    assert_eq!(state.write_calls(), 2);
}
