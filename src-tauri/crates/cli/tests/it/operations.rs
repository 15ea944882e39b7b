//! ProfitWell's operations from the terminal, and batches of them that are throttled and killed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Child;
use std::time::{Duration, Instant};

use drawbridge_testkit::simulator::{Config, Fault, FaultKind, Server, State};
use serde_json::Value;

use crate::Bench;

pub(crate) fn bench(rate_limits: bool) -> Bench {
    let bench = Bench::start(Config {
        customers: 20,
        rate_limits,
        ..Config::default()
    });
    let url = bench.simulator.urls().profitwell.clone();
    let token = "DRAWBRIDGE_SECRET_PROFITWELL";
    let words = [
        "connect",
        "profitwell",
        "--name",
        "ProfitWell",
        "--token-env",
        token,
    ];
    let words = [&words[..], &["--base-url", &url]].concat();
    bench.terminal.run(&words).expect(0);
    bench
}

/// Runs `profitwell …`, split at blanks, which must end with this code.
pub(crate) fn told(bench: &Bench, line: &str, code: i32) -> Value {
    let mut words = vec!["profitwell"];
    words.extend(line.split_whitespace());
    bench.terminal.run(&words).expect(code)
}

/// Calls that ProfitWell carried out, by method and path.
fn done(state: &State) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for it in state.request_log() {
        if it.server == Server::Profitwell && it.is_write && it.status != 429 {
            *calls
                .entry(format!("{} {}", it.method, it.path))
                .or_default() += 1;
        }
    }
    calls
}

#[test]
fn every_operation_has_its_line() {
    let bench = bench(false);
    let create = "subscription create --email ada@example.com --user-alias ada --alias ada_1 --plan web \
                  --interval month --value 50 --date 2025-01-01";
    let said = told(&bench, create, 0);
    assert_eq!(said["ready"], true, "{said}");
    assert!(
        said["sentence"]
            .as_str()
            .unwrap()
            .contains("50.00 USD (5000 cents)")
    );
    assert!(
        done(&bench.simulator.state()).is_empty(),
        "a preview sends nothing"
    );
    // The line that is given to be copied does the same.
    let line = said["command"].as_str().unwrap();
    let line = line.strip_prefix("drawbridge-cli profitwell ").unwrap();
    assert_eq!(told(&bench, line, 0)["sentence"], said["sentence"]);
    assert_eq!(told(&bench, &format!("{line} --yes"), 0)["outcome"], "done");

    let update = "subscription update ada_1 --user ada --plan pro --interval year --value 600 --date 2025-02-01";
    let changed = told(&bench, &format!("{update} --yes"), 0);
    assert_eq!(changed["after"]["value"], "600.00", "{changed}");
    assert!(changed["before"][0].as_str().unwrap().contains("50.00 USD"));
    let churn =
        "subscription churn ada_1 --user ada --date 2031-01-01 --churn-type delinquent --yes";
    assert_eq!(
        told(&bench, churn, 0)["after"]["status"],
        "churned_delinquent"
    );
    assert_eq!(told(&bench, churn, 0)["outcome"], "already");
    let moved = "subscription churn ada_1 --user ada --date 2031-02-01 --yes";
    assert_eq!(told(&bench, moved, 3)["outcome"], "rejected");
    assert_eq!(
        told(&bench, "subscription unchurn ada_1 --user ada --yes", 0)["outcome"],
        "done"
    );
    let listed = told(&bench, "subscription list ada", 0);
    assert_eq!(listed["total"], 2, "{listed}");
    assert_eq!(listed["events"][1]["plan"], "pro");

    told(&bench, "user update ada --email new@example.com --yes", 0);
    assert_eq!(
        told(&bench, "subscription list ada --limit 1", 0)["events"][0]["email"],
        "new@example.com"
    );
    told(&bench, "plan create scale --name Scale --yes", 0);
    told(&bench, "plan update scale --name Bigger --yes", 0);
    assert_eq!(told(&bench, "plan get scale", 0)["name"], "Bigger");
    assert!(
        told(&bench, "plan list --all", 0)["total"]
            .as_u64()
            .unwrap()
            > 0
    );
    let customers = told(&bench, "customer list --descending", 0);
    assert_eq!(customers["customers"].as_array().unwrap().len(), 10);
    let id = customers["customers"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        told(&bench, &format!("customer get {id}"), 0)["id"],
        id.as_str()
    );

    // What is wrong, missing or not there.
    let wrong = told(
        &bench,
        "subscription update pwu_x --value 1,50 --date 01/02/2026 --yes",
        2,
    );
    let words = wrong["error"]["message"].as_str().unwrap();
    for field in [
        "subscription:",
        "plan_id:",
        "plan_interval:",
        "value:",
        "effective_date:",
    ] {
        assert!(words.contains(field), "{words}");
    }
    assert_eq!(
        told(&bench, "subscription list nobody", 1)["error"]["code"],
        "not_found"
    );
    let provider = told(
        &bench,
        &format!("user update {id} --email x@example.com --connection profitwell"),
        0,
    );
    assert_eq!(provider["ready"], true);
    let stripe = told(&bench, "user update cus_1 --email x@example.com --yes", 3);
    assert!(
        stripe["message"].as_str().unwrap().contains("Stripe"),
        "{stripe}"
    );
    let guard = |state: &str| {
        bench
            .terminal
            .run(&["connections", "read-only", "ProfitWell", state])
    };
    assert_eq!(guard("on").expect(0)["read_only"], true);
    let refused = told(&bench, "plan update scale --name No --yes", 4);
    assert_eq!(refused["error"]["code"], "guard", "{refused}");
    assert_eq!(guard("off").expect(0)["read_only"], false);
    told(&bench, "user delete ada --yes", 4);
    told(&bench, "user delete ada --yes --confirm bob", 4);
    assert_eq!(
        told(&bench, "user delete ada --yes --confirm ada", 0)["outcome"],
        "done"
    );
    told(&bench, "subscription list ada", 1);

    let past = told(&bench, "operations", 0);
    assert!(past.as_array().unwrap().len() >= 9, "{past}");
    let first = past.as_array().unwrap().last().unwrap()["operation"].to_string();
    let shown = told(&bench, &format!("operations {first}"), 0);
    assert_eq!(shown["rows"][0]["outcome"], "done", "{shown}");
    told(&bench, &format!("operations --resume {first}"), 4);
    let file = bench.terminal.dir.path().join("done.csv");
    told(
        &bench,
        &format!("operations {first} --report {}", file.display()),
        0,
    );
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(
        written.contains("1,create_subscription,ada_1,"),
        "{written}"
    );
}

