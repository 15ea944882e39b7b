//! `preview`: the rows of a plan, and which of them a run leaves out.

use clap::{Args, ValueEnum};
use drawbridge_api::Context;
use drawbridge_api::view::{
    ActionView, CellView, PlanColumn, PlanDecideRequest, PlanRequest, PlanRowView, PlanRowsRequest,
    PlanRowsView, PlanSort, PlanTallyView, PlanView,
};
use serde_json::{Value, json};

use super::Done;
use crate::failure::{Exit, Failure};
use crate::report::{Report, grouped};
use crate::visible;

/// Rows asked for at a time.
const PAGE: u32 = 200;

/// Which rows to show, or what to decide about some.
#[derive(Args)]
pub(crate) struct Preview {
    /// Number of the plan.
    plan: u32,
    /// Only rows of this kind.
    #[arg(long, value_name = "KIND", default_value = "all")]
    rows: PlanRows,
    /// Only the row of this customer, by its id.
    #[arg(long, value_name = "ID", conflicts_with_all = ["rows", "search", "limit", "all"])]
    customer: Option<String>,
    /// Only rows that the plan's safety halt of this name speaks of.
    #[arg(long, value_name = "HALT", conflicts_with = "customer")]
    halt: Option<String>,
    /// Only rows whose name or id contains these words.
    #[arg(long, value_name = "WORDS", default_value = "")]
    search: String,
    /// Show at most so many rows.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Show every row.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Leave this customer's record out of the run, or one of its fields. May be repeated.
    #[arg(long, value_name = "CUSTOMER[:FIELD]", conflicts_with_all = ["customer", "rows", "search", "limit", "all"])]
    hold: Vec<String>,
    /// Let a run write what was held. May be repeated.
    #[arg(long, value_name = "CUSTOMER[:FIELD]", conflicts_with_all = ["customer", "rows", "search", "limit", "all"])]
    approve: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlanRows {
    All,
    Create,
    Update,
    Unchanged,
    Skipped,
    Blocked,
    /// Changed in Salesforce since it was last written.
    Conflict,
    /// Held as a whole, or in a field.
    Held,
    /// Deleted, by an undo.
    Delete,
}

pub(super) async fn run(context: &Context, wish: Preview, report: Report) -> Done {
    let plan = context.plan_get(PlanRequest { plan: wish.plan }).await?;
    if !wish.hold.is_empty() || !wish.approve.is_empty() {
        return decide(context, &plan, &wish, report).await;
    }
    if let Some(halt) = &wish.halt {
        refuse_unknown(&plan, halt)?;
    }
    let mut request = asked(&wish);
    let most = if wish.all { u32::MAX } else { wish.limit };
    let mut page = context.plan_rows(at(&request, 0, most)).await?;
    if let Some(customer) = &wish.customer {
        let row = row_of(context, &plan, customer)
            .await?
            .ok_or_else(|| stranger(&plan, customer))?;
        page = PlanRowsView {
            rows: vec![row],
            total: 1,
        };
    }
    let total = page.total;
    let head = json!({ "plan": plan.id, "status": plan.status, "total": total });
    let Some(mut list) = report.list(&head) else {
        return Ok(Exit::Done);
    };
    let mut shown = 0;
    loop {
        for row in &page.rows {
            if !list.row(&document(row, &plan.columns), || text(row, &plan.columns)) {
                return Ok(Exit::Done);
            }
            shown += 1;
        }
        if page.rows.is_empty() || shown >= total.min(most) {
            break;
        }
        request.offset = shown;
        page = context.plan_rows(at(&request, shown, most - shown)).await?;
    }
    list.end(|| match (shown, total) {
        (_, 0) => "No row of the plan is like that.".to_owned(),
        (shown, total) if shown < total => format!(
            "{} of {}: --limit N, or --all.",
            grouped(shown),
            grouped(total)
        ),
        (_, 1) => "1 row.".to_owned(),
        (_, total) => format!("{} rows.", grouped(total)),
    });
    Ok(Exit::Done)
}

fn refuse_unknown(plan: &PlanView, halt: &str) -> Result<(), Failure> {
    let names: Vec<&str> = plan.halts.iter().map(|it| it.name.as_str()).collect();
    if names.contains(&halt) {
        return Ok(());
    }
    let those = match names.as_slice() {
        [] => "It has none.".to_owned(),
        names => format!("It has {}.", names.join(", ")),
    };
    Err(Failure::usage(format!(
        "Plan {} has no safety halt “{halt}”. {those}",
        plan.id
    )))
}

fn asked(wish: &Preview) -> PlanRowsRequest {
    let rows = wish.rows;
    PlanRowsRequest {
        action: match rows {
            PlanRows::All | PlanRows::Conflict | PlanRows::Held => None,
            PlanRows::Create => Some(ActionView::Create),
            PlanRows::Update => Some(ActionView::Update),
            PlanRows::Unchanged => Some(ActionView::Unchanged),
            PlanRows::Skipped => Some(ActionView::Skipped),
            PlanRows::Blocked => Some(ActionView::Blocked),
            PlanRows::Delete => Some(ActionView::Delete),
        },
        drifted: rows == PlanRows::Conflict,
        held: rows == PlanRows::Held,
        halt: wish.halt.clone(),
        search: wish.search.clone(),
        sort: PlanSort::Name,
        limit: PAGE,
        ..PlanRowsRequest::of(wish.plan)
    }
}

fn at(request: &PlanRowsRequest, offset: u32, most: u32) -> PlanRowsRequest {
    PlanRowsRequest {
        offset,
        limit: PAGE.min(most),
        ..request.clone()
    }
}

/// The row of one customer.
async fn row_of(
    context: &Context,
    plan: &PlanView,
    customer: &str,
) -> Result<Option<PlanRowView>, Failure> {
    let mut request = PlanRowsRequest {
        // Other rows may contain the id too.
        search: customer.to_owned(),
        limit: PAGE,
        ..PlanRowsRequest::of(plan.id)
    };
    loop {
        let page = context.plan_rows(request.clone()).await?;
        request.offset += PAGE;
        let is_last = request.offset >= page.total;
        let found = page.rows.into_iter().find(|row| row.customer == customer);
        if found.is_some() || is_last {
            return Ok(found);
        }
    }
}

fn stranger(plan: &PlanView, customer: &str) -> Failure {
    Failure::usage(format!(
        "Customer {customer} is not in plan {}. Nothing was decided.",
        plan.id
    ))
}

/// Holds and approves rows and fields, once all of them are known to be there.
async fn decide(context: &Context, plan: &PlanView, wish: &Preview, report: Report) -> Done {
    let mut requests = Vec::new();
    let holds = wish.hold.iter().map(|of| (of, true));
    for (of, hold) in holds.chain(wish.approve.iter().map(|of| (of, false))) {
        requests.push(decision(context, plan, of, hold).await?);
    }
    let mut tally = plan.tally;
    for request in &requests {
        tally = context.plan_decide(request.clone()).await?;
    }
    let decided: Vec<Value> = requests
        .iter()
        .map(|it| json!({ "customer": it.customer, "field": it.field, "held": it.hold }))
        .collect();
    let document = json!({ "plan": plan.id, "decided": decided, "tally": tally });
    report.answer(&document, || {
        let mut lines: Vec<String> = requests
            .iter()
            .map(|it| {
                let what = if it.hold { "held" } else { "approved" };
                match &it.field {
                    Some(field) => format!("{} of {}: {what}", field, it.customer),
                    None => format!("{}: {what}", it.customer),
                }
            })
            .collect();
        lines.push(counted(plan, tally));
        visible::lines(&lines)
    });
    Ok(Exit::Done)
}

fn counted(plan: &PlanView, tally: PlanTallyView) -> String {
    let count = |count: u32, one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{} {many}", grouped(count)),
    };
    format!(
        "Plan {} would write {}; {} and {} are held.",
        plan.id,
        count(tally.to_write, "record", "records"),
        count(tally.held_rows, "row", "rows"),
        count(tally.held_fields, "single field", "single fields"),
    )
}

