//! Alguna: paging, completing, and every odd value that must survive.

use std::sync::atomic::Ordering;

use axum::response::Response;
use drawbridge_billing::alguna::{Alguna, Options};
use drawbridge_model::{Source, SourceError, SubscriptionStatus, Which};
use serde_json::{Value, json};

use crate::server::{self, Asked, Served, all_customers, all_subscriptions, fixture, serve};

fn reader(served: &Served) -> Alguna {
    Alguna::new(&served.url, "kid.secret".into(), Options::default()).unwrap()
}

/// A page of rows as `limit` and `offset` ask.
fn page(asked: &Asked, rows: &[Value]) -> Response {
    let (offset, limit) = (asked.number("offset"), asked.number("limit"));
    let data: Vec<_> = rows.iter().skip(offset).take(limit).collect();
    let pages = rows.len().div_ceil(limit);
    server::json(&json!({"data": data, "pagination": {"per_page": limit, "total_pages": pages}}))
}

fn not_found() -> Response {
    server::status(404, &fixture("alguna-error"))
}

/// Serves these customers; nothing else is there.
async fn customers(rows: Vec<Value>) -> Served {
    serve(move |asked| match asked.path.as_str() {
        "/customers" => page(asked, &rows),
        _ => not_found(),
    })
    .await
}

/// Serves these subscriptions; nothing else is there.
async fn subscriptions(rows: Vec<Value>) -> Served {
    serve(move |asked| match asked.path.as_str() {
        "/subscriptions" => page(asked, &rows),
        _ => not_found(),
    })
    .await
}

#[tokio::test]
async fn the_documented_answers_become_these_customers_and_subscriptions() {
    let served = serve(|asked| {
        let name = match asked.path.as_str() {
            "/customers" => "alguna-customers",
            "/customers/wcqYrqfE/connected-accounts" => "alguna-connected-accounts",
            "/integrations" => "alguna-integrations",
            "/subscriptions" => "alguna-subscriptions",
            "/subscriptions/CQCncgVu/billing-dates" => "alguna-billing-dates",
            "/subscriptions/CQCncgVu/revenue" => "alguna-revenue",
            "/subscriptions/CQCncgVu/versions/current" => "alguna-version",
            _ => return not_found(),
        };
        server::json(&fixture(name))
    })
    .await;
    let alguna = reader(&served);
    insta::assert_json_snapshot!("alguna_customers", all_customers(&alguna).await);
    insta::assert_json_snapshot!("alguna_subscriptions", all_subscriptions(&alguna).await);
}

#[tokio::test]
async fn the_tax_rate_comes_from_the_single_read_where_the_listing_lacks_it() {
    let single = fixture("alguna-customer");
    let mut listed = single.clone();
    listed.as_object_mut().unwrap().remove("tax_rate");
    let served = serve(move |asked| match asked.path.as_str() {
        "/customers" => page(asked, std::slice::from_ref(&listed)),
        "/customers/ywgWhtGp" => server::json(&single),
        _ => not_found(),
    })
    .await;
    let rows = all_customers(&reader(&served)).await;
    insta::assert_json_snapshot!("alguna_customer", rows);
    // No Salesforce integration: nobody asks for connected accounts.
    assert_eq!(served.count("connected-accounts"), 0);
    assert_eq!(served.count("/integrations"), 1);
}

#[tokio::test]
async fn every_customer_comes_once_and_in_order_over_all_pages() {
    let rows: Vec<_> = (0..250)
        .map(|n| json!({"id": format!("c{n}"), "name": "N", "tax_rate": "0.2"}))
        .collect();
    let served = customers(rows).await;
    let ids: Vec<_> = all_customers(&reader(&served))
        .await
        .into_iter()
        .map(|row| row.id.0)
        .collect();
    assert_eq!(ids, (0..250).map(|n| format!("c{n}")).collect::<Vec<_>>());
    let log = served.log.lock().unwrap();
    let pages: Vec<_> = log
        .iter()
        .filter(|asked| asked.path == "/customers")
        .collect();
    assert_eq!(
        pages
            .iter()
            .map(|asked| asked.number("offset"))
            .collect::<Vec<_>>(),
        [0, 99, 198],
        "each page begins with the last row of the one before"
    );
    for asked in pages {
        assert_eq!(
            (asked.number("limit"), asked.param("sort")),
            (100, Some("created_at:asc"))
        );
    }
    for asked in log.iter() {
        assert_eq!(asked.headers["authorization"], "Bearer kid.secret");
        assert_eq!(asked.headers["alguna-version"], "2026-04-01");
    }
}

