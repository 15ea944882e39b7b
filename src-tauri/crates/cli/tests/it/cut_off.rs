//! A run that another process is at work on, or whose process was killed: what is said of it.

use std::time::{Duration, Instant};

use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

use crate::{Bench, assert_adds_up};

#[test]
fn a_run_under_way_elsewhere_and_then_cut_off_is_told_as_it_is() {
    let bench = Bench::with_customers(1_000);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let plan = terminal.plan();
    let slow = Fault::new(
        Server::SalesforceSandbox,
        "/composite/sobjects",
        FaultKind::Slow(2_500),
    );
    state.arm(slow.times(u32::MAX));
    let before = state.write_calls();
    let mut child = terminal.spawn(&["run", &plan, "--way", "collections"]);
    let began = Instant::now();
    while state.write_calls() < before + 3 && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    // What it cost so far is kept every second.
    std::thread::sleep(Duration::from_millis(2_500));
    let number = terminal.run(&["runs"]).expect(0)[0]["run"].to_string();
    let refused = terminal.run(&["resume", &number]).expect(4);
    assert_eq!(refused["error"]["code"], "already_running", "{refused}");
    let said = refused["error"]["message"].as_str().unwrap();
    assert!(said.contains("is being executed already"), "{said}");
    let hint = refused["error"]["hint"].as_str().unwrap();
    assert!(hint.contains("Wait until it has ended"), "{hint}");

    child.kill().unwrap();
    child.wait().unwrap();
    let shown = terminal.run(&["show", &number]).expect(0);
    assert_eq!(shown["status"], "interrupted", "{shown}");
    let calls = shown["api_calls"].as_u64().unwrap();
    assert!(calls >= 3, "{shown}");
    let words = terminal.in_words(&["show", &number]);
    assert!(
        words
            .stdout
            .contains(&format!("at least {calls} API calls")),
        "{}",
        words.stdout
    );

    // Nothing can be run before it is known what became of its last calls.
    state.clear_faults();
    let newer = terminal.run(&["plan", "S", "--full"]).expect(0);
    assert_eq!(newer["resume_first"].to_string(), number, "{newer}");
    let words = terminal.in_words(&["plan", "S"]).stdout;
    let next = words.rsplit_once("\nNext: ").unwrap().1;
    assert!(
        next.starts_with(&format!("drawbridge-cli resume {number} ")),
        "{words}"
    );
    terminal.run(&["run", &newer["plan"].to_string()]).expect(4);

    let resumed = terminal.run(&["resume", &number]).expect(0);
    assert_adds_up(&resumed);
    assert!(resumed["api_calls"].as_u64().unwrap() > calls, "{resumed}");
    let after = terminal.run(&["plan", "S"]).expect(0);
    assert!(after["resume_first"].is_null(), "{after}");
}
