//! No secret is in a file, on stdout, on stderr or in a log, however loud.

use std::fs;
use std::path::Path;

use drawbridge_testkit::simulator::{Fault, FaultKind, Server};

use crate::Bench;

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

fn contains(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|part| part == secret.as_bytes())
}

#[test]
fn nothing_is_said_or_kept_even_when_everything_is_logged() {
    let mut bench = Bench::with_customers(40);
    bench.terminal.set("RUST_LOG", "trace");
    let sandbox = bench.simulator.credentials().sandbox.clone();
    let client_id = bench.simulator.credentials().client_id.clone();
    let host = sandbox.instance_url.trim_start_matches("http://");
    let sfdx_url = format!("force://{client_id}::{}@{host}", sandbox.refresh_token);
    bench.terminal.set("SFDX", &sfdx_url);
    let (terminal, state) = (&bench.terminal, bench.simulator.state());
    terminal.prepare(bench.simulator.urls(), "alguna", true);
    let urls = bench.simulator.urls();
    terminal
        .run(&[
            "connect",
            "profitwell",
            "--name",
            "ProfitWell",
            "--token-env",
            "DRAWBRIDGE_SECRET_PROFITWELL",
            "--base-url",
            &urls.profitwell,
        ])
        .expect(0);
    // A login that is renewed at once: the refresh token goes over the wire and rotates.
    let second = [
        "connect",
        "salesforce",
        "--name",
        "Second",
        "--environment",
        "sandbox",
        "--sfdx-auth-url-env",
        "SFDX",
    ];
    terminal.run(&second).expect(0);
    let plan = terminal.plan();
    let lost = Fault::new(
        Server::SalesforceSandbox,
        "/composite",
        FaultKind::DropAfterCommit,
    );
    state.arm(lost.method("PATCH"));
    terminal.run(&["run", &plan]).expect(0);
    terminal.run(&["connections", "check", "UAT"]).expect(0);
    // Errors speak of secrets most readily.
    state.expire_sessions();
    terminal.run(&["plan", "S"]).expect(1);
    state.arm(Fault::new(Server::Alguna, "", FaultKind::ExpiredSession).times(u32::MAX));
    terminal.run(&["connections", "check", "Alguna"]);

    let credentials = bench.simulator.credentials();
    let secrets = [
        &credentials.alguna_api_key,
        &credentials.profitwell_token,
        &credentials.sandbox.access_token,
        &credentials.sandbox.refresh_token,
    ];
    let transcript = terminal.transcript.lock().unwrap().clone();
    assert!(
        transcript.contains("TRACE") && transcript.contains("DEBUG"),
        "the log is loud"
    );
    let mut places = files(terminal.dir.path());
    assert!(!places.is_empty());
    places.push(("stdout and stderr".to_owned(), transcript.into_bytes()));
    for (place, bytes) in &places {
        for secret in secrets {
            assert!(!contains(bytes, secret), "a secret is in {place}");
        }
        // Also tokens this test never saw: renewed ones have the same shape.
        assert!(!contains(bytes, "5Aep861"), "a refresh token is in {place}");
        let session = format!("{}!AQ0AQ", &credentials.sandbox.org_id[..15]);
        assert!(!contains(bytes, &session), "an access token is in {place}");
    }
}

#[test]
fn the_demo_leaves_no_secret_behind() {
    let mut bench = Bench::with_customers(20);
    bench.terminal.set("RUST_LOG", "trace");
    let demo = bench.terminal.run(&["demo"]);
    assert_eq!(demo.code, Some(0), "{}", demo.stderr);
    assert!(demo.stderr.contains("TRACE"), "the log is loud");
    // The demo's servers are seeded as these are.
    let credentials = bench.simulator.credentials();
    let mut places = files(bench.terminal.dir.path());
    places.push(("stdout".to_owned(), demo.stdout.into_bytes()));
    places.push(("stderr".to_owned(), demo.stderr.into_bytes()));
    for (place, bytes) in &places {
        for secret in [
            credentials.alguna_api_key.as_str(),
            &credentials.profitwell_token,
            "5Aep861",
            "!AQ0AQ",
        ] {
            assert!(!contains(bytes, secret), "a secret is in {place}");
        }
    }
}

/// The lines of a log, without what the program says to the person.
fn logged(transcript: &str) -> Vec<&str> {
    let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
    let is_logged = |line: &&str| levels.iter().any(|level| line.contains(level));
    transcript.lines().filter(is_logged).collect()
}

#[test]
fn no_customer_is_named_in_a_log_however_loud() {
    for (source, sobject) in [("alguna", "Account"), ("profitwell", "Contact")] {
        let mut bench = Bench::with_customers(60);
        bench.terminal.set("RUST_LOG", "trace");
        let (terminal, state) = (&bench.terminal, bench.simulator.state());
        terminal.prepare(bench.simulator.urls(), source, true);
        let plan = terminal.plan();
        let lost = Fault::new(
            Server::SalesforceSandbox,
            "/composite",
            FaultKind::DropAfterCommit,
        );
        state.arm(lost.method("PATCH"));
        let refused = FaultKind::RowErrors {
            status_code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".into(),
            message: "Region must be set".into(),
            every_nth: 9,
        };
        state.arm(Fault::new(Server::SalesforceSandbox, "/composite", refused).times(3));
        let run = terminal.run(&["run", &plan]);
        assert!(matches!(run.code, Some(0 | 3)), "{}", run.stderr);
        terminal.plan();

        let mut names: Vec<String> = Vec::new();
        for record in state
            .records(sobject)
            .iter()
            .chain(&state.records("Contact"))
        {
            let text = |name: &str| record.get(name)?.as_str().map(str::to_owned);
            names.extend(
                ["Name", "Email", "Phone", "Website"]
                    .into_iter()
                    .filter_map(text),
            );
        }
        // A single word may stand in a log by chance.
        names.retain(|name| name.len() > 8 && name.contains([' ', '@', '.']));
        names.sort();
        names.dedup();
        assert!(names.len() > 60, "{}", names.len());
        let transcript = terminal.transcript.lock().unwrap().clone();
        let lines = logged(&transcript);
        assert!(lines.len() > 100, "the log is loud: {}", lines.len());
        for line in lines {
            let customer = names.iter().find(|name| line.contains(name.as_str()));
            assert_eq!(customer, None, "{source}: {line}");
        }
    }
}
