//! Links written back to Alguna: `sync links`, `show --links`, and what `plan`, `run` and `undo`
//! say about them.

use drawbridge_api::Context;
use drawbridge_api::view::{
    LinkOutcomeView, PlanLinksRequest, PlanView, RunLinkView, RunLinksRequest, SyncRequest,
    SyncView, WritebackSetRequest,
};
use serde_json::{Value, json};

use super::Done;
use super::plan::run_command;
use crate::arguments::Switch;
use crate::failure::{Exit, Failure};
use crate::report::{Report, table};
use crate::visible;

/// Rows asked for at a time.
const PAGE: u32 = 500;

/// What is said about the links of a plan or a run.
pub(super) struct Links {
    sentence: String,
    counts: Value,
    any: bool,
    /// Whether it is worth a line.
    told: bool,
}

impl Links {
    pub(super) fn any(&self) -> bool {
        self.any
    }

    /// The document with the links beside the rest.
    pub(super) fn beside(&self, mut document: Value) -> Value {
        if let Some(object) = document.as_object_mut() {
            object.insert("links".to_owned(), self.counts.clone());
        }
        document
    }

    /// The text with a line about the links after it.
    pub(super) fn after(&self, text: String) -> String {
        if self.told {
            format!("{text}\n  {}", self.sentence)
        } else {
            text
        }
    }

    /// The text with a line about the links before its last, which says what to do next. Where
    /// nothing is to be written but links, that is what comes next.
    pub(super) fn before_next(&self, text: &str, plan: &PlanView) -> String {
        if !self.told {
            return text.to_owned();
        }
        let (head, last) = text.rsplit_once('\n').unwrap_or(("", text));
        let last = if self.any && !last.starts_with("Next:") {
            format!(
                "Next: {}   writes no record, only these links",
                run_command(plan)
            )
        } else {
            last.to_owned()
        };
        format!("{head}\n  {}\n{last}", self.sentence)
    }
}

pub(super) async fn of_plan(context: &Context, plan: u32) -> Result<Links, Failure> {
    let links = context
        .plan_links(PlanLinksRequest {
            plan,
            offset: 0,
            limit: 1,
        })
        .await?;
    Ok(Links {
        any: links.to_link > 0,
        told: links.on,
        counts: json!({
            "on": links.on,
            "to_link": links.to_link,
            "already": links.already,
            "conflicts": links.conflicts,
            "calls": links.calls,
            "problem": links.problem,
        }),
        sentence: links.sentence,
    })
}

pub(super) async fn of_run(context: &Context, run: u32) -> Result<Links, Failure> {
    let links = context
        .run_links(RunLinksRequest {
            run,
            outcome: None,
            offset: 0,
            limit: 1,
        })
        .await?;
    Ok(Links {
        any: links.counts.to_link > 0,
        told: links.counts.to_link > 0,
        counts: json!(links.counts),
        sentence: links.sentence,
    })
}

/// Why a sync writes back or does not.
pub(super) async fn reason(context: &Context, sync: &SyncView) -> Result<String, Failure> {
    let view = context.writeback_get(SyncRequest { sync: sync.id }).await?;
    Ok(format!("Links in the billing system: {}", view.reason))
}

pub(super) async fn switch(
    context: &Context,
    sync: &SyncView,
    switch: Option<Switch>,
    integration: Option<String>,
    report: Report,
) -> Done {
    let view = match switch {
        None if integration.is_some() => {
            return Err(Failure::usage(
                "--integration goes with `on`. Nothing was switched.",
            ));
        }
        None => context.writeback_get(SyncRequest { sync: sync.id }).await?,
        Some(switch) => {
            let request = WritebackSetRequest {
                sync: sync.id,
                on: switch == Switch::On,
                integration,
            };
            context.writeback_set(request).await?
        }
    };
    report.answer(&view, || {
        let mut lines = vec![view.reason.clone()];
        lines.extend(view.place.iter().map(|place| format!("Links are {place}.")));
        lines.extend(view.problem.iter().cloned());
        if view.integrations.len() > 1 {
            lines.extend(
                view.integrations
                    .iter()
                    .map(|it| format!("  {}  {}", it.id, it.label)),
            );
        }
        visible::lines(&lines)
    });
    Ok(Exit::Done)
}

/// Every link of a run.
pub(super) async fn show(context: &Context, run: u32, report: Report) -> Done {
    let mut request = RunLinksRequest {
        run,
        outcome: None,
        offset: 0,
        limit: PAGE,
    };
    let mut links = context.run_links(request.clone()).await?;
    while links.rows.len() < links.total as usize {
        request.offset += PAGE;
        let more = context.run_links(request.clone()).await?;
        if more.rows.is_empty() {
            break;
        }
        links.rows.extend(more.rows);
    }
    let document = json!({ "run": run, "links": links.counts, "rows": links.rows });
    report.answer(&document, || {
        if links.rows.is_empty() {
            return links.sentence.clone();
        }
        let rows: Vec<Vec<String>> = links.rows.iter().map(cells).collect();
        let head = ["CUSTOMER", "NAME", "ACCOUNT", "LINK", "WHY"];
        format!("{}\n{}", links.sentence, table(&head, &rows))
    });
    Ok(Exit::Done)
}

fn cells(row: &RunLinkView) -> Vec<String> {
    let outcome = match row.outcome {
        None => "still to do",
        Some(LinkOutcomeView::Recorded) => "recorded",
        Some(LinkOutcomeView::Already) => "already",
        Some(LinkOutcomeView::Conflict) => "conflict",
        Some(LinkOutcomeView::Failed) => "failed",
        Some(LinkOutcomeView::Unknown) => "unknown",
    };
    vec![
        row.customer.clone(),
        visible::name(&row.name),
        row.record.clone().unwrap_or_default(),
        outcome.to_owned(),
        row.problem.clone().unwrap_or_default(),
    ]
}
