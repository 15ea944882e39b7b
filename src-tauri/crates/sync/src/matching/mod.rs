//! Which record a customer belongs to.
//!
//! Only four things write by themselves: the external ID field, a link the billing system itself
//! holds, a link accepted before, and an e-mail address that exactly one record has. Two records
//! for one customer, or two customers on one record, is a conflict that is shown, not guessed.

mod find;
mod keys;

pub use find::{Lookup, find};
pub use keys::{email_key, keys_of_record};
