//! The life of a deploy and how it looks to who asks.
//!
//! A deploy waits, runs and ends. It moves on by one step with every look at its status, and by
//! itself with the org's clock, whichever is sooner. Only its end changes the org, so a deploy that
//! is cancelled before has done nothing.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::options::Options;
use super::package::{Package, PackageError};
use super::reading::Problem;
use super::run::{self, Component};
use crate::salesforce::errors::CallError;
use crate::salesforce::org::{Identity, Org};

/// Seconds after which a deploy nobody looks at begins to run, and after which it has ended.
const BEGINS_AFTER: i64 = 5;
const ENDS_AFTER: i64 = 10;
/// How long a validation may be deployed without validating again.
const VALIDATION_DAYS: i64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Running,
    Canceling,
    Ended(&'static str),
}

/// A deploy that was started.
#[derive(Debug)]
pub(crate) struct Deploy {
    id: String,
    /// The validation it deploys, for a quick deploy.
    validated: Option<String>,
    options: Options,
    /// Kept while it may still be run: until the end, or for a validation that passed.
    package: Option<Arc<Result<Package, PackageError>>>,
    stage: Stage,
    /// Status calls so far.
    looks: u32,
    since: Timestamp,
    created: String,
    started: Option<String>,
    completed: Option<String>,
    components: Vec<Component>,
    /// `errorStatusCode` and `errorMessage` of a deploy that failed as a whole.
    error: Option<(String, String)>,
}

/// A row of the Tooling API's `DeployRequest`.
pub(crate) struct ListedDeploy<'a> {
    pub(crate) id: &'a str,
    pub(crate) status: &'static str,
    pub(crate) check_only: bool,
    pub(crate) created: &'a str,
    pub(crate) started: Option<&'a str>,
    pub(crate) completed: Option<&'a str>,
    pub(crate) done: usize,
    pub(crate) failed: usize,
    pub(crate) error: Option<&'a str>,
}

/// All deploys of an org, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Deploys(pub(super) Vec<Deploy>);

impl Deploys {
    fn find(&self, id: &str) -> Option<usize> {
        let short = id.get(..15)?;
        self.0
            .iter()
            .position(|deploy| deploy.id.starts_with(short))
    }

    /// As the Tooling API lists them, oldest first.
    pub(crate) fn listed(&self) -> impl Iterator<Item = ListedDeploy<'_>> {
        self.0.iter().map(Deploy::listed)
    }

    fn any_open(&self) -> bool {
        self.0
            .iter()
            .any(|deploy| !matches!(deploy.stage, Stage::Ended(_)))
    }
}

fn unknown(id: &str) -> CallError {
    CallError::new(
        404,
        "INVALID_CROSS_REFERENCE_KEY",
        format!("no deployment found with id {id}"),
    )
}

/// Accepts a deploy; gives its id.
pub(crate) fn start(
    org: &mut Org,
    package: Result<Package, PackageError>,
    options: Options,
) -> String {
    accept(org, Arc::new(package), options, None)
}

/// Accepts the deploy of something validated before; gives the new id.
pub(crate) fn start_validated(org: &mut Org, validation: &str) -> Result<String, CallError> {
    let moment = org.clock.moment();
    let refused = |message: &str| CallError::bad("INVALID_ID_FIELD", message);
    let Some(position) = org.deploys.find(validation) else {
        return Err(refused(&format!("invalid validation id: {validation}")));
    };
    let deploy = &org.deploys.0[position];
    let age = moment.as_second() - deploy.since.as_second();
    if !deploy.options.check_only || deploy.stage != Stage::Ended("Succeeded") {
        return Err(refused(
            "The deployment is not a successful validation, so it can't be quick deployed",
        ));
    }
    if age > VALIDATION_DAYS * 86_400 {
        return Err(refused(
            "The validation is older than 10 days, so it can't be quick deployed",
        ));
    }
    let Some(package) = deploy.package.clone() else {
        return Err(refused("The validation can't be quick deployed"));
    };
    let (options, id) = (deploy.options.for_quick_deploy(), deploy.id.clone());
    Ok(accept(org, package, options, Some(id)))
}

fn accept(
    org: &mut Org,
    package: Arc<Result<Package, PackageError>>,
    options: Options,
    validated: Option<String>,
) -> String {
    let id = org.ids.next("0Af");
    let deploy = Deploy {
        id: id.clone(),
        validated,
        options,
        package: Some(package),
        stage: Stage::Waiting,
        looks: 0,
        since: org.clock.moment(),
        created: org.clock.now(),
        started: None,
        completed: None,
        components: Vec::new(),
        error: None,
    };
    org.deploys.0.push(deploy);
    id
}

