//! The problems of a run, grouped by what they have in common.

use std::collections::BTreeMap;

use drawbridge_model::{CustomerId, Outcome, RunId};

use crate::error::Inside;
use crate::words::outcome_of;
use crate::{Store, StoreError};

/// Rows of a run that share a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemGroup {
    /// What became of them.
    pub outcome: Outcome,
    /// The problem's code.
    pub code: String,
    /// The problem's text as most of the rows have it.
    pub message: String,
    /// How many rows.
    pub rows: u32,
    /// One of them.
    pub example_customer: CustomerId,
}

impl Store {
    /// The problems of a run, those with most rows first. Texts that differ only in record ids,
    /// quoted values or long numbers are one problem, and so is everything under a word of ours.
    pub fn problems(&self, run: RunId) -> Result<Vec<ProblemGroup>, StoreError> {
        let mut groups: BTreeMap<(u8, String, String), (ProblemGroup, u32)> = BTreeMap::new();
        self.read("reading a run's problems", |db| {
            let mut statement = db.prepare_cached(
                "SELECT outcome, code, message, count(*), min(customer) FROM outcome
                 WHERE run = ?1 AND code IS NOT NULL GROUP BY outcome, code, message",
            )?;
            let mut found = statement.query([run.0])?;
            while let Some(row) = found.next()? {
                let outcome: u8 = row.get(0)?;
                let code: String = row.get(1)?;
                let message = row.get::<_, Option<String>>(2)?.unwrap_or_default();
                let rows: u32 = row.get(3)?;
                // A word of ours says what the problem is; its text only tells it of one row.
                let ours = code.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                let shape = if ours {
                    String::new()
                } else {
                    pattern(&message)
                };
                let key = (outcome, code.clone(), shape);
                if let Some((group, most)) = groups.get_mut(&key) {
                    group.rows += rows;
                    if rows > *most {
                        *most = rows;
                        group.message = message;
                    }
                } else {
                    let group = ProblemGroup {
                        outcome: outcome_of(outcome)?,
                        code,
                        message,
                        rows,
                        example_customer: CustomerId(row.get(4)?),
                    };
                    groups.insert(key, (group, rows));
                }
            }
            Inside::Ok(())
        })?;
        let mut groups: Vec<_> = groups.into_values().map(|(group, _)| group).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.rows));
        Ok(groups)
    }
}

/// The text with record ids, quoted values and long numbers replaced by a mark.
fn pattern(message: &str) -> String {
    let mut pattern = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        if let Some(end) = closing(first).and_then(|quote| rest[first.len_utf8()..].find(quote)) {
            pattern.push('§');
            let quoted = &rest[first.len_utf8() + end..];
            rest = quoted
                .get(closing(first).map_or(0, char::len_utf8)..)
                .unwrap_or("");
        } else if first.is_ascii_alphanumeric() {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            pattern.push_str(if varies(word) { "§" } else { word });
            rest = after;
        } else {
            pattern.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    pattern
}

/// The quote that closes this one. An apostrophe opens nothing: it stands inside words.
fn closing(quote: char) -> Option<char> {
    match quote {
        '"' => Some('"'),
        '“' => Some('”'),
        '«' => Some('»'),
        _ => None,
    }
}

/// Whether a word is a record id or a number, which differ from row to row. Small numbers, such as
/// the length of a field, are part of the problem.
fn varies(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    (matches!(word.len(), 15 | 18) && digits >= 2) || (word.len() >= 5 && digits == word.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn record_ids_and_quoted_values_make_no_difference() {
        let one = pattern(
            "duplicate value found: X__c duplicates value on record with id: 0017e00001W4GYR",
        );
        let two = pattern(
            "duplicate value found: X__c duplicates value on record with id: 001000000000001AAA",
        );
        assert_eq!(one, two);
        assert_eq!(
            pattern("Plan: bad value for restricted picklist field: \"Gold\""),
            pattern("Plan: bad value for restricted picklist field: \"Silver\"")
        );
        assert_eq!(
            pattern("“A” is not in it."),
            pattern("“B, C” is not in it.")
        );
    }

    #[test]
    fn other_differences_stay() {
        assert_ne!(
            pattern("Name: data value too large (max length=80)"),
            pattern("Name: data value too large (max length=255)")
        );
        assert_ne!(pattern("Required: A"), pattern("Required: B"));
    }

    proptest! {
        #[test]
        fn any_text_has_a_pattern(text in any::<String>()) {
            let once = pattern(&text);
            prop_assert_eq!(pattern(&once).is_empty(), text.is_empty());
        }
    }
}
