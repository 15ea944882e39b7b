//! Tables of runs and subscriptions from the terminal: to files, and to whoever reads a pipe.

use serde_json::Value;

use crate::Bench;

#[test]
fn subscriptions_and_runs_are_exported_offline_in_every_format() {
    let bench = Bench::with_customers(60);
    let terminal = &bench.terminal;
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    terminal.run(&["sync", "run", "S", "--yes"]).expect(0);
    let asked = bench.simulator.state().request_log().len();
    let subscriptions = ["export", "subscriptions", "--format"];
    let with = |more: &[&'static str]| [&subscriptions[..], more].concat();

    let all = terminal.run(&with(&["json"])).expect(0);
    let all = all.as_array().unwrap();
    assert!(all.len() >= 60, "{}", all.len());
    let active = terminal
        .run(&with(&["json", "--source", "Alguna", "--status", "active"]))
        .expect(0);
    let active = active.as_array().unwrap();
    assert!(!active.is_empty() && active.len() < all.len());
    assert!(active.iter().all(|row| row["status"] == "active"));

    // Behind a pipe the content comes without the mark that only spreadsheets want.
    let piped = terminal.in_words(&with(&["csv"]));
    assert_eq!(piped.code, Some(0), "{}", piped.stderr);
    assert!(
        piped.stdout.starts_with("Source,Customer,"),
        "{}",
        piped.stdout
    );
    assert_eq!(piped.stdout.lines().count(), all.len() + 1);
    assert!(
        piped.stderr.contains("Alguna: as read "),
        "{}",
        piped.stderr
    );
    let within = terminal.run(&with(&["csv"])).expect(0);
    assert_eq!(within["csv"], piped.stdout.as_str());

    let folder = terminal.dir.path();
    for (what, rows) in [("subscriptions", all.len()), ("runs", 1)] {
        for format in ["csv", "xlsx", "json"] {
            let file = folder.join(format!("{what}.{format}"));
            let path = file.to_str().unwrap();
            let words = ["export", what, "--format", format, "--file", path];
            let said = terminal.run(&words).expect(0);
            assert_eq!(said["rows"], rows, "{said}");
            let bytes = std::fs::read(&file).unwrap();
            match format {
                "csv" => assert!(bytes.starts_with("\u{feff}".as_bytes())),
                "xlsx" => assert!(bytes.starts_with(b"PK")),
                _ => {
                    let array: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
                    assert_eq!(array.len(), rows);
                }
            }
        }
    }
    assert_eq!(bench.simulator.state().request_log().len(), asked);

    let refused = terminal.run(&with(&["xlsx"])).expect(2);
    let said = refused["error"]["message"].as_str().unwrap();
    assert!(said.contains("give --file FILE"), "{said}");
    let org = terminal.run(&with(&["csv", "--source", "UAT"])).expect(2);
    let said = org["error"]["message"].as_str().unwrap();
    assert!(said.contains("is an org"), "{said}");
    terminal
        .run(&with(&["csv", "--file", "/nowhere/at/all.csv"]))
        .expect(2);
}
