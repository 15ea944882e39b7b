//! ProfitWell's figures by month: as documented, as odd as they may come, and as the simulated one
//! counts them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use drawbridge_billing::profitwell::ProfitWell;
use drawbridge_model::{MonthlyMetrics, SourceError, SourceMetrics, Trend};
use drawbridge_simulator::Config;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::server::{self, Served, serve};

const MONTHLY: &str = "/v2/metrics/monthly/";

fn reader(served: &Served) -> ProfitWell {
    ProfitWell::new(&served.url, "token".into(), None).unwrap()
}

async fn answering(body: Value) -> Served {
    serve(move |_| server::json(&body)).await
}

async fn read(body: Value) -> MonthlyMetrics {
    let served = answering(body).await;
    reader(&served).monthly(None).await.unwrap().unwrap()
}

async fn refused(body: Value) -> String {
    let served = answering(body).await;
    reader(&served).monthly(None).await.unwrap_err().to_string()
}

fn months(metrics: &MonthlyMetrics) -> Vec<String> {
    metrics.months.iter().map(ToString::to_string).collect()
}

fn shown(metrics: &MonthlyMetrics, trend: Trend) -> Vec<Option<String>> {
    let values = 0..metrics.months.len();
    values
        .map(|at| metrics.value(trend, at).map(|it| it.to_string()))
        .collect()
}

fn some(texts: &[&str]) -> Vec<Option<String>> {
    texts
        .iter()
        .map(|text| (!text.is_empty()).then(|| (*text).to_owned()))
        .collect()
}

#[tokio::test]
async fn the_documented_answer_becomes_these_figures() {
    let served = answering(json!({"data": {
        "recurring_revenue": [
            {"date": "2025-07", "value": 54120.5}, {"date": "2025-08", "value": 55000.0}
        ],
        "active_customers": [{"date": "2025-08", "value": 412}],
        "trial_conversion_time": [{"date": "2025-08", "value": null}],
    }}))
    .await;
    let metrics = reader(&served).monthly(None).await.unwrap().unwrap();
    assert_eq!(months(&metrics), ["2025-07", "2025-08"]);
    assert_eq!(
        shown(&metrics, Trend::RecurringRevenue),
        some(&["54120.5", "55000.0"])
    );
    assert_eq!(shown(&metrics, Trend::ActiveCustomers), some(&["", "412"]));
    assert_eq!(shown(&metrics, Trend::TrialConversionTime), some(&["", ""]));
    assert_eq!(metrics.change(1), Some(Decimal::new(87950, 2)));
    let log = served.log.lock().unwrap();
    assert_eq!(log[0].path, MONTHLY);
    assert_eq!(log[0].query, [], "the whole history of everything");
    assert_eq!(log[0].headers["authorization"], "token");
}

#[tokio::test]
async fn a_plan_is_asked_for_by_its_id_and_may_not_be_there() {
    let served = serve(|asked| match asked.param("plan_id") {
        Some("Scale Up & more") => server::json(&json!({"data": {}})),
        _ => server::status(404, &json!({"detail": "Not found."})),
    })
    .await;
    let source = reader(&served);
    let there = source.monthly(Some("Scale Up & more")).await.unwrap();
    assert_eq!(there, Some(MonthlyMetrics::default()));
    assert_eq!(source.monthly(Some("gone")).await.unwrap(), None);
    let all = source.monthly(None).await.unwrap_err();
    assert!(matches!(all, SourceError::Refused { status: 404, .. }));
}

#[tokio::test]
async fn odd_figures_are_not_known_and_cost_no_other() {
    let metrics = read(json!({"data": {
        "mood": {"of": "everybody"},
        "cohorts": [[1, 2], "x"],
        "recurring_revenue": [
            {"date": "2025-07", "value": "1250.50"},
            {"date": "2025-08", "value": true},
            {"date": "2025-09", "value": {"usd": 3}},
            {"date": "2025-10-31", "value": 9_007_199_254_740_993_i64},
            {"date": "2025-11"},
            {"date": "soon", "value": 7},
            {"date": null, "value": 7},
            {"date": "9999-12", "value": 7},
            {"value": 7},
        ],
        "churned_recurring_revenue": [{"date": "2025-07", "value": -0.1}],
        "downgraded_recurring_revenue": null,
        "new_recurring_revenue": [],
    }}))
    .await;
    assert_eq!(months(&metrics).len(), 5);
    assert_eq!(
        shown(&metrics, Trend::RecurringRevenue),
        some(&["1250.50", "", "", "9007199254740993", ""])
    );
    assert_eq!(
        metrics.value(Trend::ChurnedRecurringRevenue, 0),
        Some(Decimal::new(-1, 1))
    );
    assert_eq!(metrics.movement(0).net(), None, "a part is not known");
}

