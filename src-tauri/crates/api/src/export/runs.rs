//! The table of runs.

use std::io::Write;

use super::sheet::{Cell, Column, column};
use super::{Table, TableFormat, unwritten};
use crate::context::Context;
use crate::convert;
use crate::error::Result;
use crate::report::words;
use crate::view::{HistoryEntryView, HistoryKindView, HistoryRequest, HistoryRowView};

/// Rows asked for at a time.
const PAGE: u32 = 200;

/// What stands above the table.
const HEAD: &[Column] = &[
    column("Run", 8),
    column("Undoes", 8),
    column("Undone by", 10),
    column("Sync", 24),
    column("Source", 24),
    column("Org", 24),
    column("Environment", 13),
    column("Org ID", 20),
    column("Begun by", 24),
    column("User ID", 20),
    column("Mapping version", 16),
    column("Status", 12),
    column("Balance", 14),
    column("Read", 10),
    column("Created", 10),
    column("Updated", 10),
    column("Unchanged", 10),
    column("Skipped", 10),
    column("Blocked", 10),
    column("Rejected", 10),
    column("Held", 10),
    column("Unknown", 10),
    column("Deleted", 10),
    column("Still to write", 14),
    column("Read back", 10),
    column("Differ", 10),
    column("API calls", 10),
    column("Way", 14),
    column("Started (UTC)", 20),
    column("Ended (UTC)", 20),
    column("Seconds", 10),
];

impl Context {
    /// Writes every run of the history, newest first. Gives how many there are.
    pub async fn runs_write(
        &self,
        format: TableFormat,
        out: &mut (dyn Write + Send),
    ) -> Result<u32> {
        let place = self.place();
        let mut table = Table::begin(format, "Runs", HEAD, &place, out).map_err(unwritten)?;
        let mut wanted = HistoryRequest {
            kinds: vec![HistoryKindView::Run],
            limit: PAGE,
            ..HistoryRequest::default()
        };
        loop {
            let entries = self.history_list(wanted.clone()).await?.rows;
            if entries.is_empty() {
                table.end().map_err(unwritten)?;
                return Ok(wanted.offset);
            }
            wanted.offset += convert::to_u32(entries.len() as u64);
            for entry in &entries {
                if let HistoryEntryView::Run(run) = entry {
                    table.row(run, cells).map_err(unwritten)?;
                }
            }
        }
    }
}

fn cells(run: &HistoryRowView) -> Vec<Cell<'_>> {
    let word = |text: &'static str| Cell::Text(text.into());
    let name = |text| Cell::text(Some(text));
    let mut cells = vec![
        Cell::Number(run.run),
        Cell::number(run.undoes),
        Cell::number(run.undone_by),
        name(&run.sync_name),
        name(&run.source_name),
        name(&run.org_name),
        word(words::environment(run.environment)),
        Cell::text(run.org_id.as_deref()),
        Cell::text(run.user_name.as_deref()),
        Cell::text(run.user_id.as_deref()),
        Cell::Number(run.mapping_version),
        word(words::status(run.status)),
        word(words::balance(run.balance)),
        Cell::Number(run.read),
    ];
    let terms = words::terms(run.counts);
    cells.extend(terms.map(|(_, count)| Cell::Number(count)));
    cells.extend([
        Cell::Number(run.still_to_write),
        Cell::number(run.verified),
        Cell::number(run.differs),
        Cell::Number(run.api_calls),
        name(&run.way),
        Cell::moment(Some(&run.started_at)),
        Cell::moment(run.finished_at.as_deref()),
        Cell::Decimal(format!("{:.1}", run.seconds).into()),
    ]);
    cells
}
