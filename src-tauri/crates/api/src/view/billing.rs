//! What is read from a billing system for a person to look at.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::MoneyView;

/// Asks for what was done to the subscriptions of a user.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BillingHistoryRequest {
    /// Number of the `ProfitWell` connection.
    pub connection: u32,
    /// Id or alias of the user.
    pub user: String,
    /// How many lines; 10 when absent.
    pub limit: Option<u32>,
    /// All of them, whatever the limit.
    pub all: bool,
}

/// What was done to the subscriptions of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillingHistoryView {
    /// By subscription and time.
    pub events: Vec<BillingEventView>,
    /// How many there are.
    pub total: u32,
}

/// What a subscription was from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillingEventView {
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
    /// `month` or `year`.
    pub interval: Option<String>,
    /// ISO code in upper case.
    pub currency: Option<String>,
    /// `active`, `trialing`, `churned_voluntary`, `churned_delinquent`, or a new word.
    pub status: String,
    /// The price of one period in major units, as decimal text.
    pub value: Option<String>,
    /// From when on.
    pub effective_at: Option<String>,
    /// Why it ended, where it did.
    pub churn_type: Option<String>,
}

/// Asks for the plans made by hand or through the API.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BillingPlansRequest {
    /// Number of the `ProfitWell` connection.
    pub connection: u32,
    /// How many; 10 when absent.
    pub limit: Option<u32>,
    /// All of them, whatever the limit.
    pub all: bool,
}

/// Plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillingPlansView {
    /// The plans.
    pub plans: Vec<BillingPlanView>,
    /// How many there are.
    pub total: u32,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillingPlanView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Names one plan.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BillingPlanRequest {
    /// Number of the `ProfitWell` connection.
    pub connection: u32,
    /// The plan's id.
    pub plan: String,
}

/// Asks for customers as `ProfitWell` has them now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BillingCustomersRequest {
    /// Number of the `ProfitWell` connection.
    pub connection: u32,
    /// Only those changed on this day, or at this moment, or later.
    pub start: Option<String>,
    /// Only those changed before this day or moment.
    pub end: Option<String>,
    /// Only those of this address.
    pub email: Option<String>,
    /// The last changed first.
    pub descending: bool,
    /// How many; 10 when absent.
    pub limit: Option<u32>,
    /// All of them, whatever the limit.
    pub all: bool,
}

/// Customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillingCustomersView {
    /// In the order of their last change.
    pub customers: Vec<BillingCustomerView>,
    /// Whether there are more; `ProfitWell` does not say how many.
    pub more: bool,
}

/// Names one customer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BillingCustomerRequest {
    /// Number of the `ProfitWell` connection.
    pub connection: u32,
    /// The customer's id.
    pub customer: String,
}

/// A customer as `ProfitWell` has it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillingCustomerView {
    /// Its id.
    pub id: String,
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Status word, as the source writes it.
    pub status: Option<String>,
    /// Plans.
    pub plans: Vec<String>,
    /// Monthly recurring revenue.
    pub mrr: Option<MoneyView>,
    /// Everything it ever paid.
    pub total_spend: Option<MoneyView>,
    /// When it was created.
    pub created_at: Option<String>,
    /// When it first paid.
    pub activated_at: Option<String>,
    /// When it last churned.
    pub churned_at: Option<String>,
    /// When it last changed.
    pub updated_at: Option<String>,
}

/// What is picked from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BillingChoiceKind {
    /// Users.
    User,
    /// Subscriptions.
    Subscription,
    /// Plans.
    Plan,
    /// Customers.
    Customer,
    /// Accounts, as they were last read; those that matching found for the customer first.
    Account,
    /// Accounts the customer is linked to. Asks the billing system.
    LinkedAccount,
    /// Salesforce integrations. Asks the billing system.
    Integration,
    /// Aliases the customer has. Asks the billing system.
    CustomerAlias,
}

/// Asks for what can be picked in a form, from what was read before where nothing else is said.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BillingChoicesRequest {
    /// Number of the connection.
    pub connection: u32,
    /// What is picked.
    pub kind: BillingChoiceKind,
    /// Only those that contain this.
    pub search: String,
    /// The customer whose links or aliases are picked from.
    pub customer: Option<String>,
}

/// Something to pick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BillingChoiceView {
    /// What goes into the field.
    pub value: String,
    /// What a person reads.
    pub label: String,
    /// What helps to tell it apart.
    pub detail: Option<String>,
    /// Of a subscription: its user.
    pub user: Option<String>,
    /// Of a subscription: what it is now.
    pub event: Option<BillingEventView>,
}
