//! What a rule wants to stand in its field.

use drawbridge_model::{BlankPolicy, Derived, Field, FieldRule, Pack, Reason, RuleSource, Value};

use super::{expression, fit};
use crate::pack::{self, Facts};

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

/// What a rule comes to, or what blocks it.
pub fn look(
    rule: &FieldRule,
    field: &Field,
    pack: Pack,
    facts: &Facts<'_>,
) -> Result<Wanted, Reason> {
    let derived = match rule.reads() {
        RuleSource::Value(name) => pack::derivation(pack, name)
            .map_or(Derived::NotKnown, |derivation| (derivation.derive)(facts)),
        RuleSource::Expression(text) => expression::evaluate(text, field, pack, facts)?,
    };
    match derived {
        Derived::NotKnown => Ok(Wanted::NotKnown),
        Derived::Known(Value::Blank) if rule.blank == BlankPolicy::Leave => Ok(Wanted::BlankLeft),
        Derived::Known(value) => fit(value, field, rule.length).map(Wanted::Write),
    }
}

/// The value of a rule for one customer; `None` leaves the field alone.
pub fn wanted(
    rule: &FieldRule,
    field: &Field,
    pack: Pack,
    facts: &Facts<'_>,
) -> Result<Option<Value>, Reason> {
    look(rule, field, pack, facts).map(|wanted| match wanted {
        Wanted::Write(value) => Some(value),
        Wanted::NotKnown | Wanted::BlankLeft => None,
    })
}
