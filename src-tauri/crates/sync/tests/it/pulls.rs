//! Pulls from a source made up here: whatever changes there, and whenever, reading only changes
//! ends where reading everything does.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use drawbridge_model::{
    Cache, Clock, ConnectionId, Currency, Customer, CustomerBundle, CustomerId, Event, Page, Phase,
    Pulled, Reporter, Source, SourceError, SourceIdentity, Subscription, SubscriptionId,
    SubscriptionStatus, Which,
};
use drawbridge_store::Store;
use drawbridge_sync::pull::{Depth, pull};
use futures::executor::block_on;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;

const SOURCE: ConnectionId = ConnectionId(1);
const PAGE: usize = 3;

/// What somebody does in the source.
#[derive(Clone, Debug)]
enum Deed {
    Rename(u8),
    /// The subscription's plan becomes another; the source stamps it so many seconds ago.
    Replan(u8, u16),
    /// A customer is gone, with its subscription.
    Delete(u8),
}

#[derive(Default)]
struct Books {
    customers: BTreeMap<CustomerId, Customer>,
    subscriptions: BTreeMap<SubscriptionId, Subscription>,
    deeds: u32,
    /// Done one by one, each after a page was read.
    meanwhile: Vec<Deed>,
    /// Rows handed out.
    read: usize,
    /// Pages until the connection breaks.
    breaks_after: Option<usize>,
}

/// A source whose clock differs from ours.
struct Made {
    books: Mutex<Books>,
    ours: Ours,
    skew: SignedDuration,
}

struct Ours(Mutex<Timestamp>);

impl Clock for &Ours {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

impl Made {
    fn new(customers: u8, skew: SignedDuration) -> Self {
        let made = Self {
            books: Mutex::default(),
            ours: Ours(Mutex::new("2026-11-20T10:00:00Z".parse().unwrap())),
            skew,
        };
        for n in 0..customers {
            made.done(&Deed::Rename(n));
            made.done(&Deed::Replan(n, 0));
        }
        made.pass(SignedDuration::from_hours(1));
        made
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    fn pass(&self, time: SignedDuration) {
        *self.ours.0.lock().unwrap() += time;
    }

    /// Stamps have whole seconds, as `Date` does.
    fn time(&self) -> Timestamp {
        let now = (&self.ours).now() + self.skew;
        Timestamp::from_second(now.as_second()).unwrap()
    }

    fn done(&self, deed: &Deed) {
        let mut books = self.books();
        books.deeds += 1;
        let word = format!("state {}", books.deeds);
        match deed {
            Deed::Rename(n) => {
                let id = CustomerId(format!("c{n}"));
                let mut customer = Customer::new(id.clone());
                customer.name = Some(word);
                customer.updated_at = Some(self.time());
                books.customers.insert(id, customer);
            }
            Deed::Replan(n, ago) => {
                let id = SubscriptionId(format!("s{n}"));
                let mut row = subscription(*n);
                row.plan = Some(word);
                row.updated_at = Some(self.time() - i64::from(*ago).seconds());
                books.subscriptions.insert(id, row);
            }
            Deed::Delete(n) => {
                books.customers.remove(&CustomerId(format!("c{n}")));
                books.subscriptions.remove(&SubscriptionId(format!("s{n}")));
            }
        }
    }

    fn page<Id: Ord + Clone, Row: Clone>(
        &self,
        rows: impl Fn(&Books) -> BTreeMap<Id, Row>,
        changed: impl Fn(&Row) -> Option<Timestamp>,
        which: Which<'_, Id>,
        cursor: Option<&str>,
    ) -> Result<Page<Row>, SourceError> {
        let rows = rows(&self.books());
        let fits = |id: &Id, row: &Row| match which {
            Which::All => true,
            Which::ChangedSince(since) => changed(row).is_none_or(|at| at >= since),
            Which::Only(ids) => ids.contains(id),
        };
        let at: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let page: Vec<Row> = rows
            .iter()
            .skip(at)
            .take(PAGE)
            .filter(|(id, row)| fits(id, row))
            .map(|(_, row)| row.clone())
            .collect();
        let mut books = self.books();
        if let Some(pages) = &mut books.breaks_after {
            *pages = pages.checked_sub(1).ok_or(SourceError::Trouble {
                source_name: "Made",
                call: "GET /rows".to_owned(),
                status: 503,
            })?;
        }
        books.read += page.len();
        let deed = books.meanwhile.pop();
        drop(books);
        if let Some(deed) = deed {
            self.pass(SignedDuration::from_secs(1));
            self.done(&deed);
        }
        let next = (at + PAGE < rows.len()).then(|| (at + PAGE).to_string());
        Ok(Page { rows: page, next })
    }

    fn pull(&self, store: &Store, depth: Depth) -> (Pulled, usize) {
        self.try_pull(store, depth, &drawbridge_model::NoReporter)
            .unwrap()
    }

    fn try_pull(
        &self,
        store: &Store,
        depth: Depth,
        reporter: &dyn Reporter,
    ) -> Result<(Pulled, usize), drawbridge_sync::Error> {
        self.books().read = 0;
        let clock = &self.ours;
        let pulled = block_on(pull(SOURCE, depth, self, store, &clock, reporter))?;
        Ok((pulled, self.books().read))
    }
}

impl Source for Made {
    async fn identity(&self) -> Result<SourceIdentity, SourceError> {
        Ok(SourceIdentity::default())
    }

