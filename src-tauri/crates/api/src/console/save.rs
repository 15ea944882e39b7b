//! An answer as a file: whole, or its rows for a spreadsheet.

use std::io::{self, Write};
use std::sync::Arc;

use drawbridge_model::{ApiCallId, Provider};

use super::answers::Kept;
use crate::context::{Context, locked};
use crate::error::Result;
use crate::report::{csv, new_file, words};
use crate::view::{
    AnswerFormat, AnswerRowsRequest, AnswerRowsView, AnswerSaveRequest, ErrorCode, ErrorView,
    SavedView,
};

/// The most rows one window gives.
const LARGEST_PAGE: u32 = 500;
/// So much of a cell is shown; files hold all of it.
const SHOWN_OF_CELL: usize = 500;

impl Context {
    fn kept(&self, call: u32) -> Result<Arc<Kept>> {
        let kept = locked(&self.workspace().answers).get(ApiCallId(call));
        kept.ok_or_else(|| {
            ErrorView::new(
                ErrorCode::NotFound,
                format!("The answer of call {call} is not kept any more."),
            )
            .hint(
                "Answers stay while Drawbridge runs, the newest 64 MiB of them. Send a call that only \
                 reads again to get a new one.",
            )
        })
    }

    /// Rows of an answer that holds a list.
    pub async fn console_rows(&self, request: AnswerRowsRequest) -> Result<AnswerRowsView> {
        let kept = self.kept(request.call)?;
        let Some(table) = &kept.table else {
            return Ok(AnswerRowsView {
                rows: Vec::new(),
                total: 0,
            });
        };
        let from = request.offset as usize;
        let to = from + request.limit.min(LARGEST_PAGE) as usize;
        let shown = |cell: String| super::text::cut(&cell, SHOWN_OF_CELL).to_owned();
        Ok(AnswerRowsView {
            rows: table
                .rows(kept.body(), from..to)
                .map(|row| row.into_iter().map(shown).collect())
                .collect(),
            total: crate::convert::to_u32(table.len() as u64),
        })
    }

    /// Saves an answer among the person's own files; nothing there is replaced.
    pub async fn console_save(&self, request: AnswerSaveRequest) -> Result<SavedView> {
        let kept = self.kept(request.call)?;
        no_table(&kept, request.format)?;
        let folder = self.options().reports_dir();
        let ending = match request.format {
            AnswerFormat::Csv => "csv",
            AnswerFormat::Whole => ending(&kept),
        };
        let product = match kept.provider {
            Provider::Alguna => "alguna",
            Provider::Profitwell => "profitwell",
            Provider::Salesforce => "salesforce",
        };
        // Whom a path is about stays out of file names; the number of the call finds it.
        let name = format!("drawbridge-{product}-call-{}", kept.id);
        let (path, file) = new_file(&folder, &words::file_name(&name), ending)
            .map_err(|error| unsaved(&folder.display().to_string(), &error))?;
        let shown = path.display().to_string();
        let saved = shown.clone();
        written(kept, request.format, file)
            .await
            .map_err(|error| unsaved(&shown, &error))?;
        Ok(SavedView { path: saved })
    }

    /// Writes an answer, as it came or as a table.
    pub async fn console_write(
        &self,
        request: AnswerSaveRequest,
        out: &mut (dyn Write + Send),
    ) -> Result<()> {
        let kept = self.kept(request.call)?;
        no_table(&kept, request.format)?;
        write(&kept, request.format, out).map_err(|error| unsaved("what was given", &error))
    }
}

/// Large answers are written beside everything else, not in front of it.
async fn written(kept: Arc<Kept>, format: AnswerFormat, file: std::fs::File) -> io::Result<()> {
    let work = tokio::task::spawn_blocking(move || {
        let mut out = io::BufWriter::new(file);
        write(&kept, format, &mut out)?;
        out.flush()
    });
    work.await.map_err(io::Error::other)?
}

fn write(kept: &Kept, format: AnswerFormat, out: &mut dyn Write) -> io::Result<()> {
    match (format, &kept.table) {
        (AnswerFormat::Csv, Some(table)) => {
            out.write_all(csv::MARK)?;
            csv::record(out, &table.columns)?;
            for row in table.rows(kept.body(), 0..table.len()) {
                csv::record(out, row)?;
            }
            Ok(())
        }
        _ => out.write_all(&kept.answer.body),
    }
}

fn no_table(kept: &Kept, format: AnswerFormat) -> Result<()> {
    if format == AnswerFormat::Csv && kept.table.is_none() {
        return Err(ErrorView::bad_request(format!(
            "The answer of call {} holds no list, so there is no table to save.",
            kept.id
        ))
        .hint("Save it as it came instead."));
    }
    Ok(())
}

fn ending(kept: &Kept) -> &'static str {
    let kind = kept.answer.content_type.as_deref().unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => "pdf",
        "text/csv" => "csv",
        "text/html" => "html",
        _ if kept.kind == crate::view::AnswerKindView::Json => "json",
        _ if kept.kind == crate::view::AnswerKindView::Bytes => "bin",
        _ => "txt",
    }
}

fn unsaved(place: &str, error: &io::Error) -> ErrorView {
    let code = match error.kind() {
        io::ErrorKind::StorageFull => ErrorCode::DiskFull,
        _ => ErrorCode::FileNotSaved,
    };
    ErrorView::new(
        code,
        format!("The answer was not saved in {place}: {error}."),
    )
    .hint("Free some space, or give access to the folder, then save it again.")
}
