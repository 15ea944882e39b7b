//! `plan`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    ActionView, PlanReading, PlanRequest, PlanRowsRequest, PlanSort, PlanStartRequest, PlanView,
    SyncView, Work,
};

use super::{Done, forecast};
use crate::arguments::Reading;
use crate::failure::{Exit, Failure};
use crate::progress;
use crate::report::{Report, counted, grouped, moment};
use crate::visible;

pub(super) async fn run(
    context: &Context,
    sync: &SyncView,
    reading: &Reading,
    report: Report,
) -> Done {
    let reading = match reading {
        Reading { full: true, .. } => PlanReading::Full,
        Reading { offline: true, .. } => PlanReading::Offline,
        Reading { .. } => PlanReading::Changes,
    };
    let plan = read_and_make(context, sync, reading, report).await?;
    let blocked = blocked_rows(context, &plan).await?;
    let links = super::writeback::of_plan(context, plan.id).await?;
    let first = run_to_resume(context, &plan).await?;
    let document = serde_json::json!({
        "plan": plan.id,
        "resume_first": first,
        "counts": plan.counts,
        "forecast": forecast::json(&plan),
        "to_write": plan.tally.to_write,
        "all_held": all_held(&plan),
        "offline": plan.offline,
        "note": plan.note,
        "halts": plan.halts,
    });
    report.answer(&links.beside(document), || {
        let text = links.before_next(&describe(&plan, sync, &blocked), &plan);
        match first {
            Some(run) => resume_first(&text, run, sync),
            None => text,
        }
    });
    Ok(Exit::Done)
}

/// The run that has to be resumed before anything of the plan may be written.
async fn run_to_resume(context: &Context, plan: &PlanView) -> Result<Option<u32>, Failure> {
    let request = PlanRequest { plan: plan.id };
    Ok(context.run_to_resume(request).await?)
}

/// The text with another last line: the plan cannot be run before the run is resumed.
fn resume_first(text: &str, run: u32, sync: &SyncView) -> String {
    let Some((head, _)) = text.rsplit_once("\nNext: ") else {
        return text.to_owned();
    };
    format!(
        "{head}\nNext: drawbridge-cli resume {run}   it was cut off, and what became of its last \
         calls is not known; until then nothing else is written\n      then preview again: \
         drawbridge-cli plan '{}'",
        visible::one_line(&sync.name)
    )
}

/// Makes a plan and follows it to its end.
pub(super) async fn make(
    context: &Context,
    sync: &SyncView,
    report: Report,
) -> Result<PlanView, Failure> {
    read_and_make(context, sync, PlanReading::Changes, report).await
}

async fn read_and_make(
    context: &Context,
    sync: &SyncView,
    reading: PlanReading,
    report: Report,
) -> Result<PlanView, Failure> {
    let request = PlanStartRequest {
        sync: sync.id,
        reading,
    };
    let started = context.plan_start(request).await?;
    let last = progress::follow(context, Work::Plan(started.id), report).await?;
    if let Some(error) = last.error {
        return Err(error.into());
    }
    Ok(context.plan_get(PlanRequest { plan: started.id }).await?)
}

pub(super) async fn blocked_rows(
    context: &Context,
    plan: &PlanView,
) -> Result<Vec<String>, Failure> {
    let page = context
        .plan_rows(PlanRowsRequest {
            action: Some(ActionView::Blocked),
            sort: PlanSort::Name,
            limit: 10,
            ..PlanRowsRequest::of(plan.id)
        })
        .await?;
    Ok(page
        .rows
        .iter()
        .filter_map(|row| {
            let reason = row.reason.as_ref()?;
            let name: String = visible::name(&row.name);
            Some(format!(
                "  Blocked: {name} ({}). {} {}",
                row.customer, reason.message, reason.next_step
            ))
        })
        .collect())
}

/// Records that differ, and of which nothing would be written.
pub(super) fn all_held(plan: &PlanView) -> u32 {
    let differ = plan.counts.create + plan.counts.update + plan.counts.delete;
    differ.saturating_sub(plan.tally.to_write)
}

/// The command that runs a plan, with the ticks of its halts and what production wants typed.
pub(super) fn run_command(plan: &PlanView) -> String {
    let mut command = vec![format!("drawbridge-cli run {}", plan.id)];
    command.extend(ticks(plan));
    command.join(" ")
}

/// What has to be said before a plan may be run: the ticks of its halts, and production's domain.
pub(super) fn ticks(plan: &PlanView) -> Vec<String> {
    let halts = plan.halts.iter();
    let halts = halts.map(|halt| format!("--accept {}", halt.name));
    let domain = plan.confirm.iter();
    halts
        .chain(domain.map(|domain| format!("--confirm {domain}")))
        .collect()
}

/// A plan for people.
pub(super) fn describe(plan: &PlanView, sync: &SyncView, blocked: &[String]) -> String {
    let counts = plan.counts;
    let mut lines = vec![
        format!("Plan {}. Nothing has been written.", plan.id),
        format!(
            "  {} create · {} update · {} unchanged · {} skipped · {} blocked",
            grouped(counts.create),
            grouped(counts.update),
            grouped(counts.unchanged),
            grouped(counts.skipped),
            grouped(counts.blocked)
        ),
    ];
    if let Some(read) = &plan.offline {
        lines.push(format!(
            "  Offline: the source as of {} UTC, the org as of {} UTC",
            moment(&read.source_at),
            moment(&read.org_at)
        ));
    }
    if plan.tally.held_rows + plan.tally.held_fields > 0 {
        let held: Vec<String> = [
            (plan.tally.held_rows, "record"),
            (plan.tally.held_fields, "field"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect();
        lines.push(format!(
            "  {} held: drawbridge-cli preview {} --rows held",
            held.join(" and "),
            plan.id
        ));
    }
    lines.extend(match all_held(plan) {
        0 => None,
        1 => {
            Some("  1 record to update is held in every field: nothing of it is written".to_owned())
        }
        held => Some(format!(
            "  {} records to update are held in every field: nothing of them is written",
            grouped(held)
        )),
    });
    let shown = u32::try_from(blocked.len()).unwrap_or(u32::MAX);
    lines.extend(blocked.iter().cloned());
    if counts.blocked > shown {
        lines.push(format!(
            "  and {} more blocked",
            grouped(counts.blocked - shown)
        ));
    }
    if let Some(note) = &plan.note {
        lines.push(format!("  {note}"));
    }
    for halt in &plan.halts {
        lines.push(format!("  Safety halt {}: {}", halt.name, halt.message));
        if halt.rows > 0 {
            lines.push(format!(
                "    {}{}: drawbridge-cli preview {} --halt {}",
                if halt.more { "the first " } else { "" },
                counted(halt.rows, "record"),
                plan.id,
                halt.name
            ));
        }
    }
    lines.push(format!("  The rows: drawbridge-cli preview {}", plan.id));
    lines.extend(forecast::wait(plan));
    lines.push(match plan.tally.to_write {
        0 => "Nothing to write: both sides agree, or what differs is held or blocked.".to_owned(),
        rows => format!(
            "Next: {}   writes {} to {}, {}",
            run_command(plan),
            counted(rows, "record"),
            sync.org_name,
            forecast::cost(plan)
        ),
    });
    visible::lines(&lines)
}
