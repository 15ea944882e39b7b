//! What a person fills in for an operation: the same fields in the window, in the terminal and in
//! a CSV file, as texts.

use std::collections::BTreeMap;

use drawbridge_model::OperationKind;

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FormField {
    /// Id or alias of a subscription that is there.
    Subscription,
    /// Id or alias of a user that is there.
    User,
    /// Id of the user a new subscription is for.
    UserId,
    /// Alias of the user a new subscription is for.
    UserAlias,
    /// Alias of a new subscription.
    SubscriptionAlias,
    /// E-mail address.
    Email,
    /// Id of a plan.
    PlanId,
    /// Name of a plan.
    Name,
    /// `month` or `year`.
    PlanInterval,
    /// Price of one period in major units.
    Value,
    /// The same in hundredths.
    ValueCents,
    /// Currency of the price.
    PlanCurrency,
    /// `active` or `trialing`.
    Status,
    /// From when on.
    EffectiveDate,
    /// `voluntary` or `delinquent`.
    ChurnType,
    /// Id of the user at a payment provider.
    ProviderUser,
    /// Id of a customer that is there.
    Customer,
    /// Id of a Salesforce Account.
    Account,
    /// Which Salesforce integration of the billing system, by its id or label.
    Integration,
    /// One's own name for a customer.
    Alias,
}

impl FormField {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Subscription,
        Self::User,
        Self::UserId,
        Self::UserAlias,
        Self::SubscriptionAlias,
        Self::Email,
        Self::PlanId,
        Self::Name,
        Self::PlanInterval,
        Self::Value,
        Self::ValueCents,
        Self::PlanCurrency,
        Self::Status,
        Self::EffectiveDate,
        Self::ChurnType,
        Self::ProviderUser,
        Self::Customer,
        Self::Account,
        Self::Integration,
        Self::Alias,
    ];

    /// Its name, as the API calls it where it does.
    pub fn name(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::User => "user",
            Self::UserId => "user_id",
            Self::UserAlias => "user_alias",
            Self::SubscriptionAlias => "subscription_alias",
            Self::Email => "email",
            Self::PlanId => "plan_id",
            Self::Name => "name",
            Self::PlanInterval => "plan_interval",
            Self::Value => "value",
            Self::ValueCents => "value_cents",
            Self::PlanCurrency => "plan_currency",
            Self::Status => "status",
            Self::EffectiveDate => "effective_date",
            Self::ChurnType => "churn_type",
            Self::ProviderUser => "data_provider_user_id",
            Self::Customer => "customer",
            Self::Account => "account",
            Self::Integration => "integration",
            Self::Alias => "alias",
        }
    }

    /// What stands beside it on the screen and in messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Subscription => "Subscription ID or alias",
            Self::User => "User ID or alias",
            Self::UserId => "User ID",
            Self::UserAlias => "User alias",
            Self::SubscriptionAlias => "Subscription alias",
            Self::Email => "Email",
            Self::PlanId => "Plan ID",
            Self::Name => "Plan name",
            Self::PlanInterval => "Billed every",
            Self::Value => "Price per period",
            Self::ValueCents => "Price per period in cents",
            Self::PlanCurrency => "Currency",
            Self::Status => "Status",
            Self::EffectiveDate => "Effective date",
            Self::ChurnType => "Churn type",
            Self::ProviderUser => "Payment provider's user ID",
            Self::Customer => "Customer ID",
            Self::Account => "Salesforce Account ID",
            Self::Integration => "Salesforce integration",
            Self::Alias => "Alias",
        }
    }

    /// The words it may hold, where it is one of few.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::PlanInterval => &["month", "year"],
            Self::Status => &["active", "trialing"],
            Self::ChurnType => &["voluntary", "delinquent"],
            Self::PlanCurrency => &super::currencies::CURRENCIES,
            _ => &[],
        }
    }

    /// The option of the terminal that fills it; what a command is about stands without one.
    pub fn option(self) -> &'static str {
        match self {
            Self::Subscription => "--subscription",
            Self::User => "--user",
            Self::UserId => "--user-id",
            Self::UserAlias => "--user-alias",
            Self::SubscriptionAlias | Self::Alias => "--alias",
            Self::Email => "--email",
            Self::PlanId => "--plan",
            Self::Name => "--name",
            Self::PlanInterval => "--interval",
            Self::Value => "--value",
            Self::ValueCents => "--value-cents",
            Self::PlanCurrency => "--currency",
            Self::Status => "--status",
            Self::EffectiveDate => "--date",
            Self::ChurnType => "--churn-type",
            Self::ProviderUser => "--provider-user",
            Self::Customer => "--customer",
            Self::Account => "--account",
            Self::Integration => "--integration",
        }
    }

    /// Reads [`FormField::name`].
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// A form as it is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// For which change.
    pub kind: OperationKind,
    /// What stands in its fields; an empty text is as good as none.
    pub fields: BTreeMap<FormField, String>,
}

