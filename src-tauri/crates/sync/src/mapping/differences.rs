//! What sets two versions of a mapping apart, rule by rule, in words.

use drawbridge_model::{
    BlankPolicy, FieldName, FieldRule, LengthPolicy, Mapping, RuleSource, WritePolicy,
};

use super::validate::same_name;

/// One field whose rule is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDifference {
    /// The field.
    pub field: FieldName,
    /// How it differs.
    pub kind: DifferenceKind,
    /// What differs, one short sentence each.
    pub sentences: Vec<String>,
}

/// How a field's rule differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// Only the later mapping fills it.
    Added,
    /// Only the earlier mapping fills it.
    Removed,
    /// Both fill it, each in its own way.
    Changed,
}

/// What changed from one mapping to another: the later one's rules in their order, then what it
/// no longer has. The order of rules means nothing and is no difference.
pub fn differences(before: &Mapping, after: &Mapping) -> Vec<RuleDifference> {
    let mut left: Vec<&FieldRule> = before.rules.iter().collect();
    let mut found = Vec::new();
    for rule in &after.rules {
        let place = left.iter().position(|it| same_name(&it.field, &rule.field));
        let earlier = place.map(|place| left.remove(place));
        let (kind, sentences) = match earlier {
            None => (
                DifferenceKind::Added,
                vec![format!("Filled from {}.", source(rule))],
            ),
            Some(earlier) => (DifferenceKind::Changed, changes(earlier, rule)),
        };
        if !sentences.is_empty() {
            found.push(RuleDifference {
                field: rule.field.clone(),
                kind,
                sentences,
            });
        }
    }
    found.extend(left.into_iter().map(|rule| RuleDifference {
        field: rule.field.clone(),
        kind: DifferenceKind::Removed,
        sentences: vec![format!("Was filled from {}.", source(rule))],
    }));
    found
}

fn changes(before: &FieldRule, after: &FieldRule) -> Vec<String> {
    let changed = |what: &str, before: &str, after: &str| {
        (before != after).then(|| format!("{what}: {after}, was {before}."))
    };
    [
        changed("Source", source(before), source(after)),
        changed("Write", write_word(before.write), write_word(after.write)),
        changed(
            "If blank",
            blank_word(before.blank),
            blank_word(after.blank),
        ),
        changed(
            "If too long",
            length_word(before.length),
            length_word(after.length),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn source(rule: &FieldRule) -> &str {
    match rule.reads() {
        RuleSource::Value(name) | RuleSource::Expression(name) => name,
    }
}

fn write_word(policy: WritePolicy) -> &'static str {
    match policy {
        WritePolicy::Always => "always",
        WritePolicy::IfEmpty => "only if empty",
        WritePolicy::IfUnchanged => "only if unchanged",
        WritePolicy::Never => "never",
    }
}

fn blank_word(policy: BlankPolicy) -> &'static str {
    match policy {
        BlankPolicy::Leave => "leave",
        BlankPolicy::Clear => "clear",
    }
}

fn length_word(policy: LengthPolicy) -> &'static str {
    match policy {
        LengthPolicy::Block => "block",
        LengthPolicy::Shorten => "shorten",
    }
}
