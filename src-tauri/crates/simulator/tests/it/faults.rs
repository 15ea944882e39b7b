//! Faults do what they say.

use std::time::Duration;

use drawbridge_simulator::{Fault, FaultKind, Server};
use reqwest::Method;
use serde_json::json;

use crate::client::org;

const SANDBOX: Server = Server::SalesforceSandbox;

#[tokio::test]
async fn dropped_after_and_before_the_work() {
    let org = org().await;
    let state = org.simulator.state();
    let before = state.count("Contact");
    let record = json!({"LastName": "Lost"});
    state.arm(Fault::new(SANDBOX, "/sobjects/Contact", FaultKind::DropAfterCommit).method("POST"));
    assert!(
        org.send(Method::POST, "/sobjects/Contact", Some(&record))
            .await
            .is_err()
    );
    assert_eq!(state.count("Contact"), before + 1, "the work was done");
    state.arm(Fault::new(
        SANDBOX,
        "/sobjects/Contact",
        FaultKind::DropBeforeCommit,
    ));
    assert!(
        org.send(Method::POST, "/sobjects/Contact", Some(&record))
            .await
            .is_err()
    );
    assert_eq!(state.count("Contact"), before + 1, "nothing was done");
    assert_eq!(state.write_calls(), 2);
    assert_eq!(state.request_log().last().unwrap().status, 0);
    assert_eq!(
        org.call(Method::POST, "/sobjects/Contact", Some(&record))
            .await
            .0,
        201,
        "the fault is over"
    );
}