/// `CUSTOMER` or `CUSTOMER:FIELD`; ids may hold colons themselves.
async fn decision(
    context: &Context,
    plan: &PlanView,
    of: &str,
    hold: bool,
) -> Result<PlanDecideRequest, Failure> {
    let request = |customer: &str, field: Option<String>| PlanDecideRequest {
        plan: plan.id,
        customer: customer.to_owned(),
        field,
        hold,
    };
    if let Some(row) = row_of(context, plan, of).await? {
        let is_written = changes(&row, &plan.columns).next().is_some();
        if is_written || row.action == ActionView::Delete {
            return Ok(request(of, None));
        }
        return Err(Failure::usage(format!(
            "Nothing would be written for customer {of} in plan {}. Nothing was decided.",
            plan.id
        )));
    }
    let Some((customer, field)) = of.rsplit_once(':') else {
        return Err(stranger(plan, of));
    };
    let row = row_of(context, plan, customer)
        .await?
        .ok_or_else(|| stranger(plan, customer))?;
    let known: Vec<&PlanColumn> = changes(&row, &plan.columns).map(|(it, _)| it).collect();
    let wanted = |it: &&&PlanColumn| {
        it.field.eq_ignore_ascii_case(field) || it.label.eq_ignore_ascii_case(field)
    };
    if let Some(column) = known.iter().find(wanted) {
        return Ok(request(customer, Some(column.field.clone())));
    }
    let fields: Vec<&str> = known.iter().map(|it| it.field.as_str()).collect();
    Err(Failure::usage(format!(
        "Plan {} does not change {field} of customer {customer}, but: {}. Nothing was decided.",
        plan.id,
        if fields.is_empty() {
            "nothing".to_owned()
        } else {
            fields.join(", ")
        }
    )))
}

