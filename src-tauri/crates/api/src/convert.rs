//! From the model's types to views, and back.

use drawbridge_model as model;
use drawbridge_model::{FieldKind, Value};

use crate::view;

pub(crate) fn to_u32(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(crate) fn phase(phase: model::Phase) -> view::PhaseName {
    match phase {
        model::Phase::Pull => view::PhaseName::Pull,
        model::Phase::Read => view::PhaseName::Read,
        model::Phase::Match => view::PhaseName::Match,
        model::Phase::Plan => view::PhaseName::Plan,
        model::Phase::Review => view::PhaseName::Review,
        model::Phase::Write => view::PhaseName::Write,
        model::Phase::Verify => view::PhaseName::Verify,
    }
}

pub(crate) fn way(way: model::Way) -> view::WayView {
    match way {
        model::Way::Collections => view::WayView::Collections,
        model::Way::Bulk => view::WayView::Bulk,
    }
}

pub(crate) fn way_back(way: view::WayView) -> model::Way {
    match way {
        view::WayView::Collections => model::Way::Collections,
        view::WayView::Bulk => model::Way::Bulk,
    }
}

pub(crate) fn outcome(outcome: model::Outcome) -> view::OutcomeView {
    match outcome {
        model::Outcome::Created => view::OutcomeView::Created,
        model::Outcome::Updated => view::OutcomeView::Updated,
        model::Outcome::Unchanged => view::OutcomeView::Unchanged,
        model::Outcome::Skipped => view::OutcomeView::Skipped,
        model::Outcome::Blocked => view::OutcomeView::Blocked,
        model::Outcome::Rejected => view::OutcomeView::Rejected,
        model::Outcome::Held => view::OutcomeView::Held,
        model::Outcome::Unknown => view::OutcomeView::Unknown,
        model::Outcome::Deleted => view::OutcomeView::Deleted,
    }
}

pub(crate) fn outcome_back(outcome: view::OutcomeView) -> model::Outcome {
    match outcome {
        view::OutcomeView::Created => model::Outcome::Created,
        view::OutcomeView::Updated => model::Outcome::Updated,
        view::OutcomeView::Unchanged => model::Outcome::Unchanged,
        view::OutcomeView::Skipped => model::Outcome::Skipped,
        view::OutcomeView::Blocked => model::Outcome::Blocked,
        view::OutcomeView::Rejected => model::Outcome::Rejected,
        view::OutcomeView::Held => model::Outcome::Held,
        view::OutcomeView::Unknown => model::Outcome::Unknown,
        view::OutcomeView::Deleted => model::Outcome::Deleted,
    }
}

pub(crate) fn action(action: model::Action) -> view::ActionView {
    match action {
        model::Action::Create => view::ActionView::Create,
        model::Action::Update => view::ActionView::Update,
        model::Action::Unchanged => view::ActionView::Unchanged,
        model::Action::Skipped => view::ActionView::Skipped,
        model::Action::Blocked => view::ActionView::Blocked,
        model::Action::Delete => view::ActionView::Delete,
    }
}

pub(crate) fn action_back(action: view::ActionView) -> model::Action {
    match action {
        view::ActionView::Create => model::Action::Create,
        view::ActionView::Update => model::Action::Update,
        view::ActionView::Unchanged => model::Action::Unchanged,
        view::ActionView::Skipped => model::Action::Skipped,
        view::ActionView::Blocked => model::Action::Blocked,
        view::ActionView::Delete => model::Action::Delete,
    }
}

pub(crate) fn counts(counts: model::Counts) -> view::CountsView {
    view::CountsView {
        created: counts.created,
        updated: counts.updated,
        unchanged: counts.unchanged,
        skipped: counts.skipped,
        blocked: counts.blocked,
        rejected: counts.rejected,
        held: counts.held,
        unknown: counts.unknown,
        deleted: counts.deleted,
    }
}

pub(crate) fn plan_counts(counts: model::PlanCounts) -> view::PlanCountsView {
    view::PlanCountsView {
        create: counts.create,
        update: counts.update,
        unchanged: counts.unchanged,
        skipped: counts.skipped,
        blocked: counts.blocked,
        delete: counts.delete,
    }
}

pub(crate) fn plan_tally(tally: drawbridge_store::PlanTally) -> view::PlanTallyView {
    view::PlanTallyView {
        to_write: tally.to_write,
        to_delete: tally.to_delete,
        held_rows: tally.held_rows,
        held_fields: tally.held_fields,
        drifted: tally.drifted,
    }
}

pub(crate) fn provider(provider: model::Provider) -> view::ProviderView {
    match provider {
        model::Provider::Alguna => view::ProviderView::Alguna,
        model::Provider::Profitwell => view::ProviderView::Profitwell,
        model::Provider::Salesforce => view::ProviderView::Salesforce,
    }
}

pub(crate) fn environment(environment: model::Environment) -> view::EnvironmentView {
    match environment {
        model::Environment::Sandbox => view::EnvironmentView::Sandbox,
        model::Environment::Production => view::EnvironmentView::Production,
    }
}

pub(crate) fn environment_back(environment: view::EnvironmentView) -> model::Environment {
    match environment {
        view::EnvironmentView::Sandbox => model::Environment::Sandbox,
        view::EnvironmentView::Production => model::Environment::Production,
    }
}

pub(crate) fn connection_status(status: &model::ConnectionStatus) -> view::ConnectionStatusView {
    match status {
        model::ConnectionStatus::Connected => view::ConnectionStatusView::Connected,
        model::ConnectionStatus::NeedsSignIn => view::ConnectionStatusView::NeedsSignIn,
        model::ConnectionStatus::Unreachable => view::ConnectionStatusView::Unreachable,
        model::ConnectionStatus::Refreshed => view::ConnectionStatusView::Refreshed,
        model::ConnectionStatus::BlockedByPolicy => view::ConnectionStatusView::BlockedByPolicy,
    }
}

pub(crate) fn pack(pack: model::Pack) -> view::PackView {
    match pack {
        model::Pack::Alguna => view::PackView::Alguna,
        model::Pack::Profitwell => view::PackView::Profitwell,
        model::Pack::ProfitwellAccount => view::PackView::ProfitwellAccount,
    }
}

pub(crate) fn pack_back(pack: view::PackView) -> model::Pack {
    match pack {
        view::PackView::Alguna => model::Pack::Alguna,
        view::PackView::Profitwell => model::Pack::Profitwell,
        view::PackView::ProfitwellAccount => model::Pack::ProfitwellAccount,
    }
}

pub(crate) fn write_policy(policy: model::WritePolicy) -> view::WritePolicyView {
    match policy {
        model::WritePolicy::Always => view::WritePolicyView::Always,
        model::WritePolicy::IfEmpty => view::WritePolicyView::IfEmpty,
        model::WritePolicy::IfUnchanged => view::WritePolicyView::IfUnchanged,
        model::WritePolicy::Never => view::WritePolicyView::Never,
    }
}

pub(crate) fn write_policy_back(policy: view::WritePolicyView) -> model::WritePolicy {
    match policy {
        view::WritePolicyView::Always => model::WritePolicy::Always,
        view::WritePolicyView::IfEmpty => model::WritePolicy::IfEmpty,
        view::WritePolicyView::IfUnchanged => model::WritePolicy::IfUnchanged,
        view::WritePolicyView::Never => model::WritePolicy::Never,
    }
}

pub(crate) fn blank_policy(policy: model::BlankPolicy) -> view::BlankPolicyView {
    match policy {
        model::BlankPolicy::Leave => view::BlankPolicyView::Leave,
        model::BlankPolicy::Clear => view::BlankPolicyView::Clear,
    }
}

pub(crate) fn blank_policy_back(policy: view::BlankPolicyView) -> model::BlankPolicy {
    match policy {
        view::BlankPolicyView::Leave => model::BlankPolicy::Leave,
        view::BlankPolicyView::Clear => model::BlankPolicy::Clear,
    }
}

pub(crate) fn length_policy(policy: model::LengthPolicy) -> view::LengthPolicyView {
    match policy {
        model::LengthPolicy::Block => view::LengthPolicyView::Block,
        model::LengthPolicy::Shorten => view::LengthPolicyView::Shorten,
    }
}

pub(crate) fn length_policy_back(policy: view::LengthPolicyView) -> model::LengthPolicy {
    match policy {
        view::LengthPolicyView::Block => model::LengthPolicy::Block,
        view::LengthPolicyView::Shorten => model::LengthPolicy::Shorten,
    }
}

pub(crate) fn matched_by(by: model::MatchedBy) -> String {
    match by {
        model::MatchedBy::ExternalId => "Found by external ID",
        model::MatchedBy::BillingLink => "Linked in the billing system",
        model::MatchedBy::AcceptedLink => "Linked before",
        model::MatchedBy::Merged => "Its record was merged into this one",
        model::MatchedBy::Email => "The only record with this e-mail address",
        model::MatchedBy::TakenOver => "Taken over from a customer that is gone",
    }
    .to_owned()
}

pub(crate) fn drift(drift: &model::Drift) -> view::DriftView {
    view::DriftView {
        by: drift.by.clone(),
        at: drift.at.map(|at| at.to_string()),
    }
}

pub(crate) fn reason(reason: &model::Reason) -> view::ReasonView {
    view::ReasonView {
        code: reason.code().to_owned(),
        message: reason.to_string(),
        next_step: reason.next_step().to_owned(),
    }
}

/// A value as its field's kind wants it set.
pub(crate) fn cell(value: &Value, kind: Option<FieldKind>) -> view::CellView {
    let (kind, text) = match value {
        Value::Blank => (view::CellKind::Blank, String::new()),
        Value::Text(text) => (view::CellKind::Text, text.clone()),
        Value::Number(number) if kind == Some(FieldKind::Currency) => {
            (view::CellKind::Money, format!("{number:.2}"))
        }
        Value::Number(number) => (view::CellKind::Number, number.normalize().to_string()),
        Value::Flag(flag) => (view::CellKind::Flag, flag.to_string()),
        Value::Date(date) => (view::CellKind::Date, date.to_string()),
        Value::Moment(moment) => (view::CellKind::Moment, moment.to_string()),
    };
    view::CellView { kind, text }
}

/// A field's type as people read it: `Text 255`, `Currency 8, 2`.
pub(crate) fn field_kind(field: &model::Field) -> String {
    let digits = field.precision.saturating_sub(field.scale);
    match field.kind {
        FieldKind::Text if field.length > 0 => format!("Text {}", field.length),
        FieldKind::Text => "Text".to_owned(),
        FieldKind::Email => "Email".to_owned(),
        FieldKind::Url => "URL".to_owned(),
        FieldKind::Picklist => "Picklist".to_owned(),
        FieldKind::Number => format!("Number {digits}, {}", field.scale),
        FieldKind::Currency => format!("Currency {digits}, {}", field.scale),
        FieldKind::Date => "Date".to_owned(),
        FieldKind::DateTime => "Date/Time".to_owned(),
        FieldKind::Boolean => "Checkbox".to_owned(),
        FieldKind::Reference => "Lookup".to_owned(),
        FieldKind::Other => "Other".to_owned(),
    }
}

impl From<view::EnvironmentView> for model::Environment {
    fn from(environment: view::EnvironmentView) -> Self {
        environment_back(environment)
    }
}

pub(crate) fn yardstick(yardstick: model::Yardstick) -> view::YardstickView {
    match yardstick {
        model::Yardstick::Status => view::YardstickView::Status,
        model::Yardstick::LatestStart => view::YardstickView::LatestStart,
        model::Yardstick::EarliestStart => view::YardstickView::EarliestStart,
        model::Yardstick::HighestValue => view::YardstickView::HighestValue,
    }
}

pub(crate) fn yardstick_back(yardstick: view::YardstickView) -> model::Yardstick {
    match yardstick {
        view::YardstickView::Status => model::Yardstick::Status,
        view::YardstickView::LatestStart => model::Yardstick::LatestStart,
        view::YardstickView::EarliestStart => model::Yardstick::EarliestStart,
        view::YardstickView::HighestValue => model::Yardstick::HighestValue,
    }
}
