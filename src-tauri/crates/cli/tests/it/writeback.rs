//! Links and imports from the terminal: what is said, and what kills leave.

use std::process::Child;
use std::time::{Duration, Instant};

use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};

use crate::Bench;

/// Customers or connected accounts that Alguna made.
fn made(state: &State, path_ends: &str) -> usize {
    let log = state.request_log();
    log.iter()
        .filter(|it| it.server == Server::Alguna && it.method == "POST" && it.status == 201)
        .filter(|it| it.path.ends_with(path_ends))
        .count()
}

/// Each call that writes to Alguna takes a while, half of it after the work is done.
fn slow_down(state: &State) {
    let slow = Fault::new(Server::Alguna, "/customers", FaultKind::Slow(15));
    state.arm(slow.method("POST").times(u32::MAX));
}

/// Kills a process once Alguna has made a few more.
fn kill_after(mut child: Child, state: &State, path_ends: &str, more: usize) {
    let before = made(state, path_ends);
    let began = Instant::now();
    while made(state, path_ends) < before + more && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[test]
fn links_are_said_in_the_plan_and_the_run_and_survive_kills() {
    let bench = Bench::with_customers(400);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let off = terminal.run(&["sync", "links", "S"]).expect(0);
    assert_eq!((&off["on"], &off["offered"]), (&false.into(), &true.into()));
    assert_eq!(
        terminal.run(&["sync", "links", "S", "on"]).expect(0)["on"],
        true
    );

    let plan = terminal.run(&["plan", "S"]).expect(0);
    let to_link = plan["links"]["to_link"].as_u64().unwrap();
    assert!(to_link > 60, "{plan}");
    assert_eq!(plan["links"]["calls"], to_link * 3);
    slow_down(&state);
    let number = plan["plan"].to_string();
    let mut command = vec!["run".to_owned(), number];
    for _ in 0..3 {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        kill_after(terminal.spawn(&arguments), &state, "/connected-accounts", 9);
        let runs = terminal.run(&["runs"]).expect(0);
        assert_eq!(runs[0]["status"], "interrupted", "{runs}");
        command = vec!["resume".to_owned(), runs[0]["run"].to_string()];
    }
    state.clear_faults();
    let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
    let run = terminal.run(&arguments).expect(0);
    assert_eq!(run["adds_up"], true, "{run}");
    assert_eq!(run["links"]["recorded"], to_link, "{run}");
    assert_eq!(made(&state, "/connected-accounts") as u64, to_link);

    let number = run["run"].to_string();
    let shown = terminal.run(&["show", &number, "--links"]).expect(0);
    assert_eq!(shown["rows"].as_array().unwrap().len() as u64, to_link);
    let undo = terminal.run(&["undo", &number]).expect(0);
    assert_eq!(undo["links"]["to_link"], to_link, "{undo}");
    let undone = terminal.run(&["undo", &number, "--yes"]).expect(0);
    assert_eq!(undone["links"]["recorded"], to_link, "{undone}");

    // Recorded anew, they are the later run's: the first has none left to take back.
    let anew = terminal.run(&["run", &terminal.plan()]).expect(0);
    assert_eq!(anew["links"]["recorded"], to_link, "{anew}");
    let again = terminal.run(&["undo", &number]).expect(0);
    assert_eq!(again["links"]["to_link"], 0, "{again}");
    let own = terminal.run(&["undo", &anew["run"].to_string()]).expect(0);
    assert_eq!(own["links"]["to_link"], to_link, "{own}");
}

/// A run that is killed while Alguna has made links whose answers were not heard yet.
fn killed_among_its_links() -> (Bench, String, u64) {
    let bench = Bench::with_customers(400);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    terminal.run(&["sync", "links", "S", "on"]).expect(0);
    let plan = terminal.run(&["plan", "S"]).expect(0);
    let to_link = plan["links"]["to_link"].as_u64().unwrap();
    // What was made is not heard of for a while.
    let slow = Fault::new(
        Server::Alguna,
        "/connected-accounts",
        FaultKind::SlowBody(20),
    );
    state.arm(slow.method("POST").times(u32::MAX));
    let child = terminal.spawn(&["run", &plan["plan"].to_string()]);
    kill_after(child, &state, "/connected-accounts", 3);
    state.clear_faults();
    let run = terminal.run(&["runs"]).expect(0)[0].clone();
    assert_eq!(run["status"], "interrupted", "{run}");
    let number = run["run"].to_string();
    let shown = terminal.run(&["show", &number, "--links"]).expect(0);
    let recorded = shown["links"]["recorded"].as_u64().unwrap();
    assert!(recorded < made(&state, "/connected-accounts") as u64);
    (bench, number, to_link)
}

#[test]
fn an_undo_and_a_new_run_wait_until_links_on_their_way_are_known() {
    let (bench, number, to_link) = killed_among_its_links();
    let (terminal, state) = (&bench.terminal, bench.simulator.state());
    let plan = terminal.plan();
    for line in [
        vec!["undo", &number],
        vec!["undo", &number, "--yes"],
        vec!["run", &plan],
    ] {
        let refused = terminal.run(&line).expect(4);
        assert_eq!(refused["error"]["code"], "guard");
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains("on their way to Alguna"), "{message}");
        let hint = refused["error"]["hint"].as_str().unwrap();
        assert!(
            hint.contains(&format!("Resume run {number} first")),
            "{hint}"
        );
    }
    let run = terminal.run(&["resume", &number]).expect(0);
    assert_eq!(run["links"]["recorded"], to_link, "{run}");
    assert_eq!(made(&state, "/connected-accounts") as u64, to_link);
    let undone = terminal.run(&["undo", &number, "--yes"]).expect(0);
    assert_eq!(undone["links"]["recorded"], to_link, "{undone}");
}

