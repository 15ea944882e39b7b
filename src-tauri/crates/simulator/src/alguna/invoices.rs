//! Invoices (facts/alguna.md §2.6): one for each billing cycle of the last twelve months, and one to
//! come, made from the versions of the subscriptions.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::answer::{invalid, problem};
use super::paging;
use super::records::Records;
use super::terms::ticket;
use crate::book::{Subscription, Version, decimal, divide_half_up, today};
use crate::reply::{Reply, Request};

/// Days an invoice may be paid in.
const TERM: i64 = 30;
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

/// One billing cycle of a subscription, by places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Invoice {
    subscription: usize,
    version: usize,
    /// Cycles since the start of the contract.
    cycle: i64,
    start: Date,
    end: Date,
    status: &'static str,
}

impl Invoice {
    fn of<'a>(&self, records: &'a Records) -> (&'a Subscription, &'a Version) {
        let subscription = &records.subscriptions[self.subscription];
        (subscription, &subscription.versions[self.version])
    }

    fn id(&self, records: &Records) -> String {
        format!("inv_{}{:03}", self.of(records).0.id, self.cycle)
    }

    /// Cents of each fixed recurring line in the cycle, and in all after the discount.
    fn cents(&self, records: &Records) -> i64 {
        let (subscription, version) = self.of(records);
        let months = i64::from(subscription.interval.months());
        let yearly = subscription.yearly_cents(version);
        divide_half_up(yearly.saturating_mul(months), 12)
    }

    fn due(&self) -> Date {
        self.start.saturating_add(TERM.days())
    }

    fn issued(&self) -> Option<Date> {
        (self.status != "upcoming").then_some(self.start)
    }

    fn paid(&self) -> Option<Date> {
        (self.status == "paid").then(|| self.due().saturating_sub(9.days()))
    }
}

/// Every invoice, subscription by subscription, oldest first.
fn make(subscriptions: &[Subscription]) -> Vec<Invoice> {
    let (today, oldest) = (today(), today().saturating_sub(12.months()));
    let mut invoices = Vec::new();
    for (place, subscription) in subscriptions.iter().enumerate() {
        let billed = matches!(
            subscription.status.as_str(),
            "active" | "canceled" | "completed" | "in_dunning"
        );
        let Some(first) = subscription.start.filter(|_| billed) else {
            continue;
        };
        let months = i64::from(subscription.interval.months());
        let boundary = |cycle: i64| first.saturating_add((cycle.saturating_mul(months)).months());
        let until = subscription.ended_on.unwrap_or(Date::MAX);
        let mut cycle = 0;
        loop {
            let (start, end) = (boundary(cycle), boundary(cycle + 1));
            if start >= until || end <= start {
                break;
            }
            let held = |version: &Version| {
                version.published
                    && version.start.is_none_or(|from| from <= start)
                    && version.end.is_none_or(|to| start < to)
            };
            let version = subscription.versions.iter().rposition(held);
            if let Some(version) = version.filter(|_| start >= oldest) {
                let due = start.saturating_add(TERM.days());
                let luck = ticket(&subscription.id) % 29;
                let status = match subscription.status.as_str() {
                    _ if start > today => "upcoming",
                    _ if due > today => "issued",
                    "in_dunning" => "overdue",
                    // Now and then the latest one that is due stays unpaid.
                    _ if luck == 0 && due.saturating_add(months.months()) > today => "overdue",
                    _ => "paid",
                };
                invoices.push(Invoice {
                    subscription: place,
                    version,
                    cycle,
                    start,
                    end,
                    status,
                });
            }
            if start > today {
                break;
            }
            cycle += 1;
        }
    }
    invoices
}

