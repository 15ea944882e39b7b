//! `ProfitWell`: every documented call, key by key, and what it changes.

use std::collections::BTreeSet;

use drawbridge_simulator::{Config, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org, org_with};

struct Answer {
    status: u16,
    body: Value,
    text: String,
    headers: reqwest::header::HeaderMap,
}

async fn call(org: &Org, method: Method, path: &str, body: Option<&Value>) -> Answer {
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

async fn get(org: &Org, path: &str) -> Answer {
    call(org, Method::GET, path, None).await
}

async fn post(org: &Org, path: &str, body: &Value) -> Answer {
    call(org, Method::POST, path, Some(body)).await
}

async fn put(org: &Org, path: &str, body: &Value) -> Answer {
    call(org, Method::PUT, path, Some(body)).await
}

async fn delete(org: &Org, path: &str) -> Answer {
    call(org, Method::DELETE, path, None).await
}

/// The 400 with this one business rule.
fn assert_rule(answer: &Answer, text: &str) {
    assert_eq!(answer.status, 400, "{}", answer.text);
    let errors = answer.body["non_field_errors"].as_array().unwrap();
    assert!(errors[0].as_str().unwrap().contains(text), "{}", answer.text);
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
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
    assert_eq!(get(&org, "/v2/users/spiderman/").await.body, json!([first, second]));

    let renamed = put(&org, "/v2/users/spiderman/", &json!({"email":"peter.parker@example.com"})).await;
    assert_eq!((renamed.status, renamed.text.as_str()), (200, ""));
    let history = get(&org, "/v2/users/spiderman/").await;
    assert_eq!(history.body[0]["email"], "peter.parker@example.com");

    let gone = delete(&org, "/v2/users/spiderman/").await;
    assert_eq!((gone.status, gone.text.as_str()), (200, ""));
    let after = get(&org, "/v2/users/spiderman/").await;
    assert_eq!((after.status, &after.body), (404, &json!({"detail": "Not found."})));
    assert_eq!(unchurn().await.status, 404);
    assert_eq!(post(&org, "/v2/subscriptions/", &spiderman()).await.status, 201, "aliases are free again");
}

#[tokio::test]
async fn aliases_and_ids_select_users() {
    let org = org().await;
    let first = post(&org, "/v2/subscriptions/", &spiderman()).await.body;
    assert_rule(&post(&org, "/v2/subscriptions/", &spiderman()).await, "already exists");
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
    assert_eq!(by_id.body["meta"], json!({"data_provider_user_id": "cus_1"}));
    more["user_id"] = json!("pwu_000000000000");
    assert_rule(&post(&org, "/v2/subscriptions/", &more).await, "does not exist");
    let history = get(&org, "/v2/users/spiderman/").await;
    assert_eq!(history.body.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn wrong_fields_are_named() {
    let org = org().await;
    let answer = post(&org, "/v2/subscriptions/", &json!({"plan_interval": "week", "value": "12.5", "plan_currency": "xyz", "subscription_alias": "x".repeat(37)})).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["plan_interval"], json!(["\"week\" is not a valid choice."]));
    assert_eq!(answer.body["email"], json!(["This field is required."]));
    assert_eq!(answer.body["value"], json!(["A valid integer is required."]));
    assert_eq!(answer.body["subscription_alias"], json!(["Ensure this field has no more than 36 characters."]));
    assert_eq!(keys(&answer.body).len(), 7);
    let mut trial = spiderman();
    trial["status"] = json!("trialing");
    assert_rule(&post(&org, "/v2/subscriptions/", &trial).await, "value of 0");
    // As importers send it: a numeric text and a capital interval.
    let mut lenient = spiderman();
    lenient["value"] = json!("23");
    lenient["plan_interval"] = json!("Month");
    let made = post(&org, "/v2/subscriptions/", &lenient).await;
    assert_eq!((made.status, &made.body["value"], &made.body["plan_interval"]), (201, &json!(23), &json!("month")));
    let path = "/v2/subscriptions/spiderman_sub_1/";
    let missing = delete(&org, path).await;
    assert_eq!((missing.status, &missing.body), (400, &json!({"effective_date": ["This field is required."]})));
    let kind = delete(&org, &format!("{path}?effective_date=1600000000&churn_type=angry")).await;
    assert_eq!(kind.body, json!({"churn_type": ["\"angry\" is not a valid choice."]}));
    let early = delete(&org, &format!("{path}?effective_date=1500000000")).await;
    assert_rule(&early, "before");
    let update = |value: &str, at: i64| json!({"plan_id": "p", "plan_interval": "month", "value": 1, "status": value, "effective_date": at});
    let trialing = put(&org, path, &update("trialing", 1_600_000_000)).await;
    assert_eq!(trialing.body, json!({"status": ["\"trialing\" is not a valid choice."]}));
    assert_rule(&put(&org, path, &update("active", 1)).await, "before the subscription starts");
    let answer = call(&org, Method::PATCH, path, None).await;
    assert_eq!((answer.status, answer.body), (405, json!({"detail": "Method \"PATCH\" not allowed."})));
    assert_eq!(call(&org, Method::GET, "/v2/subscriptions/", None).await.status, 405);
    assert_eq!(get(&org, "/v2/nothing/").await.status, 404);
}

#[tokio::test]
async fn a_providers_customer_cannot_be_changed() {
    let org = org().await;
    let customers = get(&org, "/v2/customers/?per_page=1").await;
    let id = customers.body[0]["customer_id"].as_str().unwrap().to_owned();
    for answer in [
        get(&org, &format!("/v2/users/{id}/")).await,
        put(&org, &format!("/v2/users/{id}/"), &json!({"email": "x@y.example"})).await,
        delete(&org, &format!("/v2/users/{id}/")).await,
        delete(&org, &format!("/v2/subscriptions/{id}/?effective_date=1600000000")).await,
    ] {
        assert_eq!((answer.status, answer.body), (404, json!({"detail": "Not found."})));
    }
    assert_eq!(get(&org, "/v2/customers/?per_page=1").await.body, customers.body);
}

#[tokio::test]
async fn plans_are_those_made_here() {
    let org = org().await;
    assert_eq!(get(&org, "/v2/plans/").await.body, json!([]));
    let made = post(&org, "/v2/plans/", &json!({"id":"foo plan","name":"Foo Plan"})).await;
    assert_eq!((made.status, made.body), (201, json!({"id":"foo plan","name":"Foo Plan"})));
    let again = post(&org, "/v2/plans/", &json!({"id":"foo plan","name":"Foo"})).await;
    assert_eq!((again.status, again.body), (400, json!({"id": ["plan with this id already exists."]})));
    let renamed = put(&org, "/v2/plans/foo%20plan/", &json!({"name":"New Plan Name"})).await;
    assert_eq!((renamed.status, renamed.body), (200, json!({"id":"foo plan","name":"New Plan Name"})));
    assert_eq!(get(&org, "/v2/plans/foo%20plan/").await.body["name"], "New Plan Name");
    assert_eq!(get(&org, "/v2/plans/bar/").await.status, 404);
    post(&org, "/v2/subscriptions/", &spiderman()).await;
    let ids: Vec<Value> = get(&org, "/v2/plans/").await.body.as_array().unwrap().iter().map(|plan| plan["id"].clone()).collect();
    assert_eq!(ids, ["foo plan", "web_plan"], "a plan used for the first time is one");
}

async fn figure(org: &Org, name: &str) -> f64 {
    let answer = get(org, &format!("/v2/metrics/monthly/?metrics={name}")).await;
    let points = answer.body["data"][name].as_array().unwrap();
    points.last().unwrap()["value"].as_f64().unwrap()
}

async fn all_customers(org: &Org) -> Vec<Value> {
    get(org, "/v2/customers/?per_page=250").await.body.as_array().unwrap().clone()
}

#[tokio::test]
async fn metrics_are_the_sum_of_the_customers() {
    let org = org_with(Config { customers: 200, rate_limits: false, ..Config::default() }).await;
    let rows = all_customers(&org).await;
    let mrr: i64 = rows.iter().map(|row| row["mrr_cents"].as_i64().unwrap()).sum();
    let paying = rows.iter().filter(|row| row["mrr_cents"].as_i64().unwrap() > 0).count();
    let close = |a: f64, cents: i64| (a * 100.0 - cents as f64).abs() < 1.0;
    assert!(close(figure(&org, "recurring_revenue").await, mrr));
    assert!((figure(&org, "active_customers").await - paying as f64).abs() < 0.5);
    // A new customer of 120 dollars a year is 10 dollars a month.
    let before = org.simulator.state().write_calls();
    let yearly = json!({"subscription_alias": "y", "user_alias": "u", "email": "Y", "plan_id": "yearly", "plan_interval": "year", "value": 12_000, "effective_date": 1_700_000_000});
    let user = post(&org, "/v2/subscriptions/", &yearly).await.body["user_id"].as_str().unwrap().to_owned();
    assert_eq!(org.simulator.state().write_calls(), before + 1);
    let row = get(&org, &format!("/v2/customers/{user}/")).await.body;
    assert_eq!((&row["mrr_cents"], &row["status"], &row["plans"]), (&json!(1000), &json!("active"), &json!(["yearly"])));
    assert_eq!(keys(&row), keys(&rows[0]));
    assert_eq!(row["created_on"], "2023-11-14T22:13:20Z");
    assert!(close(figure(&org, "recurring_revenue").await, mrr + 1000));
    assert!((figure(&org, "active_customers").await - paying as f64 - 1.0).abs() < 0.5);
    assert_eq!(all_customers(&org).await.last().unwrap()["customer_id"], user, "the latest change comes last");
    let ids = get(&org, "/v2/metrics/plans/?limit=150").await.body;
    assert_eq!(keys(&ids), BTreeSet::from(["plan_ids"]));
    assert!(ids["plan_ids"].as_array().unwrap().contains(&json!("yearly")));
    assert_eq!(get(&org, "/v2/metrics/plans/?limit=2").await.body["plan_ids"].as_array().unwrap().len(), 2);
    let plan = get(&org, "/v2/metrics/monthly/?plan_id=yearly&metrics=recurring_revenue,plan_change_rate").await;
    assert_eq!(plan.body["data"]["recurring_revenue"].as_array().unwrap().last().unwrap()["value"], 10.0);
    // A future churn leaves the revenue; a past one ends it; excluding removes it.
    let churn = delete(&org, "/v2/subscriptions/y/?effective_date=4000000000&churn_type=delinquent").await;
    assert_eq!(churn.body["status"], "churned_delinquent");
    let row = get(&org, &format!("/v2/customers/{user}/")).await.body;
    assert_eq!((&row["mrr_cents"], &row["status"], &row["churned_on"]), (&json!(1000), &json!("cancelled"), &json!("2096-10-02T07:06:40Z")));
    call(&org, Method::PUT, "/v2/unchurn/y/", None).await;
    delete(&org, "/v2/subscriptions/y/?effective_date=1750000000&churn_type=delinquent").await;
    let row = get(&org, &format!("/v2/customers/{user}/")).await.body;
    assert_eq!((&row["mrr_cents"], &row["status"], &row["total_spend_cents"]), (&json!(0), &json!("churned_delinquent"), &json!(24_000)));
    assert!(close(figure(&org, "recurring_revenue").await, mrr));
    let payer = rows.iter().find(|row| row["mrr_cents"].as_i64().unwrap() > 0).unwrap();
    let excluded = call(&org, Method::POST, &format!("/v2/metrics/exclude_customer/{}/", payer["customer_id"].as_str().unwrap()), None).await;
    assert_eq!(excluded.status, 200);
    assert!(close(figure(&org, "recurring_revenue").await, mrr - payer["mrr_cents"].as_i64().unwrap()));
}

#[tokio::test]
async fn metrics_have_the_documented_shape() {
    let org = org().await;
    let monthly = get(&org, "/v2/metrics/monthly/?plan_id=").await.body;
    assert_eq!(keys(&monthly), BTreeSet::from(["data"]));
    assert_eq!(keys(&monthly["data"]).len(), 40);
    for points in monthly["data"].as_object().unwrap().values() {
        for point in points.as_array().unwrap() {
            assert_eq!(keys(point), BTreeSet::from(["date", "value"]));
            assert!(point["value"].is_number() || point["value"].is_null());
        }
    }
    let dates = monthly["data"]["growth_rate"].as_array().unwrap();
    let last = dates.last().unwrap()["date"].as_str().unwrap().to_owned();
    assert_eq!(last.len(), 7);
    let daily = get(&org, &format!("/v2/metrics/daily/?month={last}")).await.body;
    assert_eq!(keys(&daily["data"]).len(), 15);
    let days = daily["data"]["recurring_revenue"].as_array().unwrap();
    assert_eq!(days[0]["date"], format!("{last}-01"));
    let today = days.last().unwrap()["value"].as_f64().unwrap();
    assert!((today - figure(&org, "recurring_revenue").await).abs() < 0.01);
    for (path, field) in [
        ("/v2/metrics/daily/", "month"),
        ("/v2/metrics/daily/?month=2020-01", "month"),
        ("/v2/metrics/daily/?month=soon", "month"),
        ("/v2/metrics/monthly/?metrics=mrr", "metrics"),
        ("/v2/metrics/plans/?limit=151", "limit"),
    ] {
        let answer = get(&org, path).await;
        assert_eq!((answer.status, keys(&answer.body)), (400, BTreeSet::from([field])), "{path}");
    }
    let settings = get(&org, "/v2/company/settings/").await.body;
    assert_eq!(keys(&settings), BTreeSet::from(["currency", "id", "name", "timezone"]));
}

#[tokio::test]
async fn traits_and_anonymising() {
    let org = org().await;
    let rows = all_customers(&org).await;
    let row = rows.iter().find(|row| row["email"].is_string()).unwrap();
    let (id, email) = (row["customer_id"].as_str().unwrap(), row["email"].as_str().unwrap());
    let path = format!("/v2/customer_traits/customer/{id}/");
    let body = json!({"category": "Tier", "trait": "Gold", "customer_id": id});
    assert_eq!(put(&org, "/v2/customer_traits/trait/", &body).await.status, 200);
    assert_eq!(get(&org, &path).await.body, json!([{"category": "Tier", "trait": "Gold"}]));
    let same = json!({"category": "tier", "trait": "GOLD", "email": email.to_uppercase()});
    let answer = call(&org, Method::DELETE, "/v2/customer_traits/trait/", Some(&same)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(get(&org, &path).await.body, json!([]));
    let reserved = json!({"category": "country", "trait": "ES", "customer_id": id});
    assert_eq!(put(&org, "/v2/customer_traits/trait/", &reserved).await.status, 400);
    let nobody = json!({"category": "Tier", "trait": "Gold"});
    assert_rule(&put(&org, "/v2/customer_traits/trait/", &nobody).await, "customer_id or email");
    let path = format!("/v2/gdpr/anonymize_by_email/{}/", email.replace('@', "%40"));
    assert_eq!(call(&org, Method::POST, &path, None).await.status, 200);
    let after = get(&org, &format!("/v2/customers/{id}/")).await.body;
    assert_eq!((&after["email"], &after["first_name"]), (&Value::Null, &Value::Null));
    assert_eq!(after["mrr_cents"], row["mrr_cents"]);
    assert_eq!(call(&org, Method::POST, &path, None).await.status, 404);
}

#[tokio::test]
async fn scopes_are_throttled_on_their_own() {
    let org = org_with(Config { customers: 20, ..Config::default() }).await;
    let rows = all_customers(&org).await;
    let id = rows[0]["customer_id"].as_str().unwrap();
    let path = format!("/v2/metrics/exclude_customer/{id}/");
    for _ in 0..10 {
        assert_eq!(call(&org, Method::POST, &path, None).await.status, 200);
    }
    let refused = call(&org, Method::POST, &path, None).await;
    assert_eq!(refused.status, 429);
    let seconds: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((50..=60).contains(&seconds));
    assert_eq!(refused.body["detail"], format!("Request was throttled. Expected available in {seconds} seconds."));
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
    assert!(state.request_log().iter().all(|request| request.server == Server::Profitwell));
}
