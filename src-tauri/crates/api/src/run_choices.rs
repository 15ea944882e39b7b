//! What a person chose for a run must be there: else it would be ignored, and use the plan up.

use drawbridge_model::{Action, CustomerId, PlanId, Reason};
use drawbridge_store::PlanRecord;
use drawbridge_sync::safety::HALTS;

use crate::context::Workspace;
use crate::error::Result;
use crate::view::ErrorView;

/// Customers a refusal names.
const FEW: usize = 5;

/// Refuses to accept what is no safety halt. A scheduler may accept one that this plan does not
/// have.
pub(crate) fn refuse_unknown_halts(plan: &PlanRecord, accepted: &[String]) -> Result<()> {
    let known = |name: &str| HALTS.contains(&name) || plan.halts.iter().any(|it| it.code == name);
    let Some(stranger) = accepted.iter().find(|name| !known(name)) else {
        return Ok(());
    };
    let own: Vec<&str> = plan.halts.iter().map(|halt| halt.code.as_str()).collect();
    let hint = if own.is_empty() {
        format!(
            "Plan {} has no safety halt: there is nothing to accept. Those there are: {}.",
            plan.id,
            HALTS.join(", ")
        )
    } else {
        format!("Plan {} has these: {}.", plan.id, own.join(", "))
    };
    Err(ErrorView::bad_request(format!(
        "There is no safety halt “{stranger}”: nothing was written."
    ))
    .hint(hint))
}

/// Refuses a pilot of chosen customers where one of them is not in the plan, or has nothing to
/// write. One that a person holds stays held beside others. The plan can still be run.
pub(crate) fn refuse_not_written(
    workspace: &Workspace,
    plan: PlanId,
    customers: &[CustomerId],
) -> Result<()> {
    let (mut wrong, mut held, mut written) = (Vec::new(), Vec::new(), false);
    for customer in customers {
        let row = workspace.store.plan_row(plan, customer)?;
        let why = match row {
            None => format!("is not in plan {plan}"),
            Some(row) if row.is_written() => {
                written = true;
                continue;
            }
            Some(row) if row.held => {
                held.push(format!("{customer} is held"));
                continue;
            }
            Some(row) => match (row.action, row.reason) {
                (Action::Skipped, Some(reason)) => format!("is skipped: {}", sentence(&reason)),
                (Action::Blocked, Some(reason)) => format!("is blocked: {}", sentence(&reason)),
                (Action::Skipped, None) => "is skipped".to_owned(),
                (Action::Blocked, None) => "is blocked".to_owned(),
                (Action::Unchanged, _) => "is unchanged: both sides agree".to_owned(),
                (Action::Create | Action::Update | Action::Delete, _) => {
                    "has every field held".to_owned()
                }
            },
        };
        wrong.push(format!("{customer} {why}"));
    }
    if !written {
        wrong.append(&mut held);
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let more = match wrong.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    wrong.truncate(FEW);
    Err(ErrorView::bad_request(format!(
        "Not every chosen customer has something to write: {}{more}. Nothing was written.",
        wrong.join("; ")
    ))
    .hint(
        "Leave them out, or see what is in the way on the Preview tab. The plan can still be run.",
    ))
}

/// What came since a plan that is too old to be run was made. `version` is the mapping's now.
pub(crate) fn since(workspace: &Workspace, plan: &PlanRecord, version: u32) -> Result<String> {
    let newer = workspace.store.latest_plan(plan.sync)?;
    let newer = newer.filter(|it| it.id > plan.id).map(|it| it.id);
    let run = workspace
        .store
        .runs()?
        .into_iter()
        .filter(|run| run.sync == plan.sync && run.started_at > plan.started_at)
        .map(|run| run.id)
        .max();
    let mapping = (version != plan.mapping_version).then_some(version);
    let since: Vec<String> = [
        newer.map(|id| format!("plan {id} was made")),
        run.map(|id| format!("run {id} has written")),
        mapping.map(|version| format!("the mapping became version {version}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let what = match since.as_slice() {
        [] => "what it was made from was changed: a setting of the sync or a match".to_owned(),
        what => what.join(", and "),
    };
    Ok(format!(
        "Plan {} is too old: since then {what}. Nothing was written.",
        plan.id
    ))
}

/// A reason in the middle of a sentence.
fn sentence(reason: &Reason) -> String {
    reason.to_string().trim_end_matches('.').to_owned()
}
