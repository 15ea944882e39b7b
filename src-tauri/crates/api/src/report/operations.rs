//! The rows of a batch of operations as a table for a spreadsheet.

use std::io::{self, Write};

use super::{csv, new_file, unsaved, unwritten, words};
use crate::context::Context;
use crate::error::Result;
use crate::view::{OperationRequest, OperationRowView, OperationRowsRequest, SavedView};

/// Rows held in memory at a time.
const CHUNK: u32 = 500;

impl Context {
    /// Writes every row of a batch: what was to be done, what became of it, what was there before.
    pub async fn operation_write(
        &self,
        request: OperationRequest,
        out: &mut (dyn Write + Send),
    ) -> Result<()> {
        csv::begin(out, &HEAD).map_err(|error| unwritten(&error))?;
        let mut page = OperationRowsRequest {
            batch: request.batch,
            outcome: None,
            search: String::new(),
            offset: 0,
            limit: CHUNK,
        };
        loop {
            let rows = self.operation_rows(page.clone()).await?.rows;
            for row in &rows {
                csv::record(out, cells(row)).map_err(|error| unwritten(&error))?;
            }
            if rows.is_empty() {
                return Ok(());
            }
            page.offset += CHUNK;
        }
    }

    /// Saves the rows of a batch among the person's own files; nothing there is replaced.
    pub async fn operation_report(&self, request: OperationRequest) -> Result<SavedView> {
        let batch = self.operation_get(request.clone()).await?;
        let folder = self.options().reports_dir();
        let connection = words::file_name(&batch.connection_name);
        let name = format!("drawbridge-operation-{}-{connection}", batch.id);
        let (path, file) =
            new_file(&folder, &name, "csv").map_err(|error| unsaved(&folder, &error))?;
        let mut out = io::BufWriter::new(file);
        self.operation_write(request, &mut out).await?;
        out.flush().map_err(|error| unsaved(&path, &error))?;
        Ok(SavedView {
            path: path.display().to_string(),
        })
    }
}

const HEAD: [&str; 9] = [
    "Row",
    "Operation",
    "Of",
    "What",
    "Outcome",
    "Code",
    "Message",
    "Before",
    "At",
];

fn cells(row: &OperationRowView) -> [String; 9] {
    let word = |view: serde_json::Result<serde_json::Value>| {
        let word = view.ok().and_then(|word| Some(word.as_str()?.to_owned()));
        word.unwrap_or_default()
    };
    let outcome = row
        .outcome
        .map_or_else(|| "open".to_owned(), |it| word(serde_json::to_value(it)));
    let problems: Vec<&str> = row
        .problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    let message = row.message.clone().unwrap_or_else(|| problems.join(" "));
    [
        row.number.to_string(),
        word(serde_json::to_value(row.kind)),
        row.subject.clone(),
        row.sentence.clone(),
        outcome,
        row.code.clone().unwrap_or_default(),
        message,
        row.before.join("; "),
        row.ended_at.clone().unwrap_or_default(),
    ]
}
