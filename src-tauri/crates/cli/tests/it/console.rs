//! Calls made by hand from the terminal.

use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

use crate::Bench;

fn connected(source: &str, name: &str) -> Bench {
    let bench = Bench::with_customers(30);
    let urls = bench.simulator.urls().clone();
    let base_url = if source == "alguna" {
        &urls.alguna
    } else {
        &urls.profitwell
    };
    let token = format!("DRAWBRIDGE_SECRET_{}", source.to_uppercase());
    let connect = [
        "connect",
        source,
        "--name",
        name,
        "--token-env",
        &token,
        "--base-url",
        base_url,
    ];
    bench.terminal.run(&connect).expect(0);
    bench
}

#[test]
fn a_call_is_made_shown_and_saved() {
    let bench = connected("profitwell", "ProfitWell");
    let terminal = &bench.terminal;
    let api = |words: &[&str]| terminal.run(&[&["profitwell", "api"], words].concat());
    let read = api(&["get", "/v2/customers", "--query", "per_page=7"]).expect(0);
    assert_eq!(
        (&read["status"], &read["path"]),
        (&200.into(), &"/v2/customers/".into())
    );
    assert_eq!(read["body"].as_array().unwrap().len(), 7);
    let csv = api(&["GET", "/v2/customers/?per_page=7", "--csv"]).expect(0);
    assert_eq!(csv["csv"].as_str().unwrap().lines().count(), 8);
    let file = terminal.dir.path().join("customers.csv");
    api(&[
        "GET",
        "/v2/customers/?per_page=7",
        "--csv",
        "--out",
        file.to_str().unwrap(),
    ])
    .expect(0);
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("\u{feff}customer_id")
    );
    let body = terminal.dir.path().join("plan.json");
    std::fs::write(&body, r#"{"id": "by-hand", "name": "By hand"}"#).unwrap();
    let from = format!("@{}", body.display());
    let made = api(&["POST", "/v2/plans/", "--body", &from, "--yes"]).expect(0);
    assert_eq!(made["status"], 201);
    let gone = api(&["GET", "/v2/plans/none/"]).expect(1);
    assert_eq!(gone["status"], 404);

    let bench = connected("alguna", "Alguna");
    let words = [
        "alguna",
        "api",
        "GET",
        "/customers",
        "--query",
        "limit=3",
        "--query",
        "offset=0",
    ];
    let read = bench.terminal.run(&words).expect(0);
    assert_eq!(read["body"]["data"].as_array().unwrap().len(), 3);
}

#[test]
fn what_a_guard_refuses_ends_with_four_and_what_is_written_wrong_with_two() {
    let bench = connected("profitwell", "ProfitWell");
    let terminal = &bench.terminal;
    let before = bench.simulator.state().request_log().len();
    let api = |words: &[&str]| terminal.run(&[&["profitwell", "api"], words].concat());
    for words in [
        &["GET", "https://evil.example/v2/plans/"][..],
        &["GET", "/v2/../v1/"],
        &["GET", "/v2/plans/", "--header", "Authorization:mine"],
        &["POST", "/v2/plans/", "--body", r#"{"id":"p","name":"P"}"#],
        &["DELETE", "/v2/users/spiderman/", "--yes"],
        &[
            "DELETE",
            "/v2/users/spiderman/",
            "--yes",
            "--confirm",
            "users",
        ],
    ] {
        let refused = api(words).expect(4);
        assert_eq!(refused["error"]["code"], "guard", "{words:?}");
        assert!(
            refused["error"]["message"]
                .as_str()
                .unwrap()
                .contains("Nothing was sent")
        );
    }
    for words in [
        &["FETCH", "/v2/plans/"][..],
        &["GET", "/v2/plans/", "--query", "novalue"],
        &["POST", "/v2/plans/", "--body", "{", "--yes"],
        &["POST", "/v2/plans/", "--body", "@/no/such/file", "--yes"],
        &["GET", "/v2/plans/", "--connection", "UAT"],
    ] {
        let code = api(words).code;
        assert!(code == Some(2) || code == Some(1), "{words:?}: {code:?}");
    }
    terminal
        .run(&["alguna", "api", "GET", "/customers"])
        .expect(2);
    assert_eq!(bench.simulator.state().request_log().len(), before);
    let typed = [
        "DELETE",
        "/v2/users/spiderman/",
        "--yes",
        "--confirm",
        "spiderman",
    ];
    assert_eq!(api(&typed).expect(1)["status"], 404);
}

#[test]
fn a_read_only_connection_says_so_and_refuses() {
    let bench = connected("profitwell", "ProfitWell");
    let terminal = &bench.terminal;
    let set = |switch| {
        terminal
            .run(&["connections", "read-only", "profitwell", switch])
            .expect(0)
    };
    assert_eq!(set("on")["read_only"], true);
    assert_eq!(
        terminal.run(&["connections"]).expect(0)[0]["read_only"],
        true
    );
    let create = [
        "profitwell",
        "api",
        "POST",
        "/v2/plans/",
        "--body",
        r#"{"id":"p","name":"P"}"#,
        "--yes",
    ];
    let refused = terminal.run(&create).expect(4);
    assert!(
        refused["error"]["message"]
            .as_str()
            .unwrap()
            .contains("is read-only")
    );
    terminal
        .run(&["profitwell", "api", "GET", "/v2/plans/"])
        .expect(0);
    set("off");
    terminal.run(&create).expect(0);
}

#[test]
fn a_lost_answer_ends_with_one_and_says_what_to_do() {
    let bench = connected("profitwell", "ProfitWell");
    let fault = Fault::new(Server::Profitwell, "/v2/plans", FaultKind::DropAfterCommit);
    bench.simulator.state().arm(fault);
    let create = [
        "profitwell",
        "api",
        "POST",
        "/v2/plans/",
        "--body",
        r#"{"id":"p","name":"P"}"#,
        "--yes",
    ];
    let lost = bench.terminal.run(&create).expect(1);
    assert_eq!(lost["error"]["code"], "lost_answer");
    assert!(
        lost["error"]["message"]
            .as_str()
            .unwrap()
            .contains("It may have been done")
    );
    let read = bench
        .terminal
        .run(&["profitwell", "api", "GET", "/v2/plans/p/"])
        .expect(0);
    assert_eq!(read["body"]["id"], "p");
}

#[test]
fn the_key_is_in_nothing_the_terminal_says() {
    let bench = connected("profitwell", "ProfitWell");
    let key = bench.simulator.credentials().profitwell_token.clone();
    let path = format!("/v2/plans/{key}/");
    let words = ["profitwell", "api", "GET", &path];
    assert_eq!(bench.terminal.run(&words).code, Some(1));
    let header = format!("X-Note:{key}");
    bench
        .terminal
        .run(&[
            "profitwell",
            "api",
            "GET",
            "/v2/plans/",
            "--header",
            &header,
        ])
        .expect(4);
    assert!(!bench.terminal.transcript.lock().unwrap().contains(&key));
}
