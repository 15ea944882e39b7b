//! Every fault, in every phase: a plan or a run ends finished, or in a stated condition from which
//! it goes on; nothing is lost and nothing is doubled.
//!
//! `cargo test --test it fault_matrix -- --nocapture` prints the matrix of the faults that say most;
//! with `--include-ignored` (`make torture`), that of all, each struck once and three times.

use std::collections::BTreeSet;
use std::fmt::Write;

use drawbridge_api::view::{PlanView, RunStartRequest, RunStatusView, RunView, WayView};
use drawbridge_testkit::simulator::{BulkFailure, Fault, FaultKind, RowLocks, Server};
use drawbridge_testkit::{Workbench, assert_adds_up, external_ids, run_request};
use futures::StreamExt;

const ID: &str = "Alguna_Customer_ID__c";
/// Records each cell writes.
const ROWS: u32 = 12;

/// A kind of call that can go wrong.
struct Phase {
    name: &'static str,
    server: Server,
    method: &'static str,
    path: &'static str,
    /// Calls that pass first.
    skip: u32,
}

const fn phase(
    name: &'static str,
    server: Server,
    method: &'static str,
    path: &'static str,
    skip: u32,
) -> Phase {
    Phase {
        name,
        server,
        method,
        path,
        skip,
    }
}

const ORG: Server = Server::SalesforceSandbox;
/// Benches at work at the same time.
const AT_A_TIME: usize = 3;
const READING: [Phase; 5] = [
    phase("customers", Server::Alguna, "GET", "/customers", 0),
    phase("subscriptions", Server::Alguna, "GET", "/subscriptions", 0),
    phase("identity", ORG, "GET", "/query", 0),
    phase("describe", ORG, "GET", "/describe", 0),
    phase("read", ORG, "GET", "/query", 1),
];
const COLLECTIONS: [Phase; 4] = [
    phase("check", ORG, "POST", "/composite/sobjects/Account", 0),
    phase("create", ORG, "PATCH", "/composite/sobjects/Account/", 0),
    phase("update", ORG, "PATCH", "/composite/sobjects", 1),
    phase("verify", ORG, "POST", "/composite/sobjects/Account", 1),
];
const BULK: [Phase; 7] = [
    phase("new job", ORG, "POST", "/jobs/ingest", 0),
    phase("upload", ORG, "PUT", "/batches", 0),
    phase("close", ORG, "PATCH", "/jobs/ingest/", 0),
    phase("poll", ORG, "GET", "/jobs/ingest/", 0),
    phase("successes", ORG, "GET", "/successfulResults", 0),
    phase("failures", ORG, "GET", "/failedResults", 0),
    phase("unprocessed", ORG, "GET", "/unprocessedrecords", 0),
];

/// The faults, each with its name.
fn faults() -> Vec<(&'static str, FaultKind)> {
    let unknown = FaultKind::salesforce_error(500, "UNKNOWN_EXCEPTION", "An unexpected error");
    let locked = FaultKind::RowLocks(RowLocks::new(1).every_nth(2));
    vec![
        ("500", unknown),
        ("502 before", gateway(502, false)),
        ("504 after", gateway(504, true)),
        (
            "429",
            FaultKind::TooManyRequests {
                retry_after: Some(1),
            },
        ),
        ("concurrent", FaultKind::ConcurrentLimit),
        ("503 page", FaultKind::Html503),
        ("200 page", FaultKind::Html200),
        ("truncated", FaultKind::Truncate),
        ("dropped before", FaultKind::DropBeforeCommit),
        ("dropped after", FaultKind::DropAfterCommit),
        ("dropped, done later", FaultKind::LateCommit(400)),
        ("reset", FaultKind::Reset),
        ("slow", FaultKind::Slow(300)),
        ("slow body", FaultKind::SlowBody(20_000)),
        ("quota", FaultKind::QuotaExceeded),
        ("session", FaultKind::ExpiredSession),
        ("token", FaultKind::TokenExpired),
        ("row refused", refused_rows()),
        ("row locked", locked),
        ("bulk failed", failing_job()),
        ("bulk slow", FaultKind::SlowBulk(700)),
    ]
}

/// Refused and unprocessed rows are asked for only where there are some.
fn cause(phase: &Phase) -> Option<FaultKind> {
    match phase.name {
        "failures" => Some(refused_rows()),
        "unprocessed" => Some(failing_job()),
        _ => None,
    }
}

fn refused_rows() -> FaultKind {
    FaultKind::RowErrors {
        status_code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".into(),
        message: "Region must be set".into(),
        every_nth: 4,
    }
}

fn failing_job() -> FaultKind {
    FaultKind::BulkFailure(BulkFailure {
        message: "InternalServerError".into(),
        after_batches: 0,
    })
}

fn gateway(status: u16, after_commit: bool) -> FaultKind {
    FaultKind::Gateway {
        status,
        after_commit,
    }
}

/// How a cell ended, for the print.
struct Cell {
    struck: bool,
    words: String,
}

/// Whether the armed fault struck; it is disarmed.
fn disarm(bench: &Workbench, armed: u64) -> bool {
    let state = bench.state();
    let left = state.faults().into_iter().find(|fault| fault.id == armed);
    state.disarm(armed);
    left.is_none_or(|fault| fault.struck > 0)
}

