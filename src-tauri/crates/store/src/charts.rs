//! What charts are drawn from: the figures by month that were read from a billing system, and the
//! cached subscriptions added up by plan and by status.

use std::collections::BTreeMap;

use drawbridge_model::{ConnectionId, Currency, MetricsReading};
use rusqlite::{Connection, params, params_from_iter};

use crate::error::{Inside, Trouble};
use crate::migrate::Migration;
use crate::subscription_query::{Filter, SubscriptionQuery};
use crate::subscription_totals::PART;
use crate::words::{amount, from_column, to_json};
use crate::{Store, StoreError};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 43,
    date: "2026-11-22",
    sql: "-- Figures by month, of everything a connection counts (no plan) or of one plan.
          CREATE TABLE metrics (
              connection INTEGER NOT NULL,
              plan TEXT NOT NULL,
              at TEXT NOT NULL,
              doc TEXT NOT NULL,
              PRIMARY KEY (connection, plan)
          ) STRICT, WITHOUT ROWID;
          ALTER TABLE subscription_figure ADD COLUMN plan TEXT NOT NULL DEFAULT '';
          UPDATE subscription_figure SET plan = coalesce(
              (SELECT r.plan FROM subscription_row r WHERE r.id = subscription_figure.id), '');
          -- As subscription_total, and for each plan; empty where there is none.
          CREATE TABLE subscription_plan_total (
              source INTEGER NOT NULL,
              plan TEXT NOT NULL,
              status TEXT NOT NULL,
              interval INTEGER NOT NULL,
              currency TEXT NOT NULL,
              rows INTEGER NOT NULL,
              -- How many of them have a figure.
              known INTEGER NOT NULL,
              mrr_high INTEGER NOT NULL,
              mrr_low INTEGER NOT NULL,
              PRIMARY KEY (source, plan, status, interval, currency)
          ) STRICT, WITHOUT ROWID;
          INSERT INTO subscription_plan_total
              SELECT source, plan, status, interval, currency, count(*), count(mrr),
                  coalesce(sum(mrr / 1000000000), 0), coalesce(sum(mrr % 1000000000), 0)
              FROM subscription_figure GROUP BY source, plan, status, interval, currency;",
}];

/// The cached subscriptions a filter leaves, added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// How many rows the filter leaves.
    pub total: u32,
    /// One for each currency, the one with most rows first; rows without a currency are last.
    pub currencies: Vec<CurrencyBreakdown>,
}

/// What is in one currency. Nothing is ever converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyBreakdown {
    /// Which currency; `None` for rows that have none.
    pub currency: Option<Currency>,
    /// All of it.
    pub all: Sum,
    /// By plan.
    pub plans: Shares,
    /// By status word.
    pub statuses: Shares,
}

/// The largest parts, and what the others come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// By revenue, the largest first.
    pub largest: Vec<Share>,
    /// How many others there are.
    pub other_count: u32,
    /// What they come to.
    pub others: Sum,
}

/// The rows of one plan or status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which one; empty for rows that have none.
    pub value: String,
    /// What they come to.
    pub sum: Sum,
}

/// Rows and their monthly recurring revenue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many rows.
    pub rows: u32,
    /// How many of them have a figure.
    pub known: u32,
    /// The sum of those figures, as a decimal number.
    pub mrr: String,
}

/// As [`Sum`], in ten-thousandths.
#[derive(Clone, Copy, Default)]
struct Tally {
    rows: u32,
    known: u32,
    mrr: i128,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        self.known += other.known;
        self.mrr += other.mrr;
    }

    fn sum(self) -> Inside<Sum> {
        Ok(Sum {
            rows: self.rows,
            known: self.known,
            mrr: amount(self.mrr).ok_or_else(|| Trouble::unreadable("a sum", "it is too large"))?,
        })
    }
}

