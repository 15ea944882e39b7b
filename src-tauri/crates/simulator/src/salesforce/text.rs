//! How the org's database compares text: without regard to case, in any script (`É` equals `é`).

use std::cmp::Ordering;

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

/// Name of the collation of text columns.
pub(crate) const CASELESS: &str = "CASELESS";

/// Makes the collation and the functions `soql_like` and `soql_includes` known to a connection.
/// Every connection that opens an org's tables needs them.
pub(crate) fn register(db: &Connection) -> rusqlite::Result<()> {
    db.create_collation(CASELESS, compare)?;
    let pure = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("soql_like", 2, pure, |call| {
        let pattern = call.get_or_create_aux(1, |raw| raw.as_str().map(Pattern::new))?;
        Ok(text(call)?.map(|text| pattern.matches(text)))
    })?;
    db.create_scalar_function("soql_includes", 2, pure, |call| {
        let wanted = call.get_raw(1).as_str()?;
        Ok(text(call)?.map(|held| includes(held, wanted)))
    })
}

/// The text of a function's first argument; none for null.
fn text<'a>(call: &'a Context<'_>) -> rusqlite::Result<Option<&'a str>> {
    match call.get_raw(0) {
        ValueRef::Null => Ok(None),
        raw => Ok(Some(raw.as_str()?)),
    }
}

/// Compares by lower-cased letters, as code points.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    for (index, (a, b)) in left.bytes().zip(right.bytes()).enumerate() {
        if !a.is_ascii() || !b.is_ascii() {
            // Everything before is ASCII in both, so this is a boundary in both.
            return lower(&left[index..]).cmp(lower(&right[index..]));
        }
        let order = a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase());
        if order.is_ne() {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

fn lower(text: &str) -> impl Iterator<Item = char> + Clone + '_ {
    text.chars().flat_map(char::to_lowercase)
}

/// Whether a stored multi-select value (`A;B;C`) holds every value of `A;B`.
fn includes(held: &str, wanted: &str) -> bool {
    let equal = |a: &str, b: &str| compare(a.trim(), b.trim()).is_eq();
    wanted
        .split(';')
        .all(|value| held.split(';').any(|known| equal(known, value)))
}

/// One part of a `LIKE` pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// `%`
    Any,
    /// `_`
    One,
    /// A letter, lower-cased.
    Letter(char),
}

/// A `LIKE` pattern; `\%`, `\_` and `\\` stand for themselves.
#[derive(Debug)]
struct Pattern(Vec<Part>);

impl Pattern {
    fn new(pattern: &str) -> Self {
        let mut parts = Vec::with_capacity(pattern.len());
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '%' => parts.push(Part::Any),
                '_' => parts.push(Part::One),
                other => {
                    let literal = if other == '\\' {
                        letters.next().unwrap_or(other)
                    } else {
                        other
                    };
                    parts.extend(literal.to_lowercase().map(Part::Letter));
                }
            }
        }
        Self(parts)
    }

    /// Matches greedily and goes back to the last `%` only, so long patterns stay cheap.
    fn matches(&self, text: &str) -> bool {
        let mut rest = lower(text);
        let mut part = 0;
        let mut last: Option<(usize, _)> = None;
        loop {
            let here = rest.clone();
            let letter = rest.next();
            let fits = match (self.0.get(part), letter) {
                (Some(Part::Any), _) => {
                    rest = here;
                    part += 1;
                    last = Some((part, rest.clone()));
                    continue;
                }
                (None, None) => return true,
                (Some(Part::One), Some(_)) => true,
                (Some(Part::Letter(wanted)), Some(letter)) => *wanted == letter,
                _ => false,
            };
            if fits {
                part += 1;
                continue;
            }
            // The last `%` takes one letter more.
            let Some((after, mut from)) = last.take() else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            rest = from.clone();
            part = after;
            last = Some((after, from));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn like(text: &str, pattern: &str) -> bool {
        Pattern::new(pattern).matches(text)
    }

    #[test]
    fn patterns() {
        assert!(like("Édge Communications", "éDGE%"));
        assert!(like("abcabd", "%abd"));
        assert!(like("a%b", "a\\%b"));
        assert!(!like("axb", "a\\%b"));
        assert!(like("axb", "a_b"));
        assert!(!like("ab", "a_b"));
        assert!(like("", "%"));
        assert!(!like("", "_"));
        assert!(like("x", "%%x%%"));
        assert!(!like("abc", "ab"));
    }

    #[test]
    fn multiselects() {
        assert!(includes("Red;Green;Blue", "blue;red"));
        assert!(!includes("Red;Green", "Red;Blue"));
    }

    #[test]
    fn equality_looks_up_by_index() {
        let db = Connection::open_in_memory().unwrap();
        register(&db).unwrap();
        db.execute_batch(
            "CREATE TABLE t (name COLLATE CASELESS); CREATE INDEX i ON t (name);
             INSERT INTO t VALUES ('École'), ('Zebra')",
        )
        .unwrap();
        let found: i64 = db
            .query_row("SELECT count(*) FROM t WHERE name = 'éCOLE'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(found, 1);
        let plan: String = db
            .query_row(
                "EXPLAIN QUERY PLAN SELECT * FROM t WHERE name = ?1",
                ["x"],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("USING COVERING INDEX i"), "{plan}");
    }

    proptest! {
        #[test]
        fn order_is_total(a in "[aAbBéÉİK\u{212a}ß]{0,5}", b in "[aAbBéÉİK\u{212a}ß]{0,5}", c in "[aAbBéÉİK\u{212a}ß]{0,5}") {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert!(compare(&a, &a.to_uppercase().to_lowercase()).is_eq() || !a.is_ascii());
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
        }

        #[test]
        fn a_text_is_like_itself_and_like_anything(text in "[a-zA-Zéß ]{0,12}") {
            prop_assert!(like(&text, &text.to_lowercase()));
            let around = ["%", &text, "%"].concat();
            prop_assert!(like(&["x", &text, "yz"].concat(), &around));
        }
    }
}
