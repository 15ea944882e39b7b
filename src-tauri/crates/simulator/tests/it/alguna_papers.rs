//! Alguna's quotes and invoices, and the documented examples as loaded data.

use std::collections::HashSet;

use drawbridge_simulator::Config;
use serde_json::{Value, json};

use crate::alguna::get;
use crate::client::org_with;

#[tokio::test]
async fn quotes_stand_for_what_is_not_agreed() {
    let org = org_with(Config {
        customers: 300,
        ..Config::default()
    })
    .await;
    let (_, sent) = get(&org, "/quotes?status=sent&kind=new&limit=100&offset=0").await;
    let rows = sent["data"].as_array().unwrap();
    assert!(!rows.is_empty());
    let mut drafts = 0;
    for row in rows {
        assert_eq!(row.get("signing_url"), None);
        let (_, subscription) = get(
            &org,
            &format!(
                "/subscriptions/{}",
                row["subscription_id"].as_str().unwrap()
            ),
        )
        .await;
        assert!(subscription["status"] == "sent" || subscription["status"] == "draft");
        drafts += usize::from(subscription["status"] == "draft");
        assert_eq!(subscription["customer_id"], row["customer_id"]);
    }
    assert!(drafts > 0, "a draft with a sent quote awaits acceptance");
    let (_, one) = get(
        &org,
        &format!("/quotes/{}", rows[0]["id"].as_str().unwrap()),
    )
    .await;
    assert!(one["signing_url"].is_string());
    assert_eq!(get(&org, "/quotes?status=lost").await.0, 400);
    assert_eq!(get(&org, "/quotes/quo_nobody").await.0, 404);
}

