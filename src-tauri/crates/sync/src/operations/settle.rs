//! Whether an operation is done already, judged by what the billing system shows. Pure.

use drawbridge_model::{
    Before, BillingPlan, NewSubscription, Operation, SubscriptionChange, SubscriptionEnd,
    SubscriptionEvent, UserHandle,
};

use super::read::day;

/// What was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The history of the operation's user; `None` where there is no such user.
    History(Option<Vec<SubscriptionEvent>>),
    /// The plan of that id.
    Plan(Option<BillingPlan>),
    /// Nothing: whose subscription it is is not known, and there is no other way to read it.
    Nothing,
}

/// How what was read stands to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is so, with the line of the history that says it.
    Done(Option<Box<SubscriptionEvent>>),
    /// It is not so, and can be done.
    NotDone,
    /// What it is about is not there.
    Missing(String),
    /// Something else stands in its way.
    Otherwise(String),
    /// It cannot be told.
    NotTold,
}

/// Why something is not there, and where it can be changed instead (facts/profitwell.md §6).
pub(super) fn missing(what: &str) -> String {
    format!(
        "ProfitWell has no {what} that was made by hand or through its API. What a payment provider \
         such as Stripe brings in cannot be changed in ProfitWell: change it there. Nothing was \
         changed."
    )
}

/// Compares an operation with what was read back.
pub fn standing(operation: &Operation, seen: &Seen) -> Standing {
    match (operation, seen) {
        (Operation::CreateSubscription(new), Seen::History(history)) => {
            creation(new, history.as_deref())
        }
        (Operation::DeleteUser { user }, Seen::History(None)) => {
            Standing::Missing(missing(&format!("user “{user}”")))
        }
        (Operation::DeleteUser { .. }, Seen::History(Some(_))) => Standing::NotDone,
        (operation, Seen::History(None)) => Standing::Missing(missing(&format!(
            "user “{}”",
            operation.user().unwrap_or_default()
        ))),
        (Operation::UpdateUser { email, .. }, Seen::History(Some(events))) => {
            let same = |event: &SubscriptionEvent| event.email.as_deref() == Some(email);
            if !events.is_empty() && events.iter().all(same) {
                Standing::Done(None)
            } else {
                Standing::NotDone
            }
        }
        (operation, Seen::History(Some(events))) => subscription(operation, events),
        (Operation::CreatePlan(wanted), Seen::Plan(found)) => match found {
            None => Standing::NotDone,
            Some(found) if found.name == wanted.name => Standing::Done(None),
            Some(found) => Standing::Otherwise(format!(
                "There is a plan “{}” already, called “{}”. Choose another id, or update that plan. \
                 Nothing was changed.",
                found.id, found.name
            )),
        },
        (Operation::UpdatePlan(wanted), Seen::Plan(found)) => match found {
            None => Standing::Missing(missing(&format!("plan “{}”", wanted.id))),
            Some(found) if found.name == wanted.name => Standing::Done(None),
            Some(_) => Standing::NotDone,
        },
        (_, Seen::Plan(_) | Seen::Nothing) => Standing::NotTold,
    }
}

fn creation(new: &NewSubscription, history: Option<&[SubscriptionEvent]>) -> Standing {
    let Some(events) = history else {
        return match &new.user {
            UserHandle::Id(id) => Standing::Missing(missing(&format!("user “{id}”"))),
            UserHandle::Alias(_) => Standing::NotDone,
        };
    };
    let own: Vec<_> = events
        .iter()
        .filter(|event| event.subscription_alias.as_deref() == Some(new.alias.as_str()))
        .collect();
    let status = if new.trialing { "trialing" } else { "active" };
    let same = |event: &&&SubscriptionEvent| {
        event.status == status
            && event.plan.as_deref() == Some(new.plan.as_str())
            && event.interval.as_deref() == Some(new.interval.word())
            && event.value == Some(new.price.amount)
            && event.currency == Some(new.price.currency)
            && event.effective_at == Some(new.effective_at)
    };
    match (own.iter().find(same), own.first()) {
        (Some(event), _) => Standing::Done(Some(Box::new((**event).clone()))),
        (None, Some(other)) => Standing::Otherwise(format!(
            "Subscription “{}” exists already with other values ({other}{}): choose another alias, or \
             update that one. Nothing was changed.",
            new.alias,
            from(other)
        )),
        (None, None) => Standing::NotDone,
    }
}

