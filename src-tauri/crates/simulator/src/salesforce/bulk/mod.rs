//! Bulk API 2.0 (facts/salesforce.md §6): jobs that write an uploaded CSV ([`ingest`]) and jobs
//! whose query is fetched as CSV ([`query`]).
//!
//! A request only changes a job's state; the work runs in a thread of its own ([`work`]), which
//! takes the org's lock for one chunk at a time and ends with the server.

mod columns;
mod ingest;
mod job;
mod outcomes;
mod query;
mod results;
mod rows;
mod upload;
mod work;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

pub(crate) use upload::{Dialect, Upload};

use crate::reply::{Reply, Request};
use crate::salesforce::bulk::ingest::Ingest;
use crate::salesforce::bulk::job::{Info, Job, Kind, State};
use crate::salesforce::bulk::query::QueryJob;
use crate::salesforce::bulk::upload::{Delimiter, LineEnding};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;
use crate::salesforce::{SharedOrg, clock, ids};

/// How long a job and its results are kept, once it is over.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a job may wait for its upload.
const OPEN: SignedDuration = SignedDuration::from_hours(24);
/// Internal batches an org may have in 24 hours.
pub(crate) const DAILY_BATCHES: u64 = 15_000;
/// Query jobs an org may have in 24 hours.
pub(crate) const DAILY_QUERIES: u64 = 10_000;
/// Jobs of one page of a list.
const PAGE: usize = 1000;

/// An org's Bulk jobs, oldest first: ids rise.
#[derive(Debug, Default)]
pub(crate) struct Bulk {
    pub(crate) ingest: BTreeMap<String, Ingest>,
    pub(crate) query: BTreeMap<String, QueryJob>,
    /// Whether the signed-in user may delete records past the recycle bin.
    pub(crate) hard_delete_permitted: bool,
    /// How often the org was refreshed; ids begin anew with each.
    generation: u64,
    batches: u64,
    queries: u64,
    /// When the counts began.
    counting_since: Option<Timestamp>,
}

/// What the work of a job finds its job by. An id alone could name a job that was made after the
/// sandbox was refreshed, in what is another org by then.
#[derive(Debug, Clone)]
struct Ticket {
    generation: u64,
    id: String,
}

impl Bulk {
    /// The Bulk side of a refreshed sandbox: no jobs, counts from zero. Work that is under way finds
    /// its job no more and stops.
    pub(crate) fn renewed(&self, hard_delete_permitted: bool) -> Self {
        Self {
            hard_delete_permitted,
            generation: self.generation + 1,
            ..Self::default()
        }
    }

    fn ticket(&self, id: &str) -> Ticket {
        Ticket {
            generation: self.generation,
            id: id.to_owned(),
        }
    }

    fn ingest_of(&mut self, ticket: &Ticket) -> Option<&mut Ingest> {
        let jobs = (self.generation == ticket.generation).then_some(&mut self.ingest)?;
        jobs.get_mut(&ticket.id)
    }

    fn query_of(&mut self, ticket: &Ticket) -> Option<&mut QueryJob> {
        let jobs = (self.generation == ticket.generation).then_some(&mut self.query)?;
        jobs.get_mut(&ticket.id)
    }

    pub(crate) fn count_batch(&mut self) {
        self.batches += 1;
    }

    /// Internal batches left today.
    pub(crate) fn batches_left(&self) -> u64 {
        DAILY_BATCHES.saturating_sub(self.batches)
    }

    /// Query jobs left today.
    pub(crate) fn queries_left(&self) -> u64 {
        DAILY_QUERIES.saturating_sub(self.queries)
    }

    /// Counts a query job, unless there were too many today.
    fn count_query(&mut self) -> bool {
        let left = self.queries_left() > 0;
        self.queries += u64::from(left);
        left
    }

    fn may_start(&self) -> bool {
        self.batches_left() > 0
    }

    /// Forgets what is too old at this moment, and fails jobs whose upload never came.
    fn age(&mut self, at: Timestamp) {
        let counting = *self.counting_since.get_or_insert(at);
        if at.duration_since(counting) >= SignedDuration::from_hours(24) {
            self.batches = 0;
            self.queries = 0;
            self.counting_since = Some(at);
        }
        let since = |moment: &str| clock::parse(moment).map(|then| at.duration_since(then));
        // A job at work stays, however far the clock was moved meanwhile.
        let kept = |job: &Job| !job.state.is_over() || since(&job.changed) < Some(KEPT);
        self.ingest.retain(|_, ingest| kept(&ingest.job));
        self.query.retain(|_, query| kept(&query.job));
        for ingest in self.ingest.values_mut() {
            if ingest.job.state == State::Open && since(&ingest.job.created) > Some(OPEN) {
                ingest.job.fail(
                    "ClientInputError : The job was open for more than 24 hours",
                    clock::format(at),
                );
            }
        }
    }
}

/// Routes under `/jobs`.
pub(crate) fn route(
    shared: &SharedOrg,
    request: &Request,
    version: u32,
    rest: &[&str],
) -> Result<Reply, CallError> {
    {
        let org: &mut Org = &mut shared.lock();
        let now = org.clock.moment();
        org.bulk.age(now);
    }
    match rest {
        ["ingest", rest @ ..] => ingest::route(shared, request, version, rest),
        ["query", rest @ ..] => query::route(shared, request, version, rest),
        _ => Err(CallError::not_found()),
    }
}

/// A job's id of 15 or 18 characters, in full.
fn id_of(text: &str) -> Result<String, CallError> {
    ids::canonical(text).ok_or_else(CallError::not_found)
}

/// The order of a job's results depends on its id alone.
fn seed_of(id: &str) -> u64 {
    id.bytes()
        .fold(7, |seed, byte| seed.wrapping_mul(31) ^ u64::from(byte))
}

