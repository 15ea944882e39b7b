//! `import accounts`, `import run`, `import show`.

use drawbridge_api::Context;
use drawbridge_api::view::{
    ImportActionView, ImportCauseView, ImportDecideRequest, ImportOutcomeView, ImportRequest,
    ImportRowView, ImportRowsRequest, ImportRunRequest, ImportStartRequest, ImportView,
    RunStatusView,
};
use serde_json::json;

use super::{Done, sync_named};
use crate::arguments::{Import, ImportAccounts};
use crate::failure::{Exit, Failure};
use crate::report::{Report, counted, grouped, table};
use crate::visible;

/// Rows asked for at a time.
const PAGE: u32 = 500;
/// Rows a preview shows a person of what waits for a decision.
const FEW: usize = 20;

pub(super) async fn run(context: &Context, wish: Import, report: Report) -> Done {
    match wish {
        Import::Accounts(wish) => accounts(context, wish, report).await,
        Import::Run { import, confirm } => execute(context, import, confirm, report).await,
        Import::Show { import } => show(context, import, report).await,
    }
}

async fn accounts(context: &Context, wish: ImportAccounts, report: Report) -> Done {
    let sync = sync_named(context, &wish.sync).await?;
    report.say("Reading customers, Accounts and Contacts. Nothing is written.");
    let mut import = context
        .import_start(ImportStartRequest {
            sync: sync.id,
            types: wish.where_type,
            currency: wish.currency,
        })
        .await?;
    for (records, create) in [(&wish.create, true), (&wish.leave_out, false)] {
        for record in records {
            let request = ImportDecideRequest {
                import: import.id,
                record: record.clone(),
                create,
            };
            import = context.import_decide(request).await?;
        }
    }
    let waiting = rows(context, import.id, Some(ImportActionView::Blocked)).await?;
    if wish.yes && import.create > 0 {
        report.say(&preview(&import, &waiting));
        return execute(context, import.id, wish.confirm, report).await;
    }
    let document = json!({
        "import": import.id,
        "read": import.read,
        "create": import.create,
        "skip": import.skip,
        "blocked": import.blocked,
        "blocked_by": import.blocked_by,
        "waiting": waiting,
    });
    report.answer(&document, || {
        let next = match import.create {
            0 => "Nothing to import.".to_owned(),
            count => format!(
                "Next: {}   creates {} in {}",
                run_command(&import),
                counted(count, "customer"),
                import.source_name
            ),
        };
        format!("{}\n{next}", preview(&import, &waiting))
    });
    Ok(Exit::Done)
}

/// The command that carries an import out, with what is to be typed.
fn run_command(import: &ImportView) -> String {
    let confirm = import.warning.as_ref();
    let confirm = confirm.map(|_| format!(" --confirm '{}'", import.source_name));
    format!(
        "drawbridge-cli import run {}{}",
        import.id,
        confirm.unwrap_or_default()
    )
}

async fn execute(context: &Context, import: u32, confirm: Option<String>, report: Report) -> Done {
    let stopping = context.clone();
    let stopper = tokio::spawn(async move {
        while crate::interrupt::asked().await.is_ok() {
            report.say("Stopping after the calls under way. What was written stays recorded.");
            if let Err(error) = stopping.import_stop(ImportRequest { import }).await {
                report.say(&error.message);
            }
        }
    });
    let done = context
        .import_run(ImportRunRequest { import, confirm })
        .await;
    stopper.abort();
    let view = done?;
    report.answer(&document(&view), || describe(&view));
    Ok(match view.status {
        Some(RunStatusView::Finished) if !view.adds_up => Exit::Failed,
        Some(RunStatusView::Finished) if view.counts.rejected + view.counts.unknown > 0 => {
            Exit::Rejected
        }
        Some(RunStatusView::Finished) => Exit::Done,
        _ => Exit::Interrupted,
    })
}

async fn show(context: &Context, import: u32, report: Report) -> Done {
    let view = context.import_get(ImportRequest { import }).await?;
    let rows = rows(context, import, None).await?;
    let newer = context.import_newer(ImportRequest { import }).await?;
    let mut shown = document(&view);
    shown["rows"] = json!(rows);
    shown["superseded_by"] = json!(newer);
    report.answer(&shown, || {
        let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
        let head = ["ACCOUNT", "NAME", "", "CUSTOMER", "WHY"];
        let said = match newer {
            Some(newer) => superseded(&describe(&view), newer),
            None => describe(&view),
        };
        format!("{said}\n{}", table(&head, &cells))
    });
    Ok(Exit::Done)
}

/// The text of an import that cannot be carried out any more, with where to look instead.
fn superseded(text: &str, newer: u32) -> String {
    let head = text.rsplit_once("\nNext: ").map_or(text, |(head, _)| head);
    format!(
        "{head}\n  Import {newer} was previewed since and took its place: this one is not carried \
         out any more.\nNext: drawbridge-cli import show {newer}"
    )
}

