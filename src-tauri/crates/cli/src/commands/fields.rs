//! `fields`.

use std::path::PathBuf;

use drawbridge_api::Context;
use drawbridge_api::view::{DeployView, FieldState, FieldsView, SyncRequest, SyncView};

use super::Done;
use crate::failure::Exit;
use crate::report::{Report, counted, table};
use crate::visible;

/// What is wanted of the fields.
pub(super) struct Wish {
    pub(super) validate: bool,
    pub(super) deploy: bool,
    pub(super) export: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, sync: &SyncView, wish: Wish, report: Report) -> Done {
    let request = SyncRequest { sync: sync.id };
    if let Some(folder) = wish.export {
        let files = context.fields_export(request, &folder).await?;
        report.answer(&serde_json::json!({ "files": files }), || {
            let files: Vec<String> = files
                .iter()
                .map(|file| format!("  {}", file.display()))
                .collect();
            format!("Written:\n{}", files.join("\n"))
        });
        return Ok(Exit::Done);
    }
    if wish.validate || wish.deploy {
        let deployed = if wish.deploy {
            context.fields_deploy(request).await?
        } else {
            context.fields_validate(request).await?
        };
        report.answer(&deployed, || deployment(&deployed, sync));
        return Ok(if deployed.succeeded {
            Exit::Done
        } else {
            Exit::Failed
        });
    }
    let fields = context.fields_get(request).await?;
    report.answer(&fields, || describe(&fields));
    Ok(Exit::Done)
}

pub(super) fn deployment(deployed: &DeployView, sync: &SyncView) -> String {
    if !deployed.succeeded {
        return deployment_problems(deployed);
    }
    match &deployed.fields {
        None => format!(
            "Salesforce would accept them (validation {}). Nothing was written.",
            deployed.deploy_id
        ),
        Some(fields) => {
            let created = match deployed.created {
                0 => "No field was missing".to_owned(),
                created => format!("{} created", counted(created, "field")),
            };
            format!(
                "{created} in {} (deployment {}), the permission set is assigned. Read back: {} of \
                 {} exist and can be edited. Fields that fitted are as they were.",
                sync.org_name,
                deployed.deploy_id,
                fields.ready,
                fields.fields.len()
            )
        }
    }
}

/// What Salesforce has against a deployment.
pub(super) fn deployment_problems(deployed: &DeployView) -> String {
    let problems: Vec<String> = deployed
        .problems
        .iter()
        .map(|problem| format!("  {}: {}", problem.component, problem.problem))
        .collect();
    format!(
        "Salesforce did not accept them (deployment {}). Nothing was created.\n{}",
        deployed.deploy_id,
        visible::lines(&problems)
    )
}

fn describe(fields: &FieldsView) -> String {
    let rows: Vec<Vec<String>> = fields
        .fields
        .iter()
        .map(|field| {
            let state = match field.state {
                FieldState::Ready => "ready",
                FieldState::Missing => "missing",
                FieldState::ReadOnly => "read only",
                FieldState::Unfit => "unfit",
            };
            vec![
                field.name.clone(),
                field.kind.clone(),
                state.to_owned(),
                field.problem.clone().unwrap_or_default(),
            ]
        })
        .collect();
    format!(
        "{}\n{} of {} ready. Permission set {} is {}assigned to you.",
        table(&["FIELD", "TYPE", "STATE", ""], &rows),
        fields.ready,
        fields.fields.len(),
        fields.permission_set,
        if fields.assigned { "" } else { "not " }
    )
}
