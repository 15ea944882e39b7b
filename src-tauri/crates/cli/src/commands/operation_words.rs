//! Operations in words and in JSON.

use drawbridge_api::view::{
    BillingCustomerView, BillingEventView, OperationBatchView, OperationCheckView,
    OperationOutcomeView, OperationProblemView, OperationRowView, ProviderView, RunStatusView,
};
use serde_json::{Value, json};

use crate::failure::Exit;
use crate::report::{counted, grouped, table};
use crate::visible;

/// Rows a preview shows a person.
pub(super) const FEW: usize = 20;

/// How a batch ended.
pub(super) fn exit(batch: &OperationBatchView) -> Exit {
    match batch.status {
        Some(RunStatusView::Finished) if !batch.adds_up => Exit::Failed,
        Some(RunStatusView::Finished)
            if batch.counts.rejected + batch.counts.unknown + batch.counts.blocked > 0 =>
        {
            Exit::Rejected
        }
        Some(RunStatusView::Finished) => Exit::Done,
        Some(RunStatusView::Halted) => Exit::Refused,
        _ => Exit::Interrupted,
    }
}

pub(super) fn problems(problems: &[OperationProblemView]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| match problem.field {
            Some(field) => {
                let name = serde_json::to_value(field).unwrap_or_default();
                format!("{}: {}", name.as_str().unwrap_or_default(), problem.message)
            }
            None => problem.message.clone(),
        })
        .collect()
}

pub(super) fn preview_document(checked: &OperationCheckView) -> Value {
    json!({
        "ready": checked.ready,
        "sentence": checked.sentence,
        "notes": checked.notes,
        "generated": checked.generated,
        "confirm": checked.confirm,
        "refused": checked.refused,
        "command": checked.command,
        "outlook": checked.outlook,
    })
}

/// What would happen, and the line that makes it happen.
pub(super) fn preview(checked: &OperationCheckView) -> String {
    let confirm = checked
        .confirm
        .as_ref()
        .map(|words| format!(" --confirm {words}"))
        .unwrap_or_default();
    format!(
        "{}\nNothing has been sent. Next: {} --yes{confirm}",
        intent(checked),
        checked.command
    )
}

/// What would happen.
pub(super) fn intent(checked: &OperationCheckView) -> String {
    let mut lines: Vec<String> = checked.sentence.iter().cloned().collect();
    if let Some(outlook) = &checked.outlook {
        lines.extend(had("now", &outlook.now));
        lines.extend(had("then", &outlook.later));
    }
    lines.extend(checked.notes.iter().map(|note| format!("  Note: {note}")));
    lines.extend(checked.refused.iter().map(|words| format!("  {words}")));
    visible::lines(&lines)
}

/// What a customer has, each in a line after the word.
pub(super) fn had(word: &str, lines: &[String]) -> Vec<String> {
    if lines.is_empty() {
        return vec![format!(
            "  {word:<5} neither a connected account nor an alias"
        )];
    }
    let lines = lines.iter();
    lines.map(|line| format!("  {word:<5} {line}")).collect()
}

pub(super) fn outcome_lines(batch: &OperationBatchView, row: &OperationRowView) -> String {
    let Some(outcome) = row.outcome else {
        return describe(batch);
    };
    let mut lines = vec![format!("Operation {}: {}.", batch.id, word(outcome))];
    lines.extend(row.message.iter().map(|words| format!("  {words}")));
    lines.extend(row.before.iter().map(|line| format!("  before: {line}")));
    if let Some(event) = &row.after {
        lines.push(format!("  after:  {}", event_cells(event).join("  ")));
    }
    lines.extend(
        row.links_after
            .iter()
            .map(|line| format!("  after:  {line}")),
    );
    visible::lines(&lines)
}

fn word(outcome: OperationOutcomeView) -> &'static str {
    match outcome {
        OperationOutcomeView::Done => "done",
        OperationOutcomeView::Already => "so already",
        OperationOutcomeView::Blocked => "blocked",
        OperationOutcomeView::Rejected => "refused",
        OperationOutcomeView::Unknown => "unknown",
    }
}

