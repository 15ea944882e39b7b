//! What all answers have in common: how numbers are written, and what is refused.

use reqwest::Method;
use serde_json::json;

use crate::client::org;

#[tokio::test]
async fn every_answer_writes_a_number_alike() {
    let org = org().await;
    org.with_billing_fields().await;
    let record = json!({"Name": "Large", "MRR__c": 12_345_678});
    let (_, made) = org
        .call(Method::POST, "/sobjects/Account", Some(&record))
        .await;
    let id = made["id"].as_str().unwrap();
    let ids = json!({"ids": [id], "fields": ["MRR__c"]});
    let query = format!("/query?q=SELECT+MRR__c+FROM+Account+WHERE+Id='{id}'");
    for (method, path, body) in [
        (Method::GET, query, None),
        (Method::GET, format!("/sobjects/Account/{id}"), None),
        (
            Method::POST,
            "/composite/sobjects/Account".to_owned(),
            Some(&ids),
        ),
    ] {
        let answer = org.send(method, &path, body).await.unwrap();
        let text = answer.text().await.unwrap();
        assert!(text.contains("\"MRR__c\":1.2345678E7"), "{path}: {text}");
    }
}

#[tokio::test]
async fn wrong_methods_and_resources_that_are_not_served() {
    let org = org().await;
    for (path, allowed) in [
        ("/jobs/ingest", "HEAD,GET,POST"),
        ("/jobs/query/750000000000001", "HEAD,GET,PATCH,DELETE"),
        ("/composite/sobjects", "DELETE,PATCH,POST"),
        ("/tooling/composite", "POST"),
    ] {
        let (status, error) = org.call(Method::PUT, path, None).await;
        let text = format!("HTTP Method 'PUT' not allowed. Allowed are {allowed}");
        assert_eq!(
            (status, &error[0]["message"]),
            (405, &json!(text)),
            "{path}"
        );
    }
    let (_, root) = org.get("").await;
    for name in ["search", "recent", "actions"] {
        assert!(root.get(name).is_none(), "{name}");
        let path = format!("/{name}");
        assert_eq!(org.call(Method::OPTIONS, &path, None).await.0, 404);
        assert_eq!(org.get(&path).await.0, 404);
    }
}
