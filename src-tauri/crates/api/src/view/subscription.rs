//! Subscriptions from the local cache.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SubscriptionRowView {
    /// Number of the source connection.
    pub source: u32,
    /// Name of the source connection.
    pub source_name: String,
    /// The customer's id.
    pub customer: String,
    /// The customer's name.
    pub customer_name: String,
    /// The subscription's id; absent for a source that only knows customers.
    pub subscription: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its plan.
    pub plan: Option<String>,
    /// Its status word.
    pub status: String,
    /// Its interval, in words.
    pub interval: Option<String>,
    /// Monthly recurring revenue, decimal text; absent when not known.
    pub mrr: Option<String>,
    /// Currency of the revenue.
    pub currency: Option<String>,
    /// When it began.
    pub started_at: Option<String>,
    /// The day it renews.
    pub renews_on: Option<String>,
    /// The record it is linked to.
    pub record: Option<String>,
}

/// How to sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionSort {
    /// By customer name.
    Customer,
    /// By plan.
    Plan,
    /// By status.
    Status,
    /// By revenue.
    Mrr,
    /// By renewal.
    Renews,
}

/// Asks for a page.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SubscriptionsRequest {
    /// Words to find in customer, plan, e-mail or id.
    pub search: String,
    /// Only this source.
    pub source: Option<u32>,
    /// Only these status words.
    pub status: Vec<String>,
    /// Only these intervals, in words.
    pub interval: Vec<String>,
    /// Only these currencies.
    pub currency: Vec<String>,
    /// Only these plans; the empty one stands for no plan.
    pub plan: Vec<String>,
    /// How to sort.
    pub sort: SubscriptionSort,
    /// Whether to turn the order around.
    pub descending: bool,
    /// How many rows to leave out.
    pub offset: u32,
    /// How many rows to give, at most 500.
    pub limit: u32,
}

/// A page, with totals over everything the filter leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SubscriptionsView {
    /// The rows.
    pub rows: Vec<SubscriptionRowView>,
    /// How many the filter leaves.
    pub total: u32,
    /// How many there are without a filter.
    pub all: u32,
    /// Revenue per currency, of what the filter leaves.
    pub totals: Vec<MoneyView>,
    /// When each source was last read.
    pub sources: Vec<SourceAge>,
}

/// An amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoneyView {
    /// Decimal text.
    pub amount: String,
    /// ISO code.
    pub currency: String,
}

/// How old a source's cache is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceAge {
    /// Number of the connection.
    pub source: u32,
    /// Its name.
    pub name: String,
    /// When it was last read; absent when never.
    pub pulled_at: Option<String>,
    /// Whether it can be reached now, as far as is known.
    pub reachable: bool,
}

/// What there is to filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FacetsView {
    /// Status words with counts.
    pub status: Vec<FacetView>,
    /// Interval words with counts.
    pub interval: Vec<FacetView>,
    /// Currencies with counts.
    pub currency: Vec<FacetView>,
    /// Plans with counts, the most frequent 200.
    pub plan: Vec<FacetView>,
}

/// One value to filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FacetView {
    /// The value.
    pub value: String,
    /// How many rows have it.
    pub rows: u32,
}

/// Names one customer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct CustomerRequest {
    /// Number of the source connection.
    pub source: u32,
    /// The customer's id.
    pub customer: String,
}

/// A customer with everything the cache knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomerView {
    /// Number of the source connection.
    pub source: u32,
    /// Name of the source connection.
    pub source_name: String,
    /// The customer's id.
    pub customer: String,
    /// Its name.
    pub name: String,
    /// Its own e-mail address.
    pub email: Option<String>,
    /// Address, line by line.
    pub address: Vec<String>,
    /// Tax rate in words, such as `7.25%`.
    pub tax_rate: Option<String>,
    /// When it was created.
    pub created_at: Option<String>,
    /// When the source last changed it.
    pub updated_at: Option<String>,
    /// People.
    pub contacts: Vec<ContactView>,
    /// Its subscriptions.
    pub subscriptions: Vec<SubscriptionRowView>,
    /// Everything it ever paid.
    pub total_spend: Option<MoneyView>,
    /// The same fields in Salesforce, one table a sync.
    pub in_salesforce: Vec<InSalesforceView>,
}

/// A person at a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactView {
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether invoices go to this person.
    pub is_primary: bool,
}

/// A customer's values beside those of its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InSalesforceView {
    /// Number of the sync.
    pub sync: u32,
    /// Name of the sync.
    pub sync_name: String,
    /// Name of the org.
    pub org_name: String,
    /// The record's id.
    pub record: String,
    /// Link to the record.
    pub record_url: String,
    /// When the record was read.
    pub read_at: Option<String>,
    /// The fields, side by side.
    pub fields: Vec<SideBySide>,
}

/// One field on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SideBySide {
    /// API name of the field.
    pub field: String,
    /// Label of the field.
    pub label: String,
    /// What the source gives; `null` when it does not say.
    pub billing: Option<super::CellView>,
    /// What Salesforce holds.
    pub salesforce: super::CellView,
    /// Whether they agree.
    pub same: bool,
}
