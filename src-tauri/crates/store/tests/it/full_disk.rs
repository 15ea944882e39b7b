use drawbridge_model::{Cache, Customer, LedgerError};
use drawbridge_store::Store;

use crate::data::{at, customer, full, sync_in};

#[test]
fn a_full_disk_is_told_and_nothing_already_written_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    let store = Store::open(&path, None).unwrap();
    let source = sync_in(&store, "Nightly").source;
    let pull = store.begin_pull(source, at()).unwrap();
    let rows = |from: u32| -> Vec<Customer> {
        (from..from + 500)
            .map(|n| customer(&format!("c{n:06}"), &"long name ".repeat(20)))
            .collect()
    };
    store.put_customers(source, pull, &rows(0)).unwrap();
    store.limit_growth(20).unwrap();
    let error = store.put_customers(source, pull, &rows(500)).unwrap_err();
    assert!(matches!(error, LedgerError::DiskFull { .. }), "{error}");
    assert!(error.to_string().contains("saving customers"), "{error}");
    assert_eq!(store.customers(source, None, 9999).unwrap().len(), 500);
    // Once there is room again, the work goes on where it was.
    store.limit_growth(100_000).unwrap();
    store.put_customers(source, pull, &rows(500)).unwrap();
    assert_eq!(
        store.finish_pull(source, pull, full()).unwrap().customers,
        1000
    );
    drop(store);
    let again = Store::open(&path, None).unwrap();
    assert_eq!(again.customers(source, None, 9999).unwrap().len(), 1000);
}