#[tokio::test]
async fn an_exactly_full_last_page_and_an_empty_account_end_well() {
    for count in [0, 100] {
        let rows: Vec<_> = (0..count)
            .map(|n| json!({"id": format!("c{n}"), "tax_rate": "0"}))
            .collect();
        assert_eq!(
            all_customers(&reader(&customers(rows).await)).await.len(),
            count
        );
    }
}

#[tokio::test]
async fn a_server_with_smaller_pages_than_asked_for_loses_nobody() {
    let served = serve(|asked| match asked.path.as_str() {
        "/customers" => {
            let from = asked.number("offset");
            let data: Vec<_> = (from..95.min(from + 20))
                .map(|n| json!({"id": format!("c{n}"), "tax_rate": "0"}))
                .collect();
            server::json(&json!({"data": data, "pagination": {"per_page": 20, "total_pages": 5}}))
        }
        _ => not_found(),
    })
    .await;
    assert_eq!(all_customers(&reader(&served)).await.len(), 95);
}

#[tokio::test]
async fn ids_are_encoded_and_links_of_other_integrations_are_left_out() {
    let served = serve(|asked| match asked.path.as_str() {
        "/customers" => page(asked, &[json!({"id": "a/b c?ä", "tax_rate": null})]),
        "/customers/a%2Fb%20c%3F%C3%A4" => {
            server::json(&json!({"id": "a/b c?ä", "tax_rate": "0.0725"}))
        }
        "/customers/a%2Fb%20c%3F%C3%A4/connected-accounts" => server::json(&json!({"data": [
            {"id": "1", "integration_id": "i1", "external_id": "0015g00000AbCdEAAV"},
            {"id": "2", "integration_id": "i2", "external_id": "cus_stripe"},
            {"id": "3", "integration_id": "i1", "external_id": null},
        ]})),
        "/integrations" => server::json(&json!({"data": [
            {"id": "i1", "provider": "Salesforce-Sandbox"}, {"id": "i2", "provider": "stripe"},
        ]})),
        _ => not_found(),
    })
    .await;
    let rows = all_customers(&reader(&served)).await;
    assert_eq!(rows[0].connected_accounts, ["0015g00000AbCdEAAV"]);
    assert_eq!(rows[0].tax_rate.unwrap().to_string(), "0.0725");
}

#[tokio::test]
async fn a_single_read_that_answers_for_another_customer_is_not_taken() {
    let served = serve(|asked| match asked.path.as_str() {
        "/customers" => page(asked, &[json!({"id": "one", "name": "One"})]),
        "/customers/one" => server::json(&json!({"id": "two", "name": "Two", "tax_rate": "0.5"})),
        _ => not_found(),
    })
    .await;
    let rows = all_customers(&reader(&served)).await;
    assert_eq!(
        (
            rows[0].id.as_str(),
            rows[0].name.as_deref(),
            rows[0].tax_rate
        ),
        ("one", Some("One"), None)
    );
}

#[tokio::test]
async fn odd_customers_keep_what_can_be_known() {
    let long = "Ä".repeat(300);
    let served = customers(vec![
        json!({"id": "1", "name": long, "tax_rate": "0.20", "currency": "usd", "extra": {"new": true}}),
        json!({"id": "2", "name": null, "tax_rate": "0.20", "currency": "dollars", "contacts": null, "billing_address": "?",
               "created_at": "yesterday", "aliases": "none"}),
        json!({"id": "3", "name": "C", "tax_rate": 0.1, "billing_address": {"city": "Bonn"},
               "contacts": [{"id": "k1", "email": null, "is_primary": true}, {"email": "x@example.com"}]}),
    ])
    .await;
    let rows = all_customers(&reader(&served)).await;
    assert_eq!(rows[0].name.as_deref(), Some(long.as_str()));
    assert_eq!(rows[0].currency.unwrap().code(), "USD");
    assert_eq!(
        (
            rows[1].currency,
            rows[1].created_at,
            rows[1].billing_address.as_ref()
        ),
        (None, None, None)
    );
    assert_eq!(rows[2].tax_rate.unwrap().to_string(), "0.1");
    assert_eq!(rows[2].contacts[0].email, None);
    assert!(rows[2].contacts[0].is_primary);
    assert_eq!(rows[2].contacts[1].id, "x@example.com");
    assert_eq!(rows[2].billing_address.as_ref().unwrap().country, None);
}

#[tokio::test]
async fn a_row_without_an_id_is_not_passed_over() {
    let served = customers(vec![
        json!({"id": "1", "tax_rate": "0"}),
        json!({"name": "Nameless"}),
    ])
    .await;
    let error = reader(&served)
        .customers(Which::All, None)
        .await
        .unwrap_err();
    assert!(matches!(error, SourceError::NotTheApi { .. }));
    let text = error.to_string();
    assert!(
        text.contains("row 2 of GET /customers") && text.contains("id"),
        "{text}"
    );
}

