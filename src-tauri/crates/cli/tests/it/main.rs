//! The terminal program as a process of its own, beside simulated servers in the test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests"
)]

mod alguna;
mod console;
mod cut_off;
mod export;
mod guards;
mod history;
mod kill;
mod metrics;
mod operations;
mod people;
mod secrets;
mod telco;
mod undo;
mod words;
mod writeback;

use std::path::Path;

use drawbridge_testkit::simulator::{Config, Simulator, start};
use drawbridge_testkit::{SomebodyAtProfitwell, Terminal};

/// Servers, and the program with their secrets in its environment. The servers run on the test's
/// own runtime, so that commands may be waited for on this thread.
struct Bench {
    terminal: Terminal,
    simulator: Simulator,
    _runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn start(config: Config) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let simulator = runtime.block_on(start(config)).expect("the servers start");
        let program = Path::new(env!("CARGO_BIN_EXE_drawbridge-cli"));
        Self {
            terminal: Terminal::new(program, simulator.credentials()),
            simulator,
            _runtime: runtime,
        }
    }

    fn somebody(&self) -> SomebodyAtProfitwell {
        SomebodyAtProfitwell::new(&self.simulator)
    }

    fn with_customers(customers: usize) -> Self {
        Self::start(Config {
            customers,
            ..Config::default()
        })
    }
}

/// The equation of a run's document.
fn assert_adds_up(run: &serde_json::Value) {
    let counts = run["counts"].as_object().unwrap();
    let total: u64 = counts.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(run["read"], total, "{run}");
    assert_eq!(run["adds_up"], true, "{run}");
    assert_eq!(run["status"], "finished", "{run}");
}
