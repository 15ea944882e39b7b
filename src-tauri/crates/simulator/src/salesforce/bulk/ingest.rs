//! `/jobs/ingest`: writing many records by one upload.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use crate::faults::FaultKind;
use crate::reply::{Reply, Request};
use crate::salesforce::SharedOrg;
use crate::salesforce::bulk::job::{Job, Kind, State};
use crate::salesforce::bulk::outcomes::Outcomes;
use crate::salesforce::bulk::results::{self, Results};
use crate::salesforce::bulk::rows::{Operation, Order};
use crate::salesforce::bulk::upload::Upload;
use crate::salesforce::bulk::work::{self, Trouble};
use crate::salesforce::bulk::{dialect, id_of, list, seed_of, wanted_state};
use crate::salesforce::errors::CallError;
use crate::salesforce::json_body;
use crate::salesforce::metadata::parts;
use crate::salesforce::org::Org;

/// Largest upload, in bytes.
const MAX_UPLOAD: usize = 150 * 1024 * 1024;
/// Longest content of a job created by one multipart call, in characters.
const MAX_CONTENT: usize = 100_000;

/// A job that writes.
#[derive(Debug)]
pub(crate) struct Ingest {
    pub(crate) job: Job,
    operation: Operation,
    /// The file as it came; `None` until it is uploaded.
    pub(crate) upload: Option<Bytes>,
    /// The file, once it was read and found sound.
    pub(crate) file: Option<Arc<Upload>>,
    outcomes: Arc<Outcomes>,
}

impl Ingest {
    pub(crate) fn new(job: Job, operation: Operation) -> Self {
        Self {
            job,
            operation,
            upload: None,
            file: None,
            outcomes: Arc::default(),
        }
    }

    pub(crate) fn order(&self) -> Order {
        Order {
            operation: self.operation,
            sobject: self.job.object.clone(),
            key: self.job.key.clone(),
        }
    }

    /// Takes in what became of the next rows.
    pub(crate) fn record(&mut self, outcomes: Outcomes, took: Duration) {
        let all = Arc::make_mut(&mut self.outcomes);
        all.append(outcomes);
        self.job.processed = all.len();
        self.job.failed = all.failed();
        self.job.active += took;
    }
}

/// The body of a POST.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    object: Option<String>,
    operation: Option<String>,
    external_id_field_name: Option<String>,
    assignment_rule_id: Option<String>,
    content_type: Option<String>,
    line_ending: Option<String>,
    column_delimiter: Option<String>,
}

/// Routes under `/jobs/ingest`.
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
            let jobs = org.bulk.ingest.iter().map(|(id, ingest)| (id, &ingest.job));
            list(request, version, Kind::Ingest, jobs)
        }
        ("PUT", [id, "batches"]) => upload(&mut shared.lock(), request, &id_of(id)?),
        ("PATCH", [id]) => patch(shared, request, &id_of(id)?),
        ("GET", [id]) => {
            let org = shared.lock();
            Ok(Reply::json(200, &find(&org, &id_of(id)?)?.job.full()))
        }
        ("DELETE", [id]) => {
            let mut org = shared.lock();
            let id = id_of(id)?;
            find(&org, &id)?.job.may_go()?;
            org.bulk.ingest.remove(&id);
            Ok(Reply::empty(204))
        }
        ("GET", [id, file]) => match Results::from_name(file) {
            Some(wanted) => results(shared, request, &id_of(id)?, wanted),
            None => Err(CallError::not_found()),
        },
        _ => Err(CallError::not_found()),
    }
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a Ingest, CallError> {
    org.bulk.ingest.get(id).ok_or_else(CallError::not_found)
}

fn find_mut<'a>(org: &'a mut Org, id: &str) -> Result<&'a mut Ingest, CallError> {
    org.bulk.ingest.get_mut(id).ok_or_else(CallError::not_found)
}

fn create(shared: &SharedOrg, request: &Request, version: u32) -> Result<Reply, CallError> {
    let content_type = request.header("content-type").unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("multipart/") {
        let asked = json_body::read(&request.body)?;
        let mut org = shared.lock();
        let job = new_job(&mut org, asked, version)?;
        let reply = Reply::json(200, &job.job.brief());
        org.bulk.ingest.insert(job.job.id.clone(), job);
        return Ok(reply);
    }
    let broken = || {
        CallError::bad(
            "CLIENTINPUTERROR",
            "A multipart request needs a part with the job in JSON and a part with its content in CSV.",
        )
    };
    let parts = parts::split(content_type, &request.body).ok_or_else(broken)?;
    let job = parts.iter().position(parts::Part::looks_like_json);
    let job = job.ok_or_else(broken)?;
    let mut others = parts.iter().enumerate().filter(|(index, _)| *index != job);
    let (_, content) = others.next().ok_or_else(broken)?;
    if String::from_utf8_lossy(content.body).chars().count() > MAX_CONTENT {
        return Err(CallError::bad(
            "CLIENTINPUTERROR",
            format!("The content of a multipart request may have {MAX_CONTENT} characters."),
        ));
    }
    let content = request.body.slice_ref(content.body);
    let asked = json_body::read(parts[job].body)?;
    let (ticket, reply) = {
        let mut org = shared.lock();
        let mut ingest = new_job(&mut org, asked, version)?;
        ingest.upload = Some(content);
        let now = org.clock.now();
        ingest.job.enter(State::UploadComplete, now);
        let id = ingest.job.id.clone();
        let reply = Reply::json(200, &ingest.job.brief());
        org.bulk.ingest.insert(id.clone(), ingest);
        (org.bulk.ticket(&id), reply)
    };
    work::start(shared, &ticket, Trouble::of(request));
    Ok(reply)
}

