//! Words of reports: what both the page and the table say.

use drawbridge_model::grouped;

use crate::view::{
    BalanceView, CountsView, EnvironmentView, HistoryRowView, OutcomeView, RunStatusView,
};

pub(super) fn outcome(outcome: OutcomeView) -> &'static str {
    match outcome {
        OutcomeView::Created => "created",
        OutcomeView::Updated => "updated",
        OutcomeView::Unchanged => "unchanged",
        OutcomeView::Skipped => "skipped",
        OutcomeView::Blocked => "blocked",
        OutcomeView::Rejected => "rejected",
        OutcomeView::Held => "held",
        OutcomeView::Unknown => "unknown",
        OutcomeView::Deleted => "deleted",
    }
}

pub(crate) fn status(status: RunStatusView) -> &'static str {
    match status {
        RunStatusView::Running => "running",
        RunStatusView::Finished => "finished",
        RunStatusView::Interrupted => "interrupted",
        RunStatusView::Stopped => "stopped",
        RunStatusView::Halted => "halted",
    }
}

pub(crate) fn balance(balance: BalanceView) -> &'static str {
    match balance {
        BalanceView::Right => "Adds up",
        BalanceView::Open => "Not finished",
        BalanceView::Wrong => "Does not add up: do not rely on this run",
    }
}

pub(crate) fn environment(environment: EnvironmentView) -> &'static str {
    match environment {
        EnvironmentView::Sandbox => "SANDBOX",
        EnvironmentView::Production => "PRODUCTION",
    }
}

/// The terms of the equation, in order.
pub(crate) fn terms(counts: CountsView) -> [(&'static str, u32); 9] {
    [
        ("created", counts.created),
        ("updated", counts.updated),
        ("unchanged", counts.unchanged),
        ("skipped", counts.skipped),
        ("blocked", counts.blocked),
        ("rejected", counts.rejected),
        ("held", counts.held),
        ("unknown", counts.unknown),
        (DELETED, counts.deleted),
    ]
}

/// The term that only an undo has.
const DELETED: &str = "deleted";

/// `150 read = 12 created + …`.
pub(super) fn equation(run: &HistoryRowView) -> String {
    let mut terms: Vec<String> = terms(run.counts)
        .iter()
        .filter(|(word, count)| *word != DELETED || *count > 0)
        .map(|(word, count)| format!("{} {word}", grouped(count)))
        .collect();
    if run.still_to_write > 0 {
        terms.push(format!("{} still to write", grouped(run.still_to_write)));
    }
    format!("{} read = {}", grouped(run.read), terms.join(" + "))
}

/// What the run was, line by line.
pub(super) fn facts(run: &HistoryRowView, made_at: &str) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (
            "Run",
            match run.undoes {
                Some(undone) => format!("{} (undoes run {undone})", run.run),
                None => run.run.to_string(),
            },
        ),
        ("Status", status(run.status).to_owned()),
        ("Sync", run.sync_name.clone()),
        ("Source", run.source_name.clone()),
        (
            "Org",
            format!("{} ({})", run.org_name, environment(run.environment)),
        ),
    ];
    let mut add = |label, value: Option<String>| {
        if let Some(value) = value {
            facts.push((label, value));
        }
    };
    add("Org ID", run.org_id.clone());
    add("Begun by", run.user_name.clone());
    add("User ID", run.user_id.clone());
    add("Reason", run.reason.clone());
    add("Mapping version", Some(run.mapping_version.to_string()));
    add("Plan", Some(run.plan.to_string()));
    add("Way", Some(run.way.clone()));
    add("Started", Some(run.started_at.clone()));
    add("Ended", run.finished_at.clone());
    add("API calls", Some(run.api_calls.to_string()));
    add("Read back", run.verified.map(|records| records.to_string()));
    add(
        "Differ from what was sent",
        run.differs.map(|records| records.to_string()),
    );
    add("Undone by run", run.undone_by.map(|run| run.to_string()));
    add("Report made", Some(made_at.to_owned()));
    facts
}

/// Letters, digits and hyphens of a name, for a file.
pub(crate) fn file_name(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}