    async fn now(&self) -> Result<Option<Timestamp>, SourceError> {
        Ok(Some(self.time()))
    }

    async fn customers(
        &self,
        which: Which<'_, CustomerId>,
        cursor: Option<&str>,
    ) -> Result<Page<Customer>, SourceError> {
        self.page(
            |books| books.customers.clone(),
            |row| row.updated_at,
            which,
            cursor,
        )
    }

    async fn subscriptions(
        &self,
        which: Which<'_, SubscriptionId>,
        cursor: Option<&str>,
    ) -> Result<Page<Subscription>, SourceError> {
        self.page(
            |books| books.subscriptions.clone(),
            |row| row.updated_at,
            which,
            cursor,
        )
    }
}

fn subscription(n: u8) -> Subscription {
    Subscription {
        id: SubscriptionId(format!("s{n}")),
        customer: CustomerId(format!("c{n}")),
        name: "Licence".to_owned(),
        plan: None,
        currency: Currency::USD,
        interval: None,
        revenue: None,
        started_at: None,
        renews_on: None,
        ended_at: None,
        created_at: None,
        updated_at: None,
        status: SubscriptionStatus::Active,
    }
}

fn held(store: &Store) -> Vec<CustomerBundle> {
    store.customers(SOURCE, None, 1000).unwrap()
}

fn names(store: &Store) -> Vec<String> {
    let bundles = held(store).into_iter();
    bundles.map(|bundle| bundle.customer.id.0).collect()
}

/// Everything, read into an empty store.
fn truth(made: &Made) -> Vec<CustomerBundle> {
    let store = Store::open_in_memory().unwrap();
    made.pull(&store, Depth::Everything);
    held(&store)
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

#[test]
fn one_change_is_one_row_read() {
    let made = Made::new(20, hours(0));
    let store = Store::open_in_memory().unwrap();
    let (first, read) = made.pull(&store, Depth::Changes);
    assert_eq!((first.customers, read), (20, 40), "the first reads all");
    made.pass(hours(1));
    made.done(&Deed::Rename(7));
    made.pass(hours(1));
    let (second, read) = made.pull(&store, Depth::Changes);
    assert_eq!((second.changed, read), (1, 1));
    assert_eq!(held(&store), truth(&made));
    made.pass(hours(1));
    assert_eq!(made.pull(&store, Depth::Changes).1, 0);
    assert_eq!(made.pull(&store, Depth::Everything).1, 40);
}

#[test]
fn a_change_in_the_second_of_the_last_pull_is_read() {
    let made = Made::new(5, hours(0));
    let store = Store::open_in_memory().unwrap();
    made.pull(&store, Depth::Changes);
    made.done(&Deed::Rename(2));
    assert_eq!(made.pull(&store, Depth::Changes).0.changed, 1);
    made.done(&Deed::Rename(2));
    assert_eq!(made.pull(&store, Depth::Changes).0.changed, 1);
    assert_eq!(held(&store), truth(&made));
}

#[test]
fn the_clocks_may_differ_by_days() {
    for skew in [-48, -1, 1, 48] {
        let made = Made::new(9, hours(skew));
        let store = Store::open_in_memory().unwrap();
        made.pull(&store, Depth::Changes);
        made.pass(hours(2));
        made.done(&Deed::Replan(3, 0));
        assert_eq!(made.pull(&store, Depth::Changes).1, 1, "{skew}");
        assert_eq!(held(&store), truth(&made), "{skew}");
    }
}

#[test]
fn an_interrupted_pull_is_read_again_and_forgets_nothing() {
    let made = Made::new(9, hours(0));
    let store = Store::open_in_memory().unwrap();
    made.pull(&store, Depth::Changes);
    made.pass(hours(1));
    made.done(&Deed::Rename(1));
    made.done(&Deed::Replan(8, 0));
    made.done(&Deed::Delete(5));
    for depth in [Depth::Changes, Depth::Everything] {
        for pages in 0..5 {
            made.books().breaks_after = Some(pages);
            let failed = made.try_pull(&store, depth, &drawbridge_model::NoReporter);
            assert!(failed.is_err(), "{depth:?} {pages}");
            assert_eq!(names(&store).len(), 9);
            made.pass(SignedDuration::from_mins(20));
        }
    }
    made.books().breaks_after = None;
    made.pull(&store, Depth::Changes);
    assert_eq!(names(&store).len(), 9, "what is gone is not known yet");
    assert_eq!(held(&store)[1].customer.name, truth(&made)[1].customer.name);
    made.pull(&store, Depth::Everything);
    assert_eq!(held(&store), truth(&made));
}

#[test]
fn once_a_day_everything_is_read_and_what_is_gone_is_forgotten() {
    let made = Made::new(4, hours(0));
    let store = Store::open_in_memory().unwrap();
    made.pull(&store, Depth::Changes);
    made.pass(hours(1));
    made.done(&Deed::Delete(2));
    for _ in 0..7 {
        made.pass(hours(3));
        assert_eq!(made.pull(&store, Depth::Changes).1, 0);
        assert_eq!(names(&store), ["c0", "c1", "c2", "c3"]);
    }
    made.pass(hours(3));
    assert_eq!(made.pull(&store, Depth::Changes).1, 6);
    assert_eq!(names(&store), ["c0", "c1", "c3"]);
}

#[test]
fn where_much_was_gone_everything_is_read_again() {
    let made = Made::new(10, hours(0));
    let store = Store::open_in_memory().unwrap();
    made.pull(&store, Depth::Changes);
    made.pass(hours(1));
    // For a while the source gives four customers of ten, though nobody deleted any.
    let whole = std::mem::take(&mut *made.books());
    for n in 0..4 {
        made.done(&Deed::Rename(n));
    }
    made.pull(&store, Depth::Everything);
    assert_eq!(names(&store).len(), 4);
    *made.books() = whole;
    made.pass(hours(1));
    assert_eq!(made.pull(&store, Depth::Changes).1, 20);
    assert_eq!(held(&store), truth(&made));
    // Two that agree are believed.
    made.pass(hours(1));
    assert_eq!(made.pull(&store, Depth::Changes).1, 0);
}

#[test]
fn a_clock_that_went_back_makes_a_full_pull() {
    let made = Made::new(4, hours(0));
    let store = Store::open_in_memory().unwrap();
    made.pull(&store, Depth::Changes);
    made.pass(hours(-6));
    made.done(&Deed::Rename(0));
    assert_eq!(made.pull(&store, Depth::Changes).1, 8);
    assert_eq!(held(&store), truth(&made));
}

#[test]
fn a_renewal_that_has_come_is_read_though_nothing_was_called_a_change() {
    let made = Made::new(6, hours(0));
    let store = Store::open_in_memory().unwrap();
    let renew = |made: &Made, day: &str| {
        let mut books = made.books();
        let row = books.subscriptions.get_mut(&SubscriptionId("s4".into()));
        row.unwrap().renews_on = Some(Some(day.parse().unwrap()));
    };
    renew(&made, "2026-11-21");
    made.pull(&store, Depth::Changes);
    // The calendar alone moves it.
    made.pass(hours(4));
    assert_eq!(made.pull(&store, Depth::Changes).1, 0, "still the 20th");
    made.pass(hours(10));
    renew(&made, "2027-11-21");
    assert_eq!(made.pull(&store, Depth::Changes).0.changed, 1);
    assert_eq!(held(&store), truth(&made));
}

#[test]
fn paid_time_that_ended_is_read_again() {
    let made = Made::new(3, hours(0));
    let store = Store::open_in_memory().unwrap();
    let status = |made: &Made, word: &str| {
        let mut books = made.books();
        let row = books.customers.get_mut(&CustomerId("c1".into())).unwrap();
        row.status = Some(word.to_owned());
        row.churned_at = Some("2026-11-21T00:00:00Z".parse().unwrap());
    };
    status(&made, "cancelled");
    made.pull(&store, Depth::Changes);
    made.pass(hours(14));
    status(&made, "churned_voluntary");
    assert_eq!(made.pull(&store, Depth::Changes).1, 1);
    assert_eq!(held(&store), truth(&made));
}

#[test]
fn the_phase_says_how_much_was_read() {
    #[derive(Default)]
    struct Told(Mutex<Vec<String>>);
    impl Reporter for Told {
        fn report(&self, event: Event) {
            if let Event::PhaseFinished { phase, detail, .. } = event {
                assert_eq!(phase, Phase::Pull);
                self.0.lock().unwrap().extend(detail);
            }
        }
    }
    let (made, told) = (Made::new(12, hours(5)), Told::default());
    let store = Store::open_in_memory().unwrap();
    made.try_pull(&store, Depth::Changes, &told).unwrap();
    made.pass(hours(1));
    made.done(&Deed::Rename(3));
    made.done(&Deed::Replan(3, 0));
    made.done(&Deed::Replan(4, 0));
    made.try_pull(&store, Depth::Changes, &told).unwrap();
    assert_eq!(
        *told.0.lock().unwrap(),
        [
            "all 12 customers, 12 subscriptions",
            "2 changed since 11:00 UTC"
        ]
    );
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0_u8..12).prop_map(Deed::Rename),
        // A source may show a change up to four minutes after its stamp.
        (0_u8..12, 0_u16..240).prop_map(|(n, ago)| Deed::Replan(n, ago)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn reading_changes_ends_where_reading_everything_does(
        skew in -50_i64..50,
        rounds in prop::collection::vec(
            (
                prop::collection::vec(deed(), 0..6),
                prop::collection::vec(deed(), 0..8),
                prop::option::weighted(0.3, 0_usize..8),
                0_i64..20_000,
            ),
            0..6,
        ),
    ) {
        let made = Made::new(8, hours(skew));
        let store = Store::open_in_memory().unwrap();
        made.pull(&store, Depth::Changes);
        for (before, meanwhile, breaks_after, seconds) in rounds {
            made.pass(SignedDuration::from_secs(seconds));
            for deed in &before {
                made.done(deed);
            }
            made.books().meanwhile = meanwhile;
            made.books().breaks_after = breaks_after;
            let _ = made.try_pull(&store, Depth::Changes, &drawbridge_model::NoReporter);
            made.books().breaks_after = None;
            let late: Vec<Deed> = made.books().meanwhile.drain(..).collect();
            for deed in &late {
                made.done(deed);
            }
        }
        made.pull(&store, Depth::Changes);
        prop_assert_eq!(held(&store), truth(&made));
    }
}
