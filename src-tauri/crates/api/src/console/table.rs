//! The rows of an answer, where it holds a list: found once, read a window at a time.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::text::compact;

/// An answer with more columns than this is no table.
const MOST_COLUMNS: usize = 1_000;
/// How deep a list may lie under single keys.
const DEEPEST: usize = 3;
/// Names under which systems put their list.
const USUAL: [&str; 4] = ["data", "results", "items", "rows"];

/// Where the rows of an answer lie in its bytes.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<String>,
    rows: Vec<Row>,
    /// Names of the lists, where an answer holds several.
    lists: Vec<String>,
    /// Whether rows are objects; else each is one cell.
    objects: bool,
}

#[derive(Debug)]
struct Row {
    list: usize,
    range: Range<usize>,
}

/// The members of an object in their order, unread.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key::<Name<'de>>()? {
                    members.push((name.0, map.next_value()?));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Reads).map(Members)
    }
}

/// A name, borrowed where it holds no escape.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl Table {
    /// The rows of this JSON, where it holds a list: at its root, under one key, or as several
    /// lists side by side.
    pub(super) fn find(body: &str) -> Option<Self> {
        let lists = lists(body.trim(), DEEPEST)?;
        let mut table = Self {
            columns: Vec::new(),
            rows: Vec::new(),
            objects: true,
            lists: Vec::new(),
        };
        for (number, (name, list)) in lists.iter().enumerate() {
            let rows: Vec<&RawValue> = serde_json::from_str(list).ok()?;
            table.lists.push(name.clone());
            table.rows.reserve(rows.len());
            for row in rows {
                // Every row is a part of the body.
                let begin = row.get().as_ptr().addr() - body.as_ptr().addr();
                table.objects &= row.get().starts_with('{');
                table.rows.push(Row {
                    list: number,
                    range: begin..begin + row.get().len(),
                });
            }
        }
        if table.rows.is_empty() {
            return None;
        }
        table.columns = table.find_columns(body)?;
        Some(table)
    }

    fn find_columns(&self, body: &str) -> Option<Vec<String>> {
        let mut columns = Vec::new();
        if self.lists.len() > 1 {
            columns.push("list".to_owned());
        }
        if !self.objects {
            let name = match self.lists.as_slice() {
                [one] if !one.is_empty() => one.as_str(),
                _ => "value",
            };
            columns.push(name.to_owned());
            return Some(columns);
        }
        let mut known: HashSet<String> = HashSet::new();
        for row in &self.rows {
            let Members(members) = serde_json::from_str(&body[row.range.clone()]).ok()?;
            for (name, _) in members {
                if !known.contains(name.as_ref()) {
                    known.insert(name.clone().into_owned());
                    columns.push(name.into_owned());
                }
            }
            if columns.len() > MOST_COLUMNS {
                return None;
            }
        }
        Some(columns)
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The cells of these rows, one a column.
    pub(super) fn rows<'a>(
        &'a self,
        body: &'a str,
        range: Range<usize>,
    ) -> impl Iterator<Item = Vec<String>> + 'a {
        let range = range.start.min(self.rows.len())..range.end.min(self.rows.len());
        let first = usize::from(self.lists.len() > 1);
        let places: HashMap<&str, usize> = self
            .columns
            .iter()
            .enumerate()
            .skip(first)
            .map(|(at, name)| (name.as_str(), at))
            .collect();
        self.rows[range].iter().map(move |row| {
            let text = &body[row.range.clone()];
            let mut cells = vec![String::new(); self.columns.len()];
            if first == 1 {
                cells[0].clone_from(&self.lists[row.list]);
            }
            if !self.objects {
                cells[first] = cell(text);
                return cells;
            }
            if let Ok(Members(members)) = serde_json::from_str(text) {
                for (name, value) in members {
                    if let Some(at) = places.get(name.as_ref()) {
                        cells[*at] = cell(value.get());
                    }
                }
            }
            cells
        })
    }
}

