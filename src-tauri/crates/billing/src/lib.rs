//! Reads customers and subscriptions from billing systems: Alguna and `ProfitWell`.
//!
//! Each system has its own folder with the same file names; what they share (the way over HTTP,
//! when a call is repeated, how an answer is read) stands beside them. Nothing here knows where
//! the data goes: ids of other systems are just texts.

pub mod alguna;
mod answer;
mod base_url;
pub mod console;
mod http;
mod lenient;
mod pace;
pub mod profitwell;
pub mod retry;

pub use base_url::check_base_url;
pub use pace::Lane;
