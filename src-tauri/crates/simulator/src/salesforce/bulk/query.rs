//! `/jobs/query`: a query whose result is fetched as CSV, in pages of any size.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::reply::{Reply, Request};
use crate::salesforce::SharedOrg;
use crate::salesforce::bulk::job::{Job, Kind, State};
use crate::salesforce::bulk::upload::{Dialect, push_quoted};
use crate::salesforce::bulk::work::{Trouble, pause};
use crate::salesforce::bulk::{Ticket, dialect, id_of, list, wanted_state};
use crate::salesforce::errors::CallError;
use crate::salesforce::json_body;
use crate::salesforce::org::Org;
use crate::salesforce::soql::{Table, table};

/// Rows read under one lock of the org.
const WINDOW: usize = 2_000;
/// Rows of a page when the client does not say.
const PAGE: usize = 50_000;
/// Pages one call of `resultPages` gives.
const PAGES: usize = 5;
/// First version with `resultPages`.
const RESULT_PAGES: u32 = 58;

/// A job that reads.
#[derive(Debug)]
pub(crate) struct QueryJob {
    pub(crate) job: Job,
    /// What is left to read; nothing once the job is over.
    table: Option<Table>,
    file: Arc<File>,
}

/// A result: its heading line, its rows, and where they start.
#[derive(Debug, Default)]
struct File {
    header: Vec<u8>,
    rows: Vec<u8>,
    starts: Vec<usize>,
}

impl File {
    fn new<'a>(names: impl Iterator<Item = &'a str>, dialect: Dialect) -> Self {
        let mut header = Vec::new();
        push_line(&mut header, names, dialect);
        Self {
            header,
            ..Self::default()
        }
    }

    fn push(&mut self, cells: &[Option<String>], dialect: Dialect) {
        self.starts.push(self.rows.len());
        let cells = cells.iter().map(|cell| cell.as_deref().unwrap_or_default());
        push_line(&mut self.rows, cells, dialect);
    }

    fn len(&self) -> usize {
        self.starts.len()
    }

    /// The heading line and the rows from one to another.
    fn page(&self, from: usize, to: usize) -> Vec<u8> {
        let start = |row: usize| self.starts.get(row).copied().unwrap_or(self.rows.len());
        let rows = self.rows.get(start(from)..start(to)).unwrap_or_default();
        [self.header.as_slice(), rows].concat()
    }
}

fn push_line<'a>(file: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>, dialect: Dialect) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            file.push(dialect.delimiter.byte());
        }
        push_quoted(file, cell);
    }
    file.extend_from_slice(dialect.line_ending.text().as_bytes());
}

/// The body of a POST.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    operation: Option<String>,
    query: Option<String>,
    content_type: Option<String>,
    line_ending: Option<String>,
    column_delimiter: Option<String>,
}

