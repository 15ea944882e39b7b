//! Operations in words of the boundary, and back.

use drawbridge_model::{
    After, Before, CustomerLinks, OperationCounts, OperationKind, OperationOutcome, RunStatus,
    SubscriptionEvent,
};
use drawbridge_store::{BatchOrigin, OperationRecord};
use drawbridge_sync::operations::{Form, FormField, FormProblem, Slot, slots};

use crate::view::{
    BillingEventView, OperationCountsView, OperationDraft, OperationFieldView, OperationFormView,
    OperationInputView, OperationKindView, OperationOriginView, OperationOutcomeView,
    OperationProblemView, OperationRowView, OperationSlotView, RunStatusView,
};

/// Two enums of the same words, turned into each other.
macro_rules! same_words {
    ($there:ident, $back:ident, $model:ident, $view:ident, [$($one:ident => $other:ident),* $(,)?]) => {
        pub(crate) fn $there(value: $model) -> $view {
            match value { $($model::$one => $view::$other),* }
        }

        pub(crate) fn $back(value: $view) -> $model {
            match value { $($view::$other => $model::$one),* }
        }
    };
}

same_words!(kind, kind_back, OperationKind, OperationKindView, [
    CreateSubscription => CreateSubscription,
    UpdateSubscription => UpdateSubscription,
    ChurnSubscription => ChurnSubscription,
    UnchurnSubscription => UnchurnSubscription,
    UpdateUser => UpdateUser,
    DeleteUser => DeleteUser,
    CreatePlan => CreatePlan,
    UpdatePlan => UpdatePlan,
    LinkCustomer => LinkCustomer,
    UnlinkCustomer => UnlinkCustomer,
    AddAlias => AddAlias,
    RemoveAlias => RemoveAlias,
]);

same_words!(field, field_back, FormField, OperationFieldView, [
    Subscription => Subscription,
    User => User,
    UserId => UserId,
    UserAlias => UserAlias,
    SubscriptionAlias => SubscriptionAlias,
    Email => Email,
    PlanId => PlanId,
    Name => Name,
    PlanInterval => PlanInterval,
    Value => Value,
    ValueCents => ValueCents,
    PlanCurrency => PlanCurrency,
    Status => Status,
    EffectiveDate => EffectiveDate,
    ChurnType => ChurnType,
    ProviderUser => DataProviderUserId,
    Customer => Customer,
    Account => Account,
    Integration => Integration,
    Alias => Alias,
]);

same_words!(outcome, outcome_back, OperationOutcome, OperationOutcomeView, [
    Done => Done,
    Already => Already,
    Blocked => Blocked,
    Rejected => Rejected,
    Unknown => Unknown,
]);

pub(crate) fn origin(origin: BatchOrigin) -> OperationOriginView {
    match origin {
        BatchOrigin::Form => OperationOriginView::Form,
        BatchOrigin::Selection => OperationOriginView::Selection,
        BatchOrigin::Csv => OperationOriginView::Csv,
    }
}

pub(crate) fn status(status: RunStatus) -> RunStatusView {
    match status {
        RunStatus::Running => RunStatusView::Running,
        RunStatus::Finished => RunStatusView::Finished,
        RunStatus::Interrupted => RunStatusView::Interrupted,
        RunStatus::Stopped => RunStatusView::Stopped,
        RunStatus::Halted => RunStatusView::Halted,
    }
}

pub(crate) fn form(draft: OperationDraft) -> Form {
    let fields = draft.fields.into_iter();
    Form {
        kind: kind_back(draft.kind),
        fields: fields
            .map(|(name, text)| (field_back(name), text))
            .collect(),
    }
}

pub(crate) fn problem(problem: FormProblem) -> OperationProblemView {
    OperationProblemView {
        field: problem.field.map(field),
        message: problem.message,
    }
}

pub(crate) fn counts(counts: OperationCounts) -> OperationCountsView {
    OperationCountsView {
        done: counts.done,
        already: counts.already,
        blocked: counts.blocked,
        rejected: counts.rejected,
        unknown: counts.unknown,
    }
}

