//! Any text as a query: it is answered, and what is accepted becomes SQL the database takes.
#![no_main]

libfuzzer_sys::fuzz_target!(|query: &str| {
    if let Err(error) = drawbridge_simulator::syntax::soql(query) {
        assert!(!error.starts_with("UNKNOWN_EXCEPTION"), "{error}");
    }
});
