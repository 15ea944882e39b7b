//! Invoices (facts/alguna.md §2.6): one for each billing cycle of the last twelve months, and one to
//! come, made from the versions of the subscriptions.

pub(crate) mod list;
mod shape;

use jiff::ToSpan;
use jiff::civil::Date;

use super::answer::problem;
use super::records::Records;
use super::terms::ticket;
use crate::book::{Subscription, Version, divide_half_up, today};
use crate::reply::Reply;

/// Days an invoice may be paid in.
const TERM: i64 = 30;
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

/// `GET /invoices/{id}`.
pub(crate) fn get(records: &Records, id: &str) -> Result<Reply, Reply> {
    let not_found = || problem(404, "invoice not found");
    let rest = id.strip_prefix("inv_").ok_or_else(not_found)?;
    // The last digits are the cycle; how many there are depends on the cycle.
    for cut in (1..rest.len())
        .rev()
        .filter(|cut| rest.is_char_boundary(*cut))
    {
        let Some(place) = records.subscription(&rest[..cut]) else {
            continue;
        };
        let own = make(&records.subscriptions[place..=place]);
        for mut invoice in own {
            invoice.subscription = place;
            if invoice.id(records) == id {
                return Ok(Reply::json(200, &shape::detail(records, &invoice)));
            }
        }
    }
    Err(not_found())
}
