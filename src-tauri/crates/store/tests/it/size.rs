//! The promises about speed, with wide margins: a machine that is busy must not fail them.

use std::time::{Duration, Instant};

use drawbridge_model::{Action, Journal, Sensitive};
use drawbridge_store::{PlanRowQuery, PlanRowSort, PlanSummary, Store};

use crate::data::{at, change, full, row, sync_in};

#[test]
fn pages_of_a_large_plan_join_and_are_quick() {
    let folder = tempfile::tempdir().unwrap();
    let key = Sensitive::new([7; 32]);
    let store = Store::open(&folder.path().join("drawbridge.db"), Some(&key)).unwrap();
    let sync = sync_in(&store, "Nightly").id;
    let plan = store.create_plan(sync, 1, at()).unwrap();
    let rows: Vec<_> = (0..20_000_u32)
        .map(|n| {
            let action = if n % 10 == 0 {
                Action::Unchanged
            } else {
                Action::Update
            };
            let mut row = row(&format!("c{n:05}"), action);
            // Names in another order than ids.
            row.name = format!("Name {:05}", n * 7919 % 20_000);
            if action == Action::Update {
                row.changes = (0..8)
                    .map(|f| change(&format!("F{f}__c"), 0, i64::from(n)))
                    .collect();
            }
            row
        })
        .collect();
    let started = Instant::now();
    for chunk in rows.chunks(1000) {
        store.put_plan_rows(plan, chunk).unwrap();
    }
    store
        .finish_plan(plan, &PlanSummary::default(), at())
        .unwrap();
    let put = started.elapsed();
    for sort in [
        PlanRowSort::Name,
        PlanRowSort::LargestChange,
        PlanRowSort::Customer,
    ] {
        let mut seen = Vec::new();
        let mut took = Vec::new();
        for offset in (0..20_000).step_by(200) {
            let query = PlanRowQuery {
                action: Some(Action::Update),
                sort,
                offset,
                limit: 200,
                ..PlanRowQuery::default()
            };
            let started = Instant::now();
            let page = store.plan_rows(plan, &query).unwrap();
            took.push(started.elapsed());
            assert_eq!(page.total, 18_000);
            seen.extend(page.rows);
        }
        took.sort();
        let page = took[took.len() / 2];
        eprintln!("20,000 rows put in {put:?}; a page by {sort:?}: {page:?}");
        // Compared within one run: a busy machine slows both.
        assert!(
            page < put / 20,
            "a page takes {page:?}, putting all {put:?}"
        );
        let slowest = took[took.len() - 1];
        assert!(
            slowest < put / 5,
            "a page takes {slowest:?}, putting all {put:?}"
        );
        assert_eq!(seen.len(), 18_000);
        let ordered = match sort {
            PlanRowSort::Name => seen.is_sorted_by_key(|row| row.name.clone()),
            PlanRowSort::Customer => seen.is_sorted_by_key(|row| row.customer.clone()),
            PlanRowSort::LargestChange => seen.is_sorted_by(|a, b| a.customer > b.customer),
        };
        assert!(ordered, "{sort:?}");
    }
    assert_eq!(store.plan_tally(plan).unwrap().to_write, 18_000);
}