async fn rows(
    context: &Context,
    import: u32,
    action: Option<ImportActionView>,
) -> Result<Vec<ImportRowView>, Failure> {
    let mut request = ImportRowsRequest {
        import,
        action,
        search: String::new(),
        offset: 0,
        limit: PAGE,
    };
    let mut rows = Vec::new();
    loop {
        let page = context.import_rows(request.clone()).await?;
        let last = page.rows.is_empty();
        rows.extend(page.rows);
        if last || rows.len() >= page.total as usize {
            return Ok(rows);
        }
        request.offset += PAGE;
    }
}

fn document(view: &ImportView) -> serde_json::Value {
    json!({
        "import": view.id,
        "status": view.status,
        "reason": view.reason,
        "read": view.read,
        "counts": view.counts,
        "open": view.open,
        "adds_up": view.adds_up,
    })
}

fn preview(import: &ImportView, waiting: &[ImportRowView]) -> String {
    let mut lines = vec![
        format!("Import {}. Nothing has been written.", import.id),
        format!(
            "  {} Accounts read: {} would become customers · {} left out · {} blocked",
            grouped(import.read),
            grouped(import.create),
            grouped(import.skip),
            grouped(import.blocked)
        ),
    ];
    lines.extend(import.blocked_by.iter().map(why_blocked));
    lines.extend(import.warning.iter().map(|warning| format!("  {warning}")));
    for row in waiting.iter().take(FEW) {
        let why = row.reason.as_deref().unwrap_or_default();
        lines.push(format!("  Blocked: {} ({}). {why}", row.name, row.record));
    }
    if waiting.len() > FEW {
        lines.push(format!(
            "  and {} more blocked: drawbridge-cli import show {}",
            grouped(waiting.len() - FEW),
            import.id
        ));
    }
    visible::lines(&lines)
}

/// How many Accounts are blocked for one reason, and what to do about it.
fn why_blocked(cause: &ImportCauseView) -> String {
    let next = match cause.code.as_str() {
        "no_currency" => ": give --currency CODE",
        "no_name" => ": give the Account a name in Salesforce",
        "no_such_customer" => ": empty or correct the external ID field in Salesforce",
        "may_be_customer" => ": link them with `drawbridge-cli match`, or say --create ID",
        _ => "",
    };
    format!("  {} {}{next}", grouped(cause.accounts), cause.words)
}

fn describe(view: &ImportView) -> String {
    let counts = view.counts;
    let status = view
        .status
        .map_or("only previewed", super::runs::status_word);
    let mut lines = vec![format!("Import {} is {status}.", view.id)];
    lines.extend(view.reason.iter().map(|reason| format!("  {reason}")));
    let open = match view.open {
        0 => String::new(),
        open => format!(" + {} still to do", grouped(open)),
    };
    lines.push(match view.status {
        None => format!(
            "  {} read = {} to create + {} left out + {} blocked",
            grouped(view.read),
            grouped(view.create),
            grouped(view.skip),
            grouped(view.blocked),
        ),
        Some(_) => format!(
            "  {} read = {} created + {} already customers + {} left out + {} blocked + {} rejected \
             + {} unknown{open}",
            grouped(view.read),
            grouped(counts.created),
            grouped(counts.already),
            grouped(counts.skipped),
            grouped(counts.blocked),
            grouped(counts.rejected),
            grouped(counts.unknown),
        ),
    });
    match view.status {
        Some(RunStatusView::Finished) if view.adds_up && counts.created > 0 => lines.push(
            "  Adds up. The next preview of the sync finds the new customers by their alias and \
             writes their ids into Salesforce."
                .to_owned(),
        ),
        Some(RunStatusView::Finished) if view.adds_up => lines.push("  Adds up.".to_owned()),
        Some(RunStatusView::Finished) => {
            lines.push("  Does not add up: rows are missing. Please report this.".to_owned());
        }
        None if view.create == 0 => lines.push("Nothing to import.".to_owned()),
        Some(_) | None => lines.push(format!("Next: {}", run_command(view))),
    }
    visible::lines(&lines)
}

fn cells(row: &ImportRowView) -> Vec<String> {
    let what = match (row.outcome, row.action) {
        (Some(ImportOutcomeView::Created), _) => "created",
        (Some(ImportOutcomeView::Already), _) => "already",
        (Some(ImportOutcomeView::Rejected), _) => "rejected",
        (Some(ImportOutcomeView::Unknown), _) => "unknown",
        (_, ImportActionView::Skip) => "left out",
        (_, ImportActionView::Blocked) => "blocked",
        (_, ImportActionView::Create) => "to create",
    };
    let why = row.problem.as_ref().or(row.reason.as_ref());
    vec![
        row.record.clone(),
        visible::name(&row.name),
        what.to_owned(),
        row.customer.clone().unwrap_or_default(),
        why.cloned().unwrap_or_default(),
    ]
}
