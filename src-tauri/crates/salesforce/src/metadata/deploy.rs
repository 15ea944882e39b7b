//! Sending a package and watching it.

use std::time::Duration;

use drawbridge_model::{FieldPackage, TargetError};
use reqwest::Method;
use serde::Deserialize;

use super::package;
use super::status::{self, DeployReport, DeployStatus};
use crate::Org;
use crate::rest::failure::{self, Effect};
use crate::rest::identity::Rows;
use crate::rest::soql;
use crate::retry::may_pass;
use crate::transport::{Body, Call};

/// First wait between two looks; each is half as long again, up to [`LONGEST_LOOK`].
const FIRST_LOOK: Duration = Duration::from_millis(200);
const LONGEST_LOOK: Duration = Duration::from_secs(1);

/// How often the list of deployments is read for one whose answer was lost: it may still be on
/// its way.
const LOOKS_FOR_LOST: u32 = 5;

#[derive(Deserialize)]
struct IdRow {
    #[serde(rename = "Id")]
    id: String,
}

/// Whether a deployment carried this package. One that failed as a whole names no components.
fn is_of(report: &DeployReport, package: &FieldPackage) -> bool {
    let is_ours = |full_name: &str| {
        package
            .fields
            .iter()
            .any(|field| full_name == format!("{}.{}", field.sobject, field.name))
    };
    report.components.is_empty() || report.components.iter().any(|it| is_ours(&it.full_name))
}

/// A deployment that began, and whose end could not be seen.
fn unseen(look: &Call, id: &str, error: &TargetError) -> TargetError {
    TargetError::Refused {
        call: look.name(),
        code: "still_deploying".to_owned(),
        message: format!(
            "deployment {id} began, and how it ended could not be read ({error}). It goes on in \
             the org: look at Setup → Deployment Status before deploying again"
        ),
    }
}

impl Org {
    /// Deploys fields and their permission set as one unit: all of it, or nothing. With
    /// `check_only` the org checks it and changes nothing. `on_status` hears each look at it.
    /// Components that fail are in the report. The package is sent once: when the answer is
    /// lost, the org's list of deployments tells whether it began, and then it is watched as if
    /// the answer had come.
    pub async fn deploy(
        &self,
        package: &FieldPackage,
        check_only: bool,
        on_status: impl Fn(DeployStatus) + Send,
    ) -> Result<DeployReport, TargetError> {
        let version = self.api_version().await.map_err(failure::before_sending)?;
        if package.fields.is_empty() && package.existing.is_empty() {
            return Err(TargetError::Refused {
                call: "POST metadata/deployRequest".to_owned(),
                code: "no_fields".to_owned(),
                message: "the package has no fields. Nothing was sent".to_owned(),
            });
        }
        let zip = package::entries(package, &version).and_then(|entries| package::zip(&entries));
        let path = self.path("metadata/deployRequest").await?;
        let zip = zip.map_err(|error| TargetError::Refused {
            call: format!("POST {path}"),
            code: "package".to_owned(),
            message: format!("the package cannot be written: {error}. Nothing was sent"),
        })?;
        // No test level: each kind of org has its own, and a package without Apex runs no tests.
        let options = serde_json::json!({"deployOptions": {
            "allowMissingFiles": false,
            "autoUpdatePackage": false,
            "checkOnly": check_only,
            "ignoreWarnings": false,
            "performRetrieve": false,
            "purgeOnDelete": false,
            "rollbackOnError": true,
            "singlePackage": true,
        }});
        let body = Body::Deploy {
            options: options.to_string().into(),
            zip: zip.into(),
        };
        let before = self.deployments(check_only).await?;
        let call = Call::write(Method::POST, path.clone(), body);
        let lost = match self.begin(&call).await {
            Ok(begun) => {
                let id = begun.id.clone();
                on_status(begun);
                return self.watch(&id, &path, on_status).await;
            }
            Err(lost @ TargetError::LostAnswer { .. }) => lost,
            Err(error) => return Err(error),
        };
        let Some(id) = self.begun_since(before, check_only).await else {
            return Err(lost);
        };
        tracing::info!(deployment = %id, "found a deployment whose answer was lost");
        let report = self.watch(&id, &path, on_status).await?;
        if is_of(&report, package) {
            Ok(report)
        } else {
            Err(lost)
        }
    }