/// Moves on the deploys whose time has come. Cheap when there are none.
pub(crate) fn settle(org: &mut Org) {
    if !org.deploys.any_open() {
        return;
    }
    let moment = org.clock.moment();
    for position in 0..org.deploys.0.len() {
        let deploy = &org.deploys.0[position];
        let age = moment.as_second() - deploy.since.as_second();
        match deploy.stage {
            Stage::Ended(_) => {}
            _ if age >= ENDS_AFTER => end(org, position),
            Stage::Waiting if age >= BEGINS_AFTER => begin(org, position),
            _ => {}
        }
    }
}

fn begin(org: &mut Org, position: usize) {
    let now = org.clock.now();
    let deploy = &mut org.deploys.0[position];
    deploy.stage = Stage::Running;
    deploy.started = Some(now);
}

/// Ends a deploy: this is the moment it changes the org.
fn end(org: &mut Org, position: usize) {
    let deploy = &org.deploys.0[position];
    if deploy.stage == Stage::Canceling {
        let now = org.clock.now();
        let deploy = &mut org.deploys.0[position];
        deploy.stage = Stage::Ended("Canceled");
        deploy.package = None;
        deploy.completed = Some(now);
        return;
    }
    if deploy.started.is_none() {
        begin(org, position);
    }
    let deploy = &org.deploys.0[position];
    let (package, options) = (deploy.package.clone(), deploy.options.clone());
    let mut error = None;
    let components = match package.as_deref() {
        None => Vec::new(),
        Some(Ok(package)) => match run::run(org, package, &options) {
            Ok(components) => components,
            Err(failure) => {
                error = Some((failure.code, failure.message));
                Vec::new()
            }
        },
        Some(Err(PackageError::NoManifest)) => {
            vec![Component::manifest(Some(Problem::new(
                "No package.xml found",
            )))]
        }
        Some(Err(PackageError::Archive(code, message))) => {
            error = Some(((*code).to_owned(), message.clone()));
            Vec::new()
        }
    };
    let failed = components.iter().filter(|line| line.failed()).count();
    let done = components.iter().filter(|line| !line.failed()).count();
    let status = if error.is_some() || (failed > 0 && (options.rollback_on_error || done <= 1)) {
        "Failed"
    } else if failed > 0 {
        "SucceededPartial"
    } else {
        "Succeeded"
    };
    let now = org.clock.now();
    let deploy = &mut org.deploys.0[position];
    deploy.components = components;
    deploy.error = error;
    deploy.stage = Stage::Ended(status);
    deploy.completed = Some(now);
    if !(options.check_only && status == "Succeeded") {
        deploy.package = None;
    }
}

/// A look at a deploy's status, which moves it on by one step.
pub(crate) fn look(org: &mut Org, id: &str, details: bool) -> Result<Value, CallError> {
    let position = org.deploys.find(id).ok_or_else(|| unknown(id))?;
    let deploy = &mut org.deploys.0[position];
    deploy.looks += 1;
    match (deploy.stage, deploy.looks) {
        (Stage::Ended(_), _) | (Stage::Waiting, 0 | 1) => {}
        (Stage::Waiting, _) => begin(org, position),
        (Stage::Running | Stage::Canceling, _) => end(org, position),
    }
    Ok(org.deploys.0[position].answer(&org.identity, details))
}

/// Asks a deploy to stop.
pub(crate) fn cancel(org: &mut Org, id: &str) -> Result<Value, CallError> {
    let position = org.deploys.find(id).ok_or_else(|| unknown(id))?;
    let deploy = &mut org.deploys.0[position];
    if matches!(deploy.stage, Stage::Ended(_)) {
        return Err(CallError::bad(
            "INVALID_ID_FIELD",
            "Cannot cancel a deployment that has already completed",
        ));
    }
    deploy.stage = Stage::Canceling;
    Ok(deploy.answer(&org.identity, false))
}

/// The answer to the call that started a deploy.
pub(crate) fn accepted(org: &Org, id: &str) -> Value {
    let Some(deploy) = org.deploys.find(id).and_then(|at| org.deploys.0.get(at)) else {
        return Value::Null;
    };
    json!({
        "id": deploy.id, "validatedDeployRequestId": deploy.validated,
        "deployOptions": deploy.options.echo,
        "deployResult": {
            "id": deploy.id, "success": false, "checkOnly": deploy.options.check_only,
            "ignoreWarnings": deploy.options.ignore_warnings,
            "rollbackOnError": deploy.options.rollback_on_error, "status": "Pending",
            "runTestsEnabled": deploy.options.run_tests, "done": false
        }
    })
}

