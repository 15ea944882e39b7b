//! Writing the file.

use drawbridge_model::{Mapping, RuleSource};
use toml::Value;

use super::{BLANK, LENGTH, WRITE};

/// The mapping as a file. The same mapping always gives the same bytes.
pub fn to_toml(mapping: &Mapping) -> String {
    let mut lines = vec![
        format!("version = {}", mapping.version),
        format!("sobject = {}", text(mapping.sobject.as_str())),
        format!("external_id = {}", text(mapping.external_id.as_str())),
    ];
    for rule in &mapping.rules {
        let source = match rule.reads() {
            RuleSource::Value(name) => format!("value = {}", text(name)),
            RuleSource::Expression(expression) => format!("expression = {}", text(expression)),
        };
        lines.extend([
            String::new(),
            "[[rule]]".to_owned(),
            format!("field = {}", text(rule.field.as_str())),
            source,
            format!("write = \"{}\"", word(&WRITE, rule.write)),
            format!("blank = \"{}\"", word(&BLANK, rule.blank)),
            format!("length = \"{}\"", word(&LENGTH, rule.length)),
        ]);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A text in the quotes that need the least escaping.
fn text(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], policy: T) -> &'static str {
    words
        .iter()
        .find(|(_, it)| *it == policy)
        .map_or("", |(word, _)| word)
}
