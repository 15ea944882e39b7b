//! Sending the open rows of a run, by either way: several calls or Bulk jobs at a time, no new one
//! while the run is paused, none after it is to stop.

use std::collections::BTreeMap;
use std::time::Duration;

use drawbridge_model::{
    Action, BulkFile, BulkTarget, BulkWrite, Counts, CustomerId, Event, FieldName, Journal,
    LedgerError, Outcome, PlanRow, Problem, RecordId, RowOutcome, Standstill, Target, TargetError,
    Way, WriteBatch,
};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::bulk::{self, Changes, JobRows};
use super::control::Wish;
use super::flight::Flight;
use super::slots::Slot;
use super::verdict::{Again, Verdicts};
use super::{Ports, batch, calls, tally};
use crate::{Error, safety};

/// How often a call is tried again while Salesforce is busy or away, and a row while it is locked.
const TRIES: u32 = 5;
/// Calls or jobs in a row of which every row was refused for one cause.
const ALIKE: u32 = 3;
/// Fewer rows than this tell nothing about the others.
const ALIKE_ROWS: usize = 10;
/// Rows of one call among those that go apart.
const APART: usize = 20;
/// Jobs that are over and being recorded, beside those Salesforce is at work on.
const BEING_RECORDED: usize = 1;
/// Plan rows read at a time for a Bulk job.
const WINDOW: usize = 250;

/// What a call or Bulk job came to. All of it is recorded.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) outcomes: Vec<RowOutcome>,
    pub(super) again: Vec<Again>,
    /// The one cause for which every row was refused.
    pub(super) alike: Option<String>,
    /// Bulk jobs that are left under way, because the run is to stop.
    pub(super) left: u32,
    /// Its slot, while Salesforce is at work on it.
    pub(super) slot: Option<Slot>,
}

impl Sent {
    /// Notes whether every row was refused for the same cause.
    pub(super) fn answered(&mut self, verdicts: &Verdicts) {
        let code = |row: &RowOutcome| match row.outcome {
            Outcome::Rejected => row.problem.as_ref().map(|problem| problem.code.clone()),
            _ => None,
        };
        let first = verdicts.outcomes.first().and_then(code);
        let alike = verdicts.again.is_empty()
            && verdicts.outcomes.len() >= ALIKE_ROWS
            && verdicts.outcomes.iter().all(|row| code(row) == first);
        self.alike = first.filter(|_| alike);
    }
}

/// What is known of a run while it writes.
pub(super) struct Standing {
    pub(super) counts: Counts,
    before: Counts,
    flight: Flight,
    /// Open rows that were sent in vain: how often, and whether they go apart.
    again: BTreeMap<CustomerId, (u32, bool)>,
    alike: Option<(String, u32)>,
    fruitless: u32,
    /// How often in a row Salesforce was busy or away. What was under way at the same time counts
    /// once.
    busy: u32,
    resting: bool,
    /// Bulk jobs that were left under way.
    pub(super) left: u32,
}

impl Standing {
    pub(super) fn new(counts: Counts) -> Self {
        Self {
            counts,
            before: counts,
            flight: Flight::default(),
            again: BTreeMap::new(),
            alike: None,
            fruitless: 0,
            busy: 0,
            resting: false,
            left: 0,
        }
    }

    /// Rests while Salesforce is busy, before the next call. Gives whether it may go out.
    async fn rests<T, J>(&mut self, ports: &Ports<'_, T, J>) -> bool {
        self.resting = false;
        self.busy == 0 || ports.control.sleep(backoff(self.busy)).await
    }

    fn goes_apart(&self, customer: &CustomerId) -> bool {
        self.again.get(customer).is_some_and(|(_, apart)| *apart)
    }

