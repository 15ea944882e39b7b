//! Figures that a billing system itself counted by month, and the port they are read through.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, SourceError};

/// A billing system that counts by month.
pub trait SourceMetrics: Send + Sync {
    /// Whose figures they are, and in which currency and time zone they are counted.
    fn company(&self) -> impl Future<Output = Result<Company, SourceError>> + Send;

    /// Ids of the plans that figures can be asked of, the one with most revenue first.
    fn metric_plans(&self) -> impl Future<Output = Result<Vec<String>, SourceError>> + Send;

    /// The whole history, of everything or of one plan; `None` where there is no such plan.
    fn monthly(
        &self,
        plan: Option<&str>,
    ) -> impl Future<Output = Result<Option<MonthlyMetrics>, SourceError>> + Send;
}

/// Who the figures are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Its name.
    pub name: Option<String>,
    /// What every amount is in.
    pub currency: Currency,
    /// IANA name of the zone whose months they are, such as `America/New_York`.
    pub time_zone: Option<String>,
}

impl Company {
    /// The month a moment is in where the company is; in UTC where its zone is not known.
    pub fn month_of(&self, at: Timestamp) -> Option<Month> {
        let zone = self
            .time_zone
            .as_deref()
            .and_then(|name| TimeZone::get(name).ok())
            .unwrap_or(TimeZone::UTC);
        Month::of(Zoned::new(at, zone).date())
    }
}

/// One reading of the figures, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricsReading {
    /// When it was made.
    pub at: Timestamp,
    /// Whose figures they are.
    pub company: Company,
    /// Plans that figures could be asked of then.
    pub plans: Vec<String>,
    /// The figures.
    pub metrics: MonthlyMetrics,
}

/// A month of a calendar year, as `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// Why a text is not a month.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("“{0}” is not a month such as 2026-11")]
pub struct MonthError(pub String);

impl Month {
    /// No billing system counts before; a later or earlier one is a slip.
    const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

    /// The month of a day.
    pub fn of(day: Date) -> Option<Self> {
        Self::YEARS.contains(&day.year()).then(|| Self {
            year: day.year(),
            month: day.month(),
        })
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        let Self { year, month } = self;
        if month == 12 {
            Self {
                year: year + 1,
                month: 1,
            }
        } else {
            Self {
                year,
                month: month + 1,
            }
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = MonthError;

    /// Reads `2026-11`, and the month of a day such as `2026-11-30`.
    fn from_str(text: &str) -> Result<Self, MonthError> {
        let trimmed = text.trim();
        let day = match trimmed.len() {
            7 => format!("{trimmed}-01").parse(),
            _ => trimmed.parse::<Date>(),
        };
        day.ok()
            .and_then(Self::of)
            .ok_or_else(|| MonthError(text.to_owned()))
    }
}

impl TryFrom<String> for Month {
    type Error = MonthError;

    fn try_from(text: String) -> Result<Self, MonthError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

/// What a trend is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrendUnit {
    /// Major units of the company's currency.
    Money,
    /// Customers.
    Customers,
    /// Hundredths of the whole: `5.2` is 5.2 %.
    Percent,
    /// Days.
    Days,
    /// A plain number.
    Ratio,
}

macro_rules! trends {
    ($($trend:ident $name:literal $unit:ident,)*) => {
        /// A figure by month that is known by name (facts/profitwell.md §2.9).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Trend {
            $(#[doc = concat!("`", $name, "`")] $trend,)*
        }

        impl Trend {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$trend),*];

            /// The name its source knows it by.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$trend => $name,)*
                }
            }

            /// What it is counted in.
            pub fn unit(self) -> TrendUnit {
                match self {
                    $(Self::$trend => TrendUnit::$unit,)*
                }
            }
        }
    };
}

