//! Newer faults, and what `/sim` shows and moves.

use std::time::{Duration, Instant};

use drawbridge_simulator::{Config, Fault, FaultKind, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org, org_with};

const SANDBOX: Server = Server::SalesforceSandbox;

async fn sim(org: &Org, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let address = format!("{}/sim{path}", org.simulator.urls().salesforce_sandbox);
    let mut request = org.http.request(method, address);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

#[tokio::test]
async fn gateways_limits_and_headers() {
    let org = org().await;
    let state = org.simulator.state();
    let contacts = state.count("Contact");
    let record = json!({"LastName": "Gate"});
    for (after_commit, done) in [(false, 0), (true, 1)] {
        let kind = FaultKind::Gateway {
            status: 504,
            after_commit,
        };
        state.arm(Fault::new(SANDBOX, "/sobjects/Contact", kind));
        let answer = org
            .send(Method::POST, "/sobjects/Contact", Some(&record))
            .await
            .unwrap();
        assert_eq!(answer.status(), 504);
        assert!(answer.text().await.unwrap().contains("Gateway Time-out"));
        assert_eq!(state.count("Contact"), contacts + done);
    }
    let armed = json!({"server": "salesforce_sandbox", "path_contains": "/limits", "kind":
        {"answer": {"status": 503, "headers": {"Retry-After": "7"}, "body": [{"errorCode": "SERVER_UNAVAILABLE", "message": "busy"}]}}});
    assert_eq!(sim(&org, Method::POST, "/faults", Some(armed)).await.0, 201);
    let answer = org.send(Method::GET, "/limits", None).await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "7");
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::ConcurrentLimit));
    let (status, error) = org.get("/limits").await;
    assert_eq!(
        (status, &error[0]["message"]),
        (403, &json!("ConcurrentPerOrgLongTxn Limit exceeded."))
    );
    state.arm(Fault::new(
        Server::Alguna,
        "",
        FaultKind::TooManyRequests {
            retry_after: Some(3),
        },
    ));
    let alguna = format!("{}/customers", org.simulator.urls().alguna);
    let answer = org.http.get(alguna).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "3");
    let kind = FaultKind::TooManyRequests { retry_after: None };
    state.arm(Fault::new(Server::Profitwell, "", kind));
    let profitwell = format!("{}/v2/customers/", org.simulator.urls().profitwell);
    let answer = org.http.get(profitwell).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().get("retry-after").is_none());
    assert!(
        answer.text().await.unwrap().contains("throttled"),
        "its own shape"
    );
}

#[tokio::test]
async fn a_session_ends_in_the_middle_of_a_run() {
    let org = org().await;
    let state = org.simulator.state();
    state.arm(Fault::new(SANDBOX, "", FaultKind::TokenExpired).skip(2));
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(org.get("/limits").await.0);
    }
    assert_eq!(seen, [200, 200, 401, 401], "and it stays ended");
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::Reset));
    assert!(org.send(Method::GET, "/limits", None).await.is_err());
    assert_eq!(state.request_log().last().unwrap().status, 0);
}