fn row(id: &str, status: &str, more: &Value) -> Value {
    let mut row = json!({"id": id, "customer_id": "c", "name": id, "status": status, "currency": "EUR",
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-02-02T00:00:00Z",
        "contract": {"period_type": "fixed", "duration_months": 12, "end_date": "2027-01-01T00:00:00Z"},
        "renewal": {"auto_renew": true}});
    row.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    row
}

#[tokio::test]
async fn subscriptions_are_read_whatever_their_details_say() {
    let served = subscriptions(vec![
        row("draft", "draft", &json!({})),
        row(
            "odd",
            "pending_approval",
            &json!({"plan_id": "pln_1", "renewal": {"auto_renew": false}}),
        ),
        row(
            "gone",
            "canceled",
            &json!({"ended_at": "2026-03-03T00:00:00Z"}),
        ),
        row("over", "completed", &json!({})),
        row(
            "bare",
            "active",
            &json!({"contract": null, "renewal": null, "name": null}),
        ),
    ])
    .await;
    let rows = all_subscriptions(&reader(&served)).await;
    let statuses: Vec<_> = rows.iter().map(|row| row.status.clone()).collect();
    assert_eq!(
        statuses,
        [
            SubscriptionStatus::Draft,
            SubscriptionStatus::Other("pending_approval".to_owned()),
            SubscriptionStatus::Ended,
            SubscriptionStatus::Ended,
            SubscriptionStatus::Active,
        ]
    );
    let renewals: Vec<_> = rows
        .iter()
        .map(|row| row.renews_on.map(|day| day.map(|day| day.to_string())))
        .collect();
    assert_eq!(
        renewals,
        [
            Some(Some("2027-01-01".to_owned())),
            Some(None),
            Some(None),
            Some(None),
            None
        ]
    );
    let ends: Vec<_> = rows
        .iter()
        .map(|row| row.ended_at.map(|at| at.to_string()))
        .collect();
    let (stated, changed) = (
        "2026-03-03T00:00:00Z".to_owned(),
        "2026-02-02T00:00:00Z".to_owned(),
    );
    assert_eq!(ends, [None, None, Some(stated), Some(changed), None]);
    assert_eq!(rows[1].plan.as_deref(), Some("pln_1"));
    assert_eq!(rows[4].name, "bare");
    assert!(rows.iter().all(|row| row.revenue.is_none()));
    // Only where nothing else says when it ended are all versions asked for.
    assert_eq!(
        served
            .paths()
            .iter()
            .filter(|path| path.ends_with("/versions"))
            .count(),
        1
    );
}

#[tokio::test]
async fn the_last_published_version_says_when_it_ended() {
    let served = serve(|asked| match asked.path.as_str() {
        "/subscriptions" => page(asked, &[row("s", "canceled", &json!({}))]),
        "/subscriptions/s/versions" => server::json(&json!({"data": [
            {"id": "v1", "status": "published", "end_date": "2026-01-05T00:00:00Z"},
            {"id": "v2", "status": "published", "end_date": "2026-01-09T00:00:00Z"},
            {"id": "v3", "status": "draft", "end_date": "2026-06-01T00:00:00Z"},
        ]})),
        _ => not_found(),
    })
    .await;
    let rows = all_subscriptions(&reader(&served)).await;
    assert_eq!(
        rows[0].ended_at.unwrap().to_string(),
        "2026-01-09T00:00:00Z"
    );
}

#[tokio::test]
async fn amounts_of_any_size_and_plan_names_arrive_exactly() {
    let served = serve(|asked| match asked.path.as_str() {
        "/subscriptions" => page(asked, &[row("s", "active", &json!({"plan_id": "pln_1"}))]),
        "/subscriptions/s/revenue" => server::json(
            &json!({"mrr": "1000000000000.01", "arr": "12000000000000.12",
            "currency": "EUR", "recurring_revenue_status": "partial"}),
        ),
        "/plans" => page(asked, &[json!({"id": "pln_1", "name": "Enterprise"})]),
        _ => not_found(),
    })
    .await;
    let rows = all_subscriptions(&reader(&served)).await;
    let revenue = rows[0].revenue.unwrap();
    assert_eq!(revenue.mrr.amount.to_string(), "1000000000000.01");
    assert_eq!(revenue.arr.amount.to_string(), "12000000000000.12");
    assert_eq!(rows[0].plan.as_deref(), Some("Enterprise"));
}

