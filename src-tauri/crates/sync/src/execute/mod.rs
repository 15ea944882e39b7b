//! Doing what an approved plan says, and knowing at any instant what was done.
//!
//! Each batch is checked against the preview (a record that changed since is held back), recorded
//! as an attempt, sent once, and its outcomes recorded together with what was written. An attempt
//! whose answer was lost is read back before anything is sent again.

mod batch;
mod check;
mod settle;
mod verify;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use drawbridge_model::{
    Action, Clock, Counts, CustomerId, Describe, Environment, Event, FieldName, Journal,
    LinkCounts, LinkLedger, Mapping, OrgIdentity, Outcome, Phase, PlanRow, RecordId, Reporter,
    RowOutcome, RunId, RunStatus, SourceLinks, Target, TargetError, WriteBatch,
};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub(crate) use check::who_saved_last;

use crate::{Error, safety, writeback};

/// Batches on their way at the same time.
pub const IN_FLIGHT: usize = 3;
/// Rows fetched from the journal at a time.
const CHUNK: usize = WriteBatch::MAX_ROWS * IN_FLIGHT;
/// How often a batch is tried again while Salesforce is busy or away.
const TRIES: u32 = 5;

/// What is to be run.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The run.
    pub run: RunId,
    /// The mapping its plan was made with.
    pub mapping: &'a Mapping,
    /// The org its connection is pinned to.
    pub pinned: &'a OrgIdentity,
    /// What the connection's label says the org is.
    pub environment: Environment,
    /// Outcomes the run has so far: those that needed no call, or those before a resume.
    pub counts: Counts,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How it stands.
    pub status: RunStatus,
    /// Rows by outcome.
    pub counts: Counts,
    /// Records read back after writing.
    pub verified: u32,
    /// Records that read back differently from what was sent.
    pub differs: u32,
}

/// The parts every step of a run works with.
pub(crate) struct Ports<'a, T, J> {
    pub(crate) input: Input<'a>,
    pub(crate) describe: &'a Describe,
    pub(crate) target: &'a T,
    pub(crate) journal: &'a J,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) reporter: &'a dyn Reporter,
}

impl<T, J> Ports<'_, T, J> {
    pub(crate) fn fields_of(rows: &[PlanRow]) -> Vec<FieldName> {
        let mut fields: Vec<FieldName> = Vec::new();
        for change in rows.iter().flat_map(PlanRow::writes) {
            if !fields.contains(&change.field) {
                fields.push(change.field.clone());
            }
        }
        fields
    }
}

/// Runs, or resumes, an approved plan. `stop` is looked at between batches. Sets the run's status
/// in the journal, also when it ends with an error. `source` takes the plan's links, if it has any.
pub async fn run<T: Target, S: SourceLinks, J: Journal + LinkLedger>(
    input: Input<'_>,
    target: &T,
    source: Option<&S>,
    journal: &J,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
    stop: &AtomicBool,
) -> Result<Summary, Error> {
    let result = guarded(input, target, source, journal, clock, reporter, stop).await;
    reporter.report(Event::ApiCalls {
        used: target.calls_made(),
        usage: target.usage(),
    });
    let (status, reason) = match &result {
        Ok(summary) => (summary.status, None),
        Err(error) => (status_after(error), Some(error.to_string())),
    };
    journal.set_run_status(input.run, status, reason.as_deref(), clock.now())?;
    result
}

/// A run that cannot go on can always be resumed: it is halted where a person must act first, and
/// interrupted where waiting may be enough.
fn status_after(error: &Error) -> RunStatus {
    match error {
        Error::Target(
            TargetError::Unreachable { .. }
            | TargetError::LostAnswer { .. }
            | TargetError::Busy { .. }
            | TargetError::NotTheApi { .. },
        )
        | Error::NoAnswers { .. }
        | Error::NotSettled { .. }
        | Error::Ledger(_) => RunStatus::Interrupted,
        _ => RunStatus::Halted,
    }
}

async fn guarded<T: Target, S: SourceLinks, J: Journal + LinkLedger>(
    input: Input<'_>,
    target: &T,
    source: Option<&S>,
    journal: &J,
    clock: &dyn Clock,
    reporter: &dyn Reporter,
    stop: &AtomicBool,
) -> Result<Summary, Error> {
    journal.set_run_status(input.run, RunStatus::Running, None, clock.now())?;
    refuse_other_org(input.pinned, input.environment, target).await?;
    let describe = target.describe(&input.mapping.sobject).await?;
    let ports = Ports {
        input,
        describe: &describe,
        target,
        journal,
        clock,
        reporter,
    };
    reporter.report(Event::PhaseStarted {
        phase: Phase::Write,
        total: None,
    });
    let mut counts = input.counts;
    // A run is never finished while what became of one of its calls is not known.
    let stopped = loop {
        for attempt in journal.open_attempts(input.run)? {
            let outcomes = settle::settle(&ports, &attempt).await?;
            tally(&mut counts, &outcomes, reporter);
        }
        let stopped = write_open_rows(&ports, &mut counts, stop).await?;
        if stopped || journal.open_attempts(input.run)?.is_empty() {
            break stopped;
        }
    };
    let sent = u64::from(counts.sent());
    let written = |links: LinkCounts| {
        let detail = (links.to_link > 0)
            .then(|| format!("{} of {} links seen to", links.settled(), links.to_link));
        reporter.report(Event::PhaseFinished {
            phase: Phase::Write,
            done: sent,
            detail,
        });
    };
    written(LinkCounts::default());
    let stopped = stopped
        || writeback::run(input.run, source, journal, clock, stop, &written).await?
            == writeback::Ended::Stopped;
    if stopped {
        return Ok(Summary {
            status: RunStatus::Stopped,
            counts,
            verified: 0,
            differs: 0,
        });
    }
    let (verified, differs) = verify::verify(&ports).await?;
    Ok(Summary {
        status: RunStatus::Finished,
        counts,
        verified,
        differs,
    })
}

