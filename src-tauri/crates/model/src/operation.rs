//! What a person changes in a billing system by hand: subscriptions, users and plans of
//! `ProfitWell` (facts/profitwell.md §2 and §4), links and aliases of Alguna's customers
//! (facts/alguna.md §2.1 and §2.2), and what is read to look at them.

use std::fmt;
use std::future::Future;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Currency, Customer, CustomerAlias, CustomerLink, LinkPlace, Money, Provider, SourceError,
};

/// Which change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// A subscription begins, and with it a user where there is none yet.
    CreateSubscription,
    /// A subscription has another plan or price from a day on.
    UpdateSubscription,
    /// A subscription ends.
    ChurnSubscription,
    /// The end of a subscription is taken back.
    UnchurnSubscription,
    /// A user is shown by another e-mail address.
    UpdateUser,
    /// A user goes, with the whole history. It cannot be taken back.
    DeleteUser,
    /// A plan is made.
    CreatePlan,
    /// A plan is called otherwise.
    UpdatePlan,
    /// A customer is told which Account it is.
    LinkCustomer,
    /// That is taken back.
    UnlinkCustomer,
    /// A customer gets one more alias.
    AddAlias,
    /// A customer loses an alias.
    RemoveAlias,
}

impl OperationKind {
    /// All of them, in the order people meet them.
    pub const ALL: [Self; 12] = [
        Self::CreateSubscription,
        Self::UpdateSubscription,
        Self::ChurnSubscription,
        Self::UnchurnSubscription,
        Self::UpdateUser,
        Self::DeleteUser,
        Self::CreatePlan,
        Self::UpdatePlan,
        Self::LinkCustomer,
        Self::UnlinkCustomer,
        Self::AddAlias,
        Self::RemoveAlias,
    ];

    /// The billing system it is a change of.
    pub fn provider(self) -> Provider {
        match self {
            Self::LinkCustomer | Self::UnlinkCustomer | Self::AddAlias | Self::RemoveAlias => {
                Provider::Alguna
            }
            _ => Provider::Profitwell,
        }
    }

    /// A stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::CreateSubscription => "create_subscription",
            Self::UpdateSubscription => "update_subscription",
            Self::ChurnSubscription => "churn_subscription",
            Self::UnchurnSubscription => "unchurn_subscription",
            Self::UpdateUser => "update_user",
            Self::DeleteUser => "delete_user",
            Self::CreatePlan => "create_plan",
            Self::UpdatePlan => "update_plan",
            Self::LinkCustomer => "link_customer",
            Self::UnlinkCustomer => "unlink_customer",
            Self::AddAlias => "add_alias",
            Self::RemoveAlias => "remove_alias",
        }
    }

    /// What a person reads.
    pub fn label(self) -> &'static str {
        match self {
            Self::CreateSubscription => "Create a subscription",
            Self::UpdateSubscription => "Update a subscription",
            Self::ChurnSubscription => "Churn a subscription",
            Self::UnchurnSubscription => "Un-churn a subscription",
            Self::UpdateUser => "Update a user",
            Self::DeleteUser => "Delete a user",
            Self::CreatePlan => "Create a plan",
            Self::UpdatePlan => "Update a plan",
            Self::LinkCustomer => "Link a customer",
            Self::UnlinkCustomer => "Unlink a customer",
            Self::AddAlias => "Add an alias",
            Self::RemoveAlias => "Remove an alias",
        }
    }
}

/// How often a plan of `ProfitWell` is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanInterval {
    /// Every month.
    Month,
    /// Every year.
    Year,
}

impl PlanInterval {
    /// The word as the API writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// Why a subscription ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChurnType {
    /// The customer left.
    #[default]
    Voluntary,
    /// The customer did not pay.
    Delinquent,
}

impl ChurnType {
    /// The word as the API writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Voluntary => "voluntary",
            Self::Delinquent => "delinquent",
        }
    }
}

/// Whose a new subscription is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserHandle {
    /// A user that is there, by `ProfitWell`'s id.
    Id(String),
    /// A user by one's own alias; a new one where there is none of that alias.
    Alias(String),
}

impl UserHandle {
    /// What stands in a path.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Id(text) | Self::Alias(text) => text,
        }
    }
}

/// A subscription that is to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSubscription {
    /// Whose. Always named, so that it can be read back.
    pub user: UserHandle,
    /// Its alias, unique in the company. Always there: it is what keeps a repeated call from making
    /// a second subscription (facts/profitwell.md §6).
    pub alias: String,
    /// What the user is shown by; not unique.
    pub email: String,
    /// Its plan, which comes into being where it is new.
    pub plan: String,
    /// How often it is billed.
    pub interval: PlanInterval,
    /// The price of one period.
    pub price: Money,
    /// Whether it begins as a trial, which costs nothing.
    pub trialing: bool,
    /// From when on, in whole seconds.
    pub effective_at: Timestamp,
    /// Id of the user at a payment provider; `ProfitWell` keeps it only.
    pub provider_user: Option<String>,
}

