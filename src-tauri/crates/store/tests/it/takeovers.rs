//! Customers that are gone from the source, and the links that others take over from them.

use drawbridge_model::{Cache, CustomerId, FormerCustomer, LinkedBy, Takeover};
use drawbridge_store::Store;

use crate::data::{at, customer, pull, record_id, sync_in};

fn former(
    store: &Store,
    source: drawbridge_model::ConnectionId,
    id: &str,
) -> Option<FormerCustomer> {
    store
        .former_customer(source, &CustomerId::from(id))
        .unwrap()
}

#[test]
fn who_is_gone_is_remembered_until_it_is_back() {
    let store = Store::open_in_memory().unwrap();
    let source = sync_in(&store, "Nightly").source;
    let (one, two) = (customer("a", "Acme"), customer("b", "Bellows"));
    pull(&store, source, &[one.clone(), two.clone()], &[]);
    assert_eq!(former(&store, source, "a"), None, "it is there");
    assert_eq!(former(&store, source, "z"), None, "it never was");
    pull(&store, source, std::slice::from_ref(&two), &[]);
    let gone = FormerCustomer {
        id: "a".into(),
        name: Some("Acme".to_owned()),
        gone_at: Some(at()),
    };
    assert_eq!(former(&store, source, "a"), Some(gone));
    assert_eq!(former(&store, source, "b"), None);
    let other = sync_in(&store, "Weekly").source;
    assert_eq!(former(&store, other, "a"), None, "of another source");
    pull(&store, source, &[one, two], &[]);
    assert_eq!(former(&store, source, "a"), None);
}

#[test]
fn a_takeover_stands_until_it_is_taken_back() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let takeover = Takeover {
        record: record_id(1),
        former: FormerCustomer {
            id: "old".into(),
            name: Some("Acme".to_owned()),
            gone_at: None,
        },
        customer: "new".into(),
        at: at(),
    };
    assert!(!store.any_takeover(sync).unwrap());
    store.take_over(sync, &takeover).unwrap();
    assert!(store.any_takeover(sync).unwrap());
    let (new, old) = (CustomerId::from("new"), CustomerId::from("old"));
    assert_eq!(store.takeover(sync, &new).unwrap(), Some(takeover.clone()));
    assert_eq!(
        store.handed_over(sync, &old).unwrap(),
        Some(takeover.clone())
    );
    let of_record = store.takeover_of_record(sync, &record_id(1)).unwrap();
    assert_eq!(of_record, Some(takeover));
    let link = store.accepted_link(sync, &new).unwrap().unwrap();
    assert_eq!((link.record, link.by), (record_id(1), LinkedBy::Person));
    store.decide_match(sync, &new, None, at()).unwrap();
    assert_eq!(store.takeover(sync, &new).unwrap(), None);
    assert_eq!(store.accepted_link(sync, &new).unwrap(), None);
}
