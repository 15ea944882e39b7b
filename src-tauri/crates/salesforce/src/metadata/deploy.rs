//! Sending a package and watching it.

use std::time::Duration;

use drawbridge_model::{FieldPackage, TargetError};
use reqwest::Method;

use super::package;
use super::status::{self, DeployReport, DeployStatus};
use crate::Org;
use crate::rest::failure::{self, Effect};
use crate::transport::{Body, Call};

/// First wait between two looks; each is half as long again, up to [`LONGEST_LOOK`].
const FIRST_LOOK: Duration = Duration::from_millis(200);
const LONGEST_LOOK: Duration = Duration::from_secs(1);

impl Org {
    /// Deploys fields and their permission set as one unit: all of it, or nothing. With
    /// `check_only` the org checks it and changes nothing. `on_status` hears each look at it.
    /// Components that fail are in the report. The package is sent once: when the answer is
    /// lost, Setup → Deployment Status tells whether it ran.
    pub async fn deploy(
        &self,
        package: &FieldPackage,
        check_only: bool,
        on_status: impl Fn(DeployStatus) + Send,
    ) -> Result<DeployReport, TargetError> {
        let version = self.api_version().await.map_err(failure::before_sending)?;
        if package.fields.is_empty() {
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
        let call = Call::write(Method::POST, path.clone(), body);
        let answer = self.http().send(&call).await?;
        let (begun, _) = self.status(&answer, Effect::Writes)?;
        let id = begun.id.clone();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(TargetError::LostAnswer {
                host: self.http().host(),
                reason: "it does not name the deployment".to_owned(),
            });
        }
        on_status(begun);
        self.watch(&id, &path, on_status).await
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
            let answer = self.http().send(&look).await?;
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
