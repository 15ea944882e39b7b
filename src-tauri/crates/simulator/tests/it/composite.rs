//! Several calls in one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Org, org};

async fn composite(org: &Org, all_or_none: bool, list: Value) -> Vec<Value> {
    let body = json!({"allOrNone": all_or_none, "compositeRequest": list});
    let (status, answer) = org.call(Method::POST, "/composite", Some(&body)).await;
    assert_eq!(status, 200, "{answer}");
    answer["compositeResponse"].as_array().unwrap().clone()
}

fn sub(method: &str, url: &str, id: &str, body: Value) -> Value {
    let mut sub =
        json!({"method": method, "url": format!("/services/data/v67.0{url}"), "referenceId": id});
    if !body.is_null() {
        sub["body"] = body;
    }
    sub
}

#[tokio::test]
async fn references_carry_values_on() {
    let org = org().await;
    let calls = org.simulator.state().api_calls();
    let answers = composite(
        &org,
        true,
        json!([
            sub(
                "POST",
                "/sobjects/Account",
                "acc",
                json!({"Name": "Fern & Co"})
            ),
            sub(
                "POST",
                "/sobjects/Contact",
                "con",
                json!({"LastName": "Moss", "AccountId": "@{acc.id}"})
            ),
            sub(
                "GET",
                "/sobjects/Account/@{acc.id}?fields=Name",
                "read",
                Value::Null
            ),
            sub(
                "GET",
                "/query?q=SELECT+Id,Name+FROM+Contact+WHERE+AccountId='@{acc.id}'",
                "q",
                Value::Null
            ),
            sub(
                "PATCH",
                "/sobjects/Contact/@{q.records[0].Id}",
                "patch",
                json!({"Title": "at @{read.Name}"})
            ),
            sub(
                "GET",
                "/sobjects/Contact/@{con.id}?fields=Title",
                "again",
                Value::Null
            ),
        ]),
    )
    .await;
    let statuses: Vec<&Value> = answers
        .iter()
        .map(|answer| &answer["httpStatusCode"])
        .collect();
    assert_eq!(statuses, [201, 201, 200, 200, 204, 200], "{answers:?}");
    let account = answers[0]["body"]["id"].as_str().unwrap();
    assert_eq!(
        answers[0]["httpHeaders"]["Location"],
        format!("/services/data/v67.0/sobjects/Account/{account}")
    );
    assert_eq!(answers[0]["referenceId"], "acc");
    assert!(answers[4]["body"].is_null());
    assert_eq!(answers[5]["body"]["Title"], "at Fern & Co");
    assert_eq!(org.simulator.state().api_calls(), calls + 1);
}