trends! {
    RecurringRevenue "recurring_revenue" Money,
    NewRecurringRevenue "new_recurring_revenue" Money,
    ReactivatedRecurringRevenue "reactivated_recurring_revenue" Money,
    UpgradedRecurringRevenue "upgraded_recurring_revenue" Money,
    DowngradedRecurringRevenue "downgraded_recurring_revenue" Money,
    ChurnedRecurringRevenue "churned_recurring_revenue" Money,
    ChurnedRecurringRevenueCancellations "churned_recurring_revenue_cancellations" Money,
    ChurnedRecurringRevenueDelinquent "churned_recurring_revenue_delinquent" Money,
    PlanChangedRecurringRevenue "plan_changed_recurring_revenue" Money,
    ExistingRecurringRevenue "existing_recurring_revenue" Money,
    ConvertedRecurringRevenue "converted_recurring_revenue" Money,
    AverageRevenuePerUser "average_revenue_per_user" Money,
    LifetimeValue "lifetime_value" Money,
    ActiveCustomers "active_customers" Customers,
    ActiveTrialingCustomers "active_trialing_customers" Customers,
    ChurnedCustomers "churned_customers" Customers,
    ChurnedCustomersCancellations "churned_customers_cancellations" Customers,
    ChurnedCustomersDelinquent "churned_customers_delinquent" Customers,
    ChurnedTrialingCustomers "churned_trialing_customers" Customers,
    ConvertedCustomers "converted_customers" Customers,
    DowngradedCustomers "downgraded_customers" Customers,
    ExistingCustomers "existing_customers" Customers,
    ExistingTrialingCustomers "existing_trialing_customers" Customers,
    NewCustomers "new_customers" Customers,
    NewTrialingCustomers "new_trialing_customers" Customers,
    ReactivatedCustomers "reactivated_customers" Customers,
    UpgradedCustomers "upgraded_customers" Customers,
    CustomerConversionRate "customer_conversion_rate" Percent,
    CustomersChurnRate "customers_churn_rate" Percent,
    CustomersChurnCancellationsRate "customers_churn_cancellations_rate" Percent,
    CustomersChurnDelinquentRate "customers_churn_delinquent_rate" Percent,
    CustomersRetentionRate "customers_retention_rate" Percent,
    DowngradeRate "downgrade_rate" Percent,
    GrowthRate "growth_rate" Percent,
    RevenueChurnRate "revenue_churn_rate" Percent,
    RevenueChurnCancellationsRate "revenue_churn_cancellations_rate" Percent,
    RevenueChurnDelinquentRate "revenue_churn_delinquent_rate" Percent,
    RevenueRetentionRate "revenue_retention_rate" Percent,
    UpgradeRate "upgrade_rate" Percent,
    PlanChangeRate "plan_change_rate" Percent,
    SaasQuickRatio "saas_quick_ratio" Ratio,
    TrialConversionTime "trial_conversion_time" Days,
}

impl Trend {
    /// The trend of that name, where it is known.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

impl From<Trend> for String {
    fn from(trend: Trend) -> Self {
        trend.name().to_owned()
    }
}

impl TryFrom<String> for Trend {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("“{name}” is no trend"))
    }
}

/// Figures by month; what the source did not say is `None`, never zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyMetrics {
    /// Every month from the first to the last, in order, without a hole.
    pub months: Vec<Month>,
    /// A figure for each of the months.
    pub trends: BTreeMap<Trend, Vec<Option<Decimal>>>,
}

impl MonthlyMetrics {
    /// The figures of these points. Months between them that no trend has are there without any.
    pub fn of(points: BTreeMap<Trend, BTreeMap<Month, Option<Decimal>>>) -> Self {
        let first = points.values().filter_map(|it| it.keys().next()).min();
        let last = points.values().filter_map(|it| it.keys().next_back()).max();
        let mut months = Vec::new();
        if let (Some(first), Some(last)) = (first, last) {
            let mut month = *first;
            while month <= *last {
                months.push(month);
                month = month.next();
            }
        }
        let trends = points
            .into_iter()
            .map(|(trend, values)| {
                let value = |month| values.get(month).copied().flatten();
                (trend, months.iter().map(value).collect())
            })
            .collect();
        Self { months, trends }
    }

    /// The figure of a trend in the month at `place`.
    pub fn value(&self, trend: Trend, place: usize) -> Option<Decimal> {
        self.trends.get(&trend)?.get(place).copied().flatten()
    }

    /// How much revenue changed since the month before.
    pub fn change(&self, place: usize) -> Option<Decimal> {
        let revenue = |place| self.value(Trend::RecurringRevenue, place);
        revenue(place)?.checked_sub(revenue(place.checked_sub(1)?)?)
    }

    /// What made the revenue of a month another than that of the month before.
    pub fn movement(&self, place: usize) -> Movement {
        let value = |trend| self.value(trend, place);
        // Losses come negative from most accounts; they are losses whatever their sign.
        let lost = |trend| value(trend).map(|lost| -lost.abs());
        Movement {
            new: value(Trend::NewRecurringRevenue),
            reactivated: value(Trend::ReactivatedRecurringRevenue),
            upgraded: value(Trend::UpgradedRecurringRevenue),
            downgraded: lost(Trend::DowngradedRecurringRevenue),
            churned: lost(Trend::ChurnedRecurringRevenue),
            between_plans: self
                .trends
                .contains_key(&Trend::PlanChangedRecurringRevenue)
                .then(|| value(Trend::PlanChangedRecurringRevenue)),
        }
    }
}

