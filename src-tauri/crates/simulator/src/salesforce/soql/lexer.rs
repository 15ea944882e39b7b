//! Cuts a query into tokens.

use logos::Logos;

use super::SoqlError;
use crate::salesforce::clock;

/// The shapes of tokens; what a shape means is decided in [`tokens`].
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n\x0C]+")]
enum Shape {
    /// A name, keyword, dotted path or counted word (`LAST_N_DAYS:3`).
    #[regex(r"[A-Za-z_][A-Za-z0-9_.:]*")]
    Word,
    #[regex(r"'([^'\\]|\\[\s\S])*'")]
    Text,
    /// A number, date or moment.
    #[regex(r"[+\-]?\.?[0-9][A-Za-z0-9.:+\-]*")]
    Figure,
    #[token("=")]
    Equal,
    #[token("!=")]
    #[token("<>")]
    NotEqual,
    #[token("<=")]
    LessOrEqual,
    #[token(">=")]
    GreaterOrEqual,
    #[token("<")]
    Less,
    #[token(">")]
    Greater,
    #[token("(")]
    Open,
    #[token(")")]
    Close,
    #[token(",")]
    Comma,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name, keyword, or dotted path.
    Word(String),
    /// A quoted text as written, without its quotes; its escapes are known to be good.
    Text(String),
    Number(f64),
    Date(String),
    /// UTC, in the stored form.
    DateTime(String),
    /// A time of day, in the stored form.
    Time(String),
    Symbol(&'static str),
    End,
}

impl Token {
    /// The token as an error message shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Word(word) | Self::Date(word) | Self::DateTime(word) | Self::Time(word) => {
                word.clone()
            }
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Symbol(symbol) => (*symbol).to_owned(),
            Self::End => "<EOF>".to_owned(),
        }
    }
}

/// A token and where it starts, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned {
    pub(crate) token: Token,
    pub(crate) at: usize,
}

pub(crate) fn tokens(query: &str) -> Result<Vec<Spanned>, SoqlError> {
    let mut tokens = Vec::new();
    for (shape, span) in Shape::lexer(query).spanned() {
        let at = span.start;
        let text = query.get(span).unwrap_or_default();
        let symbol = |symbol| Ok(Token::Symbol(symbol));
        let token = match shape {
            Ok(Shape::Word) => Ok(Token::Word(text.to_owned())),
            Ok(Shape::Text) => quoted(text, at),
            Ok(Shape::Figure) => figure(text, at),
            Ok(Shape::Equal) => symbol("="),
            Ok(Shape::NotEqual) => symbol("!="),
            Ok(Shape::LessOrEqual) => symbol("<="),
            Ok(Shape::GreaterOrEqual) => symbol(">="),
            Ok(Shape::Less) => symbol("<"),
            Ok(Shape::Greater) => symbol(">"),
            Ok(Shape::Open) => symbol("("),
            Ok(Shape::Close) => symbol(")"),
            Ok(Shape::Comma) => symbol(","),
            Err(()) => Err(stray(query, at)),
        }?;
        tokens.push(Spanned { token, at });
    }
    tokens.push(Spanned {
        token: Token::End,
        at: query.len(),
    });
    Ok(tokens)
}

/// What no token begins with, or a text that does not end.
fn stray(query: &str, at: usize) -> SoqlError {
    let letter = query.get(at..).and_then(|rest| rest.chars().next());
    if letter == Some('\'') {
        return SoqlError::malformed(format!(
            "line 1:{at} mismatched character '<EOF>' expecting '''"
        ));
    }
    let shown = letter.map(String::from).unwrap_or_default();
    SoqlError::new(
        "MALFORMED_QUERY",
        format!("line 1:{at} no viable alternative at character '{shown}'"),
        at,
    )
}

fn quoted(text: &str, at: usize) -> Result<Token, SoqlError> {
    let raw = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''))
        .unwrap_or_default();
    match unescape(raw, false) {
        Some(_) => Ok(Token::Text(raw.to_owned())),
        None => Err(SoqlError::new(
            "MALFORMED_QUERY",
            "Invalid string literal. Illegal character sequence in string literal.",
            at,
        )),
    }
}

