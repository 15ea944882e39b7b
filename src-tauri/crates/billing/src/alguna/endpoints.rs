//! What is documented of Alguna's API (facts/alguna.md §2).

use drawbridge_model::ApiMethod::{Delete, Get, Patch, Post};

use super::Alguna;
use crate::console::{Console, Endpoint, Parameter, endpoint, optional, required};

const PAGE: [Parameter; 2] = [
    required("limit", "Rows a page, at most 100"),
    required("offset", "Rows to leave out"),
];

/// Every documented call that Drawbridge knows the meaning of.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint(Get, "/customers", "Lists customers").query(&[
        PAGE[0],
        PAGE[1],
        optional("email", "Only customers with a contact of this address"),
        optional("alias", "Only the customer with this alias"),
        optional("has_active_subscriptions", "true or false"),
        optional("integration_ids", "Ids with commas between"),
        optional("sort", "name or created_at, then :asc or :desc"),
    ]),
    endpoint(
        Get,
        "/customers/{customer}",
        "Gets one customer, by id, alias or connected Account",
    ),
    endpoint(
        Get,
        "/customers/lookup",
        "Finds a customer's id by an alias",
    )
    .query(&[required("alias", "Alias, or id of a connected Account")]),
    endpoint(Post, "/customers", "Creates a customer")
        .body(r#"{"name": "", "currency": "EUR", "aliases": []}"#),
    endpoint(
        Patch,
        "/customers/{customer}",
        "Changes a customer; lists of contacts and aliases are replaced as a whole",
    )
    .body(r#"{"name": ""}"#),
    endpoint(
        Get,
        "/customers/{customer}/entitlements",
        "Lists what a customer is entitled to",
    ),
    endpoint(
        Get,
        "/customers/{customer}/payment-methods",
        "Lists the payment methods of a customer",
    ),
    endpoint(
        Get,
        "/customers/{customer}/connected-accounts",
        "Lists the records a customer is linked to",
    ),
    endpoint(
        Post,
        "/customers/{customer}/connected-accounts",
        "Links a customer to a record of another system",
    )
    .body(r#"{"integration_id": "", "external_id": ""}"#),
    endpoint(
        Delete,
        "/customers/{customer}/connected-accounts/{connected_account}",
        "Unlinks a customer from a record",
    )
    .irreversible("The link is gone; linking anew gives it another id"),
    endpoint(
        Get,
        "/integrations",
        "Lists the integrations, such as Salesforce orgs",
    )
    .query(&[optional("provider", "Such as salesforce")]),
    endpoint(Get, "/integrations/{integration}", "Gets one integration"),
    endpoint(Get, "/subscriptions", "Lists subscriptions").query(&[
        PAGE[0],
        PAGE[1],
        optional("customer_id", "Only those of this customer"),
        optional(
            "status",
            "draft, active, canceled and others, with commas between",
        ),
        optional("sort", "Such as updated_at:desc"),
    ]),
    endpoint(
        Get,
        "/subscriptions/{subscription}",
        "Gets one subscription",
    ),
    endpoint(
        Get,
        "/subscriptions/{subscription}/billing-dates",
        "Gets the billing dates of a subscription",
    ),
    endpoint(
        Get,
        "/subscriptions/{subscription}/revenue",
        "Gets MRR, ARR and ACV of a subscription",
    ),
    endpoint(
        Get,
        "/subscriptions/{subscription}/versions",
        "Lists the versions of a subscription",
    ),
    endpoint(
        Get,
        "/subscriptions/{subscription}/versions/current",
        "Gets the version in force, with its prices",
    ),
    endpoint(
        Get,
        "/subscriptions/{subscription}/versions/{version}",
        "Gets one version, with its prices",
    ),
    endpoint(
        Get,
        "/subscriptions/{subscription}/versions/{version}/revenue",
        "Gets the revenue of one version, also of a draft",
    ),
    endpoint(
        Get,
        "/subscriptions/{subscription}/pdf",
        "Gets a subscription as PDF",
    ),
    endpoint(Post, "/subscriptions", "Creates a subscription")
        .body(r#"{"customer_id": "", "name": ""}"#),
    endpoint(
        Patch,
        "/subscriptions/{subscription}",
        "Changes a subscription",
    )
    .body(r#"{"name": ""}"#),
    endpoint(
        Post,
        "/subscriptions/{subscription}/activate",
        "Activates a draft",
    ),
    endpoint(
        Post,
        "/subscriptions/{subscription}/cancel",
        "Cancels a subscription",
    )
    .body(r#"{"reason": "no_longer_required", "effective": "end_of_term"}"#)
    .irreversible("The subscription ends, and its customer may be billed or told"),
    endpoint(Delete, "/subscriptions/{subscription}", "Deletes a draft")
        .irreversible("The draft is gone"),
    endpoint(Get, "/quotes", "Lists quotes").query(&[
        PAGE[0],
        PAGE[1],
        optional("status", "draft, sent, signed and others"),
        optional("kind", "new, renewal or amendment"),
        optional("subscription_id", "Only those of this subscription"),
    ]),
    endpoint(Get, "/quotes/{quote}", "Gets one quote"),
    endpoint(Get, "/quotes/{quote}/pdf", "Gets a quote as PDF"),
    endpoint(Get, "/invoices", "Lists invoices").query(&[
        PAGE[0],
        PAGE[1],
        optional("customer_id", "Only those of this customer"),
        optional("status", "issued, paid, overdue and others"),
        optional("subscription_id", "Only those of this subscription"),
    ]),
    endpoint(
        Get,
        "/invoices/{invoice}",
        "Gets one invoice, with its lines",
    ),
    endpoint(Get, "/invoices/{invoice}/pdf", "Gets an invoice as PDF"),
    endpoint(Get, "/payments", "Lists payments").query(&[
        PAGE[0],
        PAGE[1],
        optional("customer_id", "Only those of this customer"),
        optional("invoice_id", "Only those for this invoice"),
    ]),
    endpoint(Get, "/credit-notes", "Lists credit notes").query(&[
        PAGE[0],
        PAGE[1],
        optional("customer_id", "Only those of this customer"),
    ]),
    endpoint(Get, "/refunds", "Lists refunds").query(&PAGE),
    endpoint(
        Get,
        "/insights/revenue/subscription/{subscription}",
        "Gets the revenue of a subscription",
    ),
    endpoint(
        Get,
        "/insights/revenue/by-customer",
        "Lists revenue by customer",
    )
    .query(&PAGE),
    endpoint(
        Get,
        "/insights/billings/by-customer",
        "Lists billings by customer",
    )
    .query(&PAGE),
    endpoint(
        Get,
        "/insights/ar-aging/by-customer",
        "Lists what is overdue, by customer",
    )
    .query(&PAGE),
    endpoint(Get, "/plans", "Lists plans").query(&PAGE),
    endpoint(Get, "/products", "Lists products").query(&PAGE),
    endpoint(Get, "/tags", "Lists tags").query(&PAGE),
    endpoint(Get, "/merchants", "Lists merchants").query(&PAGE),
    endpoint(
        Get,
        "/revenue-schedules/legal-entity/{legal_entity}",
        "Gets the revenue schedule of a legal entity",
    ),
    endpoint(Post, "/events", "Sends usage events, at most 100 a call")
        .body(r#"{"events": [{"account": "", "event_name": "", "unique_id": ""}]}"#)
        .irreversible("What was ingested is billed; there is no call that takes an event back"),
    endpoint(
        Post,
        "/customer-portal-sessions",
        "Opens a session of the customer portal",
    )
    .body(r#"{"customer_id": ""}"#),
];

impl Alguna {
    /// Alguna, called by hand.
    pub fn console(&self) -> Console<'_> {
        Console::new(&self.transport, ENDPOINTS, "/customers")
    }
}
