//! Syncs: list, make, change their settings.

use drawbridge_model::{
    AccountPolicy, Connection, Environment, Pack, Provider, RunId, SpeakerRule, Sync, SyncId,
};
use drawbridge_store::NewSync;
use drawbridge_sync::pack;

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::view::{
    ErrorView, Nothing, PackView, SyncCreateRequest, SyncRequest, SyncSaveRequest, SyncView,
};

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
        let pack = pack_of(&source, request.pack)?;
        if org.provider != Provider::Salesforce {
            return Err(ErrorView::bad_request(format!(
                "“{}” is a billing source. A sync goes from a billing source to an org.",
                org.name
            )));
        }
        let account_policy = policy(request.create_records, pack)?;
        let sync = workspace.store.insert_sync(
            &NewSync {
                name: checked_name(&request.name)?,
                source: source.id,
                org: org.id,
                pack,
                account_policy,
                mask_emails: true,
            },
            &pack::default_mapping(pack),
            self.clock().now(),
        )?;
        workspace.begin_writeback(&sync, request.record_links)?;
        workspace.sync_view(&sync)
    }

    /// Changes a sync's settings. Its plans no longer hold, unless only its name is new; the mapping
    /// stays as it is.
    pub async fn sync_save(&self, request: SyncSaveRequest) -> Result<SyncView> {
        let workspace = self.workspace();
        let mut sync = workspace.sync(SyncId(request.sync))?;
        let before = sync.clone();
        if let Some(new) = &request.name {
            sync.name = checked_name(new)?;
        }
        if let Some(create) = request.create_records {
            sync.account_policy = policy(create, sync.pack)?;
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

/// What a new sync of this source fills.
fn pack_of(source: &Connection, wanted: Option<PackView>) -> Result<Pack> {
    let fills: &[Pack] = match source.provider {
        Provider::Alguna => &[Pack::Alguna],
        Provider::Profitwell => &[Pack::Profitwell, Pack::ProfitwellAccount],
        Provider::Salesforce => &[],
    };
    let Some(usual) = fills.first() else {
        return Err(ErrorView::bad_request(format!(
            "“{}” is an org. A sync goes from a billing source to an org.",
            source.name
        )));
    };
    let pack = wanted.map_or(*usual, convert::pack_back);
    if fills.contains(&pack) {
        return Ok(pack);
    }
    Err(ErrorView::bad_request(format!(
        "“{}” cannot fill the fields of the other billing system: the sync was not made.",
        source.name
    ))
    .hint("Choose the fields of its own, or another source."))
}

/// What becomes of customers without a record. An Account that several customers share is nobody's
/// to make.
fn policy(create_records: bool, pack: Pack) -> Result<AccountPolicy> {
    match (create_records, pack.rolls_up()) {
        (false, _) => Ok(AccountPolicy::UpdateExisting),
        (true, false) => Ok(AccountPolicy::SourceMayCreate),
        (true, true) => Err(ErrorView::bad_request(
            "A sync that adds customers up on their Accounts makes no Accounts: nothing was saved.",
        )
        .hint("Let it update existing records only. A customer is found through its Contact.")),
    }
}
