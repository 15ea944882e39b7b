//! Builds the tree of a query.

use jiff::ToSpan;
use jiff::civil::Date;

use super::SoqlError;
use super::ast::{Expr, Literal, Name, Operator, Order, Path, Query, Select};
use super::lexer::{Spanned, Token, tokens};

/// Deepest nesting of parentheses and `NOT` read.
const MAX_DEPTH: usize = 60;
/// Longest query, in characters (facts/salesforce.md §4).
const MAX_LENGTH: usize = 100_000;

pub(crate) fn parse(query: &str) -> Result<Query, SoqlError> {
    if query.len() > MAX_LENGTH {
        return Err(SoqlError::malformed(
            "SOQL statements cannot be longer than 100000 characters.",
        ));
    }
    let mut parser = Parser {
        tokens: tokens(query)?,
        position: 0,
        depth: 0,
    };
    parser.query()
}

struct Parser {
    tokens: Vec<Spanned>,
    position: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.position.min(self.tokens.len() - 1)].token
    }

    fn at(&self) -> usize {
        self.tokens[self.position.min(self.tokens.len() - 1)].at
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.position += 1;
        token
    }

    fn unexpected(&self) -> SoqlError {
        match self.peek() {
            Token::End => SoqlError::malformed("unexpected token: <EOF>"),
            token => SoqlError::malformed(format!("unexpected token: '{}'", token.shown())),
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(text) if text.eq_ignore_ascii_case(word))
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

    fn accept(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(text) if *text == symbol);
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

    fn query(&mut self) -> Result<Query, SoqlError> {
        self.expect_word("SELECT")?;
        let select = self.select()?;
        self.expect_word("FROM")?;
        let from = self.name()?;
        // An alias is allowed and not needed.
        if let Token::Word(word) = self.peek() {
            let keywords = [
                "WHERE", "ORDER", "LIMIT", "OFFSET", "USING", "WITH", "GROUP", "FOR",
            ];
            if !keywords
                .iter()
                .any(|keyword| word.eq_ignore_ascii_case(keyword))
            {
                return Err(self.unexpected());
            }
        }
        let filter = if self.accept_word("WHERE") {
            Some(self.condition()?)
        } else {
            None
        };
        let order = if self.accept_word("ORDER") {
            self.order()?
        } else {
            Vec::new()
        };
        let limit = if self.accept_word("LIMIT") {
            Some(self.whole()?)
        } else {
            None
        };
        let offset = if self.accept_word("OFFSET") {
            Some(self.whole()?)
        } else {
            None
        };
        if *self.peek() != Token::End {
            return Err(self.unexpected());
        }
        Ok(Query {
            select,
            from,
            filter,
            order,
            limit,
            offset,
        })
    }

    fn select(&mut self) -> Result<Select, SoqlError> {
        let mut fields = vec![self.path()?];
        if fields[0].parts.len() == 1
            && fields[0].parts[0].eq_ignore_ascii_case("count")
            && self.accept("(")
        {
            self.expect(")")?;
            return Ok(Select::Count);
        }
        while self.accept(",") {
            fields.push(self.path()?);
        }
        Ok(Select::Fields(fields))
    }

    fn name(&mut self) -> Result<Name, SoqlError> {
        let at = self.at();
        match self.peek().clone() {
            Token::Word(text) if !text.contains(['.', ':']) => {
                self.position += 1;
                Ok(Name { text, at })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn path(&mut self) -> Result<Path, SoqlError> {
        let at = self.at();
        match self.peek().clone() {
            Token::Word(text) if !text.contains(':') && !text.split('.').any(str::is_empty) => {
                self.position += 1;
                Ok(Path {
                    parts: text.split('.').map(str::to_owned).collect(),
                    at,
                })
            }
            _ => Err(self.unexpected()),
        }
    }

    /// `A AND B AND C` or `A OR B OR C`; mixing them needs parentheses, as in Salesforce.
    fn condition(&mut self) -> Result<Expr, SoqlError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(SoqlError::malformed("The query is nested too deeply."));
        }
        let first = self.term()?;
        let mut terms = vec![first];
        let joined = if self.is_word("AND") {
            while self.accept_word("AND") {
                terms.push(self.term()?);
            }
            if self.is_word("OR") {
                return Err(self.unexpected());
            }
            Expr::And(terms)
        } else if self.is_word("OR") {
            while self.accept_word("OR") {
                terms.push(self.term()?);
            }
            if self.is_word("AND") {
                return Err(self.unexpected());
            }
            Expr::Or(terms)
        } else {
            terms.swap_remove(0)
        };
        self.depth -= 1;
        Ok(joined)
    }

    fn term(&mut self) -> Result<Expr, SoqlError> {
        if self.accept("(") {
            let inner = self.condition()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.accept_word("NOT") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(SoqlError::malformed("The query is nested too deeply."));
            }
            let inner = self.term()?;
            self.depth -= 1;
            return Ok(Expr::Not(Box::new(inner)));
        }
        let field = self.path()?;
        if self.accept_word("NOT") {
            self.expect_word("IN")?;
            return Ok(Expr::In {
                field,
                negated: true,
                values: self.list()?,
            });
        }
        if self.accept_word("IN") {
            return Ok(Expr::In {
                field,
                negated: false,
                values: self.list()?,
            });
        }
        if self.accept_word("LIKE") {
            let value = self.literal()?;
            return Ok(Expr::Compare {
                field,
                operator: Operator::Like,
                value,
            });
        }
        let operator = match self.peek() {
            Token::Symbol("=") => Operator::Equal,
            Token::Symbol("!=") => Operator::NotEqual,
            Token::Symbol("<") => Operator::Less,
            Token::Symbol("<=") => Operator::LessOrEqual,
            Token::Symbol(">") => Operator::Greater,
            Token::Symbol(">=") => Operator::GreaterOrEqual,
            _ => return Err(self.unexpected()),
        };
        self.position += 1;
        Ok(Expr::Compare {
            field,
            operator,
            value: self.literal()?,
        })
    }

    fn list(&mut self) -> Result<Vec<Literal>, SoqlError> {
        self.expect("(")?;
        let mut values = vec![self.literal()?];
        while self.accept(",") {
            values.push(self.literal()?);
        }
        self.expect(")")?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Literal, SoqlError> {
        let literal = match self.peek().clone() {
            Token::Text(text) => Literal::Text(text),
            Token::Number(number) => Literal::Number(number),
            Token::Date(day) => Literal::Date(day),
            Token::DateTime(at) => Literal::DateTime(at),
            Token::Word(word) if word.eq_ignore_ascii_case("null") => Literal::Null,
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Literal::Boolean(true),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Literal::Boolean(false),
            Token::Word(word) => named_days(&word).ok_or_else(|| self.unexpected())?,
            _ => return Err(self.unexpected()),
        };
        self.position += 1;
        Ok(literal)
    }

    fn order(&mut self) -> Result<Vec<Order>, SoqlError> {
        self.expect_word("BY")?;
        let mut keys = Vec::new();
        loop {
            let field = self.path()?;
            let descending = self.accept_word("DESC");
            if !descending {
                self.accept_word("ASC");
            }
            let mut nulls_last = false;
            if self.accept_word("NULLS") {
                nulls_last = self.accept_word("LAST");
                if !nulls_last {
                    self.expect_word("FIRST")?;
                }
            }
            keys.push(Order {
                field,
                descending,
                nulls_last,
            });
            if !self.accept(",") {
                return Ok(keys);
            }
        }
    }

    fn whole(&mut self) -> Result<u64, SoqlError> {
        match self.next() {
            Token::Number(number) if number >= 0.0 && number.fract() == 0.0 && number < 1e15 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked above"
                )]
                let whole = number as u64;
                Ok(whole)
            }
            _ => {
                self.position -= 1;
                Err(self.unexpected())
            }
        }
    }
}