pub(super) fn document(batch: &OperationBatchView) -> Value {
    json!({
        "operation": batch.id,
        "status": batch.status,
        "reason": batch.reason,
        "rows": batch.rows,
        "counts": batch.counts,
        "open": to_do(batch),
        "left_out": left_out(batch),
        "adds_up": batch.adds_up,
    })
}

/// Rows without an outcome that have problems of their own: they are never sent.
fn left_out(batch: &OperationBatchView) -> u32 {
    let with_problems = batch.rows.saturating_sub(batch.sendable);
    let told = batch.counts.blocked.min(with_problems);
    batch.open.min(with_problems - told)
}

/// Rows that wait to be sent.
fn to_do(batch: &OperationBatchView) -> u32 {
    batch.open - left_out(batch)
}

pub(super) fn list_document(batch: &OperationBatchView) -> Value {
    let mut listed = document(batch);
    listed["title"] = json!(batch.title);
    listed["connection"] = json!(batch.connection_name);
    listed["who"] = json!(batch.who);
    listed["created_at"] = json!(batch.created_at);
    listed["started_at"] = json!(batch.started_at);
    listed["finished_at"] = json!(batch.finished_at);
    listed
}

pub(super) fn describe(batch: &OperationBatchView) -> String {
    let counts = batch.counts;
    let status = batch
        .status
        .map_or("only previewed", super::runs::status_word);
    let mut lines = vec![format!(
        "Operation {} is {status}: {}",
        batch.id, batch.title
    )];
    lines.extend(batch.reason.iter().map(|reason| format!("  {reason}")));
    if batch.status.is_none() {
        lines.push(format!(
            "  {} = {} to do + {} with problems, which are left out",
            counted(batch.rows, "row"),
            grouped(to_do(batch)),
            grouped(left_out(batch)),
        ));
        lines.push(match to_do(batch) {
            0 => "Nothing to do.".to_owned(),
            _ => next(batch),
        });
        return visible::lines(&lines);
    }
    let open = [
        (to_do(batch), "still to do"),
        (left_out(batch), "with problems, which are left out"),
    ];
    let open: Vec<String> = open
        .iter()
        .filter(|(rows, _)| *rows > 0)
        .map(|(rows, what)| format!(" + {} {what}", grouped(rows)))
        .collect();
    lines.push(format!(
        "  {} = {} done + {} so already + {} blocked + {} refused + {} unknown{}",
        counted(batch.rows, "row"),
        grouped(counts.done),
        grouped(counts.already),
        grouped(counts.blocked),
        grouped(counts.rejected),
        grouped(counts.unknown),
        open.concat(),
    ));
    match batch.status {
        Some(RunStatusView::Finished) if batch.adds_up => lines.push("  Adds up.".to_owned()),
        Some(RunStatusView::Finished) => {
            lines.push("  Does not add up: rows are missing. Please report this.".to_owned());
        }
        _ => lines.push(next(batch)),
    }
    visible::lines(&lines)
}

/// The command that carries a batch out.
fn next(batch: &OperationBatchView) -> String {
    format!(
        "Next: drawbridge-cli {} operations --resume {}{}",
        system(batch),
        batch.id,
        confirmation(batch)
    )
}

/// The word of the terminal for the billing system of a batch.
fn system(batch: &OperationBatchView) -> &'static str {
    match batch.provider {
        ProviderView::Alguna => "alguna",
        _ => "profitwell",
    }
}

fn confirmation(batch: &OperationBatchView) -> String {
    batch
        .confirm
        .as_ref()
        .map(|words| format!(" --confirm '{words}'"))
        .unwrap_or_default()
}

