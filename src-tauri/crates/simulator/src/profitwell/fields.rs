//! The fields of a body or query, read by the rules and in the words of Django REST framework:
//! every wrong field is named in one answer.

use serde_json::{Map, Value, json};

use super::answer::{detail, not_a_choice};
use crate::reply::{Reply, Request};

const REQUIRED: &str = "This field is required.";

/// Fields as given, and what was found wrong with them so far.
pub(crate) struct Fields {
    given: Map<String, Value>,
    errors: Map<String, Value>,
}

impl Fields {
    /// The JSON object of a body; an empty body is an empty object.
    pub(crate) fn of_body(request: &Request) -> Result<Self, Reply> {
        let text = std::str::from_utf8(&request.body).map_err(|error| {
            let text = format!("JSON parse error - 'utf-8' codec can't decode byte: {error}");
            detail(400, &text)
        })?;
        let given = if text.trim().is_empty() {
            Map::new()
        } else {
            match serde_json::from_str(text) {
                Ok(Value::Object(given)) => given,
                Ok(other) => {
                    let text = format!(
                        "Invalid data. Expected a dictionary, but got {}.",
                        kind(&other)
                    );
                    return Err(Reply::json(400, &json!({"non_field_errors": [text]})));
                }
                Err(error) => return Err(detail(400, &format!("JSON parse error - {error}"))),
            }
        };
        Ok(Self {
            given,
            errors: Map::new(),
        })
    }

    /// The parameters of the query; the first of a name counts.
    pub(crate) fn of_query(request: &Request) -> Self {
        let mut given = Map::new();
        for (name, value) in &request.query {
            given
                .entry(name.clone())
                .or_insert_with(|| Value::from(value.clone()));
        }
        Self {
            given,
            errors: Map::new(),
        }
    }

    /// Names a field as wrong; its first error counts.
    pub(crate) fn wrong(&mut self, name: &str, text: &str) {
        self.errors
            .entry(name.to_owned())
            .or_insert_with(|| json!([text]));
    }

    /// 400 with every wrong field.
    pub(crate) fn check(&self) -> Result<(), Reply> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Reply::json(400, &self.errors))
        }
    }

    fn present(&mut self, name: &str) -> Option<Value> {
        let value = self.given.get(name).cloned();
        if value.is_none() {
            self.wrong(name, REQUIRED);
        }
        value
    }

    fn as_text(&mut self, name: &str, value: &Value, longest: usize) -> Option<String> {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Null => {
                self.wrong(name, "This field may not be null.");
                return None;
            }
            _ => {
                self.wrong(name, "Not a valid string.");
                return None;
            }
        };
        if text.is_empty() {
            self.wrong(name, "This field may not be blank.");
        } else if text.contains('\0') {
            self.wrong(name, "Null characters are not allowed.");
        } else if text.chars().count() > longest {
            let text = format!("Ensure this field has no more than {longest} characters.");
            self.wrong(name, &text);
        } else {
            return Some(text);
        }
        None
    }

    /// A text that must be given, of at most `longest` characters.
    pub(crate) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        let value = self.present(name)?;
        self.as_text(name, &value, longest)
    }

    /// A text that may be missing, null or empty.
    pub(crate) fn optional_text(&mut self, name: &str, longest: usize) -> Option<String> {
        let value = self.given.get(name).cloned()?;
        if value.is_null() || value == "" {
            return None;
        }
        self.as_text(name, &value, longest)
    }

    /// A whole number that must be given, from 0 to `largest`; numeric text is accepted.
    pub(crate) fn whole(&mut self, name: &str, largest: i64) -> Option<i64> {
        let value = self.present(name)?;
        let text = match &value {
            Value::Null => {
                self.wrong(name, "This field may not be null.");
                return None;
            }
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        // Python reads 12.0 as 12, and 12.5 as no integer.
        let digits = text
            .split_once('.')
            .filter(|(_, fraction)| fraction.chars().all(|c| c == '0'))
            .map_or(text.as_str(), |(whole, _)| whole);
        let all_digits = digits.strip_prefix('-').unwrap_or(digits);
        if all_digits.is_empty() || !all_digits.bytes().all(|b| b.is_ascii_digit()) {
            self.wrong(name, "A valid integer is required.");
            return None;
        }
        match digits.parse::<i64>() {
            _ if digits.starts_with('-') && !all_digits.trim_start_matches('0').is_empty() => {
                self.wrong(name, "Ensure this value is greater than or equal to 0.");
                None
            }
            Ok(number) if number <= largest => Some(number),
            _ => {
                let text = format!("Ensure this value is less than or equal to {largest}.");
                self.wrong(name, &text);
                None
            }
        }
    }

    /// One of some words, in any case; `missing` when not given, or required without it.
    pub(crate) fn choice(
        &mut self,
        name: &str,
        words: &[&'static str],
        missing: Option<&'static str>,
    ) -> Option<&'static str> {
        let value = match (self.given.get(name).cloned(), missing) {
            (None | Some(Value::Null), Some(word)) => return Some(word),
            (Some(Value::String(text)), Some(word)) if text.is_empty() => return Some(word),
            (None, None) => {
                self.wrong(name, REQUIRED);
                return None;
            }
            (Some(value), _) => value,
        };
        if value.is_null() {
            self.wrong(name, "This field may not be null.");
            return None;
        }
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let word = words.iter().find(|word| word.eq_ignore_ascii_case(&text));
        if word.is_none() {
            self.wrong(name, &not_a_choice(&text));
        }
        word.copied()
    }
}

/// Python's name of a JSON value's type.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "list",
        Value::String(_) => "str",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::Null | Value::Object(_) => "NoneType",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

    use super::*;

    fn fields(given: Value) -> Fields {
        let Value::Object(given) = given else {
            panic!("an object is meant")
        };
        Fields {
            given,
            errors: Map::new(),
        }
    }

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for (given, read) in [
            (json!(5), Some(5)),
            (json!("23"), Some(23)),
            (json!(12.0), Some(12)),
            (json!("-0"), Some(0)),
            (json!(12.5), None),
            (json!(true), None),
            (json!("1e3"), None),
            (json!(-1), None),
            (json!(101), None),
            (json!("99999999999999999999999999"), None),
            (json!([1]), None),
            (Value::Null, None),
        ] {
            let mut fields = fields(json!({"value": given}));
            assert_eq!(fields.whole("value", 100), read, "{given}");
            assert_eq!(fields.check().is_ok(), read.is_some(), "{given}");
        }
    }

    #[test]
    fn every_wrong_field_is_named_once() {
        let mut fields = fields(json!({"plan_interval": "week", "email": ""}));
        fields.choice("plan_interval", &["month", "year"], None);
        fields.text("email", 10);
        fields.text("plan_id", 10);
        let reply = fields.check().unwrap_err();
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            body,
            json!({
                "plan_interval": ["\"week\" is not a valid choice."],
                "email": ["This field may not be blank."],
                "plan_id": ["This field is required."]
            })
        );
    }
}
