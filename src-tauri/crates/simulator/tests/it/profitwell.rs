//! `ProfitWell`: every documented call, key by key, and what it changes.

use std::collections::BTreeSet;

use drawbridge_simulator::{Config, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org, org_with};

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) text: String,
    pub(crate) headers: reqwest::header::HeaderMap,
}

pub(crate) async fn call(org: &Org, method: Method, path: &str, body: Option<&Value>) -> Answer {
    let url = format!("{}{path}", org.simulator.urls().profitwell);
    let token = &org.simulator.credentials().profitwell_token;
    let mut request = org.http.request(method, url).header("Authorization", token);
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    Answer {
        status,
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
        text,
        headers,
    }
}

pub(crate) async fn get(org: &Org, path: &str) -> Answer {
    call(org, Method::GET, path, None).await
}

pub(crate) async fn post(org: &Org, path: &str, body: &Value) -> Answer {
    call(org, Method::POST, path, Some(body)).await
}

pub(crate) async fn put(org: &Org, path: &str, body: &Value) -> Answer {
    call(org, Method::PUT, path, Some(body)).await
}

pub(crate) async fn delete(org: &Org, path: &str) -> Answer {
    call(org, Method::DELETE, path, None).await
}

/// The first 250 customers.
pub(crate) async fn all_customers(org: &Org) -> Vec<Value> {
    get(org, "/v2/customers/?per_page=250")
        .await
        .body
        .as_array()
        .unwrap()
        .clone()
}

/// The 400 with this one business rule.
fn assert_rule(answer: &Answer, text: &str) {
    assert_eq!(answer.status, 400, "{}", answer.text);
    let errors = answer.body["non_field_errors"].as_array().unwrap();
    assert!(
        errors[0].as_str().unwrap().contains(text),
        "{}",
        answer.text
    );
}

pub(crate) fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn spiderman() -> Value {
    json!({"user_alias":"spiderman","subscription_alias":"spiderman_sub_1","email":"spiderman@example.com","plan_id":"web_plan",
 "plan_interval":"month","plan_currency":"usd","status":"active","value":5000,"effective_date":1_514_764_800})
}

/// Every example of facts/profitwell.md §5 about users and subscriptions, in its order.
#[tokio::test]
async fn a_subscription_lives_as_documented() {
    let org = org().await;
    let created = post(&org, "/v2/subscriptions/", &spiderman()).await;
    assert_eq!(created.status, 201);
    let (user, subscription) = (&created.body["user_id"], &created.body["subscription_id"]);
    for (id, prefix) in [(user, "pwu_"), (subscription, "pws_")] {
        let tail = id.as_str().unwrap().strip_prefix(prefix).unwrap();
        assert!(tail.len() == 12 && tail.bytes().all(|b| b.is_ascii_alphanumeric()));
    }
    let first = json!({"user_id":user,"user_alias":"spiderman","subscription_id":subscription,"subscription_alias":"spiderman_sub_1",
 "email":"spiderman@example.com","plan_id":"web_plan","plan_interval":"month","plan_currency":"usd","status":"active",
 "value":5000,"effective_date":1_514_764_800,"meta":{}});
    assert_eq!(created.body, first);

    let change = json!({"plan_id":"venom_plan","plan_interval":"month","value":7500,"status":"active","effective_date":1_517_443_200});
    let changed = put(&org, "/v2/subscriptions/spiderman_sub_1/", &change).await;
    let mut second = first.clone();
    second["plan_id"] = json!("venom_plan");
    second["value"] = json!(7500);
    second["effective_date"] = json!(1_517_443_200);
    assert_eq!((changed.status, &changed.body), (200, &second));

    let unchurn = || call(&org, Method::PUT, "/v2/unchurn/spiderman_sub_1/", None);
    assert_rule(&unchurn().await, "was not churned in the first place");
    let path = "/v2/subscriptions/spiderman_sub_1/?effective_date=1522540800&churn_type=voluntary";
    let churned = delete(&org, path).await;
    let mut third = second.clone();
    third["status"] = json!("churned_voluntary");
    third["value"] = json!(0);
    third["effective_date"] = json!(1_522_540_800);
    third["meta"] = json!({"churn_type":"voluntary"});
    assert_eq!((churned.status, &churned.body), (200, &third));
    assert_rule(&delete(&org, path).await, "already scheduled to churn");

    let history = get(&org, "/v2/users/spiderman/").await;
    assert_eq!(history.body, json!([first, second, third]));
    let by_id = get(&org, &format!("/v2/users/{}/", user.as_str().unwrap())).await;
    assert_eq!(by_id.body, history.body);

    let undone = unchurn().await;
    assert_eq!((undone.status, undone.text.as_str()), (200, ""));
    assert_eq!(
        get(&org, "/v2/users/spiderman/").await.body,
        json!([first, second])
    );

    let renamed = put(
        &org,
        "/v2/users/spiderman/",
        &json!({"email":"peter.parker@example.com"}),
    )
    .await;
    assert_eq!((renamed.status, renamed.text.as_str()), (200, ""));
    let history = get(&org, "/v2/users/spiderman/").await;
    assert_eq!(history.body[0]["email"], "peter.parker@example.com");

    let gone = delete(&org, "/v2/users/spiderman/").await;
    assert_eq!((gone.status, gone.text.as_str()), (200, ""));
    let after = get(&org, "/v2/users/spiderman/").await;
    assert_eq!(
        (after.status, &after.body),
        (404, &json!({"detail": "Not found."}))
    );
    assert_eq!(unchurn().await.status, 404);
    assert_eq!(
        post(&org, "/v2/subscriptions/", &spiderman()).await.status,
        201,
        "aliases are free again"
    );
}

