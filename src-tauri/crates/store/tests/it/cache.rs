use drawbridge_model::{
    Cache, Customer, CustomerId, GivenKeys, Link, MatchKey, Matched, MatchedBy, Reason, Record,
    RecordId, SyncId, Value,
};
use drawbridge_store::Store;

use crate::data::{at, customer, full, pull, record, record_id, subscription, sync_in};

#[test]
fn a_pull_forgets_what_it_did_not_see() {
    let store = Store::open_in_memory().unwrap();
    let source = sync_in(&store, "Nightly").source;
    let all = [customer("a", "A"), customer("b", "B"), customer("c", "C")];
    let subscriptions = [
        subscription("s1", "a", "1", "USD"),
        subscription("s2", "a", "2", "USD"),
        subscription("s3", "b", "3", "USD"),
    ];
    assert_eq!(pull(&store, source, &all, &subscriptions), 3);
    let rest = pull(&store, source, &all[..2], &subscriptions[1..2]);
    assert_eq!(rest, 2);
    let bundles = store.customers(source, None, 10).unwrap();
    let ids: Vec<_> = bundles
        .iter()
        .map(|b| (b.customer.id.as_str(), b.subscriptions.len()))
        .collect();
    assert_eq!(ids, [("a", 1), ("b", 0)]);
    let last = store.last_pull(source).unwrap().unwrap();
    assert_eq!((last.customers, last.subscriptions), (2, 1));
}

#[test]
fn pages_of_customers_join_without_gap_or_overlap() {
    let store = Store::open_in_memory().unwrap();
    let source = sync_in(&store, "Nightly").source;
    let customers: Vec<Customer> = (0..25)
        .map(|n| customer(&format!("c{n:03}"), "Acme"))
        .collect();
    let subscriptions: Vec<_> = (0..50)
        .map(|n| subscription(&format!("s{n:03}"), &format!("c{:03}", n % 25), "1", "EUR"))
        .collect();
    pull(&store, source, &customers, &subscriptions);
    let mut seen = Vec::new();
    let mut after: Option<CustomerId> = None;
    loop {
        let page = store.customers(source, after.as_ref(), 7).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.customer.id.clone());
        for bundle in page {
            assert_eq!(bundle.subscriptions.len(), 2);
            assert!(
                bundle
                    .subscriptions
                    .iter()
                    .all(|s| s.customer == bundle.customer.id)
            );
            seen.push(bundle.customer);
        }
    }
    assert_eq!(seen, customers);
}

#[test]
fn a_pull_that_was_replaced_can_forget_nothing() {
    let store = Store::open_in_memory().unwrap();
    let source = sync_in(&store, "Nightly").source;
    pull(&store, source, &[customer("a", "A")], &[]);
    let first = store.begin_pull(source, at()).unwrap();
    let changed = [customer("a", "New name")];
    store.put_customers(source, first, &changed).unwrap();
    let second = store.begin_pull(source, at()).unwrap();
    assert!(store.finish_pull(source, first, full()).is_err());
    assert!(store.put_customers(source, first, &[]).is_err());
    assert_eq!(store.customers(source, None, 9).unwrap().len(), 1);
    store.put_customers(source, second, &changed).unwrap();
    store.finish_pull(source, second, full()).unwrap();
    // What the first one changed reaches the screen, though the second changed nothing.
    let rows = store.subscriptions(&drawbridge_store::SubscriptionQuery {
        limit: 9,
        ..Default::default()
    });
    assert_eq!(rows.unwrap().rows[0].customer_name, "New name");
}

#[test]
fn renewal_known_to_be_none_differs_from_not_known() {
    let store = Store::open_in_memory().unwrap();
    let source = sync_in(&store, "Nightly").source;
    let mut subscriptions = [
        subscription("s1", "a", "1", "USD"),
        subscription("s2", "a", "1", "USD"),
        subscription("s3", "a", "1", "USD"),
    ];
    subscriptions[1].renews_on = Some(None);
    subscriptions[2].renews_on = Some(Some("2027-01-31".parse().unwrap()));
    pull(&store, source, &[customer("a", "A")], &subscriptions);
    let read = store.customers(source, None, 9).unwrap().remove(0);
    assert_eq!(read.subscriptions, subscriptions);
    // The change from one to the other alone is a change.
    subscriptions[1].renews_on = None;
    pull(&store, source, &[customer("a", "A")], &subscriptions);
    let read = store.customers(source, None, 9).unwrap().remove(0);
    assert_eq!(read.subscriptions, subscriptions);
}

fn by_key(store: &Store, sync: SyncId, key: &MatchKey) -> Vec<RecordId> {
    let mut found = store
        .records_by_keys(sync, std::slice::from_ref(key))
        .unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn keys_find_records_and_kinds_of_keys_do_not_mix() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let external = MatchKey::ExternalId("Cus_1".to_owned());
    let email = MatchKey::Email("a@b.c".to_owned());
    let records = [1, 2, 3, 4, 1].map(record);
    let keys = |_: &Record| vec![external.clone()];
    store.put_records(sync, &records, &keys).unwrap();
    store
        .put_keys(
            sync,
            &[GivenKeys {
                by: record_id(9),
                keys: vec![(email.clone(), record_id(2)), (email.clone(), record_id(2))],
            }],
        )
        .unwrap();
    let found = by_key(&store, sync, &external);
    assert_eq!(found, [record_id(1), record_id(2), record_id(3)]);
    assert_eq!(by_key(&store, sync, &email), [record_id(2)]);
    let other = MatchKey::ExternalId("cus_1".to_owned());
    assert!(by_key(&store, sync, &other).is_empty());
    let several = store.records_by_keys(sync, &[email.clone(), other, external]);
    let several: Vec<usize> = several.unwrap().iter().map(Vec::len).collect();
    assert_eq!(several, [1, 0, 3]);
    assert_eq!(store.record(sync, &record_id(1)).unwrap(), Some(record(1)));
    store.clear_records(sync).unwrap();
    assert!(by_key(&store, sync, &email).is_empty());
    assert_eq!(store.record(sync, &record_id(1)).unwrap(), None);
}

