//! Cuts a query into tokens.

use super::SoqlError;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name, keyword, or dotted path.
    Word(String),
    /// A quoted text, unescaped. In `LIKE`, `\_` and `\%` keep their backslash.
    Text(String),
    Number(f64),
    Date(String),
    DateTime(String),
    Symbol(&'static str),
    End,
}

impl Token {
    /// The token as an error message shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Word(word) | Self::Date(word) | Self::DateTime(word) => word.clone(),
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
    let bytes = query.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let token = match bytes[at] {
            b if b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'\'' => {
                let (text, next) = text(query, at)?;
                at = next;
                Token::Text(text)
            }
            b if b.is_ascii_alphabetic() || b == b'_' => {
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric()
                        || matches!(bytes[at], b'_' | b'.' | b':'))
                {
                    at += 1;
                }
                Token::Word(query[start..at].to_owned())
            }
            b if b.is_ascii_digit()
                || (matches!(b, b'-' | b'+' | b'.')
                    && bytes
                        .get(at + 1)
                        .is_some_and(|next| next.is_ascii_digit() || *next == b'.')) =>
            {
                at += 1;
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric()
                        || matches!(bytes[at], b'.' | b':' | b'-' | b'+'))
                {
                    at += 1;
                }
                number_or_date(&query[start..at], start)?
            }
            _ => {
                let rest = &query[at..];
                let symbol = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","]
                    .into_iter()
                    .find(|symbol| rest.starts_with(symbol));
                let Some(symbol) = symbol else {
                    let shown = rest.chars().next().map(String::from).unwrap_or_default();
                    return Err(SoqlError::new(
                        "MALFORMED_QUERY",
                        format!("line 1:{at} no viable alternative at character '{shown}'"),
                        at,
                    ));
                };
                at += symbol.len();
                Token::Symbol(if symbol == "<>" { "!=" } else { symbol })
            }
        };
        tokens.push(Spanned { token, at: start });
    }
    tokens.push(Spanned {
        token: Token::End,
        at: query.len(),
    });
    Ok(tokens)
}

/// Reads a quoted text that starts at `at`; gives it and the position behind it.
fn text(query: &str, at: usize) -> Result<(String, usize), SoqlError> {
    let mut text = String::new();
    let mut letters = query[at + 1..].char_indices();
    while let Some((offset, letter)) = letters.next() {
        match letter {
            '\'' => return Ok((text, at + 1 + offset + 1)),
            '\\' => match letters.next().map(|(_, escaped)| escaped) {
                Some('n' | 'N') => text.push('\n'),
                Some('r' | 'R') => text.push('\r'),
                Some('t' | 'T') => text.push('\t'),
                Some('b' | 'B') => text.push('\u{8}'),
                Some('f' | 'F') => text.push('\u{c}'),
                Some('u' | 'U') => {
                    let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&digits, 16)
                        .ok()
                        .and_then(char::from_u32);
                    text.push(code.ok_or_else(|| illegal(at))?);
                }
                Some(escaped @ ('\'' | '"' | '\\')) => text.push(escaped),
                Some(wildcard @ ('_' | '%')) => {
                    text.push('\\');
                    text.push(wildcard);
                }
                _ => return Err(illegal(at)),
            },
            other => text.push(other),
        }
    }
    Err(SoqlError::malformed(format!(
        "line 1:{at} mismatched character '<EOF>' expecting '''"
    )))
}

fn illegal(at: usize) -> SoqlError {
    SoqlError::new(
        "MALFORMED_QUERY",
        "Invalid string literal. Illegal character sequence in string literal.",
        at,
    )
}

fn number_or_date(text: &str, at: usize) -> Result<Token, SoqlError> {
    use crate::salesforce::clock;
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return Ok(Token::Number(number));
    }
    if clock::parse_date(text).is_some() {
        return Ok(Token::Date(text.to_owned()));
    }
    match clock::parse(text) {
        Some(moment) if text.contains('T') => Ok(Token::DateTime(clock::format(moment))),
        _ => Err(SoqlError::new(
            "MALFORMED_QUERY",
            format!("line 1:{at} no viable alternative at input '{text}'"),
            at,
        )),
    }
}
