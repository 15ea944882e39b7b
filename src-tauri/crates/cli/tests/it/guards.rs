//! Exit codes: what is refused, what is rejected, what is wrong usage.

use drawbridge_testkit::external_ids;
use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

use crate::{Bench, assert_adds_up};

#[test]
fn the_whole_story_ends_well_and_says_so() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let writes = bench.simulator.state().write_calls();
    let plan = terminal.run(&["plan", "S"]).expect(0);
    assert_eq!(bench.simulator.state().write_calls(), writes);
    let run = terminal.run(&["run", &plan["plan"].to_string()]).expect(0);
    assert_adds_up(&run);
    assert_eq!(run["counts"]["created"], plan["counts"]["create"]);
    let run_number = run["run"].to_string();
    let shown = terminal
        .run(&["show", &run_number, "--rows", "all"])
        .expect(0);
    assert_eq!(shown["rows"].as_array().unwrap().len() as u64, run["read"]);
    let runs = terminal.run(&["runs"]).expect(0);
    assert_eq!(runs[0]["status"], "finished");
    let dir = terminal.dir.path();
    for name in ["report.html", "report.csv"] {
        let file = dir.join(name);
        terminal
            .run(&["show", &run_number, "--report", file.to_str().unwrap()])
            .expect(0);
        let report = std::fs::read_to_string(&file).unwrap();
        assert!(report.contains(" read = "), "{report}");
    }
    terminal
        .run(&["show", &run_number, "--report", "report.pdf"])
        .expect(2);
    let exported = terminal.run(&["export", "runs", "--format", "json"]);
    assert_eq!(exported.expect(0)[0]["balance"], "right");
    let row = shown["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["outcome"] == "updated");
    let (customer, record) = (
        row.unwrap()["customer"].clone(),
        row.unwrap()["record"].clone(),
    );
    for of in [&customer, &record] {
        let told = terminal
            .run(&["explain", "S", of.as_str().unwrap()])
            .expect(0);
        assert_eq!(told["customer"], customer);
        assert_eq!(told["record"], record);
        let fields = told["fields"].as_array().unwrap();
        assert!(
            fields
                .iter()
                .any(|field| field["writes"][0]["run"] == run["run"]),
            "{told}"
        );
    }
    terminal.run(&["explain", "S", "nobody"]).expect(1);
    let again = terminal.run(&["sync", "run", "S", "--yes"]).expect(0);
    assert_adds_up(&again);
    assert_eq!(again["counts"]["created"], 0);
    assert_eq!(again["counts"]["updated"], 0);
}

#[test]
fn production_is_refused_until_its_domain_is_given() {
    let bench = Bench::with_customers(30);
    let (terminal, urls) = (&bench.terminal, bench.simulator.urls());
    terminal.prepare(urls, "alguna", true);
    let wrong = terminal.connect_org("LIVE", "sandbox", &urls.salesforce_production);
    let refused = wrong.expect(4);
    assert_eq!(refused["error"]["code"], "wrong_org");
    assert!(refused["error"]["hint"].is_string(), "{refused}");
    let live = terminal
        .connect_org("LIVE", "production", &urls.salesforce_production)
        .expect(0);
    let domain = live["org"]["domain"].as_str().unwrap();
    let make = [
        "sync", "create", "--name", "P", "--source", "Alguna", "--org", "LIVE",
    ];
    terminal.run(&make).expect(0);
    terminal.run(&["fields", "P", "--deploy"]).expect(0);
    let plan = terminal.run(&["plan", "P"]).expect(0)["plan"].to_string();
    let writes = bench.simulator.state().write_calls();
    for arguments in [
        &["run", &plan][..],
        &["run", &plan, "--confirm", "wrong.example"],
        &["sync", "run", "P", "--yes"],
    ] {
        let refused = terminal.run(arguments).expect(4);
        assert_eq!(refused["error"]["code"], "guard", "{refused}");
        let message = refused["error"]["message"].as_str().unwrap();
        assert!(message.contains(domain), "{message}");
        let hint = refused["error"]["hint"].as_str().unwrap();
        assert!(hint.contains(&format!("--confirm {domain}")), "{hint}");
    }
    assert_eq!(bench.simulator.state().write_calls(), writes);
    let plan = terminal.run(&["plan", "P"]).expect(0)["plan"].to_string();
    let run = terminal.run(&["run", &plan, "--confirm", domain]).expect(0);
    assert_adds_up(&run);
    assert!(bench.simulator.state().write_calls() > writes);
}