#[test]
fn a_record_that_changed_has_other_keys_and_one_that_did_not_is_left_alone() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let name = |name: &str| MatchKey::Name(name.to_owned());
    let email = MatchKey::Email("a@b.c".to_owned());
    let given = GivenKeys {
        by: record_id(9),
        keys: vec![(email.clone(), record_id(1))],
    };
    store.put_keys(sync, &[given]).unwrap();
    let keys = |_: &Record| vec![name("acme"), name("acme widgets")];
    store.put_records(sync, &[record(1)], &keys).unwrap();
    let asked = |_: &Record| panic!("it did not change");
    store.put_records(sync, &[record(1)], &asked).unwrap();

    let mut changed = record(1);
    changed.values.insert("Phone".into(), Value::text("1"));
    let keys = |_: &Record| vec![name("acme widgets"), name("zebra")];
    store.put_records(sync, &[changed.clone()], &keys).unwrap();
    assert_eq!(store.record(sync, &record_id(1)).unwrap(), Some(changed));
    let found = |key: &MatchKey| by_key(&store, sync, key).len();
    let names = ["acme", "acme widgets", "zebra"].map(|it| found(&name(it)));
    assert_eq!(names, [0, 1, 1]);
    assert_eq!(found(&email), 1, "a Contact's address stays");
}

#[test]
fn a_customer_that_found_its_id_is_linked_by_it() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let by_email = Link {
        matched: Matched::Found {
            record: record_id(1),
            by: MatchedBy::Email,
        },
        ..found("a", 1)
    };
    let nobody = Link {
        matched: Matched::NotFound,
        ..found("b", 2)
    };
    store.put_links(sync, &[by_email, nobody]).unwrap();
    let now = [("a".into(), record_id(1)), ("b".into(), record_id(2))];
    store.found_by_id(sync, &now).unwrap();
    for expected in [found("a", 1), found("b", 2)] {
        let link = store.link(sync, &expected.customer).unwrap();
        assert_eq!(link, expected.matched);
    }
    assert_eq!(store.match_counts(sync).unwrap().found, 2);
}

fn found(customer: &str, number: u32) -> Link {
    Link {
        customer: CustomerId::from(customer),
        name: "Acme".to_owned(),
        matched: Matched::Found {
            record: record_id(number),
            by: MatchedBy::ExternalId,
        },
    }
}

#[test]
fn a_record_found_by_several_is_a_conflict_of_each() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    store
        .put_links(sync, &[found("a", 1), found("b", 1), found("c", 2)])
        .unwrap();
    assert_eq!(store.mark_shared_records(sync).unwrap(), 2);
    let Matched::Conflict {
        reason: Reason::SharedRecord { record, others },
    } = store.link(sync, &"a".into()).unwrap()
    else {
        panic!("no conflict");
    };
    assert_eq!((record, others), (record_id(1), vec!["b".into()]));
    assert_eq!(
        store.link(sync, &"c".into()).unwrap(),
        found("c", 2).matched
    );
    assert_eq!(store.link(sync, &"z".into()).unwrap(), Matched::NotFound);
    // Another sync has links of its own.
    assert_eq!(
        store.link(SyncId(99), &"c".into()).unwrap(),
        Matched::NotFound
    );
    // Once settled, it is settled.
    store
        .put_links(sync, &[found("a", 1), found("b", 3)])
        .unwrap();
    assert_eq!(store.mark_shared_records(sync).unwrap(), 0);
}

#[test]
fn who_shares_a_record_is_told_by_id_and_per_sync() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    let (a, b) = (customer("a", "A"), customer("b", "B"));
    pull(
        &store,
        sync.source,
        &[b.clone(), a.clone(), customer("c", "C")],
        &[],
    );
    store
        .put_links(
            sync.id,
            &[
                found("b", 1),
                found("a", 1),
                found("c", 2),
                found("gone", 1),
            ],
        )
        .unwrap();
    let sharing = |sync| store.sharing(sync, &record_id(1)).unwrap();
    assert_eq!(sharing(sync.id), [a.clone(), b]);
    assert_eq!(sharing(SyncId(99)), []);
    // One that goes elsewhere shares it no longer.
    store.put_links(sync.id, &[found("b", 2)]).unwrap();
    assert_eq!(sharing(sync.id), [a]);
}

#[test]
fn a_customer_that_is_gone_does_not_keep_its_record() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    pull(&store, sync.source, &[customer("old", "Acme")], &[]);
    store.put_links(sync.id, &[found("old", 1)]).unwrap();
    pull(&store, sync.source, &[customer("new", "Acme")], &[]);
    store.put_links(sync.id, &[found("new", 1)]).unwrap();
    assert_eq!(store.mark_shared_records(sync.id).unwrap(), 0);
}
