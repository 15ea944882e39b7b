//! Sending the open rows of a run, by either way: several calls or Bulk jobs at a time, no new one
//! while the run is paused, none after it is to stop.

use std::collections::BTreeMap;
use std::time::Duration;

use drawbridge_model::{
    Action, BulkTarget, Counts, CustomerId, Event, FieldName, Journal, Outcome, Problem,
    RowOutcome, Standstill, Target, TargetError, Way,
};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

use super::bulk::{self, Changes};
use super::control::Wish;
use super::flight::Flight;
use super::open::{Open, Parents, Rows};
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

    /// Those that go apart.
    fn apart(&self) -> impl Iterator<Item = &CustomerId> {
        let again = self.again.iter();
        again.filter(|(_, (_, apart))| *apart).map(|(it, _)| it)
    }

    pub(super) fn goes_apart(&self, customer: &CustomerId) -> bool {
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
                ports.reporter.report(Event::NoAnswer {
                    reason: error.to_string(),
                });
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

/// Writes until no row is open: new records first, then changes, and last, when those are done, what
/// an undo deletes. A row that did not go through is met again in the next pass. Gives whether it
/// came to its end; otherwise a person stopped it.
pub(super) async fn write_open_rows<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    standing: &mut Standing,
    changes: &Changes,
) -> Result<bool, Error> {
    refuse_missing_fields(ports)?;
    standing.tell_pace(ports);
    let saves: &[Action] = &[Action::Create, Action::Update];
    // Each is read again, with what hangs on it, right before its call: they never go by jobs.
    let deletions: &[Action] = &[Action::Delete];
    let deletions = ports.input.deletes.then_some((Way::Collections, deletions));
    for (way, actions) in [(ports.input.way, saves)].into_iter().chain(deletions) {
        loop {
            // The pass leaves those out that go apart already.
            let before = standing.counts.total();
            let apart = standing.apart().count();
            let open = Open::new(way, actions);
            let Some(sent) = pass(ports, standing, changes, open).await? else {
                return Ok(false);
            };
            if !send_apart(ports, standing).await? {
                return Ok(false);
            }
            // Each of them has its outcome: none is left open.
            let all = sent + u32::try_from(apart).unwrap_or(u32::MAX);
            if standing.counts.total() - before >= all {
                break;
            }
        }
    }
    Ok(true)
}

/// Sends each of these rows once. Gives how many there were; `None` when a person stopped
/// it. Calls under way are always waited for and recorded, also when one fails.
async fn pass<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    standing: &mut Standing,
    changes: &Changes,
    mut open: Open<'_>,
) -> Result<Option<u32>, Error> {
    let mut count = 0;
    let mut failed: Option<Error> = None;
    let mut under_way = FuturesUnordered::new();
    // The parents of the calls under way. What goes out next: rows that may wait until their
    // parents are free, or a job that is filled.
    let mut held: Vec<Parents> = Vec::new();
    let mut waiting: Option<Rows<T::File>> = None;
    let mut all_read = false;
    loop {
        let wish = ports.control.wish();
        let resting = standing.busy > 0 && !under_way.is_empty();
        let goes_on = failed.is_none() && wish == Wish::Go && !resting;
        let most = standing.most(ports);
        let is_free = ports.slots.taken() < most && under_way.len() < most + BEING_RECORDED;
        // A job is filled while others are under way.
        if goes_on && waiting.is_none() && !all_read && (is_free || open.way() == Way::Bulk) {
            match open.next(ports, standing) {
                Ok(rows) => {
                    all_read = rows.is_none();
                    waiting = rows;
                }
                Err(error) => failed = Some(error.into()),
            }
        }
        // Rows of one parent go one call after the other.
        let may_go = |rows: &mut Rows<T::File>| {
            let parents = rows.parents();
            parents.is_none_or(|its| !held.iter().any(|theirs| theirs.meet(&its)))
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
                held.extend(rows.parents());
                under_way.push(send(ports, changes, rows, ports.slots.take()));
                begun = true;
            }
        }
        if under_way.is_empty() {
            match failed {
                Some(error) => return Err(error),
                None if all_read && waiting.is_none() => return Ok(Some(count)),
                None if ports.control.goes_on(ports.reporter).await => continue,
                None => return Ok(None),
            }
        }
        tokio::select! {
            biased;
            Some((parents, sent, error)) = under_way.next() => {
                held.retain(|theirs| Some(theirs) != parents.as_ref());
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

/// One call or Bulk job: its parents, what it came to, and why it failed when it did.
async fn send<T: BulkTarget, J: Journal>(
    ports: &Ports<'_, T, J>,
    changes: &Changes,
    rows: Rows<T::File>,
    slot: Slot,
) -> (Option<Parents>, Sent, Option<Error>) {
    let mut sent = Sent {
        slot: Some(slot),
        ..Sent::default()
    };
    let parents = rows.parents();
    let result = match rows {
        Rows::Call(rows) => batch::write(ports, &rows, &mut sent).await,
        Rows::Job(rows) => bulk::write(ports, changes, rows, &mut sent).await,
    };
    (parents, sent, result.err())
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
        let apart: Vec<CustomerId> = standing.apart().cloned().collect();
        if apart.is_empty() {
            return Ok(true);
        }
        if !ports.control.sleep(backoff(rounds)).await {
            return Ok(false);
        }
        rounds += 1;
        for customers in apart.chunks(APART) {
            let mut rows = ports.journal.plan_rows(ports.input.run, customers)?;
            // A call takes rows of one action.
            rows.sort_by_key(|row| row.action);
            for rows in rows.chunk_by(|one, next| one.action == next.action) {
                if !ports.control.goes_on(ports.reporter).await || !standing.rests(ports).await {
                    return Ok(false);
                }
                calls::refuse_too_few(ports, 0)?;
                let mut sent = Sent::default();
                let failed = batch::write(ports, rows, &mut sent).await.err();
                standing.take(ports, sent, failed)?;
            }
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
