//! Customers and subscriptions as the sources last gave them.

use drawbridge_model::{
    ConnectionId, Customer, CustomerBundle, CustomerId, PlanId, Record, RecordId, Subscription,
    SyncId,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Inside;
use crate::migrate::Migration;
use crate::words::{from_column, record_id, to_json};
use crate::{Store, StoreError, pins, pulls};

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 5,
        date: "2026-11-21",
        sql: "CREATE TABLE customer (
              source INTEGER NOT NULL,
              id TEXT NOT NULL,
              doc TEXT NOT NULL,
              UNIQUE (source, id)
          ) STRICT;
          CREATE TABLE subscription (
              source INTEGER NOT NULL,
              id TEXT NOT NULL,
              customer TEXT NOT NULL,
              doc TEXT NOT NULL,
              UNIQUE (source, id)
          ) STRICT;
          CREATE INDEX subscription_customer ON subscription (source, customer, id);",
    },
    Migration {
        version: 35,
        date: "2026-11-21",
        sql: "-- What is gone through by id stands by id: no page is read for a single row.
          ALTER TABLE customer RENAME TO customer_before;
          CREATE TABLE customer (
              source INTEGER NOT NULL,
              id TEXT NOT NULL,
              -- The words a person knows it by.
              name TEXT NOT NULL,
              doc TEXT NOT NULL,
              due TEXT,
              PRIMARY KEY (source, id)
          ) STRICT, WITHOUT ROWID;
          INSERT INTO customer (source, id, name, doc, due)
              SELECT source, id, coalesce(
                  iif(trim(doc ->> 'name') = '', NULL, doc ->> 'name'),
                  nullif(concat_ws(' ', doc ->> 'first_name', doc ->> 'last_name'), ''),
                  doc ->> 'email', id), doc, due
              FROM customer_before;
          DROP TABLE customer_before;
          CREATE INDEX customer_due ON customer (source, due) WHERE due IS NOT NULL;
          ALTER TABLE subscription RENAME TO subscription_before;
          CREATE TABLE subscription (
              source INTEGER NOT NULL,
              customer TEXT NOT NULL,
              id TEXT NOT NULL,
              doc TEXT NOT NULL,
              due TEXT,
              PRIMARY KEY (source, customer, id),
              UNIQUE (source, id)
          ) STRICT, WITHOUT ROWID;
          INSERT INTO subscription (source, customer, id, doc, due)
              SELECT source, customer, id, doc, due FROM subscription_before;
          DROP TABLE subscription_before;
          CREATE INDEX subscription_due ON subscription (source, due) WHERE due IS NOT NULL;",
    },
    Migration {
        version: 47,
        date: "2026-11-22",
        sql: "-- Who there is, beside all that is known of them: most are only passed by.
          CREATE INDEX customer_known ON customer (source, id, name);",
    },
];

/// Everything about one customer, for its detail page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerDetail {
    /// The customer with its subscriptions.
    pub bundle: CustomerBundle,
    /// The records it belongs to, one for each sync that linked it.
    pub records: Vec<LinkedRecord>,
}

/// A customer's record in one org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedRecord {
    /// By which sync.
    pub sync: SyncId,
    /// Which record.
    pub id: RecordId,
    /// The record as it was last read; `None` when it was linked and not read since.
    pub record: Option<Record>,
}

impl Store {
    /// One customer with its subscriptions and the records it belongs to.
    pub fn customer_detail(
        &self,
        source: ConnectionId,
        customer: &CustomerId,
    ) -> Result<Option<CustomerDetail>, StoreError> {
        self.read("reading a customer", |db| {
            let found = bundles(db, source, std::slice::from_ref(customer))?;
            let Some(bundle) = found.into_iter().next() else {
                return Ok(None);
            };
            let mut records = Vec::new();
            let mut syncs = db.prepare_cached("SELECT id FROM sync WHERE source = ?1")?;
            for sync in syncs.query_map([source.0], |row| row.get::<_, u32>(0))? {
                let sync = SyncId(sync?);
                if let Some(id) = crate::links::record_of(db, sync, customer)? {
                    let record = crate::records::get(db, sync, &id)?;
                    records.push(LinkedRecord { sync, id, record });
                }
            }
            Ok(Some(CustomerDetail { bundle, records }))
        })
    }
}

