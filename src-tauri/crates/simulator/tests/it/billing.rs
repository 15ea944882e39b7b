//! Alguna and ProfitWell.

use std::collections::HashSet;

use drawbridge_simulator::Config;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org, org_with};

async fn alguna(
    org: &Org,
    method: Method,
    path: &str,
    body: Option<&Value>,
    key: Option<&str>,
) -> (u16, Value) {
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
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn get(org: &Org, path: &str) -> (u16, Value) {
    alguna(org, Method::GET, path, None, None).await
}

#[tokio::test]
async fn alguna_pages_and_reads() {
    let org = org_with(Config {
        customers: 250,
        ..Config::default()
    })
    .await;
    let mut ids = HashSet::new();
    let mut sizes = Vec::new();
    for offset in [0, 100, 200] {
        let (status, page) = get(
            &org,
            &format!("/customers?limit=100&offset={offset}&sort=created_at:asc"),
        )
        .await;
        assert_eq!(status, 200);
        assert_eq!(
            page["pagination"],
            json!({"per_page": 100, "total_pages": 3})
        );
        let rows = page["data"].as_array().unwrap();
        sizes.push(rows.len());
        ids.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
    }
    assert_eq!((sizes, ids.len()), (vec![100, 100, 50], 250));
    let (_, first) = get(&org, "/customers").await;
    assert_eq!(first["data"].as_array().unwrap().len(), 20);
    assert!(
        first["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row.get("tax_rate").is_none())
    );
    let mut with_tax = 0;
    for id in ids.iter().take(20) {
        let (_, one) = get(&org, &format!("/customers/{id}")).await;
        with_tax += usize::from(one.get("tax_rate").is_some());
    }
    assert!(with_tax > 10);
    assert_eq!(get(&org, "/customers?limit=101&offset=0").await.0, 400);
    assert_eq!(
        get(&org, "/customers/nope").await,
        (404, json!({"status": 404, "detail": "customer not found"}))
    );

    let (_, active) = get(
        &org,
        "/subscriptions?status=active&limit=100&offset=0&sort=updated_at:desc",
    )
    .await;
    let rows = active["data"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["status"] == "active"));
    let one = rows[0]["id"].as_str().unwrap();
    let (_, revenue) = get(&org, &format!("/subscriptions/{one}/revenue")).await;
    assert!(revenue["mrr"].as_str().unwrap().contains('.'));
    assert_eq!(
        get(&org, &format!("/subscriptions/{one}/versions/current"))
            .await
            .0,
        200
    );
    assert!(
        get(&org, &format!("/subscriptions/{one}/billing-dates"))
            .await
            .1["valid_on_cycle_dates"]
            .is_array()
    );
    let (_, ended) = get(
        &org,
        "/subscriptions?status=draft,canceled&limit=1&offset=0",
    )
    .await;
    let ended = ended["data"][0]["id"].as_str().unwrap();
    assert_eq!(
        get(&org, &format!("/subscriptions/{ended}/versions/current"))
            .await
            .0,
        404
    );
    assert!(
        !get(&org, &format!("/subscriptions/{ended}/versions"))
            .await
            .1["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn alguna_refuses_and_links() {
    let org = org().await;
    let address = format!("{}/customers", org.simulator.urls().alguna);
    let answer = org
        .http
        .get(&address)
        .header("Alguna-Version", "2026-04-01")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    let answer = org
        .http
        .get(&address)
        .bearer_auth(&org.simulator.credentials().alguna_api_key)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(answer.json::<Value>().await.unwrap()["type"], "about:blank");

    let (_, integrations) = get(&org, "/integrations?provider=salesforce").await;
    let integration = integrations["data"][0]["id"].as_str().unwrap().to_owned();
    let (_, linked) = get(
        &org,
        &format!("/customers?integration_ids={integration}&limit=100&offset=0"),
    )
    .await;
    let linked: HashSet<_> = linked["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    assert!(!linked.is_empty());
    let (_, all) = get(&org, "/customers?limit=100&offset=0").await;
    let free = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| !linked.contains(&row["id"]))
        .unwrap();
    let id = free["id"].as_str().unwrap();
    let path = format!("/customers/{id}/connected-accounts");
    let body = json!({"external_id": "001AAAAAAAAAAAAAAA", "integration_id": integration});
    let (status, link) = alguna(&org, Method::POST, &path, Some(&body), Some("k1")).await;
    assert_eq!(status, 201);
    let (status, again) = alguna(&org, Method::POST, &path, Some(&body), Some("k1")).await;
    assert_eq!(
        (status, &again),
        (201, &link),
        "the same key gives the same answer"
    );
    let other = json!({"external_id": "001B", "integration_id": integration});
    assert_eq!(
        alguna(&org, Method::POST, &path, Some(&other), Some("k1"))
            .await
            .0,
        422
    );
    assert_eq!(
        alguna(&org, Method::POST, &path, Some(&body), Some("k2"))
            .await
            .0,
        409
    );
    assert_eq!(get(&org, "/customers/001AAAAAAAAAAAAAAA").await.1["id"], id);
    let (status, patched) = alguna(
        &org,
        Method::PATCH,
        &format!("/customers/{id}"),
        Some(&json!({"aliases": ["x-1"]})),
        None,
    )
    .await;
    assert_eq!((status, &patched["aliases"]), (200, &json!(["x-1"])));
    assert_eq!(
        get(&org, "/customers/lookup?alias=x-1").await.1["customer_id"],
        id
    );
}

#[tokio::test]
async fn the_book_has_its_awkward_rows() {
    let org = org_with(Config {
        customers: 100,
        ..Config::default()
    })
    .await;
    let (_, page) = get(&org, "/customers?limit=100&offset=0").await;
    let rows = page["data"].as_array().unwrap();
    assert!(
        rows.iter()
            .any(|row| row["name"].as_str().unwrap().chars().count() == 300)
    );
    assert!(
        rows.iter()
            .any(|row| row["contacts"].as_array().unwrap().is_empty())
    );
    let lower: Vec<String> = rows
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_lowercase())
        .collect();
    assert!(
        lower.iter().collect::<HashSet<_>>().len() < lower.len(),
        "two ids differ only in case"
    );
    let (_, odd) = get(&org, "/subscriptions?status=in_dunning&limit=10&offset=0").await;
    assert_eq!(odd["data"].as_array().unwrap().len(), 1);
    let again = org_with(Config {
        customers: 100,
        ..Config::default()
    })
    .await;
    assert_eq!(
        get(&again, "/customers?limit=100&offset=0").await.1,
        page,
        "the same seed gives the same data"
    );
}

async fn profitwell(org: &Org, path: &str) -> (u16, Value, reqwest::header::HeaderMap) {
    let answer = org
        .http
        .get(format!("{}{path}", org.simulator.urls().profitwell))
        .header(
            "Authorization",
            &org.simulator.credentials().profitwell_token,
        )
        .send()
        .await
        .unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::Null),
        headers,
    )
}