    /// Takes what a call came to, and why it failed when it did. Gives why the run must end.
    pub(super) fn take<T: Target, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        sent: Sent,
        failed: Option<Error>,
    ) -> Result<(), Error> {
        ports.report_calls();
        let moved = !sent.outcomes.is_empty() || !sent.again.is_empty() || sent.left > 0;
        for row in &sent.outcomes {
            self.again.remove(&row.customer);
        }
        tally(&mut self.counts, &sent.outcomes, ports.reporter);
        self.left += sent.left;
        let locked = sent.again.iter().any(|again| again.apart);
        let rejected = self.send_again(sent.again);
        ports.journal.put_outcomes(ports.input.run, &rejected)?;
        tally(&mut self.counts, &rejected, ports.reporter);
        match failed {
            Some(Error::Target(
                error @ (TargetError::Busy { .. } | TargetError::Unreachable { .. }),
            )) => {
                self.pace(ports, Flight::trouble);
                self.busy += u32::from(!self.resting);
                self.resting = true;
                if self.busy >= TRIES {
                    return Err(error.into());
                }
                return Ok(());
            }
            Some(error) => return Err(error),
            None if locked => self.pace(ports, Flight::trouble),
            None => self.pace(ports, Flight::clean),
        }
        self.busy = 0;
        self.fruitless = if moved { 0 } else { self.fruitless + 1 };
        if self.fruitless >= TRIES {
            return Err(Error::NoAnswers { rounds: TRIES });
        }
        self.stop_loss(sent.alike)
    }

    /// Notes rows that were sent in vain; gives those for which it was the last time.
    fn send_again(&mut self, again: Vec<Again>) -> Vec<RowOutcome> {
        let mut rejected = Vec::new();
        for Again {
            customer,
            problem,
            apart,
        } in again
        {
            let known = self.again.entry(customer.clone()).or_default();
            *known = (known.0 + 1, known.1 || apart);
            if known.0 > TRIES {
                self.again.remove(&customer);
                rejected.push(RowOutcome {
                    customer,
                    outcome: Outcome::Rejected,
                    record: None,
                    problem: Some(problem),
                });
            }
        }
        rejected
    }

    fn pace<T, J>(&mut self, ports: &Ports<'_, T, J>, change: fn(&mut Flight)) {
        let before = self.flight.most();
        change(&mut self.flight);
        if self.flight.most() != before {
            self.tell_pace(ports);
        }
    }

    fn tell_pace<T, J>(&self, ports: &Ports<'_, T, J>) {
        ports.reporter.report(Event::InFlight {
            way: ports.input.way,
            most: u32::try_from(self.most(ports)).unwrap_or(u32::MAX),
        });
    }

    /// How many calls or jobs may be under way.
    fn most<T, J>(&self, ports: &Ports<'_, T, J>) -> usize {
        match ports.input.way {
            Way::Collections => self.flight.most(),
            Way::Bulk => self
                .flight
                .most()
                .min(bulk::at_a_time(&ports.input.mapping.sobject)),
        }
    }

    fn stop_loss(&mut self, alike: Option<String>) -> Result<(), Error> {
        self.alike = alike.map(|code| match self.alike.take() {
            Some((before, times)) if before == code => (code, times + 1),
            _ => (code, 1),
        });
        if let Some((problem, _)) = self.alike.take_if(|(_, times)| *times >= ALIKE) {
            return Err(Error::FailingAlike {
                times: ALIKE,
                problem,
            });
        }
        if safety::stop_loss(&since(&self.counts, &self.before)) {
            return Err(Error::StopLoss {
                rejected: self.counts.rejected,
                sent: self.counts.sent(),
            });
        }
        Ok(())
    }
}

/// Outcomes since the run was started or resumed: what was rejected before a resume does not stop
/// it again.
fn since(counts: &Counts, before: &Counts) -> Counts {
    Counts {
        created: counts.created.saturating_sub(before.created),
        updated: counts.updated.saturating_sub(before.updated),
        rejected: counts.rejected.saturating_sub(before.rejected),
        unknown: counts.unknown.saturating_sub(before.unknown),
        deleted: counts.deleted.saturating_sub(before.deleted),
        ..Counts::default()
    }
}

/// Writes until no row is open: new records first, then changes, last what an undo deletes, each in
/// passes by customer id.
/// A row that did not go through is met again in the next pass. Gives whether it came to its end;
/// otherwise a person stopped it.
pub(super) async fn write_open_rows<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    standing: &mut Standing,
    changes: &Changes,
) -> Result<bool, Error> {
    refuse_missing_fields(ports)?;
    standing.tell_pace(ports);
    let deletions = ports.input.deletes.then_some(Action::Delete);
    for action in [Action::Create, Action::Update]
        .into_iter()
        .chain(deletions)
    {
        loop {
            let before = standing.counts.total();
            let Some(sent) = pass(ports, standing, changes, action).await? else {
                return Ok(false);
            };
            if !send_apart(ports, standing).await? {
                return Ok(false);
            }
            // Each row sent has its outcome: none is left open.
            if standing.counts.total() - before >= sent {
                break;
            }
        }
    }
    Ok(true)
}

