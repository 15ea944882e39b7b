//! What a sandbox refresh ends.

use std::time::Duration;

use drawbridge_simulator::{Fault, FaultKind, Server};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::{open, set_state, upload};
use crate::client::org;

#[tokio::test]
async fn a_running_job_does_not_reach_into_the_new_org() {
    let org = org().await;
    let state = org.simulator.state();
    state.permit_hard_delete(true);
    state.arm(Fault::new(
        Server::SalesforceSandbox,
        "",
        FaultKind::SlowBulk(3_000),
    ));
    let asked = json!({"object": "Account", "operation": "insert", "contentType": "CSV", "lineEnding": "LF"});
    let id = open(&org, asked.clone()).await;
    let rows: Vec<String> = (0..4000).map(|row| format!("Slow {row}\n")).collect();
    upload(&org, &id, format!("Name\n{}", rows.concat())).await;
    set_state(&org, &id, "UploadComplete").await;
    for _ in 0..2000 {
        if org.get(&format!("/jobs/ingest/{id}")).await.1["numberRecordsProcessed"] != 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    state.refresh_sandbox().unwrap();
    let copied = state.production().count("Account");
    assert_eq!(state.count("Account"), copied);

    let token = state.new_session();
    let call = async |method: Method, path: &str, body: Value| {
        let request = org.http.request(method, org.data(path)).bearer_auth(&token);
        let answer = request.json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap_or_default())
    };
    let (status, _) = call(Method::GET, &format!("/jobs/ingest/{id}"), json!({})).await;
    assert_eq!(status, 404, "jobs belong to the org that was");
    let delete = json!({"object": "Account", "operation": "hardDelete"});
    let (status, answer) = call(Method::POST, "/jobs/ingest", delete).await;
    assert_eq!(
        (status, &answer[0]["errorCode"]),
        (400, &json!("FEATURENOTENABLED"))
    );
    // Ids begin anew: the new org's first job has the id of the old one, and none of its rows.
    let (_, job) = call(Method::POST, "/jobs/ingest", asked).await;
    assert_eq!(job["id"], json!(id));
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(state.count("Account"), copied);
    let (_, job) = call(Method::GET, &format!("/jobs/ingest/{id}"), json!({})).await;
    assert_eq!(
        (&job["state"], &job["numberRecordsProcessed"]),
        (&json!("Open"), &json!(0))
    );
}
