//! SOQL, put together so that no value can become part of the query.

use std::fmt::Write;

use drawbridge_model::{FieldName, ReadQuery, TargetError};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::limits::MAX_URL;

/// Everything but letters, digits and `-_.~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Fields every record carries.
pub(crate) const ALWAYS: [&str; 4] = [
    "Id",
    "SystemModstamp",
    "LastModifiedDate",
    "LastModifiedById",
];

/// A text as a SOQL literal, with its quotes.
pub(crate) fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' | '"' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// A moment as a SOQL literal, to the second, downwards: a moment too early is a record too many,
/// never one too few.
pub(crate) fn moment(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A name, if it is one: letters, digits, `_`, and dots between them.
pub(crate) fn name(text: &str) -> Result<&str, TargetError> {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if text.split('.').all(is_part) {
        Ok(text)
    } else {
        Err(TargetError::FieldMissing {
            message: format!("“{text}” cannot be the API name of a field or sObject"),
        })
    }
}

/// The field list: what is asked for and what always comes along, each once.
pub(crate) fn fields(asked: &[FieldName]) -> Result<Vec<&str>, TargetError> {
    let mut fields: Vec<&str> = ALWAYS.to_vec();
    for field in asked {
        let field = name(field.as_str())?;
        if !fields.iter().any(|known| known.eq_ignore_ascii_case(field)) {
            fields.push(field);
        }
    }
    Ok(fields)
}

/// Percent-encoded, for a query string.
pub(crate) fn encode(soql: &str) -> String {
    utf8_percent_encode(soql, ENCODED).to_string()
}

/// The path of the query for the values of `query.only` from `start` on, and where the next part
/// of them begins; `None` when this is the last part.
pub(crate) fn part(
    query: &ReadQuery,
    version: &str,
    start: usize,
) -> Result<(String, Option<usize>), TargetError> {
    let mut soql = format!(
        "SELECT {},LastModifiedBy.Name FROM {}",
        fields(&query.fields)?.join(","),
        name(query.sobject.as_str())?
    );
    let mut word = " WHERE ";
    if let Some(field) = &query.not_blank {
        soql.push_str(word);
        soql.push_str(name(field.as_str())?);
        soql.push_str(" != null");
        word = " AND ";
    }
    if let Some(since) = query.changed_since {
        let _ = write!(soql, "{word}SystemModstamp >= {}", moment(since));
        word = " AND ";
    }
    let mut path = format!("/services/data/v{version}/query?q={}", encode(&soql));
    let Some((field, values)) = query.only.as_ref().filter(|(_, values)| !values.is_empty()) else {
        return Ok((path, None));
    };
    let open = encode(&format!("{word}{} IN (", name(field.as_str())?));
    path.push_str(&open);
    let mut next = start;
    for value in values.iter().skip(start) {
        let value = encode(&literal(value));
        let comma = if next == start { "" } else { "%2C" };
        if next > start && path.len() + comma.len() + value.len() + 3 > MAX_URL {
            break;
        }
        path.push_str(comma);
        path.push_str(&value);
        next += 1;
    }
    path.push_str("%29");
    Ok((path, (next < values.len()).then_some(next)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use drawbridge_model::SObjectName;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    use super::*;

    fn query(only: Option<Vec<String>>) -> ReadQuery {
        ReadQuery {
            sobject: SObjectName::from("Contact"),
            fields: ["Email", "id", "X__c"]
                .into_iter()
                .map(FieldName::from)
                .collect(),
            only: only.map(|values| (FieldName::from("Email"), values)),
            not_blank: Some(FieldName::from("X__c")),
            changed_since: Some("2026-02-28T23:59:59.999Z".parse().unwrap()),
        }
    }

    fn decoded(path: &str) -> String {
        percent_decode_str(path).decode_utf8().unwrap().into_owned()
    }

    #[test]
    fn a_query_reads_well() {
        let (path, next) = part(
            &query(Some(vec!["o'neil@x.y".to_owned(), "a\\".to_owned()])),
            "67.0",
            0,
        )
        .unwrap();
        assert_eq!(next, None);
        assert_eq!(
            decoded(&path),
            "/services/data/v67.0/query?q=SELECT Id,SystemModstamp,LastModifiedDate,\
             LastModifiedById,Email,X__c,LastModifiedBy.Name FROM Contact WHERE X__c != null AND \
             SystemModstamp >= 2026-02-28T23:59:59Z AND Email IN ('o\\'neil@x.y','a\\\\')"
        );
    }

    #[test]
    fn an_empty_list_means_all() {
        let (path, next) = part(&query(Some(Vec::new())), "67.0", 0).unwrap();
        assert!(!path.contains("IN"), "{path}");
        assert_eq!(next, None);
    }

    #[test]
    fn names_that_are_none() {
        for text in ["", "a b", "Id FROM User--", "1x", "A..B", ".A", "x'"] {
            assert!(name(text).is_err(), "{text}");
        }
        assert!(name("LastModifiedBy.Name").is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_literal_ends_where_it_should(text in ".*") {
            let quoted = literal(&text);
            let inner: Vec<char> = quoted[1..quoted.len() - 1].chars().collect();
            let mut at = 0;
            while at < inner.len() {
                prop_assert_ne!(inner[at], '\'');
                at += if inner[at] == '\\' { 2 } else { 1 };
            }
            prop_assert_eq!(at, inner.len());
        }

        #[test]
        fn long_lists_are_split_without_loss(values in prop::collection::vec("[a-zß'\\\\ ]{1,60}", 1..600)) {
            let query = query(Some(values.clone()));
            let mut seen = Vec::new();
            let mut start = Some(0);
            while let Some(from) = start {
                let (path, next) = part(&query, "67.0", from).unwrap();
                prop_assert!(path.len() <= MAX_URL);
                let list = decoded(&path).split(" IN (").nth(1).unwrap().to_owned();
                seen.push(list.trim_end_matches(')').to_owned());
                start = next;
            }
            let expected: Vec<String> = values.iter().map(|value| literal(value)).collect();
            prop_assert_eq!(seen.join(","), expected.join(","));
        }
    }
}
