//! The filters and tests of expressions. minijinja's text filters, and Drawbridge's own.
//!
//! Each takes texts of bounded length and gives one, so that no chain of them can grow a text
//! without end. minijinja's `float`, `int`, `round` and `sum` are left out on purpose: they count
//! in binary fractions.

mod figures;
mod words;
mod zones;

use std::borrow::Cow;
use std::cell::Cell;

use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use rust_decimal::Decimal;

use super::context::NotKnown;
use figures::{calculate, compare, date, money};
use words::{domain, first_upper, join, replace, split, title};

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
    env.add_filter(
        "date",
        |value: Value, pattern: Option<String>, how: Kwargs| {
            let zone: Option<String> = how.get("zone")?;
            how.assert_all_used()?;
            date(&value, pattern.as_deref(), zone.as_deref())
        },
    );
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

fn length(value: &Value) -> Result<usize, Error> {
    match value.kind() {
        ValueKind::Seq => Ok(value.len().unwrap_or_default()),
        ValueKind::Iterable => Ok(value.try_iter()?.count()),
        _ => Ok(text(value)?.chars().count()),
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
