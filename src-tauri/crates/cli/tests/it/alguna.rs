//! Links and aliases of Alguna's customers from the terminal, and a call whose answer nobody waits for.

use std::time::Duration;

use drawbridge_testkit::simulator::{Config, Fault, FaultKind, Server};
use serde_json::Value;

use crate::Bench;

const ACCOUNT: &str = "0017e00001W4GYRAA3";

fn bench() -> Bench {
    let bench = Bench::start(Config {
        customers: 20,
        ..Config::default()
    });
    let url = bench.simulator.urls().alguna.clone();
    let words = [
        "connect",
        "alguna",
        "--name",
        "Alguna",
        "--token-env",
        "DRAWBRIDGE_SECRET_ALGUNA",
        "--base-url",
        &url,
    ];
    bench.terminal.run(&words).expect(0);
    bench
}

/// Runs `alguna …`, split at blanks, which must end with this code.
fn told(bench: &Bench, line: &str, code: i32) -> Value {
    let mut words = vec!["alguna"];
    words.extend(line.split_whitespace());
    bench.terminal.run(&words).expect(code)
}

/// A customer that is linked to nothing.
fn free(bench: &Bench) -> String {
    let line = "api GET /customers --query limit=20 --query offset=0";
    let listed = told(bench, line, 0);
    let ids = listed["body"]["data"].as_array().unwrap().iter();
    let mut ids = ids.map(|row| row["id"].as_str().unwrap().to_owned());
    ids.find(|id| {
        let path = format!("api GET /customers/{id}/connected-accounts");
        let connected = told(bench, &path, 0)["body"]["data"]
            .as_array()
            .unwrap()
            .len();
        let read = told(bench, &format!("api GET /customers/{id}"), 0);
        connected == 0 && !read["body"]["aliases"].to_string().contains("\"001")
    })
    .expect("a customer without a link")
}

#[test]
fn a_customer_is_linked_and_unlinked_by_the_lines_that_are_told() {
    let bench = bench();
    let customer = free(&bench);
    let line = format!("customer link {customer} --account {ACCOUNT}");
    let said = told(&bench, &line, 0);
    assert_eq!(said["ready"], true, "{said}");
    assert_eq!(
        said["outlook"]["later"][0],
        format!("Connected account {ACCOUNT}")
    );
    // The line that is copied is the line that does it.
    let copied = said["command"].as_str().unwrap();
    let copied = copied.strip_prefix("drawbridge-cli alguna ").unwrap();
    let done = told(&bench, &format!("{copied} --yes"), 0);
    assert_eq!(done["outcome"], "done", "{done}");
    assert_eq!(
        told(&bench, &format!("{line} --yes"), 0)["outcome"],
        "already"
    );
    let line = format!("alguna customer unlink {customer} --account {ACCOUNT} --yes");
    let words: Vec<&str> = line.split_whitespace().collect();
    let ended = bench.terminal.run(&words);
    assert!(
        ended.stderr.contains("Only the link goes"),
        "{}",
        ended.stderr
    );
    assert!(
        !ended.stderr.contains("Nothing has been sent"),
        "{}",
        ended.stderr
    );
    let done = ended.expect(0);
    assert_eq!(done["outcome"], "done", "{done}");
    for (word, left) in [("alias", true), ("remove-alias", false)] {
        let done = told(
            &bench,
            &format!("customer {word} {customer} --alias erp-7 --yes"),
            0,
        );
        let after = done["links_after"].to_string();
        assert_eq!(after.contains("Alias erp-7"), left, "{done}");
    }
    let listed = told(&bench, "operations", 0);
    assert_eq!(listed.as_array().unwrap().len(), 5, "{listed}");
    let refused = told(
        &bench,
        &format!("customer link {customer} --account 003"),
        2,
    );
    assert!(
        refused["error"]["message"]
            .to_string()
            .contains("Salesforce id")
    );
}

#[test]
fn an_alias_that_is_an_account_is_guarded_like_a_link() {
    const OTHER: &str = "0015g00000ZzZzZAAV";
    let bench = bench();
    let customer = free(&bench);
    let line = format!("customer link {customer} --account {ACCOUNT} --yes");
    told(&bench, &line, 0);
    let writes = || {
        let log = bench.simulator.state().request_log();
        log.iter().filter(|it| it.is_write).count()
    };
    let before = writes();
    for other in [OTHER, &OTHER[..15]] {
        for yes in ["", "--yes"] {
            let linking = format!("customer link {customer} --account {other} {yes}");
            let refused = told(&bench, &linking, 2)["error"]["message"].clone();
            let words = refused.as_str().unwrap().replace("account: ", "alias: ");
            assert!(words.contains(ACCOUNT), "{words}");
            let alias = format!("customer alias {customer} --alias {other} {yes}");
            assert_eq!(told(&bench, &alias, 2)["error"]["message"], words);
        }
    }
    assert_eq!(writes(), before);
    // The same Account at another customer is told as for a link.
    let second = free(&bench);
    let linking = format!("customer link {second} --account {ACCOUNT}");
    let linked = told(&bench, &linking, 0);
    let alias = format!("customer alias {second} --alias {ACCOUNT}");
    let notes = told(&bench, &alias, 0)["notes"].clone();
    let words = linked["notes"][0].as_str().unwrap();
    assert!(words.contains("linked to this Account already"), "{words}");
    assert!(notes.as_array().unwrap().contains(&words.into()), "{notes}");
}

#[cfg(unix)]
#[test]
fn a_call_whose_answer_is_no_longer_waited_for_is_kept_as_not_known() {
    let bench = bench();
    let hang = Fault::new(Server::Alguna, "/customers", FaultKind::Hang).method("PATCH");
    bench.simulator.state().arm(hang);
    let words = [
        "alguna",
        "api",
        "PATCH",
        "/customers/nobody",
        "--body",
        "{}",
        "--yes",
    ];
    let child = bench.terminal.spawn(&words);
    // Until the call is at the server.
    let log = bench.simulator.state();
    while !log.faults().is_empty() {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    let id = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &id])
        .status()
        .unwrap();
    let ended = bench.terminal.wait(child);
    let told = ended.expect(1);
    let message = told["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("cancelled before an answer came"),
        "{message}"
    );
    assert!(message.contains("may have been done"), "{message}");
}