/// Resolves the escapes of a text (facts/salesforce.md §4). For a `LIKE` pattern, what stands for
/// itself keeps a backslash. None for an escape that does not exist.
pub(crate) fn unescape(raw: &str, pattern: bool) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next()? {
            'n' | 'N' => text.push('\n'),
            'r' | 'R' => text.push('\r'),
            't' | 'T' => text.push('\t'),
            'b' | 'B' => text.push('\u{8}'),
            'f' | 'F' => text.push('\u{c}'),
            'u' | 'U' => {
                let digits: String = letters.by_ref().take(4).collect();
                let whole = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_hexdigit());
                let code = u32::from_str_radix(&digits, 16)
                    .ok()
                    .filter(|_| whole)
                    .and_then(char::from_u32)?;
                if pattern && matches!(code, '%' | '_' | '\\') {
                    text.push('\\');
                }
                text.push(code);
            }
            escaped @ ('\'' | '"') => text.push(escaped),
            escaped @ ('\\' | '_' | '%') => {
                if pattern {
                    text.push('\\');
                }
                text.push(escaped);
            }
            _ => return None,
        }
    }
    Some(text)
}

fn figure(text: &str, at: usize) -> Result<Token, SoqlError> {
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return Ok(Token::Number(number));
    }
    if clock::parse_date(text).is_some() {
        return Ok(Token::Date(text.to_owned()));
    }
    if let Some(time) = text.strip_suffix('Z').and_then(clock::time_of_day) {
        return Ok(Token::Time(time));
    }
    match clock::parse(text) {
        Some(moment) if text.contains(['T', 't']) => Ok(Token::DateTime(clock::format(moment))),
        None if ends_time(text) => Ok(Token::DateTime(clock::format(jiff::Timestamp::MAX))),
        _ => Err(SoqlError::new(
            "MALFORMED_QUERY",
            format!("line 1:{at} no viable alternative at input '{text}'"),
            at,
        )),
    }
}

/// Whether a text is a moment on the last days of the year 9999, as clients write for "never". Those
/// are past what a [`jiff::Timestamp`] holds; nothing stored is later than its greatest.
fn ends_time(text: &str) -> bool {
    // Read as in another December, which is as long.
    text.strip_prefix("9999-12-3")
        .and_then(|rest| clock::parse(&format!("2000-12-3{rest}")))
        .is_some()
        && text.contains(['T', 't'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn kinds(query: &str) -> Vec<Token> {
        tokens(query)
            .unwrap()
            .into_iter()
            .map(|spanned| spanned.token)
            .collect()
    }

    #[test]
    fn cuts() {
        assert_eq!(
            kinds("a.B<>-1.5,'x\\'é'LAST_N_DAYS:3 2026-01-02"),
            [
                Token::Word("a.B".to_owned()),
                Token::Symbol("!="),
                Token::Number(-1.5),
                Token::Symbol(","),
                Token::Text("x\\'é".to_owned()),
                Token::Word("LAST_N_DAYS:3".to_owned()),
                Token::Date("2026-01-02".to_owned()),
                Token::End,
            ]
        );
        assert_eq!(
            kinds("2026-01-31T12:34:56.5+01:00")[0],
            Token::DateTime("2026-01-31T11:34:56.500+0000".to_owned())
        );
        assert_eq!(
            kinds("9999-12-31T23:59:59Z")[0],
            Token::DateTime("9999-12-30T22:00:00.999+0000".to_owned())
        );
        assert_eq!(
            kinds("09:30:00Z 23:59:59.5Z")[..2],
            [
                Token::Time("09:30:00.000Z".to_owned()),
                Token::Time("23:59:59.500Z".to_owned())
            ]
        );
        for bad in [
            "09:30:00",
            "09:30Z",
            "9:30:00Z",
            "24:00:00Z",
            "09:30:00+01:00",
        ] {
            assert!(tokens(bad).is_err(), "{bad}");
        }
        assert!(tokens("9999-12-32T00:00:00Z").is_err());
        assert!(tokens("'abc").is_err());
        assert!(tokens("'a\\q'").is_err());
        assert!(tokens("a ; b").is_err());
    }

    #[test]
    fn escapes() {
        assert_eq!(unescape("a\\'b\\\\c\\u00e9", false).unwrap(), "a'b\\cé");
        assert_eq!(unescape("a\\%b\\\\%", true).unwrap(), "a\\%b\\\\%");
        assert_eq!(unescape("a\\%b", false).unwrap(), "a%b");
        assert_eq!(unescape("\\u12", false), None);
    }
}
