//! `@{ref.id}` and `@{ref.records[0].Id}`: values of earlier answers in later subrequests.

use std::collections::HashMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::salesforce::errors::CallError;

/// Answers so far by reference id; `None` for a subrequest that failed.
#[derive(Debug, Default)]
pub(super) struct References(HashMap<String, Option<Value>>);

impl References {
    pub(super) fn add(&mut self, id: &str, answer: Option<Value>) {
        self.0.insert(id.to_owned(), answer);
    }

    fn look_up(&self, path: &str) -> Result<&Value, CallError> {
        let (id, rest) = path
            .find(['.', '['])
            .map_or((path, ""), |position| path.split_at(position));
        let missing = || {
            CallError::bad(
                "PROCESSING_HALTED",
                format!("Invalid reference specified. No value for {path} found in {id}"),
            )
        };
        let Some(Some(mut value)) = self.0.get(id).map(Option::as_ref) else {
            return Err(missing());
        };
        for step in rest.split(['.', '[']).filter(|step| !step.is_empty()) {
            value = match step.strip_suffix(']') {
                Some(index) => index.parse().ok().and_then(|index: usize| value.get(index)),
                None => value.get(step),
            }
            .ok_or_else(missing)?;
        }
        Ok(value)
    }

    /// A URL with every reference replaced.
    pub(super) fn in_url(&self, url: &str) -> Result<String, CallError> {
        self.replace(url, |text| {
            utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
        })
    }

    /// A body with every reference replaced; one that is a whole text keeps its type.
    pub(super) fn in_body(&self, body: &Value) -> Result<Value, CallError> {
        Ok(match body {
            Value::String(text) => match whole(text) {
                Some(path) => self.look_up(path)?.clone(),
                None => Value::String(self.replace(text, str::to_owned)?),
            },
            Value::Array(list) => Value::Array(
                list.iter()
                    .map(|value| self.in_body(value))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, value)| Ok((key.clone(), self.in_body(value)?)))
                    .collect::<Result<_, CallError>>()?,
            ),
            other => other.clone(),
        })
    }

    fn replace(&self, text: &str, encode: impl Fn(&str) -> String) -> Result<String, CallError> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("@{") {
            let Some((path, behind)) = after.split_once('}') else {
                break;
            };
            out.push_str(before);
            let value = self.look_up(path)?;
            let shown = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            out.push_str(&encode(&shown));
            rest = behind;
        }
        out.push_str(rest);
        Ok(out)
    }
}

fn whole(text: &str) -> Option<&str> {
    text.strip_prefix("@{")?
        .strip_suffix('}')
        .filter(|path| !path.contains('}'))
}

/// Reference ids a subrequest names in its URL and body.
pub(super) fn named_in<'a>(url: &'a str, body: Option<&'a Value>) -> Vec<&'a str> {
    let mut ids = Vec::new();
    collect(url, &mut ids);
    if let Some(body) = body {
        walk(body, &mut ids);
    }
    ids
}

fn walk<'a>(value: &'a Value, ids: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => collect(text, ids),
        Value::Array(list) => list.iter().for_each(|value| walk(value, ids)),
        Value::Object(map) => map.values().for_each(|value| walk(value, ids)),
        _ => {}
    }
}

fn collect<'a>(text: &'a str, ids: &mut Vec<&'a str>) {
    for after in text.split("@{").skip(1) {
        if let Some((path, _)) = after.split_once('}') {
            ids.push(path.split(['.', '[']).next().unwrap_or(path));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn values_are_found_by_path() {
        let mut references = References::default();
        references.add("q", Some(json!({"records": [{"Id": "001", "N": 2}]})));
        references.add("bad", None);
        assert_eq!(
            references
                .in_url("/x/@{q.records[0].Id}?a=@{q.records[0].N}")
                .unwrap(),
            "/x/001?a=2"
        );
        assert_eq!(
            references
                .in_body(&json!({"a": ["@{q.records[0].N}", "n@{q.records[0].N}"]}))
                .unwrap(),
            json!({"a": [2, "n2"]})
        );
        assert!(references.in_url("@{bad.id}").is_err());
        assert!(references.in_url("@{q.records[1].Id}").is_err());
        assert_eq!(
            named_in("/@{q.id}/@{p[0]}", Some(&json!({"a": "@{r.id}"}))),
            ["q", "p", "r"]
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "[@{}a.\\[\\]0é]{0,30}") {
            let mut references = References::default();
            references.add("a", Some(json!({"a": ["é"]})));
            let _ = references.in_url(&text);
            let _ = references.in_body(&json!([text]));
            let _ = named_in(&text, None);
        }
    }
}