/// Another plan or price of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionChange {
    /// Its id or alias.
    pub subscription: String,
    /// Id or alias of its user, where known: only with it can a lost answer be read back.
    pub user: Option<String>,
    /// The plan from then on; the same one for another price.
    pub plan: String,
    /// How often it is billed from then on.
    pub interval: PlanInterval,
    /// The price of one period, in major units of the subscription's currency.
    pub value: Decimal,
    /// That currency, where known. It cannot be changed.
    pub currency: Option<Currency>,
    /// From when on, in whole seconds.
    pub effective_at: Timestamp,
}

/// The end of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionEnd {
    /// Its id or alias.
    pub subscription: String,
    /// Id or alias of its user, where known.
    pub user: Option<String>,
    /// When, in whole seconds; may be past or to come.
    pub effective_at: Timestamp,
    /// Why.
    pub churn_type: ChurnType,
}

/// A plan made by hand or through the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingPlan {
    /// Its id, for good.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// One change of a billing system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Operation {
    /// A subscription begins.
    CreateSubscription(NewSubscription),
    /// It has another plan or price.
    UpdateSubscription(SubscriptionChange),
    /// It ends.
    ChurnSubscription(SubscriptionEnd),
    /// Its end is taken back.
    UnchurnSubscription {
        /// Its id or alias.
        subscription: String,
        /// Id or alias of its user, where known.
        user: Option<String>,
    },
    /// A user is shown by another e-mail address.
    UpdateUser {
        /// Id or alias.
        user: String,
        /// The address.
        email: String,
    },
    /// A user goes with the whole history.
    DeleteUser {
        /// Id or alias.
        user: String,
    },
    /// A plan is made.
    CreatePlan(BillingPlan),
    /// A plan is called otherwise.
    UpdatePlan(BillingPlan),
    /// A customer is told which Account it is.
    LinkCustomer {
        /// Which, and which.
        link: CustomerLink,
        /// Where that is kept.
        place: LinkPlace,
        /// What people call the integration, where it is kept by one.
        through: Option<String>,
    },
    /// That is taken back, wherever it is kept.
    UnlinkCustomer {
        /// Which, and which.
        link: CustomerLink,
    },
    /// A customer gets one more alias.
    AddAlias(CustomerAlias),
    /// A customer loses an alias.
    RemoveAlias(CustomerAlias),
}

impl Operation {
    /// Which change it is.
    pub fn kind(&self) -> OperationKind {
        match self {
            Self::CreateSubscription(_) => OperationKind::CreateSubscription,
            Self::UpdateSubscription(_) => OperationKind::UpdateSubscription,
            Self::ChurnSubscription(_) => OperationKind::ChurnSubscription,
            Self::UnchurnSubscription { .. } => OperationKind::UnchurnSubscription,
            Self::UpdateUser { .. } => OperationKind::UpdateUser,
            Self::DeleteUser { .. } => OperationKind::DeleteUser,
            Self::CreatePlan(_) => OperationKind::CreatePlan,
            Self::UpdatePlan(_) => OperationKind::UpdatePlan,
            Self::LinkCustomer { .. } => OperationKind::LinkCustomer,
            Self::UnlinkCustomer { .. } => OperationKind::UnlinkCustomer,
            Self::AddAlias(_) => OperationKind::AddAlias,
            Self::RemoveAlias(_) => OperationKind::RemoveAlias,
        }
    }

    /// Id or alias of what is changed.
    pub fn subject(&self) -> &str {
        match self {
            Self::CreateSubscription(new) => &new.alias,
            Self::UpdateSubscription(change) => &change.subscription,
            Self::ChurnSubscription(end) => &end.subscription,
            Self::UnchurnSubscription { subscription, .. } => subscription,
            Self::UpdateUser { user, .. } | Self::DeleteUser { user } => user,
            Self::CreatePlan(plan) | Self::UpdatePlan(plan) => &plan.id,
            Self::LinkCustomer { link, .. } | Self::UnlinkCustomer { link } => {
                link.customer.as_str()
            }
            Self::AddAlias(change) | Self::RemoveAlias(change) => change.customer.as_str(),
        }
    }