fn at(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

fn shape(records: &Records, invoice: &Invoice) -> Value {
    let (subscription, _) = invoice.of(records);
    json!({
        "id": invoice.id(records), "customer_id": subscription.customer_id,
        "status": invoice.status, "currency": subscription.currency,
        "description": subscription.name, "total": decimal(invoice.cents(records)),
        "billing_period": format!("{} - {}", invoice.start, invoice.end),
        "billing_period_start": at(invoice.start), "billing_period_end": at(invoice.end),
        "created_at": at(invoice.start.min(today())),
        "updated_at": at(invoice.paid().unwrap_or(invoice.start).min(today()))
    })
}

/// A single invoice: amounts, dates and one line for each fixed price.
fn detail(records: &Records, invoice: &Invoice) -> Value {
    let (subscription, version) = invoice.of(records);
    let total = invoice.cents(records);
    let paid = if invoice.status == "paid" { total } else { 0 };
    let id = invoice.id(records);
    let months = i64::from(subscription.interval.months());
    let mut lines: Vec<Value> = Vec::new();
    let mut sum = 0_i64;
    let fixed = version.lines.iter().filter(|line| !line.metered && !line.one_off);
    for (number, line) in fixed.enumerate() {
        // A price of another interval counts for the months of this cycle.
        let unit = line.price_per_unit_cents.saturating_mul(months);
        let unit = divide_half_up(unit, i64::from(line.interval.months()));
        let price = unit.saturating_mul(line.units);
        sum = sum.saturating_add(price);
        lines.push(line_shape(
            invoice,
            (&id, number),
            (&line.product_id, &subscription.plan_name),
            (line.units, unit, price),
        ));
    }
    if sum != total {
        let off = total.saturating_sub(sum);
        lines.push(line_shape(invoice, (&id, lines.len()), ("", "Discount"), (1, off, off)));
    }
    let mut value = shape(records, invoice);
    let more = json!({
        "subtotal": decimal(total), "tax": "0.00", "amount_paid": decimal(paid),
        "amount_remaining": decimal(total - paid), "due_date": at(invoice.due()),
        "invoicing_date": at(invoice.start), "issue_date": invoice.issued().map(at),
        "paid_date": invoice.paid().map(at), "line_items": lines
    });
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    value
}

/// A line: invoice id and number, product and description, units with unit price and price in cents.
fn line_shape(
    invoice: &Invoice,
    (id, number): (&str, usize),
    (product, description): (&str, &str),
    (units, unit, price): (i64, i64, i64),
) -> Value {
    let mut line = json!({
        "id": format!("{id}_{}", number + 1), "description": description, "is_editable": false,
        "quantity": units.to_string(), "unit_price": decimal(unit), "total_price": decimal(price),
        "amount_excluding_tax": decimal(price), "amount_including_tax": decimal(price),
        "tax_amount": "0.00", "tax_rate": "0",
        "billing_period_start": at(invoice.start), "billing_period_end": at(invoice.end)
    });
    if !product.is_empty() {
        line["product_id"] = Value::from(product);
    }
    line
}

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
    let mut unknown = statuses.iter().flatten().filter(|word| !STATUSES.contains(word));
    if let Some(word) = unknown.next() {
        return Err(invalid(&format!("status {word} is not known")));
    }
    let mut ranges: Vec<(fn(&Invoice) -> Option<Date>, [Option<Timestamp>; 2])> = Vec::new();
    let dates: [(&str, fn(&Invoice) -> Option<Date>); 4] = [
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
    let none = ["tag_ids", "external_reference", "reference", "tax_calculation_id"]
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
            && statuses.as_ref().is_none_or(|wanted| wanted.contains(&invoice.status))
            && customer.is_none_or(|id| subscription.customer_id == id)
            && of.is_none_or(|id| subscription.id == id)
            && autopay.is_none_or(|wanted| {
                let terms = super::terms::Terms::of(subscription);
                (terms.collection == "autopay") == wanted
            })
            && ranges.iter().all(|(date, bounds)| within(date(invoice), bounds))
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

/// What a list is sorted by; equal values keep the order of subscriptions and cycles.
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

/// `GET /invoices/{id}`.
pub(crate) fn get(records: &Records, id: &str) -> Result<Reply, Reply> {
    let not_found = || problem(404, "invoice not found");
    let rest = id.strip_prefix("inv_").ok_or_else(not_found)?;
    // The last digits are the cycle; how many there are depends on the cycle.
    for cut in (1..rest.len()).rev().filter(|cut| rest.is_char_boundary(*cut)) {
        let Some(place) = records.subscription(&rest[..cut]) else {
            continue;
        };
        let own = make(&records.subscriptions[place..=place]);
        for mut invoice in own {
            invoice.subscription = place;
            if invoice.id(records) == id {
                return Ok(Reply::json(200, &detail(records, &invoice)));
            }
        }
    }
    Err(not_found())
}