/// Checks what is asked for and makes the job.
fn new_job(org: &mut Org, asked: Asked, version: u32) -> Result<Ingest, CallError> {
    let invalid = |message: String| CallError::bad("INVALIDJOB", message);
    let operation = asked.operation.unwrap_or_default();
    let operation = Operation::from_name(&operation).ok_or_else(|| {
        invalid(format!(
            "InvalidJob : Operation {operation} is not supported."
        ))
    })?;
    if operation == Operation::HardDelete && !org.bulk.hard_delete_permitted {
        return Err(CallError::bad(
            "FEATURENOTENABLED",
            "hardDelete operation requires special user profile permission, please contact your system administrator",
        ));
    }
    if asked.content_type.is_some_and(|kind| kind != "CSV") {
        return Err(invalid(
            "InvalidJob : The contentType must be CSV.".to_owned(),
        ));
    }
    let dialect = dialect(
        asked.column_delimiter.as_deref(),
        asked.line_ending.as_deref(),
    )?;
    let name = asked.object.unwrap_or_default();
    let object = org.schema.object(&name).filter(|object| object.writable);
    let Some(object) = object else {
        return Err(CallError::bad(
            "INVALIDENTITY",
            format!("InvalidEntity : Unable to find object: {name}"),
        ));
    };
    let key = if operation == Operation::Upsert {
        let asked = asked.external_id_field_name.unwrap_or_default();
        if asked.is_empty() {
            return Err(invalid(format!(
                "InvalidJob : External ID was blank for {}. An External ID must be specified for upsert.",
                object.name
            )));
        }
        let field = object
            .field(&asked)
            .filter(|field| field.external_id || field.id_lookup);
        let field = field.ok_or_else(|| {
            invalid(format!(
                "InvalidJob : Field name provided, {asked} does not match an External ID, Salesforce Id, or indexed field for {}",
                object.name
            ))
        })?;
        Some(field.name.clone())
    } else {
        None
    };
    let sobject = object.name.clone();
    if !org.bulk.may_start() {
        return Err(CallError::bad(
            "EXCEEDEDQUOTA",
            "ApiBatchItems Limit exceeded.",
        ));
    }
    let id = org.ids.next("750");
    let now = org.clock.now();
    let user = org.identity.user_id.clone();
    let mut job = Job::new(
        id,
        (Kind::Ingest, operation.name()),
        sobject,
        user,
        now,
        version,
        dialect,
    );
    job.key = key;
    job.assignment_rule = asked.assignment_rule_id;
    Ok(Ingest::new(job, operation))
}

fn upload(org: &mut Org, request: &Request, id: &str) -> Result<Reply, CallError> {
    let ingest = find_mut(org, id)?;
    if ingest.upload.is_some() {
        return Err(CallError::bad(
            "INVALIDJOBSTATE",
            format!(
                "Found multiple contents for job: <{id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job."
            ),
        ));
    }
    if ingest.job.state != State::Open {
        return Err(CallError::bad(
            "INVALIDJOBSTATE",
            format!(
                "Data can be uploaded to a job in state Open only; this job is in state {:?}.",
                ingest.job.state
            ),
        ));
    }
    if request.body.len() > MAX_UPLOAD {
        return Err(CallError::new(
            413,
            "CLIENTINPUTERROR",
            "The upload is larger than 150 MB.",
        ));
    }
    ingest.upload = Some(request.body.clone());
    Ok(Reply::empty(201))
}

fn patch(shared: &SharedOrg, request: &Request, id: &str) -> Result<Reply, CallError> {
    let wanted = wanted_state(request)?;
    let (ticket, state, reply) = {
        let mut org = shared.lock();
        let state = find(&org, id)?.job.may_enter(&wanted)?;
        let now = org.clock.now();
        let ingest = find_mut(&mut org, id)?;
        ingest.job.enter(state, now);
        let reply = Reply::json(200, &ingest.job.brief());
        (org.bulk.ticket(id), state, reply)
    };
    if state == State::UploadComplete {
        work::start(shared, &ticket, Trouble::of(request));
    }
    Ok(reply)
}

/// Renders a result file, outside the org's lock.
fn results(
    shared: &SharedOrg,
    request: &Request,
    id: &str,
    wanted: Results,
) -> Result<Reply, CallError> {
    let (file, upload, outcomes, dialect) = {
        let org = shared.lock();
        let ingest = find(&org, id)?;
        if !ingest.job.state.is_over() {
            return Err(CallError::bad(
                "INVALIDJOBSTATE",
                format!(
                    "The job is in state {:?}; it has no results yet.",
                    ingest.job.state
                ),
            ));
        }
        let upload = ingest.upload.clone().unwrap_or_default();
        let outcomes = Arc::clone(&ingest.outcomes);
        (ingest.file.clone(), upload, outcomes, ingest.job.dialect)
    };
    // A job that ended before its work began may still have a sound file.
    let file = file.or_else(|| Upload::read(upload.clone(), dialect).ok().map(Arc::new));
    let body = match (file, wanted) {
        (Some(file), _) => {
            let left_out = match &request.fault {
                Some(FaultKind::MissingResults { every_nth }) => Some(*every_nth),
                _ => None,
            };
            results::render(wanted, &file, &outcomes, seed_of(id), left_out)
        }
        // A file that cannot be read is given back as it came.
        (None, Results::Unprocessed) => upload.to_vec(),
        (None, Results::Successful | Results::Failed) => Vec::new(),
    };
    Ok(Reply::bytes(200, "text/csv; charset=UTF-8", body))
}
