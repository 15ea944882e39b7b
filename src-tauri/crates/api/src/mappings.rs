//! The mapping of a sync: reading it with samples, checking and saving it, and its versions.

use std::sync::Arc;

use drawbridge_model::{
    Connection, CustomerBundle, Describe, Environment, Mapping, SObjectName, Sync, SyncId,
};
use drawbridge_sync::mapping::{self as fitting, MappingProblem, Severity};

use crate::context::{Context, Workspace, count};
use crate::describes::Age;
use crate::error::Result;
use crate::mapping_views::{Look, difference, draft, problem, with_rules};
use crate::view::{
    ErrorCode, ErrorView, MappingCheckRequest, MappingRequest, MappingSaveRequest,
    MappingVersionRequest, MappingVersionView, MappingView, OtherMappingView, SyncRequest,
    UnreachedView,
};

/// How many customers a mapping is tried on to find rules that never fit.
const TRIED_ON: u32 = 20;

impl Context {
    /// The mapping, with one customer's values as samples. What is stored is shown also where the
    /// org cannot be asked: then nothing is checked, and the view says so.
    pub async fn mapping_get(&self, request: MappingRequest) -> Result<MappingView> {
        let workspace = self.workspace();
        let (sync, source, org) = workspace.sync_ends(SyncId(request.sync))?;
        let mapping = workspace.store.mapping(sync.id)?;
        let age = (!request.stored).then_some(Age::Recent);
        self.looked_at((&sync, &source, &org), &mapping, request.sample, age)
            .await
    }

    /// The same for rules that are not saved.
    pub async fn mapping_check(&self, request: MappingCheckRequest) -> Result<MappingView> {
        let workspace = self.workspace();
        let (sync, source, org) = workspace.sync_ends(SyncId(request.sync))?;
        let mapping = with_rules(&workspace.store.mapping(sync.id)?, &request.rules);
        let age = Some(Age::Known);
        self.looked_at((&sync, &source, &org), &mapping, request.sample, age)
            .await
    }

    /// Saves rules as a new version of the mapping. Plans of the version before go stale. What
    /// keeps plans from being made and was not so before is refused.
    pub async fn mapping_save(&self, request: MappingSaveRequest) -> Result<MappingView> {
        let workspace = self.workspace();
        let (sync, source, org) = workspace.sync_ends(SyncId(request.sync))?;
        let saved = workspace.store.mapping(sync.id)?;
        if saved.version != request.based_on {
            return Err(ErrorView::new(
                ErrorCode::PlanStale,
                format!(
                    "The mapping is at version {} by now, and your changes were made on version \
                     {}: they were not saved.",
                    saved.version, request.based_on
                ),
            )
            .hint("Reload the mapping and make the changes again."));
        }
        let mut mapping = with_rules(&saved, &request.rules);
        check_external_id(&mapping)?;
        let describe = self
            .describe(&workspace, &org, &mapping.sobject, Age::Recent)
            .await?;
        let stops = |mapping: &Mapping| fitting::validate(mapping, sync.pack, &describe);
        let before = stops(&saved);
        let is_new = |problem: &&MappingProblem| {
            !before
                .iter()
                .any(|it| it.field == problem.field && it.kind == problem.kind)
        };
        let worse: Vec<String> = stops(&mapping)
            .iter()
            .filter(is_new)
            .map(|problem| format!("{problem} {}", problem.next_step()))
            .collect();
        if !worse.is_empty() {
            return Err(ErrorView::bad_request(format!(
                "The mapping was not saved: no preview could be made of it. {}",
                worse.join(" ")
            ))
            .hint("Correct it, or set the rule to Never, and save again."));
        }
        mapping.version = workspace
            .store
            .save_mapping(sync.id, &mapping, self.clock().now())?;
        self.looked_at((&sync, &source, &org), &mapping, 0, Some(Age::Known))
            .await
    }

    /// Every version of the mapping, the latest first, each with what it changed.
    pub async fn mapping_versions(&self, request: SyncRequest) -> Result<Vec<MappingVersionView>> {
        let versions = self
            .workspace()
            .store
            .mapping_versions(SyncId(request.sync))?;
        let earlier = versions.iter().skip(1).map(Some).chain([None]);
        Ok(versions
            .iter()
            .zip(earlier)
            .map(|(one, before)| MappingVersionView {
                version: one.mapping.version,
                saved_at: one.saved_at.map(|at| at.to_string()),
                rules: count(one.mapping.rules.len()),
                differences: before.map_or_else(Vec::new, |before| {
                    fitting::differences(&before.mapping, &one.mapping)
                        .into_iter()
                        .map(difference)
                        .collect()
                }),
            })
            .collect())
    }