#[tokio::test]
async fn bodies_trickle() {
    let org = org().await;
    let length = org.send(Method::GET, "/limits", None).await.unwrap();
    let length = length.bytes().await.unwrap().len();
    let rate = u64::try_from(length).unwrap() * 2;
    org.simulator
        .state()
        .arm(Fault::new(SANDBOX, "/limits", FaultKind::SlowBody(rate)));
    let started = Instant::now();
    let answer = org.send(Method::GET, "/limits", None).await.unwrap();
    assert!(
        started.elapsed() < Duration::from_millis(300),
        "the head comes at once"
    );
    assert!(answer.json::<Value>().await.unwrap().is_object());
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn faults_have_numbers_counters_and_conditions() {
    let org = org().await;
    let fault = |text: &str| {
        json!({"server": "salesforce_sandbox", "method": "post", "path_contains": "/sobjects", "body_contains": text,
            "kind": "html503", "times": 2, "skip": 1})
    };
    let (_, first) = sim(&org, Method::POST, "/faults", Some(fault("Strike"))).await;
    let (_, second) = sim(&org, Method::POST, "/faults", Some(fault("Other"))).await;
    let create = async |name: &str| {
        let record = json!({"LastName": name});
        org.call(Method::POST, "/sobjects/Contact", Some(&record))
            .await
            .0
    };
    assert_eq!(create("Nobody").await, 201);
    assert_eq!(create("Strike").await, 201, "skipped");
    assert_eq!(create("Strike").await, 503);
    let (_, list) = sim(&org, Method::GET, "/faults", None).await;
    assert_eq!(list[0]["id"], first["id"]);
    assert_eq!(
        (&list[0]["times"], &list[0]["skip"], &list[0]["struck"]),
        (&json!(1), &json!(0), &json!(1))
    );
    assert_eq!(list[1]["struck"], 0);
    let one = format!("/faults/{}", first["id"]);
    assert_eq!(sim(&org, Method::DELETE, &one, None).await.0, 204);
    assert_eq!(sim(&org, Method::DELETE, &one, None).await.0, 404);
    assert_eq!(create("Strike").await, 201);
    let state = org.simulator.state();
    assert_eq!(state.faults().len(), 1);
    assert!(state.disarm(second["id"].as_u64().unwrap()));
}

#[tokio::test]
async fn the_log_the_records_and_the_index() {
    let org = org().await;
    org.get("/limits").await;
    org.get("/nowhere").await;
    let (_, log) = sim(&org, Method::GET, "/log", None).await;
    assert_eq!(log.as_array().unwrap().len(), 2);
    let row = &log[1];
    assert_eq!(
        (
            &row["method"],
            &row["path"],
            &row["status"],
            &row["api_calls"],
            &row["index"]
        ),
        (
            &json!("GET"),
            &json!("/services/data/v67.0/nowhere"),
            &json!(404),
            &json!(1),
            &json!(1)
        )
    );
    assert!(row["duration_ms"].is_u64() && row["at"].is_string());
    let (_, rest) = sim(&org, Method::GET, "/log?since=1&limit=5", None).await;
    assert_eq!(rest.as_array().unwrap().len(), 1);
    assert_eq!(sim(&org, Method::GET, "/log?since=x", None).await.0, 400);
    let (_, state) = sim(&org, Method::GET, "/state", None).await;
    let contacts = org.simulator.state().count("Contact");
    assert_eq!(state["records"]["Contact"], contacts);
    assert_eq!(
        state["log"],
        json!({"requests": 2, "api_calls": 2, "writes": 0})
    );
    let (_, some) = sim(&org, Method::GET, "/records/contact?limit=3", None).await;
    assert_eq!(some["records"].as_array().unwrap().len(), 3);
    assert_eq!(some["count"], contacts);
    assert_eq!(
        sim(&org, Method::GET, "/records/Nothing", None).await.0,
        404
    );

    let (_, index) = sim(&org, Method::GET, "", None).await;
    assert!(index["routes"]["GET /sim/oauth"].is_string());
    let page = org
        .http
        .get(format!("{}/sim/", org.simulator.urls().profitwell))
        .header("accept", "text/html,*/*")
        .send()
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("<a href=\"/sim/state\">") && !page.contains("/sim/oauth"));
}

#[tokio::test]
async fn the_clock_moves_for_all() {
    let org = org().await;
    let record = json!({"LastName": "Early"});
    let create = || org.call(Method::POST, "/sobjects/Contact", Some(&record));
    let (_, early) = create().await;
    let advance = json!({"advance_seconds": 3 * 86_400});
    let (_, moved) = sim(&org, Method::POST, "/clock", Some(advance)).await;
    assert_eq!(moved["moved_seconds"], 3 * 86_400);
    let back = json!({"advance_seconds": -1});
    assert_eq!(sim(&org, Method::POST, "/clock", Some(back)).await.0, 400);
    // The session is older than two hours now.
    let (status, error) = create().await;
    assert_eq!(
        (status, &error[0]["errorCode"]),
        (401, &json!("INVALID_SESSION_ID"))
    );
    let state = org.simulator.state();
    let stamp = |id: &str| {
        let records = state.records("Contact");
        let record = records.iter().find(|record| record["Id"] == *id).unwrap();
        record["SystemModstamp"].as_str().unwrap().to_owned()
    };
    let id = early["id"].as_str().unwrap();
    let before = stamp(id);
    let change = serde_json::Map::from_iter([("LastName".to_owned(), json!("Later"))]);
    state
        .update_record("Contact", id, &change, "Ana Ruiz")
        .unwrap();
    let day = |stamp: &str| stamp[..10].parse::<jiff::civil::Date>().unwrap();
    let days = day(&stamp(id)).since(day(&before)).unwrap().get_days();
    assert!((3..=4).contains(&days), "{days}");
}

