//! What can be said about an expression before any customer is looked at: its grammar, every name,
//! filter and test it uses, and what Drawbridge's expressions leave out of minijinja.

use std::collections::BTreeSet;

use drawbridge_model::Pack;

use super::context::known_names;
use super::scan::{Block, Kind, Token, scan};
use super::terms::{FILTERS, TESTS, Term, has};
use super::{ENVIRONMENT, Problem};
use crate::mapping::nearest::nearest;

/// Longest expression, in bytes.
const LONGEST: usize = 2_000;

/// Words that are no names.
const KEYWORDS: &[&str] = &[
    "if", "elif", "else", "endif", "for", "in", "endfor", "and", "or", "not", "is", "true", "True",
    "false", "False", "none", "None",
];

const STATEMENTS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor"];

/// Every problem of the expression's own grammar: what no customer's data can change.
pub(super) fn grammar(text: &str) -> Vec<Problem> {
    let mut problems = refusals(text);
    if problems.is_empty()
        && let Err(error) = ENVIRONMENT.template_from_str(text)
    {
        problems.push(Problem::of(text, &error));
    }
    problems
}

/// What Drawbridge refuses although minijinja would take it.
pub(super) fn refusals(text: &str) -> Vec<Problem> {
    if text.len() > LONGEST {
        let sentence = format!("The expression is longer than {LONGEST} characters.");
        return vec![Problem::at(text, LONGEST, sentence, "Shorten it.")];
    }
    let blocks = scan(text);
    blocks.iter().flat_map(|it| refused(text, it)).collect()
}

/// Names, filters and tests that do not exist.
pub(super) fn names(text: &str, pack: Pack) -> Vec<Problem> {
    let blocks = scan(text);
    let mut problems = Vec::new();
    let mut loops: BTreeSet<&str> = BTreeSet::from(["loop"]);
    for block in &blocks {
        let starts_loop =
            block.statement && block.tokens.first().and_then(|it| it.word()) == Some("for");
        if starts_loop {
            let names = block.tokens.iter().skip(1).map_while(|it| match it.kind {
                Kind::Word("in") => None,
                kind => Some(kind),
            });
            loops.extend(names.filter_map(|kind| match kind {
                Kind::Word(name) => Some(name),
                _ => None,
            }));
        }
        // The first word of a statement says what it does.
        let mut at = usize::from(block.statement);
        while let Some(token) = block.tokens.get(at) {
            let Some(word) = token.word() else {
                at += 1;
                continue;
            };
            let before = at
                .checked_sub(1)
                .and_then(|at| block.tokens.get(at))
                .copied();
            let earlier = at
                .checked_sub(2)
                .and_then(|at| block.tokens.get(at))
                .copied();
            let follows = |sign| before.is_some_and(|it| it.is_sign(sign));
            let is_argument = block.tokens.get(at + 1).is_some_and(|it| it.is_sign("="));
            let no_name = follows(".") || is_argument || KEYWORDS.contains(&word);
            if follows("|") {
                problems.extend(unknown(text, *token, word, "filter", FILTERS));
            } else if is_test(before, earlier) && word != "not" {
                problems.extend(unknown(text, *token, word, "test", TESTS));
            } else if !no_name && !loops.contains(word) {
                let (path, parts) = path(&block.tokens[at..]);
                problems.extend(unknown_name(text, token.at, &path, pack));
                at += parts;
                continue;
            }
            at += 1;
        }
    }
    problems
}

fn is_test(before: Option<Token<'_>>, earlier: Option<Token<'_>>) -> bool {
    let word = |token: Option<Token<'_>>, word| token.and_then(Token::word) == Some(word);
    word(before, "is") || (word(before, "not") && word(earlier, "is"))
}