fn line(component: &Component, at: &str) -> Value {
    let place = component.problem.as_ref().and_then(|problem| problem.place);
    let problem_type = component.problem.as_ref().map(|_| {
        if component.warning {
            "Warning"
        } else {
            "Error"
        }
    });
    json!({
        "componentType": component.kind, "fileName": component.file,
        "fullName": component.full_name, "id": component.id,
        "problem": component.problem.as_ref().map(|problem| &problem.message),
        "success": !component.failed(), "warning": component.warning,
        "created": component.created, "changed": component.changed,
        "deleted": component.deleted,
        "lineNumber": place.map(|(line, _)| line), "columnNumber": place.map(|(_, column)| column),
        "requiresProductionTestRun": false, "createdDate": at, "knownPackagingProblem": false,
        "forPackageManifestFile": component.file == "package.xml", "problemType": problem_type
    })
}

impl Deploy {
    fn status(&self) -> &'static str {
        match self.stage {
            Stage::Waiting => "Pending",
            Stage::Running => "InProgress",
            Stage::Canceling => "Canceling",
            Stage::Ended(status) => status,
        }
    }

    fn listed(&self) -> ListedDeploy<'_> {
        let is_counted = |line: &&Component| !line.kind.is_empty();
        let failed = self.components.iter().filter(|line| line.failed()).count();
        ListedDeploy {
            id: &self.id,
            status: self.status(),
            check_only: self.options.check_only,
            created: &self.created,
            started: self.started.as_deref(),
            completed: self.completed.as_deref(),
            done: self
                .components
                .iter()
                .filter(is_counted)
                .filter(|line| !line.failed())
                .count(),
            failed,
            error: self.error.as_ref().map(|(_, message)| message.as_str()),
        }
    }

    /// The envelope of REST; SOAP gives its `deployResult`.
    fn answer(&self, identity: &Identity, details: bool) -> Value {
        let status = self.status();
        let done = matches!(self.stage, Stage::Ended(_));
        let (failures, successes): (Vec<&Component>, Vec<&Component>) =
            self.components.iter().partition(|line| line.failed());
        let list = |components: &[&Component]| -> Vec<Value> {
            components
                .iter()
                .map(|component| line(component, &self.created))
                .collect()
        };
        // package.xml is listed but not counted.
        let is_counted = |line: &&Component| !line.kind.is_empty();
        let total = if done {
            self.components.iter().filter(is_counted).count()
        } else {
            match self.package.as_deref() {
                Some(Ok(package)) => package.size(),
                _ => 0,
            }
        };
        let deployed = successes.iter().copied().filter(is_counted).count();
        let tests = json!({
            "successes": [], "failures": [], "totalTime": 0.0, "apexLogId": null, "flowCoverage": [],
            "numFailures": 0, "codeCoverage": [], "codeCoverageWarnings": [],
            "flowCoverageWarnings": [], "numTestsRun": 0
        });
        let details = details.then(|| {
            json!({
                "componentFailures": list(&failures), "componentSuccesses": list(&successes),
                "retrieveResult": null, "allComponentMessages": [], "runTestResult": tests
            })
        });
        let canceled = self.stage == Stage::Canceling || status == "Canceled";
        let user = identity.user_id.get(..15).unwrap_or(&identity.user_id);
        json!({
            "id": self.id, "validatedDeployRequestId": self.validated,
            "deployOptions": self.options.echo,
            "deployResult": {
                "id": self.id, "messages": [], "retrieveResult": null,
                "success": status == "Succeeded" || status == "SucceededPartial",
                "checkOnly": self.options.check_only,
                "ignoreWarnings": self.options.ignore_warnings,
                "rollbackOnError": self.options.rollback_on_error, "status": status,
                "numberComponentsDeployed": deployed,
                "numberComponentsTotal": total, "numberComponentErrors": failures.len(),
                "numberTestsCompleted": 0, "numberTestsTotal": 0, "numberTestErrors": 0,
                "details": details, "createdDate": self.created, "startDate": self.started,
                "lastModifiedDate": self.completed.as_ref().or(self.started.as_ref()).unwrap_or(&self.created),
                "completedDate": self.completed,
                "errorStatusCode": self.error.as_ref().map(|(code, _)| code),
                "errorMessage": self.error.as_ref().map(|(_, message)| message),
                "stateDetail": null, "createdBy": user, "createdByName": "Ana Ruiz",
                "canceledBy": canceled.then_some(user),
                "canceledByName": canceled.then_some("Ana Ruiz"), "done": done,
                "runTestsEnabled": self.options.run_tests, "runTestResult": null
            }
        })
    }
}
