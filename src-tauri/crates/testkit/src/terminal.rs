//! The terminal program, as a process of its own beside simulated servers in the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use drawbridge_simulator::{Credentials, Urls};
use serde_json::Value;
use tempfile::TempDir;

/// Runs `drawbridge-cli` with a data folder of its own and without a keychain.
pub struct Terminal {
    program: PathBuf,
    /// The data folder.
    pub dir: TempDir,
    variables: Vec<(String, String)>,
    /// Everything any command wrote, stdout and stderr.
    pub transcript: std::sync::Mutex<String>,
}

/// A command that ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Its stdout.
    pub stdout: String,
    /// Its stderr.
    pub stderr: String,
    /// The most memory it had, in kilobytes, where the system tells.
    pub peak_kb: Option<u64>,
    /// How long it took.
    pub took: Duration,
}

impl Ended {
    /// The one JSON document on stdout.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// The document, of a command that must have ended with this exit code.
    pub fn expect(&self, code: i32) -> Value {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self.document()
    }
}

impl Terminal {
    /// The program at this path, with the secrets of these servers in its environment: the
    /// connections are to be called `Alguna`, `ProfitWell`, `UAT` and `Live`.
    pub fn new(program: &Path, credentials: &Credentials) -> Self {
        let variables = [
            ("ALGUNA", &credentials.alguna_api_key),
            ("PROFITWELL", &credentials.profitwell_token),
            ("UAT", &credentials.sandbox.access_token),
            ("LIVE", &credentials.production.access_token),
        ];
        Self {
            program: program.to_owned(),
            dir: tempfile::tempdir().unwrap(),
            variables: variables
                .map(|(name, secret)| (format!("DRAWBRIDGE_SECRET_{name}"), secret.clone()))
                .to_vec(),
            transcript: std::sync::Mutex::default(),
        }
    }

    /// One more variable for every command from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Starts a command. Runs accept that the simulated customers pay in several currencies.
    pub fn spawn(&self, arguments: &[&str]) -> Child {
        self.start(arguments, &["--json"])
    }

    /// Runs a command to its end as a person would: in words.
    pub fn in_words(&self, arguments: &[&str]) -> Ended {
        self.wait(self.start(arguments, &[]))
    }

    fn start(&self, arguments: &[&str], more: &[&str]) -> Child {
        let nothing = self.dir.path().join("no-such-bus");
        let accepted: &[&str] = match arguments {
            ["run", ..] | ["sync", "run", ..] => &["--accept", crate::CURRENCIES_MIXED],
            _ => &[],
        };
        Command::new(&self.program)
            .args(arguments)
            .args(accepted)
            .args(more)
            .arg("--data-dir")
            .arg(self.dir.path())
            // No keychain: secrets come from the variables.
            .env(
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}", nothing.display()),
            )
            .env("XDG_RUNTIME_DIR", nothing)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    /// Runs a command to its end. It does not block the servers: call it from a thread of its own.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.wait(self.spawn(arguments))
    }

    /// Waits for a command that was started.
    pub fn wait(&self, child: Child) -> Ended {
        let started = std::time::Instant::now();
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let watcher = std::thread::spawn(move || {
            let mut peak = None;
            while let Ok(text) = std::fs::read_to_string(&status) {
                let Some(now) = peak_of(&text) else { break };
                peak = Some(now);
                std::thread::sleep(Duration::from_millis(10));
            }
            peak
        });
        let output = child.wait_with_output().expect("the program ends");
        let ended = Ended {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            peak_kb: watcher.join().unwrap_or_default(),
            took: started.elapsed(),
        };
        let mut transcript = self.transcript.lock().unwrap();
        transcript.push_str(&ended.stdout);
        transcript.push_str(&ended.stderr);
        drop(transcript);
        ended
    }

    /// Connects a billing source and the sandbox, makes the sync `S` and its fields.
    pub fn prepare(&self, urls: &Urls, source: &str, create: bool) {
        let (base_url, connection) = match source {
            "alguna" => (&urls.alguna, "Alguna"),
            _ => (&urls.profitwell, "ProfitWell"),
        };
        let token = format!("DRAWBRIDGE_SECRET_{}", source.to_uppercase());
        self.run(&[
            "connect",
            source,
            "--name",
            connection,
            "--token-env",
            &token,
            "--base-url",
            base_url,
        ])
        .expect(0);
        self.connect_org("UAT", "sandbox", &urls.salesforce_sandbox)
            .expect(0);
        let mut create_sync = vec![
            "sync", "create", "--name", "S", "--source", connection, "--org", "UAT",
        ];
        if create {
            create_sync.push("--create-accounts");
        }
        self.run(&create_sync).expect(0);
        self.run(&["fields", "S", "--deploy"]).expect(0);
    }

    /// Connects an org with the access token of the variable named after the connection.
    pub fn connect_org(&self, name: &str, environment: &str, url: &str) -> Ended {
        let token = format!("DRAWBRIDGE_SECRET_{}", name.to_uppercase());
        self.run(&[
            "connect",
            "salesforce",
            "--name",
            name,
            "--environment",
            environment,
            "--instance-url",
            url,
            "--access-token-env",
            &token,
        ])
    }

    /// Makes a plan of the sync `S` and gives its number.
    pub fn plan(&self) -> String {
        self.run(&["plan", "S"]).expect(0)["plan"].to_string()
    }
}

/// `VmHWM` in kilobytes.
fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