#[test]
fn rejected_rows_end_with_three() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let fault = FaultKind::RowErrors {
        status_code: "STRING_TOO_LONG".into(),
        message: "Billing City: data value too large".into(),
        every_nth: 10,
    };
    let state = bench.simulator.state();
    let fault = Fault::new(Server::SalesforceSandbox, "/composite/sobjects", fault);
    state.arm(fault.method("PATCH").times(u32::MAX));
    let run = terminal.run(&["run", &terminal.plan()]).expect(3);
    assert_adds_up(&run);
    let rejected = run["counts"]["rejected"].as_u64().unwrap();
    assert!(rejected > 0);
    let number = run["run"].to_string();
    let shown = terminal
        .run(&["show", &number, "--rows", "rejected"])
        .expect(0);
    assert_eq!(shown["rows"].as_array().unwrap().len() as u64, rejected);
    let ids = external_ids(&state, "Account", "Alguna_Customer_ID__c");
    let written = &run["counts"];
    let written = written["created"].as_u64().unwrap() + written["updated"].as_u64().unwrap();
    assert_eq!(ids.len() as u64, written);
}

#[test]
fn wrong_usage_is_two_and_what_is_not_there_is_one() {
    let bench = Bench::with_customers(20);
    let terminal = &bench.terminal;
    assert_eq!(terminal.run(&["run"]).code, Some(2));
    assert_eq!(terminal.run(&["no-such-command"]).code, Some(2));
    let missing = terminal.run(&["plan", "Nowhere"]).expect(1);
    assert_eq!(missing["error"]["code"], "not_found");
    assert!(
        missing["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Nowhere")
    );
    assert_eq!(
        terminal.run(&["show", "7"]).expect(1)["error"]["code"],
        "not_found"
    );
}

#[test]
fn a_missing_secret_is_named() {
    let bench = Bench::with_customers(20);
    let mut bench = bench;
    bench
        .terminal
        .prepare(bench.simulator.urls(), "alguna", true);
    bench.terminal.set("DRAWBRIDGE_SECRET_ALGUNA", "");
    let refused = bench.terminal.run(&["plan", "S"]).expect(1);
    assert_eq!(refused["error"]["code"], "needs_sign_in");
    let error = refused["error"].to_string();
    assert!(error.contains("Alguna"), "{error}");
    assert!(refused["error"]["hint"].is_string(), "{error}");
}

#[test]
fn a_key_is_replaced_only_by_one_that_works() {
    let mut bench = Bench::with_customers(20);
    bench
        .terminal
        .prepare(bench.simulator.urls(), "alguna", true);
    bench.terminal.set("NEW_KEY", "ak_live_not-a-key");
    let replacing = |name| ["connections", "replace-key", name, "--token-env", "NEW_KEY"];
    let refused = bench.terminal.run(&replacing("Alguna")).expect(1);
    assert_eq!(refused["error"]["code"], "needs_sign_in");
    // What the window calls by its place is a command here.
    let hint = refused["error"]["hint"].as_str().unwrap();
    assert!(
        hint.contains("`drawbridge-cli connections replace-key NAME"),
        "{hint}"
    );
    assert!(!hint.contains("screen"), "{hint}");
    bench.terminal.run(&["plan", "S"]).expect(0);
    let key = bench.simulator.credentials().alguna_api_key.clone();
    bench.terminal.set("NEW_KEY", &key);
    let replaced = bench.terminal.run(&replacing("Alguna")).expect(0);
    assert_eq!(replaced["status"], "connected", "{replaced}");
    assert!(!replaced.to_string().contains(&key));
    bench.terminal.run(&replacing("nobody")).expect(1);
}