impl Form {
    /// What a person wrote into a field, without blanks around it; `None` where nothing did.
    pub fn text(&self, field: FormField) -> Option<&str> {
        let text = self.fields.get(&field)?.trim();
        (!text.is_empty()).then_some(text)
    }
}

/// A field of a form, explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which.
    pub field: FormField,
    /// Whether it must be filled.
    pub required: bool,
    /// What stands in it to begin with.
    pub default: Option<&'static str>,
    /// What is to be known about it, in one sentence.
    pub help: &'static str,
}

const fn must(field: FormField, help: &'static str) -> Slot {
    Slot {
        field,
        required: true,
        default: None,
        help,
    }
}

const fn may(field: FormField, help: &'static str) -> Slot {
    Slot {
        field,
        required: false,
        default: None,
        help,
    }
}

const fn preset(slot: Slot, word: &'static str) -> Slot {
    Slot {
        default: Some(word),
        ..slot
    }
}

const VALUE: &str = "The whole price of one period, as 49.00, not in cents; of a yearly plan the price of the year.";
const CENTS: &str = "Instead of the price: the same in cents, as 4900.";
const DATE: &str =
    "As 2026-01-31, which means midnight UTC, or with a time, as 2026-01-31T12:00:00Z.";
const PLAN: &str = "The plan's id; one that is not there yet comes into being.";
const INTERVAL: &str = "ProfitWell knows months and years only.";
const WHOSE: &str = "Whose subscription it is: with it, what is there now is shown, and a lost answer can be read back.";
const WHICH: &str = "ProfitWell's id (pws_…) or your own alias.";
const WHO: &str = "ProfitWell's id (pwu_…) or your own alias.";

const CREATE_SUBSCRIPTION: &[Slot] = &[
    must(
        FormField::Email,
        "What ProfitWell shows the user by. It does not identify a user.",
    ),
    may(
        FormField::UserId,
        "Only for another subscription of a user that is there: ProfitWell's id (pwu_…).",
    ),
    may(
        FormField::UserAlias,
        "Your own name for the user, at most 36 characters. A user of that alias gets the \
         subscription; otherwise a new one. Made up when empty.",
    ),
    may(
        FormField::SubscriptionAlias,
        "Your own name for the subscription, at most 36 characters, unique in the company. Made up \
         when empty.",
    ),
    must(FormField::PlanId, PLAN),
    preset(must(FormField::PlanInterval, INTERVAL), "month"),
    must(FormField::Value, VALUE),
    may(FormField::ValueCents, CENTS),
    preset(
        may(
            FormField::PlanCurrency,
            "The currency of the price. It cannot be changed later.",
        ),
        "usd",
    ),
    preset(
        may(FormField::Status, "A trial has a price of 0."),
        "active",
    ),
    must(FormField::EffectiveDate, DATE),
    may(
        FormField::ProviderUser,
        "Id of the user at a payment provider, as cus_1234. ProfitWell keeps it and does not use it yet.",
    ),
];

