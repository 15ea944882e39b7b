//! `export` and `show --report`: what is known, as files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use drawbridge_api::Context;
use drawbridge_api::view::{
    HistoryEntryView, HistoryKindView, HistoryRequest, HistoryRowView, ReportFormat, ReportRequest,
};

use super::Done;
use crate::arguments::{Export, ExportFormat};
use crate::failure::{Exit, Failure};
use crate::report::Report;

/// Writes the report of a run; the file's ending says as what.
pub(super) async fn report(context: &Context, run: u32, file: &Path, report: Report) -> Done {
    let ending = file.extension().and_then(|ending| ending.to_str());
    let format = match ending.map(str::to_lowercase).as_deref() {
        Some("html" | "htm") => ReportFormat::Html,
        Some("csv") => ReportFormat::Csv,
        _ => {
            return Err(Failure::usage(format!(
                "A report is an .html or a .csv file; {} is neither.",
                file.display()
            )));
        }
    };
    // A run that is not there leaves no empty file behind.
    context
        .history_get(drawbridge_api::view::RunRequest { run })
        .await?;
    let mut out = create(file)?;
    let request = ReportRequest { run, format };
    context.report_write(request, &mut out).await?;
    out.flush().map_err(|error| unwritten(file, &error))?;
    let name = file.display().to_string();
    report.answer(&serde_json::json!({ "run": run, "file": name }), || {
        format!("The report of run {run} is in {name}.")
    });
    Ok(Exit::Done)
}

pub(super) async fn run(context: &Context, what: Export, report: Report) -> Done {
    let Export::Runs { format, file } = what;
    let bytes = match format {
        ExportFormat::Csv => {
            let mut bytes = Vec::new();
            context.history_csv(&mut bytes).await?;
            bytes
        }
        ExportFormat::Json => serde_json::to_vec(&every_run(context).await?)
            .map_err(|error| Failure::usage(format!("The runs were not written: {error}.")))?,
    };
    if let Some(file) = file {
        let mut out = create(&file)?;
        out.write_all(&bytes)
            .and_then(|()| out.flush())
            .map_err(|error| unwritten(&file, &error))?;
        let name = file.display().to_string();
        report.answer(&serde_json::json!({ "file": name }), || {
            format!("The runs are in {name}.")
        });
        return Ok(Exit::Done);
    }
    let text = String::from_utf8_lossy(&bytes);
    // A terminal, or the program behind a pipe, needs no mark of the encoding.
    let text = text.trim_start_matches('\u{feff}').trim_end();
    if format == ExportFormat::Json {
        report.content(&every_run(context).await?, || text.to_owned());
    } else {
        report.content(&serde_json::json!({ "csv": text }), || text.to_owned());
    }
    Ok(Exit::Done)
}

async fn every_run(context: &Context) -> Result<Vec<HistoryRowView>, Failure> {
    const PAGE: u32 = 500;
    let mut runs: Vec<HistoryRowView> = Vec::new();
    loop {
        let page = context
            .history_list(HistoryRequest {
                kinds: vec![HistoryKindView::Run],
                offset: u32::try_from(runs.len()).unwrap_or(u32::MAX),
                limit: PAGE,
                ..HistoryRequest::default()
            })
            .await?;
        if page.rows.is_empty() {
            return Ok(runs);
        }
        runs.extend(page.rows.into_iter().filter_map(|entry| match entry {
            HistoryEntryView::Run(run) => Some(run),
            _ => None,
        }));
    }
}

fn create(file: &Path) -> Result<BufWriter<File>, Failure> {
    File::create(file)
        .map(BufWriter::new)
        .map_err(|error| unwritten(file, &error))
}

fn unwritten(file: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{} was not written: {error}.", file.display()))
}
