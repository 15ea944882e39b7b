//! Promoting a sync to another org: a checklist that only reads, the missing fields, the sync.

use drawbridge_model::{
    AccountPolicy, Connection, ConnectionId, Environment, FieldName, Mapping, Provider, Sync,
    SyncId,
};
use drawbridge_store::NewSync;
use drawbridge_sync::mapping::{self as fitting, Check, CheckKind, ChecklistLine, Remedy};
use drawbridge_sync::pack;

use crate::context::{Context, Workspace, count};
use crate::convert;
use crate::describes::Age;
use crate::error::Result;
use crate::view::{
    DeployView, ErrorCode, ErrorView, PromotionCheck, PromotionExisting, PromotionFinishRequest,
    PromotionLine, PromotionRequest, PromotionState, PromotionView, SyncRequest, SyncView,
};

impl Context {
    /// The mapping of a sync against another org, field by field. Writes nothing.
    pub async fn promotion_check(&self, request: PromotionRequest) -> Result<PromotionView> {
        let workspace = self.workspace();
        let ends = ends(&workspace, request.sync, request.org)?;
        let lines = self.checklist(&workspace, &ends).await?;
        let Ends { sync, mapping, org } = &ends;
        let existing = existing(&workspace, &ends)?;
        let existing = match existing {
            None => None,
            Some(there) => {
                let theirs = workspace.store.mapping(there.id)?;
                Some(PromotionExisting {
                    sync: there.id.0,
                    mapping_version: theirs.version,
                    same: fitting::differences(&theirs, mapping).is_empty(),
                    name: there.name,
                })
            }
        };
        Ok(PromotionView {
            org_name: org.name.clone(),
            environment: convert::environment(org.environment.unwrap_or(Environment::Production)),
            mapping_version: mapping.version,
            creatable: count(creatable(&lines).len()),
            blocking: count(lines.iter().filter(|line| blocks(line)).count()),
            lines: lines.iter().map(line_view).collect(),
            suggested_name: free_name(&workspace, sync, org)?,
            existing,
        })
    }

    /// Creates the fields of the sync's package in the other org, with access for the signed-in
    /// user, and reads the describe anew as proof.
    pub async fn promotion_deploy(&self, request: PromotionRequest) -> Result<DeployView> {
        let workspace = self.workspace();
        let ends = ends(&workspace, request.sync, request.org)?;
        self.deploy_fields(&ends.org, ends.sync.pack).await
    }

    /// Makes the sync for the other org with the same mapping, or gives the mapping to the one
    /// there is as its next version. Refused while the checklist has something in the way.
    pub async fn promotion_finish(&self, request: PromotionFinishRequest) -> Result<SyncView> {
        let workspace = self.workspace();
        let ends = ends(&workspace, request.sync, request.org)?;
        let lines = self.checklist(&workspace, &ends).await?;
        let in_the_way: Vec<&str> = lines
            .iter()
            .flat_map(|line| line.checks.iter().filter(|check| check.blocks()))
            .map(|check| check.sentence.as_str())
            .collect();
        let Ends { sync, mapping, org } = &ends;
        if !in_the_way.is_empty() {
            return Err(ErrorView::new(
                ErrorCode::FieldMissing,
                format!(
                    "“{}” is not ready for the mapping, and no sync was made. {}",
                    org.name,
                    in_the_way.join(" ")
                ),
            )
            .hint("Create the missing fields, have the others set right, and check again."));
        }
        let now = self.clock().now();
        let made = if let Some(there) = existing(&workspace, &ends)? {
            let theirs = workspace.store.mapping(there.id)?;
            if !fitting::differences(&theirs, mapping).is_empty() {
                workspace.store.save_mapping(there.id, mapping, now)?;
            }
            there
        } else {
            let name = crate::syncs::checked_name(&request.name)?;
            workspace.store.insert_sync(
                &NewSync {
                    name,
                    source: sync.source,
                    org: org.id,
                    pack: sync.pack,
                    account_policy: sync.account_policy,
                    mask_emails: sync.mask_emails,
                },
                mapping,
                now,
            )?
        };
        self.sync_get(SyncRequest { sync: made.id.0 }).await
    }

