//! What crosses the boundary: requests and views, the only types TypeScript sees.
//!
//! Whole numbers are `u32`, money and other decimals are decimal text, dates and instants are ISO
//! text. No view holds a secret.

mod billing;
mod connection;
mod console;
mod error;
mod fields;
mod history;
mod import;
mod mapping;
mod mapping_edit;
mod matching;
mod metrics;
mod operation;
mod plan;
mod progress;
mod promotion;
mod relink;
mod run;
mod speaker;
mod subscription;
mod sync;
mod workspace;
mod writeback;

pub use billing::*;
pub use connection::*;
pub use console::*;
pub use error::*;
pub use fields::*;
pub use history::*;
pub use import::*;
pub use mapping::*;
pub use mapping_edit::*;
pub use matching::*;
pub use metrics::*;
pub use operation::*;
pub use plan::*;
pub use progress::*;
pub use promotion::*;
pub use relink::*;
pub use run::*;
pub use speaker::*;
pub use subscription::*;
pub use sync::*;
pub use workspace::*;
pub use writeback::*;

/// A request without content.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub struct Nothing {}
