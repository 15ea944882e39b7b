//! What is documented of `ProfitWell`'s API (facts/profitwell.md §1, §2). The customer event of
//! the other host is not among it: it takes the public token.

use drawbridge_model::ApiMethod::{Delete, Get, Post, Put};

use super::ProfitWell;
use crate::console::{Console, Endpoint, Parameter, endpoint, optional, required};

const PLANS_A_DAY: &str = "1,000 calls a day to all plan paths together";
const METRICS_A_DAY: &str = "3,000 calls a day to metrics and company settings together";
const PRIVACY_A_MINUTE: &str = "20 calls a minute";

const CUSTOMERS: &[Parameter] = &[
    optional("per_page", "Rows a page, at most 250"),
    optional("page", "From 1"),
    optional("email", "Only customers with this address"),
    optional(
        "start_date",
        "Updated at or after, such as 2026-01-31T00:00:00Z",
    ),
    optional("end_date", "Updated before"),
    optional("direction", "asc or desc by the last update"),
];

/// Every documented call.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint(Get, "/v2/api-status/", "Says whether the API is up and takes the token"),
    endpoint(Get, "/v2/company/settings/", "Gets the company's name, time zone and currency")
        .limit(METRICS_A_DAY),
    endpoint(Get, "/v2/customers/", "Lists customers, by their last update").query(CUSTOMERS),
    endpoint(Get, "/v2/customers/{customer}/", "Gets one customer"),
    endpoint(Get, "/v2/users/{user}/", "Lists the subscription history of a user"),
    endpoint(Put, "/v2/users/{user}/", "Changes the e-mail address of a user")
        .body(r#"{"email": ""}"#),
    endpoint(Delete, "/v2/users/{user}/", "Deletes a user")
        .irreversible("The user and the whole history of their subscriptions are gone for good"),
    endpoint(Post, "/v2/subscriptions/", "Creates a subscription, and its user where there is none")
        .body(
            r#"{"user_alias": "", "subscription_alias": "", "email": "", "plan_id": "", "plan_interval": "month", "plan_currency": "usd", "status": "active", "value": 0, "effective_date": 0}"#,
        ),
    endpoint(Put, "/v2/subscriptions/{subscription}/", "Moves a subscription to another plan or price")
        .body(r#"{"plan_id": "", "plan_interval": "month", "value": 0, "effective_date": 0}"#),
    endpoint(Delete, "/v2/subscriptions/{subscription}/", "Churns a subscription")
        .query(&[
            required("effective_date", "When it ends, in unix seconds"),
            optional("churn_type", "voluntary or delinquent"),
        ])
        .irreversible(
            "The subscription ends on that day. Un-churning it later takes the churn out of its history",
        ),
    endpoint(Put, "/v2/unchurn/{subscription}/", "Takes the churn of a subscription out of its history"),
    endpoint(Get, "/v2/plans/", "Lists the plans that were added by hand").limit(PLANS_A_DAY),
    endpoint(Post, "/v2/plans/", "Creates a plan")
        .body(r#"{"id": "", "name": ""}"#)
        .limit(PLANS_A_DAY),
    endpoint(Get, "/v2/plans/{plan}/", "Gets one plan").limit(PLANS_A_DAY),
    endpoint(Put, "/v2/plans/{plan}/", "Renames a plan")
        .body(r#"{"name": ""}"#)
        .limit(PLANS_A_DAY),
    endpoint(Get, "/v2/metrics/monthly/", "Gets the trends by month, over the whole history")
        .query(&[
            optional("metrics", "Names with commas between, such as recurring_revenue,active_customers"),
            optional("plan_id", "Only this plan"),
        ])
        .limit(METRICS_A_DAY),
    endpoint(Get, "/v2/metrics/daily/", "Gets the trends by day, of this month or the last")
        .query(&[
            required("month", "Such as 2026-11"),
            optional("metrics", "Names with commas between"),
            optional("plan_id", "Only this plan"),
        ])
        .limit(METRICS_A_DAY),
    endpoint(Get, "/v2/metrics/plans/", "Lists the ids of plans with active customers, by revenue")
        .query(&[optional("limit", "At most 150")])
        .limit(METRICS_A_DAY),
    endpoint(Post, "/v2/metrics/exclude_customer/{customer}/", "Takes a customer out of all metrics")
        .irreversible(
            "All figures of the past change. Only ProfitWell's own page “Manage Excluded Customers” takes it back",
        )
        .limit("10 calls a minute"),
    endpoint(Get, "/v2/customer_traits/customer/{customer}/", "Lists the traits of a customer")
        .limit(PRIVACY_A_MINUTE),
    endpoint(Put, "/v2/customer_traits/trait/", "Gives customers a trait, or changes it")
        .body(r#"{"customer_id": "", "category": "", "trait": ""}"#)
        .limit(PRIVACY_A_MINUTE),
    endpoint(Delete, "/v2/customer_traits/trait/", "Takes a trait from customers")
        .body(r#"{"customer_id": "", "category": "", "trait": ""}"#)
        .irreversible("The trait is gone from the customers the body names")
        .limit(PRIVACY_A_MINUTE),
    endpoint(Delete, "/v2/customer_traits/category/", "Deletes a category of traits")
        .body(r#"{"category": ""}"#)
        .irreversible("The category is gone from every customer")
        .limit(PRIVACY_A_MINUTE),
    endpoint(Post, "/v2/gdpr/anonymize_by_email/{email}/", "Anonymises the customers with this address")
        .irreversible("Their names and addresses cannot be brought back")
        .limit(PRIVACY_A_MINUTE)
        .forgets(),
    endpoint(Post, "/v2/gdpr/anonymize_by_customer_id/{customer}/", "Anonymises one customer")
        .irreversible("Their name and address cannot be brought back")
        .limit(PRIVACY_A_MINUTE)
        .forgets(),
    endpoint(
        Get,
        "/v2/retain/unsubscribed_customers/{intervention}/",
        "Lists customers who want no mail of Retain: term_optimization or reactivation",
    )
    .query(&[
        optional("start_date", "From this day on"),
        optional("end_date", "Up to this day"),
        optional("page", "From 1"),
        optional("per_page", "Rows a page"),
    ]),
    endpoint(Post, "/v2/retain/stop/", "Stops Retain's mail to a customer")
        .body(r#"{"customer_id": "", "intervention_types": ["retain"], "forever": false}"#),
];

impl ProfitWell {
    /// `ProfitWell`, called by hand.
    pub fn console(&self) -> Console<'_> {
        Console::new(&self.transport, ENDPOINTS, "/v2/plans/")
    }
}
