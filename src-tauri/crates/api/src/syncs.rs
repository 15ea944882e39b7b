//! Syncs: list, make, change their settings.

use drawbridge_model::{
    AccountPolicy, Connection, Environment, Pack, Provider, RunId, SpeakerRule, Sync, SyncId,
};
use drawbridge_store::NewSync;
use drawbridge_sync::pack;

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::view::{ErrorView, Nothing, SyncCreateRequest, SyncRequest, SyncSaveRequest, SyncView};

impl Workspace {
    pub(crate) fn sync(&self, id: SyncId) -> Result<Sync> {
        self.store
            .sync(id)?
            .ok_or_else(|| ErrorView::not_found(format_args!("sync {id}")))
    }

    /// A sync with its source and its org.
    pub(crate) fn sync_ends(&self, id: SyncId) -> Result<(Sync, Connection, Connection)> {
        let sync = self.sync(id)?;
        let source = self.connection(sync.source)?;
        let org = self.connection(sync.org)?;
        Ok((sync, source, org))
    }

    fn sync_view(&self, sync: &Sync) -> Result<SyncView> {
        let source = self.connection(sync.source)?;
        let org = self.connection(sync.org)?;
        let mapping = self.store.mapping(sync.id)?;
        let latest_plan = match self.store.latest_plan(sync.id)? {
            Some(plan) => Some(self.plan_view(&plan)?),
            None => None,
        };
        let latest_run: Option<RunId> = self
            .store
            .runs()?
            .into_iter()
            .find(|run| run.sync == sync.id)
            .map(|run| run.id);
        Ok(SyncView {
            id: sync.id.0,
            name: sync.name.clone(),
            source: source.id.0,
            source_name: source.name,
            org: org.id.0,
            org_name: org.name,
            environment: convert::environment(org.environment.unwrap_or(Environment::Production)),
            pack: convert::pack(sync.pack),
            sobject: mapping.sobject.to_string(),
            sobject_plural: format!("{}s", mapping.sobject),
            create_records: sync.account_policy == AccountPolicy::SourceMayCreate,
            mask_emails: sync.mask_emails,
            speaker: sync
                .speaker
                .order()
                .iter()
                .copied()
                .map(convert::yardstick)
                .collect(),
            mapping_version: mapping.version,
            latest_plan,
            latest_run: latest_run.map(|run| self.run_view(run)).transpose()?,
        })
    }
}

impl Context {
    /// All syncs.
    pub async fn sync_list(&self, _: Nothing) -> Result<Vec<SyncView>> {
        let workspace = self.workspace();
        workspace
            .store
            .syncs()?
            .iter()
            .map(|sync| workspace.sync_view(sync))
            .collect()
    }

    /// One sync.
    pub async fn sync_get(&self, request: SyncRequest) -> Result<SyncView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        workspace.sync_view(&sync)
    }

    /// Makes a sync with the default mapping of its source.
    pub async fn sync_create(&self, request: SyncCreateRequest) -> Result<SyncView> {
        let workspace = self.workspace();
        let source = workspace.connection(drawbridge_model::ConnectionId(request.source))?;
        let org = workspace.connection(drawbridge_model::ConnectionId(request.org))?;
        let pack = match source.provider {
            Provider::Alguna => Pack::Alguna,
            Provider::Profitwell => Pack::Profitwell,
            Provider::Salesforce => {
                return Err(ErrorView::bad_request(format!(
                    "“{}” is an org. A sync goes from a billing source to an org.",
                    source.name
                )));
            }
        };
        if org.provider != Provider::Salesforce {
            return Err(ErrorView::bad_request(format!(
                "“{}” is a billing source. A sync goes from a billing source to an org.",
                org.name
            )));
        }
        let sync = workspace.store.insert_sync(
            &NewSync {
                name: checked_name(&request.name)?,
                source: source.id,
                org: org.id,
                pack,
                account_policy: policy(request.create_records),
                mask_emails: true,
            },
            &pack::default_mapping(pack),
            self.clock().now(),
        )?;
        workspace.begin_writeback(&sync, request.record_links)?;
        workspace.sync_view(&sync)
    }

    /// Changes a sync's settings. Its plans no longer hold; the mapping stays as it is.
    pub async fn sync_save(&self, request: SyncSaveRequest) -> Result<SyncView> {
        let workspace = self.workspace();
        let mut sync = workspace.sync(SyncId(request.sync))?;
        let before = sync.clone();
        if let Some(new) = &request.name {
            sync.name = checked_name(new)?;
        }
        if let Some(create) = request.create_records {
            sync.account_policy = policy(create);
        }
        if let Some(mask) = request.mask_emails {
            sync.mask_emails = mask;
        }
        if let Some(order) = request.speaker {
            sync.speaker = SpeakerRule::new(order.into_iter().map(convert::yardstick_back));
        }
        if sync != before {
            // A run under way goes on by the plan it was started from.
            workspace.store.update_sync(&sync)?;
        }
        workspace.sync_view(&sync)
    }
}

/// A sync's name as it is kept.
pub(crate) fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(ErrorView::bad_request(
            "A sync's name has 1 to 60 characters.",
        ));
    }
    Ok(name.to_owned())
}

fn policy(create_records: bool) -> AccountPolicy {
    if create_records {
        AccountPolicy::SourceMayCreate
    } else {
        AccountPolicy::UpdateExisting
    }
}
