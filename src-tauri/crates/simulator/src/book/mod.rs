//! The data the simulated servers start with: one company's customers as its billing system knows
//! them, and the Accounts and Contacts its sales people keep.

mod awkward;
mod derive;
mod files;
mod known;
mod names;
mod people;
mod pricing;
mod rows;
mod seed;
mod terms;
mod words;

pub(crate) use derive::{in_dollars, profitwell};
pub(crate) use files::load;
pub(crate) use pricing::{Interval, PriceLine, Version, decimal, divide_half_up};
pub(crate) use seed::make_up;

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Serialize;

/// A text that is a word of the program more often than not; those are not kept once per record.
pub(crate) type Text = Cow<'static, str>;

/// Everything to serve.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) customers: Vec<Customer>,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) records: Records,
    /// Links Alguna keeps: (customer id, integration id, external id).
    pub(crate) links: Vec<(String, String, String)>,
    /// `ProfitWell`'s customers, where they were loaded; else they are derived by [`profitwell`].
    pub(crate) profitwell: Option<Vec<ProfitwellCustomer>>,
}

/// The Salesforce records of a book.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) accounts: Vec<Record>,
    /// `AccountId` may hold an Account's id.
    pub(crate) contacts: Vec<Record>,
}

/// A Salesforce record by API field name; a field without a value is absent.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Line in the file it was read from.
    pub(crate) line: Option<u64>,
    pub(crate) values: Vec<(Text, Text)>,
}

impl Record {
    /// A record with room for so many values.
    fn of(values: usize) -> Self {
        Self {
            line: None,
            values: Vec::with_capacity(values),
        }
    }
}

/// Alguna's integration with the Salesforce org.
pub(crate) const SALESFORCE_INTEGRATION: &str = "intg_sf7Qw2Lx";
/// Alguna's integration with a payment provider, for contrast.
pub(crate) const STRIPE_INTEGRATION: &str = "intg_st4Kd9Vb";

/// A billing customer in Alguna's shape.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) currency: Text,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) address: Option<Address>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) tax: Option<Tax>,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Address {
    pub(crate) line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line2: Option<String>,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) postal_code: String,
    /// ISO 3166-1 alpha-3.
    pub(crate) country: Text,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_name: Option<String>,
    pub(crate) is_primary: bool,
}

/// Tax facts, given only when one customer is read.
#[derive(Debug, Clone, Default, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the API")]
pub(crate) struct Tax {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tax_rate: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tax_status: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tax_type: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tax_reason: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tax_country: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tax_id: Option<String>,
}

/// A subscription with its versions, oldest first.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) customer_id: String,
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) currency: Text,
    pub(crate) plan_id: Text,
    pub(crate) plan_name: Text,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) activated_at: Option<String>,
    pub(crate) period_type: Text,
    pub(crate) duration_months: Option<u32>,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) auto_renew: bool,
    pub(crate) next_renewal: Option<Date>,
    pub(crate) ended_on: Option<Date>,
    pub(crate) interval: Interval,
    pub(crate) versions: Vec<Version>,
    pub(crate) discount_percent: Option<u32>,
    pub(crate) pending_change: bool,
}

/// A `ProfitWell` customer: the 12 keys of facts/profitwell.md §2.8.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ProfitwellCustomer {
    pub(crate) customer_id: String,
    pub(crate) email: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) mrr_cents: Option<i64>,
    pub(crate) plans: Vec<String>,
    pub(crate) status: String,
    pub(crate) created_on: Option<String>,
    pub(crate) activated_on: Option<String>,
    pub(crate) churned_on: Option<String>,
    pub(crate) updated_on: String,
    pub(crate) total_spend_cents: Option<i64>,
}

/// The day the made-up data pretends to have been written on.
pub(crate) fn today() -> Date {
    jiff::civil::date(2026, 11, 20)
}
