//! What holds for every customer, record and mapping.

use std::collections::BTreeMap;

use drawbridge_model::{
    AccountPolicy, Action, BlankPolicy, Currency, Customer, CustomerId, Decision, Deed, Derived,
    FieldName, FieldRule, Interval, LengthPolicy, Mapping, Money, Pack, PlanRow, Record, Revenue,
    RevenueStatus, SpeakerRule, Subscription, SubscriptionId, SubscriptionStatus, Value,
    WritePolicy, Written,
};
use drawbridge_sync::mapping::same;
use drawbridge_sync::pack::{self, Facts};
use drawbridge_sync::{speaks, undo};
use jiff::Timestamp;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::facts::{Case, bundle, describe, record};

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("  ".to_owned()),
        Just("O'Brien".to_owned()),
        Just(" Jürgen ".to_owned()),
        Just("\u{1F373}\u{200d}\u{1F469}".to_owned()),
        Just("x".repeat(300)),
        "[a-zA-Z0-9 äöü\"\\\\,;.@-]{1,40}",
    ]
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (0_i64..2_000_000_000_000).prop_map(|at| Timestamp::from_millisecond(at).unwrap())
}

fn money() -> impl Strategy<Value = Money> {
    let currency = prop_oneof![Just(Currency::USD), Just(Currency::parse("EUR").unwrap())];
    (
        -1_000_000_000_000_000_i64..1_000_000_000_000_000,
        0_u32..6,
        currency,
    )
        .prop_map(|(digits, scale, currency)| Money {
            amount: Decimal::new(digits, scale),
            currency,
        })
}

pub(crate) fn customer() -> impl Strategy<Value = Customer> {
    let texts = (
        proptest::option::of(words()),
        proptest::option::of("[a-z]{1,5}@[a-z]{1,5}\\.[a-z]{2,3}"),
        proptest::option::of(words()),
        proptest::option::of(words()),
        proptest::option::of(prop_oneof![
            Just("active".to_owned()),
            Just("churned".to_owned())
        ]),
        proptest::option::of(proptest::collection::vec(words(), 0..4)),
    );
    let figures = (
        proptest::option::of(money()),
        proptest::option::of(money()),
        proptest::option::of(moment()),
        proptest::option::of(moment()),
        proptest::option::of(moment()),
    );
    ("[0-9a-zA-Z]{1,12}", texts, figures).prop_map(|(id, texts, figures)| Customer {
        name: texts.0,
        email: texts.1,
        first_name: texts.2,
        last_name: texts.3,
        status: texts.4,
        plans: texts.5,
        mrr: figures.0,
        total_spend: figures.1,
        created_at: figures.2,
        activated_at: figures.3,
        churned_at: figures.4,
        ..Customer::new(CustomerId(id))
    })
}

pub(crate) fn subscription() -> impl Strategy<Value = Subscription> {
    let status = prop_oneof![
        Just(SubscriptionStatus::Active),
        Just(SubscriptionStatus::Ended),
        Just(SubscriptionStatus::Draft),
        Just(SubscriptionStatus::Other("in_dunning".to_owned())),
    ];
    let interval = prop_oneof![
        Just(Interval::Monthly),
        Just(Interval::Quarterly),
        Just(Interval::SemiAnnual),
        Just(Interval::Yearly),
    ];
    let revenue = (money(), money(), any::<bool>()).prop_map(|(mrr, arr, complete)| Revenue {
        mrr,
        arr,
        status: if complete {
            RevenueStatus::Complete
        } else {
            RevenueStatus::Partial
        },
    });
    let renews = prop_oneof![
        Just(None),
        Just(Some(None)),
        (0_i16..3000).prop_map(|day| {
            let first: jiff::civil::Date = "2024-02-29".parse().unwrap();
            Some(first.checked_add(jiff::Span::new().days(day)).ok())
        }),
    ];
    (
        "[a-z0-9]{1,8}",
        words(),
        status,
        proptest::option::of(interval),
        proptest::option::of(revenue),
        renews,
        proptest::option::of(moment()),
        proptest::option::of(moment()),
    )
        .prop_map(
            |(id, name, status, interval, revenue, renews_on, started, ended)| Subscription {
                id: SubscriptionId(id),
                customer: CustomerId::from("c"),
                name,
                plan: None,
                status,
                currency: Currency::USD,
                interval,
                revenue,
                started_at: started,
                renews_on,
                ended_at: ended,
                created_at: None,
                updated_at: None,
            },
        )
}

