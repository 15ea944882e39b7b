//! Conditions.

use super::Parser;
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::days::Days;
use crate::salesforce::soql::lexer::Token;
use crate::salesforce::soql::tree::{Expr, Literal, Operator};

impl Parser {
    /// `A AND B AND C` or `A OR B OR C`; mixing them needs parentheses, as in Salesforce.
    pub(super) fn condition(&mut self) -> Result<Expr, SoqlError> {
        self.deeper(|parser| {
            let first = parser.term()?;
            for word in ["AND", "OR"] {
                if !parser.is_word(word) {
                    continue;
                }
                let mut terms = vec![first];
                while parser.accept_word(word) {
                    terms.push(parser.term()?);
                }
                if parser.is_word("AND") || parser.is_word("OR") {
                    return Err(parser.unexpected());
                }
                return Ok(if word == "AND" {
                    Expr::And(terms)
                } else {
                    Expr::Or(terms)
                });
            }
            Ok(first)
        })
    }

    fn term(&mut self) -> Result<Expr, SoqlError> {
        if self.accept("(") {
            let inner = self.condition()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.accept_word("NOT") {
            return Ok(Expr::Not(Box::new(self.deeper(Self::term)?)));
        }
        let left = self.operand()?;
        let negated = self.accept_word("NOT");
        if negated && !self.is_word("IN") {
            return Err(self.unexpected());
        }
        if self.accept_word("IN") {
            self.expect("(")?;
            if self.is_word("SELECT") {
                let query = Box::new(self.deeper(Self::query)?);
                self.expect(")")?;
                return Ok(Expr::SemiJoin {
                    left,
                    negated,
                    query,
                });
            }
            let values = self.list(Self::literal)?;
            self.expect(")")?;
            return Ok(Expr::In {
                left,
                negated,
                values,
            });
        }
        let excludes = self.is_word("EXCLUDES");
        if excludes || self.is_word("INCLUDES") {
            self.position += 1;
            self.expect("(")?;
            let values = self.list(Self::literal)?;
            self.expect(")")?;
            return Ok(Expr::Includes {
                left,
                negated: excludes,
                values,
            });
        }
        let operator = match self.peek() {
            Token::Symbol("=") => Operator::Equal,
            Token::Symbol("!=") => Operator::NotEqual,
            Token::Symbol("<") => Operator::Less,
            Token::Symbol("<=") => Operator::LessOrEqual,
            Token::Symbol(">") => Operator::Greater,
            Token::Symbol(">=") => Operator::GreaterOrEqual,
            _ if self.is_word("LIKE") => Operator::Like,
            _ => return Err(self.unexpected()),
        };
        self.position += 1;
        Ok(Expr::Compare {
            left,
            operator,
            value: self.literal()?,
        })
    }

    fn literal(&mut self) -> Result<Literal, SoqlError> {
        let literal = match self.peek() {
            Token::Text(raw) => Literal::Text(raw.clone()),
            Token::Number(number) => Literal::Number(*number),
            Token::Date(day) => Literal::Date(day.clone()),
            Token::DateTime(at) => Literal::DateTime(at.clone()),
            Token::Time(time) => Literal::Time(time.clone()),
            Token::Word(word) if word.eq_ignore_ascii_case("null") => Literal::Null,
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Literal::Boolean(true),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Literal::Boolean(false),
            Token::Word(word) => match Days::from_word(word) {
                Some(days) => Literal::Days(days),
                None => return Err(self.unexpected()),
            },
            Token::Symbol(_) | Token::End => return Err(self.unexpected()),
        };
        self.position += 1;
        Ok(literal)
    }
}