/// So many subscriptions, each of a user of its own, in the simulated `ProfitWell`. The clock of
/// the servers moves on, so that their limits do not slow it down.
fn subscribe(bench: &Bench, how_many: usize) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (somebody, state) = (bench.somebody(), bench.simulator.state());
    for n in 0..how_many {
        if n % 20 == 0 {
            state.advance_clock(Duration::from_secs(6));
        }
        runtime.block_on(somebody.subscribe_as(&format!("user_{n}"), &format!("sub_{n}")));
    }
}

/// Kills a process once `ProfitWell` has carried out a few more changes.
fn kill_after(mut child: Child, state: &State, more: usize) -> bool {
    let before = state.totals(Server::Profitwell).writes;
    let began = Instant::now();
    let mut running = true;
    while running
        && state.totals(Server::Profitwell).writes < before + more
        && began.elapsed() < Duration::from_mins(1)
    {
        std::thread::sleep(Duration::from_millis(1));
        running = child.try_wait().unwrap().is_none();
    }
    let _ = child.kill();
    let _ = child.wait();
    running
}

/// A batch of changes that is throttled, loses answers, and is killed again and again.
fn killed(how_many: usize, kills: usize, rate_limits: bool) {
    let bench = bench(rate_limits);
    let state = bench.simulator.state();
    subscribe(&bench, how_many);
    let before = done(&state);
    let mut file = String::from("subscription_alias;user;plan;interval;amount;date\n");
    for n in 0..how_many {
        let _ = writeln!(file, "sub_{n};user_{n};pro;year;{}.50;2025-03-01", 100 + n);
    }
    let path = bench.terminal.dir.path().join("change.csv");
    std::fs::write(&path, file).unwrap();
    let preview = told(
        &bench,
        &format!("batch {} --operation update_subscription", path.display()),
        0,
    );
    assert_eq!(preview["sendable"], how_many, "{preview}");
    assert_eq!(done(&state), before, "a preview sends nothing");
    let id = preview["operation"].to_string();

    let mut random = fastrand::Rng::with_seed(20_261_121);
    let resume = ["profitwell", "operations", "--resume", &id];
    let mut met = 0;
    for kill in 0..kills {
        // Each call takes a moment, so that kills meet it before and after the work; some are
        // throttled, and some answers are lost.
        state.clear_faults();
        let on = |kind| Fault::new(Server::Profitwell, "/v2/subscriptions", kind).method("PUT");
        state.arm(on(FaultKind::DropAfterCommit).skip(random.u32(1..6)));
        state.arm(
            on(FaultKind::TooManyRequests {
                retry_after: Some(1),
            })
            .skip(2),
        );
        state.arm(on(FaultKind::DropBeforeCommit).skip(random.u32(1..6)));
        state.arm(on(FaultKind::Slow(random.u64(5..60))).times(u32::MAX));
        let child = bench.terminal.spawn(&resume);
        if !kill_after(child, &state, random.usize(2..how_many / kills)) {
            println!("kill {kill}: it had ended");
        }
        let shown = told(&bench, &format!("operations {id}"), 0);
        if shown["status"] == "finished" {
            break;
        }
        assert_eq!(shown["status"], "interrupted", "{}", shown["reason"]);
        met += 1;
    }
    assert!(met * 2 >= kills, "only {met} kills met the batch under way");
    state.clear_faults();
    let ended = bench.terminal.run(&resume);
    assert!(matches!(ended.code, Some(0 | 4)), "{}", ended.stderr);

    let shown = told(&bench, &format!("operations {id}"), 0);
    assert_eq!(shown["status"], "finished", "{}", shown["reason"]);
    assert_eq!(shown["adds_up"], true);
    let settled =
        shown["counts"]["done"].as_u64().unwrap() + shown["counts"]["already"].as_u64().unwrap();
    assert_eq!(settled, how_many as u64, "{}", shown["counts"]);
    // Every subscription was changed: none is lost, none has a second change, none was asked for a
    // change it had.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let somebody = bench.somebody();
    for n in 0..how_many {
        if n % 20 == 0 {
            state.advance_clock(Duration::from_secs(6));
        }
        let told = runtime.block_on(somebody.history(&format!("user_{n}")));
        let lines = told.as_array().unwrap();
        assert_eq!(lines.len(), 2, "{told}");
        assert_eq!(lines[1]["value"], (100 + n) * 100 + 50);
        assert_eq!(lines[1]["plan_id"], "pro");
    }
    let log = state.request_log();
    for n in 0..how_many {
        let path = format!("/v2/subscriptions/sub_{n}");
        let carried_out = log
            .iter()
            .filter(|it| it.method == "PUT" && it.path.trim_end_matches('/') == path)
            .filter(|it| it.status == 200)
            .count();
        assert!(
            carried_out <= 1,
            "{path} was carried out {carried_out} times"
        );
    }
}

