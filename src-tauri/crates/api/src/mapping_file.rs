//! A mapping as a file: out, to be kept and reviewed like code, and in again.

use std::path::Path;

use drawbridge_model::{Mapping, SyncId};
use drawbridge_sync::mapping::{self as fitting, Severity};

use crate::context::Context;
use crate::describes::Age;
use crate::error::Result;
use crate::view::{
    ErrorView, ImportedMappingView, MappingFileView, MappingProblemView, MappingReadRequest,
    MappingRequest, OtherMappingView, SeverityView, SyncRequest,
};

impl Context {
    /// The mapping of a sync as TOML, the same text for the same mapping.
    pub async fn mapping_export(&self, request: SyncRequest) -> Result<MappingFileView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        Ok(MappingFileView {
            text: fitting::to_toml(&workspace.store.mapping(sync.id)?),
            path: None,
        })
    }

    /// The same, written to the folder `exports` of the data folder; a file of the same version is
    /// replaced, because it says the same.
    pub async fn mapping_export_file(&self, request: SyncRequest) -> Result<MappingFileView> {
        let workspace = self.workspace();
        let sync = workspace.sync(SyncId(request.sync))?;
        let mapping = workspace.store.mapping(sync.id)?;
        let text = fitting::to_toml(&mapping);
        let folder = workspace.dir.join("exports");
        let path = folder.join(file_name(&sync.name, sync.id, mapping.version));
        write_new(&folder, &path, &text).map_err(|error| {
            ErrorView::bad_request(format!(
                "{} was not written: {error}. The mapping is as it was.",
                path.display()
            ))
            .hint("Make room or give access to the folder, or copy the text instead.")
        })?;
        Ok(MappingFileView {
            text,
            path: Some(path.display().to_string()),
        })
    }

    /// What a mapping file says beside the saved mapping: nothing is saved. A file that cannot be
    /// read gives everything that is wrong with it, each with its line.
    pub async fn mapping_read(&self, request: MappingReadRequest) -> Result<OtherMappingView> {
        let workspace = self.workspace();
        let (sync, _, org) = workspace.sync_ends(SyncId(request.sync))?;
        let saved = workspace.store.mapping(sync.id)?;
        let mapping = match fitting::from_toml(&request.text) {
            Err(problems) => {
                let problems = problems
                    .into_iter()
                    .map(|it| stop(it.to_string(), it.next_step));
                return Ok(unusable(problems.collect()));
            }
            Ok(mapping) => mapping,
        };
        if let Some(problem) = for_another(&mapping, &saved) {
            return Ok(unusable(vec![stop(
                problem,
                "Choose a file of this sync, or of one that fills the same fields.".to_owned(),
            )]));
        }
        self.beside_saved(&sync, &org, &mapping).await
    }

    /// Saves a mapping from such a file as the sync's next version. A file that cannot be read, or
    /// whose mapping could not work in the sync's org, is refused with everything that is wrong. One
    /// that says what is saved makes no version.
    pub async fn mapping_import(
        &self,
        request: SyncRequest,
        text: &str,
    ) -> Result<ImportedMappingView> {
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
        if let Some(problem) = for_another(&mapping, &kept) {
            return Err(refused([problem]));
        }
        let describe = self
            .describe(&workspace, &connection, &mapping.sobject, Age::Fresh)
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
        let saved = mapping != kept;
        if saved {
            workspace
                .store
                .save_mapping(sync.id, &mapping, self.clock().now())?;
        }
        let request = MappingRequest {
            sync: request.sync,
            sample: 0,
            stored: false,
        };
        Ok(ImportedMappingView {
            saved,
            mapping: self.mapping_get(request).await?,
        })
    }
}

/// A name that every file system takes, such as `alguna-to-uat-v7.toml`.
fn file_name(sync: &str, id: SyncId, version: u32) -> String {
    let words: Vec<String> = sync
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() {
        return format!("sync-{id}-v{version}.toml");
    }
    format!("{}-v{version}.toml", words.join("-"))
}

fn write_new(folder: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(path, text)
}

fn for_another(mapping: &Mapping, saved: &Mapping) -> Option<String> {
    let same = mapping.sobject == saved.sobject && mapping.external_id == saved.external_id;
    (!same).then(|| {
        format!(
            "It is for {} with the external ID {}; this sync writes {} with {}.",
            mapping.sobject, mapping.external_id, saved.sobject, saved.external_id
        )
    })
}

fn stop(message: String, next_step: String) -> MappingProblemView {
    MappingProblemView {
        severity: SeverityView::Stops,
        message,
        next_step,
    }
}

fn unusable(problems: Vec<MappingProblemView>) -> OtherMappingView {
    OtherMappingView {
        rules: Vec::new(),
        differences: Vec::new(),
        problems,
        usable: false,
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