/// The form of a kind, explained.
pub(crate) fn form_view(of: OperationKind) -> OperationFormView {
    let slots = slots(of);
    let columns: Vec<&str> = slots
        .iter()
        .map(|slot| slot.field)
        .filter(|field| *field != FormField::ValueCents)
        .map(FormField::name)
        .collect();
    OperationFormView {
        kind: kind(of),
        provider: crate::convert::provider(of.provider()),
        label: of.label().to_owned(),
        irreversible: of == OperationKind::DeleteUser,
        slots: slots.iter().map(|slot| slot_view(of, slot)).collect(),
        csv_header: columns.join(","),
    }
}

fn slot_view(of: OperationKind, slot: &Slot) -> OperationSlotView {
    let input = match slot.field {
        FormField::Subscription => OperationInputView::Subscription,
        FormField::User | FormField::UserId => OperationInputView::User,
        FormField::PlanId => OperationInputView::Plan,
        FormField::Value => OperationInputView::Amount,
        FormField::EffectiveDate => OperationInputView::Date,
        FormField::Customer => OperationInputView::Customer,
        FormField::Account if of == OperationKind::UnlinkCustomer => {
            OperationInputView::LinkedAccount
        }
        FormField::Account => OperationInputView::Account,
        FormField::Integration => OperationInputView::Integration,
        FormField::Alias if of == OperationKind::RemoveAlias => OperationInputView::CustomerAlias,
        field if !field.choices().is_empty() => OperationInputView::Choice,
        _ => OperationInputView::Text,
    };
    OperationSlotView {
        field: field(slot.field),
        label: slot.field.label().to_owned(),
        required: slot.required,
        preset: slot.default.map(str::to_owned),
        help: slot.help.to_owned(),
        input,
        choices: slot
            .field
            .choices()
            .iter()
            .map(|word| (*word).to_owned())
            .collect(),
    }
}

pub(crate) fn event(event: SubscriptionEvent) -> BillingEventView {
    BillingEventView {
        user_id: event.user_id,
        user_alias: event.user_alias,
        subscription_id: event.subscription_id,
        subscription_alias: event.subscription_alias,
        email: event.email,
        plan: event.plan,
        interval: event.interval,
        currency: event.currency.map(|currency| currency.to_string()),
        status: event.status,
        value: event.value.map(|value| format!("{value:.2}")),
        effective_at: event.effective_at.map(|at| at.to_string()),
        churn_type: event.churn_type,
    }
}

pub(crate) fn row_view(record: OperationRecord) -> OperationRowView {
    let problems = record.row.problems.into_iter().map(|problem| {
        let named = problem.field.as_deref().and_then(FormField::named);
        OperationProblemView {
            field: named.map(field),
            message: problem.message,
        }
    });
    let (after, links_after) = match record.after {
        Some(After::Subscription(after)) => (Some(event(*after)), Vec::new()),
        Some(After::Links(links)) => (None, told(&links)),
        None => (None, Vec::new()),
    };
    OperationRowView {
        number: record.row.number,
        kind: kind(record.row.kind),
        subject: record.row.subject,
        sentence: record.row.sentence,
        problems: problems.collect(),
        outcome: record.outcome.map(outcome),
        code: record.code,
        message: record.message,
        before: record.before.map(before).unwrap_or_default(),
        after,
        links_after,
        begun_at: record.begun_at.map(|at| at.to_string()),
        ended_at: record.ended_at.map(|at| at.to_string()),
    }
}

fn before(before: Before) -> Vec<String> {
    match before {
        Before::Subscriptions(events) => events
            .iter()
            .map(|event| {
                let from = event
                    .effective_at
                    .map(|at| format!(" from {}", drawbridge_sync::operations::day(at)))
                    .unwrap_or_default();
                format!("{}: {event}{from}", event.subscription_id)
            })
            .collect(),
        Before::Email(email) => vec![email.unwrap_or_default()],
        Before::Name(name) => vec![name],
        Before::Links(links) => told(&links),
    }
}

/// What a customer has, or that it has nothing.
fn told(links: &CustomerLinks) -> Vec<String> {
    if links.connected.is_empty() && links.aliases.is_empty() {
        return vec!["Neither a connected account nor an alias".to_owned()];
    }
    link_lines(links)
}

/// What a customer has, line by line.
pub(crate) fn link_lines(links: &CustomerLinks) -> Vec<String> {
    let connected = links
        .connected
        .iter()
        .map(|it| format!("Connected account {}", it.external));
    let aliases = links.aliases.iter().map(|alias| format!("Alias {alias}"));
    connected.chain(aliases).collect()
}
