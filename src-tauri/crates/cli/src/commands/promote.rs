//! `sync promote`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    ConnectionView, EnvironmentView, PromotionFinishRequest, PromotionLine, PromotionRequest,
    PromotionState, PromotionView, SyncView,
};

use super::Done;
use super::fields::deployment_problems;
use crate::failure::Exit;
use crate::report::Report;
use crate::visible;

/// What is wanted of a promotion.
pub(super) struct Wish {
    pub(super) check: bool,
    pub(super) create_fields: bool,
    pub(super) name: Option<String>,
}

pub(super) async fn run(
    context: &Context,
    sync: &SyncView,
    org: &ConnectionView,
    wish: Wish,
    report: Report,
) -> Done {
    let request = PromotionRequest {
        sync: sync.id,
        org: org.id,
    };
    let mut checklist = context.promotion_check(request.clone()).await?;
    let mut created = None;
    if wish.create_fields && checklist.creatable > 0 {
        let deployed = context.promotion_deploy(request.clone()).await?;
        if !deployed.succeeded {
            let document =
                serde_json::json!({ "checklist": checklist, "fields": deployed, "sync": null });
            report.answer(&document, || deployment_problems(&deployed));
            return Ok(Exit::Failed);
        }
        checklist = context.promotion_check(request).await?;
        created = Some(deployed);
    }
    let ready = checklist.blocking == 0;
    if wish.check || !ready {
        let document =
            serde_json::json!({ "checklist": checklist, "fields": created, "sync": null });
        report.answer(&document, || picture(&checklist, sync));
        return Ok(if ready { Exit::Done } else { Exit::Refused });
    }
    let made = context
        .promotion_finish(PromotionFinishRequest {
            sync: sync.id,
            org: org.id,
            name: wish
                .name
                .unwrap_or_else(|| checklist.suggested_name.clone()),
        })
        .await?;
    let document = serde_json::json!({ "checklist": checklist, "fields": created, "sync": made });
    report.answer(&document, || {
        format!(
            "{}\n“{}” writes to {} with mapping version {}. No record was written.\nNext, its \
             first preview: drawbridge-cli plan \"{}\"",
            picture(&checklist, sync),
            made.name,
            made.org_name,
            made.mapping_version,
            made.name
        )
    });
    Ok(Exit::Done)
}

fn picture(checklist: &PromotionView, sync: &SyncView) -> String {
    let environment = match checklist.environment {
        EnvironmentView::Sandbox => "SANDBOX",
        EnvironmentView::Production => "PRODUCTION",
    };
    let mut lines = vec![format!(
        "Mapping version {} of “{}” against {} ({environment}):",
        checklist.mapping_version, sync.name, checklist.org_name
    )];
    let groups = [
        (PromotionState::Cannot, "Needs somebody"),
        (PromotionState::ToDo, "Drawbridge can create"),
        (PromotionState::Ok, "Ready"),
    ];
    for (state, title) in groups {
        let of: Vec<&PromotionLine> = checklist
            .lines
            .iter()
            .filter(|line| line.state == state)
            .collect();
        if of.is_empty() {
            continue;
        }
        lines.push(format!("{title}: {}", of.len()));
        for line in of {
            lines.push(format!("  {}", line.field));
            for check in line.checks.iter().filter(|check| !check.ok) {
                let remedy = check.remedy.as_deref().unwrap_or_default();
                lines.push(format!("    {} {remedy}", check.sentence));
            }
        }
    }
    if checklist.blocking > 0 {
        lines.push(format!(
            "In the way: {}. No sync was made, and nothing was written.{}",
            checklist.blocking,
            if checklist.creatable > 0 {
                " --create-fields creates those Drawbridge can."
            } else {
                ""
            }
        ));
    }
    visible::lines(&lines)
}
