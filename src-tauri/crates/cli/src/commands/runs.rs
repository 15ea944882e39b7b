//! `runs` and `show`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    OutcomeRowView, OutcomeView, OutcomesRequest, ProblemView, RunListRequest, RunRequest,
    RunStatusView, RunView,
};

use super::Done;
use super::run::document;
use crate::arguments::Rows;
use crate::failure::{Exit, Failure};
use crate::report::{Report, counted, grouped, table, written};
use crate::visible;

pub(super) async fn list(context: &Context, report: Report) -> Done {
    let runs = context.run_list(RunListRequest { sync: None }).await?;
    let documents: Vec<serde_json::Value> = runs
        .iter()
        .map(|run| {
            serde_json::json!({
                "run": run.id,
                "sync": run.sync_name,
                "org": run.org_name,
                "status": run.status,
                "undoes": run.undoes,
                "superseded_by": superseded_by(run),
                "started_at": run.started_at,
                "counts": run.counts,
            })
        })
        .collect();
    report.answer(&documents, || {
        if runs.is_empty() {
            return "There are no runs yet. Make a plan with `drawbridge-cli plan`.".to_owned();
        }
        let rows: Vec<Vec<String>> = runs
            .iter()
            .map(|run| {
                vec![
                    run.id.to_string(),
                    run.sync_name.clone(),
                    run.org_name.clone(),
                    standing(run),
                    run.started_at
                        .get(..16)
                        .unwrap_or(&run.started_at)
                        .replace('T', " "),
                    written(run.counts),
                ]
            })
            .collect();
        table(
            &["RUN", "SYNC", "ORG", "STATUS", "STARTED (UTC)", "COUNTS"],
            &rows,
        )
    });
    Ok(Exit::Done)
}

/// The newer run, of one that did not come to its end and cannot any more.
fn superseded_by(run: &RunView) -> Option<u32> {
    match run.status {
        RunStatusView::Running | RunStatusView::Finished => None,
        RunStatusView::Interrupted | RunStatusView::Stopped | RunStatusView::Halted => {
            run.superseded_by
        }
    }
}

fn standing(run: &RunView) -> String {
    let newer = superseded_by(run).map(|newer| format!("superseded by {newer}"));
    let undoes = run.undoes.map(|before| format!("undo of {before}"));
    [Some(status_word(run.status).to_owned()), newer, undoes]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) async fn show(context: &Context, run: u32, rows: Option<Rows>, report: Report) -> Done {
    let view = context.run_get(RunRequest { run }).await?;
    let problems = context.run_problems(RunRequest { run }).await?;
    let links = super::writeback::of_run(context, run).await?;
    let Some(wanted) = rows else {
        report.answer(&links.beside(document(&view, &problems)), || {
            links.after(describe(&view, &problems))
        });
        return Ok(Exit::Done);
    };
    let outcomes = all_rows(context, run, wanted).await?;
    let mut shown = links.beside(document(&view, &problems));
    if let Some(object) = shown.as_object_mut() {
        object.insert("rows".to_owned(), serde_json::json!(outcomes));
    }
    report.answer(&shown, || {
        let rows: Vec<Vec<String>> = outcomes
            .iter()
            .map(|row| {
                vec![
                    row.customer.clone(),
                    visible::name(&row.name),
                    format!("{:?}", row.outcome).to_lowercase(),
                    row.record.clone().unwrap_or_default(),
                    remark(row),
                ]
            })
            .collect();
        table(&["CUSTOMER", "NAME", "OUTCOME", "RECORD", "PROBLEM"], &rows)
    });
    Ok(Exit::Done)
}

/// What was wrong with a row, and which of its fields were not written though it was.
fn remark(row: &OutcomeRowView) -> String {
    let wrote = matches!(row.outcome, OutcomeView::Created | OutcomeView::Updated);
    let held = row.changes.iter().filter(|_| wrote).filter_map(|change| {
        let why = change.held.as_ref()?;
        Some(format!("{} held. {why}.", change.label))
    });
    row.problem
        .clone()
        .into_iter()
        .chain(held)
        .collect::<Vec<_>>()
        .join(" ")
}

async fn all_rows(
    context: &Context,
    run: u32,
    wanted: Rows,
) -> Result<Vec<OutcomeRowView>, Failure> {
    const PAGE: u32 = 500;
    let mut rows = Vec::new();
    loop {
        let offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let page = context
            .run_outcomes(OutcomesRequest {
                outcome: outcome(wanted),
                fields_held: wanted == Rows::FieldsHeld,
                code: (wanted == Rows::Differing).then(|| "read_back_differs".to_owned()),
                offset,
                limit: PAGE,
                ..OutcomesRequest::of(run)
            })
            .await?;
        let last = page.rows.is_empty();
        rows.extend(page.rows);
        if last || u32::try_from(rows.len()).is_ok_and(|length| length >= page.total) {
            return Ok(rows);
        }
    }
}