#[test]
fn a_source_that_is_suddenly_empty_halts_until_it_is_accepted() {
    let bench = Bench::with_customers(30);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let first = terminal.run(&["sync", "run", "S", "--yes"]).expect(0);
    assert_eq!(first["read"], 30);
    let state = bench.simulator.state();
    // Lists only: what is due this very day is asked for by itself, and is there.
    for list in ["/customers", "/subscriptions"] {
        let empty = Fault::new(Server::Alguna, list, FaultKind::LessRows(usize::MAX));
        state.arm(empty.times(u32::MAX));
    }
    // A reading of changes takes nothing for gone, so nothing would happen.
    let changes = terminal.run(&["plan", "S"]).expect(0);
    assert_eq!(changes["counts"]["update"], 0, "{changes}");
    let plan = terminal.run(&["plan", "S", "--full"]).expect(0);
    assert_eq!(plan["halts"][0]["name"], "source-empty", "{plan}");
    let number = plan["plan"].to_string();
    let refused = terminal.run(&["run", &number]).expect(4);
    assert_eq!(refused["error"]["code"], "guard");
    // What the terminal alone can say is its hint; the message is the window's too.
    assert_eq!(
        refused["error"]["hint"], "Say it with --accept source-empty",
        "{refused}"
    );
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(!message.contains("source-empty"), "{message}");
    let unknown = terminal
        .run(&["run", &number, "--accept", "bogus-halt"])
        .expect(2);
    let said = unknown["error"].to_string();
    assert!(said.contains("no safety halt “bogus-halt”"), "{said}");
    assert!(said.contains("source-empty"), "{said}");
    let run = terminal
        .run(&["run", &number, "--accept", "source-empty"])
        .expect(0);
    assert_adds_up(&run);
    assert_eq!(run["read"], 0);
    let ids = external_ids(&state, "Account", "Alguna_Customer_ID__c");
    assert!(!ids.is_empty(), "no record is deleted");
}

#[test]
fn a_sync_is_promoted_when_nothing_is_in_the_way() {
    let bench = Bench::with_customers(30);
    let (terminal, urls) = (&bench.terminal, bench.simulator.urls());
    terminal.prepare(urls, "alguna", true);
    terminal
        .connect_org("LIVE", "production", &urls.salesforce_production)
        .expect(0);
    let state = bench.simulator.state();
    let writes = state.write_calls();
    let promote = ["sync", "promote", "S", "--to", "LIVE"];
    let refused = terminal.run(&promote).expect(4);
    assert!(refused["checklist"]["blocking"].as_u64() > Some(0));
    assert!(refused["sync"].is_null(), "{refused}");
    let checked = terminal.run(&[&promote[..], &["--check"]].concat());
    assert_eq!(checked.expect(4)["checklist"], refused["checklist"]);
    assert_eq!(state.write_calls(), writes, "a checklist writes nothing");
    let made = terminal
        .run(&[&promote[..], &["--create-fields", "--name", "P"]].concat())
        .expect(0);
    assert_eq!(made["sync"]["name"], "P");
    assert_eq!(made["checklist"]["blocking"], 0);
    terminal.run(&["plan", "P"]).expect(0);
    terminal
        .run(&[&promote[..], &["--check"]].concat())
        .expect(0);
}

#[test]
fn accounts_of_several_customers_are_filled_from_profitwell_and_never_made() {
    let bench = Bench::with_customers(30);
    let (terminal, urls) = (&bench.terminal, bench.simulator.urls());
    terminal.prepare(urls, "profitwell", false);
    let syncs = terminal.run(&["sync", "list"]).expect(0);
    let (source, org) = (&syncs[0]["source_name"], &syncs[0]["org_name"]);
    let create = |more: &[&str], code: i32| {
        let ends = [
            "--source",
            source.as_str().unwrap(),
            "--org",
            org.as_str().unwrap(),
        ];
        let named = ["sync", "create", "--name", "Rolled up"];
        terminal
            .run(&[&named[..], &ends, more].concat())
            .expect(code)
    };
    create(&["--pack", "alguna"], 2);
    let onto = ["--pack", "profitwell-account"];
    let refused = create(&[&onto[..], &["--create-accounts"]].concat(), 2);
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.contains("makes no Accounts"), "{message}");
    let made = create(&onto, 0);
    assert_eq!(
        (&made["pack"], &made["sobject"]),
        (&"profitwell_account".into(), &"Account".into())
    );
    terminal.run(&["fields", "Rolled up", "--deploy"]).expect(0);
    let plan = terminal.run(&["plan", "Rolled up"]).expect(0);
    assert_eq!(plan["counts"]["create"], 0, "{plan}");
}