    /// Id or alias of the user whose history tells what became of it, where there is one and it is
    /// known.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::CreateSubscription(new) => Some(new.user.as_str()),
            Self::UpdateSubscription(change) => change.user.as_deref(),
            Self::ChurnSubscription(end) => end.user.as_deref(),
            Self::UnchurnSubscription { user, .. } => user.as_deref(),
            Self::UpdateUser { user, .. } | Self::DeleteUser { user } => Some(user),
            Self::CreatePlan(_)
            | Self::UpdatePlan(_)
            | Self::LinkCustomer { .. }
            | Self::UnlinkCustomer { .. }
            | Self::AddAlias(_)
            | Self::RemoveAlias(_) => None,
        }
    }
}

impl Operation {
    /// The same with the user of its subscription, where that is not said yet.
    #[must_use]
    pub fn of_user(mut self, found: Option<String>) -> Self {
        let (Self::UpdateSubscription(SubscriptionChange { user, .. })
        | Self::ChurnSubscription(SubscriptionEnd { user, .. })
        | Self::UnchurnSubscription { user, .. }) = &mut self
        else {
            return self;
        };
        if user.is_none() {
            *user = found;
        }
        self
    }
}

/// One line of a user's history: what a subscription was from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionEvent {
    /// `ProfitWell`'s id of the user.
    pub user_id: Option<String>,
    /// One's own name for the user.
    pub user_alias: Option<String>,
    /// `ProfitWell`'s id of the subscription.
    pub subscription_id: String,
    /// One's own name for it.
    pub subscription_alias: Option<String>,
    /// What the user is shown by.
    pub email: Option<String>,
    /// Id of the plan.
    pub plan: Option<String>,
    /// `month` or `year`, as the source writes it.
    pub interval: Option<String>,
    /// Currency of the price.
    pub currency: Option<Currency>,
    /// `active`, `trialing`, `churned_voluntary`, `churned_delinquent`, or a new word.
    pub status: String,
    /// The price of one period in major units, of the currency where that is known.
    pub value: Option<Decimal>,
    /// From when on.
    pub effective_at: Option<Timestamp>,
    /// Why it ended, where it did.
    pub churn_type: Option<String>,
}

impl SubscriptionEvent {
    /// Whether this is the subscription of that id or alias.
    pub fn is_of(&self, handle: &str) -> bool {
        self.subscription_id == handle || self.subscription_alias.as_deref() == Some(handle)
    }

    /// Whether it ends here.
    pub fn is_churn(&self) -> bool {
        self.status.starts_with("churned")
    }
}

impl fmt::Display for SubscriptionEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.replace('_', " "))?;
        if let Some(plan) = &self.plan {
            write!(f, ", plan {plan}")?;
        }
        if let Some(value) = self.value {
            write!(f, ", {value:.2}")?;
            if let Some(currency) = self.currency {
                write!(f, " {currency}")?;
            }
        }
        if let Some(interval) = &self.interval {
            write!(f, " a {interval}")?;
        }
        Ok(())
    }
}

/// Which customers, as `ProfitWell` can sort them out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerQuery {
    /// Only those changed at this moment or later.
    pub start: Option<Timestamp>,
    /// Only those changed before this moment.
    pub end: Option<Timestamp>,
    /// Only those of this address.
    pub email: Option<String>,
    /// The last changed first.
    pub descending: bool,
    /// The page, from 1.
    pub page: u32,
    /// Rows a page, at most 250.
    pub per_page: u32,
}

/// A billing system whose subscriptions, users and plans can be changed.
pub trait Operations: Send + Sync {
    /// Does it, once: [`SourceError::LostAnswer`] means that it may or may not be done; every other
    /// error that it is not. Gives the line of the history it made, where the answer tells.
    fn carry_out(
        &self,
        operation: &Operation,
    ) -> impl Future<Output = Result<Option<SubscriptionEvent>, SourceError>> + Send;

    /// Everything that was done to the subscriptions of a user, by id or alias, in order of
    /// subscription and time; `None` where there is no such user.
    fn history(
        &self,
        user: &str,
    ) -> impl Future<Output = Result<Option<Vec<SubscriptionEvent>>, SourceError>> + Send;

    /// The plans made by hand or through the API.
    fn plans(&self) -> impl Future<Output = Result<Vec<BillingPlan>, SourceError>> + Send;

    /// One of them.
    fn plan(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<BillingPlan>, SourceError>> + Send;

    /// A page of customers, from all sources.
    fn customer_list(
        &self,
        query: &CustomerQuery,
    ) -> impl Future<Output = Result<Vec<Customer>, SourceError>> + Send;

    /// A customer, from any source.
    fn customer(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<Customer>, SourceError>> + Send;
}
