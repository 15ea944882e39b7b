//! ProfitWell: paging by the last change, and every odd value that must survive.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::Response;
use drawbridge_billing::profitwell::ProfitWell;
use drawbridge_model::{Currency, Source, Which};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::server::{self, Asked, Served, all_customers, fixture, serve};

fn reader(served: &Served) -> ProfitWell {
    ProfitWell::new(&served.url, "token".into(), None).unwrap()
}

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn answer(asked: &Asked, customers: &[Value]) -> Response {
    match asked.path.as_str() {
        "/v2/api-status/" => server::json(&json!({})),
        "/v2/company/settings/" => server::json(&fixture("profitwell-company")),
        "/v2/customers/" => {
            assert_eq!(asked.param("direction"), Some("asc"));
            let start = asked.param("start_date").map(at);
            let skip = (asked.number("page") - 1) * asked.number("per_page");
            let rows: Vec<_> = customers
                .iter()
                .filter(|row| Some(at(row["updated_on"].as_str().unwrap())) >= start)
                .skip(skip)
                .take(asked.number("per_page"))
                .collect();
            server::json(&json!(rows))
        }
        _ => server::status(404, &json!({"detail": "Not found."})),
    }
}

fn customer(n: usize, updated_on: &str) -> Value {
    json!({"customer_id": format!("cus_{n}"), "mrr_cents": 100, "updated_on": updated_on})
}

async fn serve_customers(rows: Vec<Value>) -> Served {
    serve(move |asked| answer(asked, &rows)).await
}

#[tokio::test]
async fn the_documented_answers_become_these_customers() {
    let rows = fixture("profitwell-customers").as_array().unwrap().clone();
    let served = serve_customers(rows).await;
    let profitwell = reader(&served);
    insta::assert_json_snapshot!("profitwell_identity", profitwell.identity().await.unwrap());
    insta::assert_json_snapshot!("profitwell_customers", all_customers(&profitwell).await);
    for asked in served.log.lock().unwrap().iter() {
        assert_eq!(asked.headers["authorization"], "token");
        assert!(asked.path.ends_with('/'), "{}", asked.path);
    }
    let none = profitwell.subscriptions(Which::All, None).await.unwrap();
    assert_eq!((none.rows.len(), none.next), (0, None));
}

#[tokio::test]
async fn paging_moves_the_start_and_loses_nobody() {
    let rows: Vec<_> = (0..700)
        .map(|n| {
            customer(
                n,
                &format!("2026-01-{:02}T{:02}:00:00Z", 1 + n / 24, n % 24),
            )
        })
        .collect();
    let served = serve_customers(rows).await;
    let got = all_customers(&reader(&served)).await;
    assert_eq!(
        got.iter().map(|row| &row.id).collect::<BTreeSet<_>>().len(),
        700
    );
    // The row a page ends with comes again as the first of the next; no more than that.
    assert_eq!(got.len(), 702);
    let log = served.log.lock().unwrap();
    let pages: Vec<_> = log
        .iter()
        .filter(|asked| asked.path == "/v2/customers/")
        .collect();
    assert!(
        pages
            .iter()
            .all(|asked| asked.number("page") == 1 && asked.number("per_page") == 250)
    );
    assert_eq!(pages[1].param("start_date"), Some("2026-01-11T09:00:00Z"));
    assert_eq!(
        log.iter()
            .filter(|asked| asked.path.contains("company"))
            .count(),
        1
    );
}

#[tokio::test]
async fn pages_that_share_one_change_are_turned() {
    let mut rows: Vec<_> = (0..10)
        .map(|n| customer(n, "2026-01-01T00:00:00Z"))
        .collect();
    rows.extend((10..620).map(|n| customer(n, &format!("2026-02-02T10:00:00.{n:06}Z"))));
    rows.extend((620..630).map(|n| customer(n, "2026-03-01T00:00:00Z")));
    let served = serve_customers(rows).await;
    let got: BTreeSet<_> = all_customers(&reader(&served))
        .await
        .into_iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(got.len(), 630);
}

/// Customers that somebody changes between any two calls.
async fn serve_changing(
    rows: Vec<Value>,
    meanwhile: impl Fn(&mut Vec<Value>, usize) + Send + Sync + 'static,
) -> Served {
    let (rows, calls) = (Mutex::new(rows), AtomicUsize::new(0));
    serve(move |asked| {
        let mut rows = rows.lock().unwrap();
        let answered = answer(asked, &rows);
        if asked.path == "/v2/customers/" {
            meanwhile(&mut rows, calls.fetch_add(1, Ordering::SeqCst));
            rows.sort_by_key(|row| at(row["updated_on"].as_str().unwrap()));
        }
        answered
    })
    .await
}

/// The row is changed now: it goes to the end of the list.
fn touch(row: &mut Value, call: usize) {
    row["updated_on"] = json!(format!("2026-03-01T00:{:02}:{:02}Z", call / 60, call % 60));
}

