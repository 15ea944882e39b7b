//! The filters and tests of expressions. minijinja's text filters, and Drawbridge's own.
//!
//! Each takes texts of bounded length and gives one, so that no chain of them can grow a text
//! without end. minijinja's `float`, `int`, `round` and `sum` are left out on purpose: they count
//! in binary fractions.

use std::borrow::Cow;
use std::cell::Cell;

use drawbridge_model::Value as FieldValue;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use rust_decimal::{Decimal, RoundingStrategy};

use super::context::NotKnown;
use super::typed;

/// Longest text an expression may make, in bytes: Salesforce's longest text field takes 131,072
/// characters.
pub(super) const LONGEST: usize = 131_072;

/// How much text the filters of one rendering may look at, in bytes. Ends what fuel does not: few
/// instructions on long texts.
const MOST_WORK: usize = 4 * 1024 * 1024;

thread_local! {
    static WORK: Cell<usize> = const { Cell::new(0) };
}

/// Before each rendering.
pub(super) fn begin() {
    WORK.set(0);
}

/// Every filter, in alphabetical order.
pub(super) const FILTERS: &[&str] = &[
    "capitalize",
    "count",
    "d",
    "date",
    "default",
    "domain",
    "first",
    "first_word",
    "join",
    "last",
    "length",
    "lower",
    "map",
    "minus",
    "money",
    "plus",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "select",
    "selectattr",
    "sort",
    "split",
    "times",
    "title",
    "trim",
    "unique",
    "upper",
];

/// Every test, in alphabetical order.
pub(super) const TESTS: &[&str] = &[
    "amount",
    "blank",
    "containing",
    "ending_with",
    "known",
    "over",
    "starting_with",
    "under",
];

pub(super) fn add_to(env: &mut Environment<'static>) {
    env.add_filter("upper", |value: Value| {
        Ok::<_, Error>(text(&value)?.to_uppercase())
    });
    env.add_filter("lower", |value: Value| {
        Ok::<_, Error>(text(&value)?.to_lowercase())
    });
    env.add_filter("trim", |value: Value| {
        Ok::<_, Error>(text(&value)?.trim().to_owned())
    });
    env.add_filter("capitalize", |value: Value| {
        Ok::<_, Error>(first_upper(&text(&value)?))
    });
    env.add_filter("title", |value: Value| {
        Ok::<_, Error>(title(&text(&value)?))
    });
    env.add_filter("first_word", |value: Value| {
        Ok::<_, Error>(
            text(&value)?
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    });
    env.add_filter("domain", |value: Value| {
        Ok::<_, Error>(domain(&text(&value)?))
    });
    env.add_filter("replace", replace);
    env.add_filter("join", join);
    env.add_filter("split", split);
    env.add_filter("default", default);
    env.add_filter("d", default);
    env.add_filter("money", money);
    env.add_filter("date", date);
    env.add_filter("plus", |left: Value, right: Value| {
        calculate(&left, &right, Decimal::checked_add)
    });
    env.add_filter("minus", |left: Value, right: Value| {
        calculate(&left, &right, Decimal::checked_sub)
    });
    env.add_filter("times", |left: Value, right: Value| {
        calculate(&left, &right, Decimal::checked_mul)
    });
    env.add_filter("first", minijinja::filters::first);
    env.add_filter("last", minijinja::filters::last);
    env.add_filter("length", length);
    env.add_filter("count", length);
    env.add_filter("map", minijinja::filters::map);
    env.add_filter("select", minijinja::filters::select);
    env.add_filter("selectattr", minijinja::filters::selectattr);
    env.add_filter("reject", minijinja::filters::reject);
    env.add_filter("rejectattr", minijinja::filters::rejectattr);
    env.add_filter("reverse", minijinja::filters::reverse);
    env.add_filter("sort", |state: &State, value: Value, how: Kwargs| {
        minijinja::filters::sort(state, listed(value)?, how)
    });
    env.add_filter("unique", |state: &State, value: Value, how: Kwargs| {
        minijinja::filters::unique(state, listed(value)?, how)
    });

    env.add_test("known", |value: Value| {
        value.downcast_object_ref::<NotKnown>().is_none_or(|it| {
            it.answered();
            false
        })
    });
    env.add_test("blank", |value: Value| {
        Ok::<_, Error>(text(&value)?.trim().is_empty())
    });
    env.add_test("containing", |value: Value, part: String| {
        Ok::<_, Error>(text(&value)?.contains(&part))
    });
    env.add_test("starting_with", |value: Value, part: String| {
        Ok::<_, Error>(text(&value)?.starts_with(&part))
    });
    env.add_test("ending_with", |value: Value, part: String| {
        Ok::<_, Error>(text(&value)?.ends_with(&part))
    });
    env.add_test("over", |left: Value, right: Value| {
        compare(&left, &right, |l, r| l > r)
    });
    env.add_test("under", |left: Value, right: Value| {
        compare(&left, &right, |l, r| l < r)
    });
    env.add_test("amount", |left: Value, right: Value| {
        compare(&left, &right, |l, r| l == r)
    });
}

pub(super) fn refused(sentence: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, sentence)
}

