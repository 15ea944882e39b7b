//! An operation in plain words: what will happen, with the amount in both units and the date.

use drawbridge_model::{
    Currency, CustomerLink, LinkPlace, NewSubscription, Operation, PlanInterval,
    SubscriptionChange, SubscriptionEnd, UserHandle, to_cents,
};
use jiff::Timestamp;
use rust_decimal::Decimal;

use super::read::day;

/// What will happen, as seen at this moment.
pub fn sentence(operation: &Operation, now: Timestamp) -> String {
    match operation {
        Operation::CreateSubscription(new) => creation(new, now),
        Operation::UpdateSubscription(change) => update(change, now),
        Operation::ChurnSubscription(end) => churn(end, now),
        Operation::UnchurnSubscription { subscription, .. } => format!(
            "The end of subscription “{subscription}” is taken back, as if it had never been."
        ),
        Operation::UpdateUser { user, email } => {
            format!("User “{user}” is shown by “{email}” from now on.")
        }
        Operation::DeleteUser { user } => format!(
            "User “{user}” is deleted with all subscriptions and their whole history. This cannot be \
             taken back."
        ),
        Operation::CreatePlan(plan) => {
            format!(
                "Plan “{}” is made, called “{}”. Its id stays for good, and a plan cannot be deleted.",
                plan.id, plan.name
            )
        }
        Operation::UpdatePlan(plan) => {
            format!("Plan “{}” is called “{}” from now on.", plan.id, plan.name)
        }
        Operation::LinkCustomer {
            link,
            place,
            through,
        } => linking(link, place, through.as_deref()),
        Operation::UnlinkCustomer { link } => format!(
            "{} is linked to {} no more. Only the link goes: the customer and the Account stay as they \
             are.",
            customer(link.customer.as_str(), link.name.as_deref()),
            account(link)
        ),
        Operation::AddAlias(change) => format!(
            "{} gets the alias “{}”. The other aliases stay.",
            customer(change.customer.as_str(), change.name.as_deref()),
            change.alias
        ),
        Operation::RemoveAlias(change) => format!(
            "{} loses the alias “{}”. The other aliases stay.",
            customer(change.customer.as_str(), change.name.as_deref()),
            change.alias
        ),
    }
}

fn linking(link: &CustomerLink, place: &LinkPlace, through: Option<&str>) -> String {
    let how = match (place, through) {
        (LinkPlace::ConnectedAccount { .. }, Some(label)) => {
            format!("by a connected account of “{label}”, the Salesforce integration of Alguna")
        }
        (LinkPlace::ConnectedAccount { integration }, None) => {
            format!("by a connected account of {integration}, the Salesforce integration of Alguna")
        }
        (LinkPlace::Alias, _) => "by an alias, as Alguna has no Salesforce integration".to_owned(),
    };
    format!(
        "{} is linked to {}, {how}.",
        customer(link.customer.as_str(), link.name.as_deref()),
        account(link)
    )
}

/// `Customer “Fernhill” (wcqYrqfE)`, or by its id alone.
fn customer(id: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("Customer “{name}” ({id})"),
        None => format!("Customer “{id}”"),
    }
}

fn account(link: &CustomerLink) -> String {
    match &link.record_name {
        Some(name) => format!("the Account “{name}” ({})", link.record),
        None => format!("the Account {}", link.record),
    }
}

/// An amount in both units, as `49.00 USD (4900 cents)`.
pub fn amount(value: Decimal, currency: Option<Currency>) -> String {
    let unit = currency.map_or_else(
        || " in the subscription's currency".to_owned(),
        |currency| format!(" {currency}"),
    );
    match to_cents(value) {
        Some(cents) => format!("{value:.2}{unit} ({cents} cents)"),
        None => format!("{value}{unit}"),
    }
}

fn creation(new: &NewSubscription, now: Timestamp) -> String {
    let user = match &new.user {
        UserHandle::Id(id) => format!("user “{id}”"),
        UserHandle::Alias(alias) => {
            format!("user “{alias}” (a new one, where there is none of that alias)")
        }
    };
    let price = if new.trialing {
        format!("as a trial at no cost, by the {}", new.interval.word())
    } else {
        format!(
            "at {} a {}{}",
            amount(new.price.amount, Some(new.price.currency)),
            new.interval.word(),
            yearly(new.interval)
        )
    };
    format!(
        "Subscription “{}” is made for {user}, shown by “{}”: plan “{}” {price}, from {}{}.",
        new.alias,
        new.email,
        new.plan,
        day(new.effective_at),
        ago(new.effective_at, now)
    )
}

/// A yearly price is the price of the year, not of its months.
fn yearly(interval: PlanInterval) -> &'static str {
    match interval {
        PlanInterval::Year => " (the price of the whole year)",
        PlanInterval::Month => "",
    }
}

fn update(change: &SubscriptionChange, now: Timestamp) -> String {
    format!(
        "Subscription “{}” is on plan “{}” at {} a {}{} from {}{}.",
        change.subscription,
        change.plan,
        amount(change.value, change.currency),
        change.interval.word(),
        yearly(change.interval),
        day(change.effective_at),
        ago(change.effective_at, now)
    )
}

fn churn(end: &SubscriptionEnd, now: Timestamp) -> String {
    let date = day(end.effective_at);
    let why = end.churn_type.word();
    if end.effective_at > now {
        format!(
            "Subscription “{}” is scheduled to churn ({why}) on {date}, {}: it stays active until then.",
            end.subscription,
            distance(end.effective_at, now)
        )
    } else {
        format!(
            "Subscription “{}” has churned ({why}) as of {date}, {}: past figures change.",
            end.subscription,
            distance(end.effective_at, now)
        )
    }
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    format!(", {}", distance(at, now))
}

/// How far away, in days: `today`, `in 12 days`, `3 days ago`.
fn distance(at: Timestamp, now: Timestamp) -> String {
    let days = |at: Timestamp| at.as_second().div_euclid(86_400);
    match days(at) - days(now) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
    }
}