pub(super) fn preview_batch(
    batch: &OperationBatchView,
    first: &[OperationRowView],
    blocked: &[OperationRowView],
    with_next: bool,
) -> String {
    let mut lines = vec![
        format!("Operation {}. Nothing has been sent.", batch.id),
        format!(
            "  {}: {} to do · {} with problems, which are left out · about {} s",
            counted(batch.rows, "row"),
            grouped(batch.sendable),
            grouped(batch.rows - batch.sendable),
            grouped(batch.seconds_left),
        ),
    ];
    lines.extend(batch.refused.iter().map(|words| format!("  {words}")));
    for row in first.iter().filter(|row| row.problems.is_empty()) {
        lines.push(format!("  Line {}: {}", row.number, row.sentence));
    }
    if batch.rows as usize > FEW {
        let rest = batch.rows as usize - FEW;
        lines.push(format!("  and {} more rows", grouped(rest)));
    }
    for row in blocked.iter().take(FEW) {
        let words = problems(&row.problems).join(" ");
        lines.push(format!("  Line {} has a problem: {words}", row.number));
    }
    if blocked.len() > FEW {
        lines.push(format!(
            "  and {} more with problems",
            grouped(blocked.len() - FEW)
        ));
    }
    match batch.sendable {
        0 => lines.push("Nothing to do.".to_owned()),
        _ if with_next => lines.push(next(batch)),
        _ => {}
    }
    visible::lines(&lines)
}

pub(super) fn event_cells(event: &BillingEventView) -> Vec<String> {
    let price = event.value.as_ref().map(|value| {
        let currency = event.currency.as_deref().unwrap_or_default();
        let interval = event.interval.as_deref().unwrap_or("period");
        format!("{value} {currency} a {interval}")
    });
    let from = event.effective_at.as_deref().unwrap_or_default();
    vec![
        event.subscription_id.clone(),
        event.subscription_alias.clone().unwrap_or_default(),
        event.status.clone(),
        event.plan.clone().unwrap_or_default(),
        price.unwrap_or_default(),
        from.trim_end_matches("T00:00:00Z").to_owned(),
        event.email.clone().unwrap_or_default(),
    ]
}

pub(super) fn row_cells(row: &OperationRowView) -> Vec<String> {
    let what = if row.sentence.is_empty() {
        row.subject.clone()
    } else {
        row.sentence.clone()
    };
    let why = row
        .message
        .clone()
        .unwrap_or_else(|| problems(&row.problems).join(" "));
    vec![
        row.number.to_string(),
        what,
        match row.outcome {
            Some(outcome) => word(outcome),
            None if row.problems.is_empty() => "open",
            None => "left out",
        }
        .to_owned(),
        why,
    ]
}

pub(super) fn batch_cells(batch: &OperationBatchView) -> Vec<String> {
    let started = batch.started_at.as_ref().unwrap_or(&batch.created_at);
    vec![
        batch.id.to_string(),
        started.chars().take(19).collect(),
        batch
            .status
            .map_or("previewed", super::runs::status_word)
            .to_owned(),
        grouped(batch.rows),
        grouped(batch.counts.done),
        grouped(batch.counts.already),
        grouped(batch.counts.rejected + batch.counts.unknown),
        batch.connection_name.clone(),
        visible::cut(&batch.title, 60),
    ]
}

pub(super) fn customer_table(customers: &[BillingCustomerView]) -> String {
    let cells: Vec<Vec<String>> = customers
        .iter()
        .map(|customer| {
            let mrr = customer.mrr.as_ref();
            vec![
                customer.id.clone(),
                customer.email.clone().unwrap_or_default(),
                customer.status.clone().unwrap_or_default(),
                mrr.map(|it| format!("{} {}", it.amount, it.currency))
                    .unwrap_or_default(),
                customer.plans.join(", "),
                customer.updated_at.clone().unwrap_or_default(),
            ]
        })
        .collect();
    table(
        &["CUSTOMER", "EMAIL", "STATUS", "MRR", "PLANS", "CHANGED"],
        &cells,
    )
}

pub(super) fn of_all(shown: usize, total: u32) -> String {
    if shown < total as usize {
        format!(
            "{} of {}: --limit N, or --all.",
            grouped(shown),
            grouped(total)
        )
    } else {
        format!("{} in all.", grouped(total))
    }
}
