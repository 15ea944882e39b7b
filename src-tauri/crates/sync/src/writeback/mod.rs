//! Writing back: telling the billing system which Account a customer became.
//!
//! A plan has a link for each customer whose Account the billing system does not name yet
//! ([`plan`]); a run records them once the records themselves are written ([`run`]), and an undo
//! takes back what its run recorded ([`plan_undo`]). Whatever becomes of a link, it never changes
//! what became of a record.

mod judge;
mod plan;
mod run;
mod send;

pub use judge::{Verdict, Write, add_alias, after, done, judge, link, remove_alias, unlink};
pub use plan::{NoPlace, Planned, link_row, place, plan, plan_undo};
pub use run::{Ended, run};
pub(crate) use send::send;
