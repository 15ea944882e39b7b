//! What a person picks from in a form about a billing system: users and plans as the cache knows
//! them, subscriptions as answers told of them.

use drawbridge_model::{ConnectionId, SubscriptionEvent};
use rusqlite::params;

use crate::error::Inside;
use crate::words::{folded, from_json};
use crate::{Store, StoreError};

impl Store {
    /// Users by words in their id or name: id and name, those that can be changed (made by hand) first.
    pub fn billing_users(
        &self,
        connection: ConnectionId,
        search: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.read("reading customers", |db| {
            db.prepare_cached(
                "SELECT id, name FROM (SELECT id, name FROM customer WHERE source = ?1
                     AND (?2 = '' OR instr(lower(name), ?2) > 0 OR instr(lower(id), ?2) > 0)
                 UNION SELECT user, coalesce(doc ->> 'email', user) FROM billing_subscription
                     WHERE connection = ?1 AND (?2 = '' OR instr(lower(doc), ?2) > 0))
                 ORDER BY id NOT LIKE 'pwu\\_%' ESCAPE '\\', name, id LIMIT ?3",
            )?
            .query_and_then(params![connection.0, folded(search), limit], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Inside<_>>()
        })
    }

    /// Plans that customers are on, by words in their names.
    pub fn billing_plans(
        &self,
        connection: ConnectionId,
        search: &str,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        self.read("reading plans", |db| {
            db.prepare_cached(
                "SELECT value FROM (
                     SELECT p.value FROM customer c, json_each(c.doc, '$.plans') p
                         WHERE c.source = ?1
                     UNION SELECT doc ->> 'plan' FROM billing_subscription WHERE connection = ?1)
                 WHERE value IS NOT NULL AND (?2 = '' OR instr(lower(value), ?2) > 0)
                 ORDER BY 1 LIMIT ?3",
            )?
            .query_and_then(params![connection.0, folded(search), limit], |row| {
                Ok(row.get(0)?)
            })?
            .collect::<Inside<_>>()
        })
    }

    /// What is known of a subscription, by its id or alias.
    pub fn billing_subscription(
        &self,
        connection: ConnectionId,
        handle: &str,
    ) -> Result<Option<SubscriptionEvent>, StoreError> {
        self.read("reading a subscription", |db| {
            db.prepare_cached(
                "SELECT doc FROM billing_subscription WHERE connection = ?1 AND handle = ?2",
            )?
            .query_and_then(params![connection.0, handle], |row| {
                from_json(|| "a subscription".to_owned(), &row.get::<_, String>(0)?)
            })?
            .next()
            .transpose()
        })
    }

    /// Subscriptions that operations and histories told of, by words in their ids, aliases, plans and
    /// addresses.
    pub fn billing_subscriptions(
        &self,
        connection: ConnectionId,
        search: &str,
        limit: u32,
    ) -> Result<Vec<SubscriptionEvent>, StoreError> {
        self.read("reading subscriptions", |db| {
            db.prepare_cached(
                "SELECT DISTINCT doc FROM billing_subscription WHERE connection = ?1
                     AND (?2 = '' OR instr(lower(doc), ?2) > 0) ORDER BY handle LIMIT ?3",
            )?
            .query_and_then(params![connection.0, folded(search), limit], |row| {
                from_json(|| "a subscription".to_owned(), &row.get::<_, String>(0)?)
            })?
            .collect()
        })
    }
}