impl Store {
    /// Keeps a reading in the place of the last one of the same plan. A connection that is gone
    /// meanwhile keeps nothing.
    pub fn put_metrics(
        &self,
        connection: ConnectionId,
        plan: Option<&str>,
        reading: &MetricsReading,
    ) -> Result<(), StoreError> {
        self.write("saving figures by month", |db| {
            db.execute(
                "INSERT OR REPLACE INTO metrics (connection, plan, at, doc)
                 SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM connection WHERE id = ?1)",
                params![
                    connection.0,
                    plan.unwrap_or_default(),
                    reading.at.to_string(),
                    to_json("figures by month", reading)?
                ],
            )?;
            Ok(())
        })
    }

    /// The last reading of everything, or of one plan.
    pub fn metrics(
        &self,
        connection: ConnectionId,
        plan: Option<&str>,
    ) -> Result<Option<MetricsReading>, StoreError> {
        self.read("reading figures by month", |db| {
            db.prepare_cached("SELECT doc FROM metrics WHERE connection = ?1 AND plan = ?2")?
                .query_and_then(params![connection.0, plan.unwrap_or_default()], reading)?
                .next()
                .transpose()
        })
    }

    /// The last reading of a connection, whatever it was of.
    pub fn newest_metrics(
        &self,
        connection: ConnectionId,
    ) -> Result<Option<MetricsReading>, StoreError> {
        self.read("reading figures by month", |db| {
            db.prepare_cached(
                "SELECT doc FROM metrics WHERE connection = ?1 ORDER BY at DESC, plan LIMIT 1",
            )?
            .query_and_then([connection.0], reading)?
            .next()
            .transpose()
        })
    }

    /// What a filter leaves, by currency, and in each by plan and by status: the largest `most` of
    /// each kind. Order, offset and limit of the query are of no matter.
    pub fn breakdown(
        &self,
        query: &SubscriptionQuery,
        most: usize,
    ) -> Result<Breakdown, StoreError> {
        self.read("adding up subscriptions", |db| {
            let filter = Filter::of(query);
            let found = tallies(db, &filter)?;
            let mut currencies = Vec::with_capacity(found.len());
            let mut total = 0;
            for (code, Parts { plans, statuses }) in found {
                let plans: Vec<_> = plans.into_iter().collect();
                let all = together(&plans);
                total += all.rows;
                currencies.push(CurrencyBreakdown {
                    statuses: shares(statuses.into_iter().collect(), most)?,
                    currency: Some(code)
                        .filter(|code| !code.is_empty())
                        .map(|code| Currency::parse(&code))
                        .transpose()
                        .map_err(|error| Trouble::unreadable("a currency", error))?,
                    all: all.sum()?,
                    plans: shares(plans, most)?,
                });
            }
            currencies
                .sort_by_key(|it| (it.currency.is_none(), u32::MAX - it.all.rows, it.currency));
            Ok(Breakdown { total, currencies })
        })
    }
}

/// Deletes what was read from a connection.
pub(crate) fn forget(db: &Connection, connection: ConnectionId) -> Inside<()> {
    db.execute("DELETE FROM metrics WHERE connection = ?1", [connection.0])?;
    Ok(())
}

fn reading(row: &rusqlite::Row<'_>) -> Inside<MetricsReading> {
    from_column(|| "figures by month".to_owned(), row, 0)
}

/// The tallies of a currency.
#[derive(Default)]
struct Parts {
    plans: BTreeMap<String, Tally>,
    statuses: BTreeMap<String, Tally>,
}

/// What a filter leaves, by currency code. One pass: a search costs more than adding up.
fn tallies(db: &Connection, filter: &Filter) -> Inside<BTreeMap<String, Parts>> {
    let sql = if filter.searches() {
        format!(
            "SELECT currency, plan, status, count(*), count(mrr),
                 sum(mrr / {PART}), sum(mrr % {PART})
             FROM subscription_figure WHERE {} GROUP BY currency, plan, status",
            filter.of_figures()
        )
    } else {
        format!(
            "SELECT currency, plan, status, sum(rows), sum(known), sum(mrr_high), sum(mrr_low)
             FROM subscription_plan_total WHERE {} GROUP BY currency, plan, status",
            filter.of_totals()
        )
    };
    let mut found: BTreeMap<String, Parts> = BTreeMap::new();
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(filter.values()))?;
    while let Some(row) = rows.next()? {
        let high = row.get::<_, Option<i64>>(5)?.unwrap_or(0);
        let low = row.get::<_, Option<i64>>(6)?.unwrap_or(0);
        let tally = Tally {
            rows: row.get(3)?,
            known: row.get(4)?,
            mrr: i128::from(high) * i128::from(PART) + i128::from(low),
        };
        let parts = found.entry(row.get(0)?).or_default();
        parts.plans.entry(row.get(1)?).or_default().add(tally);
        parts.statuses.entry(row.get(2)?).or_default().add(tally);
    }
    Ok(found)
}

fn together(tallies: &[(String, Tally)]) -> Tally {
    let mut all = Tally::default();
    for (_, tally) in tallies {
        all.add(*tally);
    }
    all
}

fn shares(mut tallies: Vec<(String, Tally)>, most: usize) -> Inside<Shares> {
    tallies.sort_by(|(name, one), (other_name, other)| {
        (other.mrr, other.rows, name).cmp(&(one.mrr, one.rows, other_name))
    });
    let rest = tallies.split_off(most.min(tallies.len()));
    let others = together(&rest);
    Ok(Shares {
        largest: tallies
            .into_iter()
            .map(|(value, tally)| {
                Ok(Share {
                    value,
                    sum: tally.sum()?,
                })
            })
            .collect::<Inside<_>>()?,
        other_count: u32::try_from(rest.len()).unwrap_or(u32::MAX),
        others: others.sum()?,
    })
}
