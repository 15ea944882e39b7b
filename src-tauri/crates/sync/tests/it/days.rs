//! No day shifts: through the derivations and expressions, in every zone there is.

use std::collections::BTreeSet;

use drawbridge_model::{Derived, FieldKind, LengthPolicy, Pack, Value};
use drawbridge_sync::mapping::{expression, fit};
use drawbridge_sync::pack::{self, Facts};
use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use crate::facts::field;
use crate::mapping_expression::{customer, subscription};

/// What goes into a Date/Time field for a renewal on this day.
fn written(day: Date) -> Timestamp {
    let subscription = drawbridge_model::Subscription {
        renews_on: Some(Some(day)),
        ..subscription()
    };
    let customer = customer();
    let facts = Facts {
        customer: &customer,
        subscription: Some(&subscription),
        members: &[],
        mask_emails: false,
    };
    let renewal = pack::derivation(Pack::Alguna, "subscription.renewal").unwrap();
    let Derived::Known(derived) = (renewal.derive)(&facts) else {
        panic!("a renewal is known")
    };
    let field = field("F__c", "F", FieldKind::DateTime);
    let fitted = fit(derived.clone(), &field, LengthPolicy::Block).unwrap();
    let plain = fit(Value::Date(day), &field, LengthPolicy::Block).unwrap();
    assert_eq!(fitted, plain, "a rule and an expression write one instant");
    let day_field = self::field("D__c", "D", FieldKind::Date);
    let back = fit(derived, &day_field, LengthPolicy::Block).unwrap();
    assert_eq!(back, Value::Date(day), "a Date field has the day itself");
    let Value::Moment(moment) = fitted else {
        panic!("an instant goes into a Date/Time field")
    };
    moment
}

fn zones() -> Vec<TimeZone> {
    let database = TimeZoneDatabase::bundled();
    let zones: Vec<TimeZone> = database
        .available()
        .filter_map(|name| database.get(name.as_str()).ok())
        .collect();
    assert!(zones.len() > 400, "{} zones", zones.len());
    zones
}

fn first_days() -> Vec<(Date, Timestamp)> {
    let months = date(1970, 1, 1).series(1.month()).take(80 * 12);
    let around = months.flat_map(|first| [first.yesterday().unwrap(), first]);
    around.map(|day| (day, written(day))).collect()
}

/// Where an instant at ten o'clock falls on its own day.
const SERVED: std::ops::Range<i32> = -10 * 3600..14 * 3600;

#[test]
fn at_month_ends_no_day_shifts_in_any_zone_that_one_hour_can_serve() {
    let days = first_days();
    let mut beyond = BTreeSet::new();
    for zone in zones() {
        for (day, moment) in &days {
            let there = zone.to_zoned_at(*moment);
            if SERVED.contains(&there.offset().seconds()) {
                assert_eq!(there.date(), *day, "{:?}", zone.iana_name());
            } else if *day >= date(2026, 1, 1) {
                beyond.insert(zone.iana_name().unwrap_or_default().to_owned());
            }
        }
    }
    let beyond: Vec<_> = beyond.iter().map(String::as_str).collect();
    assert_eq!(
        beyond,
        [
            "Etc/GMT+11",
            "Etc/GMT+12",
            "Etc/GMT-14",
            "Pacific/Kiritimati",
            "Pacific/Midway",
            "Pacific/Niue",
            "Pacific/Pago_Pago",
            "Pacific/Samoa",
            "US/Samoa",
        ],
        "docs/mapping.md names these"
    );
}

#[test]
fn around_every_change_of_the_clocks_no_day_shifts() {
    let from: Timestamp = "1970-01-01T00:00:00Z".parse().unwrap();
    for zone in zones() {
        for change in zone.following(from).take(300) {
            let there = change.timestamp().to_zoned(zone.clone()).date();
            for day in [there.yesterday().unwrap(), there, there.tomorrow().unwrap()] {
                let shown = zone.to_zoned_at(written(day));
                if SERVED.contains(&shown.offset().seconds()) {
                    assert_eq!(shown.date(), day, "{:?}", zone.iana_name());
                }
            }
        }
    }
}

