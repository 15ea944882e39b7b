//! The rows of a plan: paging through them, deciding on them.

use std::collections::BTreeMap;

use drawbridge_model::{
    Action, CustomerId, Decision, Describe, Field, FieldKind, FieldName, Mapping, PlanId, PlanRow,
    SyncId, Value, WritePolicy,
};
use drawbridge_store::{PlanRowQuery, PlanRowSort};

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::held;
use crate::view::{
    ErrorView, PlanCellView, PlanColumn, PlanDecideRequest, PlanRowView, PlanRowsRequest,
    PlanRowsView, PlanSort, PlanTallyView,
};

/// The most rows one page gives.
const LARGEST_PAGE: u32 = 500;

impl Context {
    /// A page of a plan's rows.
    pub async fn plan_rows(&self, request: PlanRowsRequest) -> Result<PlanRowsView> {
        let workspace = self.workspace();
        let plan = workspace.plan(PlanId(request.plan))?;
        let mapping = workspace
            .store
            .mapping_version(plan.sync, plan.mapping_version)?;
        let describe = workspace.plan_describe(plan.id)?;
        let page = workspace.store.plan_rows(
            plan.id,
            &PlanRowQuery {
                action: request.action.map(convert::action_back),
                drift_only: request.drifted,
                held_only: request.held,
                halt: request.halt,
                field: request
                    .fields
                    .iter()
                    .map(|field| FieldName::from(field.as_str()))
                    .collect(),
                search: request.search,
                sort: match request.sort {
                    PlanSort::Name => PlanRowSort::Name,
                    PlanSort::LargestChange => PlanRowSort::LargestChange,
                    PlanSort::Customer => PlanRowSort::Customer,
                },
                offset: request.offset,
                limit: request.limit.min(LARGEST_PAGE),
            },
        )?;
        let columns: Vec<FieldName> = columns(&mapping, describe.as_ref(), &BTreeMap::new())
            .into_iter()
            .map(|column| FieldName(column.field))
            .collect();
        let rows = page
            .rows
            .iter()
            .map(|row| {
                row_view(
                    &workspace,
                    plan.sync,
                    &mapping,
                    row,
                    &columns,
                    describe.as_ref(),
                )
            })
            .collect::<Result<_>>()?;
        Ok(PlanRowsView {
            rows,
            total: page.total,
        })
    }

    /// Holds or approves a row, or one of its fields.
    pub async fn plan_decide(&self, request: PlanDecideRequest) -> Result<PlanTallyView> {
        let workspace = self.workspace();
        let (plan, customer) = (PlanId(request.plan), CustomerId(request.customer));
        match request.field {
            None => {
                workspace.store.decide_row(plan, &customer, request.hold)?;
            }
            Some(field) => {
                if request.hold {
                    refuse_without_id(&workspace, plan, &customer, &field)?;
                }
                let decision = if request.hold {
                    Decision::Hold
                } else {
                    Decision::Write
                };
                workspace
                    .store
                    .decide_field(plan, &customer, &FieldName(field), decision)?;
            }
        }
        let tally = workspace.store.plan_tally(plan)?;
        Ok(convert::plan_tally(tally))
    }
}

/// A new record is made by its customer's id: it is held as a whole or not at all.
fn refuse_without_id(
    workspace: &Workspace,
    plan: PlanId,
    customer: &CustomerId,
    field: &str,
) -> Result<()> {
    let record = workspace.plan(plan)?;
    let mapping = workspace
        .store
        .mapping_version(record.sync, record.mapping_version)?;
    if !mapping.external_id.as_str().eq_ignore_ascii_case(field) {
        return Ok(());
    }
    match workspace.store.plan_row(plan, customer)? {
        Some(row) if row.action == Action::Create => Err(ErrorView::bad_request(format!(
            "{field} of the new record of {customer} is not held: a record is made by its \
             customer's id, and found again by it."
        ))
        .hint("Hold the whole record instead.")),
        _ => Ok(()),
    }
}

pub(crate) fn policy(mapping: &Mapping, field: &FieldName) -> &'static str {
    match mapping
        .rules
        .iter()
        .find(|rule| rule.field == *field)
        .map(|rule| rule.write)
    {
        Some(WritePolicy::Always) => "always",
        Some(WritePolicy::IfEmpty) => "only if empty",
        Some(WritePolicy::IfUnchanged) => "only if unchanged since last sync",
        Some(WritePolicy::Never) | None => "never",
    }
}

pub(crate) fn label(name: &FieldName, field: Option<&Field>) -> String {
    field.map_or_else(|| name.to_string(), |field| field.label.clone())
}

/// The columns of the preview, in mapping order.
pub(crate) fn columns(
    mapping: &Mapping,
    describe: Option<&Describe>,
    changes: &BTreeMap<FieldName, u32>,
) -> Vec<PlanColumn> {
    mapping
        .active_rules()
        .map(|rule| {
            let field = describe.and_then(|describe| describe.field(&rule.field));
            PlanColumn {
                field: rule.field.to_string(),
                label: label(&rule.field, field),
                numeric: field.is_some_and(|field| {
                    matches!(
                        field.kind,
                        FieldKind::Number
                            | FieldKind::Currency
                            | FieldKind::Date
                            | FieldKind::DateTime
                    )
                }),
                changes: changes.get(&rule.field).copied().unwrap_or(0),
            }
        })
        .collect()
}

fn row_view(
    workspace: &Workspace,
    sync: SyncId,
    mapping: &Mapping,
    row: &PlanRow,
    columns: &[FieldName],
    describe: Option<&Describe>,
) -> Result<PlanRowView> {
    let record = match &row.record {
        Some(id) => drawbridge_model::Cache::record(&workspace.store, sync, id)?,
        None => None,
    };
    let cells = columns
        .iter()
        .map(|name| {
            let kind = describe
                .and_then(|it| it.field(name))
                .map(|field| field.kind);
            match row.changes.iter().find(|change| change.field == *name) {
                Some(change) => PlanCellView {
                    before: Some(convert::cell(&change.before, kind)),
                    after: Some(convert::cell(&change.after, kind)),
                    held: row.held || change.decision == Decision::Hold,
                    why_held: (change.decision == Decision::Hold)
                        .then(|| held::why(change, mapping)),
                    drifted: change.drift.is_some(),
                },
                None => PlanCellView {
                    before: record.as_ref().map(|record| {
                        let value: &Value = record.value(name);
                        convert::cell(value, kind)
                    }),
                    after: None,
                    held: false,
                    why_held: None,
                    drifted: false,
                },
            }
        })
        .collect();
    Ok(PlanRowView {
        customer: row.customer.to_string(),
        name: row.name.clone(),
        action: convert::action(row.action),
        record: row.record.as_ref().map(ToString::to_string),
        matched_by: row.matched_by.map(convert::matched_by),
        cells,
        reason: row.reason.as_ref().map(convert::reason),
        held: row.held,
        drift: row
            .changes
            .iter()
            .find_map(|change| change.drift.as_ref())
            .map(convert::drift),
    })
}
