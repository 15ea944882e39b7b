//! The process is killed at any instant: nothing is lost, nothing is written twice.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use drawbridge_testkit::simulator::{Fault, FaultKind, Server, State};
use drawbridge_testkit::{Ended, external_ids};

use crate::{Bench, assert_adds_up};

const ID: &str = "Alguna_Customer_ID__c";

/// How a run is killed, and its resumes.
struct Killing {
    way: &'static str,
    customers: usize,
    kills: u32,
    /// So many kills at least must meet a run under way.
    least: u32,
    /// Most kills come within so many milliseconds of a write.
    within: u64,
    seed: u64,
}

impl Killing {
    fn of(way: &'static str, least: u32, within: u64) -> Self {
        Self {
            way,
            customers: 3_000,
            kills: 10,
            least,
            within,
            seed: 20_261_121,
        }
    }
}

/// Each call that writes takes a while of its own, so that there are instants between them in which
/// some of the calls in flight have arrived and some have not. So does each call about a Bulk job,
/// and each job.
fn slow_down(state: &State, random: &mut fastrand::Rng) {
    for _ in 0..500 {
        let slow = FaultKind::Slow(random.u64(5..120));
        let slow = Fault::new(Server::SalesforceSandbox, "/composite/sobjects", slow);
        state.arm(slow.method("PATCH"));
    }
    for number in 0..200 {
        let time = random.u64(5..400);
        let slow = match number % 2 {
            0 => FaultKind::Slow(time),
            _ => FaultKind::SlowBulk(time * 5),
        };
        state.arm(Fault::new(Server::SalesforceSandbox, "/jobs/ingest", slow));
    }
}

/// Ends it without a word to it.
fn kill(mut child: Child) -> Ended {
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        peak_kb: None,
        took: Duration::ZERO,
    }
}

/// Waits until the servers saw one more write of records, or for `longest`.
fn until_a_write(state: &State, longest: Duration) {
    let before = state.write_calls();
    let began = Instant::now();
    while state.write_calls() == before && began.elapsed() < longest {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn killed_again_and_again_nothing_is_lost_or_doubled() {
    killed(&Killing::of("collections", 6, 25));
}

/// There are fewer instants at which a job can be met, and the run is over sooner.
#[test]
fn killed_again_and_again_while_bulk_jobs_write() {
    killed(&Killing::of("bulk", 3, 400));
}

#[test]
#[ignore = "takes many minutes"]
fn killed_two_hundred_times_over_ten_thousand_customers() {
    let mut met = 0;
    for round in 0.. {
        let (way, within) = [("collections", 25), ("bulk", 400)][round % 2];
        met += killed(&Killing {
            customers: 10_000,
            kills: 40,
            least: 0,
            seed: round as u64,
            ..Killing::of(way, 0, within)
        });
        println!("{met} kills met a run under way: nothing lost, nothing doubled");
        if met >= 200 {
            return;
        }
    }
}

/// Kills a run, and each resume, at any instant. Gives how many kills met a run under way.
fn killed(killing: &Killing) -> u32 {
    let Killing { way, within, .. } = *killing;
    let bench = Bench::with_customers(killing.customers);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let accounts = state.count("Account");
    let plan = terminal.run(&["plan", "S"]).expect(0);
    let to_write = usize::try_from(plan["to_write"].as_u64().unwrap()).unwrap();
    let mut random = fastrand::Rng::with_seed(killing.seed);
    slow_down(&state, &mut random);
    let mut command = ["run", &plan["plan"].to_string(), "--way", way]
        .map(str::to_owned)
        .to_vec();
    let mut finished = None;
    let mut interrupted = 0;
    for number in 0..killing.kills {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let child = terminal.spawn(&arguments);
        // Some of the kills come at any time, most within moments of a write.
        if number % 3 == 2 {
            std::thread::sleep(Duration::from_millis(random.u64(20..900)));
        } else {
            until_a_write(&state, Duration::from_secs(8));
            std::thread::sleep(Duration::from_millis(random.u64(0..within)));
        }
        let ended = kill(child);
        assert!(matches!(ended.code, None | Some(0)), "{ended:?}");
        let runs = terminal.run(&["runs"]).expect(0);
        match runs[0]["status"].as_str() {
            // Killed before the run was begun.
            None => {}
            Some("finished") => {
                finished = Some(());
                println!("kill {number}: the run had finished");
                break;
            }
            Some(status) => {
                assert_eq!(status, "interrupted", "{runs}");
                interrupted += 1;
                command = vec!["resume".to_owned(), runs[0]["run"].to_string()];
                let there = external_ids(&state, "Account", ID).len();
                println!("kill {number}: {there} of {to_write} records are there");
            }
        }
    }
    assert!(
        interrupted >= killing.least,
        "only {interrupted} kills met a run under way"
    );
    if finished.is_none() {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        assert_adds_up(&terminal.run(&arguments).expect(0));
    }
    state.clear_faults();

    let runs = terminal.run(&["runs"]).expect(0);
    let run = terminal
        .run(&["show", &runs[0]["run"].to_string()])
        .expect(0);
    assert_adds_up(&run);
    assert_eq!(run["counts"]["unknown"], 0, "{run}");
    assert_eq!(run["differs"], 0, "{run}");
    let ids = external_ids(&state, "Account", ID);
    assert!(ids.values().all(|count| *count == 1), "doubled: {ids:?}");
    assert_eq!(ids.len(), to_write, "lost");
    let created = usize::try_from(plan["counts"]["create"].as_u64().unwrap()).unwrap();
    assert_eq!(state.count("Account"), accounts + created);
    let again = terminal.run(&["plan", "S"]).expect(0);
    assert_eq!(again["to_write"], 0, "{again}");
    interrupted
}

#[test]
fn ctrl_c_stops_cleanly_and_the_run_resumes() {
    let bench = Bench::with_customers(2_500);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let state = bench.simulator.state();
    let plan = terminal.run(&["plan", "S"]).expect(0);
    let slow = Fault::new(
        Server::SalesforceSandbox,
        "/composite/sobjects",
        FaultKind::Slow(250),
    );
    state.arm(slow.times(u32::MAX));
    let child = terminal.spawn(&["run", &plan["plan"].to_string(), "--way", "collections"]);
    until_a_write(&state, Duration::from_secs(10));
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    let stopped = terminal.wait(child);
    assert!(stopped.stderr.contains("Stopping"), "{}", stopped.stderr);
    let run = stopped.expect(5);
    assert_eq!(run["status"], "stopped", "{run}");
    assert_eq!(run["adds_up"], false);
    let left = run["still_to_write"].as_u64().unwrap();
    assert!(left > 0, "{run}");
    let counts = run["counts"].as_object().unwrap();
    let settled: u64 = counts.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(run["read"], settled + left, "{run}");
    // What was written is written down: no more, no less.
    let written =
        run["counts"]["created"].as_u64().unwrap() + run["counts"]["updated"].as_u64().unwrap();
    assert_eq!(external_ids(&state, "Account", ID).len() as u64, written);

    state.clear_faults();
    let resumed = terminal.run(&["resume", &run["run"].to_string()]).expect(0);
    assert_adds_up(&resumed);
    let ids = external_ids(&state, "Account", ID);
    assert_eq!(ids.len() as u64, plan["to_write"].as_u64().unwrap());
    assert!(ids.values().all(|count| *count == 1));
    let refused = terminal.run(&["resume", &run["run"].to_string()]).expect(2);
    assert_eq!(refused["error"]["code"], "bad_request");
}