fn outcome(rows: Rows) -> Option<OutcomeView> {
    match rows {
        Rows::All | Rows::Differing | Rows::FieldsHeld => None,
        Rows::Created => Some(OutcomeView::Created),
        Rows::Updated => Some(OutcomeView::Updated),
        Rows::Unchanged => Some(OutcomeView::Unchanged),
        Rows::Skipped => Some(OutcomeView::Skipped),
        Rows::Blocked => Some(OutcomeView::Blocked),
        Rows::Rejected => Some(OutcomeView::Rejected),
        Rows::Held => Some(OutcomeView::Held),
        Rows::Unknown => Some(OutcomeView::Unknown),
        Rows::Deleted => Some(OutcomeView::Deleted),
    }
}

pub(super) fn status_word(status: RunStatusView) -> &'static str {
    match status {
        RunStatusView::Running => "running",
        RunStatusView::Finished => "finished",
        RunStatusView::Interrupted => "interrupted",
        RunStatusView::Stopped => "stopped",
        RunStatusView::Halted => "halted",
    }
}

/// What a run cost the org. Of one that was cut off, the last moment is not counted.
fn calls(run: &RunView) -> String {
    let calls = counted(run.api_calls, "API call");
    match (run.status, run.api_calls) {
        (RunStatusView::Interrupted, 0) => "API calls not known".to_owned(),
        (RunStatusView::Interrupted, _) => format!("at least {calls}"),
        (RunStatusView::Running, _) => format!("{calls} so far"),
        _ => calls,
    }
}

/// A run for people: how it stands, the equation, the problems.
pub(super) fn describe(run: &RunView, problems: &[ProblemView]) -> String {
    let counts = run.counts;
    let mut lines = vec![format!(
        "Run {} is {}. {}, {:.1} s.",
        run.id,
        status_word(run.status),
        calls(run),
        run.seconds
    )];
    if let Some(reason) = &run.reason {
        lines.push(format!("  {reason}"));
    }
    lines.push(format!(
        "  Written by {}. {}",
        super::run::way_word(run.way),
        run.way_reason
    ));
    lines.push(format!(
        "  {} read = {} created + {} updated + {} unchanged + {} skipped + {} blocked + {} \
         rejected + {} held + {} unknown{}{}",
        grouped(run.read),
        grouped(counts.created),
        grouped(counts.updated),
        grouped(counts.unchanged),
        grouped(counts.skipped),
        grouped(counts.blocked),
        grouped(counts.rejected),
        grouped(counts.held),
        grouped(counts.unknown),
        // Only an undo deletes.
        match counts.deleted {
            0 => String::new(),
            rows => format!(" + {} deleted", grouped(rows)),
        },
        match run.still_to_write {
            0 => String::new(),
            rows => format!(" + {} still to write", grouped(rows)),
        }
    ));
    if run.status == RunStatusView::Finished {
        lines.push(if run.adds_up {
            let which = match run.differs {
                0 => String::new(),
                _ => format!(": drawbridge-cli show {} --rows differing", run.id),
            };
            format!(
                "  Adds up. {} read back, {} differ{which}.",
                counted(run.verified, "record"),
                grouped(run.differs)
            )
        } else {
            "  Does not add up: rows are missing. Please report this.".to_owned()
        });
    }
    if run.fields_held > 0 {
        lines.push(format!(
            "  {} written except for fields held back: drawbridge-cli show {} --rows fields-held",
            counted(run.fields_held, "record"),
            run.id
        ));
    }
    for problem in problems {
        lines.push(format!(
            "  {} × {} ({})",
            grouped(problem.rows),
            problem.title,
            problem.code
        ));
        if !problem.hint.is_empty() {
            lines.push(format!("      {}", problem.hint));
        }
    }
    if matches!(
        run.status,
        RunStatusView::Interrupted | RunStatusView::Stopped | RunStatusView::Halted
    ) {
        lines.push(format!("Next: drawbridge-cli resume {}", run.id));
    } else if run.status == RunStatusView::Finished && counts.rejected > 0 {
        lines.push(format!("Next: drawbridge-cli retry {}", run.id));
    }
    visible::lines(&lines)
}