#[tokio::test]
async fn all_or_none_takes_everything_back() {
    let org = org().await;
    let before = org.simulator.state().count("Account");
    let list = json!([
        sub("POST", "/sobjects/Account", "a", json!({"Name": "A"})),
        sub("POST", "/sobjects/Account", "b", json!({"Phone": "1"})),
        sub("POST", "/sobjects/Account", "c", json!({"Name": "C"})),
    ]);
    let answers = composite(&org, true, list.clone()).await;
    for index in [0, 2] {
        assert_eq!(answers[index]["httpStatusCode"], 400);
        assert_eq!(
            answers[index]["body"],
            json!([{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back since another operation in the same transaction failed."}])
        );
    }
    assert_eq!(answers[1]["body"][0]["errorCode"], "REQUIRED_FIELD_MISSING");
    assert_eq!(org.simulator.state().count("Account"), before);

    let answers = composite(&org, false, list).await;
    let statuses: Vec<&Value> = answers
        .iter()
        .map(|answer| &answer["httpStatusCode"])
        .collect();
    assert_eq!(statuses, [201, 400, 201]);
    assert_eq!(org.simulator.state().count("Account"), before + 2);

    // A reference to what failed fails too; collections inside are part of the transaction.
    let answers = composite(
        &org,
        true,
        json!([
            sub(
                "POST",
                "/composite/sobjects",
                "many",
                json!({"records": [{"attributes": {"type": "Account"}, "Name": "D"}]})
            ),
            sub("GET", "/sobjects/Account/@{nobody.id}", "gone", Value::Null),
        ]),
    )
    .await;
    assert_eq!(answers[1]["httpStatusCode"], 400);
    assert_eq!(org.simulator.state().count("Account"), before + 2);
}

#[tokio::test]
async fn limits_and_malformed_bodies() {
    let org = org().await;
    let refused = async |body: Value| -> u16 {
        let (status, answer) = org.call(Method::POST, "/composite", Some(&body)).await;
        assert!(answer[0]["errorCode"].is_string(), "{answer}");
        status
    };
    let get = |id: usize| sub("GET", "/limits", &format!("r{id}"), Value::Null);
    let many: Vec<Value> = (0..26).map(get).collect();
    assert_eq!(refused(json!({"compositeRequest": many})).await, 400);
    let query = |id: usize| {
        sub(
            "GET",
            "/query?q=SELECT+Id+FROM+User",
            &format!("r{id}"),
            Value::Null,
        )
    };
    let queries: Vec<Value> = (0..6).map(query).collect();
    assert_eq!(refused(json!({"compositeRequest": queries})).await, 400);
    assert_eq!(
        refused(json!({"compositeRequest": [get(1), get(1)]})).await,
        400
    );
    assert_eq!(
        refused(json!({"compositeRequest": [sub("GET", "/limits", "a-b", Value::Null)]})).await,
        400
    );
    assert_eq!(refused(json!({"compositeRequest": []})).await, 400);
    assert_eq!(refused(json!({"nothing": 1})).await, 400);
    let answers = composite(
        &org,
        false,
        json!([
            sub("POST", "/composite", "nested", json!({"compositeRequest": []})),
            sub("GET", "/sobjects/Nothing", "unknown", Value::Null),
            {"method": "GET", "url": "nonsense", "referenceId": "odd"},
        ]),
    )
    .await;
    let statuses: Vec<&Value> = answers
        .iter()
        .map(|answer| &answer["httpStatusCode"])
        .collect();
    assert_eq!(statuses, [400, 404, 404]);
    let (_, list) = org.get("/composite").await;
    assert_eq!(list["tree"], "/services/data/v67.0/composite/tree");
    assert_eq!(list.as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn graphs_stand_alone() {
    let org = org().await;
    let before = org.simulator.state().count("Account");
    let graph = |id: &str, second: Value| {
        json!({"graphId": id, "compositeRequest": [
            sub("POST", "/sobjects/Account", "a", json!({"Name": "A"})),
            sub("POST", "/sobjects/Contact", "c", second),
        ]})
    };
    let body = json!({"graphs": [
        graph("good", json!({"LastName": "Moss", "AccountId": "@{a.id}"})),
        graph("bad", json!({"FirstName": "x", "AccountId": "@{a.id}"})),
    ]});
    let (status, answer) = org
        .call(Method::POST, "/composite/graph", Some(&body))
        .await;
    assert_eq!(status, 200, "{answer}");
    let graphs = &answer["graphs"];
    assert_eq!(
        (&graphs[0]["isSuccessful"], &graphs[1]["isSuccessful"]),
        (&json!(true), &json!(false))
    );
    let bad = &graphs[1]["graphResponse"]["compositeResponse"];
    assert_eq!(bad[0]["body"][0]["errorCode"], "PROCESSING_HALTED");
    assert_eq!(bad[1]["body"][0]["errorCode"], "REQUIRED_FIELD_MISSING");
    assert_eq!(org.simulator.state().count("Account"), before + 1);
    let chain: Vec<Value> = (0..17)
        .map(|n| {
            let parent = if n == 0 {
                Value::Null
            } else {
                json!(format!("@{{r{}.id}}", n - 1))
            };
            sub(
                "POST",
                "/sobjects/Account",
                &format!("r{n}"),
                json!({"Name": "x", "ParentId": parent}),
            )
        })
        .collect();
    let deep = json!({"graphs": [{"graphId": "1", "compositeRequest": chain}]});
    assert_eq!(
        org.call(Method::POST, "/composite/graph", Some(&deep))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn batches_count_each_call() {
    let org = org().await;
    let calls = org.simulator.state().api_calls();
    let body = |halt: bool| {
        json!({"haltOnError": halt, "batchRequests": [
            {"method": "GET", "url": "v67.0/limits"},
            {"method": "PATCH", "url": "v67.0/sobjects/Account/001000000000000AAA", "richInput": {"Name": "x"}},
            {"method": "GET", "url": "/services/data/v67.0/query?q=SELECT+count()+FROM+User"},
        ]})
    };
    let (status, answer) = org
        .call(Method::POST, "/composite/batch", Some(&body(false)))
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["hasErrors"], true);
    let results = answer["results"].as_array().unwrap();
    let statuses: Vec<&Value> = results.iter().map(|result| &result["statusCode"]).collect();
    assert_eq!(statuses, [200, 404, 200]);
    assert_eq!(results[2]["result"]["done"], true);
    assert_eq!(org.simulator.state().api_calls(), calls + 3);
    let (_, answer) = org
        .call(Method::POST, "/composite/batch", Some(&body(true)))
        .await;
    assert_eq!(
        answer["results"][2]["result"][0]["errorCode"],
        "BATCH_PROCESSING_HALTED"
    );
    assert_eq!(org.simulator.state().write_calls(), 2);
}

#[tokio::test]
async fn trees_are_created_whole() {
    let org = org().await;
    let state = org.simulator.state();
    let (accounts, contacts) = (state.count("Account"), state.count("Contact"));
    let tree = |email: &str| {
        json!({"records": [
            {"attributes": {"type": "Account", "referenceId": "a"}, "Name": "Fern", "Contacts": {"records": [
                {"attributes": {"type": "Contact", "referenceId": "c"}, "LastName": "Moss", "Email": email}
            ]}},
            {"attributes": {"type": "Account", "referenceId": "b"}, "Name": "Otter"},
        ]})
    };
    let (status, answer) = org
        .call(Method::POST, "/composite/tree/Account", Some(&tree("123")))
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        answer,
        json!({"hasErrors": true, "results": [{"referenceId": "c", "errors": [
            {"statusCode": "INVALID_EMAIL_ADDRESS", "message": "Email: invalid email address: 123", "fields": ["Email"]}]}]})
    );
    assert_eq!(
        (state.count("Account"), state.count("Contact")),
        (accounts, contacts)
    );
    let (status, answer) = org
        .call(
            Method::POST,
            "/composite/tree/Account",
            Some(&tree("moss@fern.example")),
        )
        .await;
    assert_eq!(status, 201, "{answer}");
    assert_eq!(answer["results"].as_array().unwrap().len(), 3);
    let account = answer["results"][0]["id"].as_str().unwrap();
    let found = org
        .names(&format!(
            "SELECT Name FROM Contact WHERE AccountId = '{account}'"
        ))
        .await;
    assert_eq!(found, ["Moss"]);
}

#[tokio::test]
async fn a_list_is_no_object_and_errors_speak_salesforce() {
    let org = org().await;
    let sub = json!(["GET", "/services/data/v67.0/limits", "a", {}, null]);
    for (path, body) in [
        ("/composite", json!([])),
        ("/composite", json!([false, []])),
        ("/composite", json!({"compositeRequest": [sub]})),
        ("/composite", json!({"compositeRequest": 1})),
        ("/composite/graph", json!({"graphs": [["g", []]]})),
        (
            "/composite/batch",
            json!({"batchRequests": [["GET", "v67.0/limits", null]]}),
        ),
        (
            "/jobs/ingest",
            json!(["Account", "insert", null, null, null, null, null]),
        ),
        (
            "/jobs/query",
            json!(["query", "SELECT Id FROM Account", null, null, null]),
        ),
        ("/composite/sobjects", json!([])),
    ] {
        let (status, error) = org.call(Method::POST, path, Some(&body)).await;
        assert_eq!(
            (status, &error[0]["errorCode"]),
            (400, &json!("JSON_PARSER_ERROR")),
            "{path} {body}: {error}"
        );
        let text = error[0]["message"].as_str().unwrap();
        assert!(
            !text.contains("expected") && !text.contains("struct"),
            "{text}"
        );
        assert_eq!(text.matches("line").count(), 1, "{text}");
    }
}