fn some_pack() -> impl Strategy<Value = Pack> {
    prop_oneof![
        Just(Pack::Alguna),
        Just(Pack::Profitwell),
        Just(Pack::ProfitwellAccount)
    ]
}

/// The pack's mapping with any policies.
fn mapping(pack: Pack) -> impl Strategy<Value = Mapping> {
    let write = prop_oneof![
        Just(WritePolicy::Always),
        Just(WritePolicy::IfEmpty),
        Just(WritePolicy::IfUnchanged),
        Just(WritePolicy::Never),
    ];
    let blank = prop_oneof![Just(BlankPolicy::Leave), Just(BlankPolicy::Clear)];
    let length = prop_oneof![Just(LengthPolicy::Block), Just(LengthPolicy::Shorten)];
    proptest::collection::vec((write, blank, length), 20).prop_map(move |policies| {
        let mut mapping = pack::default_mapping(pack);
        for (rule, (write, blank, length)) in mapping.rules.iter_mut().zip(policies) {
            (rule.write, rule.blank, rule.length) = (write, blank, length);
        }
        mapping
    })
}

/// Values a record may hold in some of its fields, of the right kinds.
fn stored(pack: Pack) -> impl Strategy<Value = BTreeMap<FieldName, Value>> {
    use drawbridge_model::FieldKind;
    let fields = describe(pack).fields;
    let count = fields.len();
    proptest::collection::vec((0_u8..3, words(), money(), moment()), count).prop_map(move |seeds| {
        fields
            .iter()
            .zip(seeds)
            .filter(|(_, (filled, ..))| *filled > 0)
            .map(|(field, (_, text, money, at))| {
                let value = match field.kind {
                    FieldKind::Currency => Value::Number(money.rounded().amount.normalize()),
                    FieldKind::DateTime => {
                        Value::Moment(Timestamp::from_second(at.as_second()).unwrap())
                    }
                    _ => Value::text(text.trim()),
                };
                (field.name.clone(), value)
            })
            .collect()
    })
}

#[derive(Clone, Debug)]
struct World {
    pack: Pack,
    mapping: Mapping,
    customer: Customer,
    subscriptions: Vec<Subscription>,
    stored: BTreeMap<FieldName, Value>,
    base: BTreeMap<FieldName, Value>,
    mask: bool,
}

fn world() -> impl Strategy<Value = World> {
    some_pack().prop_flat_map(|pack| {
        (
            mapping(pack),
            customer(),
            proptest::collection::vec(subscription(), 0..4),
            stored(pack),
            stored(pack),
            any::<bool>(),
        )
            .prop_map(
                move |(mapping, customer, subscriptions, stored, base, mask)| World {
                    pack,
                    mapping,
                    customer,
                    subscriptions,
                    stored,
                    base,
                    mask,
                },
            )
    })
}

impl World {
    fn case<'a>(&'a self, record: Option<&'a Record>) -> Case<'a> {
        Case {
            subscriptions: &self.subscriptions,
            record,
            base: self.base.clone(),
            mask_emails: self.mask,
            ..Case::new(self.pack, &self.mapping, &self.customer)
        }
    }

    /// Whether the rule is about the subscription, and another one will speak for the record.
    fn is_of_another(&self, plan: &PlanRow, rule: &FieldRule) -> bool {
        let names_it = |field: &FieldName| {
            let mut rules = self.mapping.rules.iter();
            rules.any(|rule| rule.field == *field && rule.source == "subscription.id")
        };
        let is_named = |value: &Value| !value.is_blank();
        let goes_over = plan
            .writes()
            .any(|it| names_it(&it.field) && is_named(&it.before) && is_named(&it.after));
        goes_over && rule.source.starts_with("subscription.")
    }