#[tokio::test]
async fn invoices_follow_the_cycles() {
    let org = org_with(Config {
        customers: 120,
        ..Config::default()
    })
    .await;
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for offset in (0..).step_by(100) {
        let (status, page) = get(
            &org,
            &format!("/invoices?limit=100&offset={offset}&sort=due_date:asc"),
        )
        .await;
        assert_eq!(status, 200);
        let rows = page["data"].as_array().unwrap();
        all.extend(rows.clone());
        if rows.len() < 100 {
            break;
        }
    }
    assert!(all.len() > 300);
    assert!(
        all.iter()
            .all(|row| seen.insert(row["id"].as_str().unwrap().to_owned())),
        "ids are unique"
    );
    let (_, paid) = get(
        &org,
        "/invoices?status=paid&paid_date_gte=2026-06-01&paid_date_lte=2026-06-30&limit=100&offset=0",
    )
    .await;
    let mut discounted = 0;
    for row in paid["data"].as_array().unwrap() {
        let (_, one) = get(&org, &format!("/invoices/{}", row["id"].as_str().unwrap())).await;
        assert!(one["paid_date"].as_str().unwrap().starts_with("2026-06"));
        assert_eq!(
            (&one["amount_paid"], &one["amount_remaining"]),
            (&one["total"], &json!("0.00"))
        );
        let cents = |text: &Value| {
            text.as_str()
                .unwrap()
                .replace('.', "")
                .parse::<i64>()
                .unwrap()
        };
        let sum: i64 = one["line_items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| cents(&line["total_price"]))
            .sum();
        assert_eq!(sum, cents(&one["total"]));
        let lines = one["line_items"].as_array().unwrap();
        discounted += usize::from(lines.iter().any(|line| line["description"] == "Discount"));
    }
    assert!(discounted > 0 && discounted < paid["data"].as_array().unwrap().len());
    let customer = all[0]["customer_id"].as_str().unwrap();
    let (_, own) = get(
        &org,
        &format!("/invoices?customer_id={customer}&limit=100&offset=0"),
    )
    .await;
    assert_eq!(
        own["data"].as_array().unwrap().len(),
        all.iter()
            .filter(|row| row["customer_id"] == customer)
            .count()
    );
    assert_eq!(get(&org, "/invoices?due_date_gte=soon").await.0, 400);
    assert_eq!(get(&org, "/invoices/inv_nobody001").await.0, 404);
}

#[tokio::test]
async fn documented_fixtures_can_be_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "customers.csv",
        "id,name,currency,created_at,updated_at,aliases,line1,line2,city,state,postal_code,country,tax_rate,tax_status,tax_type,tax_reason,tax_country,tax_id,salesforce_id\n\
wcqYrqfE,Acme Corp,USD,2026-04-01T10:00:00Z,2026-04-01T12:30:00Z,0015g00000AbCdEAAV;acme-internal-7,123 Main St,Suite 100,San Francisco,CA,94105,USA,,,,,,,0015g00000AbCdEAAV\n\
uSOBHVom,Waystar RoyCo,EUR,2023-08-15T07:18:45.843467Z,2023-09-05T13:59:18.318773Z,,,,,,,,,,,,,,\n\
ywgWhtGp,GoJo GmbH,EUR,2026-04-01T10:00:00Z,2026-04-01T12:30:00Z,cus_stripe1,,,,,,,0.19,taxable,vat,standard_rated,DEU,DE123456789,\n",
    );
    write(
        "contacts.csv",
        "id,customer_id,email,first_name,last_name,is_primary\ncont_abc123,wcqYrqfE,john@example.com,John,Doe,true\nOLgPyqFF,ywgWhtGp,finance@gojo.example,,,true\n",
    );
    write(
        "profitwell_customers.csv",
        "customer_id,email,first_name,last_name,mrr_cents,plans,status,created_on,activated_on,churned_on,updated_on,total_spend_cents\n\
cus_EXAMPLE0000001,ada@example.com,,,0,Starter,churned_voluntary,2023-06-15T12:41:32Z,2023-06-22T12:41:32Z,2023-07-22T12:41:32Z,2023-08-28T10:55:19.919563Z,1000\n\
cus_EXAMPLE0000002,grace@example.com,Grace,Hopper,9900,Pro;Add-on seats,active,2024-01-02T09:00:00Z,2024-01-16T09:00:00Z,,2024-06-01T00:00:00Z,59400\n\
cus_EXAMPLE0000003,,,,0,,no_history,2024-02-02T09:00:00Z,,,2024-06-02T00:00:00.000001Z,0\n",
    );
    let org = org_with(Config {
        data: Some(folder.path().to_owned()),
        ..Config::default()
    })
    .await;
    let (_, page) = get(&org, "/customers?limit=20&offset=0").await;
    assert_eq!(
        page["data"][0],
        json!({"id":"wcqYrqfE","name":"Acme Corp","currency":"USD","created_at":"2026-04-01T10:00:00Z","updated_at":"2026-04-01T12:30:00Z",
 "aliases":["0015g00000AbCdEAAV","acme-internal-7"],
 "billing_address":{"line1":"123 Main St","line2":"Suite 100","city":"San Francisco","state":"CA","postal_code":"94105","country":"USA"},
 "contacts":[{"id":"cont_abc123","email":"john@example.com","first_name":"John","last_name":"Doe","is_primary":true,"email_preferences":["billing","updates"]}]})
    );
    assert_eq!(
        page["data"][1],
        json!({"id":"uSOBHVom","name":"Waystar RoyCo","currency":"EUR","created_at":"2023-08-15T07:18:45.843467Z","updated_at":"2023-09-05T13:59:18.318773Z","aliases":[],"contacts":[],"billing_address":null})
    );
    assert_eq!(page["pagination"], json!({"per_page":20,"total_pages":1}));
    let (_, mut gojo) = get(&org, "/customers/ywgWhtGp").await;
    gojo["contacts"][0]
        .as_object_mut()
        .unwrap()
        .remove("email_preferences");
    assert_eq!(
        gojo.as_object_mut().unwrap().remove("billing_address"),
        Some(Value::Null)
    );
    assert_eq!(
        gojo,
        json!({"id":"ywgWhtGp","name":"GoJo GmbH","currency":"EUR","created_at":"2026-04-01T10:00:00Z","updated_at":"2026-04-01T12:30:00Z","aliases":["cus_stripe1"],
 "contacts":[{"id":"OLgPyqFF","email":"finance@gojo.example","is_primary":true}],
 "tax_country":"DEU","tax_id":"DE123456789","tax_rate":"0.19","tax_reason":"standard_rated","tax_status":"taxable","tax_type":"vat"})
    );
    // ProfitWell serves its rows as given, and counts them.
    let profitwell = |path: &str| {
        let url = format!("{}{path}", org.simulator.urls().profitwell);
        let token = &org.simulator.credentials().profitwell_token;
        org.http.get(url).header("Authorization", token).send()
    };
    let rows: Value = profitwell("/v2/customers/?date_field=updated_on&start_date=2023-08-01T00%3A00%3A00Z&page=1&per_page=250&direction=asc").await.unwrap().json().await.unwrap();
    assert_eq!(
        rows,
        json!([{"customer_id":"cus_EXAMPLE0000001","email":"ada@example.com","first_name":null,"last_name":null,"mrr_cents":0,"plans":["Starter"],"status":"churned_voluntary",
  "created_on":"2023-06-15T12:41:32Z","activated_on":"2023-06-22T12:41:32Z","churned_on":"2023-07-22T12:41:32Z","updated_on":"2023-08-28T10:55:19.919563Z","total_spend_cents":1000},
 {"customer_id":"cus_EXAMPLE0000002","email":"grace@example.com","first_name":"Grace","last_name":"Hopper","mrr_cents":9900,"plans":["Pro","Add-on seats"],"status":"active",
  "created_on":"2024-01-02T09:00:00Z","activated_on":"2024-01-16T09:00:00Z","churned_on":null,"updated_on":"2024-06-01T00:00:00Z","total_spend_cents":59400},
 {"customer_id":"cus_EXAMPLE0000003","email":null,"first_name":null,"last_name":null,"mrr_cents":0,"plans":[],"status":"no_history",
  "created_on":"2024-02-02T09:00:00Z","activated_on":null,"churned_on":null,"updated_on":"2024-06-02T00:00:00.000001Z","total_spend_cents":0}])
    );
    let metrics: Value =
        profitwell("/v2/metrics/monthly/?metrics=recurring_revenue,churned_recurring_revenue")
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
    let points = metrics["data"]["recurring_revenue"].as_array().unwrap();
    assert_eq!(points[0], json!({"date": "2023-06", "value": 10.0}));
    assert_eq!(points.last().unwrap()["value"], 99.0);
    assert_eq!(
        metrics["data"]["churned_recurring_revenue"][1]["value"],
        -10.0
    );
}
