//! Customers and users that are not who they were: new ids in billing, another login in the
//! environment.

use serde_json::Value;

use crate::{Bench, assert_adds_up};

const ID: &str = "Alguna_Customer_ID__c";

/// Customers of the last preview in a state.
fn listed(bench: &Bench, state: &str) -> Vec<Value> {
    let list = bench.terminal.run(&["match", "S", "--list", state]);
    list.expect(0)["rows"].as_array().unwrap().clone()
}

#[test]
fn links_are_taken_over_one_by_one_and_together() {
    let bench = Bench::with_customers(80);
    let (terminal, state) = (&bench.terminal, bench.simulator.state());
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    assert_adds_up(&terminal.run(&["sync", "run", "S", "--yes"]).expect(0));
    terminal.run(&["plan", "S"]).expect(0);
    let by_address = |row: &&Value| {
        let by = row["matched_by"].as_str().unwrap_or_default();
        by.contains("external ID") && !row["record"].is_null()
    };
    let found = listed(&bench, "found");
    // Only those whose address leads to their record again are offered for sure.
    let moved: Vec<(String, String)> = found
        .iter()
        .filter(by_address)
        .map(|row| {
            let of = |value: &Value| value.as_str().unwrap().to_owned();
            (of(&row["customer"]), of(&row["record"]["id"]))
        })
        .collect();
    for (customer, _) in &moved {
        assert!(state.reissue_customer(customer, &format!("new-{customer}")));
    }
    let plan = terminal.run(&["plan", "S", "--full"]).expect(0);
    let halts = plan["halts"].to_string();
    let all = terminal.run(&["match", "S", "--take-over-all"]).expect(0);
    let sure = all["rows"].as_array().unwrap().clone();
    assert!(sure.len() > 2, "{all}");
    assert_eq!(all["applied"], false);
    assert!(halts.contains("ids-changed"), "{halts}");

    // One by one, with what it says.
    let (new, record) = (&sure[0]["customer"], &sure[0]["record"]["id"]);
    let (new, record) = (new.as_str().unwrap(), record.as_str().unwrap());
    let proposed = listed(&bench, "proposed");
    let offered = proposed.iter().find(|row| row["customer"] == new).unwrap();
    let said = offered["proposals"][0]["takeover"]["message"]
        .as_str()
        .unwrap();
    assert!(said.contains("is not any more"), "{said}");
    let pair = format!("{new}={record}");
    let decided = terminal.run(&["match", "S", "--accept", &pair]).expect(0);
    let said = &decided["decided"][0]["takeover"];
    assert_eq!(said["customer"], sure[0]["former"], "{said}");
    // The others together.
    let rest = terminal
        .run(&["match", "S", "--take-over-all", "--yes"])
        .expect(0);
    assert_eq!(rest["sure"], sure.len() - 1);

    let plan = terminal.run(&["plan", "S"]).expect(0);
    let mut run = vec!["run".to_owned(), plan["plan"].to_string()];
    for halt in plan["halts"].as_array().unwrap() {
        run.extend([
            "--accept".to_owned(),
            halt["name"].as_str().unwrap().to_owned(),
        ]);
    }
    let run: Vec<&str> = run.iter().map(String::as_str).collect();
    assert_adds_up(&terminal.run(&run).expect(0));
    for row in &sure {
        let (new, record) = (row["customer"].as_str().unwrap(), &row["record"]["id"]);
        let carries = drawbridge_testkit::find(&state, "Account", ID, new);
        assert_eq!(&carries["Id"], record);
    }
    let told = terminal.run(&["explain", "S", new]).expect(0);
    let said = told["takeover"].as_str().unwrap();
    assert!(said.contains(sure[0]["former"].as_str().unwrap()), "{said}");
}

#[test]
fn decisions_that_contradict_each_other_are_refused_together() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    terminal.run(&["plan", "S"]).expect(0);
    let proposed = listed(&bench, "proposed");
    let of = |at: usize| {
        let row: &Value = &proposed[at];
        let record = &row["proposals"][0]["record"]["id"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&row["customer"]), text(record))
    };
    let ((first, record), (second, other)) = (of(0), of(1));
    let pairs = [
        format!("{first}={record}"),
        format!("{first}={other}"),
        format!("{second}={record}"),
    ];
    let wrong = [
        vec!["--accept", &pairs[0], "--accept", &pairs[1]],
        vec!["--accept", &pairs[0], "--accept", &pairs[2]],
        vec!["--create-new", &first, "--ignore", &first],
        vec!["--ignore", &first, "--undecide", &first],
        // Another that is fine is not decided either.
        vec![
            "--ignore", &second, "--accept", &pairs[0], "--ignore", &first,
        ],
    ];
    for options in wrong {
        let words = [&["match", "S"][..], &options].concat();
        let refused = terminal.run(&words).expect(2);
        let said = refused["error"]["message"].as_str().unwrap();
        assert!(said.ends_with("Nothing was decided."), "{said}");
    }
    let unknown = ["match", "S", "--ignore", &first, "--ignore", "nobody"];
    assert_eq!(
        terminal.run(&unknown).expect(1)["error"]["code"],
        "not_found"
    );
    let counts = |words: &[&str]| terminal.run(words).expect(0)["counts"]["decided"].clone();
    assert_eq!(counts(&["match", "S", "--list"]), 0);

    let none = terminal
        .run(&["match", "S", "--undecide", &first])
        .expect(0);
    assert_eq!(none["decided"], serde_json::json!([]), "{none}");
    assert_eq!(none["had_no_decision"][0], first.as_str(), "{none}");
    terminal.run(&["match", "S", "--ignore", &first]).expect(0);
    assert_eq!(counts(&["match", "S", "--list"]), 1);
    let back = terminal
        .run(&["match", "S", "--undecide", &first])
        .expect(0);
    assert_eq!(back["decided"][0]["customer"], first.as_str(), "{back}");
    assert_eq!(back["had_no_decision"], serde_json::json!([]), "{back}");
}

#[test]
fn a_token_of_another_user_or_org_is_refused_until_it_is_said() {
    let mut bench = Bench::with_customers(30);
    let state = bench.simulator.state();
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let plan = terminal.run(&["plan", "S"]).expect(0)["plan"].to_string();
    state.sign_in_as("Tom Okafor").unwrap();
    let writes = state.write_calls();
    let refused = terminal.run(&["run", &plan]);
    assert_ne!(refused.code, Some(0), "{}", refused.stdout);
    assert!(
        refused.stdout.contains("another_user") || refused.stderr.contains("Tom Okafor"),
        "{}\n{}",
        refused.stdout,
        refused.stderr
    );
    assert_eq!(state.write_calls(), writes);
    let checked = terminal.run(&["connections", "check", "UAT"]).document();
    assert!(
        checked["checks"][0]["name"]
            .as_str()
            .unwrap()
            .contains("Tom Okafor is signed in; before, it was Ana Ruiz"),
        "{checked}"
    );
    // Not even the fields are asked of another org.
    let token = bench
        .simulator
        .credentials()
        .production
        .access_token
        .clone();
    bench.terminal.set("DRAWBRIDGE_SECRET_UAT", &token);
    for command in [&["plan", "S"][..], &["run", &plan], &["fields", "S"]] {
        let refused = bench.terminal.run(command);
        assert_ne!(refused.code, Some(0), "{}", refused.stdout);
    }
    assert_eq!(state.write_calls(), writes);
}
