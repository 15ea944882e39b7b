//! Jobs as Salesforce writes them in JSON (facts/salesforce.md §6).

use drawbridge_model::{BulkJob, BulkJobId, BulkState, BulkWrite, TargetError, WriteKind};
use serde::{Deserialize, Serialize};

use crate::rest::soql;

/// What creates a job.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewJob<'a> {
    object: &'a str,
    operation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id_field_name: Option<&'a str>,
    content_type: &'static str,
    line_ending: &'static str,
    column_delimiter: &'static str,
}

impl<'a> NewJob<'a> {
    /// Names that are none are refused here, before anything is sent.
    pub(crate) fn new(write: &'a BulkWrite) -> Result<Self, TargetError> {
        let (operation, key) = match &write.kind {
            WriteKind::Update => ("update", None),
            WriteKind::Upsert(field) => ("upsert", Some(soql::name(field.as_str())?)),
        };
        Ok(Self {
            object: soql::name(write.sobject.as_str())?,
            operation,
            external_id_field_name: key,
            content_type: "CSV",
            line_ending: "LF",
            column_delimiter: "COMMA",
        })
    }
}

/// A job as it is answered. The answers to POST and PATCH leave the counters out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawJob {
    pub(crate) id: String,
    state: BulkState,
    #[serde(default)]
    number_records_processed: u64,
    #[serde(default)]
    number_records_failed: u64,
    #[serde(default)]
    error_message: Option<String>,
}

impl From<RawJob> for BulkJob {
    fn from(raw: RawJob) -> Self {
        Self {
            id: BulkJobId(raw.id),
            state: raw.state,
            processed: raw.number_records_processed,
            failed: raw.number_records_failed,
            error: raw.error_message.filter(|text| !text.is_empty()),
        }
    }
}
