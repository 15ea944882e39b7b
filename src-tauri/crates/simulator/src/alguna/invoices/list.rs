//! The list of invoices: filters, date ranges, order.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::shape::shape;
use super::{Invoice, make};
use crate::alguna::answer::invalid;
use crate::alguna::paging;
use crate::alguna::records::Records;
use crate::alguna::terms::Terms;
use crate::reply::{Reply, Request};

const STATUSES: [&str; 10] = [
    "draft",
    "upcoming",
    "pending_approval",
    "scheduled",
    "processing",
    "issued",
    "void",
    "paid",
    "canceled",
    "overdue",
];
const SORTS: [&str; 7] = [
    "created_at",
    "invoicing_date",
    "issue_date",
    "due_date",
    "paid_date",
    "account_name",
    "status",
];

/// One of an invoice's dates.
type DateOf = fn(&Invoice) -> Option<Date>;

/// A day or moment as a bound, both ends inclusive.
fn bound(request: &Request, name: &str) -> Result<Option<Timestamp>, Reply> {
    let Some(text) = request.param(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let read = text.parse::<Timestamp>().ok().or_else(|| {
        let day = text.parse::<Date>().ok()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    });
    read.map(Some)
        .ok_or_else(|| invalid(&format!("{name} must be a date")))
}

/// `GET /invoices`.
pub(crate) fn list(records: &mut Records, request: &Request) -> Result<Reply, Reply> {
    let (limit, offset) = paging::window(request)?;
    let sort = paging::sort(request, &SORTS)?;
    let statuses = paging::values(request, "status");
    let mut unknown = statuses
        .iter()
        .flatten()
        .filter(|word| !STATUSES.contains(word));
    if let Some(word) = unknown.next() {
        return Err(invalid(&format!("status {word} is not known")));
    }
    let mut ranges: Vec<(DateOf, [Option<Timestamp>; 2])> = Vec::new();
    let dates: [(&str, DateOf); 4] = [
        ("due_date", |invoice| Some(invoice.due())),
        ("invoicing_date", |invoice| Some(invoice.start)),
        ("issue_date", Invoice::issued),
        ("paid_date", Invoice::paid),
    ];
    for (name, date) in dates {
        let from = bound(request, &format!("{name}_gte"))?;
        let to = bound(request, &format!("{name}_lte"))?;
        if from.is_some() || to.is_some() {
            ranges.push((date, [from, to]));
        }
    }
    let given = |name: &str| request.param(name).filter(|text| !text.is_empty());
    let (customer, of) = (given("customer_id"), given("subscription_id"));
    let autopay = paging::flag(request, "autopay")?;
    // No invoice here has a reference, a tag or a tax calculation.
    let none = [
        "tag_ids",
        "external_reference",
        "reference",
        "tax_calculation_id",
    ]
    .into_iter()
    .any(|name| given(name).is_some());
    if records.invoices.is_none() {
        records.invoices = Some(make(&records.subscriptions));
    }
    let records = &*records;
    let invoices = records.invoices.as_deref().unwrap_or_default();
    let fits = |invoice: &Invoice| {
        let (subscription, _) = invoice.of(records);
        let within = |day: Option<Date>, [from, to]: &[Option<Timestamp>; 2]| {
            let zoned = day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok());
            zoned.map(|zoned| zoned.timestamp()).is_some_and(|at| {
                from.is_none_or(|from| from <= at) && to.is_none_or(|to| at <= to)
            })
        };
        !none
            && statuses
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&invoice.status))
            && customer.is_none_or(|id| subscription.customer_id == id)
            && of.is_none_or(|id| subscription.id == id)
            && autopay.is_none_or(|wanted| {
                let terms = Terms::of(subscription);
                (terms.collection == "autopay") == wanted
            })
            && ranges
                .iter()
                .all(|(date, bounds)| within(date(invoice), bounds))
    };
    let mut found: Vec<Invoice> = invoices.iter().copied().filter(fits).collect();
    if let Some((field, descending)) = sort {
        found.sort_by_cached_key(|row| sort_key(records, row, field));
        if descending {
            found.reverse();
        }
    }
    let total = found.len();
    let page = found.iter().skip(offset).take(limit);
    let page: Vec<Value> = page.map(|row| shape(records, row)).collect();
    Ok(paging::envelope(&page, limit, total))
}

/// What the list is sorted by; equal values keep the order of subscriptions and cycles.
fn sort_key(records: &Records, invoice: &Invoice, field: &str) -> (Date, String, usize, i64) {
    let day = |day: Option<Date>| (day.unwrap_or(Date::MIN), String::new());
    let text = |text: String| (Date::MIN, text);
    let (subscription, _) = invoice.of(records);
    let (day, text) = match field {
        "due_date" => day(Some(invoice.due())),
        "issue_date" => day(invoice.issued()),
        "paid_date" => day(invoice.paid()),
        "status" => text(invoice.status.to_owned()),
        "account_name" => text(
            records
                .resolve(&subscription.customer_id)
                .map(|at| records.customers[at].name.to_lowercase())
                .unwrap_or_default(),
        ),
        _ => day(Some(invoice.start)),
    };
    (day, text, invoice.subscription, invoice.cycle)
}
