//! Windows of the Subscriptions screen: search, filter, sort, and the totals of what is filtered.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;

use drawbridge_model::{ConnectionId, Currency, CustomerId, Interval, RecordId, SubscriptionId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row, params_from_iter};

use crate::error::{Inside, Trouble};
use crate::search::full_text_query;
use crate::subscription_totals::PART;
use crate::words::{amount, optional_record, optional_time};
use crate::{Store, StoreError, subscription_totals};

/// Which rows, and in which order. The default is all of them by customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionQuery {
    /// Words; a row is found when each of them begins a word of its customer's name, plan, e-mail
    /// addresses or ids. Any text is safe.
    pub search: String,
    /// Only rows of this source.
    pub source: Option<ConnectionId>,
    /// Only rows with one of these status words. Empty means all rows.
    pub status: Vec<String>,
    /// Only rows with one of these intervals. Empty means all rows.
    pub interval: Vec<Interval>,
    /// Only rows with one of these currency codes. Empty means all rows.
    pub currency: Vec<String>,
    /// Only rows with one of these plans, letter for letter; the empty one stands for no plan.
    /// Empty means all rows.
    pub plan: Vec<String>,
    /// In which order.
    pub sort: SubscriptionSort,
    /// Whether the order is turned round.
    pub descending: bool,
    /// How many rows to leave out at the beginning.
    pub offset: u32,
    /// How many rows at most.
    pub limit: u32,
}

/// An order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubscriptionSort {
    /// By the customer's name.
    #[default]
    Customer,
    /// By plan.
    Plan,
    /// By status word.
    Status,
    /// By monthly recurring revenue, whatever the currency.
    Mrr,
    /// By the day of renewal.
    Renews,
}

/// A window with its totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionPage {
    /// Its rows.
    pub rows: Vec<SubscriptionRow>,
    /// How many rows there are in all windows.
    pub total: u32,
    /// Monthly recurring revenue of all of them, by currency code.
    pub totals: Vec<CurrencyTotal>,
}

/// The sum of a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyTotal {
    /// Which currency.
    pub currency: Currency,
    /// How many rows are in it.
    pub rows: u32,
    /// Their monthly recurring revenue, as a decimal number.
    pub mrr: String,
}

/// A subscription, or a customer that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// Where it was read.
    pub source: ConnectionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The words a person knows the customer by.
    pub customer_name: String,
    /// The subscription; `None` for a customer that has none.
    pub subscription: Option<SubscriptionId>,
    /// Its name.
    pub name: Option<String>,
    /// Its plan; the customer's plans, joined, where there is no subscription.
    pub plan: Option<String>,
    /// Its status word, such as `active`; the customer's own where there is no subscription.
    pub status: Option<String>,
    /// How often it is billed.
    pub interval: Option<Interval>,
    /// Monthly recurring revenue as a decimal number, exact to four decimals.
    pub mrr: Option<String>,
    /// Currency of that figure.
    pub currency: Option<Currency>,
    /// When it began.
    pub started: Option<Timestamp>,
    /// The day it renews.
    pub renews: Option<Date>,
    /// The record its customer belongs to.
    pub in_salesforce: Option<RecordId>,
}

impl Store {
    /// A window of the Subscriptions screen.
    pub fn subscriptions(&self, query: &SubscriptionQuery) -> Result<SubscriptionPage, StoreError> {
        self.read("reading subscriptions", |db| {
            let filter = Filter::of(query);
            let (total, totals) = totals(db, &filter)?;
            let rows = if total == 0 {
                Vec::new()
            } else {
                rows(db, query, &filter, total)?
            };
            Ok(SubscriptionPage {
                rows,
                total,
                totals,
            })
        })
    }
}