#[tokio::test]
async fn aliases_and_ids_select_users() {
    let org = org().await;
    let first = post(&org, "/v2/subscriptions/", &spiderman()).await.body;
    assert_rule(
        &post(&org, "/v2/subscriptions/", &spiderman()).await,
        "already exists",
    );
    let mut more = spiderman();
    more["subscription_alias"] = json!("spiderman_sub_2");
    let by_alias = post(&org, "/v2/subscriptions/", &more).await;
    assert_eq!(by_alias.body["user_id"], first["user_id"]);
    more["subscription_alias"] = Value::Null;
    more["user_alias"] = Value::Null;
    more["user_id"] = first["user_id"].clone();
    more["data_provider_user_id"] = json!("cus_1");
    let by_id = post(&org, "/v2/subscriptions/", &more).await;
    assert_eq!(by_id.body["user_id"], first["user_id"]);
    assert_eq!(by_id.body["user_alias"], "spiderman");
    assert_eq!(by_id.body["subscription_alias"], Value::Null);
    assert_eq!(
        by_id.body["meta"],
        json!({"data_provider_user_id": "cus_1"})
    );
    more["user_id"] = json!("pwu_000000000000");
    assert_rule(
        &post(&org, "/v2/subscriptions/", &more).await,
        "does not exist",
    );
    let history = get(&org, "/v2/users/spiderman/").await;
    assert_eq!(history.body.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let org = org().await;
    let answer = post(&org, "/v2/subscriptions/", &json!({"plan_interval": "week", "value": "12.5", "plan_currency": "xyz", "subscription_alias": "x".repeat(37)})).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body["plan_interval"],
        json!(["\"week\" is not a valid choice."])
    );
    assert_eq!(answer.body["email"], json!(["This field is required."]));
    assert_eq!(
        answer.body["value"],
        json!(["A valid integer is required."])
    );
    assert_eq!(
        answer.body["subscription_alias"],
        json!(["Ensure this field has no more than 36 characters."])
    );
    assert_eq!(keys(&answer.body).len(), 7);
    let mut trial = spiderman();
    trial["status"] = json!("trialing");
    assert_rule(
        &post(&org, "/v2/subscriptions/", &trial).await,
        "value of 0",
    );
    // As importers send it: a numeric text and a capital interval.
    let mut lenient = spiderman();
    lenient["value"] = json!("23");
    lenient["plan_interval"] = json!("Month");
    let made = post(&org, "/v2/subscriptions/", &lenient).await;
    assert_eq!(
        (
            made.status,
            &made.body["value"],
            &made.body["plan_interval"]
        ),
        (201, &json!(23), &json!("month"))
    );
    let path = "/v2/subscriptions/spiderman_sub_1/";
    let missing = delete(&org, path).await;
    assert_eq!(
        (missing.status, &missing.body),
        (400, &json!({"effective_date": ["This field is required."]}))
    );
    let kind = delete(
        &org,
        &format!("{path}?effective_date=1600000000&churn_type=angry"),
    )
    .await;
    assert_eq!(
        kind.body,
        json!({"churn_type": ["\"angry\" is not a valid choice."]})
    );
    let early = delete(&org, &format!("{path}?effective_date=1500000000")).await;
    assert_rule(&early, "before");
    let update = |value: &str, at: i64| json!({"plan_id": "p", "plan_interval": "month", "value": 1, "status": value, "effective_date": at});
    let trialing = put(&org, path, &update("trialing", 1_600_000_000)).await;
    assert_eq!(
        trialing.body,
        json!({"status": ["\"trialing\" is not a valid choice."]})
    );
    assert_rule(
        &put(&org, path, &update("active", 1)).await,
        "before the subscription starts",
    );
    let answer = call(&org, Method::PATCH, path, None).await;
    assert_eq!(
        (answer.status, answer.body),
        (405, json!({"detail": "Method \"PATCH\" not allowed."}))
    );
    assert_eq!(
        call(&org, Method::GET, "/v2/subscriptions/", None)
            .await
            .status,
        405
    );
    assert_eq!(get(&org, "/v2/nothing/").await.status, 404);
}

