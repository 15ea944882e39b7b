//! Pages of a plan, and the decisions a person makes on them.

use std::fmt::Write;

use drawbridge_model::{Action, CustomerId, Decision, FieldName, PlanId, PlanRow};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use crate::error::{Inside, Trouble};
use crate::words::{action_code, folded};
use crate::{PlanStatus, Store, StoreError, plan_orders, plan_rows, plans};

/// Which rows of a plan, and in which order. The default is all of them by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanRowQuery {
    /// Only rows of this action.
    pub action: Option<Action>,
    /// Only rows where somebody changed a field in Salesforce since it was last written.
    pub drift_only: bool,
    /// Only rows that are held, or have a held field.
    pub held_only: bool,
    /// Only rows that the halt of this code speaks of.
    pub halt: Option<String>,
    /// Only rows that change any of these fields. Empty means all rows.
    pub field: Vec<FieldName>,
    /// Only rows whose name, customer id or record id contain this text, in any case.
    pub search: String,
    /// In which order.
    pub sort: PlanRowSort,
    /// How many rows to leave out at the beginning.
    pub offset: u32,
    /// How many rows at most.
    pub limit: u32,
}

/// An order of a plan's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanRowSort {
    /// By name.
    #[default]
    Name,
    /// By the largest change of a number, largest first.
    LargestChange,
    /// By customer id: the order a run works in.
    Customer,
}

/// A page of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRowPage {
    /// Its rows.
    pub rows: Vec<PlanRow>,
    /// How many rows there are on all pages.
    pub total: u32,
}

/// What a run of the plan would do as the decisions stand now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanTally {
    /// Rows that would be sent.
    pub to_write: u32,
    /// Those of them that delete a record.
    pub to_delete: u32,
    /// Rows a person holds back.
    pub held_rows: u32,
    /// Single fields that are held back.
    pub held_fields: u32,
    /// Rows with a change made in Salesforce.
    pub drifted: u32,
}

impl Store {
    /// A page of a finished plan. A plan that is still being computed has none.
    pub fn plan_rows(&self, plan: PlanId, query: &PlanRowQuery) -> Result<PlanRowPage, StoreError> {
        self.read("reading a plan", |db| {
            let filter = Filter::of(db, plan, query)?;
            let Filter { from, values } = &filter;
            let (limit, offset) = (query.limit, query.offset);
            // Places have no gaps: where every row is asked for, none is counted or passed over.
            let (count, page) = if filter.whole() {
                let page = format!("AND o.place > {offset} ORDER BY o.place LIMIT {limit}");
                ("coalesce(max(o.place), 0)", page)
            } else {
                let page = format!("ORDER BY o.place LIMIT {limit} OFFSET {offset}");
                ("count(*)", page)
            };
            let total = db
                .prepare_cached(&format!("SELECT {count} {from}"))?
                .query_row(params_from_iter(values), |row| row.get(0))?;
            // The inner query walks the narrow order alone; only the page's rows are fetched.
            let rows = db
                .prepare_cached(&format!(
                    "SELECT r.doc FROM (SELECT o.row, o.place {from} {page}) page
                     JOIN plan_row r ON r.id = page.row ORDER BY page.place"
                ))?
                .query_and_then(params_from_iter(values), plan_rows::read)?
                .collect::<Inside<Vec<_>>>()?;
            Ok(PlanRowPage { rows, total })
        })
    }

    /// One row of a plan.
    pub fn plan_row(
        &self,
        plan: PlanId,
        customer: &CustomerId,
    ) -> Result<Option<PlanRow>, StoreError> {
        self.read("reading a plan row", |db| {
            plan_rows::get(db, plan, customer)
        })
    }

    /// Holds a whole row back, or lets it go. Gives the row as it is now.
    pub fn decide_row(
        &self,
        plan: PlanId,
        customer: &CustomerId,
        held: bool,
    ) -> Result<PlanRow, StoreError> {
        self.decide(plan, customer, |row| {
            row.held = held;
            Ok(())
        })
    }

    /// Holds one field of a row back, or lets it go. Gives the row as it is now.
    pub fn decide_field(
        &self,
        plan: PlanId,
        customer: &CustomerId,
        field: &FieldName,
        decision: Decision,
    ) -> Result<PlanRow, StoreError> {
        self.decide(plan, customer, |row| {
            row.changes
                .iter_mut()
                .find(|change| change.field == *field)
                .map(|change| change.decision = decision)
                .ok_or_else(|| {
                    Trouble::not_found(format!("change of {field} for customer {customer}"))
                })
        })
    }