#[tokio::test]
async fn figures_keep_the_digits_they_came_with() {
    let digits = [
        "0.1",
        "33.333333333333336",
        "123456789012345678.99",
        "-0.005",
        "1e3",
    ];
    let points: Vec<String> = (1..)
        .zip(digits)
        .map(|(month, digits)| format!(r#"{{"date":"2025-{month:02}","value":{digits}}}"#))
        .collect();
    let body = format!(
        r#"{{"data":{{"recurring_revenue":[{}]}}}}"#,
        points.join(",")
    );
    let served =
        serve(move |_| ([("content-type", "application/json")], body.clone()).into_response());
    let served = served.await;
    let metrics = reader(&served).monthly(None).await.unwrap().unwrap();
    let want = [
        "0.1",
        "33.333333333333336",
        "123456789012345678.99",
        "-0.005",
        "1000",
    ];
    assert_eq!(shown(&metrics, Trend::RecurringRevenue), some(&want));
}

#[tokio::test]
async fn an_answer_of_another_shape_is_told_with_its_place() {
    for (body, place) in [
        (json!({}), "missing field `data`"),
        (json!({"data": []}), "data"),
        (json!({"data": "none"}), "trends by name"),
        (json!([]), "cannot be read"),
        (
            json!({"data": {"recurring_revenue": {"2025-07": 1}}}),
            "data.recurring_revenue",
        ),
        (
            json!({"data": {"active_customers": [{"date": "2025-07"}, 17]}}),
            "data.active_customers[1]",
        ),
    ] {
        let text = refused(body.clone()).await;
        assert!(
            text.contains(place) && text.contains(MONTHLY),
            "{body}: {text}"
        );
    }
    let page = serve(|_| {
        let html = [("content-type", "text/html")];
        (html, "<h1>Server Error (500)</h1>").into_response()
    })
    .await;
    let text = reader(&page).monthly(None).await.unwrap_err().to_string();
    assert!(text.contains("a web page"), "{text}");
}

#[tokio::test]
async fn a_day_without_calls_left_is_for_a_person_to_decide() {
    let served = serve(|_| -> Response {
        let wait = [("retry-after", "40000")];
        let body = json!({"detail": "Request was throttled. Expected available in 40000 seconds."});
        (StatusCode::TOO_MANY_REQUESTS, wait, axum::Json(body)).into_response()
    })
    .await;
    let error = reader(&served).monthly(None).await.unwrap_err();
    assert!(
        matches!(
            error,
            SourceError::Throttled {
                seconds: 40_000,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(served.count(MONTHLY), 1, "it is not asked again");
}

#[tokio::test]
async fn the_company_needs_a_currency_and_nothing_else() {
    let company = |body: Value| async move {
        let served = answering(body).await;
        SourceMetrics::company(&reader(&served)).await
    };
    let whole = company(json!({
        "id": "pwc_1", "name": "Acme", "timezone": "America/New_York", "currency": "usd"
    }));
    let whole = whole.await.unwrap();
    assert_eq!(whole.currency.code(), "USD");
    assert_eq!(whole.name.as_deref(), Some("Acme"));
    assert_eq!(whole.time_zone.as_deref(), Some("America/New_York"));
    let bare = company(json!({"name": " ", "timezone": 7, "currency": "EUR"})).await;
    assert_eq!(bare.unwrap().name, None);
    for body in [
        json!({}),
        json!({"currency": null}),
        json!({"currency": "dollars"}),
    ] {
        let text = company(body).await.unwrap_err().to_string();
        assert!(text.contains("names no currency"), "{text}");
    }
}

#[tokio::test]
async fn plans_are_ids_and_whatever_else_is_left_out() {
    let served = answering(json!({"plan_ids": ["premium_plan", 7, null, "", {"id": "x"}]})).await;
    let plans = reader(&served).metric_plans().await.unwrap();
    assert_eq!(plans, ["premium_plan", "7"]);
    assert_eq!(served.log.lock().unwrap()[0].param("limit"), Some("150"));
    let wrong = answering(json!({"plans": []})).await;
    let text = reader(&wrong).metric_plans().await.unwrap_err().to_string();
    assert!(text.contains("plan_ids"), "{text}");
}

/// Every cent of every month comes from somewhere, in all and for each plan.
#[tokio::test]
async fn what_the_simulated_one_counts_adds_up() {
    let config = Config {
        customers: 80,
        rate_limits: false,
        ..Config::default()
    };
    let simulator = drawbridge_simulator::start(config).await.unwrap();
    let token = simulator.credentials().profitwell_token.as_str();
    let source = ProfitWell::new(&simulator.urls().profitwell, token.into(), None).unwrap();
    let plans = source.metric_plans().await.unwrap();
    assert!(plans.len() > 3, "{plans:?}");
    let mut seen = 0;
    for plan in std::iter::once(None).chain(plans.iter().map(|it| Some(it.as_str()))) {
        let metrics = source.monthly(plan).await.unwrap().unwrap();
        assert!(metrics.months.len() > 6);
        for at in 1..metrics.months.len() {
            let (change, movement) = (metrics.change(at), metrics.movement(at));
            assert_eq!(change, movement.net(), "{plan:?}, {}", metrics.months[at]);
            assert_eq!(movement.between_plans.is_some(), plan.is_some());
            seen += usize::from(change.is_some_and(|it| !it.is_zero()));
        }
    }
    assert!(seen > 10, "something moved");
    assert_eq!(source.monthly(Some("no such plan")).await.unwrap(), None);
}
