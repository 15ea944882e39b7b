//! Alguna's answers as they come (API version 2026-04-01). Unknown fields are ignored, unknown
//! words kept; only ids must be there.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::lenient;

/// A listing: rows are read one by one, so that an error can name its row.
#[derive(Deserialize)]
pub(super) struct Listing {
    pub(super) data: Vec<Box<RawValue>>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) pagination: Option<Pagination>,
}

#[derive(Deserialize)]
pub(super) struct Pagination {
    pub(super) per_page: Option<usize>,
}

#[derive(Deserialize)]
pub(super) struct Customer {
    #[serde(deserialize_with = "lenient::id")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) currency: Option<String>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::changed")]
    pub(super) updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub(super) aliases: Vec<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) billing_address: Option<Address>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub(super) contacts: Vec<Contact>,
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub(super) tax_rate: Option<Decimal>,
}

#[derive(Deserialize)]
pub(super) struct Address {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) line1: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) line2: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) city: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) state: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) postal_code: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) country: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Contact {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) first_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) last_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) is_primary: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Integration {
    #[serde(deserialize_with = "lenient::id")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) provider: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) description: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ConnectedAccount {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) integration_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) external_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PlanName {
    #[serde(deserialize_with = "lenient::id")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Subscription {
    #[serde(deserialize_with = "lenient::id")]
    pub(super) id: String,
    #[serde(deserialize_with = "lenient::id")]
    pub(super) customer_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) currency: Option<String>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::changed")]
    pub(super) updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) activated_at: Option<Timestamp>,
    /// Not documented for this version; taken where it comes all the same.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) ended_at: Option<Timestamp>,
    /// Not documented for this version; taken where it comes all the same.
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) canceled_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) plan_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) contract: Option<Contract>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) renewal: Option<Renewal>,
}

#[derive(Deserialize, Default)]
pub(super) struct Contract {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) period_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) duration_months: Option<u32>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) start_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::date")]
    pub(super) end_date: Option<Date>,
}

#[derive(Deserialize, Default)]
pub(super) struct Renewal {
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) auto_renew: Option<bool>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) duration_months: Option<u32>,
}

#[derive(Deserialize, Default)]
pub(super) struct BillingDates {
    #[serde(default, deserialize_with = "lenient::date")]
    pub(super) next_renewal_date: Option<Date>,
    #[serde(default, deserialize_with = "lenient::date")]
    pub(super) contract_end_date: Option<Date>,
}

#[derive(Deserialize)]
pub(super) struct Revenue {
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub(super) mrr: Option<Decimal>,
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub(super) arr: Option<Decimal>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) currency: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) recurring_revenue_status: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Version {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) end_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub(super) items: Vec<Line>,
}

/// A priced product, or a bundle of such.
#[derive(Deserialize, Default)]
pub(super) struct Line {
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) price: Option<Price>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub(super) items: Vec<Line>,
}

#[derive(Deserialize, Default)]
pub(super) struct Price {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) fee_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) billing_frequency: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) billing_interval: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) billing_interval_count: Option<u32>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) billing_interval_unit: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) currency: Option<String>,
}