#[tokio::test]
async fn broken_answers() {
    let org = org().await;
    let state = org.simulator.state();
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::Truncate));
    let answer = org.send(Method::GET, "/limits", None).await.unwrap();
    assert!(answer.content_length().unwrap() > 100);
    assert!(answer.bytes().await.is_err());
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::Html503).skip(1));
    assert_eq!(org.get("/limits").await.0, 200);
    assert_eq!(org.get("/limits").await.0, 503);
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::Html200));
    let page = org.send(Method::GET, "/limits", None).await.unwrap();
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::QuotaExceeded).times(2));
    let (status, error) = org.get("/limits").await;
    assert_eq!(
        (status, error[0]["errorCode"].as_str()),
        (403, Some("REQUEST_LIMIT_EXCEEDED"))
    );
    assert_eq!(org.get("/limits").await.0, 403);
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::ExpiredSession));
    assert_eq!(org.get("/limits").await.0, 401);
    state.arm(Fault::new(
        SANDBOX,
        "/limits",
        FaultKind::salesforce_error(400, "UNABLE_TO_LOCK_ROW", "busy"),
    ));
    assert_eq!(
        org.get("/limits").await.1[0]["errorCode"],
        "UNABLE_TO_LOCK_ROW"
    );
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::Hang));
    let waited = tokio::time::timeout(
        Duration::from_millis(200),
        org.send(Method::GET, "/limits", None),
    )
    .await;
    assert!(waited.is_err());
    state.arm(Fault::new(SANDBOX, "/limits", FaultKind::Slow(150)));
    let started = std::time::Instant::now();
    assert_eq!(org.get("/limits").await.0, 200);
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn rows_refused_and_faults_by_http() {
    let org = org().await;
    let fault = json!({
        "server": "salesforce_sandbox", "method": "POST", "path_contains": "/composite/sobjects",
        "kind": {"row_errors": {"status_code": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain exclusive access", "every_nth": 2}}
    });
    let control = format!("{}/sim/faults", org.simulator.urls().salesforce_sandbox);
    assert_eq!(
        org.http
            .post(&control)
            .json(&fault)
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    let rows: Vec<_> = (0..4)
        .map(|n| json!({"attributes": {"type": "Contact"}, "LastName": format!("R{n}")}))
        .collect();
    let (_, results) = org
        .call(
            Method::POST,
            "/composite/sobjects",
            Some(&json!({"records": rows})),
        )
        .await;
    let ok: Vec<bool> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["success"].as_bool().unwrap())
        .collect();
    assert_eq!(ok, [true, false, true, false]);
    assert_eq!(results[1]["errors"][0]["statusCode"], "UNABLE_TO_LOCK_ROW");
    let bad = org
        .http
        .post(&control)
        .json(&json!({"server": "nowhere"}))
        .send()
        .await
        .unwrap();
    assert_eq!(bad.status(), 400);
}

fn row_errors(every_nth: usize) -> FaultKind {
    FaultKind::RowErrors {
        status_code: "APEX_ERROR".to_owned(),
        message: "boom".to_owned(),
        every_nth,
    }
}

#[tokio::test]
async fn refused_rows_wait_for_calls_that_write_rows() {
    let org = org().await;
    let state = org.simulator.state();
    state.arm(Fault::new(SANDBOX, "", row_errors(1)));
    let contact = &state.records("Contact")[0]["Id"];
    let job = json!({"object": "Contact", "operation": "insert"});
    let ids = json!({"ids": [contact], "fields": ["Id"]});
    assert_eq!(org.get("/limits").await.0, 200);
    for (path, body) in [
        ("/jobs/ingest", &job),
        ("/composite/sobjects/Contact", &ids),
    ] {
        assert_eq!(org.call(Method::POST, path, Some(body)).await.0, 200);
    }
    assert_eq!(state.faults()[0].struck, 0);
    let (status, error) = org
        .call(
            Method::POST,
            "/sobjects/Contact",
            Some(&json!({"LastName": "R"})),
        )
        .await;
    assert_eq!(
        (status, &error[0]["errorCode"]),
        (400, &json!("APEX_ERROR"))
    );
    assert!(state.faults().is_empty());
}

#[tokio::test]
async fn refused_rows_are_counted_over_calls_subrequests_and_trees() {
    let org = org().await;
    let state = org.simulator.state();
    let record = json!({"LastName": "Counted"});
    state.arm(Fault::new(SANDBOX, "/sobjects/Contact", row_errors(3)).times(4));
    let mut seen = Vec::new();
    for _ in 0..4 {
        let create = org.call(Method::POST, "/sobjects/Contact", Some(&record));
        seen.push(create.await.0);
    }
    assert_eq!(seen, [201, 201, 400, 201]);

    let url = "/services/data/v67.0/sobjects/Contact";
    let list: Vec<_> = (0..4)
        .map(|n| json!({"method": "POST", "url": url, "referenceId": format!("r{n}"), "body": record}))
        .collect();
    state.arm(Fault::new(SANDBOX, "/composite", row_errors(2)));
    let body = json!({"compositeRequest": list});
    let (_, answer) = org.call(Method::POST, "/composite", Some(&body)).await;
    let seen: Vec<_> = (0..4)
        .map(|n| answer["compositeResponse"][n]["httpStatusCode"].as_u64())
        .collect();
    assert_eq!(seen, [Some(201), Some(400), Some(201), Some(400)]);

    let list: Vec<_> = (0..3)
        .map(|n| json!({"attributes": {"type": "Contact", "referenceId": format!("t{n}")}, "LastName": "Tree"}))
        .collect();
    state.arm(Fault::new(SANDBOX, "/composite/tree", row_errors(2)));
    let body = json!({"records": list});
    let (status, answer) = org
        .call(Method::POST, "/composite/tree/Contact", Some(&body))
        .await;
    assert_eq!(status, 400);
    let failed = answer["results"].as_array().unwrap();
    assert_eq!((failed.len(), &failed[0]["referenceId"]), (1, &json!("t1")));
}

#[tokio::test]
async fn stopping_frees_the_port() {
    let org = org().await;
    let address = org.data("/limits");
    let http = org.http.clone();
    org.simulator.stop().await;
    assert!(http.get(address).send().await.is_err());
}

#[test]
fn handles_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<drawbridge_simulator::Simulator>();
    crosses::<drawbridge_simulator::State>();
}