/// Sends each open row of this action once. Gives how many there were; `None` when a person stopped
/// it. Calls under way are always waited for and recorded, also when one fails.
async fn pass<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    standing: &mut Standing,
    changes: &Changes,
    action: Action,
) -> Result<Option<u32>, Error> {
    let way = way_of(ports, action);
    let mut open = Open {
        action,
        after: None,
        all_read: false,
    };
    let mut count = 0;
    let mut failed: Option<Error> = None;
    let mut under_way = FuturesUnordered::new();
    // The last parents of the calls under way. What goes out next: rows that may wait until their
    // parent is free, or a job that is filled.
    let mut held: Vec<Option<RecordId>> = Vec::new();
    let mut waiting: Option<Rows<T::File>> = None;
    loop {
        let wish = ports.control.wish();
        let resting = standing.busy > 0 && !under_way.is_empty();
        let goes_on = failed.is_none() && wish == Wish::Go && !resting;
        let most = standing.most(ports);
        let is_free = ports.slots.taken() < most && under_way.len() < most + BEING_RECORDED;
        // A job is filled while others are under way.
        if goes_on && waiting.is_none() && !open.all_read && (is_free || way == Way::Bulk) {
            match open.next(ports, way, standing) {
                Ok(rows) if rows.len() > 0 => waiting = Some(rows),
                // All of them go apart.
                Ok(_) if !open.all_read => continue,
                Ok(_) => {}
                Err(error) => failed = Some(error.into()),
            }
        }
        // More rows of one parent than one call takes go one call after the other.
        let may_go = |rows: &mut Rows<T::File>| {
            let parent = rows.first_parent();
            parent.is_none() || !held.contains(&parent.cloned())
        };
        let mut begun = false;
        if goes_on
            && failed.is_none()
            && is_free
            && let Some(rows) = waiting.take_if(may_go)
        {
            if !standing.rests(ports).await {
                // The run is to stop.
                waiting = Some(rows);
            } else if let Err(error) = calls::refuse_too_few(ports, under_way.len()) {
                failed = Some(error);
            } else {
                count += u32::try_from(rows.len()).unwrap_or(u32::MAX);
                held.push(rows.last_parent().cloned());
                under_way.push(send(ports, changes, rows, ports.slots.take()));
                begun = true;
            }
        }
        if under_way.is_empty() {
            match failed {
                Some(error) => return Err(error),
                None if open.all_read && waiting.is_none() => return Ok(Some(count)),
                None if ports.control.goes_on(ports.reporter).await => continue,
                None => return Ok(None),
            }
        }
        tokio::select! {
            biased;
            Some((parent, sent, error)) = under_way.next() => {
                if let Some(free) = held.iter().position(|one| *one == parent) {
                    held.swap_remove(free);
                }
                if let Err(error) = standing.take(ports, sent, error) {
                    failed = failed.or(Some(error));
                }
            }
            // It sets out before the next is filled.
            () = std::future::ready(()), if begun => {}
            () = ports.slots.fewer_than(most), if ports.slots.taken() >= most => {}
            () = ports.control.other_than(wish) => {
                let paused = ports.control.wish() == Wish::Pause;
                let standstill = paused.then_some(Standstill::Paused);
                ports.reporter.report(Event::Standstill(standstill));
            }
        }
    }
}

/// The open rows of one action, of which the next call or job takes some.
struct Open {
    action: Action,
    /// The customer of the last row that was taken.
    after: Option<CustomerId>,
    all_read: bool,
}

/// What one call or Bulk job takes.
enum Rows<F> {
    Call(Vec<PlanRow>),
    Job(JobRows<F>),
}

impl<F: BulkFile> Rows<F> {
    fn len(&self) -> usize {
        match self {
            Self::Call(rows) => rows.len(),
            Self::Job(rows) => rows.len(),
        }
    }

    /// The parent of the first row of a call.
    fn first_parent(&self) -> Option<&RecordId> {
        match self {
            Self::Call(rows) => rows.first()?.parent.as_ref(),
            Self::Job(_) => None,
        }
    }

    /// The parent of the last row of a call: rows come by parent.
    fn last_parent(&self) -> Option<&RecordId> {
        match self {
            Self::Call(rows) => rows.last()?.parent.as_ref(),
            Self::Job(_) => None,
        }
    }
}