/// Refuses an org that is not the one its connection was made with.
pub async fn refuse_other_org<T: Target>(
    pinned: &OrgIdentity,
    environment: Environment,
    target: &T,
) -> Result<(), Error> {
    let found = target.identity().await?;
    if found.org_id != pinned.org_id {
        return Err(Error::WrongOrg {
            pinned: pinned.org_id.clone(),
            found: found.org_id,
        });
    }
    if found.is_sandbox != (environment == Environment::Sandbox) {
        return Err(Error::WrongEnvironment {
            label: environment.word(),
            is_sandbox: found.is_sandbox,
        });
    }
    Ok(())
}

/// Writes until no row is open: new records first, then changes, each in passes by customer id.
/// A row whose call did not arrive is met again in the next pass. Returns whether a person stopped
/// it.
async fn write_open_rows<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    counts: &mut Counts,
    stop: &AtomicBool,
) -> Result<bool, Error> {
    refuse_missing_fields(ports)?;
    let mut fruitless = 0;
    for action in [Action::Create, Action::Update] {
        let mut after: Option<CustomerId> = None;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Ok(true);
            }
            let open = ports
                .journal
                .open_rows(ports.input.run, action, after.as_ref(), CHUNK)?;
            match (open.last(), &after) {
                (Some(last), _) => after = Some(last.customer.clone()),
                (None, Some(_)) => {
                    after = None;
                    continue;
                }
                (None, None) => break,
            }
            let settled_before = counts.total();
            write_chunk(ports, &open, counts).await?;
            fruitless = if counts.total() == settled_before {
                fruitless + 1
            } else {
                0
            };
            if fruitless >= TRIES {
                return Err(Error::NoAnswers { rounds: TRIES });
            }
            if safety::stop_loss(&since(counts, &ports.input.counts)) {
                return Err(Error::StopLoss {
                    rejected: counts.rejected,
                    sent: counts.sent(),
                });
            }
        }
    }
    Ok(false)
}

/// Outcomes since the run was started or resumed: what was rejected before a resume does not stop
/// it again.
fn since(counts: &Counts, before: &Counts) -> Counts {
    Counts {
        created: counts.created.saturating_sub(before.created),
        updated: counts.updated.saturating_sub(before.updated),
        rejected: counts.rejected.saturating_sub(before.rejected),
        unknown: counts.unknown.saturating_sub(before.unknown),
        ..Counts::default()
    }
}

/// Sends a chunk of rows, several batches at a time.
async fn write_chunk<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
    counts: &mut Counts,
) -> Result<(), Error> {
    let mut in_flight: FuturesUnordered<_> = rows
        .chunks(WriteBatch::MAX_ROWS)
        .map(|rows| write_patiently(ports, rows))
        .collect();
    // Every answer is waited for even when one batch fails: a call under way must be recorded.
    let mut failed = None;
    while let Some(result) = in_flight.next().await {
        ports.reporter.report(Event::ApiCalls {
            used: ports.target.calls_made(),
            usage: ports.target.usage(),
        });
        match result {
            Ok(outcomes) => tally(counts, &outcomes, ports.reporter),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(()), Err)
}

/// A field that vanished between plan and run stops everything before the first call.
fn refuse_missing_fields<T, J>(ports: &Ports<'_, T, J>) -> Result<(), Error> {
    let fields: Vec<FieldName> = ports
        .input
        .mapping
        .active_rules()
        .map(|rule| &rule.field)
        .filter(|name| {
            !ports
                .describe
                .field(name)
                .is_some_and(|field| field.updateable)
        })
        .cloned()
        .collect();
    if fields.is_empty() {
        return Ok(());
    }
    Err(Error::FieldsMissing {
        sobject: ports.describe.sobject.to_string(),
        fields,
    })
}

/// Tries a batch again while Salesforce says it did nothing because it is busy or away.
async fn write_patiently<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    rows: &[PlanRow],
) -> Result<Vec<RowOutcome>, Error> {
    let mut tries = 0;
    loop {
        match batch::write(ports, rows).await {
            Err(Error::Target(TargetError::Busy { .. } | TargetError::Unreachable { .. }))
                if tries + 1 < TRIES =>
            {
                tokio::time::sleep(Duration::from_millis(500 << tries)).await;
                tries += 1;
            }
            other => return other,
        }
    }
}

fn tally(counts: &mut Counts, outcomes: &[RowOutcome], reporter: &dyn Reporter) {
    for row in outcomes {
        counts.add(row.outcome);
        reporter.report(Event::Settled {
            outcome: row.outcome,
            problem: row.problem.clone(),
        });
    }
}

pub(crate) fn outcome(
    row: &PlanRow,
    outcome: Outcome,
    record: Option<RecordId>,
    problem: Option<drawbridge_model::Problem>,
) -> RowOutcome {
    RowOutcome {
        customer: row.customer.clone(),
        outcome,
        record,
        problem,
    }
}

pub(crate) fn customers(rows: &[PlanRow]) -> Vec<CustomerId> {
    rows.iter().map(|row| row.customer.clone()).collect()
}