#[tokio::test]
async fn profitwell_pages() {
    let org = org_with(Config {
        customers: 600,
        rate_limits: false,
        ..Config::default()
    })
    .await;
    let mut seen = Vec::new();
    for (page, expected) in [(1, 250), (2, 250), (3, 100), (4, 0)] {
        let (status, rows, _) =
            profitwell(&org, &format!("/v2/customers/?page={page}&per_page=250")).await;
        assert_eq!(status, 200);
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), expected);
        seen.extend(rows.clone());
    }
    assert!(seen.iter().all(|row| row.as_object().unwrap().len() == 12));
    let stamp = |row: &Value| {
        row["updated_on"]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .unwrap()
    };
    assert!(
        seen.windows(2)
            .all(|pair| stamp(&pair[0]) <= stamp(&pair[1]))
    );
    let cursor = seen[300]["updated_on"].as_str().unwrap();
    let (_, from, _) = profitwell(&org, &format!("/v2/customers/?start_date={cursor}")).await;
    assert_eq!(from[0]["updated_on"], cursor, "start_date is inclusive");
    let (_, until, _) = profitwell(
        &org,
        &format!("/v2/customers/?end_date={cursor}&direction=desc&per_page=1"),
    )
    .await;
    assert_ne!(until[0]["updated_on"], cursor, "end_date is exclusive");
    let id = seen[0]["customer_id"].as_str().unwrap();
    assert_eq!(
        profitwell(&org, &format!("/v2/customers/{id}/")).await.1,
        seen[0]
    );
    assert_eq!(profitwell(&org, "/v2/customers/nobody/").await.0, 404);
    assert_eq!(
        profitwell(&org, "/v2/company/settings/").await.1["currency"],
        "usd"
    );
    let (status, _, headers) = profitwell(&org, "/v2/customers?page=2").await;
    assert_eq!(status, 301);
    assert!(
        headers["location"]
            .to_str()
            .unwrap()
            .ends_with("/v2/customers/?page=2")
    );
    let answer = org
        .http
        .get(format!(
            "{}/v2/api-status/",
            org.simulator.urls().profitwell
        ))
        .header("Authorization", "wrong")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn profitwell_throttles() {
    let org = org_with(Config {
        customers: 5,
        ..Config::default()
    })
    .await;
    let mut throttled = None;
    for call in 1..=26 {
        let (status, body, headers) = profitwell(&org, "/v2/api-status/").await;
        if status == 429 {
            throttled = Some((call, body, headers));
        }
    }
    let (call, body, headers) = throttled.unwrap();
    assert_eq!(call, 26);
    assert!(
        body["detail"]
            .as_str()
            .unwrap()
            .starts_with("Request was throttled.")
    );
    assert!(headers.contains_key("retry-after"));
}