    async fn checklist(&self, workspace: &Workspace, ends: &Ends) -> Result<Vec<ChecklistLine>> {
        let Ends { sync, mapping, org } = ends;
        let describe = self
            .describe(workspace, org, &mapping.sobject, Age::Fresh)
            .await?;
        let package = pack::field_package(sync.pack);
        let mut lines = fitting::checklist(mapping, sync.pack, &describe, &package);
        if sync.account_policy == AccountPolicy::UpdateExisting {
            // What only new records need is nothing to a sync that makes none.
            lines.retain(|line| {
                line.checks
                    .iter()
                    .all(|check| check.kind != CheckKind::RequiredElsewhere)
            });
        }
        Ok(lines)
    }
}

/// The sync, what is promoted, and where to.
struct Ends {
    sync: Sync,
    mapping: Mapping,
    org: Connection,
}

fn ends(workspace: &Workspace, sync: u32, org: u32) -> Result<Ends> {
    let sync = workspace.sync(SyncId(sync))?;
    let org = workspace.connection(ConnectionId(org))?;
    if org.provider != Provider::Salesforce {
        return Err(ErrorView::bad_request(format!(
            "“{}” is a billing source. A sync is promoted to an org.",
            org.name
        )));
    }
    if org.id == sync.org {
        return Err(ErrorView::bad_request(format!(
            "“{}” writes to “{}” already. It is promoted to another org.",
            sync.name, org.name
        )));
    }
    let mapping = workspace.store.mapping(sync.id)?;
    Ok(Ends { sync, mapping, org })
}

/// The sync from the same source to that org.
fn existing(workspace: &Workspace, ends: &Ends) -> Result<Option<Sync>> {
    let is_it =
        |it: &Sync| (it.source, it.org, it.pack) == (ends.sync.source, ends.org.id, ends.sync.pack);
    Ok(workspace.store.syncs()?.into_iter().find(is_it))
}

/// A name nobody uses: after source and org, with a number where that is taken.
fn free_name(workspace: &Workspace, sync: &Sync, org: &Connection) -> Result<String> {
    let source = workspace.connection(sync.source)?.name;
    let base: String = format!("{source} to {}", org.name)
        .chars()
        .take(55)
        .collect();
    let mut name = base.clone();
    let mut number = 2;
    while workspace.store.sync_by_name(&name)?.is_some() {
        name = format!("{base} {number}");
        number += 1;
    }
    Ok(name)
}

fn blocks(line: &ChecklistLine) -> bool {
    line.checks.iter().any(Check::blocks)
}

fn creatable(lines: &[ChecklistLine]) -> Vec<&FieldName> {
    lines
        .iter()
        .flat_map(|line| &line.checks)
        .filter_map(|check| match &check.remedy {
            Some(Remedy::CreateField(field)) => Some(field),
            _ => None,
        })
        .collect()
}

fn line_view(line: &ChecklistLine) -> PromotionLine {
    let open: Vec<&Check> = line.checks.iter().filter(|check| !check.ok).collect();
    let ours = |check: &&Check| matches!(check.remedy, Some(Remedy::CreateField(_)));
    PromotionLine {
        field: line.field.to_string(),
        label: line.label.clone(),
        state: if open.is_empty() {
            PromotionState::Ok
        } else if open.iter().all(ours) {
            PromotionState::ToDo
        } else {
            PromotionState::Cannot
        },
        blocking: blocks(line),
        checks: line
            .checks
            .iter()
            .map(|check| PromotionCheck {
                ok: check.ok,
                sentence: check.sentence.clone(),
                remedy: check.remedy.as_ref().map(|remedy| match remedy {
                    Remedy::CreateField(_) => {
                        "Drawbridge can create it, with access for you.".to_owned()
                    }
                    Remedy::Admin(step) => format!("An admin of the org: {step}"),
                    Remedy::Mapping(step) => format!("In the mapping: {step}"),
                }),
            })
            .collect(),
    }
}