fn dialect(delimiter: Option<&str>, ending: Option<&str>) -> Result<Dialect, CallError> {
    let usual = Dialect::default();
    let unknown = |what: &str, name: &str| {
        CallError::bad(
            "INVALIDJOB",
            format!("InvalidJob : {name} is not a {what}."),
        )
    };
    Ok(Dialect {
        delimiter: match delimiter {
            Some(name) => {
                Delimiter::from_name(name).ok_or_else(|| unknown("columnDelimiter", name))?
            }
            None => usual.delimiter,
        },
        line_ending: match ending {
            Some(name) => LineEnding::from_name(name).ok_or_else(|| unknown("lineEnding", name))?,
            None => usual.line_ending,
        },
    })
}

/// The state a PATCH asks for.
fn wanted_state(request: &Request) -> Result<String, CallError> {
    let body: Value = serde_json::from_slice(&request.body)?;
    match body.get("state").and_then(Value::as_str) {
        Some(state) => Ok(state.to_owned()),
        None => Err(CallError::bad(
            "INVALIDJOB",
            "InvalidJob : A job's state is all that can be changed.",
        )),
    }
}

/// Answers a list, at most 1000 jobs a page; the locator is the id of the last job listed.
fn list<'a>(
    request: &Request,
    version: u32,
    kind: Kind,
    jobs: impl Iterator<Item = (&'a String, &'a Job)>,
) -> Result<Reply, CallError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Page<'a> {
        done: bool,
        records: Vec<Info<'a>>,
        next_records_url: Option<String>,
    }
    let fits = |name: &str, value: &str| {
        request
            .param(name)
            .is_none_or(|asked| asked.is_empty() || asked.eq_ignore_ascii_case(value))
    };
    let chunking = if kind == Kind::Query { "true" } else { "false" };
    let any = fits("jobType", kind.name())
        && fits("isPkChunkingEnabled", chunking)
        && fits("concurrencyMode", "Parallel");
    let after = match request.param("queryLocator").filter(|id| !id.is_empty()) {
        Some(id) => Some(
            ids::canonical(id)
                .ok_or_else(|| CallError::bad("INVALID_QUERY_LOCATOR", "invalid query locator"))?,
        ),
        None => None,
    };
    let mut jobs = jobs
        .filter(|(id, _)| any && after.as_ref().is_none_or(|after| *id > after))
        .map(|(_, job)| job)
        .peekable();
    let page: Vec<&Job> = jobs.by_ref().take(PAGE).collect();
    let next = match (jobs.peek(), page.last()) {
        (Some(_), Some(last)) => Some(format!(
            "/services/data/v{version}.0/jobs/{}?queryLocator={}",
            kind.path(),
            last.id
        )),
        _ => None,
    };
    Ok(Reply::json(
        200,
        &Page {
            done: next.is_none(),
            records: page.into_iter().map(Job::entry).collect(),
            next_records_url: next,
        },
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn jobs_grow_old() {
        let made = "2026-01-31T12:00:00.000+0000";
        let at = clock::parse(made).unwrap();
        let mut bulk = Bulk::default();
        bulk.age(at);
        let jobs = [
            ("1", State::Open),
            ("2", State::JobComplete),
            ("3", State::InProgress),
        ];
        for (id, state) in jobs {
            let mut job = Job::new(
                id.to_owned(),
                (Kind::Ingest, "insert"),
                "Account".to_owned(),
                String::new(),
                made.to_owned(),
                67,
                Dialect::default(),
            );
            job.state = state;
            let ingest = Ingest::new(job, rows::Operation::Insert);
            bulk.ingest.insert(id.to_owned(), ingest);
        }
        bulk.count_batch();
        assert!(bulk.count_query());
        let states = |bulk: &Bulk| -> Vec<State> {
            bulk.ingest
                .values()
                .map(|ingest| ingest.job.state)
                .collect()
        };
        bulk.age(at + SignedDuration::from_hours(23));
        assert_eq!(
            states(&bulk),
            [State::Open, State::JobComplete, State::InProgress]
        );
        assert_eq!(bulk.batches_left(), DAILY_BATCHES - 1);
        bulk.age(at + SignedDuration::from_hours(25));
        assert_eq!(
            states(&bulk),
            [State::Failed, State::JobComplete, State::InProgress]
        );
        assert_eq!(
            (bulk.batches_left(), bulk.queries_left()),
            (DAILY_BATCHES, DAILY_QUERIES)
        );
        bulk.age(at + SignedDuration::from_hours(7 * 24 + 1));
        // The first was open for a day and is kept for seven from there; the third is at work.
        assert_eq!(states(&bulk), [State::Failed, State::InProgress]);
        bulk.age(at + SignedDuration::from_hours(8 * 24 + 2));
        assert_eq!(states(&bulk), [State::InProgress]);
    }

    #[test]
    fn work_finds_no_job_of_a_refreshed_org() {
        let mut bulk = Bulk::default();
        let add = |bulk: &mut Bulk| {
            let job = Job::new(
                "750".to_owned(),
                (Kind::Ingest, "insert"),
                "Account".to_owned(),
                String::new(),
                String::new(),
                67,
                Dialect::default(),
            );
            let ingest = Ingest::new(job, rows::Operation::Insert);
            bulk.ingest.insert("750".to_owned(), ingest);
            bulk.ticket("750")
        };
        let before = add(&mut bulk);
        assert!(bulk.ingest_of(&before).is_some());
        bulk = bulk.renewed(false);
        assert!(bulk.ingest.is_empty());
        let after = add(&mut bulk);
        assert!(bulk.ingest_of(&before).is_none());
        assert!(bulk.ingest_of(&after).is_some());
    }
}
