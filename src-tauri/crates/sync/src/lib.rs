//! The engine: from a billing record to a Salesforce record.
//!
//! [`plan::make`] reads both sides and says what a run would do; [`execute::run`] does what an
//! approved plan says; [`undo::make`] says how to take a run back, [`writeback`] tells the
//! billing system which Accounts its customers became. Everything between is pure: which subscription speaks ([`speaks`]), what
//! each field is given ([`pack`]), which record a customer belongs to ([`matching`]), whether a
//! value fits ([`mapping`]). All I/O goes through the ports of `drawbridge-model`.

pub mod currencies;
mod error;
pub mod execute;
pub mod import;
pub mod mapping;
pub mod matching;
pub mod operations;
pub mod pack;
pub mod plan;
pub mod pull;
pub mod relink;
pub mod rollup;
pub mod safety;
pub mod speaks;
pub mod undo;
pub mod writeback;

pub use error::Error;