#[test]
fn a_batch_is_throttled_and_killed_and_nothing_is_lost_or_doubled() {
    killed(60, 4, false);
}

/// New subscriptions, which are not looked at before they are sent: only what was begun is.
#[test]
fn new_subscriptions_are_killed_and_none_is_made_twice() {
    let bench = bench(false);
    let state = bench.simulator.state();
    let mut file = String::from("email,plan,interval,value,date\n");
    for n in 0..40 {
        let _ = writeln!(file, "new{n}@example.com,web,month,{n}.00,2025-01-01");
    }
    let path = bench.terminal.dir.path().join("new.csv");
    std::fs::write(&path, file).unwrap();
    let preview = told(
        &bench,
        &format!("batch {} --operation create-subscription", path.display()),
        0,
    );
    assert_eq!(preview["sendable"], 40, "{preview}");
    let id = preview["operation"].to_string();
    let resume = ["profitwell", "operations", "--resume", &id];
    let mut random = fastrand::Rng::with_seed(5);
    let mut met = 0;
    for _ in 0..4 {
        state.clear_faults();
        let on = |kind| Fault::new(Server::Profitwell, "/v2/subscriptions", kind).method("POST");
        state.arm(on(FaultKind::DropAfterCommit).skip(random.u32(1..5)));
        // The work is done and the answer trickles: a kill meets a call that has arrived.
        state.arm(on(FaultKind::SlowBody(2_000)).times(u32::MAX));
        let child = bench.terminal.spawn(&resume);
        kill_after(child, &state, random.usize(2..9));
        let shown = told(&bench, &format!("operations {id}"), 0);
        met += u32::from(shown["status"] == "interrupted");
    }
    assert!(met >= 2, "only {met} kills met the batch under way");
    state.clear_faults();
    let ended = bench.terminal.run(&resume).expect(0);
    assert_eq!(ended["counts"]["done"], 40, "{ended}");
    let customers = told(&bench, "customer list --all", 0);
    let customers = customers["customers"].as_array().unwrap();
    for n in 0..40 {
        let email = format!("new{n}@example.com");
        let made = customers.iter().filter(|it| it["email"] == email.as_str());
        assert_eq!(made.count(), 1, "{email}");
    }
}

