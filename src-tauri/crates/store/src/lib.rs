//! What Drawbridge remembers, in one SQLite file (encrypted with `SQLCipher` when there is a key).
//!
//! [`Store`] implements the model's ports [`Cache`](drawbridge_model::Cache) and
//! [`Journal`](drawbridge_model::Journal), keeps connections, syncs, plans, runs and settings, and
//! answers the screens in windows: filter, sort, offset and limit happen in SQL.
//!
//! Each table has its own module with its own migrations. Every call is one transaction.

mod agreed;
mod api_calls;
mod attempts;
mod bases;
mod billing_choices;
mod cache;
mod charts;
mod connections;
mod customers;
mod dump;
mod error;
mod history;
mod history_page;
mod imports;
mod journal;
mod links;
mod matched;
mod matches;
mod migrate;
mod open;
mod operation_journal;
mod operations;
mod outcomes;
mod pins;
mod plan_fields;
mod plan_halts;
mod plan_orders;
mod plan_pages;
mod plan_rows;
mod plans;
mod pool;
mod problems;
mod pulls;
mod readings;
mod records;
mod relinks;
mod run_lock;
mod runs;
mod samples;
mod saved;
mod search;
mod settings;
mod snapshots;
mod subscription_query;
mod subscription_rows;
mod subscription_totals;
mod syncs;
mod takeovers;
mod words;
mod writeback;
mod writes;
mod written;

pub use api_calls::{ApiCallPage, ApiCallQuery};
pub use charts::{Breakdown, CurrencyBreakdown, Share, Shares, Sum};
pub use connections::NewConnection;
pub use customers::{CustomerDetail, LinkedRecord};
pub use error::StoreError;
pub use history::{HistoryRow, Who};
pub use history_page::{HistoryEntry, HistoryKind, HistoryPage, HistoryQuery};
pub use imports::{ImportPlanned, ImportQuery, ImportRecord, ImportRowRecord, ImportWish};
pub use matches::{MatchCounts, MatchPage, MatchQuery, MatchRow, MatchState};
pub use operations::{
    BatchOrigin, BatchQuery, BatchRecord, NewBatch, NewOperation, OperationQuery, OperationRecord,
    RowProblem,
};
pub use outcomes::{OutcomeChange, OutcomePage, OutcomeQuery, OutcomeRow};
pub use plan_pages::{PlanRowPage, PlanRowQuery, PlanRowSort, PlanTally};
pub use plans::{Ages, Halt, PlanRecord, PlanStatus, PlanSummary};
pub use pool::Store;
pub use problems::ProblemGroup;
pub use pulls::LastPull;
pub use relinks::{Relink, SyncRelink};
pub use run_lock::{OperationLock, RunLock, SyncLock};
pub use runs::{NewRun, RunRecord, Scope};
pub use subscription_query::{
    CurrencyTotal, SubscriptionPage, SubscriptionQuery, SubscriptionRow, SubscriptionSort,
};
pub use subscription_totals::{Facet, Facets};
pub use syncs::{MappingVersion, NewSync};
pub use writeback::LinkRowRecord;
pub use writes::FieldWrite;