/// A date literal as the days it covers (UTC).
fn named_days(word: &str) -> Option<Literal> {
    let today = crate::now::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let word = word.to_ascii_uppercase();
    let (name, count) = match word.split_once(':') {
        Some((name, count)) => (
            name,
            Some(
                count
                    .parse::<i64>()
                    .ok()
                    .filter(|n| (0..=100_000).contains(n))?,
            ),
        ),
        None => (word.as_str(), None),
    };
    let month = today.first_of_month();
    let year = today.first_of_year();
    let (first, end) = match (name, count) {
        ("TODAY", None) => (today, shift(today, 1)?),
        ("YESTERDAY", None) => (shift(today, -1)?, today),
        ("TOMORROW", None) => (shift(today, 1)?, shift(today, 2)?),
        ("THIS_MONTH", None) => (month, month.checked_add(1.month()).ok()?),
        ("LAST_MONTH", None) => (month.checked_sub(1.month()).ok()?, month),
        ("NEXT_MONTH", None) => (
            month.checked_add(1.month()).ok()?,
            month.checked_add(2.months()).ok()?,
        ),
        ("THIS_YEAR", None) => (year, year.checked_add(1.year()).ok()?),
        ("LAST_YEAR", None) => (year.checked_sub(1.year()).ok()?, year),
        ("NEXT_YEAR", None) => (
            year.checked_add(1.year()).ok()?,
            year.checked_add(2.years()).ok()?,
        ),
        ("LAST_90_DAYS", None) => (shift(today, -90)?, shift(today, 1)?),
        ("LAST_N_DAYS", Some(days)) => (shift(today, -days)?, shift(today, 1)?),
        ("NEXT_N_DAYS", Some(days)) => (shift(today, 1)?, shift(today, days + 1)?),
        ("N_DAYS_AGO", Some(days)) => (shift(today, -days)?, shift(today, 1 - days)?),
        _ => return None,
    };
    Some(Literal::Days { first, end })
}

fn shift(day: Date, days: i64) -> Option<Date> {
    day.checked_add(days.days()).ok()
}