impl Open {
    /// The next rows, without those that go apart.
    fn next<T: BulkTarget, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        way: Way,
        standing: &Standing,
    ) -> Result<Rows<T::File>, LedgerError> {
        match way {
            Way::Collections => Ok(Rows::Call(self.call(ports, standing)?)),
            Way::Bulk => Ok(Rows::Job(self.job(ports, standing)?)),
        }
    }

    /// The next rows of one call. Rows come by parent, and those of one parent stay together where
    /// they fit one call, so that no two calls under way lock it against each other.
    fn call<T, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        standing: &Standing,
    ) -> Result<Vec<PlanRow>, LedgerError> {
        let (run, after) = (ports.input.run, self.after.as_ref());
        let limit = WriteBatch::MAX_ROWS + 1;
        let mut rows = ports.journal.open_rows(run, self.action, after, limit)?;
        self.all_read = rows.len() < limit;
        if !self.all_read
            && let Some(following) = rows.pop()
            && following.parent.is_some()
        {
            let begun = rows.partition_point(|row| row.parent != following.parent);
            if begun > 0 {
                rows.truncate(begun);
            }
        }
        if let Some(last) = rows.last() {
            self.after = Some(last.customer.clone());
        }
        rows.retain(|row| !standing.goes_apart(&row.customer));
        Ok(rows)
    }

    /// The next rows of one Bulk job, as many as its file takes.
    fn job<T: BulkTarget, J: Journal>(
        &mut self,
        ports: &Ports<'_, T, J>,
        standing: &Standing,
    ) -> Result<JobRows<T::File>, LedgerError> {
        let run = ports.input.run;
        let mut job = JobRows::new(ports, batch::kind_of(self.action));
        let mut read = 0;
        while read < BulkWrite::MAX_ROWS && !self.all_read {
            let after = self.after.as_ref();
            let rows = ports.journal.open_rows(run, self.action, after, WINDOW)?;
            read += WINDOW;
            self.all_read = rows.len() < WINDOW;
            for row in rows {
                if !standing.goes_apart(&row.customer) && !job.add(ports, &row) {
                    // It is the first of the next job.
                    self.all_read = false;
                    return Ok(job);
                }
                self.after = Some(row.customer);
            }
        }
        Ok(job)
    }
}

/// Deletions always go by calls: each is read again, with what hangs on it, right before its call.
fn way_of<T, J>(ports: &Ports<'_, T, J>, action: Action) -> Way {
    match action {
        Action::Delete => Way::Collections,
        _ => ports.input.way,
    }
}

/// One call or Bulk job: its last parent, what it came to, and why it failed when it did.
async fn send<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    changes: &Changes,
    rows: Rows<T::File>,
    slot: Slot,
) -> (Option<RecordId>, Sent, Option<Error>) {
    let mut sent = Sent {
        slot: Some(slot),
        ..Sent::default()
    };
    let parent = rows.last_parent().cloned();
    let result = match rows {
        Rows::Call(rows) => batch::write(ports, &rows, &mut sent).await,
        Rows::Job(rows) => bulk::write(ports, changes, rows, &mut sent).await,
    };
    (parent, sent, result.err())
}

fn backoff(times: u32) -> Duration {
    Duration::from_millis(250 << times.min(6))
}

/// Sends the rows that go apart, a few at a time and one call under way, until each has its
/// outcome. Gives whether it came to that; otherwise a person stopped it.
async fn send_apart<T: Target, J: Journal>(
    ports: &Ports<'_, T, J>,
    standing: &mut Standing,
) -> Result<bool, Error> {
    let mut rounds = 0;
    loop {
        let apart: Vec<CustomerId> = standing
            .again
            .iter()
            .filter(|(_, (_, apart))| *apart)
            .map(|(customer, _)| customer.clone())
            .collect();
        if apart.is_empty() {
            return Ok(true);
        }
        if !ports.control.sleep(backoff(rounds)).await {
            return Ok(false);
        }
        rounds += 1;
        for customers in apart.chunks(APART) {
            if !ports.control.goes_on(ports.reporter).await || !standing.rests(ports).await {
                return Ok(false);
            }
            calls::refuse_too_few(ports, 0)?;
            let rows = ports.journal.plan_rows(ports.input.run, customers)?;
            let mut sent = Sent::default();
            let failed = batch::write(ports, &rows, &mut sent).await.err();
            standing.take(ports, sent, failed)?;
        }
    }
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

/// A row whose reason to go again is not a refusal of Salesforce's, in our own words.
pub(super) fn in_our_words(code: &str, message: String) -> Problem {
    Problem::new(code, message)
}
