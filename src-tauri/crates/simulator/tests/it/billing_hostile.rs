//! Whatever a client sends to the billing servers, the answer is one of theirs: never a 5xx.

use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

/// Names of fields the servers know, so that random bodies reach deep.
const NAMES: [&str; 34] = [
    "user_id",
    "user_alias",
    "subscription_alias",
    "email",
    "plan_id",
    "plan_interval",
    "plan_currency",
    "status",
    "value",
    "effective_date",
    "data_provider_user_id",
    "id",
    "name",
    "category",
    "trait",
    "customer_id",
    "currency",
    "aliases",
    "billing_address",
    "contacts",
    "line1",
    "city",
    "state",
    "postal_code",
    "country",
    "is_primary",
    "email_preferences",
    "first_name",
    "external_id",
    "integration_id",
    "reason",
    "effective",
    "reason_description",
    "other",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "month",
            "year",
            "active",
            "trialing",
            "usd",
            "EUR",
            "U",
            "S",
            "x@y.example",
            "0",
            "-1",
            "1e999",
            "99999999999999999999999999999999",
            "253402300800",
            "1514764800",
            "immediate",
            "end_of_term",
            "2999-01-01",
            "-9999-01-01",
            "other",
            "intg_sf7Qw2Lx",
            "DEU",
            "\u{0}",
            "\u{202e}é🍳",
        ])
        .prop_map(Value::from),
        ".{0,60}".prop_map(Value::from),
    ]
}

fn json_value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(NAMES.to_vec()), inner), 0..14).prop_map(
                |pairs| {
                    Value::Object(
                        pairs
                            .into_iter()
                            .map(|(name, value)| (name.to_owned(), value))
                            .collect(),
                    )
                }
            ),
        ]
    })
}

/// A body that is nearly right: one field of a good one is replaced.
fn near() -> impl Strategy<Value = Value> {
    let good = json!({
        "user_alias": "U", "subscription_alias": "S", "email": "x@y.example", "plan_id": "p", "plan_interval": "year",
        "plan_currency": "eur", "value": 999_999_999_999_i64, "effective_date": 0, "id": "p2", "name": "N", "currency": "USD",
        "category": "C", "trait": "T", "customer_id": "U", "aliases": ["S"], "reason": "other", "external_id": "e", "integration_id": "intg_sf7Qw2Lx",
        "contacts": [{"email": "x@y.example", "is_primary": true}]
    });
    (prop::sample::select(NAMES.to_vec()), json_value()).prop_map(move |(name, value)| {
        let mut body = good.clone();
        body[name] = value;
        body
    })
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => near().prop_map(|value| value.to_string().into_bytes()),
        3 => json_value().prop_map(|value| value.to_string().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
        1 => near().prop_map(|value| {
            let text = value.to_string();
            text.as_bytes()[..text.len() / 2].to_vec()
        }),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "effective_date",
        "churn_type",
        "month",
        "plan_id",
        "metrics",
        "limit",
        "offset",
        "page",
        "per_page",
        "start_date",
        "end_date",
        "email",
        "direction",
        "date_field",
        "sort",
        "status",
        "alias",
        "integration_ids",
        "customer_id",
        "has_active_subscriptions",
        "due_date_gte",
        "paid_date_lte",
        "autopay",
        "kind",
        "subscription_id",
        "provider",
        "tag_ids",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "",
            "0",
            "1",
            "-1",
            "250",
            "99999999999999999999",
            "true",
            "name:desc",
            "created_at",
            "active,draft",
            "2026-11",
            "2026-11-01",
            "2026-11-01T00:00:00Z",
            "%00",
            "%ff%fe",
            "delinquent",
            "1600000000",
            "253402300799",
            "S",
            "18446744073709551615"
        ])
        .prop_map(str::to_owned),
        "[a-z0-9%]{0,8}",
    ];
    prop::collection::vec((name, value), 0..4).prop_map(|pairs| {
        let pairs: Vec<String> = pairs
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    })
}

const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

const PROFITWELL: [&str; 21] = [
    "/v2/api-status/",
    "/v2/subscriptions/",
    "/v2/subscriptions/S/",
    "/v2/unchurn/S/",
    "/v2/users/U/",
    "/v2/users/%ff/",
    "/v2/plans/",
    "/v2/plans/p/",
    "/v2/customers/",
    "/v2/customers/U/",
    "/v2/metrics/monthly/",
    "/v2/metrics/daily/",
    "/v2/metrics/plans/",
    "/v2/metrics/exclude_customer/U/",
    "/v2/company/settings/",
    "/v2/customer_traits/customer/U/",
    "/v2/customer_traits/trait/",
    "/v2/customer_traits/category/",
    "/v2/gdpr/anonymize_by_email/x%40y.example/",
    "/v2/gdpr/anonymize_by_customer_id/U/",
    "/v2/none/",
];