/// The dotted name that begins here, and how many tokens it has. `customer["name"]` is
/// `customer.name`.
fn path(tokens: &[Token<'_>]) -> (String, usize) {
    let mut path = tokens
        .first()
        .and_then(|it| it.word())
        .unwrap_or_default()
        .to_owned();
    let mut at = 1;
    loop {
        let kind = |at: usize| tokens.get(at).map(|it| it.kind);
        match (kind(at), kind(at + 1), kind(at + 2)) {
            (Some(Kind::Sign(".")), Some(Kind::Word(name)), _) => {
                path = format!("{path}.{name}");
                at += 2;
            }
            (Some(Kind::Sign("[")), Some(Kind::Text(name)), Some(Kind::Sign("]"))) => {
                path = format!("{path}.{name}");
                at += 3;
            }
            _ => return (path, at),
        }
    }
}

fn unknown_name(text: &str, at: usize, path: &str, pack: Pack) -> Option<Problem> {
    let known = known_names(pack);
    if known.contains_key(path) {
        return None;
    }
    let group = format!("{path}.");
    if let Some(example) = known.keys().find(|name| name.starts_with(&group)) {
        let sentence = format!("“{path}” is a group of names, not a value.");
        return Some(Problem::at(
            text,
            at,
            sentence,
            format!("Name one of them, such as {example}."),
        ));
    }
    let sentence = format!("“{path}” is not a name this sync knows.");
    let prefix = path.rsplit_once('.').map_or("", |(prefix, _)| prefix);
    let group = format!("{prefix}.");
    let beside: Vec<&str> = known
        .keys()
        .map(String::as_str)
        .filter(|name| !prefix.is_empty() && name.starts_with(&group))
        .collect();
    let next_step = match nearest(path, known.keys().map(String::as_str)) {
        Some(near) => format!("Did you mean {near}?"),
        None if beside.is_empty() => {
            "Names begin with customer, subscription or pack, as customer.name.".to_owned()
        }
        None => format!("Known are {}.", beside.join(", ")),
    };
    Some(Problem::at(text, at, sentence, next_step))
}

fn unknown(
    text: &str,
    token: Token<'_>,
    word: &str,
    what: &str,
    terms: &[Term],
) -> Option<Problem> {
    if has(terms, word) {
        return None;
    }
    let known: Vec<&str> = terms.iter().map(|term| term.name).collect();
    let next_step = match nearest(word, known.iter().copied()) {
        Some(near) => format!("Did you mean {near}? Known are {}.", known.join(", ")),
        None => format!("Known are {}.", known.join(", ")),
    };
    Some(Problem::at(
        text,
        token.at,
        format!("There is no {what} “{word}”."),
        next_step,
    ))
}

/// What Drawbridge's expressions leave out, because it would be silently wrong with exact figures,
/// which are texts here (`"9" > 10`, `"1" + "1"`), or could grow without end.
fn refused(text: &str, block: &Block<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if block.statement {
        let first = block.tokens.first();
        let word = first.and_then(|it| it.word()).unwrap_or_default();
        if !STATEMENTS.contains(&word) {
            let at = first.map_or(0, |it| it.at);
            let sentence = format!("Expressions have no “{word}”: only if and for.");
            problems.push(Problem::at(
                text,
                at,
                sentence,
                "Write it with if, for and filters.",
            ));
        }
    }
    for (at, token) in block.tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| block.tokens.get(at));
        let after = block.tokens.get(at + 1);
        let number = |token: Option<&Token<'_>>| {
            token.is_some_and(|it| matches!(it.kind, Kind::Number(_)) || it.is_sign("-"))
        };
        let negates = number(after)
            && before.is_none_or(|it| match it.kind {
                Kind::Sign(sign) => !matches!(sign, ")" | "]"),
                Kind::Word(word) => KEYWORDS.contains(&word) || has(TESTS, word),
                _ => false,
            });
        let next_step = match token.kind {
            Kind::Sign("-") if negates && !after.is_some_and(|it| it.is_sign("-")) => continue,
            Kind::Sign("+" | "-" | "*" | "/" | "//" | "**" | "%") => {
                "Figures are calculated exactly by filters: | plus(…), | minus(…), | times(…)."
            }
            Kind::Sign("<" | ">" | "<=" | ">=") => {
                "Figures are compared exactly by tests: is over(…), is under(…), is amount(…)."
            }
            Kind::Sign("==" | "!=") if number(before) || number(after) => {
                "Figures are compared exactly by a test: is amount(…), is not amount(…)."
            }
            Kind::Sign("~") => {
                "Write the parts beside each other, as {{ a }} {{ b }}, or [a, b] | join(\" \")."
            }
            Kind::Sign("{") => "Lists are written [a, b]; groups of names cannot be made.",
            Kind::Number(number) if !number.bytes().all(|it| it.is_ascii_digit()) => {
                "Write a number with a fraction between quotes, as \"0.5\"."
            }
            Kind::Word("recursive") => "Loops cannot call themselves.",
            _ => continue,
        };
        let sign = match token.kind {
            Kind::Sign(part) | Kind::Number(part) | Kind::Word(part) | Kind::Text(part) => part,
        };
        let sentence = format!("Expressions do not take “{sign}” here.");
        problems.push(Problem::at(text, token.at, sentence, next_step));
    }
    problems
}
