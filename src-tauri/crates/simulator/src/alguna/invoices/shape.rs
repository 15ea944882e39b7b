//! Invoices as JSON.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::Invoice;
use crate::alguna::records::Records;
use crate::book::{decimal, divide_half_up, today};

fn at(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// An invoice as lists show it.
pub(crate) fn shape(records: &Records, invoice: &Invoice) -> Value {
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
pub(crate) fn detail(records: &Records, invoice: &Invoice) -> Value {
    let (subscription, version) = invoice.of(records);
    let total = invoice.cents(records);
    let paid = if invoice.status == "paid" { total } else { 0 };
    let id = invoice.id(records);
    let months = i64::from(subscription.interval.months());
    let mut lines: Vec<Value> = Vec::new();
    let mut sum = 0_i64;
    let fixed = version
        .lines
        .iter()
        .filter(|line| !line.metered && !line.one_off);
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
        lines.push(line_shape(
            invoice,
            (&id, lines.len()),
            ("", "Discount"),
            (1, off, off),
        ));
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