#[test]
fn a_second_process_is_told_who_works_on_the_sync() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let slow = Fault::new(Server::Alguna, "/customers", FaultKind::Slow(8_000));
    state.arm(slow);
    let before = state.request_log().len();
    let first = terminal.spawn(&["plan", "S"]);
    while state.request_log().len() == before && state.faults()[0].struck == 0 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let process = first.id();
    let second = terminal.run(&["plan", "S"]).expect(4);
    assert_eq!(second["error"]["code"], "already_running", "{second}");
    let said = second["error"]["message"].as_str().unwrap();
    let holder = format!("under way in drawbridge-cli (process {process})");
    assert!(said.contains(&holder), "{said}");
    terminal.wait(first).expect(0);
    terminal.run(&["plan", "S"]).expect(0);
}

#[test]
fn a_choice_that_is_not_there_is_refused_and_leaves_the_plan() {
    let bench = Bench::with_customers(30);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", false);
    let plan = terminal.plan();
    let writes = bench.simulator.state().write_calls();
    let refused = |arguments: &[&str]| {
        let refused = terminal.run(arguments).expect(2);
        format!(
            "{} {}",
            refused["error"]["message"], refused["error"]["hint"]
        )
    };
    let said = refused(&["run", &plan, "--only", "nobody"]);
    assert!(
        said.contains(&format!("nobody is not in plan {plan}")),
        "{said}"
    );
    assert!(said.contains("Nothing was written"), "{said}");
    let skipped = terminal
        .run(&["preview", &plan, "--rows", "skipped", "--limit", "1"])
        .expect(0);
    let customer = skipped["rows"][0]["customer"].as_str().unwrap();
    let said = refused(&["run", &plan, "--only", customer]);
    assert!(said.contains(&format!("{customer} is skipped: ")), "{said}");
    let update = terminal
        .run(&["preview", &plan, "--rows", "update", "--limit", "1"])
        .expect(0);
    let customer = update["rows"][0]["customer"].as_str().unwrap();
    terminal
        .run(&["preview", &plan, "--hold", customer])
        .expect(0);
    let said = refused(&["run", &plan, "--only", customer]);
    assert!(said.contains(&format!("{customer} is held")), "{said}");
    let said = refused(&["run", &plan, "--accept", "bogus-halt"]);
    assert!(said.contains("no safety halt “bogus-halt”"), "{said}");
    assert_eq!(bench.simulator.state().write_calls(), writes);
    assert_eq!(terminal.run(&["runs"]).expect(0), serde_json::json!([]));
    // A halt there is, though this plan does not have it.
    let run = terminal.run(&["run", &plan, "--accept", "source-empty"]);
    assert_adds_up(&run.expect(0));
}

#[test]
fn what_would_steer_a_terminal_is_shown_instead() {
    let bench = Bench::with_customers(10);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let evil = "Evil\u{1b}[2J\u{1b}[31m\u{202e}\u{9b}2J\nRow";
    let renamed = terminal
        .run(&["sync", "set", "S", "--name", evil])
        .expect(0);
    assert_eq!(renamed["name"], evil, "JSON is exact");
    for arguments in [
        &["sync", "list"][..],
        &["plan", evil],
        &["plan", "\u{1b}[2Jnobody"],
        &["runs"],
    ] {
        let ended = terminal.in_words(arguments);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!said.contains(obeyed), "{said:?}");
    }
    let list = terminal.in_words(&["sync", "list"]).stdout;
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.contains("Evil␛[2J"), "{list}");
}