const UPDATE_SUBSCRIPTION: &[Slot] = &[
    must(FormField::Subscription, WHICH),
    may(FormField::User, WHOSE),
    must(
        FormField::PlanId,
        "The plan from then on; the same one for another price or number of seats.",
    ),
    must(FormField::PlanInterval, INTERVAL),
    must(FormField::Value, VALUE),
    may(FormField::ValueCents, CENTS),
    may(
        FormField::PlanCurrency,
        "The subscription's currency, for your eyes only: it cannot be changed.",
    ),
    must(FormField::EffectiveDate, DATE),
];

const CHURN_SUBSCRIPTION: &[Slot] = &[
    must(FormField::Subscription, WHICH),
    may(FormField::User, WHOSE),
    must(
        FormField::EffectiveDate,
        "As 2026-01-31, which means midnight UTC. On a day to come the subscription stays active until then.",
    ),
    preset(
        may(
            FormField::ChurnType,
            "Voluntary: the customer left. Delinquent: the customer did not pay.",
        ),
        "voluntary",
    ),
];

const UNCHURN_SUBSCRIPTION: &[Slot] = &[
    must(FormField::Subscription, WHICH),
    may(FormField::User, WHOSE),
];

const UPDATE_USER: &[Slot] = &[
    must(FormField::User, WHO),
    must(
        FormField::Email,
        "The new address. It is what ProfitWell shows the user by.",
    ),
];

const DELETE_USER: &[Slot] = &[must(FormField::User, WHO)];

const CREATE_PLAN: &[Slot] = &[
    must(
        FormField::PlanId,
        "An id that no plan has yet, neither one made by hand nor one of the payment provider, as new_plan. It stays for good.",
    ),
    must(FormField::Name, "What people read."),
];

const UPDATE_PLAN: &[Slot] = &[
    must(FormField::PlanId, "The plan's id."),
    must(FormField::Name, "The new name."),
];

const CUSTOMER: &str = "Alguna's id of the customer. Pick one by name, or type the id.";

const LINK_CUSTOMER: &[Slot] = &[
    must(FormField::Customer, CUSTOMER),
    must(
        FormField::Account,
        "The 15 or 18 characters of the Account's id, which begin with 001. Pick one by name, or type the id.",
    ),
    may(
        FormField::Integration,
        "Only where Alguna has several Salesforce integrations: the one of the org the Account is in.",
    ),
];

const UNLINK_CUSTOMER: &[Slot] = &[
    must(FormField::Customer, CUSTOMER),
    must(
        FormField::Account,
        "The Account the customer is to be linked to no more. Neither of them is changed in any other way.",
    ),
];

const ADD_ALIAS: &[Slot] = &[
    must(FormField::Customer, CUSTOMER),
    must(
        FormField::Alias,
        "Your own name or id for the customer, as another system knows it. All other aliases stay.",
    ),
];

const REMOVE_ALIAS: &[Slot] = &[
    must(FormField::Customer, CUSTOMER),
    must(
        FormField::Alias,
        "The alias that goes, exactly as it is written. All others stay.",
    ),
];

/// The fields of a form, in their order.
pub fn slots(kind: OperationKind) -> &'static [Slot] {
    match kind {
        OperationKind::CreateSubscription => CREATE_SUBSCRIPTION,
        OperationKind::UpdateSubscription => UPDATE_SUBSCRIPTION,
        OperationKind::ChurnSubscription => CHURN_SUBSCRIPTION,
        OperationKind::UnchurnSubscription => UNCHURN_SUBSCRIPTION,
        OperationKind::UpdateUser => UPDATE_USER,
        OperationKind::DeleteUser => DELETE_USER,
        OperationKind::CreatePlan => CREATE_PLAN,
        OperationKind::UpdatePlan => UPDATE_PLAN,
        OperationKind::LinkCustomer => LINK_CUSTOMER,
        OperationKind::UnlinkCustomer => UNLINK_CUSTOMER,
        OperationKind::AddAlias => ADD_ALIAS,
        OperationKind::RemoveAlias => REMOVE_ALIAS,
    }
}