/// `{C}` and `{S}` stand for a customer and a subscription there is.
const ALGUNA: [&str; 20] = [
    "/customers",
    "/customers/lookup",
    "/customers/{C}",
    "/customers/S",
    "/customers/{C}/connected-accounts",
    "/customers/{C}/connected-accounts/ca_000001",
    "/customers/{C}/none",
    "/subscriptions",
    "/subscriptions/{S}",
    "/subscriptions/{S}/cancel",
    "/subscriptions/{S}/billing-dates",
    "/subscriptions/{S}/revenue",
    "/subscriptions/{S}/versions",
    "/subscriptions/{S}/versions/current",
    "/quotes",
    "/invoices",
    "/invoices/inv_%C3%A9",
    "/plans",
    "/integrations",
    "/",
];

async fn profitwell(
    org: &Org,
    method: Method,
    path: &str,
    query: &str,
    body: Vec<u8>,
) -> (u16, String) {
    let url = format!("{}{path}?{query}", org.simulator.urls().profitwell);
    let request = org.http.request(method, url).header(
        "Authorization",
        &org.simulator.credentials().profitwell_token,
    );
    let answer = request
        .header("Content-Type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn alguna(
    org: &Org,
    method: Method,
    path: &str,
    query: &str,
    body: Vec<u8>,
) -> (u16, String) {
    let url = format!("{}{path}?{query}", org.simulator.urls().alguna);
    let request = org
        .http
        .request(method, url)
        .bearer_auth(&org.simulator.credentials().alguna_api_key);
    let answer = request
        .header("Alguna-Version", "2026-04-01")
        .body(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// 2xx, or a 4xx in ProfitWell's shape: an object of texts or lists of texts.
fn profitwells(status: u16, text: &str) -> bool {
    let texts = |value: &Value| {
        value
            .as_array()
            .is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string))
    };
    match serde_json::from_str(text) {
        _ if (200..300).contains(&status) => true,
        Ok(Value::Object(error)) if (400..500).contains(&status) => {
            !error.is_empty()
                && error.iter().all(|(name, value)| {
                    if name == "detail" {
                        value.is_string()
                    } else {
                        texts(value)
                    }
                })
        }
        _ => false,
    }
}

/// 2xx, or a 4xx in Alguna's shape.
fn algunas(status: u16, text: &str) -> bool {
    match serde_json::from_str::<Value>(text) {
        _ if (200..300).contains(&status) => true,
        Ok(error) => {
            (400..500).contains(&status) && error["status"] == status && error["detail"].is_string()
        }
        Err(_) => false,
    }
}

#[test]
fn nothing_a_client_sends_breaks_the_servers() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let org = runtime.block_on(org());
    let first = |path: &str| -> String {
        let (_, text) = runtime.block_on(alguna(
            &org,
            Method::GET,
            path,
            "limit=1&offset=3",
            Vec::new(),
        ));
        let page: Value = serde_json::from_str(&text).unwrap();
        page["data"][0]["id"].as_str().unwrap().to_owned()
    };
    let (customer, subscription) = (first("/customers"), first("/subscriptions"));
    let mut runner = TestRunner::new(Cases {
        cases: 1200,
        failure_persistence: None,
        ..Cases::default()
    });
    let asked = (
        0..PROFITWELL.len() + ALGUNA.len(),
        prop::sample::select(METHODS.to_vec()),
        query(),
        bytes(),
    );
    runner
        .run(&asked, |(path, method, query, body)| {
            let shown = String::from_utf8_lossy(&body).into_owned();
            let (path, (status, text), fits) = if let Some(path) = PROFITWELL.get(path) {
                let answer = runtime.block_on(profitwell(&org, method.clone(), path, &query, body));
                let fits = profitwells(answer.0, &answer.1);
                ((*path).to_owned(), answer, fits)
            } else {
                let path = ALGUNA[path - PROFITWELL.len()]
                    .replace("{C}", &customer)
                    .replace("{S}", &subscription);
                let answer = runtime.block_on(alguna(&org, method.clone(), &path, &query, body));
                let fits = algunas(answer.0, &answer.1);
                (path, answer, fits)
            };
            prop_assert!(fits, "{method} {path}?{query} {shown} -> {status} {text}");
            Ok(())
        })
        .unwrap();
    // After all that the lists still answer.
    for (path, query) in [
        ("/v2/customers/", ""),
        ("/v2/metrics/monthly/", ""),
        ("/v2/plans/", ""),
    ] {
        assert_eq!(
            runtime
                .block_on(profitwell(&org, Method::GET, path, query, Vec::new()))
                .0,
            200
        );
    }
    for path in [
        "/customers",
        "/subscriptions",
        "/invoices",
        "/quotes",
        "/plans",
    ] {
        assert_eq!(
            runtime
                .block_on(alguna(&org, Method::GET, path, "", Vec::new()))
                .0,
            200
        );
    }
}
