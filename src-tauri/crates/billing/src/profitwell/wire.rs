//! `ProfitWell`'s answers as they come (API v2). Unknown fields are ignored, unknown words kept;
//! only ids must be there.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::lenient;

/// A customer: twelve keys, three of which are often null.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are ProfitWell's")]
pub(super) struct Customer {
    #[serde(deserialize_with = "lenient::id")]
    pub(super) customer_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) first_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) last_name: Option<String>,
    /// Hundredths of the company's display currency.
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub(super) mrr_cents: Option<Decimal>,
    /// Hundredths of the company's display currency.
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub(super) total_spend_cents: Option<Decimal>,
    /// Read whole or not at all: a part of the plans would pass for all of them.
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) plans: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) created_on: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) activated_on: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::moment")]
    pub(super) churned_on: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::changed")]
    pub(super) updated_on: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct CompanySettings {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) name: Option<String>,
    /// Lower case.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) currency: Option<String>,
    /// IANA name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) timezone: Option<String>,
}

/// A line of a user's history, and the answer to a change of a subscription.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are ProfitWell's")]
pub(super) struct Subscription {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) user_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) user_alias: Option<String>,
    #[serde(deserialize_with = "lenient::id")]
    pub(super) subscription_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) subscription_alias: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) plan_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) plan_interval: Option<String>,
    /// Lower case.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) plan_currency: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) status: Option<String>,
    /// Hundredths, for one billing period.
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub(super) value: Option<Decimal>,
    /// Unix seconds.
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub(super) effective_date: Option<Decimal>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) meta: Option<Meta>,
}

#[derive(Default, Deserialize)]
pub(super) struct Meta {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) churn_type: Option<String>,
}

/// A plan made by hand or through the API.
#[derive(Deserialize)]
pub(super) struct Plan {
    #[serde(deserialize_with = "lenient::id")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) name: Option<String>,
}
