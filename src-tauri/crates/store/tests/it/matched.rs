//! All are matched until anything changes that matching looks at.

use drawbridge_model::{
    Apart, Cache, FormerCustomer, GivenKeys, GoneRecord, Link, MatchDecision, MatchKey, MatchTally,
    Matched, Record, Sync, Takeover,
};
use drawbridge_store::Store;

use crate::data::{at, customer, pull, record, record_id, subscription, sync_in};

const TALLY: MatchTally = MatchTally {
    by_external_id: 1,
    otherwise: 1,
};

fn by_name(_: &Record) -> Vec<MatchKey> {
    vec![MatchKey::Name("acme".to_owned())]
}

/// A sync whose customers `a` and `b` are matched, beside a record and a deleted one.
fn world() -> (Store, Sync) {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    let customers = [customer("a", "Acme"), customer("b", "Bolt")];
    pull(&store, sync.source, &customers, &[]);
    store
        .put_records(sync.id, &[record(1), record(2)], &by_name)
        .unwrap();
    let links = customers.map(|customer| Link {
        name: customer.display_name(),
        matched: Matched::NotFound,
        customer: customer.id,
    });
    store.put_links(sync.id, &links).unwrap();
    let touched = store.match_touched().unwrap();
    store.put_matched(sync.id, "1", touched, TALLY).unwrap();
    assert_eq!(store.matched(sync.id, "1").unwrap(), Some(TALLY));
    (store, sync)
}

/// Whether all are still matched after this.
fn stands_after(change: impl Fn(&Store, &Sync)) -> bool {
    let (store, sync) = world();
    change(&store, &sync);
    store.matched(sync.id, "1").unwrap().is_some()
}

#[test]
fn other_rules_are_another_matching() {
    let (store, sync) = world();
    assert_eq!(store.matched(sync.id, "2").unwrap(), None);
    let other = sync_in(&store, "Weekly");
    assert_eq!(store.matched(other.id, "1").unwrap(), None);
}

#[test]
fn what_changed_while_it_was_made_is_not_in_it() {
    let (store, sync) = world();
    let before = store.match_touched().unwrap();
    store.put_records(sync.id, &[record(3)], &by_name).unwrap();
    store.put_matched(sync.id, "1", before, TALLY).unwrap();
    assert_eq!(store.matched(sync.id, "1").unwrap(), None);
}

#[test]
fn whatever_matching_looks_at_is_noticed() {
    type Change = fn(&Store, &Sync);
    let decide = |store: &Store, sync: &Sync, decision: Option<MatchDecision>| {
        let customer = "a".into();
        store
            .decide_match(sync.id, &customer, decision.as_ref(), at())
            .unwrap();
    };
    let changes: [(&str, Change); 9] = [
        ("a new customer", |store, sync| {
            let all = [("a", "Acme"), ("b", "Bolt"), ("c", "Cusp")];
            pull(store, sync.source, &all.map(|it| customer(it.0, it.1)), &[]);
        }),
        ("another name", |store, sync| {
            let all = [("a", "Acme"), ("b", "Bolts")];
            pull(store, sync.source, &all.map(|it| customer(it.0, it.1)), &[]);
        }),
        ("a customer less", |store, sync| {
            pull(store, sync.source, &[customer("a", "Acme")], &[]);
        }),
        ("a new record", |store, sync| {
            let none = |_: &Record| Vec::new();
            store.put_records(sync.id, &[record(3)], &none).unwrap();
        }),
        ("a record saved anew", |store, sync| {
            let mut saved = record(2);
            saved.values.clear();
            store.put_records(sync.id, &[saved], &by_name).unwrap();
        }),
        ("no records", |store, sync| {
            store.clear_records(sync.id).unwrap();
        }),
        ("a key by a Contact", |store, sync| {
            let given = GivenKeys {
                by: record_id(9),
                keys: vec![(MatchKey::Email("a@b.example".to_owned()), record_id(2))],
            };
            store.put_keys(sync.id, &[given]).unwrap();
        }),
        ("a deleted record", |store, sync| {
            let gone = GoneRecord {
                id: record_id(2),
                at: at(),
                merged_into: Some(record_id(1)),
            };
            store.put_gone(sync.id, &[gone]).unwrap();
        }),
        ("a takeover", |store, sync| {
            let takeover = Takeover {
                record: record_id(1),
                former: FormerCustomer {
                    id: "old".into(),
                    name: None,
                    gone_at: None,
                },
                customer: "a".into(),
                at: at(),
            };
            store.take_over(sync.id, &takeover).unwrap();
        }),
    ];
    for (what, change) in changes {
        assert!(!stands_after(change), "{what}");
    }
    let chosen = MatchDecision::Accept {
        record: record_id(1),
    };
    let apart = MatchDecision::Apart {
        apart: Apart::Ignore,
    };
    for decision in [chosen, apart] {
        assert!(!stands_after(|store, sync| decide(
            store,
            sync,
            Some(decision.clone())
        )));
        let (store, sync) = world();
        decide(&store, &sync, Some(decision));
        let touched = store.match_touched().unwrap();
        store.put_matched(sync.id, "1", touched, TALLY).unwrap();
        decide(&store, &sync, None);
        assert_eq!(store.matched(sync.id, "1").unwrap(), None, "taken back");
    }
}

#[test]
fn what_matching_does_not_look_at_leaves_it() {
    assert!(stands_after(|store, sync| {
        let same = [customer("a", "Acme"), customer("b", "Bolt")];
        let subscription = subscription("s", "a", "1.00", "EUR");
        pull(store, sync.source, &same, &[subscription]);
    }));
    assert!(stands_after(|store, sync| {
        store.create_plan(sync.id, 1, at()).unwrap();
        store.agree_by(sync.id, "other terms").unwrap();
        store.mark_shared_records(sync.id).unwrap();
    }));
}
