//! A Bulk job as clients see it (facts/salesforce.md §6).

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::salesforce::bulk::upload::Dialect;
use crate::salesforce::errors::CallError;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum State {
    Open,
    UploadComplete,
    InProgress,
    JobComplete,
    Failed,
    Aborted,
}

impl State {
    pub(crate) const fn is_over(self) -> bool {
        matches!(self, Self::JobComplete | Self::Failed | Self::Aborted)
    }
}

/// Whether a job writes or reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Ingest,
    Query,
}

impl Kind {
    /// `jobType`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "V2Ingest",
            Self::Query => "V2Query",
        }
    }

    /// The part of the path behind `jobs`.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Query => "query",
        }
    }
}

/// What ingest and query jobs have in common.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) operation: &'static str,
    pub(crate) object: String,
    pub(crate) created_by: String,
    /// Moments in Salesforce's form.
    pub(crate) created: String,
    pub(crate) changed: String,
    pub(crate) state: State,
    /// API version of the call that created it: 67.
    pub(crate) version: u32,
    pub(crate) dialect: Dialect,
    pub(crate) error: Option<String>,
    pub(crate) processed: usize,
    pub(crate) failed: usize,
    /// External id field of an upsert.
    pub(crate) key: Option<String>,
    pub(crate) assignment_rule: Option<String>,
    begun: Option<Instant>,
    took: Duration,
    /// Time spent writing rows, which is what `apiActiveProcessingTime` counts.
    pub(crate) active: Duration,
}

impl Job {
    pub(crate) fn new(
        id: String,
        (kind, operation): (Kind, &'static str),
        object: String,
        created_by: String,
        created: String,
        version: u32,
        dialect: Dialect,
    ) -> Self {
        Self {
            id,
            kind,
            operation,
            object,
            created_by,
            changed: created.clone(),
            created,
            state: State::Open,
            version,
            dialect,
            error: None,
            processed: 0,
            failed: 0,
            key: None,
            assignment_rule: None,
            begun: None,
            took: Duration::ZERO,
            active: Duration::ZERO,
        }
    }

    /// Goes to the next state; the time of work runs from `InProgress` to the end.
    pub(crate) fn enter(&mut self, state: State, now: String) {
        if state == State::InProgress {
            self.begun = Some(Instant::now());
        }
        if state.is_over()
            && let Some(begun) = self.begun.take()
        {
            self.took = begun.elapsed();
        }
        self.state = state;
        self.changed = now;
    }

    pub(crate) fn fail(&mut self, message: impl Into<String>, now: String) {
        self.error = Some(message.into());
        self.enter(State::Failed, now);
    }

    /// What a client asks for in a PATCH: only `UploadComplete` and `Aborted`.
    pub(crate) fn may_enter(&self, wanted: &str) -> Result<State, CallError> {
        let refused = || {
            CallError::bad(
                "INVALIDJOBSTATE",
                format!(
                    "Transitioning from state {:?} to state {wanted} is not allowed.",
                    self.state
                ),
            )
        };
        match (wanted, self.state) {
            ("UploadComplete", State::Open) if self.kind == Kind::Ingest => {
                Ok(State::UploadComplete)
            }
            ("Aborted", State::Open | State::UploadComplete | State::InProgress) => {
                Ok(State::Aborted)
            }
            _ => Err(refused()),
        }
    }

    /// Refuses to delete a job that is open or at work.
    pub(crate) fn may_go(&self) -> Result<(), CallError> {
        if matches!(self.state, State::Open | State::InProgress) {
            return Err(CallError::bad(
                "INVALIDJOBSTATE",
                format!("A job in state {:?} cannot be deleted.", self.state),
            ));
        }
        Ok(())
    }

    /// The answer to POST and PATCH.
    pub(crate) fn brief(&self) -> Info<'_> {
        let ingest = self.kind == Kind::Ingest;
        Info {
            id: &self.id,
            operation: self.operation,
            object: &self.object,
            created_by_id: &self.created_by,
            created_date: &self.created,
            system_modstamp: &self.changed,
            state: self.state,
            external_id_field_name: self.key.as_deref(),
            assignment_rule_id: self.assignment_rule.as_deref(),
            concurrency_mode: "Parallel",
            content_type: "CSV",
            api_version: f64::from(self.version),
            job_type: None,
            content_url: (ingest && self.state == State::Open).then(|| {
                let (version, id) = (self.version, &self.id);
                format!("services/data/v{version}.0/jobs/ingest/{id}/batches")
            }),
            line_ending: self.dialect.line_ending.name(),
            column_delimiter: self.dialect.delimiter.name(),
            counters: None,
            error_message: None,
            is_pk_chunking_supported: None,
        }
    }

    /// One entry of a list.
    pub(crate) fn entry(&self) -> Info<'_> {
        Info {
            job_type: Some(self.kind.name()),
            ..self.brief()
        }
    }

    /// The answer to GET.
    pub(crate) fn full(&self) -> Info<'_> {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let took = self.begun.map_or(self.took, |begun| begun.elapsed());
        let ingest = self.kind == Kind::Ingest;
        Info {
            counters: Some(Counters {
                number_records_processed: self.processed,
                number_records_failed: ingest.then_some(self.failed),
                retries: 0,
                total_processing_time: milliseconds(took),
                api_active_processing_time: ingest.then(|| milliseconds(self.active)),
                apex_processing_time: ingest.then_some(0),
            }),
            error_message: self.error.as_deref(),
            is_pk_chunking_supported: Some(!ingest),
            ..self.entry()
        }
    }
}

/// A job in JSON, its keys in Salesforce's order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Info<'a> {
    id: &'a str,
    operation: &'static str,
    object: &'a str,
    created_by_id: &'a str,
    created_date: &'a str,
    system_modstamp: &'a str,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id_field_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment_rule_id: Option<&'a str>,
    concurrency_mode: &'static str,
    content_type: &'static str,
    api_version: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_url: Option<String>,
    line_ending: &'static str,
    column_delimiter: &'static str,
    #[serde(flatten)]
    counters: Option<Counters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_pk_chunking_supported: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Counters {
    number_records_processed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    number_records_failed: Option<usize>,
    retries: u32,
    total_processing_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_active_processing_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    apex_processing_time: Option<u32>,
}
