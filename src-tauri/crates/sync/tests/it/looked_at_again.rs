//! Customers whose link stands are not looked at again, and never differ for it.

use std::collections::BTreeSet;

use drawbridge_model::{
    Acquaintance, Apart, Cache, ConnectionId, Customer, CustomerId, Link, MatchDecision, MatchKey,
    Matched, MatchedBy, PullEnd, Record, RecordId, SObjectName, SyncId,
};
use drawbridge_store::Store;
use drawbridge_sync::matching::at_once;
use jiff::Timestamp;
use proptest::prelude::*;

const SYNC: SyncId = SyncId(1);
const SOURCE: ConnectionId = ConnectionId(1);

/// What is there of one customer, by numbers of records.
#[derive(Clone, Debug)]
struct Known {
    carry_its_id: BTreeSet<u32>,
    link: Option<(u32, bool)>,
    linked_as: &'static str,
    by_a_run: Option<u32>,
    decided: Option<MatchDecision>,
}

fn record_id(number: u32) -> RecordId {
    RecordId::parse(&format!("001{number:012}")).unwrap()
}

fn known() -> impl Strategy<Value = Known> {
    let number = || 1..4_u32;
    let decided = prop_oneof![
        4 => Just(None),
        1 => number().prop_map(|number| Some(MatchDecision::Accept { record: record_id(number) })),
        1 => Just(Some(MatchDecision::Apart { apart: Apart::Ignore })),
        1 => Just(Some(MatchDecision::Apart { apart: Apart::CreateNew })),
    ];
    (
        prop::collection::btree_set(number(), 0..3),
        prop::option::of((number(), any::<bool>())),
        prop::sample::select(vec!["Acme", "Acme before"]),
        prop::option::of(number()),
        decided,
    )
        .prop_map(|(carry_its_id, link, linked_as, by_a_run, decided)| Known {
            carry_its_id,
            link,
            linked_as,
            by_a_run,
            decided,
        })
}

fn linked(customer: &CustomerId, name: &str, number: u32, by: MatchedBy) -> Link {
    Link {
        customer: customer.clone(),
        name: name.to_owned(),
        matched: Matched::Found {
            record: record_id(number),
            by,
        },
    }
}

/// A cache with these customers, and what `acquaintances` gives of them.
fn looked_at(world: &[Known]) -> (Store, Vec<Acquaintance>) {
    let store = Store::open_in_memory().unwrap();
    let at = Timestamp::UNIX_EPOCH;
    let ids: Vec<CustomerId> = (0..world.len())
        .map(|number| CustomerId(format!("c{number:02}")))
        .collect();
    let customers: Vec<Customer> = ids
        .iter()
        .map(|id| Customer {
            name: Some("Acme".to_owned()),
            ..Customer::new(id.clone())
        })
        .collect();
    let pull = store.begin_pull(SOURCE, at).unwrap();
    store.put_customers(SOURCE, pull, &customers).unwrap();
    let end = PullEnd {
        at,
        full: true,
        source_time: None,
    };
    store.finish_pull(SOURCE, pull, end).unwrap();
    for (id, known) in ids.iter().zip(world) {
        // No record is there yet, so the link is remembered.
        if let Some(number) = known.by_a_run {
            let link = linked(id, "Acme", number, MatchedBy::Email);
            store.put_links(SYNC, &[link]).unwrap();
            store.keep_lost_links(SYNC, at).unwrap();
        }
        if let Some(decision) = &known.decided {
            store.decide_match(SYNC, id, Some(decision), at).unwrap();
        }
        let link = match known.link {
            Some((number, true)) => linked(id, known.linked_as, number, MatchedBy::ExternalId),
            Some((number, false)) => linked(id, known.linked_as, number, MatchedBy::Email),
            None => Link {
                matched: Matched::NotFound,
                ..linked(id, known.linked_as, 1, MatchedBy::Email)
            },
        };
        store.put_links(SYNC, &[link]).unwrap();
    }
    let records: Vec<Record> = (1..4).map(record).collect();
    let keys = |record: &Record| {
        let carried = ids.iter().zip(world).filter(|(_, known)| {
            let mut numbers = known.carry_its_id.iter();
            numbers.any(|number| record_id(*number) == record.id)
        });
        carried
            .map(|(id, _)| MatchKey::ExternalId(id.0.clone()))
            .collect()
    };
    store.put_records(SYNC, &records, &keys).unwrap();
    let given = store.acquaintances(SYNC, SOURCE, None, 99).unwrap();
    (store, given)
}

fn record(number: u32) -> Record {
    Record {
        sobject: SObjectName::from("Account"),
        id: record_id(number),
        values: [].into(),
        modstamp: Timestamp::UNIX_EPOCH,
        modified_by: None,
        modified_by_id: None,
        modified_at: None,
    }
}

/// A customer as matching would see it first, read piece by piece.
fn seen(store: &Store, customer: &CustomerId) -> Acquaintance {
    let key = MatchKey::ExternalId(customer.0.clone());
    Acquaintance {
        customer: customer.clone(),
        name: "Acme".to_owned(),
        by_id: store.records_by_keys(SYNC, &[key]).unwrap().remove(0),
        accepted: store.accepted_link(SYNC, customer).unwrap(),
        apart: store.apart(SYNC, customer).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Who is left out would be found as it is linked; who is given is given as it is.
    #[test]
    fn looking_again_would_find_the_same(world in prop::collection::vec(known(), 1..8)) {
        let (store, given) = looked_at(&world);
        for number in 0..world.len() {
            let customer = CustomerId(format!("c{number:02}"));
            let seen = seen(&store, &customer);
            if let Some(given) = given.iter().find(|it| it.customer == customer) {
                prop_assert_eq!(given, &seen);
            } else {
                let link = store.link(SYNC, &customer).unwrap();
                prop_assert_eq!(at_once(&seen), Some(link));
            }
        }
    }
}

#[test]
fn only_what_stands_for_certain_is_left_out() {
    let stands = Known {
        carry_its_id: [2].into(),
        link: Some((2, true)),
        linked_as: "Acme",
        by_a_run: None,
        decided: None,
    };
    let accept = |number| {
        Some(MatchDecision::Accept {
            record: record_id(number),
        })
    };
    let world = [
        stands.clone(),
        Known {
            carry_its_id: [2, 3].into(),
            ..stands.clone()
        },
        Known {
            carry_its_id: [3].into(),
            ..stands.clone()
        },
        Known {
            link: Some((2, false)),
            ..stands.clone()
        },
        Known {
            link: None,
            ..stands.clone()
        },
        Known {
            linked_as: "Acme before",
            ..stands.clone()
        },
        Known {
            decided: accept(3),
            ..stands.clone()
        },
        Known {
            decided: accept(2),
            ..stands.clone()
        },
        Known {
            by_a_run: Some(3),
            ..stands.clone()
        },
        Known {
            decided: Some(MatchDecision::Apart {
                apart: Apart::Ignore,
            }),
            ..stands
        },
    ];
    let (_, given) = looked_at(&world);
    let given: Vec<&str> = given.iter().map(|it| it.customer.as_str()).collect();
    assert_eq!(given, ["c01", "c02", "c03", "c04", "c05", "c06", "c09"]);
}
