//! The state of a deploy as polls see it.

use serde_json::{Value, json};

use super::Options;
use super::apply::Outcome;
use crate::salesforce::org::Identity;

/// One line of a deploy's result.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    pub(crate) kind: String,
    pub(crate) file: String,
    pub(crate) full_name: String,
    pub(crate) problem: Option<String>,
    pub(crate) created: bool,
    pub(crate) changed: bool,
    pub(crate) deleted: bool,
    line: Option<usize>,
    column: Option<usize>,
}

impl Component {
    pub(crate) fn new(kind: &str, file: &str, full_name: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            file: file.to_owned(),
            full_name: full_name.to_owned(),
            problem: None,
            created: false,
            changed: false,
            deleted: false,
            line: None,
            column: None,
        }
    }

    /// Marks the component failed, with the place in its file where `word` stands.
    pub(crate) fn fail(&mut self, problem: String, text: &str, word: &str) {
        self.problem = Some(problem);
        self.created = false;
        self.changed = false;
        for (index, line) in text.lines().enumerate() {
            if let Some(at) = line.find(word) {
                self.line = Some(index + 1);
                self.column = Some(at + 1);
                return;
            }
        }
    }

    fn answer(&self, at: &str) -> Value {
        json!({
            "componentType": self.kind, "fileName": self.file, "fullName": self.full_name,
            "id": null, "problem": self.problem, "success": self.problem.is_none(),
            "warning": false, "created": self.created, "changed": self.changed,
            "deleted": self.deleted, "lineNumber": self.line, "columnNumber": self.column,
            "requiresProductionTestRun": false, "createdDate": at, "knownPackagingProblem": false,
            "forPackageManifestFile": self.file == "package.xml",
            "problemType": self.problem.as_ref().map(|_| "Error")
        })
    }
}

/// A deploy that was started.
#[derive(Debug)]
pub(crate) struct Deploy {
    id: String,
    options: Options,
    components: Vec<Component>,
    /// Set when the zip could not be read at all.
    error: Option<String>,
    created: String,
    /// Status calls so far: the first sees `Pending`, the second `InProgress`.
    pub(crate) polls: u32,
}

impl Deploy {
    pub(crate) fn new(id: String, options: Options, outcome: Outcome, created: String) -> Self {
        Self {
            id,
            options,
            components: outcome.components,
            error: None,
            created,
            polls: 0,
        }
    }

    pub(crate) fn failed(id: String, options: Options, error: String, created: String) -> Self {
        Self {
            id,
            options,
            components: Vec::new(),
            error: Some(error),
            created,
            polls: 0,
        }
    }

    fn errors(&self) -> usize {
        self.components
            .iter()
            .filter(|component| component.problem.is_some())
            .count()
    }

    fn status(&self) -> &'static str {
        match self.polls {
            0 | 1 => "Pending",
            2 => "InProgress",
            _ if self.error.is_some() => "Failed",
            _ if self.errors() == 0 => "Succeeded",
            _ if self.options.rollback_on_error => "Failed",
            _ => "SucceededPartial",
        }
    }

    /// The answer to the call that started it.
    pub(crate) fn accepted(&self) -> Value {
        json!({
            "id": self.id, "validatedDeployRequestId": null, "deployOptions": self.options.echo,
            "deployResult": {
                "id": self.id, "success": false, "checkOnly": self.options.check_only,
                "ignoreWarnings": self.options.ignore_warnings,
                "rollbackOnError": self.options.rollback_on_error, "status": "Pending",
                "runTestsEnabled": self.options.run_tests, "done": false
            }
        })
    }

    /// The answer to a status call.
    pub(crate) fn answer(&self, identity: &Identity, details: bool) -> Value {
        let status = self.status();
        let done = !matches!(status, "Pending" | "InProgress");
        let (failures, successes): (Vec<&Component>, Vec<&Component>) = self
            .components
            .iter()
            .partition(|component| component.problem.is_some());
        let list = |components: &[&Component]| -> Vec<Value> {
            if !done {
                return Vec::new();
            }
            components
                .iter()
                .map(|component| component.answer(&self.created))
                .collect()
        };
        // package.xml is listed but not counted.
        let total = self
            .components
            .iter()
            .filter(|component| component.file != "package.xml")
            .count();
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
        let when = |known: bool| known.then_some(self.created.as_str());
        json!({
            "id": self.id, "validatedDeployRequestId": null, "deployOptions": self.options.echo,
            "deployResult": {
                "id": self.id, "messages": [], "retrieveResult": null,
                "success": status == "Succeeded" || status == "SucceededPartial",
                "checkOnly": self.options.check_only,
                "ignoreWarnings": self.options.ignore_warnings,
                "rollbackOnError": self.options.rollback_on_error, "status": status,
                "numberComponentsDeployed": if done { total.saturating_sub(failures.len()) } else { 0 },
                "numberComponentsTotal": total,
                "numberComponentErrors": if done { failures.len() } else { 0 },
                "numberTestsCompleted": 0, "numberTestsTotal": 0, "numberTestErrors": 0,
                "details": details, "createdDate": self.created, "startDate": when(status != "Pending"),
                "lastModifiedDate": self.created, "completedDate": when(done),
                "errorStatusCode": self.error.as_ref().filter(|_| done).map(|_| "UNKNOWN_EXCEPTION"),
                "errorMessage": self.error.as_ref().filter(|_| done), "stateDetail": null,
                "createdBy": &identity.user_id[..15], "createdByName": "Ana Ruiz",
                "canceledBy": null, "canceledByName": null, "done": done,
                "runTestsEnabled": self.options.run_tests, "runTestResult": null
            }
        })
    }
}
