//! What charts are drawn from: kept readings of figures, and subscriptions added up.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use drawbridge_model::{
    Company, ConnectionId, Currency, Interval, MetricsReading, Month, MonthlyMetrics, Provider,
    SubscriptionStatus, Trend,
};
use drawbridge_store::{NewConnection, Shares, Store, SubscriptionQuery, SubscriptionSort};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::data::{at, customer, pull, subscription, sync_in};

fn connection(store: &Store, name: &str) -> ConnectionId {
    let new = NewConnection {
        name: name.to_owned(),
        provider: Provider::Profitwell,
        environment: None,
        base_url: "https://example.com".to_owned(),
        client_id: None,
    };
    store.insert_connection(&new).unwrap().id
}

fn reading(minutes: i64, mrr: &str, plans: &[&str]) -> MetricsReading {
    let month: Month = "2026-11".parse().unwrap();
    let points = BTreeMap::from([(month, Some(mrr.parse().unwrap()))]);
    MetricsReading {
        at: at() + jiff::SignedDuration::from_mins(minutes),
        company: Company {
            name: Some("Acme".to_owned()),
            currency: Currency::USD,
            time_zone: Some("America/New_York".to_owned()),
        },
        plans: plans.iter().map(|plan| (*plan).to_owned()).collect(),
        metrics: MonthlyMetrics::of(BTreeMap::from([(Trend::RecurringRevenue, points)])),
    }
}

#[test]
fn a_reading_is_kept_by_plan_until_the_next_and_goes_with_its_connection() {
    let store = Store::open_in_memory().unwrap();
    let (ours, theirs) = (connection(&store, "Ours"), connection(&store, "Theirs"));
    assert_eq!(store.metrics(ours, None).unwrap(), None);
    assert_eq!(store.newest_metrics(ours).unwrap(), None);
    let first = reading(0, "0.1", &["web"]);
    let of_plan = reading(5, "33.333333333333336", &["web", "pro"]);
    store.put_metrics(ours, None, &first).unwrap();
    store.put_metrics(ours, Some("web"), &of_plan).unwrap();
    store.put_metrics(theirs, None, &first).unwrap();
    assert_eq!(store.metrics(ours, None).unwrap(), Some(first.clone()));
    assert_eq!(
        store.metrics(ours, Some("web")).unwrap(),
        Some(of_plan.clone())
    );
    assert_eq!(store.metrics(ours, Some("pro")).unwrap(), None);
    assert_eq!(store.newest_metrics(ours).unwrap(), Some(of_plan));
    let again = reading(9, "-5", &[]);
    store.put_metrics(ours, None, &again).unwrap();
    assert_eq!(store.metrics(ours, None).unwrap(), Some(again));
    store.delete_connection(ours).unwrap();
    assert_eq!(store.newest_metrics(ours).unwrap(), None);
    assert_eq!(store.metrics(theirs, None).unwrap(), Some(first.clone()));
    // A reading that comes in after its connection is gone leaves nothing behind.
    store.put_metrics(ours, None, &first).unwrap();
    assert_eq!(store.metrics(ours, None).unwrap(), None);
}

const PLANS: [&str; 6] = ["Gold", "gold", "Silver", "Team, Add-on", "", "Größe é"];
const WORDS: [&str; 3] = ["", "acme", "su"];

fn status(number: usize) -> SubscriptionStatus {
    match number {
        0 => SubscriptionStatus::Active,
        1 => SubscriptionStatus::Paused,
        _ => SubscriptionStatus::Other("past_due".to_owned()),
    }
}

/// Two sources with these rows: source, plan, status, currency, interval, and cents where known.
type Made = (usize, usize, usize, usize, bool, Option<i64>);

fn filled(rows: &[Made]) -> (Store, [ConnectionId; 2]) {
    let store = Store::open_in_memory().unwrap();
    let sources = ["One", "Two"].map(|name| sync_in(&store, name).source);
    for (number, source) in sources.iter().enumerate() {
        let own = rows.iter().enumerate().filter(|(_, row)| row.0 == number);
        let subscriptions: Vec<_> = own
            .map(|(at, (_, plan, state, currency, yearly, cents))| {
                let currency = ["USD", "EUR"][*currency];
                let mut row = subscription(&format!("s{at}"), "c", "0", currency);
                row.plan = Some(PLANS[*plan].to_owned()).filter(|plan| !plan.is_empty());
                row.status = status(*state);
                row.interval = yearly.then_some(Interval::Yearly);
                row.revenue = row.revenue.zip(*cents).map(|(mut revenue, cents)| {
                    revenue.mrr.amount = Decimal::new(cents, 2);
                    revenue
                });
                row
            })
            .collect();
        let customers = [
            customer("c", ["Acme", "Sunny"][number]),
            customer("none", "Nobody"),
        ];
        pull(&store, *source, &customers, &subscriptions);
    }
    (store, sources)
}

/// Rows, those with a figure, and their ten-thousandths.
type Tally = (u32, u32, Decimal);

fn tally(of: &Shares) -> Tally {
    let sums = of.largest.iter().map(|it| &it.sum).chain([&of.others]);
    sums.fold((0, 0, Decimal::ZERO), |sum, it| {
        let mrr: Decimal = it.mrr.parse().unwrap();
        (sum.0 + it.rows, sum.1 + it.known, sum.2 + mrr)
    })
}

fn row() -> impl Strategy<Value = Made> {
    let cents = prop::option::weighted(0.8, -1_000_000_i64..100_000_000);
    (
        0..2_usize,
        0..6_usize,
        0..3_usize,
        0..2_usize,
        any::<bool>(),
        cents,
    )
}

