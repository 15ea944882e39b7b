//! The REST API, as far as Drawbridge uses it.

pub(crate) mod collections;
pub(crate) mod describe;
pub(crate) mod failure;
pub(crate) mod gone;
pub(crate) mod identity;
pub(crate) mod query;
pub(crate) mod soql;
pub(crate) mod values;
pub(crate) mod versions;