trait At {
    fn to_zoned_at(&self, at: Timestamp) -> jiff::Zoned;
}

impl At for TimeZone {
    fn to_zoned_at(&self, at: Timestamp) -> jiff::Zoned {
        at.to_zoned(self.clone())
    }
}

fn evaluated(text: &str, kind: FieldKind) -> Value {
    let (customer, subscription) = (customer(), subscription());
    let facts = Facts {
        customer: &customer,
        subscription: Some(&subscription),
        members: &[],
        mask_emails: false,
    };
    let field = field("F__c", "F", kind);
    match expression::evaluate(text, &field, Pack::Profitwell, &facts) {
        Ok(Derived::Known(value)) => value,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn the_day_of_an_instant_in_a_zone() {
    for (zone, day) in [
        ("UTC", "2026-10-31 23:30"),
        ("Europe/Berlin", "2026-11-01 00:30"),
        ("America/New_York", "2026-10-31 19:30"),
        ("America/St_Johns", "2026-10-31 21:00"),
        ("Asia/Kathmandu", "2026-11-01 05:15"),
        ("+05:30", "2026-11-01 05:00"),
        ("+0545", "2026-11-01 05:15"),
        ("-09:30", "2026-10-31 14:00"),
        ("Pacific/Kiritimati", "2026-11-01 13:30"),
    ] {
        let text =
            format!("{{{{ customer.created_at | date(\"%Y-%m-%d %H:%M\", zone=\"{zone}\") }}}}");
        assert_eq!(
            evaluated(&text, FieldKind::Text),
            Value::text(day),
            "{zone}"
        );
        let plain = format!("{{{{ \"2026-01-31\" | date(zone=\"{zone}\") }}}}");
        assert_eq!(
            evaluated(&plain, FieldKind::Date),
            Value::Date(date(2026, 1, 31)),
            "a day is a day, {zone}"
        );
    }
}

#[test]
fn a_zone_nobody_knows_is_named() {
    let (customer, subscription) = (customer(), subscription());
    let facts = Facts {
        customer: &customer,
        subscription: Some(&subscription),
        members: &[],
        mask_emails: false,
    };
    let field = field("F__c", "F", FieldKind::Text);
    for zone in ["Europe/Bärlin", "+5", "25:00", ""] {
        let text = format!("{{{{ customer.created_at | date(zone=\"{zone}\") }}}}");
        let given = expression::evaluate(&text, &field, Pack::Profitwell, &facts);
        let said = format!("{given:?}");
        assert!(said.contains("is not a time zone such as"), "{said}");
    }
}

proptest! {
    /// Midnight and the last second of a month, as a system at any offset writes them.
    #[test]
    fn an_instant_with_an_offset_keeps_the_day_it_is_written_with(
        months in 0_i32..1_500,
        minutes in -12 * 60_i32..=14 * 60,
        is_first in any::<bool>(),
    ) {
        let first = date(1970, 1, 1).checked_add(months.months()).unwrap();
        let (day, time) = if is_first {
            (first, "00:00:00")
        } else {
            (first.last_of_month(), "23:59:59")
        };
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        for offset in [format!("{sign}{hours:02}:{rest:02}"), format!("{sign}{hours:02}{rest:02}")] {
            let instant = format!("{day}T{time}{offset}");
            let text = format!("{{{{ \"{instant}\" }}}}");
            prop_assert_eq!(evaluated(&text, FieldKind::Date), Value::Date(day));
            let text = format!("{{{{ \"{instant}\" | date }}}}");
            prop_assert_eq!(evaluated(&text, FieldKind::Date), Value::Date(day));
            let text = format!("{{{{ \"{instant}\" | date(zone=\"{offset}\") }}}}");
            prop_assert_eq!(evaluated(&text, FieldKind::Date), Value::Date(day));
            let at: Timestamp = instant.parse().unwrap();
            let there = TimeZone::fixed(Offset::from_seconds(minutes * 60).unwrap());
            prop_assert_eq!(at.to_zoned(there).date(), day);
            prop_assert_eq!(evaluated(&format!("{{{{ \"{instant}\" }}}}"), FieldKind::DateTime), Value::Moment(at));
        }
    }
}
