use drawbridge_model::{ConnectionStatus, Provider};
use drawbridge_store::{NewConnection, PlanStatus, PlanSummary, Store, StoreError};

use crate::data::{at, mapping, sync_in};

fn new(name: &str) -> NewConnection {
    NewConnection {
        name: name.to_owned(),
        provider: Provider::Alguna,
        environment: None,
        base_url: "https://api.alguna.io".to_owned(),
        client_id: None,
    }
}

#[test]
fn names_of_connections_are_unique_in_any_case() {
    let store = Store::open_in_memory().unwrap();
    let mut first = store.insert_connection(&new("Größe")).unwrap();
    let error = store.insert_connection(&new("GRÖSSE ")).map(|_| ());
    // ß and SS differ when folded; only the case counts.
    assert!(error.is_ok());
    let error = store.insert_connection(&new(" gröSSE")).unwrap_err();
    assert!(matches!(error, StoreError::NameTaken { .. }), "{error}");
    first.status = ConnectionStatus::Connected;
    store.update_connection(&first).unwrap();
    assert_eq!(
        store.connection_by_name("größe").unwrap(),
        Some(first.clone())
    );
    assert_eq!(store.connection(first.id).unwrap(), Some(first));
}

#[test]
fn a_connection_in_use_is_not_deleted() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    let error = store.delete_connection(sync.source).unwrap_err();
    assert!(error.to_string().contains("Nightly"), "{error}");
    let free = store.insert_connection(&new("free")).unwrap();
    store.delete_connection(free.id).unwrap();
    assert_eq!(store.connection(free.id).unwrap(), None);
    assert_eq!(store.connections().unwrap().len(), 2);
}

#[test]
fn versions_of_a_mapping_are_listed_with_their_time() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    let later = at() + jiff::SignedDuration::from_hours(1);
    store.save_mapping(sync.id, &mapping(), later).unwrap();
    let versions: Vec<_> = store
        .mapping_versions(sync.id)
        .unwrap()
        .into_iter()
        .map(|it| (it.mapping.version, it.saved_at))
        .collect();
    assert_eq!(versions, [(2, Some(later)), (1, Some(at()))]);
}

#[test]
fn each_saved_mapping_is_a_new_version() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    assert_eq!(store.mapping(sync.id).unwrap(), mapping());
    let mut changed = mapping();
    changed.external_id = "Other__c".into();
    assert_eq!(store.save_mapping(sync.id, &changed, at()).unwrap(), 2);
    assert_eq!(store.mapping(sync.id).unwrap().version, 2);
    assert_eq!(store.mapping_version(sync.id, 1).unwrap(), mapping());
    assert!(matches!(
        store.mapping_version(sync.id, 3),
        Err(StoreError::NotFound { .. })
    ));
}

#[test]
fn a_plan_outlives_a_new_name_of_its_sync_and_no_other_change() {
    let store = Store::open_in_memory().unwrap();
    let mut sync = sync_in(&store, "Nightly");
    let plan = store.create_plan(sync.id, 1, at()).unwrap();
    store
        .finish_plan(plan, &PlanSummary::default(), at())
        .unwrap();
    let status = || store.plan(plan).unwrap().unwrap().status;
    "Weekly".clone_into(&mut sync.name);
    store.update_sync(&sync).unwrap();
    assert_eq!(status(), PlanStatus::Ready);
    sync.mask_emails = !sync.mask_emails;
    store.update_sync(&sync).unwrap();
    assert_eq!(status(), PlanStatus::Stale);
}

#[test]
fn settings_are_kept_by_key() {
    let store = Store::open_in_memory().unwrap();
    assert_eq!(store.setting::<u32>("port").unwrap(), None);
    store.set_setting("port", &17171).unwrap();
    store.set_setting("port", &17172).unwrap();
    assert_eq!(store.setting::<u32>("port").unwrap(), Some(17172));
    let error = store.setting::<bool>("port").unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { .. }), "{error}");
}

#[test]
fn the_dump_holds_what_is_stored() {
    let store = Store::open_in_memory().unwrap();
    sync_in(&store, "Nightly");
    let mut out = Vec::new();
    store.dump_text(&mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("sync: Nightly"));
}
