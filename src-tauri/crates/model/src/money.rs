//! Amounts of money: a decimal with its currency, never a float.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::currency_codes::ACTIVE;

/// Why a text is not a currency code.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” is not an ISO 4217 currency code such as USD or EUR")]
pub struct CurrencyError(pub String);

/// An ISO 4217 code in upper case, such as `EUR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// Reads a three-letter code in any case. What a server says is read so: it may know a code that
    /// is not known here.
    pub fn parse(text: &str) -> Result<Self, CurrencyError> {
        match *text.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_alphabetic) => {
                Ok(Self([a, b, c].map(|byte| byte.to_ascii_uppercase())))
            }
            _ => Err(CurrencyError(text.to_owned())),
        }
    }

    /// Reads the code of a currency that is in use, in any case. What a person types is read so: a
    /// customer in a currency that does not exist cannot be taken back.
    pub fn parse_in_use(text: &str) -> Result<Self, CurrencyError> {
        Self::parse(text).and_then(|currency| match ACTIVE.binary_search(&currency.code()) {
            Ok(_) => Ok(currency),
            Err(_) => Err(CurrencyError(text.to_owned())),
        })
    }

    /// The code in upper case.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Self, CurrencyError> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount in major units of its currency (`12.50` US dollars, not 1,250 cents).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in major units.
    pub amount: Decimal,
    /// Its currency; amounts are never converted.
    pub currency: Currency,
}

impl Money {
    /// An amount given in hundredths of the major unit, as ProfitWell gives it.
    pub fn from_cents(cents: i64, currency: Currency) -> Self {
        Self {
            amount: Decimal::new(cents, 2),
            currency,
        }
    }

    /// The amount rounded half away from zero to two decimals, as a person would round it.
    #[must_use]
    pub fn rounded(self) -> Self {
        let amount = self
            .amount
            .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        Self { amount, ..self }
    }
}

/// Hundredths of an amount in major units: `12.50` is 1250. `None` where it has parts of a hundredth,
/// or too many of them for the wire.
pub fn to_cents(amount: Decimal) -> Option<i64> {
    let amount = amount.normalize();
    let missing = 2_u32.checked_sub(amount.scale())?;
    let cents = amount.mantissa().checked_mul(10_i128.pow(missing))?;
    i64::try_from(cents).ok()
}

/// Major units of an amount in hundredths, by moving the decimal point. `None` for one that has no
/// exact decimal.
pub fn from_cents(cents: Decimal) -> Option<Decimal> {
    let scale = cents.scale().checked_add(2)?;
    Decimal::try_from_i128_with_scale(cents.mantissa(), scale).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_cent_is_lost(cents in any::<i32>()) {
            let money = Money::from_cents(i64::from(cents), Currency::USD);
            prop_assert_eq!(money.amount * Decimal::from(100), Decimal::from(cents));
            prop_assert_eq!(money.rounded(), money);
        }

        #[test]
        fn cents_come_back_as_they_went(cents in any::<i64>()) {
            let amount = from_cents(Decimal::from(cents)).unwrap();
            prop_assert_eq!(to_cents(amount), Some(cents));
        }

        #[test]
        fn an_amount_that_is_no_whole_number_of_cents_is_not_rounded(
            units in -1_000_000_i64..1_000_000, rest in 1_u32..10, scale in 3_u32..12
        ) {
            let amount = Decimal::from(units) + Decimal::new(i64::from(rest), scale);
            prop_assert_eq!(to_cents(amount), None);
        }
    }

    #[test]
    fn what_a_person_types_must_be_in_use() {
        assert_eq!(Currency::parse_in_use(" eur ").unwrap().code(), "EUR");
        for text in ["foo", "XXX", "DEM", "EURO", ""] {
            assert!(Currency::parse_in_use(text).is_err(), "{text}");
        }
        assert!(Currency::parse("foo").is_ok(), "what a server says is read");
    }

    #[test]
    fn codes_are_read_in_any_case_and_nothing_else_is() {
        assert_eq!(Currency::parse("eur").unwrap().code(), "EUR");
        for text in ["", "EU", "EURO", "E1R", "€"] {
            assert!(Currency::parse(text).is_err(), "{text}");
        }
    }
}