/// Keeps customers and notes which of them are new or changed.
pub(crate) fn put(
    db: &Connection,
    source: ConnectionId,
    pull: u32,
    customers: &[Customer],
) -> Inside<()> {
    pulls::check_open(db, source, pull)?;
    let mut seen = see(db)?;
    let mut touched = touch(db)?;
    let mut put = db.prepare_cached(
        "INSERT INTO customer (source, id, doc, due, name) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (source, id) DO UPDATE SET doc = excluded.doc, due = excluded.due,
             name = excluded.name
         WHERE doc <> excluded.doc",
    )?;
    for customer in customers {
        let id = customer.id.as_str();
        seen.execute(params![pull, 0, id])?;
        let doc = to_json("a customer", customer)?;
        let due = customer.churned_at.map(|at| day(at).to_string());
        if put.execute(params![source.0, id, doc, due, customer.display_name()])? > 0 {
            touched.execute(params![pull, id])?;
        }
    }
    Ok(())
}

/// Keeps subscriptions and notes whose are new or changed.
pub(crate) fn put_subscriptions(
    db: &Connection,
    source: ConnectionId,
    pull: u32,
    subscriptions: &[Subscription],
) -> Inside<()> {
    pulls::check_open(db, source, pull)?;
    let mut seen = see(db)?;
    let mut touched = touch(db)?;
    let mut owner =
        db.prepare_cached("SELECT customer FROM subscription WHERE source = ?1 AND id = ?2")?;
    let mut put = db.prepare_cached(
        "INSERT INTO subscription (source, id, customer, doc, due) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (source, id) DO UPDATE SET customer = excluded.customer, doc = excluded.doc,
             due = excluded.due
         WHERE doc <> excluded.doc",
    )?;
    for subscription in subscriptions {
        let id = subscription.id.as_str();
        let customer = subscription.customer.as_str();
        seen.execute(params![pull, 1, id])?;
        let before: Option<String> = owner
            .query_row(params![source.0, id], |row| row.get(0))
            .optional()?;
        let doc = to_json("a subscription", subscription)?;
        let due = subscription.renews_on.flatten().map(|day| day.to_string());
        if put.execute(params![source.0, id, customer, doc, due])? > 0 {
            touched.execute(params![pull, customer])?;
            if let Some(before) = before.filter(|before| before != customer) {
                touched.execute(params![pull, before])?;
            }
        }
    }
    Ok(())
}

/// The day of a moment, as the sources count days.
fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn see(db: &Connection) -> rusqlite::Result<rusqlite::CachedStatement<'_>> {
    db.prepare_cached("INSERT OR IGNORE INTO temp.pull_seen (pull, kind, id) VALUES (?1, ?2, ?3)")
}

fn touch(db: &Connection) -> rusqlite::Result<rusqlite::CachedStatement<'_>> {
    db.prepare_cached("INSERT OR IGNORE INTO pull_touched (pull, customer) VALUES (?1, ?2)")
}

/// One customer without its subscriptions.
pub(crate) fn get(
    db: &Connection,
    source: ConnectionId,
    customer: &CustomerId,
) -> Inside<Option<Customer>> {
    db.prepare_cached("SELECT doc FROM customer WHERE source = ?1 AND id = ?2")?
        .query_and_then(params![source.0, customer.as_str()], |row| {
            from_column(|| format!("customer {customer}"), row, 0)
        })?
        .next()
        .transpose()
}

/// Customers by id with their subscriptions; see [`drawbridge_model::Cache::customers`]. Those that
/// have a row in the plan are left out, see [`drawbridge_model::Journal::customers_without_row`].
pub(crate) fn page(
    db: &Connection,
    source: ConnectionId,
    without_row_in: Option<PlanId>,
    after: Option<&CustomerId>,
    limit: usize,
) -> Inside<Vec<CustomerBundle>> {
    // No plan has this number.
    let plan = without_row_in.map_or(0, |plan| plan.0);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // No id is empty, so the empty text stands before all.
    let after = after.map_or("", CustomerId::as_str);
    let ids: Vec<CustomerId> = db
        .prepare_cached(
            "SELECT c.id FROM customer c INDEXED BY customer_known
             WHERE c.source = ?1 AND c.id > ?2 AND NOT EXISTS
                 (SELECT 1 FROM plan_row r WHERE r.plan = ?4 AND r.customer = c.id)
             ORDER BY c.id LIMIT ?3",
        )?
        .query_map(params![source.0, after, limit, plan], |row| {
            Ok(CustomerId(row.get(0)?))
        })?
        .collect::<Result<_, _>>()?;
    bundles(db, source, &ids)
}

