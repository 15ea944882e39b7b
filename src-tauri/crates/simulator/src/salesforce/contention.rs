//! Collections calls that lock a common parent against each other, as transactions do that run side
//! by side (facts/salesforce.md §9).

use std::collections::HashSet;
use std::time::Duration;

use crate::faults::FaultKind;
use crate::locks::{Holding, RowLocks};
use crate::reply::Request;
use crate::salesforce::SharedOrg;
use crate::salesforce::errors::RowError;
use crate::salesforce::ids;
use crate::salesforce::org::Org;
use crate::salesforce::row_faults;
use crate::salesforce::write::Values;

/// How long a call holds the parents of its rows.
const HOLDS: Duration = Duration::from_millis(80);

/// What the calls under way do to the rows of one of them.
#[derive(Default)]
pub(crate) struct Contention {
    /// Kept until the call is answered.
    holding: Option<(RowLocks, Holding)>,
    /// The parent of each row.
    parents: Vec<Option<String>>,
}

/// Takes the parents of a call's rows, where such a fault strikes it. Does not hold the org while
/// it waits.
pub(crate) fn enter(shared: &SharedOrg, request: &Request, rows: &[Values]) -> Contention {
    let Some(FaultKind::RowLocks(locks)) = &request.fault else {
        return Contention::default();
    };
    if !locks.parallel_only {
        return Contention::default();
    }
    let parents: Vec<_> = {
        let org = shared.lock();
        rows.iter().map(|row| parent(&org, row)).collect()
    };
    let held: HashSet<String> = parents.iter().flatten().cloned().collect();
    let holding = locks.hold(held);
    std::thread::sleep(HOLDS);
    Contention {
        holding: Some((locks.clone(), holding)),
        parents,
    }
}

impl Contention {
    /// The refusal of a row whose parent another call held first.
    pub(crate) fn refusal(&self, position: usize, row: &Values) -> Option<RowError> {
        let (locks, holding) = self.holding.as_ref()?;
        let parent = self.parents.get(position)?.as_deref()?;
        if !holding.contended.contains(parent) {
            return None;
        }
        row_faults::lock(locks, None, row, Some(parent))
    }
}

/// The Account a row belongs to: the one it names, else the one its record has.
fn parent(org: &Org, row: &Values) -> Option<String> {
    let kind = row.get("attributes")?.get("type")?.as_str()?;
    let object = org.schema.object(kind)?;
    object.field("AccountId")?;
    let text = |name: &str| {
        let named = row.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        named.1.as_str().map(str::to_owned)
    };
    let named = text("AccountId").or_else(|| {
        let id = text("Id").and_then(|id| ids::canonical(&id))?;
        let soql = format!("SELECT AccountId FROM {} WHERE Id = ?1", object.name);
        let found = org
            .db
            .query_row(&soql, [id], |row| row.get::<_, Option<String>>(0));
        found.ok().flatten()
    })?;
    Some(ids::canonical(&named).unwrap_or(named))
}