fn subscription(operation: &Operation, events: &[SubscriptionEvent]) -> Standing {
    let handle = operation.subject();
    let own: Vec<_> = events.iter().filter(|event| event.is_of(handle)).collect();
    if own.is_empty() {
        return Standing::Missing(missing(&format!(
            "subscription “{handle}” of user “{}”",
            operation.user().unwrap_or_default()
        )));
    }
    let churn = own.iter().find(|event| event.is_churn());
    match operation {
        Operation::UpdateSubscription(change) => own
            .iter()
            .find(|event| is_change(event, change))
            .map_or(Standing::NotDone, |event| {
                Standing::Done(Some(Box::new((**event).clone())))
            }),
        Operation::ChurnSubscription(end) => match churn {
            None => Standing::NotDone,
            Some(event) if is_end(event, end) => Standing::Done(Some(Box::new((**event).clone()))),
            Some(event) => Standing::Otherwise(format!(
                "Subscription “{handle}” churns already ({}{}). To move its end, un-churn it first. \
                 Nothing was changed.",
                event.status.replace('_', " "),
                from(event)
            )),
        },
        Operation::UnchurnSubscription { .. } if churn.is_none() => Standing::Done(None),
        _ => Standing::NotDone,
    }
}

fn is_change(event: &SubscriptionEvent, change: &SubscriptionChange) -> bool {
    !event.is_churn()
        && event.effective_at == Some(change.effective_at)
        && event.plan.as_deref() == Some(change.plan.as_str())
        && event.interval.as_deref() == Some(change.interval.word())
        && event.value == Some(change.value)
}

fn is_end(event: &SubscriptionEvent, end: &SubscriptionEnd) -> bool {
    let word = event
        .churn_type
        .as_deref()
        .or_else(|| event.status.strip_prefix("churned_"));
    event.effective_at == Some(end.effective_at)
        && word.is_none_or(|word| word == end.churn_type.word())
}

fn from(event: &SubscriptionEvent) -> String {
    event
        .effective_at
        .map(|at| format!(", from {}", day(at)))
        .unwrap_or_default()
}

/// What stood there before an operation, of what was read.
pub fn before(operation: &Operation, seen: &Seen) -> Option<Before> {
    match (operation, seen) {
        (Operation::CreateSubscription(_) | Operation::CreatePlan(_), _) => None,
        (Operation::UpdateUser { .. }, Seen::History(Some(events))) => Some(Before::Email(
            events.last().and_then(|event| event.email.clone()),
        )),
        (Operation::DeleteUser { .. }, Seen::History(Some(events))) => {
            Some(Before::Subscriptions(events.clone()))
        }
        (operation, Seen::History(Some(events))) => {
            let own = events
                .iter()
                .filter(|event| event.is_of(operation.subject()));
            Some(Before::Subscriptions(own.cloned().collect()))
        }
        (_, Seen::Plan(Some(plan))) => Some(Before::Name(plan.name.clone())),
        _ => None,
    }
}

/// What a refusal of the billing system means (facts/profitwell.md §2.4, §2.5, §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Something of that alias or id exists.
    Exists,
    /// The subscription has an end already.
    Churning,
    /// The subscription has no end.
    NotChurned,
    /// What it is about is not there.
    NotFound,
    /// Anything else.
    Other,
}

/// Reads a refusal by the parts of its wording that are known for certain.
pub fn refusal(status: u16, words: &str) -> Refusal {
    let words = words.to_lowercase();
    if words.contains("already exists") {
        Refusal::Exists
    } else if words.contains("already scheduled to churn") {
        Refusal::Churning
    } else if words.contains("was not churned in the fi") {
        Refusal::NotChurned
    } else if status == 404 {
        Refusal::NotFound
    } else {
        Refusal::Other
    }
}
