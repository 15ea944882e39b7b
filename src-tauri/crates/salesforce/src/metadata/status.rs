//! How a deployment stands and how it ended.

use serde::Deserialize;

/// Where a deployment is in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeployState {
    /// It waits for its turn.
    Pending,
    /// It runs.
    InProgress,
    /// Its end is being written.
    Finalizing,
    /// Everything is done.
    Succeeded,
    /// It failed, and nothing of it remains.
    Failed,
    /// Somebody stopped it.
    Canceled,
    /// A word this version does not know.
    Other(String),
}

impl DeployState {
    fn of(word: &str) -> Self {
        match word {
            "Pending" => Self::Pending,
            "InProgress" => Self::InProgress,
            "Finalizing" => Self::Finalizing,
            "Succeeded" => Self::Succeeded,
            "Failed" | "FinalizingFailed" => Self::Failed,
            "Canceled" => Self::Canceled,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A deployment under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployStatus {
    /// Its id (`0Af…`), by which Setup → Deployment Status knows it.
    pub id: String,
    /// Where it is.
    pub state: DeployState,
    /// Components done.
    pub components_done: u32,
    /// Components in all.
    pub components_total: u32,
    /// Components with errors so far.
    pub component_errors: u32,
}

/// What became of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// `CustomField`, `PermissionSet` and so on.
    pub kind: String,
    /// Its full name, such as `Account.MRR__c`.
    pub full_name: String,
    /// Why it failed, in Salesforce's words.
    pub problem: Option<String>,
    /// Whether it is new.
    pub created: bool,
    /// Whether it was changed; false when it was there just so.
    pub changed: bool,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// How a deployment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployReport {
    /// Its id (`0Af…`).
    pub id: String,
    /// Whether it was only checked; then nothing was changed.
    pub check_only: bool,
    /// Whether all of it went through. If not, nothing of it remains.
    pub succeeded: bool,
    /// Why it failed as a whole, where Salesforce says so.
    pub error: Option<String>,
    /// Its components, failed ones first.
    pub components: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    #[serde(default)]
    id: Option<String>,
    deploy_result: RawResult,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawResult {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    done: bool,
    #[serde(default)]
    success: bool,
    #[serde(default)]
    check_only: bool,
    #[serde(default)]
    status: String,
    #[serde(default)]
    error_message: Option<String>,
    #[serde(default)]
    number_components_deployed: u32,
    #[serde(default)]
    number_components_total: u32,
    #[serde(default)]
    number_component_errors: u32,
    #[serde(default)]
    details: Option<Details>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    #[serde(default)]
    component_failures: Vec<Message>,
    #[serde(default)]
    component_successes: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the form of Salesforce's answer"
)]
struct Message {
    #[serde(default)]
    component_type: Option<String>,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    problem: Option<String>,
    #[serde(default)]
    success: bool,
    #[serde(default)]
    created: bool,
    #[serde(default)]
    changed: bool,
    #[serde(default)]
    deleted: bool,
}

/// An answer about a deployment: how it stands, and how it ended if it has.
pub(super) fn read(body: &[u8]) -> Result<(DeployStatus, Option<DeployReport>), serde_json::Error> {
    let envelope: Envelope = serde_json::from_slice(body)?;
    let result = envelope.deploy_result;
    let id = envelope.id.or(result.id).unwrap_or_default();
    let status = DeployStatus {
        id: id.clone(),
        state: DeployState::of(&result.status),
        components_done: result.number_components_deployed,
        components_total: result.number_components_total,
        component_errors: result.number_component_errors,
    };
    let report = result.done.then(|| DeployReport {
        id,
        check_only: result.check_only,
        succeeded: result.success,
        error: result.error_message,
        components: result.details.map(components).unwrap_or_default(),
    });
    Ok((status, report))
}

/// The components, without package.xml, which has no type, unless it failed.
fn components(details: Details) -> Vec<Component> {
    details
        .component_failures
        .into_iter()
        .chain(details.component_successes)
        .filter(|message| {
            !message.success
                || message
                    .component_type
                    .as_deref()
                    .is_some_and(|kind| !kind.is_empty())
        })
        .map(|message| Component {
            kind: message.component_type.unwrap_or_default(),
            full_name: message.full_name,
            problem: message.problem,
            created: message.created,
            changed: message.changed,
            deleted: message.deleted,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_failed_deployment() {
        let body = r#"{"id":"0Af1","deployResult":{"id":"0Af1","done":true,"success":false,"checkOnly":true,
            "status":"Failed","numberComponentsDeployed":1,"numberComponentsTotal":2,"numberComponentErrors":1,
            "details":{"componentFailures":[{"componentType":"CustomField","fullName":"Account.X__c",
            "problem":"bad length","success":false,"created":false,"changed":false,"deleted":false,"id":null}],
            "componentSuccesses":[{"componentType":"","fullName":"package.xml","success":true,"problem":null},
            {"componentType":"CustomField","fullName":"Account.Y__c","success":true,"created":true,"changed":true}]}}}"#;
        let (status, report) = read(body.as_bytes()).unwrap();
        assert_eq!(status.state, DeployState::Failed);
        let report = report.unwrap();
        assert!(!report.succeeded && report.check_only);
        let names: Vec<_> = report
            .components
            .iter()
            .map(|one| one.full_name.as_str())
            .collect();
        assert_eq!(names, ["Account.X__c", "Account.Y__c"]);
        assert_eq!(report.components[0].problem.as_deref(), Some("bad length"));
    }

    #[test]
    fn one_under_way() {
        let body = r#"{"id":"0Af1","validatedDeployRequestId":null,"deployOptions":{},"deployResult":{"id":"0Af1","success":false,"status":"Pending","done":false}}"#;
        let (status, report) = read(body.as_bytes()).unwrap();
        assert_eq!(
            (status.id.as_str(), status.state),
            ("0Af1", DeployState::Pending)
        );
        assert_eq!(report, None);
    }
}