/// These customers, by id, with their subscriptions; one that is not there is left out.
pub(crate) fn bundles(
    db: &Connection,
    source: ConnectionId,
    ids: &[CustomerId],
) -> Inside<Vec<CustomerBundle>> {
    let ids = to_json("a list of customers", &ids)?;
    let mut bundles = db
        .prepare_cached(
            "SELECT c.id, c.doc, p.subscription, p.at FROM customer c
             LEFT JOIN pin p ON p.source = c.source AND p.customer = c.id
             WHERE c.source = ?1 AND c.id IN (SELECT value FROM json_each(?2))
             ORDER BY c.id",
        )?
        .query_and_then(params![source.0, ids], |row| -> Inside<_> {
            let id: String = row.get(0)?;
            Ok(CustomerBundle {
                customer: from_column(|| format!("customer {id}"), row, 1)?,
                subscriptions: Vec::new(),
                pin: pins::read(row, 2)?,
                members: Vec::new(),
            })
        })?
        .collect::<Inside<Vec<_>>>()?;
    let mut subscriptions = db.prepare_cached(
        "SELECT id, doc FROM subscription
         WHERE source = ?1 AND customer IN (SELECT value FROM json_each(?2))
         ORDER BY customer, id",
    )?;
    let mut at = 0;
    for subscription in subscriptions.query_and_then(params![source.0, ids], read_subscription)? {
        let subscription = subscription?;
        while bundles
            .get(at)
            .is_some_and(|bundle| bundle.customer.id < subscription.customer)
        {
            at += 1;
        }
        if let Some(bundle) = bundles
            .get_mut(at)
            .filter(|bundle| bundle.customer.id == subscription.customer)
        {
            bundle.subscriptions.push(subscription);
        }
    }
    Ok(bundles)
}

pub(crate) fn count(db: &Connection, source: ConnectionId) -> Inside<u64> {
    Ok(db
        .prepare_cached(
            "SELECT count(*) FROM customer INDEXED BY customer_known WHERE source = ?1",
        )?
        .query_row([source.0], |row| row.get::<_, u32>(0))?
        .into())
}

pub(crate) fn subscriptions_of(
    db: &Connection,
    source: ConnectionId,
    customer: &CustomerId,
) -> Inside<Vec<Subscription>> {
    db.prepare_cached(
        "SELECT id, doc FROM subscription
         WHERE source = ?1 AND customer = ?2 ORDER BY id",
    )?
    .query_and_then(params![source.0, customer.as_str()], read_subscription)?
    .collect()
}

fn read_subscription(row: &Row<'_>) -> Inside<Subscription> {
    let id: String = row.get(0)?;
    from_column(|| format!("subscription {id}"), row, 1)
}

/// Forgets everything that was read from a source.
pub(crate) fn forget_source(db: &Connection, source: ConnectionId) -> Inside<()> {
    crate::subscription_rows::forget_source(db, source)?;
    for sql in [
        "DELETE FROM pull_touched WHERE pull IN (SELECT id FROM pull WHERE source = ?1)",
        "DELETE FROM pull WHERE source = ?1",
        "DELETE FROM subscription WHERE source = ?1",
        "DELETE FROM customer WHERE source = ?1",
        "DELETE FROM pin WHERE source = ?1",
        "DELETE FROM former_customer WHERE source = ?1",
    ] {
        db.execute(sql, [source.0])?;
    }
    Ok(())
}

/// A record id from a column.
pub(crate) fn read_record(row: &Row<'_>) -> Inside<RecordId> {
    record_id(&row.get::<_, String>(0)?)
}
