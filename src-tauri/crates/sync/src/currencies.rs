//! Amounts in several currencies. A Currency field holds a bare number: the org, or the record's
//! own `CurrencyIsoCode`, says of what. An amount of another currency would read as that one.

use std::collections::BTreeMap;

use drawbridge_model::{
    AmountsIn, Currency, CustomerId, Describe, Field, FieldKind, FieldName, Mapping, PlanRow,
    Record, Value, grouped,
};

use crate::pack::Facts;
use crate::safety::{CURRENCIES_MIXED, Halt, Listed};

/// The field of an org with several currencies that says which one a record is in.
const FIELD: &str = "CurrencyIsoCode";

/// The field to read beside the mapped ones; `None` in an org of one currency.
pub(crate) fn field_to_read(describe: &Describe) -> Option<&Field> {
    describe.field(&FieldName::from(FIELD))
}

/// The amounts of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// What they are in.
    pub of: AmountsIn,
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
        let of = AmountsIn {
            source: facts
                .subscription
                .map(|it| it.currency)
                .or_else(|| Some(customer.mrr.or(customer.total_spend)?.currency))?,
            record: field_to_read(describe).and(record).and_then(|record| {
                match record.value(&name) {
                    Value::Text(code) => Currency::parse(code).ok(),
                    _ => None,
                }
            }),
        };
        Some(Self {
            of,
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
    /// Whether the org has several currencies.
    several: bool,
    /// What an amount is in where its record does not say, if the org told.
    own: Option<Currency>,
    /// Rows by currency, and how many of them would have an amount written, where nothing but the
    /// org says what its amounts are in.
    plain: BTreeMap<Currency, (u32, u32)>,
    /// Rows that would have an amount written into a record of another currency.
    foreign: BTreeMap<Currency, u32>,
    /// Whose rows would have an amount written that may be in another currency than its place.
    written: BTreeMap<Currency, Listed>,
    /// The same of those in `foreign`.
    misplaced: Listed,
}

impl Currencies {
    /// Of an org with this sObject, which said this of its currency.
    pub fn of(describe: &Describe, own: Option<Currency>) -> Self {
        Self {
            several: field_to_read(describe).is_some(),
            own,
            ..Self::default()
        }
    }

    /// Takes one more row into account.
    pub fn add(&mut self, customer: &CustomerId, amounts: Amounts) {
        let AmountsIn { source, record } = amounts.of;
        match record {
            None => {
                let (rows, written) = self.plain.entry(source).or_default();
                *rows += 1;
                *written += u32::from(amounts.written);
                if amounts.written && self.own != Some(source) {
                    self.written.entry(source).or_default().push(customer);
                }
            }
            Some(record) if amounts.written && record != source => {
                *self.foreign.entry(source).or_default() += 1;
                self.misplaced.push(customer);
            }
            Some(_) => {}
        }
    }

    /// Takes so many rows into account of which nothing would be written.
    pub(crate) fn add_unwritten(&mut self, of: AmountsIn, rows: u32) {
        if of.record.is_none() {
            self.plain.entry(of.source).or_default().0 += rows;
        }
    }

    /// The halt, where amounts would be written that their place does not take them for. Without a
    /// word of the org the currency of most rows counts as its own.
    pub fn halt(&self) -> Option<Halt> {
        let most = self
            .plain
            .iter()
            .max_by_key(|(currency, (rows, _))| (*rows, std::cmp::Reverse(**currency)))
            .map(|(currency, _)| *currency);
        let own = self.own.or(most);
        let mut strange = self.foreign.clone();
        let mut customers = self.misplaced.clone();
        for (currency, (_, written)) in &self.plain {
            if Some(*currency) != own && *written > 0 {
                *strange.entry(*currency).or_default() += written;
                if let Some(written) = self.written.get(currency) {
                    customers.extend(written);
                }
            }
        }
        if strange.is_empty() {
            return None;
        }
        let counts = listed(strange.iter().map(|(currency, rows)| (*rows, *currency)));
        let side_by_side = format!(
            "Amounts in several currencies would stand side by side: {counts} would be written"
        );
        let why = match (self.own, most) {
            _ if self.several => {
                let new = self.own.map_or_else(String::new, |own| {
                    format!(" (new ones get {own}, your default)")
                });
                format!(
                    "{side_by_side}, but the records are in another currency{new}, and the mapping \
                     does not set {FIELD}"
                )
            }
            (Some(own), _) => format!(
                "The org counts in {own}, and amounts in another currency would be read as {own}: \
                 {counts} would be written"
            ),
            (None, Some(most)) => format!(
                "{side_by_side}, but most customers are in {most}, and neither the org nor the \
                 fields say which currency they hold"
            ),
            (None, None) => return None,
        };
        let instead = if self.several {
            "map the currency too"
        } else {
            "map the amounts to Number or Text fields"
        };
        Some(Halt {
            name: CURRENCIES_MIXED,
            message: format!("{why}. Unless this is meant, hold those rows, or {instead}."),
            customers,
        })
    }

    /// What is not known about these amounts, where the org does not say what it counts in.
    pub fn note(&self) -> Option<String> {
        if self.own.is_some() || self.plain.is_empty() {
            return None;
        }
        let counts = listed(self.plain.iter().map(|(code, (rows, _))| (*rows, *code)));
        Some(format!(
            "The org did not say which currency it counts in. Amounts stand there as they are in \
             the source: {counts}."
        ))
    }
}

/// `2 in EUR, 1 in GBP`.
fn listed(counts: impl Iterator<Item = (u32, Currency)>) -> String {
    let counts: Vec<String> = counts
        .map(|(rows, currency)| format!("{} in {currency}", grouped(rows)))
        .collect();
    counts.join(", ")
}