    /// An earlier version beside the saved one.
    pub async fn mapping_version(
        &self,
        request: MappingVersionRequest,
    ) -> Result<OtherMappingView> {
        let workspace = self.workspace();
        let (sync, _, org) = workspace.sync_ends(SyncId(request.sync))?;
        let other = workspace.store.mapping_version(sync.id, request.version)?;
        self.beside_saved(&sync, &org, &other).await
    }

    /// A mapping beside the saved one: what would change, and what is wrong with it.
    pub(crate) async fn beside_saved(
        &self,
        sync: &Sync,
        org: &Connection,
        other: &Mapping,
    ) -> Result<OtherMappingView> {
        let workspace = self.workspace();
        let saved = workspace.store.mapping(sync.id)?;
        let describe = self
            .describe(&workspace, org, &saved.sobject, Age::Recent)
            .await?;
        let look = Look {
            sync,
            describe: &describe,
            environment: org.environment,
        };
        let problems = look.problems(other, &workspace.tried_on(sync)?);
        Ok(OtherMappingView {
            rules: other.rules.iter().map(draft).collect(),
            differences: fitting::differences(&saved, other)
                .into_iter()
                .map(difference)
                .collect(),
            usable: problems.iter().all(|it| it.severity() != Severity::Stops),
            problems: problems.iter().map(problem).collect(),
        })
    }

    async fn looked_at(
        &self,
        (sync, source, org): (&Sync, &Connection, &Connection),
        mapping: &Mapping,
        sample: u32,
        age: Option<Age>,
    ) -> Result<MappingView> {
        let workspace = self.workspace();
        let asked = match age {
            Some(age) => {
                let asked = self.describe(&workspace, org, &mapping.sobject, age);
                asked.await.map_err(Some)
            }
            None => Err(None),
        };
        let (describe, unreached) = match asked {
            Ok(describe) => (describe, None),
            Err(why) => {
                let last = workspace.last_describe(sync, &mapping.sobject)?;
                let fields_at = last.as_ref().map(|(_, at)| at.to_string());
                let describe = last.map_or_else(
                    || Arc::new(unread(&mapping.sobject)),
                    |(describe, _)| describe,
                );
                (describe, Some(UnreachedView { why, fields_at }))
            }
        };
        let bundle = workspace.store.nth_customer(source.id, sample)?;
        let bundle = bundle
            .map(|bundle| workspace.sampled(sync, bundle))
            .transpose()?;
        let total = workspace.store.last_pull(source.id)?;
        let look = Look {
            sync,
            describe: &describe,
            environment: org.environment,
        };
        let problems = match unreached {
            None => look.problems(mapping, &workspace.tried_on(sync)?),
            Some(_) => Vec::new(),
        };
        let mut view = look.mapping(
            mapping,
            &problems,
            bundle.as_ref().map(|bundle| (bundle, sample)),
            total.map_or(0, |pull| pull.customers),
        );
        if unreached.is_some() {
            // What fits is said of fields as they are, not as they were.
            for rule in &mut view.rules {
                rule.sample_problem = None;
            }
        }
        view.unreached = unreached;
        Ok(view)
    }
}

/// An sObject of which nothing was read.
fn unread(sobject: &SObjectName) -> Describe {
    Describe {
        sobject: sobject.clone(),
        label: sobject.to_string(),
        createable: false,
        updateable: false,
        fields: Vec::new(),
    }
}

/// Records are found by the external ID: its rule is there and writes.
pub(crate) fn check_external_id(mapping: &Mapping) -> Result<()> {
    if fitting::writes_id(mapping) {
        return Ok(());
    }
    Err(ErrorView::bad_request(format!(
        "{} carries the customer's id and is always written: the mapping was not saved.",
        mapping.external_id
    ))
    .hint("Add its rule again: from customer.id, written always."))
}

impl Workspace {
    /// The customers a mapping is tried on before anything is said of all.
    fn tried_on(&self, sync: &Sync) -> Result<Vec<CustomerBundle>> {
        (0..TRIED_ON)
            .map_while(|place| self.store.nth_customer(sync.source, place).transpose())
            .map(|bundle| self.sampled(sync, bundle?))
            .collect()
    }

    /// Whether e-mail addresses of a sync are masked: only ever in a sandbox.
    pub(crate) fn masks(sync: &Sync, environment: Option<Environment>) -> bool {
        sync.mask_emails && environment == Some(Environment::Sandbox)
    }
}
