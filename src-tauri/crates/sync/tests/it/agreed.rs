//! A customer that agrees with its record is not compared again until something of it changes, and a
//! plan never differs for it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use drawbridge_model::{
    Action, Apart, BlankPolicy, Cache, Currency, Customer, CustomerId, Environment, Event,
    FieldName, GoneRecord, Interval, Journal, Mapping, MatchDecision, MatchKey, Money, NoReporter,
    OrgIdentity, Pack, PlanId, PlanRow, Provider, PullEnd, Record, RecordId, Reporter, Revenue,
    RevenueStatus, Snapshot, SpeakerRule, Subscription, SubscriptionId, SubscriptionStatus, Sync,
    Value, Yardstick,
};
use drawbridge_store::{NewConnection, NewSync, PlanRowQuery, PlanSummary, Store};
use drawbridge_sync::pack;
use drawbridge_sync::plan::{Input, Summary, make_offline};
use jiff::Timestamp;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::facts::describe;

/// Something that happens between two previews, to customers, subscriptions and records by number.
#[derive(Clone, Debug)]
enum Step {
    Nothing,
    Rename(usize, &'static str),
    Leave(usize),
    Join(usize),
    Subscribe(usize, usize, i64),
    Unsubscribe(usize),
    Pin(usize, Option<usize>),
    /// Somebody edits a field of a record, or a run writes what is wanted.
    Edit(usize, &'static str, &'static str),
    /// The record comes to carry another customer's id, or none.
    Carry(usize, Option<usize>),
    Delete(usize),
    Decide(usize, Option<MatchDecision>),
    Speaker(bool),
    BlankPolicy(BlankPolicy),
    Label(&'static str),
    Counts(&'static str),
}

const CUSTOMERS: usize = 3;
const RECORDS: usize = 4;
const SUBSCRIPTIONS: usize = 4;
const ID: &str = "Alguna_Customer_ID__c";

fn step() -> impl Strategy<Value = Step> {
    let customer = || 0..CUSTOMERS;
    let record = || 0..RECORDS;
    let subscription = || 0..SUBSCRIPTIONS;
    let word = || prop::sample::select(vec!["Acme", "Brook", "Cove"]);
    let decided = prop_oneof![
        Just(None),
        record().prop_map(|it| Some(MatchDecision::Accept {
            record: record_id(it)
        })),
        Just(Some(MatchDecision::Apart {
            apart: Apart::Ignore
        })),
        Just(Some(MatchDecision::Apart {
            apart: Apart::CreateNew
        })),
    ];
    let field = prop::sample::select(vec!["Name", "Alguna_Subscription_Name__c"]);
    prop_oneof![
        1 => Just(Step::Nothing),
        2 => (customer(), word()).prop_map(|(who, name)| Step::Rename(who, name)),
        1 => customer().prop_map(Step::Leave),
        1 => customer().prop_map(Step::Join),
        3 => (customer(), subscription(), 1..3_i64)
            .prop_map(|(who, which, mrr)| Step::Subscribe(who, which, mrr)),
        1 => subscription().prop_map(Step::Unsubscribe),
        2 => (customer(), prop::option::of(subscription()))
            .prop_map(|(who, which)| Step::Pin(who, which)),
        3 => (record(), field, word()).prop_map(|(which, field, to)| Step::Edit(which, field, to)),
        3 => (record(), prop::option::of(customer()))
            .prop_map(|(which, whose)| Step::Carry(which, whose)),
        1 => record().prop_map(Step::Delete),
        2 => (customer(), decided).prop_map(|(who, decided)| Step::Decide(who, decided)),
        1 => any::<bool>().prop_map(Step::Speaker),
        1 => prop::sample::select(vec![BlankPolicy::Leave, BlankPolicy::Clear])
            .prop_map(Step::BlankPolicy),
        1 => word().prop_map(Step::Label),
        1 => prop::sample::select(vec!["USD", "EUR"]).prop_map(Step::Counts),
    ]
}

fn at() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn record_id(number: usize) -> RecordId {
    RecordId::parse(&format!("001{number:012}")).unwrap()
}

fn customer_id(number: usize) -> CustomerId {
    CustomerId(format!("c{number}"))
}

/// Both sides, and what was read of them.
struct World {
    store: Store,
    sync: Sync,
    mapping: Mapping,
    snapshot: Snapshot,
    customers: BTreeMap<usize, &'static str>,
    subscriptions: BTreeMap<usize, (usize, i64)>,
    records: BTreeMap<usize, Record>,
}

impl World {
    fn new() -> Self {
        let store = Store::open_in_memory().unwrap();
        let connection = |name: &str, provider| {
            let new = NewConnection {
                name: name.to_owned(),
                provider,
                environment: None,
                base_url: "https://example.com".to_owned(),
                client_id: None,
            };
            store.insert_connection(&new).unwrap().id
        };
        let new = NewSync {
            name: "Nightly".to_owned(),
            source: connection("Alguna", Provider::Alguna),
            org: connection("UAT", Provider::Salesforce),
            pack: Pack::Alguna,
            account_policy: drawbridge_model::AccountPolicy::SourceMayCreate,
            mask_emails: false,
        };
        let mapping = pack::default_mapping(Pack::Alguna);
        let sync = store.insert_sync(&new, &mapping, at()).unwrap();
        let describe = describe(Pack::Alguna);
        let mut world = Self {
            snapshot: Snapshot {
                at: at(),
                records: 0,
                fields: describe.fields.iter().map(|it| it.name.clone()).collect(),
                describe,
                currency: None,
            },
            store,
            sync,
            mapping,
            customers: (0..CUSTOMERS).map(|number| (number, "Acme")).collect(),
            subscriptions: (0..CUSTOMERS).map(|number| (number, (number, 1))).collect(),
            records: BTreeMap::new(),
        };
        world.read();
        // Every customer has its record, as a run left it.
        for row in world.rows(world.plan().0) {
            let number = world.records.len();
            let mut record = Record {
                sobject: world.mapping.sobject.clone(),
                id: record_id(number),
                values: BTreeMap::new(),
                modstamp: at(),
                modified_by: None,
                modified_by_id: None,
                modified_at: None,
            };
            let written = row.writes().map(|it| (it.field.clone(), it.after.clone()));
            record.values.extend(written);
            let id = Value::text(row.customer.as_str());
            record.values.insert(FieldName::from(ID), id);
            world.records.insert(number, record);
        }
        world.read();
        world
    }

    fn take(&mut self, step: &Step) {
        let source = self.sync.source;
        match step {
            Step::Nothing => {}
            Step::Rename(who, name) => {
                self.customers.entry(*who).and_modify(|it| *it = name);
            }
            Step::Leave(who) => {
                self.customers.remove(who);
            }
            Step::Join(who) => {
                self.customers.entry(*who).or_insert("Acme");
            }
            Step::Subscribe(who, which, mrr) => {
                self.subscriptions.insert(*which, (*who, *mrr));
            }
            Step::Unsubscribe(which) => {
                self.subscriptions.remove(which);
            }
            Step::Pin(who, which) => {
                let which = which.map(|number| SubscriptionId(format!("s{number}")));
                let pinned = self
                    .store
                    .pin(source, &customer_id(*who), which.as_ref(), at());
                pinned.unwrap();
            }
            Step::Edit(which, field, to) => self.save(*which, field, Value::text(*to)),
            Step::Carry(which, whose) => {
                let id = whose.map_or(Value::Blank, |it| Value::Text(customer_id(it).0));
                self.save(*which, ID, id);
            }
            Step::Delete(which) => {
                if self.records.remove(which).is_some() {
                    let gone = GoneRecord {
                        id: record_id(*which),
                        at: at(),
                        merged_into: None,
                    };
                    self.store.put_gone(self.sync.id, &[gone]).unwrap();
                }
            }
            Step::Decide(who, decision) => {
                let who = customer_id(*who);
                let decided = self
                    .store
                    .decide_match(self.sync.id, &who, decision.as_ref(), at());
                decided.unwrap();
            }
            Step::Speaker(largest) => {
                let yardstick = [Yardstick::HighestValue, Yardstick::LatestStart];
                let order = if *largest {
                    &yardstick[..1]
                } else {
                    &yardstick[1..]
                };
                self.sync.speaker = SpeakerRule::new(order.iter().copied());
            }
            Step::BlankPolicy(policy) => {
                self.mapping.version += 1;
                for rule in &mut self.mapping.rules {
                    rule.blank = *policy;
                }
            }
            Step::Label(label) => (*label).clone_into(&mut self.snapshot.describe.fields[0].label),
            Step::Counts(code) => self.snapshot.currency = Some(Currency::parse(code).unwrap()),
        }
        self.read();
    }

    fn save(&mut self, which: usize, field: &str, value: Value) {
        if let Some(record) = self.records.get_mut(&which) {
            record.values.insert(FieldName::from(field), value);
            record.modstamp += jiff::SignedDuration::from_secs(1);
        }
    }

    /// Reads both sides to the end.
    fn read(&self) {
        let (store, sync) = (&self.store, &self.sync);
        let pull = store.begin_pull(sync.source, at()).unwrap();
        let customers: Vec<Customer> = self
            .customers
            .iter()
            .map(|(number, name)| Customer {
                name: Some((*name).to_owned()),
                ..Customer::new(customer_id(*number))
            })
            .collect();
        store.put_customers(sync.source, pull, &customers).unwrap();
        let subscriptions: Vec<Subscription> = self
            .subscriptions
            .iter()
            .map(|(number, (who, mrr))| subscription(*number, *who, *mrr))
            .collect();
        store
            .put_subscriptions(sync.source, pull, &subscriptions)
            .unwrap();
        let end = PullEnd {
            at: at(),
            full: true,
            source_time: None,
        };
        store.finish_pull(sync.source, pull, end).unwrap();
        let records: Vec<Record> = self.records.values().cloned().collect();
        let keys = |record: &Record| match record.value(&FieldName::from(ID)) {
            Value::Text(id) => vec![MatchKey::ExternalId(id.clone())],
            _ => Vec::new(),
        };
        store.put_records(sync.id, &records, &keys).unwrap();
        store.keep_lost_links(sync.id, at()).unwrap();
        store.keep_snapshot(sync.id, &self.snapshot).unwrap();
    }

    fn plan(&self) -> (PlanId, Summary) {
        self.plan_told(&NoReporter)
    }

    /// A preview of what was read.
    fn plan_told(&self, reporter: &dyn Reporter) -> (PlanId, Summary) {
        let plan = self
            .store
            .create_plan(self.sync.id, self.mapping.version, at())
            .unwrap();
        let pinned = OrgIdentity {
            org_id: RecordId::parse("00D000000000001").unwrap(),
            name: String::new(),
            is_sandbox: true,
            edition: String::new(),
            instance: String::new(),
            instance_url: String::new(),
            api_version: String::new(),
            user_id: RecordId::parse("005000000000001").unwrap(),
            username: String::new(),
            user_name: String::new(),
        };
        let input = Input {
            plan,
            sync: &self.sync,
            mapping: &self.mapping,
            pinned: &pinned,
            environment: Environment::Sandbox,
            mask_emails: false,
        };
        let summary = make_offline(input, &self.store, reporter).unwrap();
        let store = &self.store;
        store
            .finish_plan(plan, &PlanSummary::default(), at())
            .unwrap();
        (plan, summary)
    }

    fn rows(&self, plan: PlanId) -> Vec<PlanRow> {
        let query = PlanRowQuery {
            sort: drawbridge_store::PlanRowSort::Customer,
            limit: 99,
            ..PlanRowQuery::default()
        };
        self.store.plan_rows(plan, &query).unwrap().rows
    }

    /// The plan with what is known to agree, and the plan that is computed anew.
    fn plan_both_ways(&self) -> [(Vec<PlanRow>, Summary); 2] {
        let (plan, summary) = self.plan();
        let known = (self.rows(plan), summary);
        self.store.agree_by(self.sync.id, "by other terms").unwrap();
        let (plan, summary) = self.plan();
        [known, (self.rows(plan), summary)]
    }

    /// How many rows the next plan has that are not computed.
    fn agreeing(&self) -> u32 {
        let plan = self
            .store
            .create_plan(self.sync.id, self.mapping.version, at())
            .unwrap();
        let counts = self.store.put_agreed_rows(plan).unwrap();
        self.store.fail_plan(plan, "not needed", at()).unwrap();
        counts.iter().map(|count| count.rows).sum()
    }
}

fn subscription(number: usize, who: usize, mrr: i64) -> Subscription {
    let money = |amount| Money {
        amount: Decimal::from(amount),
        currency: Currency::USD,
    };
    Subscription {
        id: SubscriptionId(format!("s{number}")),
        customer: customer_id(who),
        name: "Gold".to_owned(),
        plan: None,
        status: SubscriptionStatus::Active,
        currency: Currency::USD,
        interval: Some(Interval::Monthly),
        revenue: Some(Revenue {
            mrr: money(mrr),
            arr: money(12 * mrr),
            status: RevenueStatus::Complete,
        }),
        started_at: Some(at()),
        renews_on: None,
        ended_at: None,
        created_at: None,
        updated_at: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_plan_is_the_same_as_one_computed_anew(steps in prop::collection::vec(step(), 1..12)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            let [known, anew] = world.plan_both_ways();
            prop_assert_eq!(known, anew, "after {:?}", step);
        }
    }
}

#[test]
fn what_agrees_is_not_compared_again_until_something_of_it_changes() {
    let mut world = World::new();
    let (plan, summary) = world.plan();
    assert_eq!(summary.counts.unchanged, 3, "{:?}", world.rows(plan));
    assert_eq!(world.agreeing(), 3);
    // Reading the same again changes nothing of anybody.
    world.take(&Step::Nothing);
    assert_eq!(world.agreeing(), 3);
    let told = Told::default();
    let (_, again) = world.plan_told(&told);
    assert_eq!(again, summary);
    assert_eq!(
        told.unchanged.into_inner(),
        3,
        "all are counted as they are planned"
    );

    let accept = |number| {
        Some(MatchDecision::Accept {
            record: record_id(number),
        })
    };
    for step in [
        Step::Rename(0, "Brook"),
        Step::Leave(0),
        Step::Subscribe(0, 3, 1),
        Step::Subscribe(0, 0, 2),
        Step::Unsubscribe(0),
        Step::Pin(0, Some(0)),
        Step::Edit(0, "Alguna_Subscription_Name__c", "Brook"),
        Step::Carry(0, None),
        Step::Delete(0),
        Step::Decide(0, accept(0)),
    ] {
        let mut world = World::new();
        world.plan();
        world.take(&step);
        assert_eq!(world.agreeing(), 2, "{step:?}");
    }
    // What was chosen and is not any more.
    let mut world = World::new();
    world.take(&Step::Pin(0, Some(0)));
    world.plan();
    assert_eq!(world.agreeing(), 3);
    world.take(&Step::Pin(0, None));
    assert_eq!(world.agreeing(), 2);
    // A subscription that goes over concerns both customers.
    let mut world = World::new();
    world.plan();
    world.take(&Step::Subscribe(1, 0, 1));
    assert_eq!(world.agreeing(), 1);
    // And so does an id that two records carry.
    let mut world = World::new();
    world.plan();
    world.take(&Step::Carry(0, Some(1)));
    assert_eq!(world.agreeing(), 1);
}

#[derive(Default)]
struct Told {
    unchanged: AtomicU32,
}

impl Reporter for Told {
    fn report(&self, event: Event) {
        if matches!(event, Event::Planned(Action::Unchanged)) {
            self.unchanged.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// What changes while customers are compared is not missed by the next preview.
#[test]
fn nothing_is_kept_of_a_comparison_that_something_changed_under() {
    let world = World::new();
    world.plan();
    let terms = "by some terms";
    world.store.agree_by(world.sync.id, terms).unwrap();
    assert_eq!(world.agreeing(), 0);
    let row = world.rows(world.plan().0).remove(0);
    world.store.agree_by(world.sync.id, terms).unwrap();
    let agreed = [drawbridge_model::Agreed { row, amounts: None }];
    let put = |terms: &str, touched| {
        let put = world
            .store
            .put_agreed(world.sync.id, terms, touched, &agreed);
        put.unwrap();
        world.agreeing()
    };
    let before = world.store.touched().unwrap();
    assert_eq!(put("by others", before), 0);
    assert_eq!(put(terms, before - 1), 0);
    assert_eq!(put(terms, before), 1);
}
