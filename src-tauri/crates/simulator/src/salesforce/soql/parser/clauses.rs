//! The clauses of a query, in their one order.

use super::{Parser, is_word};
use crate::salesforce::soql::SoqlError;
use crate::salesforce::soql::function::Function;
use crate::salesforce::soql::lexer::Token;
use crate::salesforce::soql::tree::{FieldSet, Operand, Order, Place, Query, Selected};

/// Words that begin a clause, so that they are no alias.
const KEYWORDS: [&str; 13] = [
    "FROM", "WHERE", "ORDER", "LIMIT", "OFFSET", "USING", "WITH", "GROUP", "HAVING", "FOR",
    "UPDATE", "ALL", "SELECT",
];

impl Parser {
    pub(super) fn query(&mut self) -> Result<Query, SoqlError> {
        self.expect_word("SELECT")?;
        let select = self.list(Self::selected)?;
        self.expect_word("FROM")?;
        let from = self.name()?;
        let alias = match self.peek() {
            Token::Word(word)
                if !KEYWORDS
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(word)) =>
            {
                Some(self.name()?.text)
            }
            _ => None,
        };
        if self.accept_word("USING") {
            self.expect_word("SCOPE")?;
            self.expect_word("EVERYTHING")?;
        }
        let filter = if self.accept_word("WHERE") {
            Some(self.condition()?)
        } else {
            None
        };
        // The signed-in user's rights hold in any case.
        if self.accept_word("WITH")
            && !["SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"]
                .iter()
                .any(|mode| self.accept_word(mode))
        {
            return Err(self.unexpected());
        }
        let (mut group, mut having) = (Vec::new(), None);
        if self.accept_word("GROUP") {
            self.expect_word("BY")?;
            for word in ["ROLLUP", "CUBE"] {
                if self.is_word(word) && *self.ahead(1) == Token::Symbol("(") {
                    return Err(SoqlError::malformed(format!(
                        "GROUP BY {word} is not supported by this simulated org"
                    )));
                }
            }
            group = self.list(Self::operand)?;
            if self.accept_word("HAVING") {
                having = Some(self.condition()?);
            }
        }
        let order = if self.accept_word("ORDER") {
            self.expect_word("BY")?;
            self.list(Self::order_key)?
        } else {
            Vec::new()
        };
        let limit = self.counted("LIMIT")?;
        let offset = self.counted("OFFSET")?;
        let mut all_rows = false;
        loop {
            let (first, second): (&str, &[&str]) = if self.accept_word("FOR") {
                ("FOR", &["VIEW", "REFERENCE", "UPDATE"])
            } else if self.accept_word("UPDATE") {
                ("UPDATE", &["TRACKING", "VIEWSTAT"])
            } else if self.accept_word("ALL") {
                ("ALL", &["ROWS"])
            } else {
                break;
            };
            if !second.iter().any(|word| self.accept_word(word)) {
                return Err(self.unexpected());
            }
            all_rows |= first == "ALL";
        }
        Ok(Query {
            select,
            from,
            alias,
            filter,
            group,
            having,
            order,
            limit,
            offset,
            all_rows,
        })
    }

    fn selected(&mut self) -> Result<Selected, SoqlError> {
        if self.is("(") {
            self.position += 1;
            let query = self.deeper(Self::query)?;
            self.expect(")")?;
            return Ok(Selected::Children(Box::new(query)));
        }
        // No field of these orgs relates to more than one sObject by a relationship that is read.
        if self.is_word("TYPEOF") && matches!(self.ahead(1), Token::Word(_)) {
            return Err(SoqlError::malformed(
                "TYPEOF is not supported by this simulated org",
            ));
        }
        if self.is_word("FIELDS") && matches!(self.ahead(1), Token::Symbol("(")) {
            let at = Place(self.at());
            self.position += 2;
            let set = [FieldSet::All, FieldSet::Standard, FieldSet::Custom]
                .into_iter()
                .find(|set| self.accept_word(set.name()))
                .ok_or_else(|| self.unexpected())?;
            self.expect(")")?;
            return Ok(Selected::Fields { set, at });
        }
        let operand = self.operand()?;
        // A word is an alias only where the list goes on or ends behind it, so that a misspelt
        // FROM is named in the error.
        let behind = self.ahead(1);
        let is_alias = matches!(self.peek(), Token::Word(word) if !word.eq_ignore_ascii_case("FROM"))
            && (*behind == Token::Symbol(",") || is_word(behind, "FROM"));
        let alias = if is_alias { Some(self.name()?) } else { None };
        Ok(Selected::Operand { operand, alias })
    }

    /// A field or a function of one.
    pub(super) fn operand(&mut self) -> Result<Operand, SoqlError> {
        let function = match (self.peek(), self.ahead(1)) {
            (Token::Word(name), Token::Symbol("(")) => Function::from_name(name),
            _ => None,
        };
        let Some(function) = function else {
            return Ok(Operand::Field(self.path()?));
        };
        let at = Place(self.at());
        self.position += 2;
        if function == Function::Count && self.accept(")") {
            return Ok(Operand::Call {
                function,
                argument: None,
                at,
            });
        }
        let argument = self.deeper(Self::operand)?;
        self.expect(")")?;
        Ok(Operand::Call {
            function,
            argument: Some(Box::new(argument)),
            at,
        })
    }

    fn order_key(&mut self) -> Result<Order, SoqlError> {
        let operand = self.operand()?;
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
        Ok(Order {
            operand,
            descending,
            nulls_last,
        })
    }

    /// `LIMIT 5`, or nothing.
    fn counted(&mut self, word: &str) -> Result<Option<u64>, SoqlError> {
        if !self.accept_word(word) {
            return Ok(None);
        }
        match self.peek() {
            Token::Number(number)
                if *number >= 0.0 && number.fract() == 0.0 && *number < 9.0e15 =>
            {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked above"
                )]
                let whole = *number as u64;
                self.position += 1;
                Ok(Some(whole))
            }
            _ => Err(self.unexpected()),
        }
    }
}
