//! `profitwell metrics` beside simulated servers.

use drawbridge_testkit::simulator::Server;

use crate::Bench;
use crate::operations::{bench, told};

fn asked(bench: &Bench) -> usize {
    let log = bench.simulator.state().request_log();
    let figures = log.iter().filter(|it| it.server == Server::Profitwell);
    figures
        .filter(|it| it.path.starts_with("/v2/metrics/monthly"))
        .count()
}

#[test]
fn figures_by_month_are_read_limited_and_kept() {
    let bench = bench(false);
    let never = told(&bench, "metrics --offline", 2);
    assert!(
        never["error"]["message"]
            .as_str()
            .unwrap()
            .contains("never read"),
        "{never}"
    );
    let three = told(&bench, "metrics --months 3", 0);
    let months = three["reading"]["months"].as_array().unwrap();
    assert_eq!((months.len(), &months[2]["unfinished"]), (3, &true.into()));
    assert!(months[0]["mrr"].is_string(), "{three}");
    let before = asked(&bench);
    let offline = told(&bench, "metrics --months 3 --offline", 0);
    assert_eq!((&offline, asked(&bench)), (&three, before));

    let plan = three["plans"][0].as_str().unwrap();
    let words = [
        "profitwell",
        "metrics",
        "--plan",
        plan,
        "--trend",
        "plan_change_rate",
    ];
    let one = bench.terminal.run(&words).expect(0);
    let trend = &one["reading"]["trends"][0];
    assert_eq!(trend["unit"], "percent");
    assert_eq!(
        trend["values"].as_array().unwrap().len(),
        one["reading"]["months"].as_array().unwrap().len()
    );
    let wrong = told(&bench, "metrics --trend mood", 2);
    assert!(
        wrong["error"]["hint"]
            .as_str()
            .unwrap()
            .contains("growth_rate"),
        "{wrong}"
    );
    told(&bench, "metrics --plan nowhere", 1);
}

#[test]
fn a_person_reads_a_table() {
    let bench = bench(false);
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_drawbridge-cli"));
    let told = program
        .args(["profitwell", "metrics", "--months", "2", "--data-dir"])
        .arg(bench.terminal.dir.path())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .env("XDG_RUNTIME_DIR", "/nowhere")
        .env(
            "DRAWBRIDGE_SECRET_PROFITWELL",
            &bench.simulator.credentials().profitwell_token,
        )
        .output()
        .unwrap();
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(
        told.status.success(),
        "{text}{:?}",
        String::from_utf8(told.stderr)
    );
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].contains("amounts in USD, months in"), "{text}");
    let head: Vec<&str> = lines[1].split_whitespace().collect();
    let want = "MONTH MRR NEW REACTIVATED UPGRADED DOWNGRADED CHURNED NET CUSTOMERS CHURN RATE";
    assert_eq!(head.join(" "), want);
    assert_eq!(lines.len(), 5, "{text}");
    assert!(
        lines[3].split_whitespace().next().unwrap().ends_with('*'),
        "{text}"
    );
    assert!(lines[4].contains("2 of "), "{text}");
}
