//! A mapping as a file: out, to be kept and reviewed like code, and in again.

use drawbridge_model::{SyncId, Target};
use drawbridge_sync::mapping::{self as fitting, Severity};

use crate::context::Context;
use crate::error::Result;
use crate::view::{ErrorView, MappingRequest, MappingView, SyncRequest};

impl Context {
    /// The mapping of a sync as TOML, the same text for the same mapping.
    pub async fn mapping_export(&self, request: SyncRequest) -> Result<String> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        Ok(fitting::to_toml(&workspace.store.mapping(sync.id)?))
    }

    /// Saves a mapping from such a file as the sync's next version. A file that cannot be read, or
    /// whose mapping could not work in the sync's org, is refused with everything that is wrong.
    pub async fn mapping_import(&self, request: SyncRequest, text: &str) -> Result<MappingView> {
        let workspace = self.workspace();
        let (sync, _, connection) = workspace.sync_ends(SyncId(request.sync))?;
        let kept = workspace.store.mapping(sync.id)?;
        let mut mapping = fitting::from_toml(text).map_err(|problems| {
            refused(
                problems
                    .iter()
                    .map(|problem| format!("{problem} {}", problem.next_step)),
            )
        })?;
        if mapping.sobject != kept.sobject || mapping.external_id != kept.external_id {
            return Err(refused([format!(
                "It is for {} with the external ID {}; this sync writes {} with {}.",
                mapping.sobject, mapping.external_id, kept.sobject, kept.external_id
            )]));
        }
        let describe = workspace
            .org(&connection)?
            .describe(&mapping.sobject)
            .await?;
        let problems = fitting::problems(&mapping, sync.pack, &describe, sync.account_policy);
        let stops: Vec<String> = problems
            .iter()
            .filter(|problem| problem.severity() == Severity::Stops)
            .map(|problem| format!("{problem} {}", problem.next_step()))
            .collect();
        if !stops.is_empty() {
            return Err(refused(stops));
        }
        mapping.version = kept.version;
        workspace.store.save_mapping(sync.id, &mapping)?;
        self.mapping_get(MappingRequest {
            sync: request.sync,
            sample: 0,
        })
        .await
    }
}

fn refused(problems: impl IntoIterator<Item = String>) -> ErrorView {
    let problems: Vec<String> = problems.into_iter().collect();
    ErrorView::bad_request(format!(
        "The mapping was not imported. {}",
        problems.join(" ")
    ))
    .hint("Correct the file and import it again; the mapping is as it was.")
}