/// Routes under `/jobs/query`.
pub(crate) fn route(
    shared: &SharedOrg,
    request: &Request,
    version: u32,
    rest: &[&str],
) -> Result<Reply, CallError> {
    match (request.method.as_str(), rest) {
        ("POST", []) => create(shared, request, version),
        ("GET", []) => {
            let org = shared.lock();
            let jobs = org.bulk.query.iter().map(|(id, query)| (id, &query.job));
            list(request, version, Kind::Query, jobs)
        }
        ("GET", [id]) => {
            let org = shared.lock();
            Ok(Reply::json(200, &find(&org, &id_of(id)?)?.job.full()))
        }
        ("PATCH", [id]) => {
            let wanted = wanted_state(request)?;
            let (mut org, id) = (shared.lock(), id_of(id)?);
            let state = find(&org, &id)?.job.may_enter(&wanted)?;
            let now = org.clock.now();
            let query = org.bulk.query.get_mut(&id);
            let query = query.ok_or_else(CallError::not_found)?;
            query.job.enter(state, now);
            Ok(Reply::json(200, &query.job.brief()))
        }
        ("DELETE", [id]) => {
            let (mut org, id) = (shared.lock(), id_of(id)?);
            find(&org, &id)?.job.may_go()?;
            org.bulk.query.remove(&id);
            Ok(Reply::empty(204))
        }
        ("GET", [id, name]) if name.eq_ignore_ascii_case("results") => {
            results(shared, request, &id_of(id)?)
        }
        ("GET", [id, name])
            if name.eq_ignore_ascii_case("resultPages") && version >= RESULT_PAGES =>
        {
            result_pages(shared, request, version, &id_of(id)?)
        }
        _ => Err(CallError::not_found()),
    }
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a QueryJob, CallError> {
    org.bulk.query.get(id).ok_or_else(CallError::not_found)
}

fn create(shared: &SharedOrg, request: &Request, version: u32) -> Result<Reply, CallError> {
    let asked: Asked = json_body::read(&request.body)?;
    let invalid = |message: String| CallError::bad("INVALIDJOB", message);
    let (operation, with_deleted) = match asked.operation.as_deref() {
        Some("query") => ("query", false),
        Some("queryAll") => ("queryAll", true),
        other => {
            let name = other.unwrap_or_default();
            return Err(invalid(format!(
                "InvalidJob : Operation {name} is not supported."
            )));
        }
    };
    if asked.content_type.is_some_and(|kind| kind != "CSV") {
        return Err(invalid(
            "InvalidJob : The contentType must be CSV.".to_owned(),
        ));
    }
    let dialect = dialect(
        asked.column_delimiter.as_deref(),
        asked.line_ending.as_deref(),
    )?;
    let soql = asked
        .query
        .ok_or_else(|| invalid("InvalidJob : A query is needed.".to_owned()))?;
    let trouble = Trouble::of(request);
    let (ticket, reply) = {
        let mut org = shared.lock();
        let table = table(&org, &soql, with_deleted)?;
        if !org.bulk.count_query() {
            return Err(CallError::bad(
                "EXCEEDEDQUOTA",
                "DailyBulkV2QueryJobs Limit exceeded.",
            ));
        }
        let id = org.ids.next("750");
        let (now, user) = (org.clock.now(), org.identity.user_id.clone());
        let mut job = Job::new(
            id.clone(),
            (Kind::Query, operation),
            table.sobject().to_owned(),
            user,
            now.clone(),
            version,
            dialect,
        );
        job.enter(State::UploadComplete, now);
        let reply = Reply::json(200, &job.brief());
        let query = QueryJob {
            job,
            table: Some(table),
            file: Arc::default(),
        };
        org.bulk.query.insert(id.clone(), query);
        (org.bulk.ticket(&id), reply)
    };
    let (working, job) = (shared.clone(), ticket.clone());
    let started = std::thread::Builder::new()
        .name("bulk-query".to_owned())
        .spawn(move || work(&working, &job, &trouble));
    if let Err(error) = started {
        end(
            shared,
            &ticket,
            Err(CallError::bad("API_ERROR", error.to_string())),
        );
    }
    Ok(reply)
}

/// Reads the rows of a job, a window at a time.
fn work(shared: &SharedOrg, ticket: &Ticket, trouble: &Trouble) {
    let is_running = || {
        let mut org = shared.lock();
        let query = org.bulk.query_of(ticket);
        query.is_some_and(|query| query.job.state == State::InProgress)
    };
    let (table, dialect) = {
        let mut org = shared.lock();
        let now = org.clock.now();
        let Some(query) = org.bulk.query_of(ticket) else {
            return;
        };
        let Some(table) = query.table.take() else {
            return;
        };
        if query.job.state != State::UploadComplete {
            return;
        }
        query.job.enter(State::InProgress, now);
        (table, query.job.dialect)
    };
    let rest = trouble.slow() / u32::try_from(table.len() / WINDOW + 1).unwrap_or(1);
    let mut file = File::new(table.headers(), dialect);
    for from in (0..table.len().max(1)).step_by(WINDOW) {
        if !pause(shared, rest, is_running) {
            return;
        }
        let mut org = shared.lock();
        // It may have been aborted, or the sandbox refreshed, since the last look.
        if org.bulk.query_of(ticket).is_none() {
            return;
        }
        let read = table.rows(&org, from, WINDOW, |cells| file.push(cells, dialect));
        if let Err(error) = read {
            drop(org);
            return end(shared, ticket, Err(error));
        }
        if let Some(query) = org.bulk.query_of(ticket) {
            query.job.processed = file.len();
        }
    }
    end(shared, ticket, Ok(file));
}

fn end(shared: &SharedOrg, ticket: &Ticket, read: Result<File, CallError>) {
    let mut org = shared.lock();
    let now = org.clock.now();
    let Some(query) = org.bulk.query_of(ticket) else {
        return;
    };
    if query.job.state.is_over() {
        return;
    }
    match read {
        Ok(file) => {
            query.file = Arc::new(file);
            query.job.enter(State::JobComplete, now);
        }
        Err(error) => query
            .job
            .fail(format!("{} : {}", error.code, error.message), now),
    }
}

/// The result of a job that is complete.
fn file(shared: &SharedOrg, id: &str) -> Result<Arc<File>, CallError> {
    let org = shared.lock();
    let query = find(&org, id)?;
    if query.job.state != State::JobComplete {
        return Err(CallError::bad(
            "INVALIDJOBSTATE",
            format!(
                "The job is in state {:?}; it has no results.",
                query.job.state
            ),
        ));
    }
    Ok(Arc::clone(&query.file))
}

fn locator(row: usize) -> String {
    BASE64.encode(row.to_string())
}

/// The row a locator stands for.
fn row_at(locator: Option<&str>, file: &File) -> Result<usize, CallError> {
    let Some(locator) = locator.filter(|text| !text.is_empty()) else {
        return Ok(0);
    };
    let row = BASE64.decode(locator).ok();
    let row = row.and_then(|text| std::str::from_utf8(&text).ok()?.parse::<usize>().ok());
    row.filter(|&row| row == 0 || row < file.len())
        .ok_or_else(|| CallError::bad("INVALID_QUERY_LOCATOR", "invalid query locator"))
}

fn page_size(request: &Request) -> Result<usize, CallError> {
    let Some(asked) = request.param("maxRecords") else {
        return Ok(PAGE);
    };
    let size = asked.parse::<usize>().ok().filter(|&size| size > 0);
    size.ok_or_else(|| {
        CallError::bad(
            "CLIENTINPUTERROR",
            format!("maxRecords must be a positive number, not {asked}."),
        )
    })
}

fn results(shared: &SharedOrg, request: &Request, id: &str) -> Result<Reply, CallError> {
    let file = file(shared, id)?;
    let from = row_at(request.param("locator"), &file)?;
    let to = from.saturating_add(page_size(request)?).min(file.len());
    let next = if to < file.len() {
        locator(to)
    } else {
        "null".to_owned()
    };
    let reply = Reply::bytes(200, "text/csv; charset=UTF-8", file.page(from, to));
    Ok(reply
        .with("sforce-locator", next)
        .with("sforce-numberofrecords", (to - from).to_string()))
}

/// Addresses of the next pages, which can be fetched side by side.
fn result_pages(
    shared: &SharedOrg,
    request: &Request,
    version: u32,
    id: &str,
) -> Result<Reply, CallError> {
    let file = file(shared, id)?;
    let from = row_at(request.param("locator"), &file)?;
    let base = format!("/services/data/v{version}.0/jobs/query/{id}");
    let mut starts = (from..file.len().max(1)).step_by(PAGE);
    let pages: Vec<Value> = starts
        .by_ref()
        .take(PAGES)
        .map(|row| {
            json!({"resultUrl": format!("{base}/results?locator={}&maxRecords={PAGE}", locator(row))})
        })
        .collect();
    let next = starts
        .next()
        .map(|row| format!("{base}/resultPages?locator={}", locator(row)));
    Ok(Reply::json(
        200,
        &json!({"resultPages": pages, "nextRecordsUrl": next, "done": next.is_none()}),
    ))
}
