//! Reads the book from CSV files; columns are in `DATA.md`.

use std::collections::HashMap;
use std::path::Path;

use rust_decimal::Decimal;

use super::pricing::{Interval, PriceLine, Version};
use super::rows::{Row, each};
use super::{
    Address, Book, Contact, Customer, ProfitwellCustomer, Record, SALESFORCE_INTEGRATION,
    Subscription, Tax, Text,
};
use crate::error::Error;

const CUSTOMER_COLUMNS: &[&str] = &[
    "id",
    "name",
    "currency",
    "created_at",
    "updated_at",
    "aliases",
    "line1",
    "line2",
    "city",
    "state",
    "postal_code",
    "country",
    "tax_rate",
    "tax_status",
    "tax_type",
    "tax_reason",
    "tax_country",
    "tax_id",
    "salesforce_id",
];
const CONTACT_COLUMNS: &[&str] = &[
    "id",
    "customer_id",
    "email",
    "first_name",
    "last_name",
    "is_primary",
];
const SUBSCRIPTION_COLUMNS: &[&str] = &[
    "id",
    "customer_id",
    "name",
    "status",
    "currency",
    "plan_id",
    "plan",
    "interval",
    "price",
    "units",
    "metered",
    "discount_percent",
    "created_at",
    "updated_at",
    "activated_at",
    "period_type",
    "duration_months",
    "contract_start",
    "contract_end",
    "auto_renew",
    "next_renewal_date",
    "ended_on",
];
const PROFITWELL_COLUMNS: &[&str] = &[
    "customer_id",
    "email",
    "first_name",
    "last_name",
    "mrr_cents",
    "plans",
    "status",
    "created_on",
    "activated_on",
    "churned_on",
    "updated_on",
    "total_spend_cents",
];
/// Stamp of rows that give none.
const UNSTAMPED: &str = "2026-11-01T00:00:00Z";

/// Loads all files of a folder.
pub(crate) fn load(folder: &Path) -> Result<Book, Error> {
    if !folder.is_dir() {
        return Err(Error::Read {
            path: folder.to_owned(),
            source: std::io::ErrorKind::NotFound.into(),
        });
    }
    let mut book = Book::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    each(folder, "customers.csv", Some(CUSTOMER_COLUMNS), |row| {
        customer(row, &mut book, &mut places)
    })?;
    each(folder, "contacts.csv", Some(CONTACT_COLUMNS), |row| {
        let owner = row.text("customer_id")?;
        let place = places.get(&owner).ok_or_else(|| {
            row.error(
                "customer_id",
                format!("customers.csv has no customer \"{owner}\""),
            )
        })?;
        let contacts = &mut book.customers[*place].contacts;
        let contact = Contact {
            id: row
                .owned("id")
                .unwrap_or_else(|| format!("cont_{owner}{}", contacts.len() + 1)),
            email: row.text("email")?,
            first_name: row.owned("first_name"),
            last_name: row.owned("last_name"),
            is_primary: row.flag("is_primary", contacts.is_empty())?,
        };
        contacts.push(contact);
        Ok(())
    })?;
    each(
        folder,
        "subscriptions.csv",
        Some(SUBSCRIPTION_COLUMNS),
        |row| {
            let subscription = subscription(row, &book, &places)?;
            book.subscriptions.push(subscription);
            Ok(())
        },
    )?;
    each(folder, "accounts.csv", None, |row| {
        book.records.accounts.push(record(row));
        Ok(())
    })?;
    each(folder, "salesforce_contacts.csv", None, |row| {
        book.records.contacts.push(record(row));
        Ok(())
    })?;
    let mut profitwell = Vec::new();
    let given = each(
        folder,
        "profitwell_customers.csv",
        Some(PROFITWELL_COLUMNS),
        |row| {
            profitwell.push(profitwell_row(row)?);
            Ok(())
        },
    )?;
    book.profitwell = given.then_some(profitwell);
    Ok(book)
}

/// A Salesforce record: the columns are API field names.
fn record(row: &Row<'_>) -> Record {
    let given = row.columns.keys();
    Record {
        line: Some(row.line),
        values: given
            .filter_map(|name| Some((name.clone().into(), row.optional(name)?.to_owned().into())))
            .collect(),
    }
}