/// Prints what the screens cost at full size: four subscriptions for each of `CUSTOMERS` customers.
/// Slow: run it by name with `--ignored --nocapture`.
#[test]
#[ignore = "measures; takes minutes"]
fn a_million_subscriptions() {
    use drawbridge_model::{Cache, Interval, SubscriptionStatus};
    use drawbridge_store::{SubscriptionQuery, SubscriptionSort};

    use crate::data::{customer, subscription};

    let customers: u32 = std::env::var("CUSTOMERS").map_or(250_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawbridge.db");
    let store = Store::open(&path, Some(&Sensitive::new([7; 32]))).unwrap();
    let source = sync_in(&store, "Nightly").source;
    let words = [
        "Acme", "Berg", "Cobalt", "Delta", "Ember", "Fjord", "Granit", "Helix",
    ];
    let word = |n: u32| words[usize::try_from(n.wrapping_mul(2_654_435_761) >> 29).unwrap()];
    let statuses = [
        SubscriptionStatus::Active,
        SubscriptionStatus::Active,
        SubscriptionStatus::Ended,
        SubscriptionStatus::Paused,
    ];
    for round in 0..2 {
        let started = Instant::now();
        let pull = store.begin_pull(source, at()).unwrap();
        for from in (0..customers).step_by(1000) {
            let customers: Vec<_> = (from..from + 1000)
                .map(|n| {
                    let name = format!("{} {} {n}", word(n), word(n / 3 + 1));
                    customer(&format!("cus_{:08x}", n.wrapping_mul(2_654_435_761)), &name)
                })
                .collect();
            store.put_customers(source, pull, &customers).unwrap();
            for part in 0..4 {
                let subscriptions: Vec<_> = customers
                    .iter()
                    .zip(from..)
                    .map(|(customer, n)| {
                        // The second pull brings one changed subscription in a hundred.
                        let mrr = n % 997 + u32::from(round == 1 && n % 100 == 0);
                        let id = format!("sub_{:08x}", (n * 4 + part).wrapping_mul(2_654_435_761));
                        let mut row =
                            subscription(&id, customer.id.as_str(), &mrr.to_string(), "USD");
                        row.status = statuses[(n % 4) as usize].clone();
                        row.plan = Some(format!("Plan {}", n % 40));
                        row.interval =
                            Some([Interval::Monthly, Interval::Yearly][(n % 2) as usize]);
                        row
                    })
                    .collect();
                store
                    .put_subscriptions(source, pull, &subscriptions)
                    .unwrap();
            }
        }
        let put = started.elapsed();
        let started = Instant::now();
        store.finish_pull(source, pull, full()).unwrap();
        eprintln!("pull {round}: put {put:?}, finish {:?}", started.elapsed());
    }
    eprintln!(
        "file: {} MB",
        std::fs::metadata(&path).unwrap().len() / 1_000_000
    );
    let measure = |what: &str, query: SubscriptionQuery| {
        let mut times: Vec<Duration> = (0..10)
            .map(|_| {
                let started = Instant::now();
                store.subscriptions(&query).unwrap();
                started.elapsed()
            })
            .collect();
        times.sort();
        let total = store.subscriptions(&query).unwrap().total;
        eprintln!(
            "{what}: {total} rows, median {:?}, slowest {:?}",
            times[5], times[9]
        );
    };
    let base = || SubscriptionQuery {
        limit: 200,
        ..SubscriptionQuery::default()
    };
    measure("first", base());
    measure(
        "middle",
        SubscriptionQuery {
            offset: customers * 2,
            ..base()
        },
    );
    measure(
        "last",
        SubscriptionQuery {
            offset: customers * 4 - 200,
            ..base()
        },
    );
    for sort in [
        SubscriptionSort::Mrr,
        SubscriptionSort::Plan,
        SubscriptionSort::Renews,
    ] {
        measure(
            "sorted",
            SubscriptionQuery {
                sort,
                descending: true,
                offset: 1000,
                ..base()
            },
        );
    }
    let paused = || SubscriptionQuery {
        status: vec!["paused".to_owned()],
        ..base()
    };
    measure("paused", paused());
    measure(
        "paused middle",
        SubscriptionQuery {
            offset: customers / 2,
            ..paused()
        },
    );
    measure(
        "none",
        SubscriptionQuery {
            status: vec!["sent".to_owned()],
            ..base()
        },
    );
    let of_plan = || SubscriptionQuery {
        plan: vec!["Plan 7".to_owned()],
        ..base()
    };
    measure("one plan", of_plan());
    measure(
        "one plan, last",
        SubscriptionQuery {
            offset: customers / 10 - 200,
            sort: SubscriptionSort::Mrr,
            ..of_plan()
        },
    );
    let add_up = |what: &str, query: SubscriptionQuery| {
        let started = Instant::now();
        let breakdown = store.breakdown(&query, 10).unwrap();
        let took = started.elapsed();
        eprintln!(
            "by plan and status, {what}: {} rows, {took:?}",
            breakdown.total
        );
    };
    add_up("all", base());
    add_up("paused", paused());
    add_up("one plan", of_plan());
    for search in ["fjord 1234", "fjord", "a"] {
        let search = search.to_owned();
        add_up(&search.clone(), SubscriptionQuery { search, ..base() });
    }
    for search in ["cus_0000", "fjord 1234", "fjord gra plan 7", "fjord", "a"] {
        measure(
            search,
            SubscriptionQuery {
                search: search.to_owned(),
                ..base()
            },
        );
    }
}
