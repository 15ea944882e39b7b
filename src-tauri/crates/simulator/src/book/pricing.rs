//! Prices in cents, and the figures that follow from them.

use jiff::civil::Date;

/// How often a price is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interval {
    Monthly,
    Quarterly,
    SemiAnnual,
    Yearly,
}

impl Interval {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::SemiAnnual => "semi_annual",
            Self::Yearly => "yearly",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [
            Self::Monthly,
            Self::Quarterly,
            Self::SemiAnnual,
            Self::Yearly,
        ]
        .into_iter()
        .find(|interval| interval.word() == word)
    }

    pub(crate) const fn months(self) -> u32 {
        match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::SemiAnnual => 6,
            Self::Yearly => 12,
        }
    }
}

/// One priced line of a subscription.
#[derive(Debug, Clone)]
pub(crate) struct PriceLine {
    pub(crate) product_id: super::Text,
    pub(crate) price_per_unit_cents: i64,
    pub(crate) units: i64,
    pub(crate) interval: Interval,
    /// Billed by use; has no fixed total.
    pub(crate) metered: bool,
    pub(crate) one_off: bool,
}

/// The prices that held from a day on.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) published: bool,
    pub(crate) lines: Vec<PriceLine>,
}

impl Version {
    /// Recurring revenue of a year in cents, before discounts.
    pub(crate) fn yearly_cents(&self) -> i64 {
        self.lines
            .iter()
            .filter(|line| !line.metered && !line.one_off)
            .map(|line| {
                line.price_per_unit_cents * line.units * i64::from(12 / line.interval.months())
            })
            .sum()
    }

    pub(crate) fn has_metered(&self) -> bool {
        self.lines.iter().any(|line| line.metered)
    }
}

/// `dividend / divisor`, half away from zero; the divisor is positive.
pub(crate) fn divide_half_up(dividend: i64, divisor: i64) -> i64 {
    let half = divisor / 2;
    if dividend >= 0 {
        (dividend + half) / divisor
    } else {
        (dividend - half) / divisor
    }
}

/// Cents as a decimal text in major units: `123450` → `1234.50`.
pub(crate) fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!(
        "{sign}{}.{:02}",
        cents.unsigned_abs() / 100,
        cents.unsigned_abs() % 100
    )
}

impl super::Subscription {
    /// The published version in force, none for drafts and ended ones.
    pub(crate) fn current(&self) -> Option<&Version> {
        if matches!(
            self.status.as_str(),
            "draft" | "canceled" | "completed" | "sent"
        ) {
            return None;
        }
        self.versions.iter().rev().find(|version| version.published)
    }

    /// Recurring revenue of a year in cents after the percentage discount, of a version.
    pub(crate) fn yearly_cents(&self, version: &Version) -> i64 {
        let full = version.yearly_cents();
        match self.discount_percent {
            Some(percent) => full - divide_half_up(full * i64::from(percent), 100),
            None => full,
        }
    }
}
