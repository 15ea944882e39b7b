//! Small things a newcomer reads: what a refusal says, and what stands beside a figure.

use crate::Bench;

#[test]
fn what_makes_no_sense_is_refused_with_what_it_is_for() {
    let bench = Bench::with_customers(30);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let refused = terminal.run(&["connections", "relink", "Alguna"]).expect(2);
    let said = refused["error"]["message"].as_str().unwrap();
    assert!(said.contains("a connection to Alguna"), "{said}");
    assert!(said.contains("sandbox that was refreshed"), "{said}");
    for words in [
        &["history", "--limit", "0"][..],
        &["preview", "1", "--limit", "0"],
        &["profitwell", "plan", "list", "--limit", "0"],
    ] {
        assert_eq!(
            terminal.run(words).expect(2)["error"]["code"],
            "bad_request"
        );
    }

    let first = terminal.run(&["import", "accounts", "S"]).expect(0)["import"].to_string();
    let show = |number: &str| terminal.run(&["import", "show", number]).expect(0);
    assert!(show(&first)["superseded_by"].is_null());
    let second = terminal.run(&["import", "accounts", "S"]).expect(0)["import"].clone();
    assert_eq!(show(&first)["superseded_by"], second);
    let told = terminal.in_words(&["import", "show", &first]).stdout;
    let next = format!("Next: drawbridge-cli import show {second}");
    assert!(told.contains(&next), "{told}");
    assert!(!told.contains("import run"), "{told}");
}

#[test]
fn the_subscription_that_speaks_is_marked() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    terminal.run(&["plan", "S"]).expect(0);
    let listed = terminal
        .run(&["match", "S", "--list", "not-found"])
        .expect(0);
    let rows = listed["rows"].as_array().unwrap();
    let several = rows.iter().find_map(|row| {
        let customer = row["customer"].as_str().unwrap();
        let told = terminal.run(&["speaker", "S", customer]).expect(0);
        let all = told["subscriptions"].as_array().unwrap().clone();
        (all.len() > 1).then_some(all)
    });
    let several = several.expect("a customer with several subscriptions");
    let speaks: Vec<bool> = several
        .iter()
        .map(|one| one["speaks"].as_bool().unwrap())
        .collect();
    assert_eq!(speaks.iter().filter(|it| **it).count(), 1);
    assert!(speaks[0]);
}
