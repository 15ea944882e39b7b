//! What a rule wants to stand in its field.

use drawbridge_model::{
    BlankPolicy, Derived, Describe, Field, FieldRule, Mapping, Pack, Reason, RuleSource, Value,
};

use super::expression::Expression;
use super::fit;
use crate::pack::{self, Derivation, Facts};

/// What a rule comes to for one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This value, as it would stand in the field; [`Value::Blank`] empties it.
    Write(Value),
    /// The field is left alone: the source does not say, or nobody knows the source's name.
    NotKnown,
    /// The field is left alone: the source states that there is none, and the rule leaves blanks be.
    BlankLeft,
}

/// A rule made ready for many customers: what it reads is looked up, and its expression read, once.
#[derive(Debug)]
pub struct Ready<'a> {
    /// The rule.
    pub rule: &'a FieldRule,
    field: &'a Field,
    pack: Pack,
    reads: Reads<'a>,
    of_subscription: bool,
}

#[derive(Debug)]
enum Reads<'a> {
    /// A value nobody knows the name of.
    Nothing,
    Derivation(&'static Derivation),
    Expression(Result<Expression<'a>, Reason>),
}

impl<'a> Ready<'a> {
    /// The rule, for this field.
    pub fn new(rule: &'a FieldRule, field: &'a Field, pack: Pack) -> Self {
        let reads = match rule.reads() {
            RuleSource::Value(name) => {
                pack::derivation(pack, name).map_or(Reads::Nothing, Reads::Derivation)
            }
            RuleSource::Expression(text) => Reads::Expression(Expression::of_rule(text, field)),
        };
        let of_subscription = match (&reads, rule.reads()) {
            (Reads::Expression(Ok(expression)), _) => expression.names("subscription"),
            (_, RuleSource::Value(name)) => name.starts_with("subscription."),
            _ => false,
        };
        Self {
            rule,
            field,
            pack,
            reads,
            of_subscription,
        }
    }

    /// Whether its value is that of the subscription that speaks, and of no other.
    pub fn reads_subscription(&self) -> bool {
        self.of_subscription
    }

    /// What the rule comes to for one customer, or what blocks it.
    pub fn look(&self, facts: &Facts<'_>) -> Result<Wanted, Reason> {
        let derived = match &self.reads {
            Reads::Nothing => Derived::NotKnown,
            Reads::Derivation(derivation) => (derivation.derive)(facts),
            Reads::Expression(expression) => {
                let expression = expression.as_ref().map_err(Clone::clone)?;
                expression.evaluate(self.field, self.pack, facts)?
            }
        };
        match derived {
            Derived::NotKnown => Ok(Wanted::NotKnown),
            Derived::Known(Value::Blank) if self.rule.blank == BlankPolicy::Leave => {
                Ok(Wanted::BlankLeft)
            }
            Derived::Known(value) => fit(value, self.field, self.rule.length).map(Wanted::Write),
        }
    }

    /// The value of the rule for one customer; `None` leaves the field alone.
    pub fn wanted(&self, facts: &Facts<'_>) -> Result<Option<Value>, Reason> {
        self.look(facts).map(|wanted| match wanted {
            Wanted::Write(value) => Some(value),
            Wanted::NotKnown | Wanted::BlankLeft => None,
        })
    }
}

/// The active rules of a mapping, ready; those whose field the org lacks are left out.
pub fn ready<'a>(mapping: &'a Mapping, describe: &'a Describe, pack: Pack) -> Vec<Ready<'a>> {
    mapping
        .active_rules()
        .filter_map(|rule| Some(Ready::new(rule, describe.field(&rule.field)?, pack)))
        .collect()
}

/// What a rule comes to for one customer, or what blocks it.
pub fn look(
    rule: &FieldRule,
    field: &Field,
    pack: Pack,
    facts: &Facts<'_>,
) -> Result<Wanted, Reason> {
    Ready::new(rule, field, pack).look(facts)
}