impl Store {
    /// Every row of the query, whatever its window, one after another as they are read and all of one
    /// state of the database, until `each` breaks off.
    pub fn each_subscription(
        &self,
        query: &SubscriptionQuery,
        mut each: impl FnMut(SubscriptionRow) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.read("reading subscriptions", |db| {
            let filter = Filter::of(query);
            let (index, order) = order(query);
            // The index is walked in its own order: nothing is sorted, so nothing is held.
            let sql = format!(
                "SELECT {COLUMNS} FROM subscription_row r INDEXED BY {index}
                 WHERE {} ORDER BY {order}",
                filter.of_rows()
            );
            let mut statement = db.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(&filter.values))?;
            while let Some(row) = rows.next()? {
                if each(read(row)?).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// Conditions over `source`, `status`, `interval`, `currency` and `plan`, which rows, their figures
/// and totals share, and the search, which totals do not have.
pub(crate) struct Filter {
    conditions: String,
    /// The condition on plans for totals and figures, and for rows, which have an index of their own.
    plan: Option<(String, String)>,
    search: Option<String>,
    values: Vec<Sql>,
}

impl Filter {
    pub(crate) fn of(query: &SubscriptionQuery) -> Self {
        let mut filter = Self {
            conditions: "1".to_owned(),
            plan: None,
            search: None,
            values: Vec::new(),
        };
        filter.one_of(
            "source",
            query.source.iter().map(|source| Sql::from(source.0)),
        );
        filter.one_of("status", query.status.iter().cloned().map(Sql::from));
        filter.one_of("currency", query.currency.iter().cloned().map(Sql::from));
        let months = query.interval.iter().map(|interval| interval.months());
        filter.one_of("interval", months.map(Sql::from));
        if !query.plan.is_empty() {
            let marks = filter.marks(query.plan.iter().cloned().map(Sql::from));
            // The index folds letters; what it finds is compared letter for letter.
            let rows = format!("plan COLLATE NOCASE IN ({marks}) AND plan IN ({marks})");
            let rows = if query.plan.iter().any(String::is_empty) {
                format!("(plan IS NULL OR {rows})")
            } else {
                rows
            };
            filter.plan = Some((format!("plan IN ({marks})"), rows));
        }
        if let Some(search) = full_text_query(&query.search) {
            let mark = filter.marks(std::iter::once(Sql::from(search)));
            filter.search = Some(format!(
                " AND id IN (SELECT rowid FROM subscription_text WHERE subscription_text MATCH {mark})"
            ));
        }
        filter
    }

    /// Keeps values; where they stand in a statement.
    fn marks(&mut self, values: impl Iterator<Item = Sql>) -> String {
        let before = self.values.len();
        self.values.extend(values);
        let marks: Vec<String> = (before + 1..=self.values.len())
            .map(|place| format!("?{place}"))
            .collect();
        marks.join(", ")
    }

    fn one_of(&mut self, column: &str, values: impl Iterator<Item = Sql>) {
        let marks = self.marks(values);
        if !marks.is_empty() {
            let _ = write!(self.conditions, " AND {column} IN ({marks})");
        }
    }

    /// Whether it has words: then no totals are kept for it.
    pub(crate) fn searches(&self) -> bool {
        self.search.is_some()
    }

    /// What the conditions stand for.
    pub(crate) fn values(&self) -> &[Sql] {
        &self.values
    }

    /// The condition on totals by plan, and on others where there is none on plans.
    pub(crate) fn of_totals(&self) -> String {
        match &self.plan {
            Some((plan, _)) => format!("{} AND {plan}", self.conditions),
            None => self.conditions.clone(),
        }
    }

    /// The condition on `subscription_figure`.
    pub(crate) fn of_figures(&self) -> String {
        self.of_totals() + self.search.as_deref().unwrap_or_default()
    }

    /// The condition on `subscription_row`.
    fn of_rows(&self) -> String {
        let mut conditions = self.conditions.clone();
        if let Some((_, plan)) = &self.plan {
            let _ = write!(conditions, " AND {plan}");
        }
        conditions + self.search.as_deref().unwrap_or_default()
    }
}

fn totals(db: &Connection, filter: &Filter) -> Inside<(u32, Vec<CurrencyTotal>)> {
    let sql = if filter.searches() {
        format!(
            "SELECT currency, count(*), sum(mrr / {PART}), sum(mrr % {PART})
             FROM subscription_figure WHERE {} GROUP BY currency",
            filter.of_figures()
        )
    } else {
        let table = match filter.plan {
            Some(_) => subscription_totals::BY_PLAN,
            None => subscription_totals::ALL,
        };
        format!(
            "SELECT currency, sum(rows), sum(mrr_high), sum(mrr_low)
             FROM {table} WHERE {} GROUP BY currency",
            filter.of_totals()
        )
    };
    let mut sums: BTreeMap<String, (u32, i128)> = BTreeMap::new();
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(&filter.values))?;
    while let Some(row) = found.next()? {
        let high = row.get::<_, Option<i64>>(2)?.unwrap_or(0);
        let low = row.get::<_, Option<i64>>(3)?.unwrap_or(0);
        let sum = i128::from(high) * i128::from(PART) + i128::from(low);
        sums.insert(row.get(0)?, (row.get(1)?, sum));
    }
    let total = sums.values().map(|(rows, _)| rows).sum();
    let totals = sums
        .into_iter()
        .filter(|(code, _)| !code.is_empty())
        .map(|(code, (rows, sum))| {
            Ok(CurrencyTotal {
                currency: currency(&code)?,
                rows,
                mrr: amount(sum).ok_or_else(|| Trouble::unreadable("a sum", "it is too large"))?,
            })
        })
        .collect::<Inside<_>>()?;
    Ok((total, totals))
}

fn rows(
    db: &Connection,
    query: &SubscriptionQuery,
    filter: &Filter,
    total: u32,
) -> Inside<Vec<SubscriptionRow>> {
    let (index, order) = order(query);
    let by_index = if walks_index(db, query, total)? {
        format!("INDEXED BY {index}")
    } else {
        String::new()
    };
    // The inner query walks an index alone; only the window's rows are fetched.
    let sql = format!(
        "SELECT {COLUMNS}
         FROM (SELECT id, row_number() OVER () AS place FROM
                   (SELECT id FROM subscription_row {by_index} WHERE {} ORDER BY {order}
                    LIMIT {} OFFSET {})) page
         JOIN subscription_row r ON r.id = page.id ORDER BY page.place",
        filter.of_rows(),
        query.limit,
        query.offset
    );
    db.prepare_cached(&sql)?
        .query_and_then(params_from_iter(&filter.values), read)?
        .collect()
}

/// The index that holds the rows in the wanted order, and that order. Each is exactly the order of an
/// index that also holds what is filtered by.
fn order(query: &SubscriptionQuery) -> (&'static str, String) {
    let (index, first) = match query.sort {
        SubscriptionSort::Customer => ("subscription_by_name", "name_key"),
        SubscriptionSort::Plan => ("subscription_by_plan", "plan COLLATE NOCASE"),
        SubscriptionSort::Status => ("subscription_by_status", "status"),
        SubscriptionSort::Mrr => ("subscription_by_mrr", "mrr"),
        SubscriptionSort::Renews => ("subscription_by_renewal", "renews"),
    };
    let columns = [first, "source", "status", "interval", "currency", "id"];
    let direction = if query.descending { " DESC" } else { "" };
    let order = columns
        .iter()
        .enumerate()
        .filter(|(at, column)| *at == 0 || **column != first)
        .map(|(_, column)| column)
        .map(|column| format!("{column}{direction}"))
        .collect::<Vec<_>>()
        .join(", ");
    (index, order)
}

/// What [`read`] reads of a `subscription_row` called `r`.
const COLUMNS: &str = "r.source, r.customer, r.name, r.subscription, r.title, r.plan, r.status,
    r.interval, r.mrr, r.currency, r.started, r.renews,
    coalesce(
        (SELECT a.record FROM sync s JOIN accepted_link a
             ON a.sync = s.id AND a.customer = r.customer AND a.decided <> 2 WHERE s.source = r.source),
        (SELECT l.record FROM sync s JOIN link l ON l.sync = s.id
             AND l.customer = r.customer AND l.record IS NOT NULL WHERE s.source = r.source))";

pub(crate) fn rows_of_customer(
    db: &Connection,
    source: ConnectionId,
    customer: &CustomerId,
) -> Inside<Vec<SubscriptionRow>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM subscription_row r
         WHERE r.source = ?1 AND r.customer = ?2 ORDER BY r.subscription"
    ))?
    .query_and_then(rusqlite::params![source.0, customer.as_str()], read)?
    .collect()
}

