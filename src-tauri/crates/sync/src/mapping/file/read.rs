//! Reading the file: the whole mapping, or every problem with its line.

use std::fmt;
use std::ops::Range;

use drawbridge_model::{
    BlankPolicy, FieldName, FieldRule, LengthPolicy, Mapping, RuleSource, SObjectName, WritePolicy,
};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{BLANK, HEAD, LENGTH, RULE, WRITE};
use crate::mapping::nearest::nearest;

/// One thing wrong with a mapping file. [`fmt::Display`] gives the line and the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingFileProblem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, as a sentence.
    pub sentence: String,
    /// What to do about it, as a sentence.
    pub next_step: String,
}

impl fmt::Display for MappingFileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.sentence)
    }
}

/// Reads a file. Keys nobody knows are refused, so that a slip never passes for a setting;
/// `write`, `blank` and `length` may be left out and are then `always`, `leave` and `block`.
pub fn from_toml(text: &str) -> Result<Mapping, Vec<MappingFileProblem>> {
    let mut reader = Reader {
        text,
        problems: Vec::new(),
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        let sentence = format!(
            "This is not TOML: {}.",
            error.message().trim_end_matches('.')
        );
        reader.say(at, sentence, "Correct the line.".to_owned());
    }
    // What a broken line hides would be called missing.
    let mapping = if errors.is_empty() {
        reader.mapping(table.get_ref())
    } else {
        None
    };
    reader.problems.sort_by_key(|problem| problem.line);
    match mapping {
        Some(mapping) if reader.problems.is_empty() => Ok(mapping),
        _ => Err(reader.problems),
    }
}

struct Reader<'t> {
    text: &'t str,
    problems: Vec<MappingFileProblem>,
}

impl Reader<'_> {
    fn say(&mut self, at: usize, sentence: String, next_step: String) {
        let before = self.text.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        self.problems.push(MappingFileProblem {
            line,
            sentence,
            next_step,
        });
    }

    fn mapping(&mut self, table: &DeTable<'_>) -> Option<Mapping> {
        let known: Vec<&str> = HEAD.into_iter().chain(["rule"]).collect();
        self.refuse_unknown(table, &known);
        let version = self.version(table);
        let sobject = self.required(table, 0, "sobject");
        let external_id = self.required(table, 0, "external_id");
        let rules = match table.get("rule") {
            None => Some(Vec::new()),
            Some(value) => self.rules(value),
        };
        Some(Mapping {
            version: version?,
            sobject: SObjectName(sobject?),
            external_id: FieldName(external_id?),
            rules: rules?,
        })
    }

    fn version(&mut self, table: &DeTable<'_>) -> Option<u32> {
        let Some(value) = table.get("version") else {
            self.missing(0, "version");
            return None;
        };
        let number = value.get_ref().as_integer();
        let number = number.and_then(|it| u32::from_str_radix(it.as_str(), it.radix()).ok());
        if number.is_none() {
            let sentence = "“version” is a whole number from 0 to 4294967295.".to_owned();
            self.say(
                value.span().start,
                sentence,
                "Write it as version = 1.".to_owned(),
            );
        }
        number
    }

    fn rules(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<FieldRule>> {
        let Some(rules) = value.get_ref().as_array() else {
            let sentence = "Rules are tables headed [[rule]].".to_owned();
            self.say(
                value.span().start,
                sentence,
                "Write each under its own [[rule]].".to_owned(),
            );
            return None;
        };
        // Every rule is read, also after a broken one.
        let rules: Vec<Option<FieldRule>> = rules
            .iter()
            .map(|rule| {
                if let Some(table) = rule.get_ref().as_table() {
                    return self.rule(table, rule.span());
                }
                let sentence = "A rule is a table headed [[rule]].".to_owned();
                self.say(
                    rule.span().start,
                    sentence,
                    "Write it under [[rule]].".to_owned(),
                );
                None
            })
            .collect();
        rules.into_iter().collect()
    }

    fn rule(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<FieldRule> {
        self.refuse_unknown(table, &RULE);
        let field = self.required(table, span.start, "field");
        let source = self.source(table, span.start);
        let write = self.policy(table, "write", &WRITE, WritePolicy::Always);
        let blank = self.policy(table, "blank", &BLANK, BlankPolicy::Leave);
        let length = self.policy(table, "length", &LENGTH, LengthPolicy::Block);
        Some(FieldRule {
            source: source?,
            field: FieldName(field?),
            write: write?,
            blank: blank?,
            length: length?,
        })
    }

    /// Exactly one of `value` and `expression`, each what it says it is.
    fn source(&mut self, table: &DeTable<'_>, at: usize) -> Option<String> {
        let (key, value) = match (table.get("value"), table.get("expression")) {
            (Some(value), None) => ("value", value),
            (None, Some(value)) => ("expression", value),
            (Some(_), Some(second)) => {
                let sentence = "A rule has a value or an expression, not both.".to_owned();
                self.say(
                    second.span().start,
                    sentence,
                    "Remove one of the two.".to_owned(),
                );
                return None;
            }
            (None, None) => {
                let sentence = "A rule needs “value” or “expression”.".to_owned();
                self.say(
                    at,
                    sentence,
                    "Add one, as value = \"customer.name\".".to_owned(),
                );
                return None;
            }
        };
        let source = self.text_of(key, value)?;
        let is_expression = matches!(RuleSource::of(&source), RuleSource::Expression(_));
        if is_expression == (key == "expression") {
            return Some(source);
        }
        let (sentence, next_step) = if is_expression {
            (
                "“value” is a name; this is an expression.",
                "Write it as expression = …",
            )
        } else {
            (
                "“expression” has braces, as {{ customer.name }}; this has none.",
                "Write it as value = …",
            )
        };
        self.say(
            value.span().start,
            sentence.to_owned(),
            format!("{next_step}."),
        );
        None
    }

    fn policy<T: Copy>(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        words: &[(&'static str, T)],
        otherwise: T,
    ) -> Option<T> {
        let Some(value) = table.get(key) else {
            return Some(otherwise);
        };
        let word = self.text_of(key, value)?;
        let found = words.iter().find(|(known, _)| *known == word);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
            let next_step = near_or_all(&word, &known);
            self.say(
                value.span().start,
                format!("“{key}” cannot be “{word}”."),
                next_step,
            );
        }
        found.map(|(_, policy)| *policy)
    }

    fn required(&mut self, table: &DeTable<'_>, at: usize, key: &str) -> Option<String> {
        let value = table.get(key);
        if value.is_none() {
            self.missing(at, key);
        }
        self.text_of(key, value?)
    }

    fn missing(&mut self, at: usize, key: &str) {
        self.say(
            at,
            format!("“{key}” is missing."),
            format!("Add a line {key} = …."),
        );
    }

    fn text_of(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            let sentence = format!("“{key}” is a text.");
            self.say(
                value.span().start,
                sentence,
                "Put it between quotes.".to_owned(),
            );
        }
        text
    }

    fn refuse_unknown(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                let next_step = near_or_all(word, known);
                self.say(
                    key.span().start,
                    format!("“{word}” is not a key here."),
                    next_step,
                );
            }
        }
    }
}

fn near_or_all(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("Did you mean {near}?"),
        None => format!("Known are {}.", known.join(", ")),
    }
}
