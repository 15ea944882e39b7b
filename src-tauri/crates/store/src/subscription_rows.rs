//! The rows of the Subscriptions screen: one for each subscription, and one for each customer that
//! has none (all of ProfitWell's). Made from what was pulled, when a pull ends.

use drawbridge_model::{
    ConnectionId, Customer, CustomerBundle, CustomerId, Interval, Money, Subscription,
    SubscriptionStatus,
};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::customers;
use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{folded, from_json, ten_thousandths};

pub(crate) const MIGRATIONS: &[Migration] = &[Migration {
    version: 16,
    date: "2026-11-21",
    sql: "CREATE TABLE subscription_row (
              id INTEGER PRIMARY KEY,
              source INTEGER NOT NULL,
              customer TEXT NOT NULL,
              name TEXT NOT NULL,
              name_key TEXT NOT NULL,
              subscription TEXT,
              title TEXT,
              plan TEXT,
              -- Empty where there is none; intervals in months, 0 where there is none.
              status TEXT NOT NULL,
              interval INTEGER NOT NULL,
              currency TEXT NOT NULL,
              -- Ten-thousandths of the currency's major unit.
              mrr INTEGER,
              started TEXT,
              renews TEXT
          ) STRICT;
          CREATE INDEX subscription_row_customer ON subscription_row (source, customer);
          -- The same rows without their texts: what a search adds up must be narrow.
          CREATE TABLE subscription_figure (
              id INTEGER PRIMARY KEY,
              source INTEGER NOT NULL,
              status TEXT NOT NULL,
              interval INTEGER NOT NULL,
              currency TEXT NOT NULL,
              mrr INTEGER
          ) STRICT;
          CREATE VIRTUAL TABLE subscription_text USING fts5 (
              name, plan, email, ids,
              content = '', contentless_delete = 1, prefix = '1 2 3',
              tokenize = 'unicode61 remove_diacritics 2'
          );
          CREATE INDEX subscription_by_name ON subscription_row
              (name_key, source, status, interval, currency);
          CREATE INDEX subscription_by_plan ON subscription_row
              (plan COLLATE NOCASE, source, status, interval, currency);
          CREATE INDEX subscription_by_status ON subscription_row
              (status, source, interval, currency);
          CREATE INDEX subscription_by_mrr ON subscription_row
              (mrr, source, status, interval, currency);
          CREATE INDEX subscription_by_renewal ON subscription_row
              (renews, source, status, interval, currency);",
}];

/// Above so many customers it is quicker to build the indexes anew than to keep them.
const MANY: u32 = 5_000;

/// Makes the rows of every customer the pull touched anew. Returns whether there were any.
pub(crate) fn refresh(db: &Connection, source: ConnectionId, pull: u32) -> Inside<bool> {
    let count = |sql: &str| -> rusqlite::Result<u32> { db.query_row(sql, [], |row| row.get(0)) };
    let touched = count(&format!(
        "SELECT count(*) FROM pull_touched WHERE pull = {pull}"
    ))?;
    let rows = count("SELECT count(*) FROM subscription_row")?;
    if touched < MANY || touched < rows / 4 {
        rewrite(db, source, pull)?;
        return Ok(touched > 0);
    }
    let indexes: Vec<(String, String)> = db
        .prepare(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index'
             AND tbl_name = 'subscription_row' AND name LIKE 'subscription_by_%'",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (name, _) in &indexes {
        db.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    rewrite(db, source, pull)?;
    for (_, sql) in &indexes {
        db.execute_batch(sql)?;
    }
    Ok(true)
}

fn rewrite(db: &Connection, source: ConnectionId, pull: u32) -> Inside<()> {
    let mut touched = db.prepare_cached("SELECT customer FROM pull_touched WHERE pull = ?1")?;
    let mut get = db.prepare_cached("SELECT doc FROM customer WHERE source = ?1 AND id = ?2")?;
    let mut writer = RowWriter::new(db)?;
    let mut rows = touched.query([pull])?;
    while let Some(row) = rows.next()? {
        let id = CustomerId(row.get(0)?);
        writer.delete(source, &id)?;
        let customer: Option<Customer> = get
            .query_row(params![source.0, id.as_str()], |row| {
                row.get::<_, String>(0)
            })
            .optional()?
            .map(|doc| from_json(|| format!("customer {id}"), &doc))
            .transpose()?;
        let subscriptions = customers::subscriptions_of(db, source, &id)?;
        if customer.is_none() && subscriptions.is_empty() {
            continue;
        }
        writer.put(
            source,
            &CustomerBundle {
                // Subscriptions whose customer the source does not list still count.
                customer: customer.unwrap_or_else(|| Customer::new(id)),
                subscriptions,
                pin: None,
                members: Vec::new(),
            },
        )?;
    }
    Ok(())
}

/// Deletes the rows of a source.
pub(crate) fn forget_source(db: &Connection, source: ConnectionId) -> Inside<()> {
    for sql in [
        "DELETE FROM subscription_text WHERE rowid IN
             (SELECT id FROM subscription_row WHERE source = ?1)",
        "DELETE FROM subscription_figure WHERE source = ?1",
        "DELETE FROM subscription_row WHERE source = ?1",
        "DELETE FROM subscription_total WHERE source = ?1",
        "DELETE FROM subscription_plan_total WHERE source = ?1",
    ] {
        db.execute(sql, [source.0])?;
    }
    Ok(())
}

struct RowWriter<'a> {
    delete_text: CachedStatement<'a>,
    delete_figure: CachedStatement<'a>,
    put_figure: CachedStatement<'a>,
    delete: CachedStatement<'a>,
    put: CachedStatement<'a>,
    put_text: CachedStatement<'a>,
    db: &'a Connection,
}