    fn derived(&self, source: &str) -> Derived {
        let bundle = bundle(&self.customer, &self.subscriptions);
        let speaker = speaks::choose(&bundle, &SpeakerRule::default());
        let facts = Facts {
            customer: &self.customer,
            subscription: speaker.as_ref().map(|speaker| speaker.chosen),
            members: &[],
            mask_emails: self.mask,
        };
        (pack::derivation(self.pack, source).unwrap().derive)(&facts)
    }
}

/// The record after a run of the row, and what the journal has of it.
fn done(record: &Record, row: &PlanRow) -> (Record, Written) {
    let mut after = record.clone();
    let mut fields = Vec::new();
    for change in row.writes() {
        fields.push((
            change.field.clone(),
            change.before.clone(),
            change.after.clone(),
        ));
        after
            .values
            .insert(change.field.clone(), change.after.clone());
    }
    let written = Written {
        customer: row.customer.clone(),
        record: record.id.clone(),
        deed: Deed::Updated,
        certain: true,
        saved_at: None,
        fields,
    };
    (after, written)
}

/// The values that are there: a field that is blank holds none.
fn there(record: &Record) -> BTreeMap<&FieldName, &Value> {
    record
        .values
        .iter()
        .filter(|(_, value)| !value.is_blank())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What a run wrote is what the next plan wants: nothing is left to write.
    #[test]
    fn writing_the_plan_leaves_nothing_to_write(world in world()) {
        let before = record(world.pack, world.stored.clone());
        let plan = world.case(Some(&before)).plan();
        let mut after = before.clone();
        let mut base = world.base.clone();
        for change in plan.writes() {
            after.values.insert(change.field.clone(), change.after.clone());
            base.insert(change.field.clone(), change.after.clone());
        }
        let again = Case { base, ..world.case(Some(&after)) }.plan();
        prop_assert_eq!(again.writes().count(), 0, "{:?}", again);
        if plan.changes.iter().all(|change| change.decision == Decision::Write)
            && plan.action == Action::Update
        {
            prop_assert_eq!(again.action, Action::Unchanged);
        }
    }

    /// Undone, a record is what it was, value for value, and undone again what the run made of it.
    #[test]
    fn an_undo_restores_every_value(world in world()) {
        let before = record(world.pack, world.stored.clone());
        let plan = world.case(Some(&before)).plan();
        let (after, written) = done(&before, &plan);
        let undo = undo::row(&written, plan.name.clone(), Some(&after), None, false);
        prop_assert!(undo.changes.iter().all(|change| change.decision == Decision::Write));
        let (restored, unwritten) = done(&after, &undo);
        prop_assert_eq!(there(&restored), there(&before));
        let redo = undo::row(&unwritten, plan.name.clone(), Some(&restored), None, false);
        let (redone, _) = done(&restored, &redo);
        prop_assert_eq!(there(&redone), there(&after));
    }

    /// A field that somebody edited since keeps their value; every other one is restored.
    #[test]
    fn an_undo_spares_what_somebody_edited(world in world(), edits in any::<u64>()) {
        let before = record(world.pack, world.stored.clone());
        let plan = world.case(Some(&before)).plan();
        let (mut now, written) = done(&before, &plan);
        let edited: Vec<&FieldName> = written
            .fields
            .iter()
            .enumerate()
            .filter(|(place, _)| edits & (1 << place) != 0)
            .map(|(_, (field, ..))| field)
            .collect();
        for field in &edited {
            now.values.insert((*field).clone(), Value::text("theirs"));
        }
        let undo = undo::row(&written, plan.name.clone(), Some(&now), None, false);
        let (restored, _) = done(&now, &undo);
        for (field, stood, _) in &written.fields {
            let want = if edited.contains(&field) { &Value::text("theirs") } else { stood };
            prop_assert_eq!(restored.value(field), want, "{}", field);
        }
    }

    /// The same for a record the run created.
    #[test]
    fn creating_the_record_leaves_nothing_to_write(world in world()) {
        let plan = world.case(None).plan();
        prop_assume!(plan.action == Action::Create);
        let values: BTreeMap<_, _> =
            plan.writes().map(|change| (change.field.clone(), change.after.clone())).collect();
        let created = record(world.pack, values.clone());
        let again = Case { base: values, ..world.case(Some(&created)) }.plan();
        prop_assert_eq!(again.action, Action::Unchanged, "{:?}", again);
    }

    /// A write that the field's policy forbids is never proposed.
    #[test]
    fn no_policy_is_broken(world in world()) {
        let before = record(world.pack, world.stored.clone());
        let plan = world.case(Some(&before)).plan();
        for change in plan.writes() {
            let rule = world.mapping.rules.iter().find(|rule| rule.field == change.field);
            let rule = rule.expect("only mapped fields change");
            let stands = before.value(&change.field);
            let of_another = world.is_of_another(&plan, rule);
            prop_assert_eq!(&change.before, stands);
            match rule.write {
                WritePolicy::Always => {}
                WritePolicy::Never => prop_assert!(false, "{} is switched off", change.field),
                WritePolicy::IfEmpty => prop_assert!(
                    stands.is_blank() || (of_another
                        && world.base.get(&change.field).is_none_or(|base| same(base, stands))),
                    "{:?}", change
                ),
                WritePolicy::IfUnchanged => prop_assert!(
                    world.base.get(&change.field).map_or(stands.is_blank(), |base| same(base, stands)),
                    "{:?}", change
                ),
            }
            if change.after.is_blank() {
                prop_assert!(rule.blank == BlankPolicy::Clear || of_another, "{:?}", change);
            }
        }
    }

    /// "Not known" is not "empty": it changes nothing.
    #[test]
    fn what_is_not_known_changes_nothing(world in world()) {
        let before = record(world.pack, world.stored.clone());
        for plan in [world.case(Some(&before)).plan(), world.case(None).plan()] {
            for change in &plan.changes {
                let rule = world.mapping.rules.iter().find(|rule| rule.field == change.field);
                let rule = rule.unwrap();
                let is_known = world.derived(&rule.source) != Derived::NotKnown;
                prop_assert!(is_known || world.is_of_another(&plan, rule), "{:?}", change);
            }
        }
    }

    /// Nothing too long, too large or of another kind is ever proposed, and nothing is written for
    /// a blocked or skipped customer.
    #[test]
    fn what_is_written_fits(world in world()) {
        let before = record(world.pack, world.stored.clone());
        let describe = describe(world.pack);
        for plan in [world.case(Some(&before)).plan(), world.case(None).plan()] {
            if matches!(plan.action, Action::Blocked | Action::Skipped) {
                prop_assert!(plan.changes.is_empty() && plan.reason.is_some(), "{:?}", plan);
            }
            for change in plan.writes() {
                let field = describe.field(&change.field).unwrap();
                match &change.after {
                    Value::Text(text) => {
                        prop_assert!(text.chars().count() <= field.length as usize, "{:?}", change);
                        prop_assert_eq!(text.trim(), text.as_str());
                    }
                    Value::Number(number) => {
                        prop_assert!(number.scale() <= field.scale);
                        let limit = Decimal::from(10_i64.pow(field.precision - field.scale));
                        prop_assert!(number.abs() < limit, "{:?}", change);
                    }
                    _ => {}
                }
            }
        }
    }

    /// A sync that may not create never does.
    #[test]
    fn nothing_is_created_without_leave(world in world()) {
        let case = Case { policy: AccountPolicy::UpdateExisting, ..world.case(None) };
        let plan = case.plan();
        prop_assert_eq!(plan.action, Action::Skipped);
        prop_assert!(!plan.is_written());
    }

    /// Every e-mail address that is written to a sandbox is masked.
    #[test]
    fn a_masked_address_reaches_nobody(world in world()) {
        let world = World { mask: true, pack: Pack::Profitwell,
            mapping: pack::default_mapping(Pack::Profitwell), ..world };
        for change in world.case(None).plan().writes() {
            if change.field.as_str() == "Email" {
                prop_assert!(change.after.to_string().ends_with(".invalid"), "{:?}", change);
            }
        }
    }
}
