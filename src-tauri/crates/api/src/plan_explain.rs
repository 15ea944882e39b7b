//! Why one row of a plan is as it is.

use drawbridge_model::{CustomerId, Decision, PlanId};
use drawbridge_sync::plan;

use crate::context::{Context, Workspace};
use crate::convert;
use crate::error::Result;
use crate::plan_rows::{label, policy};
use crate::view::{ErrorView, FieldExplainView, PlanExplainRequest, PlanExplainView, StepView};

impl Context {
    /// Why one row is as it is.
    pub async fn plan_explain(&self, request: PlanExplainRequest) -> Result<PlanExplainView> {
        let workspace = self.workspace();
        let plan_record = workspace.plan(PlanId(request.plan))?;
        let customer = CustomerId(request.customer);
        let row = workspace
            .store
            .plan_row(plan_record.id, &customer)?
            .ok_or_else(|| {
                ErrorView::not_found(format_args!(
                    "customer {customer} in plan {}",
                    plan_record.id
                ))
            })?;
        let (sync, source, org) = workspace.sync_ends(plan_record.sync)?;
        let mapping = workspace
            .store
            .mapping_version(plan_record.sync, plan_record.mapping_version)?;
        let describe = workspace.plan_describe(plan_record.id)?;
        let detail = workspace.store.customer_detail(source.id, &customer)?;
        let (mut speaks, explanations) = match detail.filter(|_| plan_record.undoes.is_none()) {
            Some(detail) => plan::explain(
                &workspace.together(&sync, detail.bundle, row.record.as_ref())?,
                &mapping,
                sync.pack,
                &sync.speaker,
                Workspace::masks(&sync, org.environment),
            ),
            None => (Vec::new(), Vec::new()),
        };
        speaks.extend(plan::another_speaks(&mapping, &row));
        let fields = row
            .changes
            .iter()
            .map(|change| {
                let field = describe
                    .as_ref()
                    .and_then(|describe| describe.field(&change.field));
                let kind = field.map(|field| field.kind);
                let explanation = explanations.iter().find(|it| it.field == change.field);
                FieldExplainView {
                    field: change.field.to_string(),
                    label: label(&change.field, field),
                    base: change.base.as_ref().map(|base| convert::cell(base, kind)),
                    before: convert::cell(&change.before, kind),
                    after: convert::cell(&change.after, kind),
                    steps: explanation.map_or_else(Vec::new, |explanation| {
                        explanation
                            .steps
                            .iter()
                            .map(|step| StepView {
                                label: step.label.clone(),
                                value: step.value.clone(),
                            })
                            .collect()
                    }),
                    explanation: match plan_record.undoes {
                        Some(run) => format!("What stood here before run {run}."),
                        None => explanation.map_or("", |it| it.sentence).to_owned(),
                    },
                    policy: policy(&mapping, &change.field).to_owned(),
                    held: row.held || change.decision == Decision::Hold,
                    drift: change.drift.as_ref().map(convert::drift),
                }
            })
            .collect();
        let record_url = row
            .record
            .as_ref()
            .zip(org.org.as_ref())
            .map(|(record, org)| format!("{}/{record}", org.instance_url.trim_end_matches('/')));
        Ok(PlanExplainView {
            name: row.name,
            customer: row.customer.to_string(),
            record_url,
            matched_by: row.matched_by.map(convert::matched_by),
            speaks,
            fields,
        })
    }
}
