use drawbridge_model::{
    Cache, Customer, Interval, Link, MatchDecision, Matched, MatchedBy, SubscriptionStatus,
};
use drawbridge_store::{Store, SubscriptionPage, SubscriptionQuery, SubscriptionSort};
use proptest::prelude::*;

use crate::data::{at, customer, money, pull, record_id, subscription, sync_in};

fn query() -> SubscriptionQuery {
    SubscriptionQuery {
        limit: 100,
        ..SubscriptionQuery::default()
    }
}

fn filled() -> (Store, drawbridge_model::Sync) {
    let store = Store::open_in_memory().unwrap();
    let sync = sync_in(&store, "Nightly");
    let mut amelie = customer("cus_1", "Amélie & Söhne");
    amelie.email = Some("billing@amelie.example".to_owned());
    let mut churned = customer("pw-3", "Zed");
    churned.status = Some("churned".to_owned());
    churned.plans = Some(vec!["Team".to_owned(), "Add-on".to_owned()]);
    churned.mrr = Some(money("7.5", "EUR"));
    let mut paused = subscription("sub_2", "cus_2", "0.3", "USD");
    paused.status = SubscriptionStatus::Paused;
    paused.interval = Some(Interval::Yearly);
    paused.renews_on = Some(Some("2027-02-01".parse().unwrap()));
    let subscriptions = [
        subscription("sub_1", "cus_1", "0.1", "USD"),
        paused,
        subscription("sub_3", "cus_2", "0.2", "EUR"),
    ];
    let customers = [amelie, customer("cus_2", "Beta"), churned];
    pull(&store, sync.source, &customers, &subscriptions);
    (store, sync)
}

fn page(store: &Store, change: impl FnOnce(&mut SubscriptionQuery)) -> SubscriptionPage {
    let mut query = query();
    change(&mut query);
    store.subscriptions(&query).unwrap()
}

fn names(page: &SubscriptionPage) -> Vec<&str> {
    page.rows
        .iter()
        .map(|row| row.customer_name.as_str())
        .collect()
}

fn totals(page: &SubscriptionPage) -> Vec<(&str, &str)> {
    page.totals
        .iter()
        .map(|t| (t.currency.code(), t.mrr.as_str()))
        .collect()
}

#[test]
fn every_subscription_and_every_customer_without_one_is_a_row() {
    let (store, _) = filled();
    let all = page(&store, |_| {});
    assert_eq!(names(&all), ["Amélie & Söhne", "Beta", "Beta", "Zed"]);
    assert_eq!(all.total, 4);
    assert_eq!(totals(&all), [("EUR", "7.70"), ("USD", "0.40")]);
    let zed = &all.rows[3];
    assert_eq!(zed.subscription, None);
    assert_eq!(zed.plan.as_deref(), Some("Team, Add-on"));
    assert_eq!(zed.status.as_deref(), Some("churned"));
    assert_eq!(zed.mrr.as_deref(), Some("7.50"));
}

#[test]
fn rows_are_found_by_any_word_and_totals_follow_the_search() {
    let (store, _) = filled();
    for search in [
        "amel",
        "AMÉLIE söh",
        "Ame\u{301}lie",
        "billing@amelie",
        "sub_1",
        "cus_1 gold",
    ] {
        let found = page(&store, |q| search.clone_into(&mut q.search));
        assert_eq!(names(&found), ["Amélie & Söhne"], "{search}");
        assert_eq!(totals(&found), [("USD", "0.10")]);
    }
    let none = page(&store, |q| "amel zed".clone_into(&mut q.search));
    assert_eq!((none.total, none.totals.len()), (0, 0));
}

#[test]
fn sample_customers_come_once_by_name_and_are_found_by_word() {
    let (store, sync) = filled();
    let ask = |search: &str, offset, limit| {
        let (found, total) = store
            .sample_customers(sync.source, search, offset, limit)
            .unwrap();
        let names: Vec<String> = found.iter().map(|it| it.customer.display_name()).collect();
        (names, total)
    };
    let (all, total) = ask("", 0, 10);
    assert_eq!(
        (all.as_slice(), total),
        (
            ["Amélie & Söhne", "Beta", "Zed"]
                .map(str::to_owned)
                .as_slice(),
            3
        )
    );
    assert_eq!(ask("", 1, 1), (vec!["Beta".to_owned()], 3));
    assert_eq!(ask("amelie", 0, 5), (vec!["Amélie & Söhne".to_owned()], 1));
    assert_eq!(ask("nobody", 0, 5), (Vec::new(), 0));
}

#[test]
fn rows_are_filtered_and_sorted() {
    let (store, sync) = filled();
    let paused = page(&store, |q| {
        q.status = vec!["paused".to_owned(), "sent".to_owned()];
    });
    assert_eq!((paused.total, totals(&paused)), (1, vec![("USD", "0.30")]));
    let euro = page(&store, |q| q.currency = vec!["EUR".to_owned()]);
    assert_eq!(euro.total, 2);
    let yearly = page(&store, |q| q.interval = vec![Interval::Yearly]);
    assert_eq!(yearly.rows[0].interval, Some(Interval::Yearly));
    let both = page(&store, |q| {
        q.source = Some(sync.source);
        q.currency = vec!["USD".to_owned()];
        "beta".clone_into(&mut q.search);
    });
    assert_eq!((both.total, names(&both)), (1, vec!["Beta"]));
    let other = page(&store, |q| q.source = Some(sync.org));
    assert_eq!(other.total, 0);
    for sort in [
        SubscriptionSort::Customer,
        SubscriptionSort::Plan,
        SubscriptionSort::Status,
        SubscriptionSort::Mrr,
        SubscriptionSort::Renews,
    ] {
        let up = page(&store, |q| q.sort = sort);
        let mut down = page(&store, |q| {
            q.sort = sort;
            q.descending = true;
        });
        down.rows.reverse();
        assert_eq!(up.rows, down.rows, "{sort:?}");
        let windows: Vec<_> = (0..4)
            .flat_map(|offset| {
                let window = page(&store, |q| {
                    q.sort = sort;
                    q.offset = offset;
                    q.limit = 1;
                });
                window.rows
            })
            .collect();
        assert_eq!(windows, up.rows, "{sort:?}");
    }
    let by_mrr = page(&store, |q| q.sort = SubscriptionSort::Mrr);
    let mrr: Vec<_> = by_mrr
        .rows
        .iter()
        .filter_map(|row| row.mrr.as_deref())
        .collect();
    assert_eq!(mrr, ["0.10", "0.20", "0.30", "7.50"]);
}

