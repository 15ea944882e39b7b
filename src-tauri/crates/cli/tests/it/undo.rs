//! Taking a run back from the terminal, with the records it created and without.

use std::time::{Duration, Instant};

use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{external_ids, find};
use serde_json::{Map, Value};

use crate::{Bench, assert_adds_up};

const ID: &str = "Alguna_Customer_ID__c";
const VALUE: &str = "Alguna_Subscription_Value__c";

fn deletions(state: &State) -> usize {
    let log = state.request_log();
    log.iter().filter(|it| it.method == "DELETE").count()
}

#[test]
fn an_undo_deletes_only_with_its_option() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let accounts = state.count("Account");
    let run = terminal.run(&["run", &terminal.plan()]).expect(0);
    let number = run["run"].to_string();
    let created = &run["counts"]["created"];
    let kept = terminal.run(&["undo", &number]).expect(0);
    assert_eq!(
        (&kept["deletes"], &kept["to_delete"]),
        (&false.into(), &0.into())
    );
    assert_eq!(&kept["counts"]["skipped"], created);

    let wish = ["undo", &number, "--delete-created"];
    let preview = terminal.run(&wish).expect(0);
    assert_eq!(preview["deletes"], true);
    assert_eq!(&preview["to_delete"], created);
    assert_eq!(&preview["counts"]["delete"], created);
    assert_eq!(deletions(&state), 0, "a preview deletes nothing");

    let undone = terminal
        .run(&["undo", &number, "--delete-created", "--yes"])
        .expect(0);
    assert_adds_up(&undone);
    assert_eq!(&undone["counts"]["deleted"], created);
    assert_eq!(state.count("Account"), accounts);
    let shown = ["show", &undone["run"].to_string(), "--rows", "deleted"];
    let rows = terminal.run(&shown).expect(0)["rows"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(created, rows);
}

#[test]
fn in_production_an_undo_asks_for_the_domain_too() {
    let bench = Bench::with_customers(30);
    let (terminal, urls) = (&bench.terminal, bench.simulator.urls());
    terminal.prepare(urls, "alguna", true);
    let live = terminal
        .connect_org("LIVE", "production", &urls.salesforce_production)
        .expect(0);
    let domain = live["org"]["domain"].as_str().unwrap();
    let make = [
        "sync",
        "create",
        "--name",
        "P",
        "--source",
        "Alguna",
        "--org",
        "LIVE",
        "--create-accounts",
    ];
    terminal.run(&make).expect(0);
    terminal.run(&["fields", "P", "--deploy"]).expect(0);
    let run = terminal
        .run(&["sync", "run", "P", "--yes", "--confirm", domain])
        .expect(0);
    let number = run["run"].to_string();
    let wish = ["undo", &number, "--delete-created", "--yes"];
    let refused = terminal.run(&wish).expect(4);
    assert_eq!(refused["error"]["code"], "guard", "{refused}");
    assert_eq!(deletions(&bench.simulator.state()), 0);
    let wish = [&wish[..], &["--confirm", domain]].concat();
    let undone = terminal.run(&wish).expect(0);
    assert_adds_up(&undone);
    assert_eq!(undone["counts"]["deleted"], run["counts"]["created"]);
}

#[test]
fn killed_while_it_deletes_nothing_is_lost_and_nothing_else_goes() {
    let bench = Bench::with_customers(1_500);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let accounts = state.count("Account");
    let run = terminal.run(&["run", &terminal.plan()]).expect(0);
    let number = run["run"].to_string();
    let preview = terminal
        .run(&["undo", &number, "--delete-created"])
        .expect(0);
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..100 {
        let slow = FaultKind::Slow(random.u64(50..900));
        let slow = Fault::new(Server::SalesforceSandbox, "/composite/sobjects", slow);
        state.arm(slow.method("DELETE"));
    }
    let mut command = vec!["run".to_owned(), preview["plan"].to_string()];
    let mut interrupted = 0;
    for _ in 0..4 {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let before = deletions(&state);
        let mut child = terminal.spawn(&arguments);
        let began = Instant::now();
        while deletions(&state) == before && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(random.u64(0..40)));
        let _ = child.kill();
        let _ = child.wait();
        let newest = terminal.run(&["runs"]).expect(0)[0].clone();
        command = vec!["resume".to_owned(), newest["run"].to_string()];
        if newest["status"] == "finished" {
            break;
        }
        assert_eq!(newest["status"], "interrupted", "{newest}");
        interrupted += 1;
    }
    assert!(interrupted >= 1, "no kill met it under way");
    let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
    let newest = terminal.run(&["runs"]).expect(0)[0].clone();
    if newest["status"] != "finished" {
        terminal.run(&arguments).expect(0);
    }
    state.clear_faults();
    let undone = terminal.run(&["show", &command[1]]).expect(0);
    assert_adds_up(&undone);
    assert_eq!(
        undone["counts"]["deleted"], run["counts"]["created"],
        "{undone}"
    );
    assert_eq!(undone["counts"]["unknown"], 0);
    assert_eq!(undone["differs"], 0);
    assert_eq!(state.count("Account"), accounts);
    assert!(external_ids(&state, "Account", ID).is_empty());
}