/// What made revenue grow and shrink in a month. Losses are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Of customers who came.
    pub new: Option<Decimal>,
    /// Of customers who came back.
    pub reactivated: Option<Decimal>,
    /// Of customers who pay more.
    pub upgraded: Option<Decimal>,
    /// Of customers who pay less.
    pub downgraded: Option<Decimal>,
    /// Of customers who left.
    pub churned: Option<Decimal>,
    /// What came from other plans less what went to them; only one plan's figures have it.
    pub between_plans: Option<Option<Decimal>>,
}

impl Movement {
    /// All of it together; known when every part is.
    pub fn net(&self) -> Option<Decimal> {
        let between_plans = self.between_plans.unwrap_or(Some(Decimal::ZERO));
        [
            self.new,
            self.reactivated,
            self.upgraded,
            self.downgraded,
            self.churned,
            between_plans,
        ]
        .into_iter()
        .try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_read_and_nothing_else_is() {
        assert_eq!(month("2026-11").to_string(), "2026-11");
        assert_eq!(month("2026-11-30"), month(" 2026-11 "));
        assert_eq!(month("2026-12").next(), month("2027-01"));
        for text in [
            "",
            "2026",
            "2026-13",
            "0026-01",
            "9999-12",
            "soon",
            "2026-1",
            "20261101x",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_is_that_of_the_company() {
        let at: Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
        let of = |zone: Option<&str>| {
            let company = Company {
                name: None,
                currency: Currency::USD,
                time_zone: zone.map(str::to_owned),
            };
            company.month_of(at).unwrap()
        };
        assert_eq!(of(Some("America/New_York")), month("2026-11"));
        assert_eq!(of(Some("Nowhere/Land")), month("2026-12"));
        assert_eq!(of(None), month("2026-12"));
    }

    #[test]
    fn a_hole_between_months_is_a_hole() {
        let one = |at: &str, value: i64| (month(at), Some(Decimal::from(value)));
        let metrics = MonthlyMetrics::of(BTreeMap::from([
            (
                Trend::RecurringRevenue,
                BTreeMap::from([one("2025-11", 10), one("2026-02", 30)]),
            ),
            (Trend::ActiveCustomers, BTreeMap::from([one("2026-03", 4)])),
        ]));
        let months: Vec<String> = metrics.months.iter().map(Month::to_string).collect();
        assert_eq!(
            months,
            ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]
        );
        let mrr = |at| metrics.value(Trend::RecurringRevenue, at);
        assert_eq!(
            (0..5).map(mrr).collect::<Vec<_>>(),
            [Some(10.into()), None, None, Some(30.into()), None]
        );
        assert_eq!(metrics.change(3), None, "nobody said what December had");
        assert_eq!(metrics.value(Trend::NewCustomers, 0), None);
    }

    #[test]
    fn names_go_both_ways() {
        for trend in Trend::ALL {
            assert_eq!(Trend::named(trend.name()), Some(*trend));
        }
        assert_eq!(Trend::named("mood"), None);
    }

    proptest! {
        /// Whatever the sign losses come with, and whichever part is missing.
        #[test]
        fn the_net_is_known_when_every_part_is(
            parts in prop::collection::vec(prop::option::of(-1_000_000_i64..1_000_000), 6),
            of_plan in any::<bool>(),
        ) {
            let trends = [
                Trend::NewRecurringRevenue,
                Trend::ReactivatedRecurringRevenue,
                Trend::UpgradedRecurringRevenue,
                Trend::DowngradedRecurringRevenue,
                Trend::ChurnedRecurringRevenue,
                Trend::PlanChangedRecurringRevenue,
            ];
            let used = if of_plan { 6 } else { 5 };
            let points = trends.into_iter().zip(&parts).take(used).map(|(trend, part)| {
                (trend, BTreeMap::from([(month("2026-11"), part.map(|it| Decimal::new(it, 2)))]))
            });
            let net = MonthlyMetrics::of(points.collect()).movement(0).net();
            let want = parts.iter().take(used).enumerate().try_fold(0, |sum, (at, part)| {
                let part = (*part)?;
                Some(sum + if at == 3 || at == 4 { -part.abs() } else { part })
            });
            prop_assert_eq!(net, want.map(|cents| Decimal::new(cents, 2)));
        }
    }
}