#[tokio::test]
async fn a_providers_customer_cannot_be_changed() {
    let org = org().await;
    let customers = get(&org, "/v2/customers/?per_page=1").await;
    let id = customers.body[0]["customer_id"]
        .as_str()
        .unwrap()
        .to_owned();
    for answer in [
        get(&org, &format!("/v2/users/{id}/")).await,
        put(
            &org,
            &format!("/v2/users/{id}/"),
            &json!({"email": "x@y.example"}),
        )
        .await,
        delete(&org, &format!("/v2/users/{id}/")).await,
        delete(
            &org,
            &format!("/v2/subscriptions/{id}/?effective_date=1600000000"),
        )
        .await,
    ] {
        assert_eq!(
            (answer.status, answer.body),
            (404, json!({"detail": "Not found."}))
        );
    }
    assert_eq!(
        get(&org, "/v2/customers/?per_page=1").await.body,
        customers.body
    );
}

#[tokio::test]
async fn a_changed_customer_moves_to_the_end_of_the_list() {
    let org = org().await;
    let first = post(&org, "/v2/subscriptions/", &spiderman()).await.body["user_id"].clone();
    let mut other = spiderman();
    other["user_alias"] = json!("venom");
    other["subscription_alias"] = json!("venom_sub");
    let second = post(&org, "/v2/subscriptions/", &other).await.body["user_id"].clone();
    let last = async || all_customers(&org).await.last().unwrap().clone();
    assert_eq!(last().await["customer_id"], second);
    put(
        &org,
        "/v2/users/spiderman/",
        &json!({"email": "new@example.com"}),
    )
    .await;
    let moved = last().await;
    assert_eq!(
        (&moved["customer_id"], &moved["email"]),
        (&first, &json!("new@example.com"))
    );
    // It is found from its new stamp on, and once only.
    let since = format!(
        "/v2/customers/?start_date={}",
        moved["updated_on"].as_str().unwrap()
    );
    assert_eq!(get(&org, &since).await.body, json!([moved]));
    let rows = all_customers(&org).await;
    let oldest = rows[0]["customer_id"].as_str().unwrap();
    let path = format!("/v2/gdpr/anonymize_by_customer_id/{oldest}/");
    call(&org, Method::POST, &path, None).await;
    let after = all_customers(&org).await;
    assert_eq!(after.last().unwrap()["customer_id"], oldest);
    assert_eq!((after.len(), &after[0]), (rows.len(), &rows[1]));
}

