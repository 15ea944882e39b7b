//! Any bytes as the upload of a Bulk job: they are read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    if let Ok(rows) = drawbridge_simulator::syntax::bulk_csv(file) {
        // A row takes at least the end of its line.
        assert!(rows <= file.len(), "{rows} rows");
    }
});
