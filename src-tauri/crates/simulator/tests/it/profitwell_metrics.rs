//! `ProfitWell`'s metrics: the sums of what customers pay, in the documented shape.

use std::collections::BTreeSet;

use drawbridge_simulator::Config;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

use crate::client::{Org, org, org_with};
use crate::profitwell::{all_customers, call, delete, get, keys, post};

/// The latest figure of a monthly trend.
async fn figure(org: &Org, name: &str) -> Decimal {
    let answer = get(org, &format!("/v2/metrics/monthly/?metrics={name}")).await;
    let points = answer.body["data"][name].as_array().unwrap();
    points.last().unwrap()["value"].to_string().parse().unwrap()
}

#[tokio::test]
async fn metrics_are_the_sum_of_the_customers() {
    let org = org_with(Config {
        customers: 200,
        rate_limits: false,
        ..Config::default()
    })
    .await;
    let rows = all_customers(&org).await;
    let mrr: i64 = rows
        .iter()
        .map(|row| row["mrr_cents"].as_i64().unwrap())
        .sum();
    let paying = rows
        .iter()
        .filter(|row| row["mrr_cents"].as_i64().unwrap() > 0)
        .count();
    let paying = Decimal::from(paying);
    let money = |cents: i64| Decimal::new(cents, 2);
    assert_eq!(figure(&org, "recurring_revenue").await, money(mrr));
    assert_eq!(figure(&org, "active_customers").await, paying);
    // A new customer of 120 dollars a year is 10 dollars a month.
    let before = org.simulator.state().write_calls();
    let yearly = json!({"subscription_alias": "y", "user_alias": "u", "email": "Y", "plan_id": "yearly", "plan_interval": "year", "value": 12_000, "effective_date": 1_700_000_000});
    let user = post(&org, "/v2/subscriptions/", &yearly).await.body["user_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(org.simulator.state().write_calls(), before + 1);
    let row = get(&org, &format!("/v2/customers/{user}/")).await.body;
    assert_eq!(
        (&row["mrr_cents"], &row["status"], &row["plans"]),
        (&json!(1000), &json!("active"), &json!(["yearly"]))
    );
    assert_eq!(keys(&row), keys(&rows[0]));
    assert_eq!(row["created_on"], "2023-11-14T22:13:20Z");
    assert_eq!(figure(&org, "recurring_revenue").await, money(mrr + 1000));
    assert_eq!(
        figure(&org, "active_customers").await,
        paying + Decimal::ONE
    );
    assert_eq!(
        all_customers(&org).await.last().unwrap()["customer_id"],
        user,
        "the latest change comes last"
    );
    let ids = get(&org, "/v2/metrics/plans/?limit=150").await.body;
    assert_eq!(keys(&ids), BTreeSet::from(["plan_ids"]));
    assert!(
        ids["plan_ids"]
            .as_array()
            .unwrap()
            .contains(&json!("yearly"))
    );
    assert_eq!(
        get(&org, "/v2/metrics/plans/?limit=2").await.body["plan_ids"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let plan = get(
        &org,
        "/v2/metrics/monthly/?plan_id=yearly&metrics=recurring_revenue,plan_change_rate",
    )
    .await;
    assert_eq!(
        plan.body["data"]["recurring_revenue"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()["value"],
        10.0
    );
    // A future churn leaves the revenue; a past one ends it; excluding removes it.
    let churn = delete(
        &org,
        "/v2/subscriptions/y/?effective_date=4000000000&churn_type=delinquent",
    )
    .await;
    assert_eq!(churn.body["status"], "churned_delinquent");
    let row = get(&org, &format!("/v2/customers/{user}/")).await.body;
    assert_eq!(
        (&row["mrr_cents"], &row["status"], &row["churned_on"]),
        (
            &json!(1000),
            &json!("cancelled"),
            &json!("2096-10-02T07:06:40Z")
        )
    );
    call(&org, Method::PUT, "/v2/unchurn/y/", None).await;
    delete(
        &org,
        "/v2/subscriptions/y/?effective_date=1750000000&churn_type=delinquent",
    )
    .await;
    let row = get(&org, &format!("/v2/customers/{user}/")).await.body;
    assert_eq!(
        (&row["mrr_cents"], &row["status"], &row["total_spend_cents"]),
        (&json!(0), &json!("churned_delinquent"), &json!(24_000))
    );
    assert_eq!(figure(&org, "recurring_revenue").await, money(mrr));
    let payer = rows
        .iter()
        .find(|row| row["mrr_cents"].as_i64().unwrap() > 0)
        .unwrap();
    let excluded = call(
        &org,
        Method::POST,
        &format!(
            "/v2/metrics/exclude_customer/{}/",
            payer["customer_id"].as_str().unwrap()
        ),
        None,
    )
    .await;
    assert_eq!(excluded.status, 200);
    assert_eq!(
        figure(&org, "recurring_revenue").await,
        money(mrr - payer["mrr_cents"].as_i64().unwrap())
    );
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
    let daily = get(&org, &format!("/v2/metrics/daily/?month={last}"))
        .await
        .body;
    assert_eq!(keys(&daily["data"]).len(), 15);
    let days = daily["data"]["recurring_revenue"].as_array().unwrap();
    assert_eq!(days[0]["date"], format!("{last}-01"));
    let today: Decimal = days.last().unwrap()["value"].to_string().parse().unwrap();
    assert_eq!(today, figure(&org, "recurring_revenue").await);
    for (path, field) in [
        ("/v2/metrics/daily/", "month"),
        ("/v2/metrics/daily/?month=2020-01", "month"),
        ("/v2/metrics/daily/?month=soon", "month"),
        ("/v2/metrics/monthly/?metrics=mrr", "metrics"),
        ("/v2/metrics/plans/?limit=151", "limit"),
    ] {
        let answer = get(&org, path).await;
        assert_eq!(
            (answer.status, keys(&answer.body)),
            (400, BTreeSet::from([field])),
            "{path}"
        );
    }
    let settings = get(&org, "/v2/company/settings/").await.body;
    assert_eq!(
        keys(&settings),
        BTreeSet::from(["currency", "id", "name", "timezone"])
    );
}
