//! The plan for one customer: a pure comparison of what the source gives, what Salesforce holds,
//! and what was last written.

use std::collections::BTreeMap;

use drawbridge_model::{
    AccountPolicy, Action, Apart, Change, Decision, Describe, Drift, FieldName, FieldRule, Matched,
    PlanRow, Reason, Record, Value, WritePolicy,
};

use super::together::Together;
use crate::mapping::{Ready, same};
use crate::pack::Facts;

/// Everything one row is computed from.
#[derive(Clone, Copy, Debug)]
pub struct RowInput<'a> {
    /// The mapping's active rules.
    pub rules: &'a [Ready<'a>],
    /// The sObject's describe.
    pub describe: &'a Describe,
    /// Whether records may be created.
    pub policy: AccountPolicy,
    /// What the source knows.
    pub facts: Facts<'a>,
    /// What matching found.
    pub matched: &'a Matched,
    /// The record, as it was read.
    pub record: Option<&'a Record>,
    /// What was last written to the record.
    pub base: &'a BTreeMap<FieldName, Value>,
}

/// Computes the row.
pub fn row(input: &RowInput<'_>) -> PlanRow {
    let empty = PlanRow {
        customer: input.facts.customer.id.clone(),
        name: input.facts.customer.display_name(),
        action: Action::Skipped,
        record: None,
        parent: None,
        matched_by: None,
        changes: Vec::new(),
        reason: None,
        seen: None,
        held: false,
    };
    match (input.matched, input.record) {
        (Matched::Conflict { reason }, _) => PlanRow {
            action: Action::Blocked,
            reason: Some(reason.clone()),
            ..empty
        },
        (Matched::Found { by, .. }, Some(record)) => PlanRow {
            record: Some(record.id.clone()),
            parent: record.parent(),
            matched_by: Some(*by),
            seen: Some(record.modstamp),
            ..update(input, record, empty)
        },
        (Matched::Proposed { proposals }, _) => PlanRow {
            action: Action::Blocked,
            reason: proposals.first().map(|best| {
                let name = best.name.clone().unwrap_or_else(|| best.record.to_string());
                match &best.former {
                    Some(former) => Reason::NewId {
                        record: name,
                        former: former.clone(),
                    },
                    None => Reason::NeedsReview {
                        proposals: u32::try_from(proposals.len()).unwrap_or(u32::MAX),
                        best: name,
                        score: best.score,
                    },
                }
            }),
            ..empty
        },
        (
            Matched::Decided {
                apart: Apart::Ignore,
            },
            _,
        ) => PlanRow {
            reason: Some(Reason::Ignored),
            ..empty
        },
        (
            Matched::Decided {
                apart: Apart::CreateNew,
            },
            _,
        ) => create(input, empty),
        _ if input.policy == AccountPolicy::SourceMayCreate => create(input, empty),
        _ => PlanRow {
            reason: Some(Reason::NoRecord),
            ..empty
        },
    }
}

fn update(input: &RowInput<'_>, record: &Record, empty: PlanRow) -> PlanRow {
    let mut wanted = Vec::with_capacity(input.rules.len());
    for ready in input.rules {
        match ready.look(&input.facts) {
            Err(reason) => {
                return PlanRow {
                    action: Action::Blocked,
                    reason: Some(reason),
                    ..empty
                };
            }
            Ok(one) => wanted.push((ready, one)),
        }
    }
    let together = Together {
        wanted,
        record,
        base: input.base,
    };
    let changes = together.changes();
    let action = if changes.is_empty() {
        Action::Unchanged
    } else {
        Action::Update
    };
    PlanRow {
        action,
        changes,
        ..empty
    }
}

fn create(input: &RowInput<'_>, empty: PlanRow) -> PlanRow {
    let mut changes = Vec::new();
    for ready in input.rules {
        let rule = ready.rule;
        match ready.wanted(&input.facts) {
            Err(reason) => {
                return PlanRow {
                    action: Action::Blocked,
                    reason: Some(reason),
                    ..empty
                };
            }
            Ok(Some(after)) if !after.is_blank() => changes.push(Change {
                field: rule.field.clone(),
                before: Value::Blank,
                after,
                base: None,
                decision: Decision::Write,
                drift: None,
            }),
            Ok(_) => {}
        }
    }
    let missing = input.describe.fields.iter().find(|field| {
        field.required_on_create() && !changes.iter().any(|change| change.field == field.name)
    });
    match missing {
        Some(field) => PlanRow {
            action: Action::Blocked,
            reason: Some(Reason::MissingRequired {
                field: field.label.clone(),
            }),
            ..empty
        },
        None => PlanRow {
            action: Action::Create,
            changes,
            ..empty
        },
    }
}

/// The change a rule makes to a record under a policy, if it makes one.
pub(super) fn compare(
    rule: &FieldRule,
    policy: WritePolicy,
    record: &Record,
    after: &Value,
    bases: &BTreeMap<FieldName, Value>,
) -> Option<Change> {
    let before = record.value(&rule.field);
    if same(before, after) || (policy == WritePolicy::IfEmpty && !before.is_blank()) {
        return None;
    }
    let base = bases.get(&rule.field);
    let drifted = base.is_some_and(|base| !same(base, before));
    let touched_by_others = drifted || (base.is_none() && !before.is_blank());
    let decision = if policy == WritePolicy::IfUnchanged && touched_by_others {
        Decision::Hold
    } else {
        Decision::Write
    };
    Some(Change {
        field: rule.field.clone(),
        before: before.clone(),
        after: after.clone(),
        base: base.cloned(),
        decision,
        drift: drifted.then(|| Drift {
            by: record.modified_by.clone(),
            at: record.modified_at,
        }),
    })
}
