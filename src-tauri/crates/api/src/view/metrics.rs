//! Figures by month, and subscriptions added up.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MoneyView, SourceAge};

/// Asks for the figures of a `ProfitWell` connection.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct MetricsRequest {
    /// Number of the connection; the first there is when absent.
    pub connection: Option<u32>,
    /// Only this plan; everything when absent.
    pub plan: Option<String>,
    /// Names of trends to give besides those of the charts; `*` stands for every one that was read.
    pub trends: Vec<String>,
}

/// What was read of figures by month, and of what it can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsView {
    /// The `ProfitWell` connections; other billing systems keep no months.
    pub connections: Vec<SourceAge>,
    /// Which of them the figures are of; absent when there is none.
    pub connection: Option<u32>,
    /// Of which plan; absent for everything.
    pub plan: Option<String>,
    /// Plans to choose from, the one with most revenue first, as last read.
    pub plans: Vec<String>,
    /// What is kept; absent when it was never read.
    pub reading: Option<MetricsReadingView>,
}

/// One reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricsReadingView {
    /// When it was made.
    pub read_at: String,
    /// ISO code of what every amount is in.
    pub currency: String,
    /// The company's name.
    pub company: Option<String>,
    /// IANA name of the zone whose months they are; absent when not known.
    pub time_zone: Option<String>,
    /// The months, from the first to the last.
    pub months: Vec<MetricMonthView>,
    /// The trends that were asked for, with a figure for each month.
    pub trends: Vec<TrendView>,
}

/// A month. Amounts are decimal text in the reading's currency; absent is not known, never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MetricMonthView {
    /// Such as `2026-11`.
    pub month: String,
    /// Whether it was not over when it was read.
    pub unfinished: bool,
    /// Monthly recurring revenue at its end, or when it was read.
    pub mrr: Option<String>,
    /// That less the month before.
    pub change: Option<String>,
    /// Of customers who came.
    pub new: Option<String>,
    /// Of customers who came back.
    pub reactivated: Option<String>,
    /// Of customers who pay more.
    pub upgraded: Option<String>,
    /// From other plans less to other plans; where there is one plan, else `null`.
    pub between_plans: Option<String>,
    /// Of customers who pay less; negative.
    pub downgraded: Option<String>,
    /// Of customers who left; negative.
    pub churned: Option<String>,
    /// All of that together, where every part is known.
    pub net: Option<String>,
    /// Customers who pay.
    pub customers: Option<String>,
    /// Customers who left, in hundredths of those there were.
    pub churn_rate: Option<String>,
}

/// A trend by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrendView {
    /// Its name, as `ProfitWell` writes it.
    pub name: String,
    /// What it is counted in.
    pub unit: TrendUnitView,
    /// A figure for each month, decimal text.
    pub values: Vec<Option<String>>,
}

/// What a trend is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrendUnitView {
    /// Major units of the currency.
    Money,
    /// Customers.
    Customers,
    /// Hundredths of the whole.
    Percent,
    /// Days.
    Days,
    /// A plain number.
    Ratio,
}

/// A chart of figures by month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MetricsChart {
    /// Monthly recurring revenue.
    Mrr,
    /// What made it grow and shrink.
    Movement,
}

/// Asks for the figures of a chart as a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct MetricsSaveRequest {
    /// Number of the connection.
    pub connection: u32,
    /// Only this plan.
    pub plan: Option<String>,
    /// Which chart.
    pub chart: MetricsChart,
    /// Only so many months, the last; all when absent.
    pub months: Option<u32>,
}

/// Asks what the subscriptions of a filter come to: the filter of the table.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct BreakdownRequest {
    /// Words to find in customer, plan, e-mail or id.
    pub search: String,
    /// Only this source.
    pub source: Option<u32>,
    /// Only these status words.
    pub status: Vec<String>,
    /// Only these intervals, in words.
    pub interval: Vec<String>,
    /// Only these currencies.
    pub currency: Vec<String>,
    /// Only these plans; the empty one stands for no plan.
    pub plan: Vec<String>,
}

/// The subscriptions of a filter, added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BreakdownView {
    /// How many the filter leaves.
    pub total: u32,
    /// How many there are without a filter.
    pub all: u32,
    /// One for each currency, the one with most rows first.
    pub currencies: Vec<CurrencyBreakdownView>,
    /// When each source was last read.
    pub sources: Vec<SourceAge>,
}

/// What is in one currency; nothing is converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CurrencyBreakdownView {
    /// ISO code; empty for rows without a currency.
    pub currency: String,
    /// How many rows.
    pub rows: u32,
    /// How many of them have a figure.
    pub known: u32,
    /// Their monthly recurring revenue; absent when none has a figure.
    pub mrr: Option<MoneyView>,
    /// By plan.
    pub plans: SharesView,
    /// By status.
    pub statuses: SharesView,
}

/// The largest parts, and the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SharesView {
    /// By revenue, the largest first.
    pub largest: Vec<ShareView>,
    /// How many others there are.
    pub other_count: u32,
    /// What they come to; absent when there are none.
    pub others: Option<ShareView>,
}

/// Rows of one plan or status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShareView {
    /// Which one, as the source writes it; empty for rows that have none, and for others together.
    pub value: String,
    /// How many rows.
    pub rows: u32,
    /// How many of them have a figure.
    pub known: u32,
    /// Their monthly recurring revenue, decimal text; absent when none has a figure.
    pub mrr: Option<String>,
}

/// What subscriptions are added up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BreakdownBy {
    /// By plan.
    Plan,
    /// By status.
    Status,
}

/// Asks for every part of a breakdown as a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BreakdownSaveRequest {
    /// Of what.
    pub filter: BreakdownRequest,
    /// By what.
    pub by: BreakdownBy,
}