const SORTS: [SubscriptionSort; 5] = [
    SubscriptionSort::Customer,
    SubscriptionSort::Plan,
    SubscriptionSort::Status,
    SubscriptionSort::Mrr,
    SubscriptionSort::Renews,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// What a filter leaves comes to the same by plan, by status, in the totals and row by row.
    #[test]
    fn a_breakdown_is_the_totals_of_the_same_filter(
        rows in prop::collection::vec(row(), 0..40),
        plans in prop::collection::vec(0..6_usize, 0..3),
        states in prop::collection::vec(0..3_usize, 0..2),
        yearly in any::<bool>(),
        source in prop::option::of(0..2_usize),
        currency in prop::option::of(0..2_usize),
        word in 0..3_usize,
        most in 0..4_usize,
    ) {
        let (store, sources) = filled(&rows);
        let query = SubscriptionQuery {
            search: WORDS[word].to_owned(),
            source: source.map(|at| sources[at]),
            status: states.iter().map(|at| ["active", "paused", "past_due"][*at].to_owned()).collect(),
            interval: yearly.then_some(Interval::Yearly).into_iter().collect(),
            currency: currency.map(|at| ["USD", "EUR"][at].to_owned()).into_iter().collect(),
            plan: plans.iter().map(|at| PLANS[*at].to_owned()).collect(),
            limit: 1000,
            ..SubscriptionQuery::default()
        };
        let page = store.subscriptions(&query).unwrap();
        let breakdown = store.breakdown(&query, most).unwrap();
        prop_assert_eq!(breakdown.total, page.total);
        prop_assert_eq!(page.rows.len(), page.total as usize);
        // Row by row, without a window, they are the same in the same order.
        for sort in SORTS {
            let query = SubscriptionQuery { sort, descending: yearly, ..query.clone() };
            let page = store.subscriptions(&query).unwrap();
            let mut each = Vec::new();
            store.each_subscription(&query, |row| {
                each.push(row);
                ControlFlow::Continue(())
            }).unwrap();
            prop_assert_eq!(&each, &page.rows);
        }
        let mut seen = 0;
        store.each_subscription(&query, |_| {
            seen += 1;
            ControlFlow::Break(())
        }).unwrap();
        prop_assert_eq!(seen, page.total.min(1), "one that breaks off sees no more");
        for row in &page.rows {
            let plan = row.plan.clone().unwrap_or_default();
            prop_assert!(query.plan.is_empty() || query.plan.contains(&plan), "{}", plan);
        }
        let known: Vec<_> = breakdown.currencies.iter().filter(|it| it.currency.is_some()).collect();
        prop_assert_eq!(known.len(), page.totals.len());
        for total in &page.totals {
            let own = known.iter().find(|it| it.currency == Some(total.currency)).unwrap();
            prop_assert_eq!(&own.all.mrr, &total.mrr);
            prop_assert_eq!(own.all.rows, total.rows);
        }
        let everything = store.breakdown(&query, usize::MAX).unwrap();
        for (own, whole) in breakdown.currencies.iter().zip(&everything.currencies) {
            let all = (own.all.rows, own.all.known, own.all.mrr.parse().unwrap());
            prop_assert_eq!(tally(&own.plans), all);
            prop_assert_eq!(tally(&own.statuses), all);
            for (shares, whole) in [(&own.plans, &whole.plans), (&own.statuses, &whole.statuses)] {
                prop_assert!(shares.largest.len() <= most);
                prop_assert_eq!(&whole.largest[..shares.largest.len()], &shares.largest[..]);
                prop_assert_eq!(shares.largest.len() + shares.other_count as usize, whole.largest.len());
            }
            // Row by row, without any sums of ours.
            let code = own.currency.map(|it| it.to_string());
            for share in &whole.plans.largest {
                let mut own: Tally = (0, 0, Decimal::ZERO);
                for row in &page.rows {
                    let same = row.currency.map(|it| it.to_string()) == code
                        && row.plan.clone().unwrap_or_default() == share.value;
                    own.0 += u32::from(same);
                    let mrr = row.mrr.as_ref().filter(|_| same);
                    own.1 += u32::from(mrr.is_some());
                    own.2 += mrr.map_or(Decimal::ZERO, |mrr| mrr.parse().unwrap());
                }
                prop_assert_eq!((share.sum.rows, share.sum.known, share.sum.mrr.parse().unwrap()), own);
            }
        }
    }
}

#[test]
fn the_largest_come_first_and_rows_without_a_currency_last() {
    let rows = [
        (0, 0, 0, 0, false, Some(100)),
        (0, 2, 0, 0, false, Some(50_000)),
        (0, 3, 1, 0, false, None),
        (0, 1, 0, 0, false, Some(-900)),
        (1, 0, 0, 1, false, Some(700)),
    ];
    let (store, _) = filled(&rows);
    let breakdown = store.breakdown(&SubscriptionQuery::default(), 2).unwrap();
    let currencies: Vec<_> = breakdown.currencies.iter().map(|it| it.currency).collect();
    let usd = Currency::USD;
    assert_eq!(
        currencies,
        [Some(usd), Some(Currency::parse("EUR").unwrap()), None]
    );
    let plans = &breakdown.currencies[0].plans;
    let names: Vec<_> = plans
        .largest
        .iter()
        .map(|it| (it.value.as_str(), it.sum.mrr.as_str()))
        .collect();
    assert_eq!(names, [("Silver", "500.00"), ("Gold", "1.00")]);
    assert_eq!(plans.other_count, 2);
    assert_eq!((plans.others.rows, plans.others.known), (2, 1));
    assert_eq!(plans.others.mrr, "-9.00");
    let facets = store.facets().unwrap();
    let facet = facets.plans.iter().find(|it| it.value == "Gold").unwrap();
    assert_eq!(facet.rows, 2);
}