#[test]
fn the_rows_of_a_plan_are_shown_held_and_approved() {
    let bench = Bench::with_customers(30);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let plan = terminal.plan();
    let all = terminal.run(&["preview", &plan, "--all"]).expect(0);
    let rows = all["rows"].as_array().unwrap();
    assert_eq!(all["total"], rows.len() as u64, "{all}");
    let few = terminal.run(&["preview", &plan, "--limit", "3"]).expect(0);
    assert_eq!(few["rows"].as_array().unwrap()[..], rows[..3]);
    assert_eq!(few["total"], all["total"]);
    let created = terminal
        .run(&["preview", &plan, "--rows", "create"])
        .expect(0);
    let row = &created["rows"][0];
    // The first one is the id a record is made by.
    let (customer, field) = (
        row["customer"].as_str().unwrap(),
        row["fields"][1]["field"].as_str().unwrap(),
    );
    assert!(row["fields"][1]["after"]["text"].is_string(), "{row}");
    let words = terminal.in_words(&["preview", &plan, "--customer", customer]);
    assert!(
        words.stdout.contains(" → ") && words.stdout.contains(customer),
        "{words:?}"
    );

    let to_write = |told: &serde_json::Value| told["tally"]["to_write"].as_u64().unwrap();
    let one = format!("{customer}:{field}");
    let held = terminal
        .run(&["preview", &plan, "--hold", customer, "--hold", &one])
        .expect(0);
    let shown = terminal
        .run(&["preview", &plan, "--customer", customer])
        .expect(0);
    assert_eq!(shown["rows"][0]["held"], true, "{shown}");
    let approved = terminal
        .run(&["preview", &plan, "--approve", customer])
        .expect(0);
    assert_eq!(to_write(&approved), to_write(&held) + 1);
    assert_eq!(approved["tally"]["held_fields"], 1, "{approved}");
    let approved = terminal
        .run(&["preview", &plan, "--approve", &one])
        .expect(0);
    assert_eq!(approved["tally"]["held_fields"], 0, "{approved}");
    for wrong in ["nobody", "nobody:Name"] {
        let refused = terminal.run(&["preview", &plan, "--hold", wrong, "--hold", customer]);
        refused.expect(2);
    }
    let shown = terminal
        .run(&["preview", &plan, "--rows", "held"])
        .expect(0);
    assert_eq!(
        shown["total"], 0,
        "nothing is decided where one is wrong: {shown}"
    );
    terminal.run(&["preview", "99"]).expect(1);
}

/// Ends with a word what a scheduler started.
#[cfg(unix)]
fn terminate(child: &std::process::Child) {
    let sent = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

#[cfg(unix)]
#[test]
fn whoever_ends_the_process_stops_the_run_after_the_calls_under_way() {
    use std::time::{Duration, Instant};

    let bench = Bench::with_customers(900);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let slow = Fault::new(
        Server::SalesforceSandbox,
        "/composite/sobjects",
        FaultKind::Slow(400),
    );
    state.arm(slow.times(u32::MAX));
    let writes = state.write_calls();
    let child = terminal.spawn(&["run", &terminal.plan()]);
    let began = Instant::now();
    while state.write_calls() == writes && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    terminate(&child);
    let stopped = terminal.wait(child).expect(5);
    state.clear_faults();
    assert_eq!(stopped["status"], "stopped", "{stopped}");
    assert!(stopped["counts"]["created"].as_u64() > Some(0), "{stopped}");

    // A newer run takes its place: it is told so, and cannot come after it.
    terminal.run(&["run", &terminal.plan()]).expect(0);
    let runs = terminal.run(&["runs"]).expect(0);
    assert_eq!(runs[1]["run"], stopped["run"]);
    assert_eq!(runs[1]["superseded_by"], runs[0]["run"], "{runs}");
    assert!(runs[0]["superseded_by"].is_null(), "{runs}");
    let words = terminal.in_words(&["runs"]).stdout;
    assert!(words.contains("stopped, superseded by 2"), "{words}");
    terminal
        .run(&["resume", &stopped["run"].to_string()])
        .expect(4);
    terminal.run(&["undo", "2", "--yes"]).expect(0);
    let words = terminal.in_words(&["runs"]).stdout;
    assert!(words.contains("finished, undo of 2"), "{words}");
}

#[test]
fn whoever_stops_reading_stops_nothing() {
    let bench = Bench::with_customers(300);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let plan = terminal.plan();
    let mut child = terminal.spawn(&["run", &plan]);
    drop(child.stdout.take());
    drop(child.stderr.take());
    let ended = child.wait().unwrap();
    assert_eq!(ended.code(), Some(0));
    let runs = terminal.run(&["runs"]).expect(0);
    assert_eq!(runs[0]["status"], "finished", "{runs}");
    let mut child = terminal.spawn(&["runs"]);
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
