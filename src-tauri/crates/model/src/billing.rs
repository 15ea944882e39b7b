//! What billing systems know: customers and their subscriptions, in one shape for every source.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Currency, CustomerId, Money, SubscriptionId};

/// A customer as its billing system describes it. `None` means the source does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The billing system's id.
    pub id: CustomerId,
    /// Company name, or the name of a person.
    pub name: Option<String>,
    /// The customer's own e-mail address (ProfitWell); Alguna keeps addresses on contacts.
    pub email: Option<String>,
    /// First name of a person.
    pub first_name: Option<String>,
    /// Last name of a person.
    pub last_name: Option<String>,
    /// Currency of the customer's figures.
    pub currency: Option<Currency>,
    /// Ids other systems know this customer by; may hold Salesforce ids.
    pub aliases: Vec<String>,
    /// Ids of Salesforce records the billing system itself linked the customer to.
    pub connected_accounts: Vec<String>,
    /// Where invoices go.
    pub billing_address: Option<Address>,
    /// People at the customer.
    pub contacts: Vec<CustomerContact>,
    /// Tax rate as a fraction: `0.20` is 20 %.
    pub tax_rate: Option<Decimal>,
    /// Status word of the customer itself (ProfitWell), as the source writes it.
    pub status: Option<String>,
    /// Names of the plans the customer is on (ProfitWell).
    pub plans: Option<Vec<String>>,
    /// Monthly recurring revenue (ProfitWell gives it per customer).
    pub mrr: Option<Money>,
    /// Everything the customer ever paid.
    pub total_spend: Option<Money>,
    /// When the customer was created.
    pub created_at: Option<Timestamp>,
    /// When the customer first paid.
    pub activated_at: Option<Timestamp>,
    /// When the customer last churned.
    pub churned_at: Option<Timestamp>,
    /// When the source last changed the customer.
    pub updated_at: Option<Timestamp>,
}

impl Customer {
    /// A customer of which only the id is known.
    pub fn new(id: CustomerId) -> Self {
        Self {
            id,
            name: None,
            email: None,
            first_name: None,
            last_name: None,
            currency: None,
            aliases: Vec::new(),
            connected_accounts: Vec::new(),
            billing_address: None,
            contacts: Vec::new(),
            tax_rate: None,
            status: None,
            plans: None,
            mrr: None,
            total_spend: None,
            created_at: None,
            activated_at: None,
            churned_at: None,
            updated_at: None,
        }
    }

    /// The words a person knows the customer by: its name, else the person's name, else the
    /// e-mail address, else the id.
    pub fn display_name(&self) -> String {
        let person = [&self.first_name, &self.last_name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        self.name
            .clone()
            .filter(|name| !name.trim().is_empty())
            .or(Some(person).filter(|name| !name.is_empty()))
            .or_else(|| self.email.clone())
            .unwrap_or_else(|| self.id.to_string())
    }
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street, first line.
    pub line1: Option<String>,
    /// Street, second line.
    pub line2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country as the source writes it: ISO 3166-1 alpha-3 for Alguna, sometimes alpha-2.
    pub country: Option<String>,
}

/// A person at a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerContact {
    /// The billing system's id of the contact.
    pub id: String,
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Whether the billing system writes to this person first.
    pub is_primary: bool,
}

/// A subscription as its billing system describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The billing system's id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Its name.
    pub name: String,
    /// Name or id of its plan.
    pub plan: Option<String>,
    /// Where it is in its life.
    pub status: SubscriptionStatus,
    /// Currency of its price.
    pub currency: Currency,
    /// How often it is billed.
    pub interval: Option<Interval>,
    /// Recurring revenue, with how far the source vouches for it.
    pub revenue: Option<Revenue>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// The day it renews: outer `None` is not known, inner `None` is stated to be none.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "stated"
    )]
    pub renews_on: Option<Option<Date>>,
    /// When it ended; `None` while it runs or when the source does not say.
    pub ended_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When the source last changed it.
    pub updated_at: Option<Timestamp>,
}

/// A day that is there, even as `null`, is stated; only an absent one is not known.
#[expect(
    clippy::option_option,
    reason = "not known, known to be none, and a day"
)]
fn stated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Date>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Recurring revenue of one subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revenue {
    /// Monthly recurring revenue.
    pub mrr: Money,
    /// Annual recurring revenue.
    pub arr: Money,
    /// How far the source vouches for the figures.
    pub status: RevenueStatus,
}

/// How far the source vouches for a revenue figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevenueStatus {
    /// Everything is counted.
    Complete,
    /// Something (metered usage, mostly) is missing.
    Partial,
    /// There is no figure.
    Unavailable,
}

/// Where a subscription is in its life. Unknown words are kept as they came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// Running.
    Active,
    /// Running, not yet paid for.
    Trialing,
    /// Accepted, begins later.
    Scheduled,
    /// Sent to the customer, not accepted yet.
    Sent,
    /// Not sent yet.
    Draft,
    /// Interrupted.
    Paused,
    /// Over.
    Ended,
    /// A word this version does not know.
    Other(String),
}

/// How often a subscription is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every six months.
    SemiAnnual,
    /// Every twelve months.
    Yearly,
}

impl Interval {
    /// Its length in months.
    pub fn months(self) -> u32 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::SemiAnnual => 6,
            Self::Yearly => 12,
        }
    }

    /// The interval of so many months, where there is a word for it.
    pub fn of_months(months: u32) -> Option<Self> {
        match months {
            1 => Some(Self::Monthly),
            3 => Some(Self::Quarterly),
            6 => Some(Self::SemiAnnual),
            12 => Some(Self::Yearly),
            _ => None,
        }
    }

    /// The word Salesforce users see.
    pub fn word(self) -> &'static str {
        match self {
            Self::Monthly => "Monthly",
            Self::Quarterly => "Quarterly",
            Self::SemiAnnual => "Semi-annual",
            Self::Yearly => "Yearly",
        }
    }
}
