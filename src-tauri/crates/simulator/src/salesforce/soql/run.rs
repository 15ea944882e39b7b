//! Answers queries.

use std::sync::Arc;

use rusqlite::params_from_iter;
use serde_json::json;

use super::cursors::{Cursor, row_ids};
use super::json::Renderer;
use super::plan::{Groups, Plan};
use super::source::{Source, lost};
use super::{now, planned};
use crate::reply::Reply;
use crate::salesforce::errors::CallError;
use crate::salesforce::org::Org;

/// Records per page unless `Sforce-Query-Options` asks for fewer.
pub(crate) const PAGE: usize = 2000;

/// Answers `query` or `queryAll`.
pub(crate) fn query(
    org: &mut Org,
    version: &str,
    soql: &str,
    with_deleted: bool,
    page_size: usize,
) -> Result<Reply, CallError> {
    let now = now(org);
    match planned(&org.schema, soql, with_deleted, now)? {
        Plan::Count { sql, .. } => {
            let count: i64 = sql
                .statement(&org.db)?
                .query_row(params_from_iter(&sql.parameters), |row| row.get(0))?;
            Ok(Reply::json(
                200,
                &json!({"totalSize": count, "done": true, "records": []}),
            ))
        }
        Plan::Groups(groups) => aggregate(org, version, &groups),
        Plan::Records(records) => {
            let rows = row_ids(&org.db, &records.find, None)?;
            let source = Source {
                soql: soql.to_owned(),
                with_deleted,
            };
            let cursor = Cursor::new(Arc::new(source), records, rows, page_size, now);
            if cursor.rows.len() <= page_size {
                return render(org, version, |page| page.page(&cursor, None, 0));
            }
            let locator = org.ids.next("01g");
            let cursor = org.locators.keep(&locator, cursor);
            render(org, version, |page| page.page(&cursor, Some(&locator), 0))
        }
    }
}

/// Answers a continuation: `01g…-2000`.
pub(crate) fn more(org: &mut Org, version: &str, locator: &str) -> Result<Reply, CallError> {
    let (id, from) = locator.rsplit_once('-').ok_or_else(lost)?;
    let from: usize = from.parse().map_err(|_| lost())?;
    let now = now(org);
    let cursor = org.locators.used(id, now).ok_or_else(lost)?;
    if from >= cursor.rows.len() {
        return Err(lost());
    }
    // A field that is gone or hidden by now invalidates the rest of a result that shows it.
    let still_valid = cursor.source.check(&org.schema, &cursor.records, now);
    still_valid.map_err(|_| lost())?;
    render(org, version, |page| page.page(&cursor, Some(id), from))
}

fn aggregate(org: &mut Org, version: &str, groups: &Groups) -> Result<Reply, CallError> {
    render(org, version, |page| {
        let mut statement = groups.sql.statement(page.db)?;
        let mut rows = statement.query(params_from_iter(&groups.sql.parameters))?;
        let mut total = 0;
        let mut body = std::mem::take(&mut page.out);
        while let Some(row) = rows.next()? {
            if total > 0 {
                page.text(",");
            }
            page.group(&groups.columns, row)?;
            total += 1;
            if total > PAGE {
                return Err(CallError::bad(
                    "EXCEEDED_ID_LIMIT",
                    "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch",
                ));
            }
        }
        let head = format!("{{\"totalSize\":{total},\"done\":true,\"records\":[");
        body.extend_from_slice(head.as_bytes());
        body.append(&mut page.out);
        body.extend_from_slice(b"]}");
        page.out = body;
        Ok(())
    })
}

/// Runs a renderer over the org and answers what it wrote.
fn render(
    org: &mut Org,
    version: &str,
    write: impl FnOnce(&mut Renderer<'_>) -> Result<(), CallError>,
) -> Result<Reply, CallError> {
    let mut renderer = Renderer {
        db: &org.db,
        version,
        now: now(org),
        ids: &mut org.ids,
        cursors: &mut org.locators,
        out: Vec::new(),
    };
    write(&mut renderer)?;
    let body = renderer.out;
    Ok(Reply::bytes(200, "application/json;charset=UTF-8", body))
}