/// A value as text: what the expression would write for it.
pub(super) fn text(value: &Value) -> Result<Cow<'_, str>, Error> {
    let text = match value.kind() {
        ValueKind::Undefined => return Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => Cow::Borrowed(""),
        ValueKind::Number if !value.is_integer() => {
            return Err(refused(
                "a number with a fraction must stand between quotes, as \"0.5\"",
            ));
        }
        ValueKind::String => Cow::Borrowed(value.as_str().unwrap_or_default()),
        // minijinja writes True and False, as Python does; a checkbox takes true and false.
        ValueKind::Bool => Cow::Borrowed(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => Cow::Owned(value.to_string()),
        _ if value.downcast_object_ref::<NotKnown>().is_some() => Cow::Borrowed(""),
        ValueKind::Seq | ValueKind::Iterable => {
            return Err(refused(
                "a list is not a text: take one of it, or add | join(\", \")",
            ));
        }
        _ => return Err(refused("a group of names is not a text: name one of them")),
    };
    bounded(text.len())?;
    let work = WORK.get().saturating_add(text.len() + 1);
    WORK.set(work);
    if work > MOST_WORK {
        return Err(refused("it takes too long to compute"));
    }
    Ok(text)
}

fn listed(value: Value) -> Result<Value, Error> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable => Ok(value),
        _ => Err(refused("it is not a list")),
    }
}

fn bounded(length: usize) -> Result<(), Error> {
    if length > LONGEST {
        return Err(refused("the text grows too long"));
    }
    Ok(())
}

/// `None` when the value is blank, or not known.
fn figure(value: &Value) -> Result<Option<Decimal>, Error> {
    let text = text(value)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    typed::decimal(text)
        .map(Some)
        .ok_or_else(|| refused(format!("“{text}” is not a number")))
}

fn calculate(
    left: &Value,
    right: &Value,
    operation: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Result<String, Error> {
    match (figure(left)?, figure(right)?) {
        (Some(left), Some(right)) => operation(left, right)
            .map(|result| result.normalize().to_string())
            .ok_or_else(|| refused("the result has more than 28 digits")),
        _ => Ok(String::new()),
    }
}

fn compare(
    left: &Value,
    right: &Value,
    holds: fn(Decimal, Decimal) -> bool,
) -> Result<bool, Error> {
    Ok(figure(left)?
        .zip(figure(right)?)
        .is_some_and(|(left, right)| holds(left, right)))
}

/// Rounded half away from zero to so many decimals, 2 when not said.
fn money(value: Value, decimals: Option<u32>) -> Result<String, Error> {
    let decimals = decimals.unwrap_or(2);
    if decimals > 18 {
        return Err(refused("money takes at most 18 decimals"));
    }
    let places = decimals as usize;
    Ok(figure(&value)?.map_or_else(String::new, |figure| {
        let strategy = RoundingStrategy::MidpointAwayFromZero;
        format!(
            "{:.places$}",
            figure.round_dp_with_strategy(decimals, strategy)
        )
    }))
}

/// The day, in ISO form or by a pattern such as `%d.%m.%Y`. An instant gives its day in UTC; a day
/// stays the day it is.
fn date(value: Value, pattern: Option<String>) -> Result<String, Error> {
    let text = text(&value)?;
    let text = text.trim();
    let pattern = pattern.unwrap_or_else(|| "%Y-%m-%d".to_owned());
    if text.is_empty() {
        return Ok(String::new());
    }
    let made = match typed::moment(text) {
        Some(FieldValue::Date(day)) => by_pattern_day(&pattern, day),
        Some(FieldValue::Moment(moment)) => by_pattern(&pattern, moment),
        _ => return Err(refused(format!("“{text}” is not a date"))),
    };
    made.map_err(|_| refused(format!("“{pattern}” is not a pattern for a date")))
}

fn by_pattern_day(pattern: &str, day: Date) -> Result<String, jiff::Error> {
    strtime::format(pattern, day)
}

fn by_pattern(pattern: &str, moment: Timestamp) -> Result<String, jiff::Error> {
    strtime::format(pattern, &moment.to_zoned(TimeZone::UTC))
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|it| it.to_uppercase().collect::<String>());
    first.unwrap_or_default() + &letters.as_str().to_lowercase()
}

/// Each word with a capital; what is not a letter stays.
fn title(text: &str) -> String {
    let mut inside = false;
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        if inside {
            made.extend(letter.to_lowercase());
        } else {
            made.extend(letter.to_uppercase());
        }
        // An apostrophe does not begin a word: O'Brien is left to `replace`, "don't" is not "Don'T".
        inside = letter.is_alphanumeric() || matches!(letter, '\'' | '’');
    }
    made
}

