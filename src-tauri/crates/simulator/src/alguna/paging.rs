//! Offset paging and sorting of Alguna's lists.

use serde::Serialize;
use serde_json::json;

use super::answer::invalid;
use crate::reply::{Reply, Request};

/// Largest and default page.
const MAX: usize = 100;
const DEFAULT: usize = 20;

/// `limit` and `offset`; a limit above 100 is refused (assumed, docs/simulator-assumptions.md).
pub(crate) fn window(request: &Request) -> Result<(usize, usize), Reply> {
    let number = |name: &str, missing: usize| match request.param(name) {
        None | Some("") => Ok(missing),
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| invalid(&format!("{name} must be a non-negative integer"))),
    };
    let (limit, offset) = (number("limit", DEFAULT)?, number("offset", 0)?);
    if limit == 0 || limit > MAX {
        return Err(invalid(&format!("limit must be between 1 and {MAX}")));
    }
    Ok((limit, offset))
}

/// `sort=field:asc|desc`; `None` when not given.
pub(crate) fn sort<'a>(
    request: &'a Request,
    known: &[&str],
) -> Result<Option<(&'a str, bool)>, Reply> {
    let Some(sort) = request.param("sort").filter(|sort| !sort.is_empty()) else {
        return Ok(None);
    };
    let (field, direction) = sort.split_once(':').unwrap_or((sort, "asc"));
    let descending = match direction {
        "asc" => false,
        "desc" => true,
        _ => {
            return Err(invalid("sort direction must be asc or desc"));
        }
    };
    if !known.contains(&field) {
        return Err(invalid(&format!("cannot sort by {field}")));
    }
    Ok(Some((field, descending)))
}

/// The envelope around one page of `total` rows.
pub(crate) fn envelope<T: Serialize>(page: &[T], limit: usize, total: usize) -> Reply {
    Reply::json(
        200,
        &json!({"data": page, "pagination": {"per_page": limit, "total_pages": total.div_ceil(limit)}}),
    )
}

/// A page of rows that need no sorting.
pub(crate) fn list<T: Serialize>(request: &Request, rows: Vec<T>) -> Result<Reply, Reply> {
    let (limit, offset) = window(request)?;
    let total = rows.len();
    let page: Vec<T> = rows.into_iter().skip(offset).take(limit).collect();
    Ok(envelope(&page, limit, total))
}

/// The values of a comma-joined parameter, none when it is missing or empty.
pub(crate) fn values<'a>(request: &'a Request, name: &str) -> Option<Vec<&'a str>> {
    let given = request.param(name).filter(|text| !text.is_empty())?;
    Some(given.split(',').collect())
}

/// A parameter that is `true` or `false`.
pub(crate) fn flag(request: &Request, name: &str) -> Result<Option<bool>, Reply> {
    match request.param(name) {
        None | Some("") => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(invalid(&format!("{name} must be true or false"))),
    }
}

/// The places of one page, and how many rows fit in all. Without a filter it costs only the page.
pub(crate) fn page(
    order: &[usize],
    descending: bool,
    (limit, offset): (usize, usize),
    filtered: bool,
    fits: impl Fn(usize) -> bool,
) -> (Vec<usize>, usize) {
    let at = |place: usize| {
        if descending {
            order[order.len() - 1 - place]
        } else {
            order[place]
        }
    };
    if !filtered {
        let end = (offset.saturating_add(limit)).min(order.len());
        return ((offset.min(end)..end).map(at).collect(), order.len());
    }
    let all: Vec<usize> = (0..order.len())
        .map(at)
        .filter(|place| fits(*place))
        .collect();
    let total = all.len();
    (all.into_iter().skip(offset).take(limit).collect(), total)
}
