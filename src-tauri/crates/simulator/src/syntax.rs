//! The simulated org's readers by themselves, for fuzzing and for tools that only want to know
//! whether a text would be understood.

use crate::salesforce::Checker;

thread_local! {
    static CHECKER: Result<Checker, String> = Checker::new().map_err(|error| error.to_string());
}

/// Reads a SOQL query as a fresh org would, and translates it.
///
/// # Errors
/// What the org would answer, as `CODE: message`. A code `UNKNOWN_EXCEPTION` is a fault of the
/// simulator: the query was accepted, and its translation is not good SQL.
pub fn soql(query: &str) -> Result<(), String> {
    CHECKER.with(|checker| {
        checker
            .as_ref()
            .map_err(Clone::clone)?
            .check(query)
            .map_err(|error| format!("{}: {}", error.code, error.message))
    })
}
