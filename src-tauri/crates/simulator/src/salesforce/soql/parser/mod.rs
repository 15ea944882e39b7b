//! Builds the tree of a query: this file reads tokens, [`clauses`] the clauses of a query and
//! [`condition`] what stands behind `WHERE` and `HAVING`.

mod clauses;
mod condition;

use super::SoqlError;
use super::lexer::{Spanned, Token, tokens};
use super::tree::{Name, Path, Place, Query};

/// Deepest nesting of parentheses, `NOT`, calls and inner queries read.
const MAX_DEPTH: usize = 60;
/// Longest query, in characters (facts/salesforce.md §4).
const MAX_LENGTH: usize = 100_000;

pub(crate) fn parse(query: &str) -> Result<Query, SoqlError> {
    if query.len() > MAX_LENGTH && query.chars().count() > MAX_LENGTH {
        return Err(SoqlError::malformed(
            "SOQL statements cannot be longer than 100000 characters.",
        ));
    }
    let mut parser = Parser {
        query: query.to_owned(),
        tokens: tokens(query)?,
        position: 0,
        depth: 0,
    };
    let tree = parser.query()?;
    if *parser.peek() != Token::End {
        return Err(parser.unexpected());
    }
    Ok(tree)
}

/// The tokens and how far they are read. The last token is always [`Token::End`].
struct Parser {
    query: String,
    tokens: Vec<Spanned>,
    position: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.ahead(0)
    }

    /// The token so many places on.
    fn ahead(&self, places: usize) -> &Token {
        self.tokens
            .get(self.position + places)
            .or_else(|| self.tokens.last())
            .map_or(&Token::End, |spanned| &spanned.token)
    }

    fn at(&self) -> usize {
        self.tokens
            .get(self.position)
            .or_else(|| self.tokens.last())
            .map_or(0, |spanned| spanned.at)
    }

    fn unexpected(&self) -> SoqlError {
        match self.peek() {
            Token::End => SoqlError::malformed("unexpected token: <EOF>"),
            // As it was written: its value may have fewer digits.
            Token::Number(_) => {
                let end = self.tokens.get(self.position + 1);
                let end = end.map_or(self.query.len(), |next| next.at);
                let number = self.query.get(self.at()..end).unwrap_or_default();
                SoqlError::malformed(format!("unexpected token: '{}'", number.trim_end()))
            }
            token => SoqlError::malformed(format!("unexpected token: '{}'", token.shown())),
        }
    }

    /// Reads one level deeper; refuses what is nested without end.
    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, SoqlError>,
    ) -> Result<T, SoqlError> {
        if self.depth >= MAX_DEPTH {
            return Err(SoqlError::malformed("The query is nested too deeply."));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn is_word(&self, word: &str) -> bool {
        is_word(self.peek(), word)
    }

    fn accept_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.position += 1;
        }
        found
    }

    fn expect_word(&mut self, word: &str) -> Result<(), SoqlError> {
        if self.accept_word(word) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(text) if *text == symbol)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        if found {
            self.position += 1;
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), SoqlError> {
        if self.accept(symbol) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn name(&mut self) -> Result<Name, SoqlError> {
        let at = Place(self.at());
        match self.peek() {
            Token::Word(text) if !text.contains(['.', ':']) => {
                let text = text.clone();
                self.position += 1;
                Ok(Name { text, at })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn path(&mut self) -> Result<Path, SoqlError> {
        let at = Place(self.at());
        match self.peek() {
            Token::Word(text) if !text.contains(':') && !text.split('.').any(str::is_empty) => {
                let parts = text.split('.').map(str::to_owned).collect();
                self.position += 1;
                Ok(Path { parts, at })
            }
            _ => Err(self.unexpected()),
        }
    }

    /// One or more, with commas between.
    fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, SoqlError>,
    ) -> Result<Vec<T>, SoqlError> {
        let mut entries = vec![read(self)?];
        while self.accept(",") {
            entries.push(read(self)?);
        }
        Ok(entries)
    }
}

fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(text) if text.eq_ignore_ascii_case(word))
}