/// A value as a cell shows it: texts without quotes, nothing for null, the rest as JSON.
fn cell(value: &str) -> String {
    match value.as_bytes().first() {
        Some(b'"') => serde_json::from_str(value).unwrap_or_else(|_| value.to_owned()),
        Some(b'n') => String::new(),
        Some(b'{' | b'[') => compact(value),
        _ => value.to_owned(),
    }
}

/// The lists of this JSON with their names.
fn lists(text: &str, deepest: usize) -> Option<Vec<(String, &str)>> {
    if text.starts_with('[') {
        return Some(vec![(String::new(), text)]);
    }
    if !text.starts_with('{') {
        return None;
    }
    let Members(members) = serde_json::from_str(text).ok()?;
    let mut found: Vec<(String, &str)> = members
        .iter()
        .filter(|(_, value)| value.get().starts_with('['))
        .map(|(name, value)| (name.clone().into_owned(), value.get()))
        .collect();
    if let Some(usual) = found
        .iter()
        .position(|(name, _)| USUAL.contains(&name.as_str()))
    {
        return Some(vec![found.swap_remove(usual)]);
    }
    if found.len() == 1 || (found.len() > 1 && found.len() == members.len()) {
        return Some(found);
    }
    // `{"data": {"recurring_revenue": [...], ...}}`
    let mut objects = members
        .iter()
        .filter(|(name, value)| USUAL.contains(&name.as_ref()) && value.get().starts_with('{'));
    match (objects.next(), objects.next()) {
        (Some((_, value)), None) if found.is_empty() && deepest > 0 => {
            lists(value.get(), deepest - 1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn whole(body: &str) -> Option<(Vec<String>, Vec<Vec<String>>)> {
        let table = Table::find(body)?;
        let rows = table.rows(body, 0..usize::MAX).collect();
        Some((table.columns.clone(), rows))
    }

    #[test]
    fn rows_are_found_at_the_root_and_under_one_key() {
        let rows = r#"[{"id":"a","n":12345678901234567890,"plans":[ "x", "y" ]},{"n":null,"é":true,"id":"\u00e9"}]"#;
        for body in [
            format!("  {rows}"),
            format!(r#"{{"pagination":{{"per_page":2}},"data":{rows},"tags":[]}}"#),
            format!(r#"{{"count":2,"customers":{rows}}}"#),
        ] {
            let (columns, cells) = whole(&body).unwrap();
            assert_eq!(columns, ["id", "n", "plans", "é"]);
            assert_eq!(cells[0], ["a", "12345678901234567890", r#"["x","y"]"#, ""]);
            assert_eq!(cells[1], ["é", "", "", "true"]);
        }
    }

    #[test]
    fn several_lists_side_by_side_are_one_table() {
        let body = r#"{"data":{"recurring_revenue":[{"date":"2026-10","value":1.50}],"active_customers":[{"date":"2026-10","value":null}]}}"#;
        let (columns, cells) = whole(body).unwrap();
        assert_eq!(columns, ["list", "date", "value"]);
        assert_eq!(cells[0], ["recurring_revenue", "2026-10", "1.50"]);
        assert_eq!(cells[1], ["active_customers", "2026-10", ""]);
    }

    #[test]
    fn a_list_of_plain_values_is_one_column() {
        let (columns, cells) = whole(r#"{"plan_ids":["a","b"]}"#).unwrap();
        assert_eq!((columns, cells.len()), (vec!["plan_ids".to_owned()], 2));
        assert_eq!(whole("[1, {\"a\": 2}]").unwrap().1[1], [r#"{"a":2}"#]);
    }

    #[test]
    fn what_is_no_list_is_no_table() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "\"x\"",
            r#"{"id":"a"}"#,
            r#"{"a":[1],"b":[2],"c":3}"#,
            "[1,",
            r#"{"data":{"data":{"data":{"data":{"data":[1]}}}}}"#,
        ] {
            assert!(whole(body).is_none(), "{body}");
        }
        let table = Table::find("[1,2,3]").unwrap();
        assert_eq!(table.rows("[1,2,3]", 2..9).count(), 1);
        assert_eq!(table.rows("[1,2,3]", 7..9).count(), 0);
    }
}