/// The fields that change, with their columns.
fn changes<'a>(
    row: &'a PlanRowView,
    columns: &'a [PlanColumn],
) -> impl Iterator<Item = (&'a PlanColumn, &'a drawbridge_api::view::PlanCellView)> {
    let cells = columns.iter().zip(&row.cells);
    cells.filter(|(_, cell)| cell.after.is_some())
}

fn document(row: &PlanRowView, columns: &[PlanColumn]) -> Value {
    let fields: Vec<Value> = changes(row, columns)
        .map(|(column, cell)| {
            json!({
                "field": column.field,
                "label": column.label,
                "before": cell.before,
                "after": cell.after,
                "held": cell.held,
                "why_held": cell.why_held,
                "drifted": cell.drifted,
            })
        })
        .collect();
    json!({
        "customer": row.customer,
        "name": row.name,
        "action": row.action,
        "record": row.record,
        "matched_by": row.matched_by,
        "reason": row.reason,
        "held": row.held,
        "drift": row.drift,
        "fields": fields,
    })
}

/// A row for people: the record, then each field from what to what.
fn text(row: &PlanRowView, columns: &[PlanColumn]) -> String {
    let action = match row.action {
        ActionView::Create => "create",
        ActionView::Update => "update",
        ActionView::Unchanged => "unchanged",
        ActionView::Skipped => "skipped",
        ActionView::Blocked => "blocked",
        ActionView::Delete => "delete",
    };
    let mut head = format!("{} ({}): {action}", row.name, row.customer);
    if let Some(record) = &row.record {
        head = format!("{head} {record}");
    }
    if let Some(found) = &row.matched_by {
        head = format!("{head} ({})", in_brackets(found));
    }
    if row.held {
        head.push_str(", HELD");
    }
    let mut lines = vec![head];
    if let Some(reason) = &row.reason {
        lines.push(format!("  {} {}", reason.message, reason.next_step));
    }
    for (column, cell) in changes(row, columns) {
        let mut line = format!(
            "  {}: {} → {}",
            column.label,
            value(cell.before.as_ref()),
            value(cell.after.as_ref())
        );
        match &cell.why_held {
            Some(why) if !row.held => line = format!("{line}, HELD: {why}"),
            _ if cell.drifted => line.push_str(", changed in Salesforce"),
            _ => {}
        }
        lines.push(line);
    }
    if let Some(drift) = &row.drift {
        let by = drift.by.as_deref().unwrap_or("somebody");
        let at = drift.at.as_deref().unwrap_or_default();
        let at = at.get(..16).unwrap_or(at).replace('T', " ");
        lines.push(format!("  Last saved in Salesforce by {by}, {at} UTC"));
    }
    visible::lines(&lines)
}

/// A sentence's beginning, in the middle of a line: `found by external ID`.
fn in_brackets(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().into_iter().flat_map(char::to_lowercase);
    first.chain(rest).collect()
}

fn value(cell: Option<&CellView>) -> &str {
    cell.map(|cell| cell.text.as_str())
        .filter(|text| !text.is_empty())
        .unwrap_or("blank")
}