#[test]
#[ignore = "takes a quarter of an hour: ProfitWell's real pace"]
fn a_batch_of_two_thousand_is_throttled_and_killed() {
    killed(2_000, 20, true);
}

#[test]
fn a_file_with_mistakes_says_where_and_sends_the_rest() {
    let bench = bench(false);
    let path = bench.terminal.dir.path().join("plans.csv");
    let line = format!("batch {} --operation create-plan", path.display());
    std::fs::write(&path, "id,name,colour\na,A,red\n").unwrap();
    let refused = told(&bench, &line, 2);
    assert!(
        refused["error"]["message"]
            .as_str()
            .unwrap()
            .contains("no column “colour”"),
        "{refused}"
    );
    std::fs::write(&path, "\u{feff}Plan ID,Plan name\r\nbasic,\"Basic, small\"\r\n,Nameless\r\nbasic,\"Basic, small\"\r\n\r\n'=x,Formula\r\n").unwrap();
    let said = told(&bench, &line, 0);
    assert_eq!(
        (&said["rows"], &said["sendable"]),
        (&4.into(), &2.into()),
        "{said}"
    );
    assert_eq!(said["blocked"][0]["number"], 3);
    assert_eq!(said["blocked"][0]["problems"][0]["field"], "plan_id");
    let twice = said["blocked"][1]["problems"][0]["message"]
        .as_str()
        .unwrap();
    assert!(twice.contains("same as line 2"), "{twice}");
    let id = &said["operation"];
    // What is left out is not still to do.
    let waiting = told(&bench, &format!("operations {id}"), 0);
    assert_eq!(
        (&waiting["open"], &waiting["left_out"]),
        (&2.into(), &2.into()),
        "{waiting}"
    );
    let done = told(&bench, &format!("operations --resume {id}"), 3);
    assert_eq!(done["counts"]["done"], 2, "{done}");
    assert_eq!(done["counts"]["blocked"], 2);
    assert_eq!(told(&bench, "plan get =x", 0)["name"], "Formula");

    let day = "subscription,user,plan,interval,value,date\n\
               s1,u,p,month,9.00,2025-01-01\n\
               s1,u,p,month,8.00,2025-01-01\n\
               s1,u,p,month,8.00,2025-02-01\n\
               s2,u,p,month,8.00,2025-01-01\n";
    std::fs::write(&path, day).unwrap();
    let file = path.display();
    let line = format!("batch {file} --operation update-subscription");
    let said = told(&bench, &line, 0);
    assert_eq!(said["sendable"], 3, "{said}");
    assert_eq!(said["blocked"][0]["number"], 3, "{said}");
    let first = said["blocked"][0]["problems"][0]["message"].as_str();
    let first = first.unwrap();
    assert!(
        first.starts_with("Line 2 is about the same subscription"),
        "{first}"
    );
    std::fs::write(
        &path,
        "user,email\nu1,a@b.example\nu2,a@b.example\nu1,c@d.example\n",
    )
    .unwrap();
    let line = format!("batch {file} --operation update-user");
    let said = told(&bench, &line, 0);
    assert_eq!(said["blocked"][0]["number"], 4, "{said}");

    let both = "subscription,user,plan,interval,value,value_cents,date\ns,u,p,month,49.00,4900,2025-01-01\n";
    std::fs::write(&path, both).unwrap();
    let said = told(
        &bench,
        &format!("batch {} --operation update-subscription", path.display()),
        0,
    );
    assert_eq!(said["sendable"], 0);
    assert_eq!(
        said["blocked"][0]["problems"][0]["field"], "value_cents",
        "{said}"
    );
}

#[test]
fn too_many_refusals_halt_a_batch() {
    let bench = bench(false);
    let mut file = String::from("subscription,user,date\n");
    for n in 0..40 {
        let _ = writeln!(file, "nothing_{n},nobody_{n},2025-01-01");
    }
    let path = bench.terminal.dir.path().join("churn.csv");
    std::fs::write(&path, file).unwrap();
    let line = format!(
        "batch {} --operation churn-subscription --yes",
        path.display()
    );
    let halted = told(&bench, &line, 4);
    assert_eq!(halted["status"], "halted", "{halted}");
    assert_eq!(halted["counts"]["rejected"], 20);
    assert_eq!(halted["open"], 20);
    assert!(done(&bench.simulator.state()).is_empty());
}