#[test]
fn facets_count_what_can_be_filtered_by() {
    let (store, _) = filled();
    let facets = store.facets().unwrap();
    let statuses: Vec<_> = facets
        .statuses
        .iter()
        .map(|f| (f.value.as_str(), f.rows))
        .collect();
    assert_eq!(statuses, [("active", 2), ("churned", 1), ("paused", 1)]);
    assert_eq!(facets.intervals.iter().map(|f| f.rows).sum::<u32>(), 4);
    assert_eq!(facets.currencies.len(), 2);
}

#[test]
fn a_row_names_its_record_and_the_detail_shows_it() {
    let (store, sync) = filled();
    assert_eq!(page(&store, |_| {}).rows[0].in_salesforce, None);
    let link = Link {
        customer: "cus_1".into(),
        name: "Acme".into(),
        matched: Matched::Found {
            record: record_id(5),
            by: MatchedBy::Email,
        },
    };
    store.put_links(sync.id, &[link]).unwrap();
    store
        .decide_match(
            sync.id,
            &"pw-3".into(),
            Some(&MatchDecision::Accept {
                record: record_id(6),
            }),
            at(),
        )
        .unwrap();
    let rows = page(&store, |_| {}).rows;
    assert_eq!(rows[0].in_salesforce, Some(record_id(5)));
    assert_eq!(rows[1].in_salesforce, None);
    assert_eq!(rows[3].in_salesforce, Some(record_id(6)));
    let detail = store
        .customer_detail(sync.source, &"cus_1".into())
        .unwrap()
        .unwrap();
    assert_eq!(detail.bundle.subscriptions.len(), 1);
    assert_eq!(detail.records[0].id, record_id(5));
    assert_eq!(
        store.customer_detail(sync.source, &"no".into()).unwrap(),
        None
    );
}

#[test]
fn the_screen_follows_each_pull() {
    let (store, sync) = filled();
    let moved = subscription("sub_1", "cus_9", "5", "USD");
    let customers = [customer("cus_1", "Amélie GmbH"), customer("cus_9", "Nine")];
    pull(&store, sync.source, &customers, &[moved]);
    let all = page(&store, |_| {});
    assert_eq!(names(&all), ["Amélie GmbH", "Nine"]);
    assert_eq!(totals(&all), [("USD", "5.00")]);
    assert_eq!(page(&store, |q| "söhne".clone_into(&mut q.search)).total, 0);
    // A subscription whose customer is not listed is still there.
    pull(
        &store,
        sync.source,
        &[],
        &[subscription("lone", "ghost", "1", "USD")],
    );
    assert_eq!(names(&page(&store, |_| {})), ["ghost"]);
}

#[test]
fn sums_are_exact_and_too_large_amounts_are_left_out() {
    let store = Store::open_in_memory().unwrap();
    let source = sync_in(&store, "Nightly").source;
    let mut subscriptions: Vec<_> = (0..2000)
        .map(|n| subscription(&format!("s{n}"), "a", "999999999999.9999", "USD"))
        .collect();
    subscriptions.push(subscription(
        "huge",
        "a",
        "79228162514264337593543950335",
        "USD",
    ));
    pull(&store, source, &[customer("a", "A")], &subscriptions);
    // 2000 times 10^12 in ten-thousandths is more than 64 bits hold.
    let expected = [("USD", "1999999999999999.80")];
    assert_eq!(totals(&page(&store, |_| {})), expected);
    assert_eq!(
        totals(&page(&store, |q| "gold".clone_into(&mut q.search))),
        expected
    );
    let huge = page(&store, |q| "huge".clone_into(&mut q.search));
    assert_eq!((huge.total, huge.rows[0].mrr.as_deref()), (1, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_search_is_safe(searches in prop::collection::vec(any::<String>(), 16)) {
        let (store, _) = filled();
        for search in searches {
            let query = SubscriptionQuery { search, ..query() };
            prop_assert!(store.subscriptions(&query).is_ok(), "{:?}", query.search);
        }
    }

    #[test]
    fn syntax_is_no_syntax(search in r#"["'*():^+\-{}a-c \.ⓐ\u{0}ि]{0,12}( (AND|OR|NOT|NEAR) )?["'*a]{0,4}"#) {
        let (store, _) = filled();
        let query = SubscriptionQuery { search, ..query() };
        prop_assert!(store.subscriptions(&query).is_ok());
    }

    #[test]
    fn any_name_is_found_by_its_first_word(word in "[a-zà-ÿа-яα-ω0-9]{1,20}") {
        let store = Store::open_in_memory().unwrap();
        let source = sync_in(&store, "Nightly").source;
        let named: Customer = customer("x", &format!("{word} rest"));
        pull(&store, source, &[named], &[]);
        prop_assert_eq!(page(&store, |q| q.search = word.to_uppercase()).total, 1);
    }
}