/// Whether to walk the order and leave out what does not fit, or to find what fits and sort it. A
/// row that is found costs about as much as eight that are walked past; as much as one where its
/// plan must be looked at, which few of the indexes hold.
fn walks_index(db: &Connection, query: &SubscriptionQuery, total: u32) -> Inside<bool> {
    let all: u64 = db
        .prepare_cached("SELECT coalesce(sum(rows), 0) FROM subscription_total")?
        .query_row([], |row| row.get::<_, u32>(0))?
        .into();
    let total = u64::from(total.max(1));
    let wanted = (u64::from(query.offset) + u64::from(query.limit)).min(total);
    let cheaper = if query.plan.is_empty() { 8 } else { 1 };
    Ok(all * wanted / total < total * cheaper)
}

fn read(row: &Row<'_>) -> Inside<SubscriptionRow> {
    let status: String = row.get(6)?;
    let code: String = row.get(9)?;
    let renews: Option<String> = row.get(11)?;
    Ok(SubscriptionRow {
        source: ConnectionId(row.get(0)?),
        customer: CustomerId(row.get(1)?),
        customer_name: row.get(2)?,
        subscription: row.get::<_, Option<String>>(3)?.map(SubscriptionId),
        name: row.get(4)?,
        plan: row.get(5)?,
        status: Some(status).filter(|status| !status.is_empty()),
        interval: Interval::of_months(row.get(7)?),
        mrr: row
            .get::<_, Option<i64>>(8)?
            .and_then(|mrr| amount(i128::from(mrr))),
        currency: Some(code)
            .filter(|code| !code.is_empty())
            .map(|code| currency(&code))
            .transpose()?,
        started: optional_time(row.get(10)?)?,
        renews: renews
            .map(|day| day.parse())
            .transpose()
            .map_err(|error| Trouble::unreadable("a day", error))?,
        in_salesforce: optional_record(row.get(12)?)?,
    })
}

fn currency(code: &str) -> Inside<Currency> {
    Currency::parse(code).map_err(|error| Trouble::unreadable("a currency", error))
}