async fn plan(bench: &Workbench, sync: u32, words: &mut String) -> PlanView {
    match bench.try_plan(sync).await {
        Ok(plan) => plan,
        Err(error) => {
            assert!(!error.message.is_empty(), "{error:?}");
            let _ = write!(words, "not planned: {:?}; ", error.code);
            bench.state().clear_faults();
            bench.plan(sync).await
        }
    }
}

/// Runs a part of the plan, resumes it where it stood still, and says how it went.
async fn run(bench: &Workbench, plan: &PlanView, way: WayView, words: &mut String) -> RunView {
    let request = RunStartRequest {
        limit: Some(ROWS),
        way: Some(way),
        ..run_request(plan.id)
    };
    let mut finished = bench.try_run(request).await.expect("the run begins");
    for _ in 0..3 {
        if finished.run.status == RunStatusView::Finished {
            break;
        }
        let error = finished.error.expect("a run that stands still says why");
        assert!(!error.message.is_empty(), "{error:?}");
        let _ = write!(words, "{:?}: {:?}; ", finished.run.status, error.code);
        bench.state().clear_faults();
        finished = bench.resume(finished.run.id).await;
    }
    finished.run
}

/// One fault in one phase, on the next few customers.
async fn cell(
    bench: &Workbench,
    sync: u32,
    (phase, way): (&Phase, WayView),
    kind: FaultKind,
    times: u32,
) -> Cell {
    let state = bench.state();
    let fault = Fault::new(phase.server, phase.path, kind).method(phase.method);
    let armed = state.arm(fault.skip(phase.skip).times(times));
    if let Some(cause) = cause(phase) {
        state.arm(Fault::new(ORG, "/jobs/ingest/", cause).method("PATCH"));
    }
    let before = external_ids(&state, "Account", ID).len();
    let mut words = String::new();
    let plan = plan(bench, sync, &mut words).await;
    assert!(plan.tally.to_write >= ROWS, "too few customers are left");
    let run = run(bench, &plan, way, &mut words).await;
    let struck = disarm(bench, armed);
    state.clear_faults();

    let here = format!("{}: {words}", phase.name);
    assert_adds_up(&run);
    assert_eq!(run.counts.unknown, 0, "{here} {run:#?}");
    assert_eq!(run.differs, 0, "{here} {run:#?}");
    let written = run.counts.created + run.counts.updated;
    assert_eq!(written + run.counts.rejected, ROWS, "{here} {run:#?}");
    let ids = external_ids(&state, "Account", ID);
    let doubled: Vec<_> = ids.iter().filter(|(_, count)| **count != 1).collect();
    assert!(doubled.is_empty(), "{here} {doubled:?}");
    assert_eq!(ids.len(), before + written as usize, "{here}");
    if run.counts.rejected > 0 {
        let _ = write!(words, "{} rejected; ", run.counts.rejected);
    }
    words.push_str("finished");
    Cell { struck, words }
}

/// One fault in all phases of one way. Gives the phases it struck.
#[expect(clippy::print_stdout, reason = "the matrix is for people to read")]
async fn line(way: WayView, name: &str, kind: FaultKind, times: u32) -> BTreeSet<&'static str> {
    let phases: &[Phase] = match way {
        WayView::Collections => &COLLECTIONS,
        WayView::Bulk => &BULK,
    };
    let phases: Vec<&Phase> = READING.iter().chain(phases).collect();
    let bench = Workbench::with_customers(100 + phases.len() * ROWS as usize).await;
    let sync = bench.alguna_sync().await;
    let mut struck = BTreeSet::new();
    for phase in phases {
        let cell = cell(&bench, sync, (phase, way), kind.clone(), times).await;
        if cell.struck {
            struck.insert(phase.name);
            println!(
                "{way:?} · {name} × {times} · {}: {}",
                phase.name, cell.words
            );
        }
    }
    assert!(!struck.is_empty(), "{name} never struck");
    struck
}

/// Goes through all phases with one fault after the other and prints what became of each.
async fn matrix(ways: &[WayView], faults: Vec<(&'static str, FaultKind)>, times: &[u32]) {
    let mut lines = Vec::new();
    for way in ways {
        for (name, kind) in &faults {
            let of_bulk = matches!(kind, FaultKind::BulkFailure(_) | FaultKind::SlowBulk(_));
            if *way == WayView::Bulk || !of_bulk {
                lines.extend(
                    times
                        .iter()
                        .map(|times| line(*way, name, kind.clone(), *times)),
                );
            }
        }
    }
    let struck: Vec<BTreeSet<&str>> = futures::stream::iter(lines)
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    let struck: BTreeSet<&str> = struck.into_iter().flatten().collect();
    let expected = READING.iter().chain(&COLLECTIONS).chain(&BULK);
    let missed: Vec<&str> = expected
        .map(|phase| phase.name)
        .filter(|name| !struck.contains(name))
        .collect();
    assert!(missed.is_empty(), "never struck: {missed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_faults_that_say_most_in_every_phase() {
    const MOST: [&str; 6] = [
        "dropped before",
        "dropped after",
        "dropped, done later",
        "503 page",
        "quota",
        "token",
    ];
    let mut most = faults();
    most.retain(|(name, _)| MOST.contains(name));
    matrix(&[WayView::Collections, WayView::Bulk], most, &[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes many minutes"]
async fn every_fault_in_every_phase() {
    matrix(&[WayView::Collections, WayView::Bulk], faults(), &[1, 3]).await;
}
