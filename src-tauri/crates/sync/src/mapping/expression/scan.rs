//! The words and signs inside an expression's braces, with where they stand. Enough to find every
//! name an expression uses, also in branches no sample takes; the grammar itself is minijinja's.

/// One `{{ … }}` or `{% … %}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'t> {
    /// Whether it is `{% … %}`.
    pub(super) statement: bool,
    /// Its words and signs, in order.
    pub(super) tokens: Vec<Token<'t>>,
}

/// A word or sign and its byte offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) at: usize,
    pub(super) kind: Kind<'t>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// A name or keyword.
    Word(&'t str),
    /// Digits, with a point perhaps.
    Number(&'t str),
    /// What stands between quotes.
    Text(&'t str),
    /// Anything else; `==`, `!=`, `<=`, `>=`, `//` and `**` in one.
    Sign(&'t str),
}

impl<'t> Token<'t> {
    pub(super) fn word(self) -> Option<&'t str> {
        match self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_sign(self, sign: &str) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// The blocks of an expression. A block that is not closed reaches to the end.
pub(super) fn scan(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + open;
        let rest = text.get(start..).unwrap_or_default();
        if rest.starts_with("{#") {
            at = rest.find("#}").map_or(text.len(), |end| start + end + 2);
        } else if rest.starts_with("{{") || rest.starts_with("{%") {
            let statement = rest.starts_with("{%");
            let (tokens, end) = inside(text, start + 2, if statement { "%}" } else { "}}" });
            blocks.push(Block { statement, tokens });
            at = end;
        } else {
            at = start + 1;
        }
    }
    blocks
}

fn inside<'t>(text: &'t str, from: usize, close: &str) -> (Vec<Token<'t>>, usize) {
    let mut tokens = Vec::new();
    let mut at = from;
    if text
        .get(at..)
        .is_some_and(|rest| rest.starts_with(['-', '+']))
    {
        at += 1;
    }
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(close) {
            return (tokens, at + close.len());
        }
        if rest.starts_with(['-', '+']) && rest.get(1..).is_some_and(|it| it.starts_with(close)) {
            return (tokens, at + 1 + close.len());
        }
        let Some(first) = rest.chars().next() else {
            break;
        };
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if first.is_alphabetic() || first == '_' {
            while_chars(rest, |letter| letter.is_alphanumeric() || letter == '_')
        } else if first.is_ascii_digit() {
            number(rest)
        } else if first == '"' || first == '\'' {
            quoted(rest, first)
        } else {
            let two = ["==", "!=", "<=", ">=", "//", "**"];
            two.iter()
                .find(|sign| rest.starts_with(**sign))
                .map_or(first.len_utf8(), |_| 2)
        };
        let part = rest.get(..length).unwrap_or(rest);
        if !first.is_whitespace() {
            let kind = if first.is_alphabetic() || first == '_' {
                Kind::Word(part)
            } else if first.is_ascii_digit() {
                Kind::Number(part)
            } else if first == '"' || first == '\'' {
                Kind::Text(part.trim_matches(first))
            } else {
                Kind::Sign(part)
            };
            tokens.push(Token { at, kind });
        }
        at += part.len().max(1);
    }
    (tokens, text.len())
}

fn while_chars(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|letter| !belongs(letter)).unwrap_or(rest.len())
}

/// Digits, and a point only where digits follow, so that `contacts.0.email` has no fraction in it.
fn number(rest: &str) -> usize {
    let whole = while_chars(rest, |letter| {
        letter.is_ascii_alphanumeric() || letter == '_'
    });
    match rest.get(whole..).and_then(|after| after.strip_prefix('.')) {
        Some(after) if after.starts_with(|letter: char| letter.is_ascii_digit()) => {
            whole + 1 + while_chars(after, |letter| letter.is_ascii_alphanumeric())
        }
        _ => whole,
    }
}

/// The length of a quoted text, quotes included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_hide_what_looks_like_an_end() {
        let blocks = scan(r#"a {{- x["}}"] | join('\'') -}} {# {{ y }} #} {% if z == 1.5 %}"#);
        let words: Vec<_> = blocks
            .iter()
            .map(|block| {
                block
                    .tokens
                    .iter()
                    .filter_map(|it| it.word())
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(words, [vec!["x", "join"], vec!["if", "z"]]);
        assert!(blocks[1].statement);
        assert_eq!(blocks[1].tokens.last().unwrap().kind, Kind::Number("1.5"));
    }

    proptest! {
        #[test]
        fn every_token_stands_where_it_says(text in "([a-zé.{}%#|\"'\\\\ 0-9=<+-]|\\{\\{|\\}\\}){0,60}") {
            for token in scan(&text).iter().flat_map(|block| &block.tokens) {
                let part = match token.kind {
                    Kind::Word(part) | Kind::Number(part) | Kind::Sign(part) => part,
                    Kind::Text(_) => continue,
                };
                prop_assert!(text[token.at..].starts_with(part));
            }
        }
    }
}