    /// Sends the package, once.
    async fn begin(&self, call: &Call) -> Result<DeployStatus, TargetError> {
        let answer = self.http().send(call).await?;
        let (begun, _) = self.status(&answer, Effect::Writes)?;
        if begun.id.is_empty() || !begun.id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(TargetError::LostAnswer {
                host: self.http().host(),
                reason: "it does not name the deployment".to_owned(),
            });
        }
        Ok(begun)
    }

    /// The user's newest deployments or validations; `None` where the user may not list them.
    async fn deployments(&self, check_only: bool) -> Result<Option<Vec<String>>, TargetError> {
        let asked = async {
            let soql = format!(
                "SELECT Id FROM DeployRequest WHERE CreatedById = {} AND CheckOnly = {check_only} \
                 ORDER BY CreatedDate DESC LIMIT 100",
                soql::literal(&self.user_id().await?),
            );
            let path = format!("tooling/query?q={}", soql::encode(&soql));
            let rows: Rows<IdRow> = self
                .get(self.path(&path).await?, "the list of deployments")
                .await?;
            Ok(rows.records.into_iter().map(|row| row.id).collect())
        };
        match asked.await {
            Ok(ids) => Ok(Some(ids)),
            Err(
                TargetError::Refused { .. }
                | TargetError::FieldMissing { .. }
                | TargetError::NotTheApi { .. },
            ) => Ok(None),
            Err(error) => Err(failure::before_sending(error)),
        }
    }

    /// The one deployment the user began since; `None` where there is none, or more than one.
    async fn begun_since(&self, before: Option<Vec<String>>, check_only: bool) -> Option<String> {
        let before = before?;
        for _ in 0..LOOKS_FOR_LOST {
            tokio::time::sleep(FIRST_LOOK).await;
            let mut begun = self.deployments(check_only).await.ok()??;
            begun.retain(|id| !before.contains(id));
            if !begun.is_empty() {
                return begun.pop().filter(|_| begun.is_empty());
            }
        }
        None
    }

    async fn watch(
        &self,
        id: &str,
        path: &str,
        on_status: impl Fn(DeployStatus) + Send,
    ) -> Result<DeployReport, TargetError> {
        let look = Call::get(format!("{path}/{id}?includeDetails=true"));
        let mut pause = FIRST_LOOK;
        let mut waited = Duration::ZERO;
        while waited < self.inner.options.deploy_patience {
            tokio::time::sleep(pause).await;
            waited += pause;
            pause = pause.mul_f32(1.5).min(LONGEST_LOOK);
            let answer = match self.http().send(&look).await {
                Ok(answer) => answer,
                Err(error) if may_pass(&error) => return Err(unseen(&look, id, &error)),
                Err(error) => return Err(error),
            };
            let (status, report) = self.status(&answer, Effect::Reads)?;
            on_status(status);
            if let Some(report) = report {
                return Ok(report);
            }
        }
        Err(TargetError::Refused {
            call: look.name(),
            code: "still_deploying".to_owned(),
            message: format!(
                "deployment {id} has not ended after {} minutes. It goes on in the org: look at \
                 Setup → Deployment Status before deploying again",
                waited.as_secs() / 60
            ),
        })
    }

    fn status(
        &self,
        body: &[u8],
        effect: Effect,
    ) -> Result<(DeployStatus, Option<DeployReport>), TargetError> {
        status::read(body).map_err(|error| {
            failure::unexpected(
                &self.http().host(),
                effect,
                "the deployment's status",
                &error,
            )
        })
    }
}
