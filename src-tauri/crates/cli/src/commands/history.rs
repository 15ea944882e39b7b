//! `history`: everything that was sent, in one list.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use drawbridge_api::Context;
use drawbridge_api::view::{
    ApiCallStateView, ApiCallView, HistoryEntryView, HistoryKindView, HistoryRequest,
    HistoryRowView, ImportView, OperationBatchView,
};

use super::Done;
use super::runs::status_word;
use crate::failure::Exit;
use crate::report::{Report, grouped, table};
use crate::visible;

/// Entries asked for at a time.
const PAGE: u32 = 500;

#[derive(Args)]
pub(crate) struct History {
    /// Only this kind. May be repeated.
    #[arg(long, value_name = "KIND")]
    kind: Vec<Kind>,
    /// Only entries with these words: in sync, org, user or a customer with a problem; in an
    /// operation; in an import's Accounts; in a call.
    #[arg(long, value_name = "WORDS", default_value = "")]
    search: String,
    /// How many to list, newest first.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// List every one.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Runs and undos.
    Run,
    /// Operations in a billing system, one at a time or by file.
    Operation,
    /// Imports of Accounts into a billing system.
    Import,
    /// API calls made by hand.
    Call,
}

impl Kind {
    fn view(self) -> HistoryKindView {
        match self {
            Self::Run => HistoryKindView::Run,
            Self::Operation => HistoryKindView::Operation,
            Self::Import => HistoryKindView::Import,
            Self::Call => HistoryKindView::Call,
        }
    }
}

pub(super) async fn list(context: &Context, wish: History, report: Report) -> Done {
    let wanted = if wish.all { u32::MAX } else { wish.limit };
    let mut entries: Vec<HistoryEntryView> = Vec::new();
    let total = loop {
        let offset = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let request = HistoryRequest {
            kinds: wish.kind.iter().map(|kind| kind.view()).collect(),
            search: wish.search.clone(),
            offset,
            limit: (wanted - offset).min(PAGE),
            ..HistoryRequest::default()
        };
        let page = context.history_list(request).await?;
        let is_last = page.rows.is_empty();
        entries.extend(page.rows);
        let have = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        if is_last || have >= page.total.min(wanted) {
            break page.total;
        }
    };
    report.answer(&entries, || {
        if entries.is_empty() {
            let filtered = !wish.kind.is_empty() || !wish.search.is_empty();
            return if filtered {
                "Nothing in the history is like that.".to_owned()
            } else {
                "Nothing has been sent yet.".to_owned()
            };
        }
        let rows: Vec<Vec<String>> = entries.iter().map(cells).collect();
        let head = ["BEGAN (UTC)", "ENTRY", "STATUS", "WHERE", "WHAT", "CAME TO"];
        let mut text = table(&head, &rows);
        if entries.len() < total as usize {
            let (shown, total) = (grouped(entries.len()), grouped(total));
            let _ = write!(text, "\n{shown} of {total}: --limit N, or --all.");
        }
        text
    });
    Ok(Exit::Done)
}

fn cells(entry: &HistoryEntryView) -> Vec<String> {
    let [began, name, status, place, what, came_to] = match entry {
        HistoryEntryView::Run(run) => of_run(run),
        HistoryEntryView::Operation(batch) => of_operation(batch),
        HistoryEntryView::Import(import) => of_import(import),
        HistoryEntryView::Call(call) => of_call(call),
    };
    let began = began.get(..19).unwrap_or(&began).replace('T', " ");
    let what = visible::cut(&what, 70);
    vec![began, name, status, place, what, came_to]
}

fn of_run(run: &HistoryRowView) -> [String; 6] {
    let what = match run.undoes {
        Some(undone) => format!("{}: undo of run {undone}", run.sync_name),
        None => run.sync_name.clone(),
    };
    let counts = run.counts;
    let terms = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.deleted, "deleted"),
        (counts.unchanged, "unchanged"),
        (counts.skipped, "skipped"),
        (counts.blocked, "blocked"),
        (counts.rejected, "rejected"),
        (counts.held, "held"),
        (counts.unknown, "unknown"),
        (run.still_to_write, "still to write"),
    ];
    [
        run.started_at.clone(),
        format!("run {}", run.run),
        status_word(run.status).to_owned(),
        run.org_name.clone(),
        what,
        equation(run.read, &terms),
    ]
}

fn of_operation(batch: &OperationBatchView) -> [String; 6] {
    let counts = batch.counts;
    let terms = [
        (counts.done, "done"),
        (counts.already, "so already"),
        (counts.blocked, "blocked"),
        (counts.rejected, "refused"),
        (counts.unknown, "unknown"),
        (batch.open, "still to do"),
    ];
    [
        batch
            .started_at
            .as_ref()
            .unwrap_or(&batch.created_at)
            .clone(),
        format!("operation {}", batch.id),
        batch.status.map_or("previewed", status_word).to_owned(),
        batch.connection_name.clone(),
        batch.title.clone(),
        equation(batch.rows, &terms),
    ]
}

fn of_import(import: &ImportView) -> [String; 6] {
    let counts = import.counts;
    let terms = [
        (counts.created, "made"),
        (counts.already, "customers already"),
        (counts.skipped, "left out"),
        (counts.blocked, "blocked"),
        (counts.rejected, "refused"),
        (counts.unknown, "unknown"),
        (import.open, "still to do"),
    ];
    [
        import
            .began_at
            .as_ref()
            .unwrap_or(&import.started_at)
            .clone(),
        format!("import {}", import.id),
        import.status.map_or("previewed", status_word).to_owned(),
        import.source_name.clone(),
        format!("{}: Accounts become customers", import.sync_name),
        equation(import.read, &terms),
    ]
}

fn of_call(call: &ApiCallView) -> [String; 6] {
    let status = match call.state {
        ApiCallStateView::UnderWay => "under way",
        ApiCallStateView::Answered => "answered",
        ApiCallStateView::Cut => "answer cut off",
        ApiCallStateView::Lost => "answer lost",
        ApiCallStateView::NotSent => "not sent",
        ApiCallStateView::NotKnown => "not known",
    };
    let came_to = match (call.status, &call.message) {
        (Some(status), _) => {
            let words = call.status_text.as_deref().unwrap_or_default();
            format!("{status} {words}").trim_end().to_owned()
        }
        (None, message) => message.clone().unwrap_or_default(),
    };
    let query: Vec<String> = call
        .query
        .iter()
        .map(|pair| format!("{}={}", pair.name, pair.value))
        .collect();
    let path = if query.is_empty() {
        call.path.clone()
    } else {
        format!("{}?{}", call.path, query.join("&"))
    };
    [
        call.begun_at.clone(),
        format!("call {}", call.call),
        status.to_owned(),
        call.connection_name.clone(),
        format!("{} {path}", format!("{:?}", call.method).to_uppercase()),
        came_to,
    ]
}

/// `60 = 12 made + 48 customers already`: every row has its place.
fn equation(rows: u32, terms: &[(u32, &str)]) -> String {
    let told: Vec<String> = terms
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", grouped(*count)))
        .collect();
    match told.as_slice() {
        [] => grouped(rows),
        told => format!("{} = {}", grouped(rows), told.join(" + ")),
    }
}
