//! `undo`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    PlanRequest, PlanView, RunRequest, RunStartRequest, RunView, UndoRequest, Work,
};

use super::Done;
use super::plan::run_command;
use crate::arguments::Undo;
use crate::failure::{Exit, Failure};
use crate::progress;
use crate::report::{Report, counted, grouped};
use crate::visible;

/// Previews the undo of a run; with `--yes` runs it at once.
pub(super) async fn run(context: &Context, wish: Undo, report: Report) -> Done {
    let before = context.run_get(RunRequest { run: wish.run }).await?;
    let request = UndoRequest {
        run: wish.run,
        delete_created: wish.delete_created,
    };
    let plan = make(context, request, report).await?;
    let links = super::writeback::of_plan(context, plan.id).await?;
    if wish.yes && (plan.tally.to_write > 0 || links.any()) {
        report.say(&links.after(describe(&plan, &before, false)));
        let request = RunStartRequest {
            confirm: wish.confirm,
            ..RunStartRequest::whole(plan.id)
        };
        let started = super::run::start(context, request).await?;
        let finished = super::run::follow(context, started.id, report).await?;
        return super::run::answer(context, &finished, report).await;
    }
    let document = serde_json::json!({
        "plan": plan.id,
        "undoes": plan.undoes,
        "counts": plan.counts,
        "forecast": super::forecast::json(&plan),
        "to_write": plan.tally.to_write,
        "to_restore": restored(&plan),
        "left_alone": left_alone(&plan),
        "created_stay": if plan.deletes { 0 } else { plan.created_by_run },
        "deletes": plan.deletes,
        "to_delete": plan.tally.to_delete,
        "held_fields": plan.tally.held_fields,
        "note": plan.note,
    });
    report.answer(&links.beside(document), || {
        links.before_next(&describe(&plan, &before, true), &plan)
    });
    Ok(Exit::Done)
}

pub(super) async fn make(
    context: &Context,
    request: UndoRequest,
    report: Report,
) -> Result<PlanView, Failure> {
    let started = context.undo_start(request).await?;
    let last = progress::follow(context, Work::Plan(started.id), report).await?;
    if let Some(error) = last.error {
        return Err(error.into());
    }
    Ok(context.plan_get(PlanRequest { plan: started.id }).await?)
}

pub(super) fn describe(plan: &PlanView, run: &RunView, with_next: bool) -> String {
    let mut lines = vec![
        format!(
            "Plan {} takes run {} back. Nothing has been written.",
            plan.id, run.id
        ),
        format!(
            "  {} to restore · {} as before already · {} left alone",
            grouped(restored(plan)),
            grouped(plan.counts.unchanged),
            grouped(left_alone(plan))
        ),
    ];
    if plan.tally.held_fields > 0 {
        lines.push(format!(
            "  {} held, because they were changed since; by whom: drawbridge-cli preview {}",
            counted(plan.tally.held_fields, "field"),
            plan.id
        ));
    }
    if plan.deletes && plan.created_by_run == 0 {
        lines.push("  The run created no record, so none would be deleted".to_owned());
    } else if plan.deletes {
        lines.push(format!(
            "  {} of {} the run created would be deleted and stay in the recycle bin of {} for up to \
             15 days; Drawbridge cannot bring them back",
            grouped(plan.tally.to_delete),
            counted(run.counts.created, "record"),
            run.org_name
        ));
        if plan.counts.blocked > 0 {
            lines.push(format!(
                "  {} would stay, because Contacts, Opportunities or Cases would go with them",
                grouped(plan.counts.blocked)
            ));
        }
    } else if plan.created_by_run > 0 {
        lines.push(format!(
            "  {} the run created {} in {}; --delete-created deletes what it may",
            counted(plan.created_by_run, "record"),
            if plan.created_by_run == 1 {
                "stays"
            } else {
                "stay"
            },
            run.org_name
        ));
    }
    if let Some(note) = &plan.note {
        lines.push(format!("  {note}"));
    }
    lines.extend(super::forecast::wait(plan));
    match plan.tally.to_write {
        0 => lines.push("Nothing to restore.".to_owned()),
        _ if with_next => lines.push(format!(
            "Next: {}   {} records in {}, {}",
            run_command(plan),
            deeds(plan),
            run.org_name,
            super::forecast::cost(plan)
        )),
        _ => {}
    }
    visible::lines(&lines)
}

/// Records of which some value is put back.
fn restored(plan: &PlanView) -> u32 {
    plan.tally.to_write.saturating_sub(plan.tally.to_delete)
}

/// Records that stay as they are: skipped, or held as a whole.
fn left_alone(plan: &PlanView) -> u32 {
    plan.counts.skipped + super::plan::all_held(plan)
}

/// `deletes 12 and restores 30`.
fn deeds(plan: &PlanView) -> String {
    let deleted = plan.tally.to_delete;
    match (deleted, restored(plan)) {
        (0, restored) => format!("restores {}", grouped(restored)),
        (deleted, 0) => format!("deletes {}", grouped(deleted)),
        (deleted, restored) => format!(
            "deletes {} and restores {}",
            grouped(deleted),
            grouped(restored)
        ),
    }
}
