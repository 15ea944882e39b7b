//! A sandbox that was refreshed: another org stands in its place, a copy of production.

use std::collections::HashMap;

use drawbridge_model::{
    Connection, ConnectionId, ConnectionStatus, CustomerId, Environment, Provider, RecordId, RunId,
    Target,
};
use drawbridge_store::SyncRelink;
use drawbridge_sync::relink;

use crate::connections::{pinned, refuse_other_org, refuse_wrong_label};
use crate::context::{Context, Workspace, count};
use crate::error::Result;
use crate::view::{
    ConnectionRequest, ErrorCode, ErrorView, RelinkRequest, RelinkView, SyncRelinkView,
};

impl Context {
    /// Tells what became of the links of a refreshed sandbox, and, when told to, pins the
    /// connection to the copy: what was read from and written to the org before is forgotten, its
    /// links are found again by external ID, and those that are not wait for a person. Syncs,
    /// mappings and decisions stay. Nothing is written to the org.
    pub async fn connection_relink(&self, request: RelinkRequest) -> Result<RelinkView> {
        let workspace = self.workspace();
        let mut connection = workspace.connection(ConnectionId(request.connection))?;
        if connection.provider != Provider::Salesforce {
            return Err(ErrorView::bad_request(format!(
                "“{}” is a connection to {}. Re-linking is for a Salesforce sandbox that was \
                 refreshed: its links are found again in the copy. Nothing was changed.",
                connection.name,
                connection.provider.name()
            )));
        }
        if connection.environment != Some(Environment::Sandbox) {
            return Err(ErrorView::new(
                ErrorCode::Guard,
                format!(
                    "“{}” is no sandbox. The org id of production never changes, so there is \
                     nothing to re-link: nothing was changed.",
                    connection.name
                ),
            )
            .hint("If another org answers than before, check whom you signed in as."));
        }
        let pinned = pinned(&connection)?;
        let last_seen_at = connection.checked_at.map(|at| at.to_string());
        let org = workspace.org(&connection)?;
        let found = org.identity().await?;
        refuse_wrong_label(Environment::Sandbox, &found)?;
        match refuse_other_org(&connection, &found) {
            Ok(()) => {
                return Err(ErrorView::bad_request(format!(
                    "“{}” is the org it always was: there is nothing to re-link.",
                    connection.name
                )));
            }
            Err(error) if error.code == ErrorCode::OrgRefreshed => {}
            Err(error) => return Err(error),
        }
        let mut locks = Vec::new();
        let mut syncs = Vec::new();
        let mut changes = Vec::new();
        for sync in workspace.store.syncs()? {
            if sync.org != connection.id {
                continue;
            }
            locks.push(workspace.store.lock_sync(sync.id)?);
            let links = workspace.store.settled_links(sync.id)?;
            let mapping = workspace.store.mapping(sync.id)?;
            let relinked = relink::look(&mapping, &links, &org).await?;
            syncs.push(SyncRelinkView {
                sync: sync.id.0,
                name: sync.name,
                found_again: count(relinked.again.len()),
                not_there: count(relinked.not_there.len()),
                need_review: count(relinked.review.len()),
                missing_fields: relinked
                    .missing_fields
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
            });
            let mut records: HashMap<CustomerId, RecordId> = links.into_iter().collect();
            let unsettled = relinked.not_there.into_iter().chain(relinked.review);
            changes.push(SyncRelink {
                sync: sync.id,
                unsettled: unsettled
                    .filter_map(|customer| records.remove_entry(&customer))
                    .collect(),
                again: relinked.again,
            });
        }
        let to_org = found.org_id.to_string();
        let view = if request.apply {
            connection.org = Some(found);
            connection.status = ConnectionStatus::Connected;
            connection.status_reason = None;
            let now = self.clock().now();
            workspace
                .store
                .relink(&connection, &pinned.org_id, &changes, now)?;
            drop(locks);
            let request = ConnectionRequest {
                connection: connection.id.0,
            };
            self.connection_check(request).await?
        } else {
            workspace.connection_view(&connection)?
        };
        Ok(RelinkView {
            connection: view,
            applied: request.apply,
            from_org: pinned.org_id.to_string(),
            to_org,
            last_seen_at,
            syncs,
        })
    }
}

impl Workspace {
    /// What a run did in a sandbox that was refreshed since cannot be gone on with: the records it
    /// wrote are gone, and those of the same ids are others.
    pub(crate) fn refuse_before_refresh(
        &self,
        connection: &Connection,
        run: RunId,
        what: &str,
    ) -> Result<()> {
        let Some(refresh) = self.store.refreshed_since(connection.id, run)? else {
            return Ok(());
        };
        Err(ErrorView::new(
            ErrorCode::OrgRefreshed,
            format!(
                "Run {run} wrote to org {}, and the sandbox was refreshed since: it is org {} \
                 now. The run cannot be {what}; nothing was written.",
                refresh.from_org, refresh.to_org
            ),
        )
        .hint("The copy of production does not have what the run wrote. Preview the sync instead."))
    }
}
