//! One value of one field, on its way from a billing system to Salesforce or read from there.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A field's value in a form both sides can be compared in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// The field is empty.
    #[default]
    Blank,
    /// Text; Salesforce stores an empty text as blank.
    Text(String),
    /// A number or an amount.
    Number(Decimal),
    /// A checkbox.
    Flag(bool),
    /// A calendar day; it never passes through a time zone.
    Date(Date),
    /// An instant, in UTC.
    Moment(Timestamp),
}

impl Value {
    /// Text, or blank when there is none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.trim().is_empty() {
            Self::Blank
        } else {
            Self::Text(text)
        }
    }

    /// Whether the field is empty.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }
}

/// For logs and plain-text output: numbers as they are, dates in ISO form, blank as the word.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("blank"),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Moment(moment) => moment.fmt(f),
        }
    }
}

/// What the source says about a value. *Not known* is not *blank*: it leaves the field alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derived {
    /// The source gives this value; [`Value::Blank`] means it states that there is none.
    Known(Value),
    /// The source does not say.
    NotKnown,
}

impl Derived {
    /// A value where there is one; not known where there is none.
    pub fn known_if(value: Option<Value>) -> Self {
        value.map_or(Self::NotKnown, Self::Known)
    }
}
