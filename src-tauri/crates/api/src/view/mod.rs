//! What crosses the boundary: requests and views, the only types TypeScript sees.
//!
//! Whole numbers are `u32`, money and other decimals are decimal text, dates and instants are ISO
//! text. No view holds a secret.

mod connection;
mod error;
mod fields;
mod history;
mod mapping;
mod matching;
mod plan;
mod progress;
mod run;
mod subscription;
mod sync;
mod workspace;

pub use connection::*;
pub use error::*;
pub use fields::*;
pub use history::*;
pub use mapping::*;
pub use matching::*;
pub use plan::*;
pub use progress::*;
pub use run::*;
pub use subscription::*;
pub use sync::*;
pub use workspace::*;

/// A request without content.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub struct Nothing {}
