//! Bulk API 2.0: one file of rows, worked off by Salesforce (facts/salesforce.md §6).

mod file;
mod outcome;
mod pieces;
mod wire;

use bytes::Bytes;
use drawbridge_model::{
    BulkJob, BulkJobId, BulkResults, BulkRow, BulkState, BulkTarget, BulkWrite, TargetError,
};
use reqwest::Method;

use file::File;
use outcome::Reading;

use crate::Org;
use crate::rest::failure::{self, Effect};
use crate::rest::soql;
use crate::transport::{Body, Call};

impl Org {
    /// A path of a job. Ids come from Salesforce or from our own keeping: letters and digits.
    async fn job_path(&self, job: &BulkJobId, rest: &str) -> Result<String, TargetError> {
        if job.0.is_empty() || !job.0.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(not_sent("no_job_id", "that is no id of a Bulk job"));
        }
        self.path(&format!("jobs/ingest/{}{rest}", job.0)).await
    }

    /// Asks for a state. Asking twice does no harm, so it is asked again like a read; when the
    /// first time had gone through, Salesforce refuses the second, and the job's state tells.
    async fn set_state(
        &self,
        job: &BulkJobId,
        state: &str,
        is_done: impl Fn(BulkState) -> bool + Send,
    ) -> Result<(), TargetError> {
        let call = Call {
            method: Method::PATCH,
            path: self.job_path(job, "").await?,
            body: Body::Json(Bytes::from(format!("{{\"state\":\"{state}\"}}"))),
            effect: Effect::Reads,
            allow_duplicates: false,
        };
        match self.http().send(&call).await {
            Ok(_) => Ok(()),
            Err(error @ TargetError::Refused { .. }) => match self.job(job).await {
                Ok(now) if is_done(now.state) => Ok(()),
                Ok(_) | Err(_) => Err(error),
            },
            Err(error) => Err(error),
        }
    }
}

impl BulkTarget for Org {
    type File = File;

    fn bulk_file(&self, write: &BulkWrite) -> File {
        File::new(write)
    }

    async fn begin_bulk(&self, write: &BulkWrite) -> Result<BulkJobId, TargetError> {
        let new = wire::NewJob::new(write)?;
        let body = serde_json::to_vec(&new)
            .map_err(|error| not_sent("unwritable_value", &error.to_string()))?;
        let path = self
            .path("jobs/ingest")
            .await
            .map_err(failure::before_sending)?;
        let call = Call::write(Method::POST, path, Body::Json(Bytes::from(body)));
        let answer = self.http().send(&call).await?;
        let job: wire::RawJob = serde_json::from_slice(&answer).map_err(|error| {
            failure::unexpected(&self.http().host(), Effect::Writes, "the new job", &error)
        })?;
        Ok(BulkJobId(job.id))
    }

    async fn upload(&self, job: &BulkJobId, file: File) -> Result<(), TargetError> {
        for column in file.columns() {
            soql::name(column)?;
        }
        let file = file
            .write()
            .map_err(|error| not_sent("unwritable_value", &error.to_string()))?;
        if file.len() > BulkWrite::MAX_BYTES {
            return Err(not_sent(
                "file_too_large",
                "the rows do not fit one file. Nothing was sent",
            ));
        }
        let path = self.job_path(job, "/batches").await;
        let path = path.map_err(failure::before_sending)?;
        let call = Call::write(Method::PUT, path, Body::Csv(file));
        self.http().send(&call).await?;
        Ok(())
    }

    async fn close(&self, job: &BulkJobId) -> Result<(), TargetError> {
        let begun = |state| {
            matches!(
                state,
                BulkState::UploadComplete
                    | BulkState::InProgress
                    | BulkState::JobComplete
                    | BulkState::Failed
            )
        };
        self.set_state(job, "UploadComplete", begun).await
    }

    async fn abort(&self, job: &BulkJobId) -> Result<(), TargetError> {
        let aborted = |state| state == BulkState::Aborted;
        self.set_state(job, "Aborted", aborted).await
    }

    async fn job(&self, job: &BulkJobId) -> Result<BulkJob, TargetError> {
        let path = self.job_path(job, "").await?;
        let raw: wire::RawJob = self.get(path, "the Bulk job").await?;
        Ok(raw.into())
    }

    async fn results(
        &self,
        job: &BulkJobId,
        write: &BulkWrite,
        which: BulkResults,
        each: impl FnMut(BulkRow) + Send,
    ) -> Result<(), TargetError> {
        let name = match which {
            BulkResults::Successful => "/successfulResults",
            BulkResults::Failed => "/failedResults",
            BulkResults::Unprocessed => "/unprocessedrecords",
        };
        let path = self.job_path(job, name).await?;
        let mut reading = Reading::new(write, which, each);
        self.http().read(&Call::get(path), &mut reading).await?;
        reading.end().map_err(|reason| TargetError::LostAnswer {
            host: self.http().host(),
            reason: format!("the results of the Bulk job cannot be read: {reason}"),
        })
    }
}

fn not_sent(code: &str, message: &str) -> TargetError {
    TargetError::Refused {
        call: "a Bulk job".to_owned(),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}