/// The host of an e-mail address or a web address, in lower case, without `www.` and without the
/// `.invalid` of a masked address. Blank when there is none.
fn domain(text: &str) -> String {
    let text = text.trim();
    let host = match (text.rsplit_once('@'), text.split_once("://")) {
        (_, Some((_, rest))) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            host.rsplit('@').next().unwrap_or_default()
        }
        (Some((_, host)), None) => host,
        (None, None) => text.split(['/', '?', '#']).next().unwrap_or_default(),
    };
    let host = host.split(':').next().unwrap_or_default().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let host = host.strip_suffix(".invalid").unwrap_or(host);
    if host.contains('.') && !host.contains(char::is_whitespace) {
        host.to_owned()
    } else {
        String::new()
    }
}

fn replace(value: Value, from: String, to: String) -> Result<String, Error> {
    let text = text(&value)?;
    let found = text.matches(from.as_str()).count();
    bounded(text.len().saturating_add(found.saturating_mul(to.len())))?;
    Ok(text.replace(from.as_str(), &to))
}

/// The parts that are not blank, with the separator between.
fn join(list: Value, separator: Option<String>) -> Result<String, Error> {
    if !matches!(list.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Ok(text(&list)?.into_owned());
    }
    let separator = separator.unwrap_or_default();
    let mut made = String::new();
    for part in list.try_iter()? {
        let part = text(&part)?;
        if part.trim().is_empty() {
            continue;
        }
        if !made.is_empty() {
            made.push_str(&separator);
        }
        made.push_str(&part);
        bounded(made.len())?;
    }
    Ok(made)
}

fn split(value: Value, separator: Option<String>) -> Result<Vec<String>, Error> {
    const MOST: usize = 1_000;
    let text = text(&value)?;
    Ok(match separator.as_deref() {
        None | Some("") => text
            .split_whitespace()
            .take(MOST)
            .map(str::to_owned)
            .collect(),
        Some(separator) => text
            .split(separator)
            .take(MOST)
            .map(str::to_owned)
            .collect(),
    })
}

fn length(value: Value) -> Result<usize, Error> {
    match value.kind() {
        ValueKind::Seq => Ok(value.len().unwrap_or_default()),
        ValueKind::Iterable => Ok(value.try_iter()?.count()),
        _ => Ok(text(&value)?.chars().count()),
    }
}

/// The fallback where the value is blank or not known; this is how an expression answers for a
/// value the source did not state.
fn default(value: Value, fallback: Option<Value>) -> Result<Value, Error> {
    let fallback = fallback.unwrap_or_else(|| Value::from(""));
    for one in [&value, &fallback] {
        if let Some(not_known) = one.downcast_object_ref::<NotKnown>() {
            not_known.answered();
        }
    }
    let is_list = matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    let chosen = if is_list || !text(&value)?.trim().is_empty() {
        value
    } else {
        fallback
    };
    if let Some(not_known) = chosen.downcast_object_ref::<NotKnown>() {
        not_known.used();
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_domain_is_found_in_addresses_of_both_kinds() {
        for (text, expected) in [
            ("ada@Mill.Example", "mill.example"),
            ("ada@mill.example.invalid", "mill.example"),
            ("https://www.mill.example/a?b@c", "mill.example"),
            ("https://ada:secret@mill.example:8443/", "mill.example"),
            ("www.mill.example/path", "mill.example"),
            ("no address", ""),
            ("", ""),
        ] {
            assert_eq!(domain(text), expected, "{text}");
        }
    }

    #[test]
    fn title_keeps_apostrophes_inside_words() {
        assert_eq!(
            title("old MILL don't über-lane"),
            "Old Mill Don't Über-Lane"
        );
    }

    #[test]
    fn money_is_exact_and_rounded_away_from_zero() {
        let made = |text: &str, decimals| money(Value::from(text), decimals).unwrap();
        assert_eq!(made("0.1", Some(20 - 2)), "0.100000000000000000");
        assert_eq!(made("2.345", None), "2.35");
        assert_eq!(made("-2.345", None), "-2.35");
        assert_eq!(made("12", Some(0)), "12");
        assert_eq!(made("  ", None), "");
        assert!(money(Value::from("12 EUR"), None).is_err());
        assert!(money(Value::from("1"), Some(19)).is_err());
    }

    #[test]
    fn a_day_stays_the_day_it_is() {
        let made =
            |text: &str, pattern: Option<&str>| date(Value::from(text), pattern.map(str::to_owned));
        assert_eq!(made("2026-12-31", None).unwrap(), "2026-12-31");
        assert_eq!(
            made("2026-12-31T23:30:00Z", Some("%d.%m.%Y")).unwrap(),
            "31.12.2026"
        );
        assert!(made("tomorrow", None).is_err());
        assert!(made("2026-12-31", Some("%!")).is_err());
    }
}
