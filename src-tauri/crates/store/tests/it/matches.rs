//! The review queue and its decisions.

use drawbridge_model::{
    AcceptedLink, Apart, Cache, Evidence, Link, LinkedBy, MatchDecision, Matched, Proposal,
    RecordId, SyncId,
};
use drawbridge_store::{MatchCounts, MatchQuery, MatchState, Store};

use crate::data::{at, record_id, sync_in};

fn proposal(record: RecordId, score: u8) -> Proposal {
    Proposal {
        record,
        name: Some("Fernhill".to_owned()),
        score,
        evidence: vec![Evidence::City {
            city: "Leeds".to_owned(),
        }],
        taken_by: None,
        former: None,
    }
}

fn proposed(customer: &str, name: &str, score: u8) -> Link {
    Link {
        customer: customer.into(),
        name: name.to_owned(),
        matched: Matched::Proposed {
            proposals: vec![proposal(record_id(1), score), proposal(record_id(2), 10)],
        },
    }
}

fn queue(store: &Store, sync: SyncId, search: &str) -> (Vec<String>, u32) {
    let query = MatchQuery {
        state: MatchState::Proposed,
        search: search.to_owned(),
        offset: 0,
        limit: 10,
    };
    let page = store.matches(sync, &query).unwrap();
    let names = page.rows.into_iter().map(|row| row.name).collect();
    (names, page.total)
}

#[test]
fn the_likeliest_come_first_and_can_be_searched() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let none = Link {
        customer: "n".into(),
        name: "Nobody".to_owned(),
        matched: Matched::NotFound,
    };
    let links = [
        proposed("a", "Élan", 60),
        proposed("b", "Zephyr", 86),
        proposed("c", "Alder", 60),
        none,
    ];
    store.put_links(sync, &links).unwrap();
    let all = ["Zephyr", "Alder", "Élan"].map(str::to_owned).to_vec();
    assert_eq!(queue(&store, sync, ""), (all, 3));
    assert_eq!(queue(&store, sync, "ÉLAN").1, 1);
    assert_eq!(queue(&store, sync, "b"), (vec!["Zephyr".to_owned()], 1));
    let counts = MatchCounts {
        proposed: 3,
        not_found: 1,
        ..MatchCounts::default()
    };
    assert_eq!(store.match_counts(sync).unwrap(), counts);
}

#[test]
fn a_decision_is_remembered_replaced_and_taken_back() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let customer = "a".into();
    store.put_links(sync, &[proposed("a", "Acme", 60)]).unwrap();
    let decide = |decision: Option<MatchDecision>| {
        store
            .decide_match(sync, &customer, decision.as_ref(), at())
            .unwrap();
        store.match_of(sync, &customer).unwrap().unwrap().decision
    };
    let accept = MatchDecision::Accept {
        record: record_id(2),
    };
    assert_eq!(decide(Some(accept.clone())), Some(accept));
    assert_eq!(
        store.accepted_link(sync, &customer).unwrap(),
        Some(AcceptedLink {
            record: record_id(2),
            by: LinkedBy::Person,
        })
    );
    assert_eq!(store.match_counts(sync).unwrap().decided, 1);
    let ignore = MatchDecision::Apart {
        apart: Apart::Ignore,
    };
    assert_eq!(decide(Some(ignore.clone())), Some(ignore));
    assert_eq!(store.accepted_link(sync, &customer).unwrap(), None);
    assert_eq!(store.apart(sync, &customer).unwrap(), Some(Apart::Ignore));
    assert_eq!(decide(None), None);
    assert_eq!(store.apart(sync, &customer).unwrap(), None);
    // What was found stays until it is found anew.
    store.clear_records(sync).unwrap();
    assert!(store.match_of(sync, &customer).unwrap().is_some());
}

#[test]
fn a_chosen_customer_keeps_a_shared_record() {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let found = |customer: &str| Link {
        customer: customer.into(),
        name: "Acme".to_owned(),
        matched: Matched::Found {
            record: record_id(1),
            by: drawbridge_model::MatchedBy::Email,
        },
    };
    let links = [found("a"), found("b")];
    store.put_links(sync, &links).unwrap();
    let accept = MatchDecision::Accept {
        record: record_id(1),
    };
    store
        .decide_match(sync, &"a".into(), Some(&accept), at())
        .unwrap();
    assert_eq!(store.mark_shared_records(sync).unwrap(), 1);
    assert_eq!(store.link(sync, &"a".into()).unwrap(), links[0].matched);
    let other = store.link(sync, &"b".into()).unwrap();
    assert!(matches!(other, Matched::Conflict { .. }), "{other:?}");
    // Chosen for both, it is nobody's.
    store
        .decide_match(sync, &"b".into(), Some(&accept), at())
        .unwrap();
    store.put_links(sync, &links).unwrap();
    assert_eq!(store.mark_shared_records(sync).unwrap(), 2);
}
