//! The custom fields of a sync: how they stand in the org, and creating them.

use drawbridge_model::{
    Connection, CustomField, CustomFieldKind, Describe, Environment, Field, FieldKind, Pack,
    SObjectName, SyncId, Target,
};
use drawbridge_salesforce::metadata::source_files;
use drawbridge_salesforce::{DeployReport, Org};
use drawbridge_sync::pack;

use crate::connections::{refuse_other_org, refuse_wrong_label};
use crate::context::{Context, Workspace, count};
use crate::error::Result;
use crate::view::{
    DeployProblem, DeployView, ErrorCode, ErrorView, FieldState, FieldsView, NeededField,
    SyncRequest,
};

impl Context {
    /// How the needed fields stand, by a fresh describe.
    pub async fn fields_get(&self, request: SyncRequest) -> Result<FieldsView> {
        let workspace = self.workspace();
        let (sync, _, connection) = workspace.sync_ends(SyncId(request.sync))?;
        let asked = async {
            let org = workspace.certain_org(&connection).await?;
            self.read_fields(&org, sync.pack).await
        };
        workspace.noting(&connection, asked.await)
    }

    /// Asks Salesforce whether it would accept the fields. Writes nothing.
    pub async fn fields_validate(&self, request: SyncRequest) -> Result<DeployView> {
        let (sync, _, connection) = self.workspace().sync_ends(SyncId(request.sync))?;
        let answer = self.deploy(&connection, sync.pack, true).await;
        let (report, created, _) = self.workspace().noting(&connection, answer)?;
        Ok(deploy_view(report, created, true, None))
    }

    /// Creates the fields with their permission set, assigns it to the signed-in user, and reads
    /// the describe anew as proof.
    pub async fn fields_deploy(&self, request: SyncRequest) -> Result<DeployView> {
        let (sync, _, connection) = self.workspace().sync_ends(SyncId(request.sync))?;
        self.deploy_fields(&connection, sync.pack).await
    }

    /// The same for any org and pack.
    pub(crate) async fn deploy_fields(
        &self,
        connection: &Connection,
        pack: Pack,
    ) -> Result<DeployView> {
        Workspace::refuse_read_only(connection, "no field is created there")?;
        let answer = self.deploy(connection, pack, false).await;
        let (report, created, org) = self.workspace().noting(connection, answer)?;
        self.workspace().forget_describes(connection.id);
        if !report.succeeded {
            return Ok(deploy_view(report, 0, false, None));
        }
        org.assign_permission_set(&pack::field_package(pack).permission_set)
            .await?;
        let fields = self.read_fields(&org, pack).await?;
        Ok(deploy_view(report, created, false, Some(fields)))
    }

    /// Writes the fields as an SFDX source folder, for teams that deploy through their own
    /// pipeline. Returns the files written.
    pub async fn fields_export(
        &self,
        request: SyncRequest,
        folder: &std::path::Path,
    ) -> Result<Vec<std::path::PathBuf>> {
        let sync = self.workspace().sync(SyncId(request.sync))?;
        let mut written = Vec::new();
        let version = self.known_version(sync.org)?;
        let failed = |path: &std::path::Path, error: &std::io::Error| {
            ErrorView::bad_request(format!("{} could not be written: {error}", path.display()))
        };
        let files = source_files(&pack::field_package(sync.pack), &version)
            .map_err(|error| failed(folder, &error))?;
        for file in files {
            let path = folder.join(&file.path);
            path.parent()
                .map_or(Ok(()), std::fs::create_dir_all)
                .and_then(|()| std::fs::write(&path, &file.text))
                .map_err(|error| failed(&path, &error))?;
            written.push(path);
        }
        Ok(written)
    }

    /// The API version the org was last seen with.
    fn known_version(&self, org: drawbridge_model::ConnectionId) -> Result<String> {
        let connection = self.workspace().connection(org)?;
        connection.org.map(|org| org.api_version).ok_or_else(|| {
            ErrorView::new(
                ErrorCode::NeedsSignIn,
                format!(
                    "“{}” was never signed in to: nothing was exported.",
                    connection.name
                ),
            )
            .hint("Sign in to the org first: the files name its API version.")
        })
    }

    /// Deploys what is missing or too narrow, and gives how many fields are new. A field that fits
    /// stays as it is: an admin may have widened it, or given it other words.
    async fn deploy(
        &self,
        connection: &Connection,
        pack: Pack,
        check_only: bool,
    ) -> Result<(DeployReport, u32, Org)> {
        let org = self.workspace().org(connection)?;
        let identity = org.identity().await?;
        refuse_wrong_label(
            connection.environment.unwrap_or(Environment::Production),
            &identity,
        )?;
        refuse_other_org(connection, &identity)?;
        let mut package = pack::field_package(pack);
        let describe = org.describe(&pack::default_mapping(pack).sobject).await?;
        let is_there = |needed: &CustomField| describe.field(&needed.name).is_some();
        let missing = package.fields.iter().filter(|needed| !is_there(needed));
        let created = count(missing.count());
        (package.fields, package.existing) = package.fields.into_iter().partition(|needed| {
            let there = describe.field(&needed.name);
            there.is_none_or(|there| is_too_narrow(needed, there))
        });
        let report = org.deploy(&package, check_only, |_| {}).await?;
        Ok((report, created, org))
    }

