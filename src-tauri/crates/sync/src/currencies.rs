//! Amounts in several currencies. A Currency field holds a bare number: the org, or the record's
//! own `CurrencyIsoCode`, says of what. An amount of another currency would read as that one.

use std::collections::BTreeMap;

use drawbridge_model::{
    Currency, Describe, Field, FieldKind, FieldName, Mapping, PlanRow, Record, Value,
};

use crate::pack::Facts;
use crate::safety::Halt;

/// The field of an org with several currencies that says which one a record is in.
const FIELD: &str = "CurrencyIsoCode";

/// The field to read beside the mapped ones; `None` in an org of one currency.
pub(crate) fn field_to_read(describe: &Describe) -> Option<&Field> {
    describe.field(&FieldName::from(FIELD))
}

/// What one row's amounts are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// As the source gives them.
    pub currency: Currency,
    /// As the record counts them, where the org has several currencies and the record is known.
    pub record: Option<Currency>,
    /// Whether an amount would be written. Nothing is the same in every currency.
    pub written: bool,
}

impl Amounts {
    /// What the row's amounts are in; `None` where the mapping has no amount, the source does not
    /// say, or the mapping writes the record's currency too.
    pub fn of(
        row: &PlanRow,
        facts: &Facts<'_>,
        mapping: &Mapping,
        describe: &Describe,
        record: Option<&Record>,
    ) -> Option<Self> {
        let name = FieldName::from(FIELD);
        let is_amount = |field: &FieldName| {
            describe
                .field(field)
                .is_some_and(|field| field.kind == FieldKind::Currency)
        };
        let says_currency = |field: &FieldName| field.0.eq_ignore_ascii_case(FIELD);
        if mapping
            .active_rules()
            .any(|rule| says_currency(&rule.field))
            || !mapping.active_rules().any(|rule| is_amount(&rule.field))
        {
            return None;
        }
        let customer = facts.customer;
        Some(Self {
            currency: facts
                .subscription
                .map(|it| it.currency)
                .or_else(|| Some(customer.mrr.or(customer.total_spend)?.currency))?,
            record: field_to_read(describe).and(record).and_then(|record| {
                match record.value(&name) {
                    Value::Text(code) => Currency::parse(code).ok(),
                    _ => None,
                }
            }),
            written: row.is_written()
                && row.writes().any(|change| {
                    is_amount(&change.field)
                        && matches!(change.after, Value::Number(number) if !number.is_zero())
                }),
        })
    }
}

/// The currencies of a plan's amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Currencies {
    /// Rows by currency, and how many of them would have an amount written, where nothing but the
    /// org says what its amounts are in.
    plain: BTreeMap<Currency, (u32, u32)>,
    /// Rows that would have an amount written into a record of another currency.
    foreign: BTreeMap<Currency, u32>,
}

impl Currencies {
    /// Takes one more row into account.
    pub fn add(&mut self, amounts: Amounts) {
        match amounts.record {
            None => {
                let (rows, written) = self.plain.entry(amounts.currency).or_default();
                *rows += 1;
                *written += u32::from(amounts.written);
            }
            Some(record) if amounts.written && record != amounts.currency => {
                *self.foreign.entry(amounts.currency).or_default() += 1;
            }
            Some(_) => {}
        }
    }

    /// The halt, where amounts would be written that their place does not take them for. Without a
    /// word of the org the currency of most rows counts as its own.
    pub fn halt(&self) -> Option<Halt> {
        let own = self
            .plain
            .iter()
            .max_by_key(|(currency, (rows, _))| (*rows, std::cmp::Reverse(**currency)))
            .map(|(currency, _)| *currency);
        let mut strange = self.foreign.clone();
        for (currency, (_, written)) in &self.plain {
            if Some(*currency) != own && *written > 0 {
                *strange.entry(*currency).or_default() += written;
            }
        }
        if strange.is_empty() {
            return None;
        }
        let counts: Vec<String> = strange
            .iter()
            .map(|(currency, rows)| format!("{rows} in {currency}"))
            .collect();
        let beside = match own {
            Some(own) if self.foreign.is_empty() => format!(
                "most customers are in {own}, and the fields do not say which currency they hold"
            ),
            _ => {
                format!("the records are in another currency, and the mapping does not set {FIELD}")
            }
        };
        Some(Halt {
            name: "currencies-mixed",
            message: format!(
                "Amounts in several currencies would stand side by side: {} would be written, but \
                 {beside}.",
                counts.join(", ")
            ),
        })
    }
}
