//! Which record a customer belongs to.
//!
//! Only four things write by themselves: the external ID field, a link accepted before, a link the
//! billing system itself holds, and an e-mail address that exactly one record has. Whatever else
//! speaks for a record (domain, name, a shared address) makes it a proposal, which waits for a
//! person. Two records for one customer, or two customers on one record, is a conflict that is
//! shown, not guessed.

mod domains;
mod find;
mod keys;
mod names;
mod propose;

pub use domains::{domain_key, domain_keys};
pub use find::{Lookup, find};
pub use keys::{email_key, keys_of_address, keys_of_record, match_fields};
pub use names::name_key;
pub(crate) use propose::{score, weight};