    async fn read_fields(&self, org: &Org, pack: Pack) -> Result<FieldsView> {
        let package = pack::field_package(pack);
        let mapping = pack::default_mapping(pack);
        let sobject: SObjectName = mapping.sobject;
        let describe = org.describe(&sobject).await?;
        let assigned = org.permission_set_assigned(&package.permission_set).await?;
        let fields: Vec<NeededField> = package
            .fields
            .iter()
            .map(|needed| needed_field(needed, &describe, needed.name == mapping.external_id))
            .collect();
        let ready = fields
            .iter()
            .filter(|field| field.state == FieldState::Ready)
            .count();
        Ok(FieldsView {
            sobject: sobject.to_string(),
            ready: count(ready),
            fields,
            permission_set: package.permission_set_label,
            assigned,
            read_at: self.clock().now().to_string(),
        })
    }
}

fn needed_field(needed: &CustomField, describe: &Describe, external_id: bool) -> NeededField {
    let (state, problem) = match describe.field(&needed.name) {
        None => (FieldState::Missing, None),
        Some(field) => match unfit(needed, field) {
            Some(problem) => (FieldState::Unfit, Some(problem)),
            None if !field.updateable => (
                FieldState::ReadOnly,
                Some("It exists, but you cannot edit it. Assign the permission set.".to_owned()),
            ),
            None => (FieldState::Ready, None),
        },
    };
    NeededField {
        name: needed.name.to_string(),
        label: needed.label.clone(),
        kind: kind(needed.kind),
        description: needed.description.clone(),
        external_id,
        state,
        problem,
    }
}

/// What is wrong with a field that exists already.
fn unfit(needed: &CustomField, field: &Field) -> Option<String> {
    match needed.kind {
        CustomFieldKind::Text {
            length,
            external_id,
        } => {
            if field.kind != FieldKind::Text || field.length < length {
                return Some(format!("It exists as another type, not Text({length})."));
            }
            (external_id && !(field.external_id && field.unique && field.case_sensitive)).then(
                || {
                    "It exists, but is not an External ID that is unique and case-sensitive."
                        .to_owned()
                },
            )
        }
        CustomFieldKind::Url => {
            (field.kind != FieldKind::Url).then(|| "It exists, but is not a URL.".to_owned())
        }
        CustomFieldKind::DateTime => (field.kind != FieldKind::DateTime)
            .then(|| "It exists, but is not a Date/Time.".to_owned()),
        CustomFieldKind::Currency { precision, scale } => {
            let fits = field.kind == FieldKind::Currency
                && field.scale >= scale
                && field.precision - field.scale >= precision - scale;
            (!fits).then(|| format!("It exists, but is not {}.", kind(needed.kind)))
        }
    }
}

/// Whether a field of the needed type only lacks room, or what makes it an external ID: then
/// deploying it widens it. One of another type is left to its admin, as its values might be lost.
fn is_too_narrow(needed: &CustomField, field: &Field) -> bool {
    let widens = match needed.kind {
        CustomFieldKind::Text { length, .. } => {
            field.kind == FieldKind::Text && field.length <= length
        }
        CustomFieldKind::Currency { precision, scale } => {
            field.kind == FieldKind::Currency
                && field.scale <= scale
                && field.precision <= precision
        }
        CustomFieldKind::Url | CustomFieldKind::DateTime => false,
    };
    widens && unfit(needed, field).is_some()
}

/// The type as Setup words it.
fn kind(kind: CustomFieldKind) -> String {
    match kind {
        CustomFieldKind::Text { length, .. } => format!("Text({length})"),
        CustomFieldKind::Url => "URL(255)".to_owned(),
        CustomFieldKind::DateTime => "Date/Time".to_owned(),
        CustomFieldKind::Currency { precision, scale } => {
            format!("Currency({}, {scale})", precision - scale)
        }
    }
}

fn deploy_view(
    report: DeployReport,
    created: u32,
    check_only: bool,
    fields: Option<FieldsView>,
) -> DeployView {
    DeployView {
        created,
        deploy_id: report.id,
        check_only,
        succeeded: report.succeeded,
        problems: report
            .components
            .into_iter()
            .filter_map(|component| {
                Some(DeployProblem {
                    component: component.full_name,
                    problem: component.problem?,
                })
            })
            .collect(),
        fields,
    }
}