impl<'a> RowWriter<'a> {
    fn new(db: &'a Connection) -> Inside<Self> {
        Ok(Self {
            delete_figure: db.prepare_cached(
                "DELETE FROM subscription_figure WHERE id IN
                     (SELECT id FROM subscription_row WHERE source = ?1 AND customer = ?2)",
            )?,
            put_figure: db.prepare_cached(
                "INSERT INTO subscription_figure
                     (id, source, status, interval, currency, mrr, plan)
                 SELECT id, source, status, interval, currency, mrr, coalesce(plan, '')
                 FROM subscription_row WHERE id = ?1",
            )?,
            delete_text: db.prepare_cached(
                "DELETE FROM subscription_text WHERE rowid IN
                     (SELECT id FROM subscription_row WHERE source = ?1 AND customer = ?2)",
            )?,
            delete: db.prepare_cached(
                "DELETE FROM subscription_row WHERE source = ?1 AND customer = ?2",
            )?,
            put: db.prepare_cached(
                "INSERT INTO subscription_row (source, customer, name, name_key, subscription,
                     title, plan, status, interval, currency, mrr, started, renews)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?,
            put_text: db.prepare_cached(
                "INSERT INTO subscription_text (rowid, name, plan, email, ids)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            db,
        })
    }

    fn delete(&mut self, source: ConnectionId, customer: &CustomerId) -> Inside<()> {
        self.delete_text
            .execute(params![source.0, customer.as_str()])?;
        self.delete_figure
            .execute(params![source.0, customer.as_str()])?;
        self.delete.execute(params![source.0, customer.as_str()])?;
        Ok(())
    }

    fn put(&mut self, source: ConnectionId, bundle: &CustomerBundle) -> Inside<()> {
        if bundle.subscriptions.is_empty() {
            return self.put_row(source, &bundle.customer, &of_customer(&bundle.customer));
        }
        for subscription in &bundle.subscriptions {
            self.put_row(source, &bundle.customer, &of_subscription(subscription))?;
        }
        Ok(())
    }

    fn put_row(
        &mut self,
        source: ConnectionId,
        customer: &Customer,
        columns: &Columns,
    ) -> Inside<()> {
        let name = customer.display_name();
        let mrr = columns.mrr.and_then(|mrr| {
            let number = ten_thousandths(mrr.amount);
            if number.is_none() {
                tracing::warn!(customer = %customer.id, "an amount is too large to be added up");
            }
            number
        });
        self.put.execute(params![
            source.0,
            customer.id.as_str(),
            name,
            folded(&name),
            columns.subscription,
            columns.title,
            columns.plan,
            columns.status,
            columns.interval.map_or(0, Interval::months),
            columns.currency,
            mrr,
            columns.started,
            columns.renews,
        ])?;
        let row = self.db.last_insert_rowid();
        self.put_figure.execute([row])?;
        let mut ids = vec![customer.id.as_str()];
        ids.extend(columns.subscription.as_deref());
        ids.extend(customer.aliases.iter().map(String::as_str));
        ids.extend(customer.connected_accounts.iter().map(String::as_str));
        let emails: Vec<&str> = customer
            .email
            .iter()
            .chain(customer.contacts.iter().filter_map(|c| c.email.as_ref()))
            .map(String::as_str)
            .collect();
        let plan = [columns.plan.as_deref(), columns.title.as_deref()];
        self.put_text.execute(params![
            row,
            name,
            plan.into_iter().flatten().collect::<Vec<_>>().join(" "),
            emails.join(" "),
            ids.join(" ")
        ])?;
        Ok(())
    }
}

/// What differs between a row of a subscription and a row of a customer.
struct Columns {
    subscription: Option<String>,
    title: Option<String>,
    plan: Option<String>,
    status: String,
    interval: Option<Interval>,
    currency: String,
    mrr: Option<Money>,
    started: Option<String>,
    renews: Option<String>,
}

fn of_customer(customer: &Customer) -> Columns {
    let currency = customer.mrr.map(|mrr| mrr.currency).or(customer.currency);
    Columns {
        subscription: None,
        title: None,
        plan: customer
            .plans
            .as_ref()
            .filter(|plans| !plans.is_empty())
            .map(|plans| plans.join(", ")),
        status: customer.status.clone().unwrap_or_default(),
        interval: None,
        currency: currency.map(|c| c.to_string()).unwrap_or_default(),
        mrr: customer.mrr,
        started: customer.activated_at.map(|at| at.to_string()),
        renews: None,
    }
}

fn of_subscription(subscription: &Subscription) -> Columns {
    let mrr = subscription.revenue.map(|revenue| revenue.mrr);
    let currency = mrr.map_or(subscription.currency, |mrr| mrr.currency);
    Columns {
        subscription: Some(subscription.id.to_string()),
        title: Some(subscription.name.clone()),
        plan: subscription.plan.clone(),
        status: status_word(&subscription.status).to_owned(),
        interval: subscription.interval,
        currency: currency.to_string(),
        mrr,
        started: subscription.started_at.map(|at| at.to_string()),
        renews: subscription.renews_on.flatten().map(|day| day.to_string()),
    }
}

fn status_word(status: &SubscriptionStatus) -> &str {
    match status {
        SubscriptionStatus::Active => "active",
        SubscriptionStatus::Trialing => "trialing",
        SubscriptionStatus::Scheduled => "scheduled",
        SubscriptionStatus::Sent => "sent",
        SubscriptionStatus::Draft => "draft",
        SubscriptionStatus::Paused => "paused",
        SubscriptionStatus::Ended => "ended",
        SubscriptionStatus::Other(word) => word,
    }
}
