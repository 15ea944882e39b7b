//! Which record a customer belongs to.
//!
//! Only four things write by themselves: the external ID field, a link accepted before, a link the
//! billing system itself holds, and an e-mail address that exactly one record has. Whatever else
//! speaks for a record (domain, name, a shared address) makes it a proposal, which waits for a
//! person. Two records for one customer, or two customers on one record, is a conflict that is
//! shown, not guessed.
//!
//! The external ID outranks a link a run made: the field is what everybody sees, the link only what
//! was found there once. A link a *person* made is not outranked in silence: where the two disagree,
//! that is a conflict.
//!
//! A link outlives its record. Merged, it leads to the record that was merged into; deleted, the
//! customer is blocked until a person decides, because a new record would bring back what somebody
//! removed. Only the external ID or the billing system's own link, on a record that is there,
//! settle it without a person.
//!
//! A customer outlives its id as well: where the billing system gave it another one, its record
//! carries an id that nobody has any more, and a person may have it go over ([`former`]).

mod domains;
mod find;
mod former;
mod keys;
mod names;
mod propose;
mod standing;

pub use domains::{domain_key, domain_keys};
pub use find::{Lookup, at_once, find};
pub use keys::{KEYS, email_key, keys_of_address, keys_of_record, match_fields, parent_field};
pub use names::{name_key, name_part};
pub(crate) use propose::{keys_of_customer, score, weight};
