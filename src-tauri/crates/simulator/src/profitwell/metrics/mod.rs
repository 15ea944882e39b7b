//! Monthly and daily metrics, computed from what every customer pays when asked
//! (facts/profitwell.md §2.9).

mod tally;
mod trends;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use self::tally::{Tally, tallies};
use super::answer::{invalid, not_a_choice, not_found};
use super::ledger::Ledger;
use super::life::Life;
use crate::reply::{Reply, Request};

/// Most plan ids given.
const MAX_PLANS: usize = 150;

/// `GET /v2/metrics/monthly/`: every month since the first customer.
pub(crate) fn monthly(ledger: &Ledger, request: &Request, today: Date) -> Reply {
    let (lives, plans) = ledger.lives();
    let plan = match plan(request, |name| plans.find(name)) {
        Ok(plan) => plan,
        Err(reply) => return reply,
    };
    let mut known: Vec<&str> = trends::MONTHLY.to_vec();
    if plan.is_some() {
        known.extend(trends::OF_PLAN);
    }
    let wanted = match wanted(request, &known) {
        Ok(wanted) => wanted,
        Err(reply) => return reply,
    };
    let first = lives
        .iter()
        .flat_map(|life| &life.spans)
        .map(|span| span.from)
        .min();
    let first = first.unwrap_or(today).min(today).first_of_month();
    let tomorrow = today.saturating_add(1.day());
    let mut labels = Vec::new();
    let mut ends = vec![first];
    let mut month = first;
    while month <= today {
        labels.push(month.strftime("%Y-%m").to_string());
        let next = month.saturating_add(1.month());
        ends.push(next.min(tomorrow));
        if next == month {
            break;
        }
        month = next;
    }
    answer(
        &wanted,
        &labels,
        &tallies(lives.iter().map(|life| &**life), plan, &ends),
    )
}

/// `GET /v2/metrics/daily/?month=YYYY-MM`: this month up to today, or the month before.
pub(crate) fn daily(ledger: &Ledger, request: &Request, today: Date) -> Reply {
    let Some(month) = request.param("month") else {
        return invalid("month", "This field is required.");
    };
    let this = today.first_of_month();
    let last = this.saturating_sub(1.month());
    let given = format!("{month}-01")
        .parse::<Date>()
        .ok()
        .filter(|_| month.len() == 7);
    let Some(start) = given else {
        return invalid("month", "Month has wrong format. Use YYYY-MM.");
    };
    if start != this && start != last {
        return invalid(
            "month",
            "Only the current and the previous month are available.",
        );
    }
    let (lives, plans) = ledger.lives();
    let plan = match plan(request, |name| plans.find(name)) {
        Ok(plan) => plan,
        Err(reply) => return reply,
    };
    let wanted = match wanted(request, &trends::DAILY) {
        Ok(wanted) => wanted,
        Err(reply) => return reply,
    };
    let mut labels = Vec::new();
    let mut ends = vec![start];
    let mut day = start;
    while day.first_of_month() == start && day <= today {
        labels.push(day.to_string());
        day = day.saturating_add(1.day());
        ends.push(day);
    }
    answer(
        &wanted,
        &labels,
        &tallies(lives.iter().map(|life| &**life), plan, &ends),
    )
}

/// `GET /v2/metrics/plans/`: plans with active customers, the one with most revenue first.
pub(crate) fn plans(ledger: &Ledger, request: &Request, today: Date) -> Reply {
    let limit = match request.param("limit").filter(|text| !text.is_empty()) {
        None => MAX_PLANS,
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if (1..=MAX_PLANS).contains(&limit) => limit,
            Ok(0) => return invalid("limit", "Ensure this value is greater than or equal to 1."),
            Ok(_) => return invalid("limit", "Ensure this value is less than or equal to 150."),
            Err(_) => return invalid("limit", "A valid integer is required."),
        },
    };
    let (lives, plans) = ledger.lives();
    let tomorrow = today.saturating_add(1.day());
    let mut cents = vec![None; plans.names().len()];
    let spans = lives.iter().flat_map(|life| &life.spans);
    for span in spans.filter(|span| span.covers(tomorrow) && !span.trial) {
        if let Some(sum) = cents.get_mut(span.plan) {
            *sum = Some(sum.unwrap_or(0_i64).saturating_add(span.cents));
        }
    }
    let mut ranked: Vec<(i64, &str)> = cents
        .into_iter()
        .zip(plans.names())
        .filter_map(|(sum, name)| Some((-sum?, name.as_str())))
        .filter(|(_, name)| !name.is_empty())
        .collect();
    ranked.sort_unstable();
    let ids: Vec<&str> = ranked
        .into_iter()
        .take(limit)
        .map(|(_, name)| name)
        .collect();
    Reply::json(200, &json!({"plan_ids": ids}))
}

/// The plan asked for; an unknown one is 404.
fn plan(request: &Request, find: impl Fn(&str) -> Option<usize>) -> Result<Option<usize>, Reply> {
    match request.param("plan_id").filter(|id| !id.is_empty()) {
        None => Ok(None),
        Some(id) => find(id).map(Some).ok_or_else(not_found),
    }
}

/// The trends asked for, all when none is named.
fn wanted<'a>(request: &Request, known: &[&'a str]) -> Result<Vec<&'a str>, Reply> {
    let Some(names) = request.param("metrics").filter(|names| !names.is_empty()) else {
        return Ok(known.to_vec());
    };
    names
        .split(',')
        .map(str::trim)
        .map(|name| {
            let found = known.iter().find(|known| **known == name).copied();
            found.ok_or_else(|| invalid("metrics", &not_a_choice(name)))
        })
        .collect()
}

fn answer(wanted: &[&str], labels: &[String], tallies: &[Tally]) -> Reply {
    let mut data = Map::new();
    for name in wanted {
        let points: Vec<Value> = labels
            .iter()
            .enumerate()
            .map(|(place, date)| {
                json!({"date": date, "value": trends::figure(name, tallies, place)})
            })
            .collect();
        data.insert((*name).to_owned(), Value::from(points));
    }
    Reply::json(200, &json!({"data": data}))
}

/// Lives either kept or made for this answer.
pub(crate) type Lives<'a> = Vec<std::borrow::Cow<'a, Life>>;