#[tokio::test]
async fn a_second_of_several_pages_is_read_whole_while_its_customers_change() {
    let imported = || (0..700).map(|n| customer(n, "2026-02-02T10:00:00Z"));
    // Thirty leave the second after each page, from its beginning, its middle or its end.
    for from in [0, 200, 300, 600] {
        let served = serve_changing(imported().collect(), move |rows, call| {
            let here = from.min(rows.len() - 30);
            rows[here..here + 30]
                .iter_mut()
                .for_each(|row| touch(row, call));
        })
        .await;
        let got = all_customers(&reader(&served)).await;
        let got: BTreeSet<_> = got.into_iter().map(|row| row.id).collect();
        assert_eq!(got.len(), 700, "from {from}");
    }
    // Whoever is deleted meanwhile hides nobody who stays.
    let served = serve_changing(imported().collect(), |rows, call| {
        if call < 6 {
            rows.drain(..40);
        }
    })
    .await;
    let got = all_customers(&reader(&served)).await;
    let got: BTreeSet<_> = got.into_iter().map(|row| row.id.0).collect();
    assert!(
        (240..700).all(|n| got.contains(&format!("cus_{n}"))),
        "{}",
        got.len()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever changes while a list is read: nobody who is there all the time is missed.
    #[test]
    fn a_list_that_changes_is_read_whole(
        seconds in prop::collection::vec(1..600_usize, 1..4),
        changes in prop::collection::vec((0..2000_usize, 1..90_usize), 0..12),
    ) {
        let mut rows = Vec::new();
        for (second, count) in seconds.iter().enumerate() {
            let (before, second) = (rows.len(), format!("2026-02-02T10:00:{second:02}Z"));
            rows.extend((0..*count).map(|n| customer(before + n, &second)));
        }
        let all = rows.len();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let got = runtime.block_on(async {
            let served = serve_changing(rows, move |rows, call| {
                if let Some((from, count)) = changes.get(call) {
                    let from = from % rows.len();
                    rows.iter_mut().skip(from).take(*count).for_each(|row| touch(row, call));
                }
            })
            .await;
            all_customers(&reader(&served)).await
        });
        let got: BTreeSet<_> = got.into_iter().map(|row| row.id).collect();
        prop_assert_eq!(got.len(), all);
    }
}

#[tokio::test]
async fn odd_customers_keep_what_can_be_known() {
    let long = "n".repeat(300);
    let served = serve_customers(vec![json!({
        "customer_id": "c", "email": null, "first_name": long, "mrr_cents": 100_000_000_000_000_i64,
        "total_spend_cents": null, "plans": null, "status": "paused_by_alien", "updated_on": "2026-01-01T00:00:00Z",
        "created_on": "soon", "engagement": 4
    })])
    .await;
    let row = all_customers(&reader(&served)).await.remove(0);
    assert_eq!(
        (row.email, row.plans, row.total_spend, row.created_at),
        (None, None, None, None)
    );
    assert_eq!(row.first_name.as_deref(), Some(long.as_str()));
    assert_eq!(row.mrr.unwrap().amount.to_string(), "1000000000000.00");
    assert_eq!(row.status.as_deref(), Some("paused_by_alien"));
}

#[tokio::test]
async fn amounts_need_a_currency() {
    let served = serve(|asked| match asked.path.as_str() {
        "/v2/company/settings/" => server::json(&json!({"id": "x", "currency": null})),
        _ => answer(asked, &[customer(1, "2026-01-01T00:00:00Z")]),
    })
    .await;
    let text = reader(&served)
        .customers(Which::All, None)
        .await
        .unwrap_err()
        .to_string();
    assert!(text.contains("names no currency"), "{text}");
    let given = ProfitWell::new(
        &served.url,
        "token".into(),
        Some(Currency::parse("EUR").unwrap()),
    )
    .unwrap();
    assert_eq!(
        given.customers(Which::All, None).await.unwrap().rows[0]
            .mrr
            .unwrap()
            .currency
            .code(),
        "EUR"
    );
}

#[tokio::test]
async fn a_row_that_is_no_customer_is_named() {
    let served = serve_customers(vec![
        json!({"customer_id": "", "updated_on": "2026-01-01T00:00:00Z"}),
    ])
    .await;
    let text = reader(&served)
        .customers(Which::All, None)
        .await
        .unwrap_err()
        .to_string();
    assert!(text.contains("row 1 of GET /v2/customers/"), "{text}");
}

#[tokio::test]
async fn a_customer_deleted_between_two_pages_hides_no_other() {
    // One of the page that was read, its last one, the next one, and one far ahead.
    for gone in [0, 100, 249, 250, 600] {
        let rows = (0..700).map(|n| {
            let hour = format!("2026-01-{:02}T{:02}:00:00Z", 1 + n / 24, n % 24);
            customer(n, &hour)
        });
        let rows = std::sync::Mutex::new(rows.collect::<Vec<Value>>());
        let served = serve(move |asked| {
            let mut rows = rows.lock().unwrap();
            if asked.path == "/v2/customers/" && asked.param("start_date").is_some() {
                rows.retain(|row| row["customer_id"] != format!("cus_{gone}"));
            }
            answer(asked, &rows)
        })
        .await;
        let read: BTreeSet<String> = all_customers(&reader(&served))
            .await
            .into_iter()
            .map(|row| row.id.0)
            .collect();
        for n in (0..700).filter(|n| *n != gone) {
            assert!(
                read.contains(&format!("cus_{n}")),
                "cus_{n} without cus_{gone}"
            );
        }
    }
}