#[test]
fn links_on_their_way_to_an_alguna_that_is_only_read_by_now_are_told_as_unknown() {
    let (bench, number, _) = killed_among_its_links();
    let terminal = &bench.terminal;
    terminal
        .run(&["connections", "read-only", "Alguna", "on"])
        .expect(0);
    let run = terminal.run(&["resume", &number]).document();
    assert_eq!(run["status"], "finished", "{run}");
    let unknown = run["links"]["unknown"].as_u64().unwrap();
    assert!(unknown > 0, "{run}");
    // It is settled: nothing waits for it for ever, and the undo says what it does not take back.
    let undo = terminal.run(&["undo", &number]).expect(0);
    let note = undo["note"].as_str().unwrap();
    assert!(note.contains("in Alguna"), "{note}");
}

#[test]
fn an_import_is_previewed_guarded_and_survives_kills() {
    let bench = Bench::with_customers(900);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let accounts = ["import", "accounts", "S", "--currency", "EUR"];
    let preview = terminal.run(&accounts).expect(0);
    let create = preview["create"].as_u64().unwrap();
    assert!(create > 50, "{preview}");
    assert_eq!(made(&state, "/customers"), 0);
    let number = preview["import"].to_string();
    let refused = terminal.run(&["import", "run", &number]).expect(4);
    assert_eq!(refused["error"]["code"], "guard");
    let name = refused["error"]["hint"].as_str().unwrap();
    let name = name.rsplit(": ").next().unwrap().trim_end_matches('.');

    slow_down(&state);
    let command = ["import", "run", &number, "--confirm", name];
    for _ in 0..3 {
        kill_after(terminal.spawn(&command), &state, "/customers", 7);
        let cut = terminal.run(&["import", "show", &number]).expect(0);
        assert_eq!(cut["status"], "interrupted", "{cut}");
    }
    state.clear_faults();
    let done = terminal.run(&command).expect(0);
    assert_eq!(done["adds_up"], true, "{done}");
    assert_eq!(done["counts"]["created"], create, "{done}");
    assert_eq!(made(&state, "/customers") as u64, create);
    let again = terminal.run(&accounts).expect(0);
    assert_eq!(again["create"], 0, "{again}");
    for code in ["EURO", "foo", "XXX"] {
        let wrong = terminal.run(&["import", "accounts", "S", "--currency", code]);
        let error = wrong.expect(2)["error"].clone();
        assert_eq!(error["code"], "bad_request");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("ISO 4217"), "{message}");
        assert!(message.contains("such as USD or EUR"), "{message}");
    }
}

#[test]
fn an_import_says_why_accounts_are_blocked() {
    let bench = Bench::with_customers(200);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let preview = terminal.run(&["import", "accounts", "S"]).expect(0);
    assert_eq!(preview["create"], 0, "{preview}");
    let causes = preview["blocked_by"].as_array().unwrap();
    let total: u64 = causes
        .iter()
        .map(|it| it["accounts"].as_u64().unwrap())
        .sum();
    assert_eq!(preview["blocked"], total, "{preview}");
    assert_eq!(causes[0]["code"], "no_currency", "{preview}");
    let count = causes[0]["accounts"].to_string();
    let told = terminal.in_words(&["import", "accounts", "S"]);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let words = format!("{count} say no currency: give --currency CODE");
    assert!(told.stdout.contains(&words), "{}", told.stdout);
}