/// Somebody changes every field of a record that a run wrote, or one of them.
fn edit(state: &State, before: &Map<String, Value>, only: Option<&str>) {
    let id = before["Id"].as_str().unwrap();
    let now = find(state, "Account", "Id", id);
    let stamps = ["LastModifiedDate", "LastModifiedById", "SystemModstamp"];
    let written = now.iter().filter(|(field, value)| {
        let field = field.as_str();
        before.get(field) != Some(value)
            && !stamps.contains(&field)
            && only.is_none_or(|only| only == field)
    });
    let theirs: Map<String, Value> = written
        .map(|(field, value)| {
            let theirs = match value {
                Value::Number(_) => 4321.into(),
                Value::Bool(flag) => (!flag).into(),
                Value::String(text) if text.len() == 10 && text.as_bytes()[4] == b'-' => {
                    "2001-02-03".into()
                }
                Value::String(text) if text.contains('T') && text.contains(':') => {
                    "2001-02-03T04:05:06.000+0000".into()
                }
                Value::String(_) => "theirs".into(),
                _ => Value::Null,
            };
            (field.clone(), theirs)
        })
        .collect();
    state
        .update_record("Account", id, &theirs, "Tom Okafor")
        .unwrap();
}

#[test]
fn a_preview_says_what_will_happen_where_others_were_at_work() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let before = state.records("Account");
    let run = terminal.run(&["run", &terminal.plan()]).expect(0);
    let number = run["run"].to_string();
    let count = |what: &str| run["counts"][what].as_u64().unwrap();
    let (updated, created) = (count("updated"), count("created"));
    let after = state.records("Account");
    let mut changed = before.iter().filter(|record| {
        let now = find(&state, "Account", "Id", record["Id"].as_str().unwrap());
        now[ID] != record[ID] && now[VALUE].is_number()
    });
    let (first, second) = (changed.next().unwrap(), changed.next().unwrap());

    // Of one, all that differs is held by the next plan.
    edit(&state, first, Some(VALUE));
    let plan = terminal.run(&["plan", "S"]).expect(0);
    assert_eq!(
        (&plan["counts"]["update"], &plan["to_write"]),
        (&1.into(), &0.into())
    );
    assert_eq!(plan["all_held"], 1, "{plan}");
    let told = terminal.in_words(&["plan", "S"]).stdout;
    assert!(
        told.contains("1 record to update is held in every field"),
        "{told}"
    );

    edit(&state, second, None);
    let new = after
        .iter()
        .find(|record| before.iter().all(|known| known["Id"] != record["Id"]));
    let new = new.unwrap()["Id"].as_str().unwrap();
    state.delete_record("Account", new).unwrap();
    let preview = terminal.run(&["undo", &number]).expect(0);
    assert_eq!(preview["to_restore"], updated - 1, "{preview}");
    assert_eq!(preview["left_alone"], created + 1, "{preview}");
    assert_eq!(preview["created_stay"], created - 1, "{preview}");
    let told = terminal.in_words(&["undo", &number]).stdout;
    for words in [
        format!("about {} API calls", preview["forecast"]["calls"]),
        format!("{} to restore", updated - 1),
        format!("{} left alone", created + 1),
        format!("{} records the run created stay", created - 1),
    ] {
        assert!(told.contains(&words), "{words}: {told}");
    }

    let undone = terminal.run(&["undo", &number, "--yes"]).document();
    assert_adds_up(&undone);
    assert_eq!(undone["counts"]["updated"], updated - 1, "{undone}");
    assert_eq!(undone["counts"]["held"], 1, "{undone}");
    let shown = ["show", &undone["run"].to_string(), "--rows", "held"];
    let told = terminal.in_words(&shown);
    assert!(
        told.stdout.contains("changed since the run"),
        "{}",
        told.stdout
    );
    let problems = undone["problems"].to_string();
    assert!(problems.contains("changed_since_run"), "{problems}");
    assert!(!problems.contains("write policy"), "{problems}");
}