#[tokio::test]
async fn the_quota_empties_after_a_day() {
    let org = org_with(Config {
        customers: 20,
        sandbox_daily_calls: 2,
        ..Config::default()
    })
    .await;
    let state = org.simulator.state();
    assert_eq!(org.get("/limits").await.0, 200);
    let answer = org.send(Method::GET, "/limits", None).await.unwrap();
    assert_eq!(answer.headers()["sforce-limit-info"], "api-usage=2/2");
    let (status, error) = org.get("/limits").await;
    assert_eq!(
        (status, &error[0]["message"]),
        (403, &json!("TotalRequests Limit exceeded."))
    );
    // Keep the session alive while the day passes.
    state.set_oauth_policy(drawbridge_simulator::OAuthPolicy {
        session_minutes: 3000,
        ..state.oauth_policy()
    });
    state.advance_clock(Duration::from_hours(23));
    assert_eq!(org.get("/limits").await.0, 403);
    state.advance_clock(Duration::from_hours(1));
    let answer = org.send(Method::GET, "/limits", None).await.unwrap();
    assert_eq!(answer.headers()["sforce-limit-info"], "api-usage=1/2");
}

#[tokio::test]
async fn faults_that_cannot_be_are_not_armed() {
    let org = org().await;
    let headers =
        |name: &str, value: &str| json!({"answer": {"status": 503, "headers": {name: value}}});
    for kind in [
        json!({"status": [9999, []]}),
        json!({"status": [99, []]}),
        json!({"gateway": {"status": 100}}),
        json!({"answer": {"status": 600}}),
        headers("Retry-After", "7\r\nX: y"),
        headers("Retry After", "7"),
        json!({"slow_body": 0}),
        json!({"row_errors": {"status_code": "A", "message": "b", "every_nth": 0}}),
        json!({"row_locks": {"tries": 1, "every_nth": 0}}),
    ] {
        let fault = json!({"server": "salesforce_sandbox", "kind": kind});
        let (status, answer) = sim(&org, Method::POST, "/faults", Some(fault)).await;
        assert_eq!(status, 400, "{kind}");
        assert!(answer["error"].is_string());
    }
    let never = json!({"server": "alguna", "kind": "reset", "times": 0});
    assert_eq!(sim(&org, Method::POST, "/faults", Some(never)).await.0, 400);
    assert!(org.simulator.state().faults().is_empty());
}

#[tokio::test]
async fn fields_and_permissions_go_by_http() {
    let org = org().await;
    org.with_billing_fields().await;
    let act = async |action: &str| {
        let deed = json!({"sobject": "Account", "field": "MRR__c", "action": action});
        sim(&org, Method::POST, "/fields", Some(deed)).await.0
    };
    let seen = async || org.query("SELECT MRR__c FROM Account LIMIT 1").await.0;
    for (action, after) in [("hide", 400), ("show", 200), ("delete", 400)] {
        assert_eq!(act(action).await, 204);
        assert_eq!(seen().await, after, "{action}");
    }
    assert_eq!(act("show").await, 400, "it is gone");
    assert_eq!(act("paint").await, 400);

    let job = json!({"object": "Account", "operation": "hardDelete"});
    let open = async || org.call(Method::POST, "/jobs/ingest", Some(&job)).await.0;
    for (granted, status) in [(true, 200), (false, 400)] {
        let deed = json!({"name": "PermissionsBulkApiHardDelete", "granted": granted});
        let done = sim(&org, Method::POST, "/permissions", Some(deed)).await;
        assert_eq!(done.0, 204);
        assert_eq!(open().await, status);
    }
    let field = json!({"FullName": "Account.A__c", "Metadata": {"label": "A", "type": "Text", "length": 9}});
    let name = "PermissionsCustomizeApplication";
    for (granted, status) in [(false, 403), (true, 201)] {
        let deed = json!({"name": name, "granted": granted});
        assert_eq!(
            sim(&org, Method::POST, "/permissions", Some(deed)).await.0,
            204
        );
        let path = "/tooling/sobjects/CustomField";
        assert_eq!(org.call(Method::POST, path, Some(&field)).await.0, status);
    }
    for name in ["Id", "PermissionsNothing"] {
        let deed = json!({"name": name, "granted": true});
        assert_eq!(
            sim(&org, Method::POST, "/permissions", Some(deed)).await.0,
            400
        );
    }
    let (_, index) = sim(&org, Method::GET, "", None).await;
    assert!(index["routes"]["POST /sim/fields"].is_string());
}