#[tokio::test]
async fn plans_are_those_made_here() {
    let org = org().await;
    assert_eq!(get(&org, "/v2/plans/").await.body, json!([]));
    let made = post(
        &org,
        "/v2/plans/",
        &json!({"id":"foo plan","name":"Foo Plan"}),
    )
    .await;
    assert_eq!(
        (made.status, made.body),
        (201, json!({"id":"foo plan","name":"Foo Plan"}))
    );
    let again = post(&org, "/v2/plans/", &json!({"id":"foo plan","name":"Foo"})).await;
    assert_eq!(
        (again.status, again.body),
        (400, json!({"id": ["plan with this id already exists."]}))
    );
    let renamed = put(
        &org,
        "/v2/plans/foo%20plan/",
        &json!({"name":"New Plan Name"}),
    )
    .await;
    assert_eq!(
        (renamed.status, renamed.body),
        (200, json!({"id":"foo plan","name":"New Plan Name"}))
    );
    assert_eq!(
        get(&org, "/v2/plans/foo%20plan/").await.body["name"],
        "New Plan Name"
    );
    assert_eq!(get(&org, "/v2/plans/bar/").await.status, 404);
    post(&org, "/v2/subscriptions/", &spiderman()).await;
    let ids: Vec<Value> = get(&org, "/v2/plans/")
        .await
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| plan["id"].clone())
        .collect();
    assert_eq!(
        ids,
        ["foo plan", "web_plan"],
        "a plan used for the first time is one"
    );
}

#[tokio::test]
async fn traits_and_anonymising() {
    let org = org().await;
    let rows = all_customers(&org).await;
    let row = rows.iter().find(|row| row["email"].is_string()).unwrap();
    let (id, email) = (
        row["customer_id"].as_str().unwrap(),
        row["email"].as_str().unwrap(),
    );
    let path = format!("/v2/customer_traits/customer/{id}/");
    let body = json!({"category": "Tier", "trait": "Gold", "customer_id": id});
    assert_eq!(
        put(&org, "/v2/customer_traits/trait/", &body).await.status,
        200
    );
    assert_eq!(
        get(&org, &path).await.body,
        json!([{"category": "Tier", "trait": "Gold"}])
    );
    let same = json!({"category": "tier", "trait": "GOLD", "email": email.to_uppercase()});
    let answer = call(
        &org,
        Method::DELETE,
        "/v2/customer_traits/trait/",
        Some(&same),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(get(&org, &path).await.body, json!([]));
    let reserved = json!({"category": "country", "trait": "ES", "customer_id": id});
    assert_eq!(
        put(&org, "/v2/customer_traits/trait/", &reserved)
            .await
            .status,
        400
    );
    let nobody = json!({"category": "Tier", "trait": "Gold"});
    assert_rule(
        &put(&org, "/v2/customer_traits/trait/", &nobody).await,
        "customer_id or email",
    );
    let path = format!("/v2/gdpr/anonymize_by_email/{}/", email.replace('@', "%40"));
    assert_eq!(call(&org, Method::POST, &path, None).await.status, 200);
    let after = get(&org, &format!("/v2/customers/{id}/")).await.body;
    assert_eq!(
        (&after["email"], &after["first_name"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(after["mrr_cents"], row["mrr_cents"]);
    assert_eq!(call(&org, Method::POST, &path, None).await.status, 404);
}

#[tokio::test]
async fn scopes_are_throttled_on_their_own() {
    let org = org_with(Config {
        customers: 20,
        ..Config::default()
    })
    .await;
    let rows = all_customers(&org).await;
    let id = rows[0]["customer_id"].as_str().unwrap();
    let path = format!("/v2/metrics/exclude_customer/{id}/");
    for _ in 0..10 {
        assert_eq!(call(&org, Method::POST, &path, None).await.status, 200);
    }
    let refused = call(&org, Method::POST, &path, None).await;
    assert_eq!(refused.status, 429);
    let seconds: i64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((50..=60).contains(&seconds));
    assert_eq!(
        refused.body["detail"],
        format!("Request was throttled. Expected available in {seconds} seconds.")
    );
    assert_eq!(get(&org, "/v2/api-status/").await.status, 200);
}

#[tokio::test]
async fn writes_are_counted_and_reads_are_not() {
    let org = org().await;
    let state = org.simulator.state();
    get(&org, "/v2/customers/").await;
    get(&org, "/v2/plans/").await;
    assert_eq!(state.write_calls(), 0);
    post(&org, "/v2/plans/", &json!({"id": "a", "name": "A"})).await;
    put(&org, "/v2/plans/a/", &json!({"name": "B"})).await;
    delete(&org, "/v2/users/nobody/").await;
    assert_eq!(state.write_calls(), 3);
    assert!(
        state
            .request_log()
            .iter()
            .all(|request| request.server == Server::Profitwell)
    );
}