    fn decide(
        &self,
        plan: PlanId,
        customer: &CustomerId,
        decide: impl FnOnce(&mut PlanRow) -> Inside<()>,
    ) -> Result<PlanRow, StoreError> {
        self.write("saving a decision", |db| {
            plans::expect(db, plan, PlanStatus::Ready)?;
            let mut row = plan_rows::expect(db, plan, customer)?;
            decide(&mut row)?;
            plan_rows::update(db, plan, &row)?;
            Ok(row)
        })
    }

    /// Of an undo: records its run created that were there when it was made.
    pub fn plan_created(&self, plan: PlanId) -> Result<u32, StoreError> {
        self.read("counting a plan", |db| {
            Ok(db
                .prepare_cached(
                    "SELECT count(*) FROM plan_row WHERE plan = ?1 AND (action = ?2
                         OR reason_code IN ('created_by_run', 'saved_since', 'maybe_anothers',
                             'has_children'))",
                )?
                .query_row(params![plan.0, action_code(Action::Delete)], |row| {
                    row.get(0)
                })?)
        })
    }

    /// What a run would do as the decisions stand now.
    pub fn plan_tally(&self, plan: PlanId) -> Result<PlanTally, StoreError> {
        self.read("counting a plan", |db| {
            // Of an undo alone, so that the others are counted from their index.
            let to_delete = db
                .prepare_cached(
                    "SELECT count(*) FROM plan p JOIN plan_row r ON r.plan = p.id
                     WHERE p.id = ?1 AND p.deletes = 1 AND r.action = ?2 AND r.held = 0",
                )?
                .query_row([plan.0, action_code(Action::Delete).into()], |row| {
                    row.get(0)
                })?;
            Ok(db
                .prepare_cached(
                    "SELECT coalesce(sum(sendable AND NOT held), 0), coalesce(sum(held), 0),
                         coalesce(sum(held_fields), 0), coalesce(sum(drift), 0)
                     FROM plan_row WHERE plan = ?1
                         AND (sendable = 1 OR held = 1 OR held_fields > 0 OR drift = 1)",
                )?
                .query_row([plan.0], |row| {
                    Ok(PlanTally {
                        to_write: row.get(0)?,
                        to_delete,
                        held_rows: row.get(1)?,
                        held_fields: row.get(2)?,
                        drifted: row.get(3)?,
                    })
                })?)
        })
    }
}

/// `FROM … WHERE …` over `plan_order o`, with its values.
struct Filter {
    from: String,
    values: Vec<Sql>,
}

/// The filter that lets every row of an order pass.
const EVERY: &str = "FROM plan_order o WHERE o.plan = ?1 AND o.sort = ?2";

impl Filter {
    fn whole(&self) -> bool {
        self.from == EVERY
    }

    fn of(db: &Connection, plan: PlanId, query: &PlanRowQuery) -> Inside<Self> {
        let sort = match query.sort {
            PlanRowSort::Name => plan_orders::BY_NAME,
            PlanRowSort::LargestChange => plan_orders::BY_CHANGE,
            PlanRowSort::Customer => plan_orders::BY_CUSTOMER,
        };
        let mut from = EVERY.to_owned();
        let mut values = vec![Sql::from(plan.0), Sql::from(sort)];
        if let Some(action) = query.action {
            values.push(Sql::from(action_code(action)));
            let _ = write!(from, " AND o.action = ?{}", values.len());
        }
        if query.drift_only {
            from += " AND o.drift = 1";
        }
        if !query.field.is_empty() {
            let bits = plan_rows::bits(db, plan)?;
            let mask = query
                .field
                .iter()
                .filter_map(|field| bits.get(field))
                .fold(0_i64, |mask, bit| mask | (1 << bit));
            values.push(Sql::from(mask));
            let _ = write!(from, " AND (o.fields & ?{}) <> 0", values.len());
        }
        if let Some(halt) = &query.halt {
            values.push(Sql::from(halt.clone()));
            let _ = write!(
                from,
                " AND o.row IN (SELECT row FROM plan_halt_row WHERE plan = ?1 AND halt = ?{})",
                values.len()
            );
        }
        if query.held_only {
            from += " AND o.row IN (SELECT h.id FROM plan_row h
                 WHERE h.plan = ?1 AND (h.held = 1 OR h.held_fields > 0))";
        }
        let search = folded(&query.search);
        if !search.is_empty() {
            values.push(Sql::from(search));
            let at = values.len();
            if sort == plan_orders::BY_NAME {
                let _ = write!(from, " AND instr(o.text, ?{at}) > 0");
            } else {
                let _ = write!(
                    from,
                    " AND o.row IN (SELECT s.row FROM plan_order s
                       WHERE s.plan = ?1 AND s.sort = {} AND instr(s.text, ?{at}) > 0)",
                    plan_orders::BY_NAME
                );
            }
        }
        Ok(Self { from, values })
    }
}
