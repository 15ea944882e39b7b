//! The figures of a chart as a table for a spreadsheet.

use std::io::{self, Write};

use super::{csv, new_file, unsaved, words};
use crate::context::Context;
use crate::error::Result;
use crate::view::{
    BreakdownBy, BreakdownSaveRequest, ErrorView, MetricsChart, MetricsRequest, MetricsSaveRequest,
    SavedView, ShareView,
};

const MRR: [&str; 5] = ["Month", "Month over", "Currency", "MRR", "Change"];
const MOVEMENT: [&str; 10] = [
    "Month",
    "Month over",
    "Currency",
    "New",
    "Reactivated",
    "Upgraded",
    "Between plans",
    "Downgraded",
    "Churned",
    "Net",
];

const MAKE_ROOM: &str = "Free some space, or give access to the folder, then save it again.";

impl Context {
    /// Saves the figures by month of a chart; what is not known is an empty cell.
    pub async fn metrics_save(&self, request: MetricsSaveRequest) -> Result<SavedView> {
        let view = self.workspace().metrics_view(&MetricsRequest {
            connection: Some(request.connection),
            plan: request.plan.clone(),
            trends: Vec::new(),
        })?;
        let reading = view.reading.ok_or_else(|| {
            ErrorView::not_found("figure by month to save").hint("Read the metrics first.")
        })?;
        let wanted = request.months.map_or(usize::MAX, |it| it as usize);
        let from = reading.months.len().saturating_sub(wanted);
        let months = reading.months.into_iter().skip(from);
        let currency = reading.currency.as_str();
        let text = |value: Option<String>| value.unwrap_or_default();
        let over = |unfinished: bool| if unfinished { "no" } else { "yes" }.to_owned();
        let rows = months.map(|month| {
            let head = [month.month, over(month.unfinished), currency.to_owned()];
            let rest = match request.chart {
                MetricsChart::Mrr => vec![month.mrr, month.change],
                MetricsChart::Movement => vec![
                    month.new,
                    month.reactivated,
                    month.upgraded,
                    month.between_plans,
                    month.downgraded,
                    month.churned,
                    month.net,
                ],
            };
            head.into_iter().chain(rest.into_iter().map(text)).collect()
        });
        let (word, head): (&str, &[&str]) = match request.chart {
            MetricsChart::Mrr => ("mrr", &MRR),
            MetricsChart::Movement => ("movement", &MOVEMENT),
        };
        let plan = words::file_name(&request.plan.unwrap_or_default());
        let parts = [word, "by-month", &plan];
        let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        self.save_table(&parts.join("-"), head, rows)
    }

    /// Saves every plan or status of a filter, each currency by itself.
    pub async fn breakdown_save(&self, request: BreakdownSaveRequest) -> Result<SavedView> {
        let view = self.workspace().breakdown(request.filter, usize::MAX)?;
        let (word, title) = match request.by {
            BreakdownBy::Plan => ("plan", "Plan"),
            BreakdownBy::Status => ("status", "Status"),
        };
        let rows = view.currencies.into_iter().flat_map(|of| {
            let shares = match request.by {
                BreakdownBy::Plan => of.plans,
                BreakdownBy::Status => of.statuses,
            };
            let currency = of.currency;
            let row = move |share: ShareView| {
                vec![
                    currency.clone(),
                    share.value,
                    share.rows.to_string(),
                    share.known.to_string(),
                    share.mrr.unwrap_or_default(),
                ]
            };
            shares.largest.into_iter().map(row)
        });
        let head = ["Currency", title, "Subscriptions", "With a figure", "MRR"];
        self.save_table(&format!("mrr-by-{word}"), &head, rows)
    }

    /// Saves a table among the person's own files; nothing there is replaced.
    fn save_table(
        &self,
        name: &str,
        head: &[&str],
        rows: impl Iterator<Item = Vec<String>>,
    ) -> Result<SavedView> {
        let folder = self.options().reports_dir();
        let (path, file) = new_file(&folder, &format!("drawbridge-{name}"), "csv")
            .map_err(|error| unsaved(&folder, &error).hint(MAKE_ROOM))?;
        let mut out = io::BufWriter::new(file);
        let written = csv::begin(&mut out, head)
            .and_then(|()| {
                let mut rows = rows;
                rows.try_for_each(|row| csv::record(&mut out, row))
            })
            .and_then(|()| out.flush());
        written.map_err(|error| unsaved(&path, &error).hint(MAKE_ROOM))?;
        Ok(SavedView {
            path: path.display().to_string(),
        })
    }
}
