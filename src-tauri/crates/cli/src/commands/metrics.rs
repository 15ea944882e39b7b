//! `profitwell metrics`: figures by month as ProfitWell counts them, digit for digit.

use clap::Args;
use drawbridge_api::Context;
use drawbridge_api::view::{MetricMonthView, MetricsReadingView, MetricsRequest, TrendUnitView};

use super::Done;
use crate::failure::{Exit, Failure};
use crate::report::{Report, table};

/// What stands for a figure that is not known.
const NOT_KNOWN: &str = "–";

#[derive(Args)]
pub(crate) struct MetricsArguments {
    /// Only this plan, by its id.
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Only so many months, the last.
    #[arg(long, value_name = "N", default_value_t = 12)]
    months: u32,
    /// These trends instead, as ProfitWell calls them; * for all.
    #[arg(long, value_name = "NAME")]
    trend: Vec<String>,
    /// Show what was last read, without asking ProfitWell.
    #[arg(long)]
    offline: bool,
}

pub(super) async fn run(
    context: &Context,
    connection: u32,
    wish: MetricsArguments,
    report: Report,
) -> Done {
    let request = MetricsRequest {
        connection: Some(connection),
        plan: wish.plan,
        trends: wish.trend.clone(),
    };
    let mut view = if wish.offline {
        context.metrics_view(request).await?
    } else {
        context.metrics_refresh(request).await?
    };
    let Some(reading) = &mut view.reading else {
        return Err(Failure::usage(
            "These figures were never read here. Leave --offline away to read them.",
        ));
    };
    let all = reading.months.len();
    let first = all.saturating_sub(usize::try_from(wish.months).unwrap_or(usize::MAX));
    reading.months.drain(..first);
    for trend in &mut reading.trends {
        trend.values.drain(..first.min(trend.values.len()));
    }
    report.answer(&view, || {
        let Some(reading) = &view.reading else {
            return String::new();
        };
        let (head, rows) = if wish.trend.is_empty() {
            usual(reading, view.plan.is_some())
        } else {
            trends(reading)
        };
        let titles: Vec<&str> = head.iter().map(String::as_str).collect();
        let (titles, rows) = to_the_right(&titles, rows);
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let shown = reading.months.len();
        format!(
            "{}\n{}\n{}",
            intro(reading, view.plan.as_deref()),
            table(&titles, &rows),
            outro(shown, all)
        )
    });
    Ok(Exit::Done)
}

fn intro(reading: &MetricsReadingView, plan: Option<&str>) -> String {
    let company = reading.company.as_deref().unwrap_or("The company");
    let what = plan.map_or_else(String::new, |plan| format!(", plan “{plan}”"));
    let zone = reading.time_zone.as_deref().unwrap_or("UTC");
    // To the second.
    let at = reading.read_at.split(['.', 'Z']).next().unwrap_or_default();
    format!(
        "{company}{what}: amounts in {}, months in {zone}, read {at}Z.",
        reading.currency
    )
}

fn outro(shown: usize, all: usize) -> String {
    let months = if shown < all {
        format!("{shown} of {all} months: --months {all} shows all.")
    } else {
        format!("{all} {}.", if all == 1 { "month" } else { "months" })
    };
    format!("{months} {NOT_KNOWN} is not known; a month with * was not over.")
}

type Cells = (Vec<String>, Vec<Vec<String>>);

/// The figures of the charts.
fn usual(reading: &MetricsReadingView, of_plan: bool) -> Cells {
    let mut head = vec!["MONTH", "MRR", "NEW", "REACTIVATED", "UPGRADED"];
    head.extend(of_plan.then_some("BETWEEN PLANS"));
    head.extend(["DOWNGRADED", "CHURNED", "NET", "CUSTOMERS", "CHURN RATE"]);
    let rows = reading.months.iter().map(|month| {
        let mut cells = vec![
            name(month),
            money(month.mrr.as_ref()),
            money(month.new.as_ref()),
            money(month.reactivated.as_ref()),
            money(month.upgraded.as_ref()),
        ];
        cells.extend(of_plan.then(|| money(month.between_plans.as_ref())));
        cells.extend([
            money(month.downgraded.as_ref()),
            money(month.churned.as_ref()),
            money(month.net.as_ref()),
            figure(month.customers.as_ref(), TrendUnitView::Customers),
            figure(month.churn_rate.as_ref(), TrendUnitView::Percent),
        ]);
        cells
    });
    (
        head.into_iter().map(str::to_owned).collect(),
        rows.collect(),
    )
}

/// The trends that were named.
fn trends(reading: &MetricsReadingView) -> Cells {
    let names = reading.trends.iter().map(|trend| trend.name.clone());
    let head = std::iter::once("MONTH".to_owned()).chain(names).collect();
    let rows = reading.months.iter().enumerate().map(|(place, month)| {
        let values = reading.trends.iter().map(|trend| {
            let value = trend.values.get(place).and_then(Option::as_ref);
            figure(value, trend.unit)
        });
        std::iter::once(name(month)).chain(values).collect()
    });
    (head, rows.collect())
}

fn name(month: &MetricMonthView) -> String {
    let mark = if month.unfinished { "*" } else { "" };
    format!("{}{mark}", month.month)
}

fn money(value: Option<&String>) -> String {
    figure(value, TrendUnitView::Money)
}

/// Every digit that came, with separators; money with two decimals at least.
fn figure(value: Option<&String>, unit: TrendUnitView) -> String {
    let Some(text) = value else {
        return NOT_KNOWN.to_owned();
    };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let fraction = match unit {
        TrendUnitView::Money => format!(".{fraction:0<2}"),
        _ if fraction.is_empty() => String::new(),
        _ => format!(".{fraction}"),
    };
    let mark = if unit == TrendUnitView::Percent {
        "%"
    } else {
        ""
    };
    format!("{sign}{grouped}{fraction}{mark}")
}

/// Figures stand below each other by their last digit; the first column stays on the left.
fn to_the_right(head: &[&str], rows: Vec<Vec<String>>) -> Cells {
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(column, title)| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let longest = cells.map(|cell| cell.chars().count()).max();
            longest.unwrap_or(0).max(title.chars().count())
        })
        .collect();
    let padded = |cells: Vec<String>| -> Vec<String> {
        let cells = cells.into_iter().zip(&widths).enumerate();
        cells
            .map(|(column, (cell, width))| match column {
                0 => cell,
                _ => format!("{cell:>width$}"),
            })
            .collect()
    };
    let titles = padded(head.iter().map(|title| (*title).to_owned()).collect());
    (titles, rows.into_iter().map(padded).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_every_digit() {
        let shown = |text: &str, unit| figure(Some(&text.to_owned()), unit);
        assert_eq!(shown("1234567.5", TrendUnitView::Money), "1,234,567.50");
        assert_eq!(shown("-1000", TrendUnitView::Money), "-1,000.00");
        assert_eq!(shown("0.123456789", TrendUnitView::Money), "0.123456789");
        assert_eq!(shown("412", TrendUnitView::Customers), "412");
        assert_eq!(shown("5.25", TrendUnitView::Percent), "5.25%");
        assert_eq!(figure(None, TrendUnitView::Money), "–");
    }
}