fn customer(
    row: &Row<'_>,
    book: &mut Book,
    places: &mut HashMap<String, usize>,
) -> Result<(), Error> {
    let id = row.text("id")?;
    if places.insert(id.clone(), book.customers.len()).is_some() {
        return Err(row.error("id", format!("\"{id}\" stands in the file twice")));
    }
    let created_at = row
        .moment("created_at")?
        .unwrap_or_else(|| UNSTAMPED.to_owned());
    let text = |column: &str| row.owned(column).unwrap_or_default();
    let any_address = ["line1", "city", "country"]
        .iter()
        .any(|column| row.optional(column).is_some());
    let tax = Tax {
        tax_rate: row.owned("tax_rate").map(Text::from),
        tax_status: row.owned("tax_status").map(Text::from),
        tax_type: row.owned("tax_type").map(Text::from),
        tax_reason: row.owned("tax_reason").map(Text::from),
        tax_country: row.owned("tax_country").map(Text::from),
        tax_id: row.owned("tax_id"),
    };
    if let Some(rate) = row.optional("tax_rate") {
        rate.parse::<Decimal>().map_err(|_| {
            row.error(
                "tax_rate",
                format!("\"{rate}\" is not a decimal fraction like 0.20"),
            )
        })?;
    }
    if let Some(account) = row.owned("salesforce_id") {
        book.links
            .push((id.clone(), SALESFORCE_INTEGRATION.to_owned(), account));
    }
    book.customers.push(Customer {
        name: row.text("name")?,
        currency: row.owned("currency").map_or("USD".into(), Text::from),
        updated_at: row
            .moment("updated_at")?
            .unwrap_or_else(|| created_at.clone()),
        created_at,
        aliases: text("aliases")
            .split(';')
            .filter(|alias| !alias.is_empty())
            .map(str::to_owned)
            .collect(),
        address: any_address.then(|| Address {
            line1: text("line1"),
            line2: row.owned("line2"),
            city: text("city"),
            state: text("state"),
            postal_code: text("postal_code"),
            country: text("country").into(),
        }),
        contacts: Vec::new(),
        tax: Some(tax),
        id,
    });
    Ok(())
}

fn subscription(
    row: &Row<'_>,
    book: &Book,
    places: &HashMap<String, usize>,
) -> Result<Subscription, Error> {
    let id = row.text("id")?;
    let customer_id = row.text("customer_id")?;
    let place = places.get(&customer_id).ok_or_else(|| {
        row.error(
            "customer_id",
            format!("customers.csv has no customer \"{customer_id}\""),
        )
    })?;
    let interval = match row.optional("interval") {
        None => Interval::Monthly,
        Some(word) => Interval::from_word(word).ok_or_else(|| {
            row.error(
                "interval",
                format!("\"{word}\" is not one of monthly, quarterly, semi_annual, yearly"),
            )
        })?,
    };
    let status = row.owned("status").unwrap_or_else(|| "active".to_owned());
    let start = row.date("contract_start")?;
    let ended_on = row.date("ended_on")?;
    let created_at = row
        .moment("created_at")?
        .or_else(|| start.map(|day| format!("{day}T00:00:00Z")));
    let created_at = created_at.unwrap_or_else(|| UNSTAMPED.to_owned());
    let plan = row.owned("plan").unwrap_or_else(|| "Standard".to_owned());
    let narrow = |column: &str| -> Result<Option<u32>, Error> {
        row.whole(column)?
            .map(|number| {
                u32::try_from(number).map_err(|_| row.error(column, "the number is out of range"))
            })
            .transpose()
    };
    let line = PriceLine {
        product_id: "prod_platform".into(),
        price_per_unit_cents: row.cents("price")?.unwrap_or_default(),
        units: row.whole("units")?.unwrap_or(1),
        interval,
        metered: row.flag("metered", false)?,
        one_off: false,
    };
    Ok(Subscription {
        name: row.owned("name").unwrap_or_else(|| plan.clone()),
        currency: row
            .owned("currency")
            .map_or_else(|| book.customers[*place].currency.clone(), Text::from),
        plan_id: row
            .owned("plan_id")
            .unwrap_or_else(|| format!("pln_{}", super::people::slug(&plan)))
            .into(),
        plan_name: plan.into(),
        updated_at: row
            .moment("updated_at")?
            .unwrap_or_else(|| created_at.clone()),
        created_at,
        activated_at: row.moment("activated_at")?,
        period_type: row
            .owned("period_type")
            .map_or(Text::Borrowed("fixed"), Text::from),
        duration_months: narrow("duration_months")?,
        start,
        end: row.date("contract_end")?,
        auto_renew: row.flag("auto_renew", true)?,
        next_renewal: row.date("next_renewal_date")?,
        ended_on,
        interval,
        versions: vec![Version {
            id: format!("subv_{id}1"),
            start,
            end: ended_on,
            published: !matches!(status.as_str(), "draft" | "sent"),
            lines: vec![line],
        }],
        discount_percent: narrow("discount_percent")?,
        pending_change: false,
        status,
        customer_id,
        id,
    })
}

fn profitwell_row(row: &Row<'_>) -> Result<ProfitwellCustomer, Error> {
    let plans = row.owned("plans").unwrap_or_default();
    Ok(ProfitwellCustomer {
        customer_id: row.text("customer_id")?,
        email: row.owned("email"),
        first_name: row.owned("first_name"),
        last_name: row.owned("last_name"),
        mrr_cents: row.whole("mrr_cents")?,
        plans: plans
            .split(';')
            .filter(|plan| !plan.is_empty())
            .map(str::to_owned)
            .collect(),
        status: row.text("status")?,
        created_on: row.moment("created_on")?,
        activated_on: row.moment("activated_on")?,
        churned_on: row.moment("churned_on")?,
        updated_on: row
            .moment("updated_on")?
            .unwrap_or_else(|| UNSTAMPED.to_owned()),
        total_spend_cents: row.whole("total_spend_cents")?,
    })
}