#[tokio::test]
async fn a_currency_that_cannot_be_read_is_looked_for_before_the_row_is_named() {
    let served = serve(|asked| match asked.path.as_str() {
        "/subscriptions" => page(asked, &[row("s1", "active", &json!({"currency": "€"}))]),
        "/subscriptions/s1/revenue" => {
            server::json(&json!({"mrr": "1", "arr": "12", "currency": "EUR"}))
        }
        _ => not_found(),
    })
    .await;
    assert_eq!(
        all_subscriptions(&reader(&served)).await[0].currency.code(),
        "EUR"
    );

    let served = subscriptions(vec![row("s2", "active", &json!({"currency": "€"}))]).await;
    let text = reader(&served)
        .subscriptions(Which::All, None)
        .await
        .unwrap_err()
        .to_string();
    assert!(text.contains("subscription s2 names no currency"), "{text}");
}

#[tokio::test]
async fn six_calls_are_in_flight_at_most() {
    let rows = (0..60)
        .map(|n| row(&format!("s{n}"), "active", &json!({})))
        .collect();
    let served = subscriptions(rows).await;
    let ids: Vec<_> = all_subscriptions(&reader(&served))
        .await
        .into_iter()
        .map(|row| row.id.0)
        .collect();
    assert_eq!(ids, (0..60).map(|n| format!("s{n}")).collect::<Vec<_>>());
    let most = served.most_at_once.load(Ordering::SeqCst);
    assert!((2..=6).contains(&most), "{most}");
}

#[tokio::test]
async fn the_identity_is_one_call_and_a_prefix_is_kept() {
    let served = serve(|asked| match asked.path.as_str() {
        "/beta/customers" => page(asked, &[]),
        _ => not_found(),
    })
    .await;
    let alguna = Alguna::new(
        &format!("{}/beta/", served.url),
        "k".into(),
        Options::default(),
    )
    .unwrap();
    assert_eq!(
        alguna.identity().await.unwrap(),
        drawbridge_model::SourceIdentity::default()
    );
    assert_eq!(served.paths(), ["/beta/customers"]);
}

/// Serves customers, of whom somebody deletes some between two pages, or puts some in front.
async fn while_it_changes(
    change: impl Fn(&mut Vec<Value>, usize) + Send + Sync + 'static,
) -> Served {
    let rows = std::sync::Mutex::new((0..23).map(plain).collect::<Vec<Value>>());
    let pages = std::sync::atomic::AtomicUsize::new(0);
    serve(move |asked| match asked.path.as_str() {
        "/customers" => {
            let mut rows = rows.lock().unwrap();
            change(&mut rows, pages.fetch_add(1, Ordering::SeqCst));
            page(asked, &rows)
        }
        _ => not_found(),
    })
    .await
}

fn plain(n: usize) -> Value {
    json!({"id": format!("c{n:02}"), "name": format!("N {n}"), "currency": "EUR", "tax_rate": "0"})
}

async fn ids_read(served: &Served) -> Vec<String> {
    let options = Options { page_size: 5 };
    let alguna = Alguna::new(&served.url, "kid.secret".into(), options).unwrap();
    let mut ids: Vec<String> = all_customers(&alguna)
        .await
        .into_iter()
        .map(|it| it.id.0)
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

#[tokio::test]
async fn a_customer_deleted_between_two_pages_hides_no_other() {
    // Before each page, and each of the rows that was read or not.
    for (before, gone) in (1..5).flat_map(|page| (0..23).step_by(3).map(move |gone| (page, gone))) {
        let served = while_it_changes(move |rows, page| {
            if page == before {
                rows.remove(gone);
            }
        })
        .await;
        let ids = ids_read(&served).await;
        for n in (0..23).filter(|n| *n != gone) {
            let id = format!("c{n:02}");
            assert!(
                ids.contains(&id),
                "{id} is missing, c{gone:02} went before page {before}"
            );
        }
    }
}

#[tokio::test]
async fn customers_that_come_to_the_front_meanwhile_hide_none() {
    let served = while_it_changes(|rows, page| {
        if page > 0 && page < 6 {
            rows.insert(0, plain(50 + page));
        }
    })
    .await;
    let ids = ids_read(&served).await;
    assert!(
        (0..23).all(|n| ids.contains(&format!("c{n:02}"))),
        "{ids:?}"
    );
}

#[tokio::test]
async fn a_list_in_another_order_each_time_is_read_to_an_end() {
    let served = while_it_changes(|rows, _| rows.rotate_left(7)).await;
    let ids = ids_read(&served).await;
    assert!(!ids.is_empty());
    assert!(
        served.count("/customers") < 30,
        "{}",
        served.count("/customers")
    );
}
